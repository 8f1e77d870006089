"""Document + Theme -> Book: pages of ink, the structure behind them, destinations.

ink.py        the values a page is made of, and the structure they belong to
fonts.py      faces: from characters to glyphs and widths
text.py       inlines -> lines
charts.py     a directive's data -> a drawn figure, and its words
flow.py       pieces of a vertical list, and the frames around them
code.py       literal lines -> rows of coloured parts
icons.py      signs beside the titles of boxes
figures.py    pictures: how large they are
survey.py     what the whole document says before any page is: numbers, titles, addresses
blocks.py     blocks -> pieces
tables.py     tables -> pieces
lists.py      the lists a book makes of itself: contents, web addresses
cover.py      covers
pages.py      pieces -> pages
book.py       chapters -> a book: openers, running heads, page numbers
"""
