"""Print the roles of MyST: links to labels, pages and files, citations, words in other type."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from .model import Book, Page, link_between
from .pages import own_title

_TARGET = re.compile(r"(.*)<([^<>]+)>\s*$", re.DOTALL)
_REFERENCES = ("ref", "numref", "eq", "any", "prf:ref", "std:ref", "page", "figure")
_ENDINGS = ("", ".md", ".ipynb", ".markdown", ".myst", "/index.md")
_CODE = ("code", "command", "file", "program", "option", "envvar", "samp", "py:func", "py:class", "func",
         "class", "meth", "mod", "attr", "data", "literal")  # fmt: skip
_BOLD = ("guilabel", "menuselection", "strong", "dfn")
_TAGS = {"sub": "sub", "sup": "sup", "kbd": "kbd", "subscript": "sub", "superscript": "sup"}
_NOTHING = ("fa", "fas", "fab", "far", "octicon", "material-regular", "bdg")


@dataclass
class Labels:
    """Pages and words by label, pages by file."""

    places: dict[str, tuple[Page, str]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: {"fig": 0, "tbl": 0, "eq": 0})


def label_id(label: str) -> str:
    """Return the id of a label: one of HTML has no spaces."""
    return "-".join(label.split())


def role_text(match: re.Match[str], text: str, page: Page, book: Book) -> str:
    """Return a role as Markdown; one that is not understood as its words."""
    name, content = match[1].casefold(), " ".join(match[3].split())
    named = _TARGET.match(content)
    link_text, target = (named[1].rstrip(), named[2]) if named else ("", content)
    if name in _REFERENCES:
        return _reference(name, link_text, target, page, book)
    if name == "doc":
        return page_link(link_text, target, page, book)
    if name == "download":
        return link_text or f"`{target}`"
    if name.startswith("cite"):
        return _cited(name, content, page, book)
    if name == "math":
        return f"${content}$"
    if name in _CODE:
        return f"`{link_text or content}`"
    if name in _BOLD:
        return f"**{content.replace('&', '')}**"
    if name in _TAGS:
        return f"<{_TAGS[name]}>{content}</{_TAGS[name]}>"
    if name == "index":
        book.report.changed["entries of an index, of which the words are printed"] += 1
        return link_text or content.removeprefix("!")
    if name == "glue" or name.startswith("glue:"):
        book.report.changed["values that code computes, printed by their names"] += 1
        return f"`{content}`"
    if name in ("term", "abbr", "emphasis", "ul", "u"):
        return link_text or content
    if name in _NOTHING:
        return ""
    book.report.miss(f"the role {{{name}}}", page.name)
    return link_text or content


def _reference(name: str, link_text: str, label: str, page: Page, book: Book) -> str:
    labels: Labels = book.__dict__["labels"]
    place = labels.places.get(label)
    if place is None:
        if name == "any":
            return page_link(link_text, label, page, book)
        book.report.miss("references to labels that are not there", f"{page.name}: {label}")
        return link_text or label
    shown = (
        re.sub(r"\{number\}|%s", place[1].rpartition(" ")[2], link_text) if link_text else place[1]
    )
    address = "" if place[0] is page else link_between(page, place[0].name)
    return f"[{shown or label}]({address}#{label_id(label)})"


def page_link(link_text: str, target: str, page: Page, book: Book) -> str:
    """Return a link to a page; one without words has the page's title."""
    base = book.folder if target.startswith("/") else page.path.parent
    by_path = {one.path: one for one in book.pages()}
    for ending in _ENDINGS:
        path: Path | None = book.sources.file(base / (target.strip("/") + ending))
        if path is not None and path in by_path:
            one = by_path[path]
            words = link_text or own_title(book.sources, path) or one.title or target
            return f"[{words}]({link_between(page, one.name)})"
    book.report.miss("links to pages that are not there", f"{page.name}: {target}")
    return link_text or target


def _cited(name: str, content: str, page: Page, book: Book) -> str:
    works = book.__dict__["references"].bibliography
    keys = [key.strip() for key in content.split(",")]
    if works is None or any(key not in works for key in keys):
        book.report.miss("citations of works that no bibliography has", f"{page.name}: {content}")
        return f"({content})"
    book.__dict__["references"].cited.setdefault(page.name, []).extend(keys)
    in_text = name in ("cite:t", "cite:ts", "cite:ct") and len(keys) == 1
    return str(works.cite([(key, "", "") for key in keys], in_text=in_text))
