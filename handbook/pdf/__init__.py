"""Book -> Edition -> copy: one file for each concern.

writer.py       objects, object streams, the cross-reference stream
fonts.py        glyphs used -> embedded Type 0 fonts
tags.py         the structure tree, the parent tree
operators.py    numbers and colours
paths.py        shapes -> path operators
surface.py      a page's ink -> content streams
images.py       raster images -> image objects
links.py        hot spots -> link annotations
outline.py      bookmarks and page labels
metadata.py     Info, XMP, output intent: what PDF/A and PDF/UA-1 ask of the catalog
attachments.py  embedded files
fields.py       a learner's value -> text that fits its slot
edition.py      an Edition, whose fields are filled to make copies
making.py       a book -> an Edition
"""
