"""Read a folder of Markdown that no tool describes: what its pages use decides how they are read."""

from __future__ import annotations

import re

from ...core.diagnostics import error
from .emoji import emoji_names
from .gitbook import rewrite_gitbook
from .mdx import rewrite_mdx
from .model import NOTEBOOKS_TOO, Book, Page, Rewrite
from .obsidian import rewrite_obsidian
from .pages import FIRST, PageFinder, folder_entries, named_title, own_title
from .pandoc import rewrite_pandoc
from .pandoc_references import prepare_pandoc
from .rewriting import outside_code
from .sources import Sources, words

_MDX = re.compile(
    r"^import\s.*\sfrom\s+['\"]|^export\s+const\s|^<Tabs\b|^[ \t]*<TabItem\b|\{/\*", re.MULTILINE
)
_PANDOC = re.compile(
    r"\)\{[^{}]*alt=|\]\{[.#=\w][^{}\n]*\}|\^\[[^\]\n]+\]|^:{3,}[ \t]*\{|(?<![\w@/])@(?:fig|tbl|sec|eq)-\w|\[-?@\w[^\]]*\]"
    r"|^(?:`{3,}|~{3,})[ \t]*\{[.\w][^}\n]*\}[ \t]*$|\A%[ \t]\S|^Table:|^:[ \t].*\{#tbl",
    re.MULTILINE,
)
_NOTES = re.compile(
    r"\[\[[^\[\]\n]+\]\]|(?<![=\w])==(?![=\s])[^=\n]+==|%%[^%]+%%|[ \t]\^[\w-]+[ \t]*$",
    re.MULTILINE,
)
_GITBOOK = re.compile(r"\{%\s*(?:hint|tabs|tab|embed|content-ref|code)\b")


def read_folder(sources: Sources) -> Book:
    """Return the pages of a folder.  Raises HandbookError if it has no Markdown."""
    root = sources.root
    book = Book("a folder", "", sources, root, [])
    finder = PageFinder(book, NOTEBOOKS_TOO)
    book.entries = folder_entries(finder, root)
    pages = book.pages()
    if not pages:
        raise error(f"there is no Markdown in {str(root)!r}", hint="name a folder with .md files")
    first = pages[0]
    top = first.path.parent == root and first.path.stem.casefold() in FIRST
    book.title = named_title(sources, root, first.path if top else None)
    if first.path.parent == root and not own_title(sources, first.path) and not first.title:
        first.title = book.title
    for page in pages:
        if (permalink := words(page.front.get("permalink"))) and "://" not in permalink:
            book.addresses[permalink.strip("/")] = page
        slug = words(page.front.get("slug"))
        if slug and "://" not in slug:
            book.addresses.setdefault(slug.strip("/"), page)
    prepare_pandoc(book)
    book.rewrites = (_used, emoji_names)
    return book


def _used(text: str, page: Page, book: Book) -> str:
    """Rewrite a page for each tool whose additions it uses outside of code."""
    prose: list[str] = []
    outside_code(text, lambda piece: prose.append(piece) or piece)  # type: ignore[func-returns-value]
    plain = "\n".join(prose)
    suffix = page.path.suffix.casefold()
    rewrites: list[Rewrite] = []
    if suffix == ".mdx" or _MDX.search(plain):
        rewrites.append(rewrite_mdx)
    if suffix in (".qmd", ".rmd") or _PANDOC.search(text):
        rewrites.append(rewrite_pandoc)
    if _GITBOOK.search(plain):
        rewrites.append(rewrite_gitbook)
    if _NOTES.search(plain):
        rewrites.append(rewrite_obsidian)
    for rewrite in rewrites:
        text = rewrite(text, page, book)
    return text
