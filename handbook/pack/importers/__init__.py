"""Read the sources of other tools: one module for each, one model for all.

`read_source` looks up which tool a folder belongs to.  A source returns a `Book`: pages, parts,
titles, and the functions that turn the tool's additions to Markdown into GitHub's dialect.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ...core.diagnostics import error
from .docusaurus import is_docusaurus, read_docusaurus
from .gitbook import is_gitbook, read_gitbook
from .jekyll import is_jekyll, read_jekyll
from .jupyter_book import is_jupyter_book, read_jupyter_book
from .mdbook import is_mdbook, read_mdbook
from .mkdocs import is_mkdocs, read_mkdocs
from .model import Book
from .obsidian import is_obsidian, read_obsidian
from .plain import read_folder
from .quarto import is_quarto, read_quarto
from .sources import Sources

# The first whose files are there is asked.
_TOOLS: tuple[tuple[Callable[[Path], bool], Callable[[Sources, Path], Book]], ...] = (
    (is_mkdocs, read_mkdocs),
    (is_mdbook, read_mdbook),
    (is_docusaurus, read_docusaurus),
    (is_quarto, read_quarto),
    (is_jupyter_book, read_jupyter_book),
    (is_gitbook, read_gitbook),
    (is_jekyll, read_jekyll),
    (is_obsidian, read_obsidian),
)


def read_source(source: Path) -> Book:
    """Return what is in the folder `source`.

    Raises HandbookError if it is not a folder, has no Markdown, or its list of pages is malformed.
    """
    if not source.is_dir():
        what = "is a file" if source.exists() else "does not exist"
        raise error(f"the folder {str(source)!r} {what}", hint="name a folder of Markdown")
    sources = Sources(source)
    root = source.resolve()
    read = next((read for is_tool, read in _TOOLS if is_tool(root)), None)
    book = read(sources, root) if read else read_folder(sources)
    if not book.pages():
        raise error(
            f"there is no Markdown in {str(book.folder)!r}", hint="name a folder with .md files"
        )
    return book
