"""Show pages and findings in a browser while an author writes.

In: a folder that is watched.  Out: pictures and findings over HTTP, on this machine alone.
May import: core, document, fonts, theme, pack, select, markdown, layout, pdf, pipeline, check.

session.py           the state of every edition that is looked at
page_images.py       which pages changed, and their pictures
server.py, page.html the browser's side
file_watcher.py, background_check.py  what was saved; findings
"""

from __future__ import annotations
