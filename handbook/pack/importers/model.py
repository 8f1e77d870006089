"""Describe what another tool's sources are: pages in order, titles, parts, and what was left out."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from ...core.values import record
from .notebooks import NOTEBOOK
from .sources import Sources

PAGES = (".md", ".markdown", ".mdown", ".mdx", ".qmd", ".rmd")
NOTEBOOKS_TOO = (*PAGES, NOTEBOOK)
CHAPTERS = "chapters"


@record
class Page:
    """A file that becomes a chapter: its place in the pack, and what the list of pages calls it.

    `depth` is how many levels of headings the list of pages has of it, if it names any.
    """

    path: Path
    name: str
    title: str = ""
    numbered: bool = True
    depth: int = 0
    front: Mapping[str, Any] = field(default_factory=dict)


@record
class Group:
    """A title with the entries below it, and perhaps a page of its own."""

    title: str
    entries: list[Entry]
    page: Page | None = None


Entry: TypeAlias = "Page | Group"
Rewrite: TypeAlias = "Callable[[str, Page, Book], str]"


@record
class Report:
    """What happened to the sources, by kind: for each, where, in the order it was met."""

    left_out: dict[str, list[str]] = field(default_factory=dict)
    included: list[str] = field(default_factory=list)
    included_bytes: int = 0
    changed: Counter[str] = field(default_factory=Counter)
    unknown: dict[str, list[str]] = field(default_factory=dict)

    def leave_out(self, why: str, what: str) -> None:
        """Note a file that does not become a page."""
        self.left_out.setdefault(why, []).append(what)

    def miss(self, kind: str, where: str) -> None:
        """Note a construct that was not understood."""
        self.unknown.setdefault(kind, []).append(where)


@dataclass
class Book:
    """A body of Markdown.

    `folder` has the pages, and pictures that are named from the root of the site lie in
    `static`.  Links to pages that are not found from the page itself are looked up in `link_roots`.
    `rewrites` turn what the tool adds to Markdown into GitHub's dialect.
    """

    kind: str
    title: str
    sources: Sources
    folder: Path
    entries: list[Entry]
    about: dict[str, str] = field(default_factory=dict)
    static: Sequence[Path] = ()
    link_roots: Sequence[Path] = ()
    rewrites: Sequence[Rewrite] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    report: Report = field(default_factory=Report)
    addresses: dict[str, Page] = field(default_factory=dict)

    def pages(self) -> list[Page]:
        """Return all pages, in order."""
        return list(pages_of(self.entries))

    def where(self, page: Page, text: str, at: int) -> str:
        """Return the file and the line of a place in a page's text, of which parts may be gone.

        The line is the first of the source that reads alike; of what another file has put in,
        there is none.
        """
        name, written = self.sources.relative(page.path), self.sources.text(page.path)
        end = text.find("\n", at)
        rest = text[at : end if end >= 0 else len(text)].strip()
        for words in (text[text.rfind("\n", 0, at) + 1 : at].lstrip() + rest, rest):
            if words and (start := written.find(words)) >= 0:
                return f"{name}:{written.count(chr(10), 0, start) + 1}"
        return name


def pages_of(entries: Sequence[Entry]) -> Iterator[Page]:
    """Yield all pages, in order."""
    for entry in entries:
        if isinstance(entry, Page):
            yield entry
        else:
            if entry.page:
                yield entry.page
            yield from pages_of(entry.entries)


def link_between(page: Page, target: str) -> str:
    """Return the relative address of a file of the pack, from a page."""
    address = posixpath.relpath(target, posixpath.dirname(page.name) or ".")
    return address.replace(" ", "%20")
