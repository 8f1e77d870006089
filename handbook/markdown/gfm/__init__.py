"""Read GitHub's dialect and the HTML in it."""
