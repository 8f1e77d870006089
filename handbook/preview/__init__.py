"""Pages beside what is wrong with them, live while an author writes.

proofs.py   pages of a book: which have changed, and pictures of them
desk.py     a folder that is watched -> the state of every edition somebody looks at
server.py   states and pictures to a browser, on this machine alone
page.html   what the browser shows
"""

from __future__ import annotations
