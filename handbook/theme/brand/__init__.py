"""Read a brand in the public format brand.yml, and apply it to a theme.

The format: https://posit-dev.github.io/brand-yml
"""
