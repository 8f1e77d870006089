"""xhtml2pdf: `python xhtml2pdf_.py BOOK PDF FONTS [TIMES]`."""

import sys


def make(source: str, target: str, fonts: str) -> None:
    """Print the book; the style sheet names the fonts."""
    from xhtml2pdf import pisa

    with open(source, encoding="utf-8") as text, open(target, "wb") as out:
        # It reads files below the folder of `path` only.
        if pisa.CreatePDF(text, out, path=f"{fonts}/book.html").err:
            raise SystemExit("xhtml2pdf reports errors")


if __name__ == "__main__":
    from timing import run

    run(make, sys.argv[1:])
