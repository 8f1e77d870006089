"""Order and name the pages of a MkDocs site that has no nav: as MkDocs does, or as `.pages` say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from .model import Entry, Group, Page
from .pages import FIRST, PageFinder, is_draft, natural
from .sources import read_mapping, table, words
from .summary import plain_title

# Files in which the plugins awesome-pages and awesome-nav have the order of a folder.
_ORDERS = (".pages", ".nav.yml")
_DEEPEST = 30


def mkdocs_folder(finder: PageFinder, folder: Path, indexes: bool, depth: int = 0) -> list[Entry]:
    """Return the pages of a folder: index first, then pages, then folders, by name."""
    return _Folder(finder, folder, indexes, depth).entries()


def folder_title(name: str) -> str:
    """Return what MkDocs calls a folder."""
    title = name.replace("-", " ").replace("_", " ")
    return title.capitalize() if title.lower() == title else title


class _Folder:
    def __init__(self, finder: PageFinder, folder: Path, indexes: bool, depth: int) -> None:
        self.finder = finder
        self.folder = folder
        self.indexes = indexes
        self.depth = depth
        order = next((name for name in _ORDERS if finder.book.sources.file(folder / name)), "")
        self.order: dict[str, Any] = read_mapping(folder / order) if order else {}
        self.waiting = self._files()

    def _files(self) -> dict[str, Path]:
        """Return the files and folders that may be pages, in MkDocs's order."""
        paths: list[Path] = []
        for path in self.folder.iterdir():
            hidden = path.name.startswith(".") or path.is_symlink()
            if not hidden and (path.is_dir() or path.suffix.casefold() in self.finder.endings):
                paths.append(path)
        by_number = words(self.order.get("sort_type") or table(self.order.get("sort")).get("type"))

        def key(path: Path) -> tuple[Any, ...]:
            name: Any = natural(path.name) if by_number == "natural" else path.name
            return (path.is_dir(), path.stem.casefold() not in FIRST, name)

        turned = "desc" in (self.order.get("order"), table(self.order.get("sort")).get("direction"))
        ordered = sorted(paths, key=key)
        if turned:
            first = [path for path in ordered if path.stem.casefold() in FIRST]
            ordered = first + [path for path in reversed(ordered) if path not in first]
        return {path.name: path for path in ordered}

    def entries(self) -> list[Entry]:
        """Return the entries of the folder, in the order that it gives or in MkDocs's."""
        if self.depth > _DEEPEST:
            return []
        if self.order.get("hide") is True:
            return []
        order = self.order.get("nav", self.order.get("arrange"))
        if not isinstance(order, list):
            return list(self._rest())
        named = set(self._named(order))
        entries: list[Entry] = []
        rest = {name: path for name, path in self.waiting.items() if name not in named}
        self.waiting = {name: path for name, path in self.waiting.items() if name in named}
        for item in order:
            entries += self._item(item, rest)
        if "arrange" in self.order and "nav" not in self.order and "..." not in order:
            entries += self._of(rest)
        return entries

    def _named(self, items: list[Any]) -> Iterator[str]:
        for item in items:
            for value in item.values() if isinstance(item, dict) else [item]:
                if isinstance(value, list):
                    yield from self._named(value)
                elif isinstance(value, str):
                    yield value.strip("/").split("/")[0]

    def _item(self, item: Any, rest: dict[str, Path]) -> Iterator[Entry]:
        pairs = item.items() if isinstance(item, dict) else [("", item)]
        for title, target in pairs:
            title = plain_title(title)
            if isinstance(target, list):
                below = [entry for one in target for entry in self._item(one, rest)]
                if below:
                    yield Group(title, below)
            elif isinstance(target, str) and target.startswith("..."):
                pattern = target[3:].strip(" |")
                wanted = {n: p for n, p in rest.items() if not pattern or _matches(n, pattern)}
                for name in wanted:
                    del rest[name]
                yield from self._of(wanted)
            elif isinstance(target, str) and "://" in target:
                self.finder.book.report.leave_out("web addresses in nav", target)
            elif isinstance(target, str):
                path = self.waiting.get(target.strip("/"), self.folder / target.strip("/"))
                yield from self._entry(path, title)

    def _rest(self) -> Iterator[Entry]:
        yield from self._of(self.waiting)

    def _of(self, paths: dict[str, Path]) -> Iterator[Entry]:
        for path in [*paths.values()]:
            yield from self._entry(path, "")

    def _entry(self, path: Path, title: str) -> Iterator[Entry]:
        sources = self.finder.book.sources
        if folder := sources.folder(path):
            inner = _Folder(self.finder, folder, self.indexes, self.depth + 1)
            below = inner.entries()
            title = title or plain_title(inner.order.get("title", "")) or folder_title(path.name)
            index = below[0] if self.indexes and below and isinstance(below[0], Page) else None
            if index and index.path.stem.casefold() in FIRST:
                index.title = title
                yield Group(title, below[1:], index) if below[1:] else index
            elif below:
                yield Group(title, below)
            return
        page = self.finder.page(path) if sources.file(path) else None
        if page and is_draft(dict(page.front)):
            self.finder.book.report.leave_out("drafts", sources.relative(path))
        elif page:
            page.title = title or words(page.front.get("title"))
            yield page


def _matches(name: str, pattern: str) -> bool:
    """Return whether a name matches `glob=…`, `regex=…` or a pattern of file names."""
    kind, mark, wanted = pattern.partition("=")
    if mark and kind == "regex":
        # A pattern of a stranger's could take for ever: only plain ones are read.
        return bool(re.fullmatch(r"[\w .*-]+", wanted)) and fnmatchcase(
            name, wanted.replace(".*", "*")
        )
    return fnmatchcase(name, wanted if mark and kind == "glob" else pattern)
