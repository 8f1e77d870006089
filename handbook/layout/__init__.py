"""Lay a document out: lines, flowables, pages.

In: a `Document`, a `Theme`, a paper, print options.  Out: a `LaidOutBook`, which is a value: pages
of items, the structure behind them, destinations.  Writing it does not change it.
May import: core, document, fonts, theme.

book.py, chapter.py      the whole book; one chapter
outline.py, page_numbers.py  the entries of the PDF outline; numbers of pages
chapter_cache.py, chapter_archive.py  chapters laid out before; the same as bytes
written_pages.py         pages that are written, without what they were drawn from
frame.py, running_heads.py  the page's frame; heads and feet
faces.py, area_colors.py the faces of a theme; the colour of each area
page_runs.py             flowables of one width, or on turned pages, together
page.py, structure.py    the values a page is made of; structure elements
pages.py                 the pages of a book, each drawn when it is asked for
imposition.py, right_to_left.py  booklets and printer's marks; mirrored pages
inline/                  text to lines
block/                   blocks to flowables, a module for each kind
flow/                    flowables to pages
figure/                  charts (`marks/`), diagrams, formulas, SVG, ReportLab drawings
"""
