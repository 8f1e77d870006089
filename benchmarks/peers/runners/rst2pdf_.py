"""rst2pdf: `python rst2pdf_.py BOOK PDF FONTS [TIMES]`."""

import sys
from pathlib import Path

STYLE = """
embeddedFonts:
  - [IBMPlexSans-Text.ttf, IBMPlexSans-SemiBold.ttf,
     IBMPlexSans-TextItalic.ttf, IBMPlexSans-SemiBoldItalic.ttf]
  - [IBMPlexMono-Regular.ttf, IBMPlexMono-SemiBold.ttf,
     IBMPlexMono-Regular.ttf, IBMPlexMono-SemiBold.ttf]
fontsAlias:
  stdFont: IBMPlexSans-Text
  stdBold: IBMPlexSans-SemiBold
  stdItalic: IBMPlexSans-TextItalic
  stdBoldItalic: IBMPlexSans-SemiBoldItalic
  stdMono: IBMPlexMono-Regular
  stdMonoBold: IBMPlexMono-SemiBold
pageSetup:
  size: A4
  margin-top: 14mm
  margin-bottom: 14mm
  margin-left: 40mm
  margin-right: 19mm
  spacing-header: 5mm
  spacing-footer: 5mm
styles:
  base: {fontSize: 9.8, leading: 14}
  bodytext: {alignment: left}
  heading3: {parent: bodytext, fontName: stdBold, fontSize: 12.2, spaceBefore: 8}
"""


def make(source: str, target: str, fonts: str) -> None:
    """Set the book."""
    from rst2pdf.createpdf import RstToPdf

    style = Path(target).with_suffix(".yaml")
    style.write_text(STYLE, "utf-8")
    maker = RstToPdf(
        stylesheets=[str(style)],
        font_path=[fonts],
        breaklevel=1,
        breakside="any",
        splittables=True,
        repeat_table_rows=True,
    )
    maker.createPdf(text=Path(source).read_text("utf-8"), source_path=source, output=target)


if __name__ == "__main__":
    from timing import run

    run(make, sys.argv[1:])
