"""Define the document: the tree of blocks that reading makes and every writer sets.

In: nothing; the readers build it.  Out: nodes, and what is known of a whole document before any
page exists: numbers, titles, term links, accessibility advice.  May import: core.

nodes.py          the tree: small frozen dataclasses
fields.py         what differs from copy to copy, as a pack describes it
numbering.py      numbers of chapters, tables, figures, notes
term_links.py     glossary terms linked, index entries marked
accessibility.py  what readers with a screen reader would miss
"""
