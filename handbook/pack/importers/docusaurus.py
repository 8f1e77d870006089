"""Read a Docusaurus site: sidebars, categories, positions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...core.diagnostics import error
from ...core.files import is_folder
from .docusaurus_site import category_words, report_other_pages, sidebar_names
from .js_literal import Unreadable, exported
from .mdx import rewrite_mdx
from .model import Book, Entry, Group, Page, pages_of
from .pages import PageFinder, folder_entries, named_title
from .sources import Sources, table, words

_CONFIGS = tuple(f"docusaurus.config.{ending}" for ending in ("js", "ts", "mjs", "cjs", "mts"))
_SIDEBARS = tuple(f"sidebars.{ending}" for ending in ("js", "ts", "json", "mjs", "cjs"))
_PREFIX = re.compile(r"^\d+[-_. ]+(?=\D)")


def site_folder(root: Path) -> Path | None:
    """Return the folder of a Docusaurus site: this one, or the usual ones in it."""
    for folder in (root, root / "website", root / "docs", root / "site"):
        if any((folder / name).is_file() for name in _CONFIGS):
            return folder
    return None


def is_docusaurus(root: Path) -> bool:
    """Return whether the folder has a Docusaurus site."""
    return site_folder(root) is not None


def read_docusaurus(sources: Sources, root: Path) -> Book:
    """Return the site.  Raises HandbookError if its folder of pages is not there."""
    site = site_folder(root) or root
    config = sources.text(next(site / name for name in _CONFIGS if (site / name).is_file()))
    folder = _pages_folder(sources, site, config)
    static = sources.folder(site / "static")
    base = _setting(config, "routeBasePath").strip("/") or "docs"
    book = Book("a Docusaurus site", "", sources, folder, [], settings={"base": base})
    book.static, book.link_roots = [static] if static else [], [folder]
    finder = PageFinder(book)
    everything = folder_entries(finder, folder)
    pages = {page.path: page for page in pages_of(everything)}
    ids = {name: page for page in pages.values() for name in _ids(page, folder)}
    for name, page in ids.items():
        slug = words(page.front.get("slug"))
        book.addresses[f"{base}/{name}"] = page
        if slug.startswith("/"):
            book.addresses[f"{base}/{slug.strip('/')}".rstrip("/")] = page
    book.entries = _sidebar_entries(sources, site, config, book, ids, everything)
    for page in pages.values():
        # The sidebar has the front matter's title, the page its own first heading.
        page.title = page.title or words(page.front.get("title"))
    taken = {page.path for page in book.pages()}
    for path in pages:
        if path not in taken:
            book.report.leave_out("not in a sidebar", sources.relative(path))
    finder.leftovers("parts of pages, or drafts")
    report_other_pages(book, site)
    book.title = _setting(config, "title") or named_title(sources, root, None)
    about = {
        "description": _setting(config, "tagline"),
        "language": _setting(config, "defaultLocale"),
    }
    book.about = {key: value for key, value in about.items() if value}
    book.rewrites = (rewrite_mdx,)
    return book


def _setting(config: str, key: str) -> str:
    match = re.search(
        rf"^[ \t]*(?:const\s+)?{key}\s*[:=]\s*(?:'([^'\n]*)'|\"([^\"\n]*)\"|`([^`$\n]*)`)",
        config,
        re.MULTILINE,
    )
    match = match or re.search(rf"\b{key}:\s*(?:'([^'\n]*)'|\"([^\"\n]*)\")", config)
    return next((group for group in match.groups() if group), "") if match else ""


def _pages_folder(sources: Sources, site: Path, config: str) -> Path:
    docs = re.search(r"\bdocs:\s*\{(.*?)\}", config, re.DOTALL)
    named = _setting(docs[1], "path") if docs else ""
    for name in filter(None, (named, _setting(config, "path"), "docs", "../docs")):
        if folder := sources.folder(site / name):
            return folder
    if named and is_folder(site / named):
        raise error(
            f"the folder of pages {named!r} is outside the site",
            at=site,
            hint="name a folder that has both with --from",
        )
    raise error("the site has no folder of pages", at=site, hint="it is usually called docs")


def _ids(page: Page, folder: Path) -> Iterator[str]:
    """Yield the names by which a sidebar may call a page."""
    relative = page.path.relative_to(folder).with_suffix("")
    plain = [_PREFIX.sub("", part) for part in relative.parts]
    page_id = words(page.front.get("id"))
    for parts in (list(relative.parts), plain):
        yield "/".join(parts)
        if page_id:
            yield "/".join([*parts[:-1], page_id])
        if parts[-1].casefold() in ("index", "readme") and parts[:-1]:
            yield "/".join(parts[:-1])


def _sidebar_entries(
    sources: Sources,
    site: Path,
    config: str,
    book: Book,
    ids: dict[str, Page],
    everything: list[Entry],
) -> list[Entry]:
    named = re.search(r"sidebarPath:\s*(?:require\.resolve\()?['\"]([^'\"]+)['\"]", config)
    names = ([named[1].removeprefix("./")] if named else []) + list(_SIDEBARS)
    path = next((file for name in names if (file := sources.file(site / name))), None)
    if path is None:
        return everything
    try:
        text = sources.text(path)
        value = exported("module.exports = " + text if path.suffix == ".json" else text)
    except Unreadable as problem:
        book.report.miss(f"a sidebar that is computed ({problem})", sources.relative(path))
        return everything
    reader = _Sidebars(book, ids, everything)
    sidebars = {str(name): reader.items(items) for name, items in table(value).items()}
    return _joined(sidebars, config, book) or everything


def _joined(sidebars: dict[str, list[Entry]], config: str, book: Book) -> list[Entry]:
    """Return the entries of all sidebars; of several, each below what the navbar calls it."""
    sidebars = {name: entries for name, entries in sidebars.items() if entries}
    if len(sidebars) < 2:
        return [entry for entries in sidebars.values() for entry in entries]
    pages = {name: {p.path for p in pages_of(entries)} for name, entries in sidebars.items()}
    named = sidebar_names(config, pages, book)
    # The navbar has an order if all are in it.
    order = named if len(named) == len(sidebars) else sidebars
    joined: list[Entry] = []
    for name in order:
        entries = sidebars[name]
        joined += [Group(named[name], entries)] if name in named else entries
    return joined


class _Sidebars:
    """Turns the items of sidebars into entries; each page is taken once."""

    def __init__(self, book: Book, ids: dict[str, Page], everything: list[Entry]) -> None:
        self.book = book
        self.ids = ids
        self.everything = everything
        self.taken: set[Path] = set()

    def items(self, items: Any) -> list[Entry]:
        """Return the entries of a list of items, or of a mapping of labels to items."""
        if isinstance(items, dict) and "type" not in items:
            return [
                group
                for label, below in items.items()
                if (group := self._group(str(label), None, self.items(below)))
            ]
        entries: list[Entry] = []
        for item in items if isinstance(items, list) else [items]:
            entries += self._item(item)
        return entries

    def _item(self, item: Any) -> list[Entry]:
        if isinstance(item, str):
            page = self._page(item)
            return [page] if page else []
        if not isinstance(item, dict):
            return []
        kind = item.get("type")
        if kind in ("doc", "ref"):
            page = self._page(words(item.get("id")))
            if page:
                page.title = words(item.get("label")) or page.title
            return [page] if page else []
        if kind == "category":
            link = table(item.get("link"))
            index = self._page(words(link.get("id"))) if link.get("type") == "doc" else None
            if description := category_words(item):
                self.book.report.leave_out("descriptions of categories", description)
            below = self.items(item.get("items") or [])
            group = self._group(words(item.get("label")), index, below)
            return [group] if group else []
        if kind == "autogenerated":
            return self._autogenerated(words(item.get("dirName")))
        if kind in ("link", "html"):
            self.book.report.leave_out(
                "links in the sidebar", words(item.get("label") or item.get("href"))
            )
            return []
        return self.items(item) if kind is None else []

    def _group(self, title: str, index: Page | None, below: list[Entry]) -> Entry | None:
        if index and not below:
            index.title = title or index.title
            return index
        return Group(title, below, index) if below else None

    def _page(self, name: str) -> Page | None:
        page = self.ids.get(name)
        if page is None:
            self.book.report.leave_out("listed, but not there", name)
            return None
        if page.path in self.taken:
            return None
        self.taken.add(page.path)
        return page

    def _autogenerated(self, folder: str) -> list[Entry]:
        base = (self.book.folder / folder).resolve()

        def below(entries: list[Entry]) -> list[Entry]:
            kept: list[Entry] = []
            for entry in entries:
                if isinstance(entry, Page):
                    if entry.path.is_relative_to(base) and entry.path not in self.taken:
                        self.taken.add(entry.path)
                        kept.append(entry)
                    continue
                index = entry.page
                if index and (index.path in self.taken or not index.path.is_relative_to(base)):
                    index = None
                if index:
                    self.taken.add(index.path)
                inner = below(entry.entries)
                whole = any(page.path.parent.resolve() == base for page in pages_of([entry]))
                if index and index.path.parent == base:
                    kept += [index, *inner]
                elif whole or not inner:
                    kept += inner if not index else [index]
                else:
                    kept.append(Group(entry.title, inner, index))
            return kept

        return below(self.everything)
