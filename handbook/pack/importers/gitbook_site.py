"""Find the books of a GitBook that has several: languages in LANGS.md, spaces in docs.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .model import Book, Entry, Group, Page
from .pages import PageFinder
from .sources import Sources, read_mapping, table, words
from .summary import plain_title, read_summary

_LANGUAGE = re.compile(r"^[ \t]*[-*+][ \t]+\[([^\]\n]+)\]\((?:\./)?([\w-]+)/?(?:README\.md)?\)")
_DEEPEST = 10


def is_gitbook_site(root: Path) -> bool:
    """Return whether the folder has a docs.yaml of GitBook's, which lists the spaces of a site."""
    return (root / "docs.yaml").is_file() and any(
        (root / name).exists() for name in (".gitbook.yaml", ".gitbook")
    )


def languages_of(sources: Sources, root: Path) -> list[str]:
    """Return the folders that LANGS.md lists, in its order; none if there is no such file."""
    path = sources.file(root / "LANGS.md")
    matches = [_LANGUAGE.match(line) for line in sources.text(path).split("\n")] if path else []
    names = [match[2] for match in matches if match]
    return [name for name in names if sources.folder(root / name)]


def shown_page(finder: PageFinder, name: str) -> Page | None:
    """Return a page that the summary names, unless it says that it is hidden there."""
    page = finder.take(name)
    if page and page.front.get("hidden") is True:
        finder.book.report.leave_out("hidden pages", finder.book.sources.relative(page.path))
        return None
    return page


def site_entries(sources: Sources, root: Path, book: Book, finder: PageFinder) -> list[Entry]:
    """Return the pages of the spaces that docs.yaml lists, each space below its section's title."""
    site = table(read_mapping(root / "docs.yaml").get("site"))
    book.title = words(site.get("title"))
    return list(_sections(site.get("structure"), book, finder, 0))


def _sections(structure: Any, book: Book, finder: PageFinder, depth: int) -> Iterator[Entry]:
    nodes = [table(one) for one in structure] if isinstance(structure, list) else []
    spaces = [one for one in nodes if one.get("type") == "space"]
    default = [one for one in spaces if one.get("default") is True]
    chosen = next(iter(default or spaces), {})
    for node in nodes if depth < _DEEPEST else ():
        title = plain_title(words(node.get("title")))
        if node in spaces:
            if node is chosen:
                yield from _space(node, title, book, finder)
            else:
                book.report.leave_out("other spaces of a section", title)
            continue
        below = list(_sections(node.get("children"), book, finder, depth + 1))
        if below:
            yield Group(title, below)


def _space(node: dict[str, Any], title: str, book: Book, finder: PageFinder) -> Iterator[Entry]:
    """Yield the entries of one space, which has a SUMMARY.md of its own."""
    name = words(table(node.get("content")).get("directory")).removeprefix("./").strip("/")
    folder = book.sources.folder(book.folder / name) if name else None
    summary = book.sources.file(folder / "SUMMARY.md") if folder else None
    if folder is None or summary is None:
        book.report.leave_out("spaces that are not in this folder", title)
        return
    finder.skip(summary)
    yield from read_summary(
        book.sources.text(summary),
        lambda address: shown_page(finder, f"{name}/{address}"),
        book.report.leave_out,
    )
