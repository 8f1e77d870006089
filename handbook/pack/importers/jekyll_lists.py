"""Put the pages of a Jekyll site in order: by lists below _data, by nav_order and parent, by links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .model import Book, Entry, Group, Page, pages_of
from .pages import own_title, position
from .rewriting import without_comments
from .sources import read_yaml_value, words
from .summary import plain_title

_LEAST_LISTED = 3
# What lists call the entries below an entry.
_BELOW = ("children", "subfolderitems", "items", "docs", "pages", "sub", "folderitems", "toc")
_ADDRESS = ("url", "link", "href", "path", "page")
_LINKED = re.compile(
    r"<a\b[^<>]{0,400}?\bhref\s*=\s*[\"']([^\"'\n]{1,500})[\"'][^<>]{0,400}>((?:(?!</a>).){0,500})"
    r"|(?<!!)\[([^\[\]]{0,500})\]\(\s*<?([^()<>\s]{1,500})",
    re.DOTALL,
)
_DEEPEST = 10


def site_entries(book: Book, pages: list[Page], folder: Path) -> list[Entry]:
    """Return the pages of a site in the order in which its own navigation has them."""
    listed = _data_navigation(book, folder)
    taken = {page.path for page in pages_of(listed)}
    rest = [page for page in pages if page.path not in taken]
    return [*listed, *_ordered(book, rest, folder, bool(listed))]


def _data_navigation(book: Book, folder: Path) -> list[Entry]:
    """Return the pages as lists below _data name them: the longest list, then the others."""
    lists: list[Any] = []
    data_folder = book.sources.folder(folder / "_data")
    for path in sorted(data_folder.iterdir()) if data_folder else ():
        named = re.search(r"nav|toc|sidebar|menu|docs|tutorials|contents", path.stem)
        if path.suffix in (".yml", ".yaml") and named and book.sources.file(path):
            data = read_yaml_value(book.sources.text(path))
            values = list(data.values()) if isinstance(data, dict) else [data]
            lists += _nested([one for one in values if isinstance(one, list)], book)
    lists.sort(key=lambda one: -_count(list(_navigation(one, book, set(), 0))))
    taken: set[Path] = set()
    entries: list[Entry] = []
    for one in lists:
        if _count(list(_navigation(one, book, set(taken), 0))) >= _LEAST_LISTED:
            entries += _navigation(one, book, taken, 0)
    return entries


def _nested(lists: list[list[Any]], book: Book) -> list[list[Any]]:
    """Return the lists of a file; those that are menus of sections are below their entries.

    The list that names the first pages of others is the menu of the site, and each of those
    is what its section shows.
    """
    firsts = [_page_of(one[0], book) if one else None for one in lists]
    for at, menu in enumerate(lists):
        below = {
            id(page): lists[n] for n, page in enumerate(firsts) if page is not None and n != at
        }
        places = [id(_page_of(item, book)) for item in menu]
        named = below.keys() & set(places)
        if len(named) < 2:
            continue
        whole = [
            {**item, "children": below[place][1:]} if place in named else item
            for item, place in zip(menu, places, strict=True)
        ]
        sections = [id(below[place]) for place in named]
        return [whole, *(one for one in lists if one is not menu and id(one) not in sections)]
    return lists


def _page_of(item: Any, book: Book) -> Page | None:
    """Return the page that an entry of a list names."""
    if not isinstance(item, dict):
        return None
    address = next((words(item[key]) for key in _ADDRESS if item.get(key)), "")
    if not address:
        return None
    return book.addresses.get(re.sub(r"\.(?:html|md)$", "", address.split("#")[0].strip("/")))


def _count(entries: list[Entry]) -> int:
    return sum(
        1 if isinstance(e, Page) else (e.page is not None) + _count(e.entries) for e in entries
    )


def _navigation(
    data: Any, book: Book, taken: set[Path], depth: int, collection: str = ""
) -> Iterator[Entry]:
    """Yield the entries of a list; names alone are those of pages in `collection`."""
    for item in data if isinstance(data, list) and depth < _DEEPEST else ():
        if isinstance(item, str):
            item = {"url": item if item in book.addresses else f"{collection}/{item}"}
        if not isinstance(item, dict):
            continue
        title = plain_title(
            next((words(item[k]) for k in ("title", "text", "name", "label") if item.get(k)), "")
        )
        known = [key for key in _BELOW if isinstance(item.get(key), list)]
        named = [key for key in item if isinstance(item[key], list)]
        key = next(iter(known or named), "")
        page = _page_of(item, book)
        if page and page.path in taken:
            page = None
        if page:
            taken.add(page.path)
            page.title = title or words(page.front.get("menu_name") or page.front.get("title"))
        below = list(_navigation(item.get(key), book, taken, depth + 1, key))
        if below:
            yield Group(title or (page.title if page else ""), below, page)
        elif page:
            yield page


class _Branches:
    """Says below which page another is: of several so called, the one in the given branch."""

    def __init__(self, pages: list[Page], titles: dict[int, str]) -> None:
        self.titles = titles
        self.by_title: dict[str, list[Page]] = {}
        for page in pages:
            self.by_title.setdefault(titles[id(page)].casefold(), []).append(page)
        self.known: dict[int, Page | None] = {}

    def parent(self, page: Page, depth: int = 0) -> Page | None:
        """Return the page above one, or None at the top."""
        if id(page) not in self.known:
            self.known[id(page)] = None
            self.known[id(page)] = self._found(page, depth)
        return self.known[id(page)]

    def _found(self, page: Page, depth: int) -> Page | None:
        title = words(page.front.get("parent")).casefold()
        candidates = [one for one in self.by_title.get(title, []) if title and one is not page]
        grand, ancestor = (
            words(page.front.get(k)).casefold() for k in ("grand_parent", "ancestor")
        )
        if len(candidates) < 2 or depth > _DEEPEST:
            return next(iter(candidates), None)
        above = [self._above(one, depth + 1) for one in candidates]
        best = [
            one
            for one, titles in zip(candidates, above, strict=True)
            if (not grand or titles[:1] == [grand]) and (not ancestor or ancestor in titles)
        ]
        return next(iter(best or candidates), None)

    def _above(self, page: Page, depth: int) -> list[str]:
        """Return the titles of the pages above one, the nearest first."""
        titles: list[str] = []
        while len(titles) < _DEEPEST and (parent := self.parent(page, depth)):
            titles.append(self.titles[id(parent)].casefold())
            page = parent
        return titles


def _ordered(book: Book, pages: list[Page], folder: Path, listed_before: bool) -> list[Entry]:
    """Return the pages by nav_order, below the page whose title they give as parent."""
    listed = [page for page in pages if page.front.get("nav_exclude") is not True]
    rest = [page for page in pages if page.front.get("nav_exclude") is True]
    titles = {id(page): own_title(book.sources, page.path) for page in pages}
    branches = _Branches(listed, titles)
    below: dict[int, list[Page]] = {}
    top: list[Page] = []
    for page in listed:
        parent = branches.parent(page)
        (below.setdefault(id(parent), []) if parent else top).append(page)
    ordering = any(
        position(dict(page.front)) is not None or page.front.get("parent") for page in listed
    )
    if not ordering and not listed_before:
        pages = _as_linked(book, pages, folder)
    places = {id(page): place for place, page in enumerate(pages)}

    def entries(group: list[Page], depth: int) -> list[Entry]:
        def key(page: Page) -> tuple[Any, ...]:
            place = position(dict(page.front))
            title = titles[id(page)].casefold()
            return (place is None, place or 0, title if ordering else "", places[id(page)])

        ordered: list[Entry] = []
        for page in sorted(group, key=key):
            inner = entries(below.get(id(page), []), depth + 1) if depth < _DEEPEST else []
            ordered.append(Group(titles[id(page)], inner, page) if inner else page)
        return ordered

    return [*entries(top, 0), *rest]


def _as_linked(book: Book, pages: list[Page], folder: Path) -> list[Page]:
    """Return pages in the order of the links on the site's first page, then the others."""
    first = next(
        (
            path
            for name in ("index.md", "index.markdown", "index.html")
            if (path := book.sources.file(folder / name))
        ),
        None,
    )
    if first is None:
        return pages
    order: dict[int, int] = {id(page): -1 for page in pages if page.path == first}
    for match in _LINKED.finditer(without_comments(book.sources.text(first))):
        address = re.sub(r"\{\{[^{}]*\}\}", "", match[1] or match[4]).split("#")[0]
        key = re.sub(r"\.(?:html|md)$", "", address.strip("/").removeprefix("./"))
        page = book.addresses.get(key)
        if page and id(page) not in order:
            order[id(page)] = len(order)
            if not page.title and not own_title(book.sources, page.path):
                page.title = plain_title(match[2] or match[3] or "")
    return sorted(pages, key=lambda page: order.get(id(page), len(order)))
