"""WeasyPrint: `python weasyprint_.py BOOK PDF FONTS [TIMES]`."""

import sys


def make(source: str, target: str, fonts: str) -> None:
    """Print the book; the style sheet names the fonts."""
    from weasyprint import HTML

    HTML(filename=source).write_pdf(target)


if __name__ == "__main__":
    from timing import run

    run(make, sys.argv[1:])
