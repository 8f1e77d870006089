"""Typst, by its PyPI binding: `python typst_.py BOOK PDF FONTS [TIMES]`."""

import sys


def make(source: str, target: str, fonts: str) -> None:
    """Compile the book."""
    import typst

    typst.compile(source, output=target, font_paths=[fonts], ignore_system_fonts=True)


if __name__ == "__main__":
    from timing import run

    run(make, sys.argv[1:])
