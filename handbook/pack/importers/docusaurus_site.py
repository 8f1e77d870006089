"""Read what surrounds the pages of a Docusaurus site: its navbar, its versions and translations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .js_literal import literal_objects
from .model import PAGES, Book, Page
from .sources import table, words

_NAVBAR = re.compile(r"\bnavbar\s*:\s*\{")
_ITEMS = re.compile(r"\bitems\s*:\s*(?=\[)")
_FOOTER = re.compile(r"\bfooter\s*:\s*\{")
# What the first folder of a page that is not in the documentation says of it.
_ELSEWHERE = {"blog": "posts of the blog", "i18n": "translations"}
_VERSIONS = re.compile(r"(?:^|_)versioned_docs$")


def navbar_items(config: str) -> list[dict[str, Any]]:
    """Return the links of the navbar, those in its menus too, without those that are computed."""
    start = _NAVBAR.search(config)
    items = _ITEMS.search(config, start.end()) if start else None
    footer = _FOOTER.search(config, start.end()) if start else None
    if items is None or (footer and footer.start() < items.start()):
        return []
    return [link for item in literal_objects(config, items.end()) for link in _links(item)]


def _links(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield item
    below = item.get("items")
    yield from (one for one in below if isinstance(one, dict)) if isinstance(below, list) else ()


def sidebar_names(config: str, pages: dict[str, set[Path]], book: Book) -> dict[str, str]:
    """Return what the navbar calls each sidebar, in its order.

    `pages` are those of each sidebar.  A sidebar that several links lead to has no name of its own.
    """
    named: dict[str, list[str]] = {}
    values: dict[str, str] = {}
    for item in navbar_items(config):
        label = words(item.get("label"))
        if item.get("type") == "docSidebar":
            values.setdefault(words(item.get("sidebarId")), label)
        page = _linked(item, book) if label else None
        for name, paths in pages.items():
            if page and page.path in paths:
                named.setdefault(name, []).append(label)
    unique = {name: labels[0] for name, labels in named.items() if len(set(labels)) == 1}
    order = [*named, *(name for name in values if name not in named)]
    merged = {
        **unique,
        **{name: label for name, label in values.items() if label and name in pages},
    }
    return {name: merged[name] for name in order if name in merged}


def _linked(item: dict[str, Any], book: Book) -> Page | None:
    address = words(item.get("docId") or item.get("to")).split("#")[0].strip("/")
    base = words(book.settings.get("base")).strip("/")
    for key in (address, f"{base}/{address}"):
        if address and key in book.addresses:
            return book.addresses[key]
    return None


def report_other_pages(book: Book, site: Path) -> None:
    """Report the pages of a site that are not in its documentation."""
    versions: dict[str, None] = {}
    languages: dict[str, None] = {}
    for path in book.sources.walk(site):
        relative = path.relative_to(site)
        parts = relative.parts
        is_page = path.suffix.casefold() in PAGES and not path.is_relative_to(book.folder)
        if not is_page or len(parts) < 2 or parts[0] == "static":
            continue
        if _VERSIONS.search(parts[0]):
            versions["/".join(parts[:2])] = None
        elif parts[0] == "i18n":
            languages["/".join(parts[:2])] = None
        else:
            why = _ELSEWHERE.get(parts[0], "Markdown of the site that is not in its documentation")
            book.report.leave_out(why, book.sources.relative(path))
    for folder in versions:
        book.report.leave_out("other versions of the documentation", folder)
    for folder in languages:
        book.report.leave_out("translations", folder)


def category_words(category: dict[str, Any]) -> str:
    """Return the words of a page that Docusaurus makes for a category."""
    link = table(category.get("link"))
    return words(link.get("description")) if link.get("type") == "generated-index" else ""
