"""Edition's pages -> PDF: one file for each concern.

writer.py       objects, object streams, the cross-reference stream
fonts.py        glyphs used -> embedded Type 0 fonts
surface.py      a page's ink -> a content stream, through ReportLab's canvas
tags.py         the structure tree, the parent tree
images.py       raster images -> image objects
links.py        hot spots -> link annotations
outline.py      bookmarks and page labels
metadata.py     Info, XMP, output intent: what PDF/A-2 and PDF/UA-1 ask of the catalog
edition.py      a book -> an Edition, whose fields are filled to make copies
"""
