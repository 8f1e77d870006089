"""Document + Theme -> Edition's pages: what is drawn where, and what it means.

ink.py        the values a page is made of, and the structure they belong to
fonts.py      faces: from characters to glyphs and widths
text.py       inlines -> lines
flow.py       pieces of a vertical list, and the frames around them
blocks.py     blocks -> pieces
tables.py     tables -> pieces
pages.py      pieces -> pages
book.py       chapters -> a book: openers, contents, running heads, numbers
"""
