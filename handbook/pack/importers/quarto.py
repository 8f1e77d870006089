"""Read a Quarto book or site, or a bookdown book."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from .model import NOTEBOOKS_TOO, Book, Entry, Group, Page
from .notebooks import NOTEBOOK
from .pages import PageFinder, folder_entries, named_title
from .pandoc import PART, rewrite_pandoc
from .pandoc_references import prepare_pandoc
from .sources import Sources, front_matter, read_mapping, table, words
from .summary import plain_title

_CONFIGS = ("_quarto.yml", "_quarto.yaml", "_bookdown.yml")


def is_quarto(root: Path) -> bool:
    """Return whether the folder has the configuration of Quarto or bookdown."""
    return any((root / name).is_file() for name in _CONFIGS)


def read_quarto(sources: Sources, root: Path) -> Book:
    """Return the book.  Raises HandbookError if its configuration is malformed."""
    path = next(root / name for name in _CONFIGS if (root / name).is_file())
    config = read_mapping(path)
    for name in _list(config.get("metadata-files")):
        if more := sources.file(root / words(name)):
            config = _merged(read_mapping(more), config)
    described = table(config.get("book")) or table(config.get("website"))
    book = Book("a Quarto book", "", sources, sources.root, [], settings={**config, **described})
    finder = PageFinder(book, NOTEBOOKS_TOO)
    if path.name == "_bookdown.yml":
        book.kind = "a bookdown book"
        book.entries = _bookdown(finder, config)
    else:
        sidebar = described.get("sidebar")
        contents = described.get("chapters") or [
            item
            for one in (sidebar if isinstance(sidebar, list) else [sidebar])
            for item in _list(table(one).get("contents"))
        ]
        book.entries = list(_chapters(_list(contents), finder, 0))
        appendices = list(_chapters(_list(described.get("appendices")), finder, 0))
        book.entries += [Group("Appendices", appendices)] if appendices else []
    if not book.entries:
        finder = PageFinder(book, NOTEBOOKS_TOO)
        book.entries = folder_entries(finder, sources.root)
    finder.leftovers("not in the list of chapters")
    first = book.pages()[0] if book.pages() else None
    about = {**(dict(first.front) if first else {}), **config, **described}
    book.title = words(about.get("title")) or named_title(
        sources, root, first.path if first else None
    )
    book.about = {
        key: value
        for key, value in {
            "subtitle": words(about.get("subtitle")),
            "author": _authors(about.get("author")),
            "description": words(about.get("description")),
            "language": words(config.get("lang") or about.get("lang")),
        }.items()
        if value
    }
    prepare_pandoc(book)
    book.rewrites = (rewrite_pandoc,)
    return book


def _merged(first: dict[str, Any], last: dict[str, Any]) -> dict[str, Any]:
    """Return two mappings as one; of values that are not mappings, `last` decides."""
    merged = {**first, **last}
    for key in first.keys() & last.keys():
        if isinstance(first[key], dict) and isinstance(last[key], dict):
            merged[key] = _merged(first[key], last[key])
    return merged


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _authors(value: Any) -> str:
    names = []
    for one in _list(value):
        name = one.get("name") if isinstance(one, dict) else one
        if isinstance(name, dict):
            name = " ".join(filter(None, (words(name.get("given")), words(name.get("family")))))
        names.append(words(name))
    return ", ".join(filter(None, names))


def _chapters(items: Sequence[Any], finder: PageFinder, depth: int) -> Iterator[Entry]:
    for item in items if depth < 20 else ():
        if isinstance(item, str):
            yield from _named(item, "", finder)
        elif isinstance(item, dict):
            if item.get("auto") is not None:
                for one in _list(item["auto"]):
                    yield from _named("auto" if one is True else words(one), "", finder)
                continue
            title = words(item.get("part") or item.get("section") or item.get("text"))
            below = item.get("chapters") or item.get("contents")
            target = words(item.get("file") or item.get("href"))
            if below is None and not title and len(item) == 1:
                title, value = next(iter(item.items()))
                below, target = (value, "") if isinstance(value, list) else (None, words(value))
            index = None
            if below is not None and (named := target or title) and "." in named:
                index = next(iter(_named(named, "", finder)), None)
            inner = list(_chapters(_list(below), finder, depth + 1))
            if inner:
                page = index if isinstance(index, Page) else None
                if page and not target:
                    title = page_title(finder, page)
                yield Group(plain_title(title), inner, page)
            elif index:
                yield index
            elif target:
                yield from _named(target, plain_title(title), finder)


def page_title(finder: PageFinder, page: Page) -> str:
    """Return the title of the page of a part."""
    from .pages import own_title

    return own_title(finder.book.sources, page.path)


def _named(name: str, title: str, finder: PageFinder) -> Iterator[Entry]:
    if "*" in name or name == "auto":
        for path in finder.book.sources.matching("**/*" if name == "auto" else name.lstrip("/")):
            if path.suffix in (".qmd", ".md", ".Rmd", NOTEBOOK) and (page := finder.page(path)):
                yield page
        return
    if folder := finder.book.sources.folder(finder.book.folder / name):
        if folder != finder.book.folder:
            yield from folder_entries(finder, folder)
        return
    if "://" in name or name.endswith((".html", ".pdf")):
        finder.book.report.leave_out("HTML, web addresses", name)
        return
    page = finder.take(name)
    if page:
        page.title = title
        text = finder.book.sources.text(page.path)
        first = text[front_matter(text)[1] :].lstrip().split("\n")[0]
        page.numbered = not (first.startswith("# ") and (".unnumbered" in first or "{-}" in first))
        if not page.numbered:
            page.title = title or page_title(finder, page)
        yield page


def _bookdown(finder: PageFinder, config: dict[str, Any]) -> list[Entry]:
    """Return the files that _bookdown.yml lists, or all of the folder by name, index first."""
    root = finder.book.folder
    names = config.get("rmd_files")
    if isinstance(names, dict):
        names = names.get("html")
    if not isinstance(names, list):
        inside = sorted(
            p.name
            for p in root.iterdir()
            if p.suffix in (".Rmd", ".md") and not p.name.startswith("_")
        )
        names = [n for n in inside if n.endswith(".Rmd")] or inside
        names.sort(key=lambda name: name.split(".")[0] != "index")
        folder = config.get("rmd_subdir")
        for sub in _list(folder):
            if isinstance(sub, str):
                names += [
                    f"{sub}/{p.name}" for p in finder.book.sources.matching(f"{sub}/*.Rmd", root)
                ]
    entries: list[Entry] = []
    current = entries
    for name in names:
        for entry in _named(name, "", finder) if isinstance(name, str) else ():
            text = finder.book.sources.text(entry.path) if isinstance(entry, Page) else ""
            if part := PART.search(text):
                group = Group(plain_title(part[1].split("{")[0]), [])
                entries.append(group)
                current = group.entries
            current.append(entry)
    return entries
