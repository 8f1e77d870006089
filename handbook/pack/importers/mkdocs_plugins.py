"""Do what plug-ins of MkDocs do with a page: include-markdown, macros; know the pages of i18n."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any

from ...core.values import frozen
from .includes import DEEPEST, note_include
from .links import moved_links
from .model import Book, Page
from .rewriting import attributes_of, indented, outside_fences, pieces
from .sources import front_matter, table, words

_INCLUDE = re.compile(
    r"^([ \t>]*)?\{%-?\s*(include-markdown|include)\s+(?:\"([^\"\n]+)\"|'([^'\n]+)')"
    r"((?:[^%]|%(?!\}))*?)-?%\}",
    re.MULTILINE,
)
_WITH_MARKDOWN = re.compile(
    r"^([ \t]*)<(div|figure|figcaption|section|article|aside|details|center|main|header|footer|p)\b"
    r"([^<>\n]*?)[ \t]markdown(?:=(?:\"(?:1|block)?\"|'(?:1|block)?'|1|block))?(?=[ \t>])"
    r"([^<>\n]*)>(.*)$",
    re.MULTILINE,
)
_HEADING = re.compile(r"^(#{1,6})(?=[ \t])", re.MULTILINE)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_OF_A_LANGUAGE = ("nav", "site_name", "site_author", "site_description")
_RAW = re.compile(r"\{%-?\s*(?:end)?raw\s*-?%\}")


def plugins_of(config: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the plug-ins by name, with their settings."""
    plugins = config.get("plugins")
    by_name: dict[str, dict[str, Any]] = {}
    for entry in plugins if isinstance(plugins, list) else [plugins]:
        if isinstance(entry, dict):
            by_name |= {str(name): table(value) for name, value in entry.items()}
        elif isinstance(entry, str):
            by_name[entry] = {}
    return by_name


# ------------------------------------------------------------------------ include-markdown


def included_markdown(text: str, page: Page, book: Book) -> str:
    """Put in the files of `{% include-markdown "…" %}` and `{% include "…" %}`."""
    return _included(text, page, book, page.path, 0)


def _included(text: str, page: Page, book: Book, path: Path, depth: int) -> str:
    def put_in(match: re.Match[str]) -> str:
        margin, kind, name = match[1] or "", match[2], match[3] or match[4]
        files = list(_files(name, path, book)) if depth < DEEPEST else []
        if not files:
            where = f"{page.name}: {name}"
            book.report.miss("includes whose file is not there", where)
            return match[0]
        attributes = attributes_of(match[5])
        parts = [_part(kind, attributes, one, page, book, depth) for one in files]
        whole = "\n".join(parts).strip("\n")
        if _flag(attributes, "preserve-includer-indent", True):
            whole = indented(whole, margin)
        return margin + whole

    return _INCLUDE.sub(put_in, text) if "{%" in text else text


def _files(name: str, path: Path, book: Book) -> Iterator[Path]:
    """Yield the files that a directive names, from its own file or from the folder of pages."""
    for folder in (path.parent, book.folder):
        if "*" in name:
            below = book.sources.folder(folder)
            files = book.sources.matching(name, below) if below else []
        else:
            file = book.sources.file(folder / name.lstrip("/"))
            files = [file] if file else []
        if files:
            yield from files
            return


def _part(
    kind: str, attributes: dict[str, str], file: Path, page: Page, book: Book, depth: int
) -> str:
    note_include(book, page, file)
    text = book.sources.text(file)
    if kind == "include-markdown":
        text = text[front_matter(text)[1] :]
    text = _between(
        text, _unescaped(attributes.get("start", "")), _unescaped(attributes.get("end", ""))
    )
    text = _included(text, page, book, file, depth + 1)
    if kind == "include":
        return text
    if _flag(attributes, "rewrite-relative-urls", True) and file.parent != page.path.parent:
        text = moved_links(text, file.parent, page.path.parent)
    offset = attributes.get("heading-offset", "0")
    more = int(offset) if re.fullmatch(r"-?\d", offset) else 0
    if more:
        text = outside_fences(
            text,
            lambda piece: _HEADING.sub(lambda m: "#" * min(6, max(1, len(m[1]) + more)), piece),
        )
    return text


def _between(text: str, start: str, end: str) -> str:
    """Return what lies between the marks, as often as they come."""
    if not start:
        return text.split(end, 1)[0] if end else text
    parts = text.split(start)[1:]
    return "".join(part.split(end, 1)[0] if end else part for part in parts)


def _unescaped(words_: str) -> str:
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), words_)


def _flag(attributes: dict[str, str], name: str, default: bool) -> bool:
    value = attributes.get(name, attributes.get(name.replace("-", "_")))
    return default if value is None else value.strip() == "true"


# ------------------------------------------------------------------------------- md_in_html


def markdown_in_html(text: str, page: Page, book: Book) -> str:
    """Let Markdown inside elements of HTML with the attribute `markdown` be read as such."""
    if "markdown" not in text or not _WITH_MARKDOWN.search(text):
        return text
    written = [
        (code, line) for code, piece in pieces(text) for line in piece.splitlines(keepends=False)
    ]
    return "\n".join(_opened(written)) + ("\n" if text.endswith("\n") else "")


def _opened(lines: Sequence[tuple[bool, str]]) -> Iterator[str]:
    """Yield lines with blank ones around what is inside such an element, in line with its tag."""
    stack: list[_OpenElement] = []
    for code, line in lines:
        if stack:
            line = stack[-1].in_line(line)
        opening = None if code else _WITH_MARKDOWN.match(line)
        if opening:
            stack.append(_OpenElement(opening[2], opening[1]))
            yield f"{opening[1]}<{opening[2]}{opening[3]}{opening[4]}>"
            yield ""
            line = opening[1] + opening[5].strip()
        closing = stack[-1].closing(line) if stack and not code else None
        if closing is None:
            if line.strip() or not opening:
                yield line
            continue
        before, end, after = line[: closing.start()], closing[0], line[closing.end() :]
        margin = stack.pop().margin
        if before.strip():
            yield before
        yield ""
        yield f"{margin}{end}"
        yield ""
        if after.strip():
            yield margin + after.strip()


class _OpenElement:
    """An element whose end is to come: its name, its margin, and that of what is inside."""

    def __init__(self, name: str, margin: str) -> None:
        self.name = name
        self.margin = margin
        self.depth = 1
        self.inner: int | None = None
        self.tags = re.compile(rf"<(/?){name}\b[^<>]*>", re.IGNORECASE)

    def in_line(self, line: str) -> str:
        """Return a line inside the element, as far from its tag as from its first line."""
        if not line.strip():
            return line
        indent = len(line) - len(line.lstrip(" "))
        if self.inner is None:
            self.inner = max(indent, len(self.margin))
        return line[max(0, min(indent, self.inner) - len(self.margin)) :]

    def closing(self, line: str) -> re.Match[str] | None:
        """Return where the element ends, if it does in this line."""
        for match in self.tags.finditer(line):
            self.depth += -1 if match[1] else 1
            if not self.depth:
                return match
        return None


# ---------------------------------------------------------------------------------- macros


def filled_macros(text: str, page: Page, book: Book) -> str:
    """Fill in the variables that mkdocs.yml has; what a program fills in is reported."""
    settings = plugins_of(book.settings).get("macros", {})
    opened = words(settings.get("j2_variable_start_string")) or "{{"
    closed = words(settings.get("j2_variable_end_string")) or "}}"
    if opened not in text and "{%" not in text:
        return text
    if page.front.get("render_macros") is False or page.front.get("ignore_macros") is True:
        return text
    pattern = rf"{re.escape(opened)}((?:(?!{re.escape(closed)})[^\n]){{1,500}}){re.escape(closed)}"

    def fill(match: re.Match[str]) -> str:
        value = _value(match[1].strip(), book.settings)
        if value:
            return value
        book.report.miss("macros, which a program fills in", book.where(page, text, match.start()))
        return match[0]

    parts = re.split(r"(\{%-?\s*raw\s*-?%\}.*?\{%-?\s*endraw\s*-?%\})", text, flags=re.DOTALL)
    filled = [
        _RAW.sub("", part) if at % 2 else re.sub(pattern, fill, part)
        for at, part in enumerate(parts)
    ]
    return "".join(filled)


def _value(name: str, config: Mapping[str, Any]) -> str:
    """Return the value of a variable that is written down: of `extra`, or `config.` and a key."""
    keys = name.split(".")
    if not all(re.fullmatch(r"\w+", key) for key in keys):
        return ""
    value: object = table(config.get("extra"))
    if keys[0] == "config":
        keys, value = keys[1:], config
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return words(value)


# ------------------------------------------------------------------------------------ i18n


@frozen
class Languages:
    """How a site of several languages is laid out: `index.fr.md` ("suffix") or `fr/index.md`
    ("folder"), which language is its first, which are the others, and what the first one sets."""

    layout: str = ""
    default: str = ""
    others: frozenset[str] = frozenset()
    settings: Mapping[str, Any] = field(default_factory=dict)


def languages_of(config: Mapping[str, Any]) -> Languages:
    """Return what the plug-in i18n says of languages; a site without it has one."""
    settings = plugins_of(config).get("i18n")
    listed = settings.get("languages") if settings else None
    if settings is None or not isinstance(listed, list):
        return Languages()
    languages = {tag: table(one) for one in listed if (tag := words(table(one).get("locale")))}
    default = next((tag for tag, one in languages.items() if one.get("default") is True), "")
    default = default or next(iter(languages), "")
    first = languages.get(default, {})
    set_ = {key: first[key] for key in _OF_A_LANGUAGE if key in first}
    layout = words(settings.get("docs_structure")) or "suffix"
    return Languages(layout, default, frozenset(languages) - {default}, set_)
