"""Turn design tokens, a brand and print options into one theme.

In: YAML files, options of the command line.  Out: a `Theme` of resolved tokens.
May import: core, document, fonts.

theme.py, loader.py    tokens and their types; files and inheritance
expressions.py         `$grid * 2`
contrast.py            whether colours contrast enough (WCAG 2.2, 1.4.3)
sizes.py               whether text is large enough, and lines do not overlap
grounds.py             light colours for figures on a dark ground
variants.py            large print, phones, greyscale
print_options.py       duplex, bleed, booklet and their like
brand/                 a provider's brand.yml, and what it does to a theme
"""
