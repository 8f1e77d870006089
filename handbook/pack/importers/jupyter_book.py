"""Read a Jupyter Book: its list of pages, its settings, pages in MyST and notebooks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .emoji import emoji_names
from .model import NOTEBOOKS_TOO, Book, Entry, Group, Page
from .myst import prepare_myst, rewrite_myst
from .myst_directives import WORKS_OF_BOOK, WORKS_OF_PAGE
from .pages import PageFinder, folder_entries, named_title, own_title
from .pandoc_references import CrossReferences, prepare_pandoc
from .sources import Sources, read_mapping, read_yaml_value, table, words
from .summary import plain_title, without_empty

_TOC, _CONFIG, _MYST = "_toc.yml", "_config.yml", "myst.yml"
_DEEPEST = 20
_CITING = re.compile(r"\{cite[\w:]*\}`([^`\n]{1,500})`")


def is_jupyter_book(root: Path) -> bool:
    """Return whether the folder has a _toc.yml or a myst.yml."""
    return (root / _TOC).is_file() or (root / _MYST).is_file()


def read_jupyter_book(sources: Sources, root: Path) -> Book:
    """Return the book.  Raises HandbookError if its settings are malformed."""
    project = table(read_mapping(root / _MYST).get("project")) if sources.file(root / _MYST) else {}
    config = read_mapping(root / _CONFIG) if sources.file(root / _CONFIG) else {}
    settings = {**config, **project, "bibliography": _bibliographies(config, project)}
    settings["titled"] = bool(project)
    book = Book("a Jupyter Book", "", sources, sources.root, [], settings=settings)
    finder = PageFinder(book, NOTEBOOKS_TOO)
    path = sources.file(root / _TOC)
    listed = read_yaml_value(sources.text(path)) if path else project.get("toc")
    book.entries = without_empty(list(_listed(listed, finder)))
    if not book.entries:
        finder = PageFinder(book, NOTEBOOKS_TOO)
        book.entries = folder_entries(finder, sources.root)
    finder.leftovers("not in the list of pages")
    first = book.pages()[0].path if book.pages() else None
    book.title = words(settings.get("title")) or named_title(sources, root, first)
    about = {
        "author": _authors(settings.get("author") or settings.get("authors")),
        "description": words(settings.get("description")),
        "language": words(table(table(config.get("sphinx")).get("config")).get("language")),
    }
    book.about = {key: value for key, value in about.items() if value}
    prepare_pandoc(book)
    prepare_myst(book)
    book.rewrites = (rewrite_myst, _with_works, emoji_names)
    return book


def _bibliographies(config: dict[str, Any], project: dict[str, Any]) -> list[str]:
    bibliography = config.get("bibtex_bibfiles") or project.get("bibliography")
    return (
        [words(one) for one in bibliography]
        if isinstance(bibliography, list)
        else [words(bibliography)]
    )


def _authors(value: Any) -> str:
    names = value if isinstance(value, list) else [value]
    authors = (words(one.get("name") if isinstance(one, dict) else one) for one in names)
    return ", ".join(filter(None, authors))


def _listed(data: Any, finder: PageFinder) -> Iterator[Entry]:
    if isinstance(data, dict):
        yield from _files([{"file": data.get("root")}], finder, 0) if data.get("root") else ()
        for part in data.get("parts") or data.get("subtrees") or ():
            yield from _part(table(part), finder)
        yield from _files(data.get("chapters") or data.get("sections"), finder, 0)
    elif isinstance(data, list):
        # As older versions and myst.yml have it: the first page, then the others or parts.
        for item in data:
            item = table(item)
            if item.get("part") or (
                item.get("title") and not item.get("file") and "url" not in item
            ):
                yield from _part(item, finder)
            else:
                yield from _files([item], finder, 0)


def _part(part: dict[str, Any], finder: PageFinder) -> Iterator[Entry]:
    title = plain_title(words(part.get("caption") or part.get("part") or part.get("title")))
    below = (
        part.get("chapters") or part.get("sections") or part.get("entries") or part.get("children")
    )
    entries = list(_files(below, finder, 0))
    if entries:
        yield from [Group(title, entries)] if title else entries


def _files(items: Any, finder: PageFinder, depth: int) -> Iterator[Entry]:
    for item in items if isinstance(items, list) and depth < _DEEPEST else ():
        item = {"file": item} if isinstance(item, str) else table(item)
        if item.get("url"):
            finder.book.report.leave_out("web addresses in the list", words(item["url"]))
        for page in _pages(item, finder):
            title = plain_title(words(item.get("title")))
            if finder.book.settings.get("titled"):
                # As the menu of MyST has it; the heading is the title on the page.
                title = title or words(page.front.get("short_title") or page.front.get("title"))
            page.title = title or page.title
            below = item.get("sections") or item.get("children") or item.get("chapters")
            inner = list(_files(below, finder, depth + 1))
            named = title or own_title(finder.book.sources, page.path)
            yield Group(named, inner, page) if inner else page


def _pages(item: dict[str, Any], finder: PageFinder) -> Iterator[Page]:
    sources, folder = finder.book.sources, finder.book.folder
    if pattern := words(item.get("glob") or item.get("pattern")):
        for path in sources.matching(pattern):
            if path.suffix.casefold() in finder.endings and (page := finder.page(path)):
                yield page
        for path in sources.matching(pattern + ".*"):
            if path.suffix.casefold() in finder.endings and (page := finder.page(path)):
                yield page
        return
    name = words(item.get("file"))
    for ending in ("", *finder.endings) if name else ():
        path_found = sources.file(folder / (name + ending))
        if path_found and path_found.suffix.casefold() in finder.endings:
            if page := finder.page(path_found):
                yield page
            return
    if name:
        finder.book.report.leave_out("listed, but not there as Markdown or a notebook", name)


def _with_works(text: str, page: Page, book: Book) -> str:
    """List works where the book says, or at its end those that it cites."""
    references: CrossReferences = book.__dict__["references"]
    for mark in (WORKS_OF_PAGE, WORKS_OF_BOOK):
        if mark in text:
            keys = references.cited.get(page.name, []) if mark == WORKS_OF_PAGE else _cited(book)
            text = text.replace(mark, _works(references, keys))
    if page is not book.pages()[-1] or _lists_works(book) or not (keys := _cited(book)):
        return text
    return f"{text.rstrip()}\n\n## References\n\n{_works(references, keys)}\n"


def _works(references: CrossReferences, keys: list[str]) -> str:
    listed = references.bibliography.listed(keys) if references.bibliography and keys else []
    return "\n".join(f"- {entry}" for entry in listed)


def _cited(book: Book) -> list[str]:
    """Return the keys of all works that the book cites, in order."""
    works = book.__dict__["references"].bibliography
    texts = (book.sources.text(page.path) for page in book.pages())
    cited = (keys for text in texts for keys in _CITING.findall(text))
    keys = (key.strip() for one in cited for key in one.split(","))
    return [key for key in dict.fromkeys(keys) if works is not None and key in works]


def _lists_works(book: Book) -> bool:
    return any("{bibliography}" in book.sources.text(page.path) for page in book.pages())
