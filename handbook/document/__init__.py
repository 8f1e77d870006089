"""Define the document: the tree of blocks between readers and writers.

In: nothing; readers build it.  Out: nodes, and what is known of a whole document before layout:
numbers, titles, term links, accessibility warnings.  May import: core.

nodes.py          the tree: small frozen dataclasses, and functions to walk and change it
chart_marks.py    the marks of charts, and the channels of each
fields.py         values that differ from copy to copy
numbering.py      numbers of chapters, tables, figures, notes
term_links.py     glossary terms linked, index entries marked
spoken_math.py    a formula in words, as it is read aloud
accessibility.py  warnings about what excludes readers
"""
