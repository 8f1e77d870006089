"""Read Jupyter notebooks as Markdown: their text, their code, and the results that they keep."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

NOTEBOOK = ".ipynb"
_PICTURES = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/svg+xml": "svg"}
# Version 3 has the kinds of an output's data by short names.
_SHORT = {"png": "image/png", "jpeg": "image/jpeg", "svg": "image/svg+xml", "html": "text/html",
          "latex": "text/latex", "text": "text/plain"}  # fmt: skip
_OPTION = re.compile(r"[ \t]*(?:#|//|%%|--)[ \t]?\|[ \t]*(?:([\w-]+):?[ \t]*)?(.*)$")
_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-_])")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PICTURE_LINE = re.compile(r"^([ ]{0,3}<img\b[^>\n]*>)[ \t]*\n(?=[ ]{0,3}[^\s<])", re.MULTILINE)
_INSIDE = re.compile(r"\bdata:(image/[a-z+]+);base64,([A-Za-z0-9+/=]+)")
_TICKS = re.compile(r"^[ \t]*(`{3,})", re.MULTILINE)
_ATTACHED = re.compile(r"\battachment:([^\s()<>\"']+)")
_SCREEN = "results that need a browser, left out"
_UNREAD = "results of notebooks that cannot be printed"
_HIDDEN = "code cells that are not to be shown"
_RAW = "cells for other formats, left out"


@dataclass(slots=True)
class Notebook:
    """A notebook as Markdown, the pictures next to it by name, and what is not printed."""

    text: str = ""
    pictures: dict[str, bytes] = field(default_factory=dict)
    changed: Counter[str] = field(default_factory=Counter)


def read_notebook(data: str, stem: str) -> Notebook | None:
    """Return a notebook, or None if it is none; `stem` begins the names of its pictures."""
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        return None
    cells = _cells(content)
    if cells is None:
        return None
    reader = _Reader(
        _language(content), re.sub(r"[^A-Za-z0-9._-]+", "-", stem).strip("-") or "cell"
    )
    parts = [
        part
        for at, cell in enumerate(cells)
        if isinstance(cell, dict)
        for part in reader.cell(cell, at == 0)
    ]
    reader.book.text = "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"
    return reader.book


def _cells(content: Any) -> list[Any] | None:
    if not isinstance(content, dict):
        return None
    cells = content.get("cells")
    if cells is None and isinstance(content.get("worksheets"), list):
        cells = [
            cell
            for sheet in content["worksheets"]
            if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list)
            for cell in sheet["cells"]
        ]
    return cells if isinstance(cells, list) else None


def _language(content: dict[str, Any]) -> str:
    about = _table(content.get("metadata"))
    named = _table(about.get("language_info")).get("name")
    named = named or _table(about.get("kernelspec")).get("language")
    return named if isinstance(named, str) and re.fullmatch(r"[\w+#.-]+", named) else "python"


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    """Return text that is written as one string, or as a list of lines."""
    if isinstance(value, list):
        value = "".join(part for part in value if isinstance(part, str))
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""


def _fenced(text: str, language: str) -> str:
    longest = max((len(ticks) for ticks in _TICKS.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _without_styles(html: str) -> str:
    """Return HTML without its style sheets; one that is left open stays."""
    parts: list[str] = []
    at, plain = 0, html.lower()
    while (start := plain.find("<style", at)) >= 0 and (end := plain.find("</style", start)) >= 0:
        parts.append(html[at:start])
        closed = plain.find(">", end)
        at = closed + 1 if closed >= 0 else len(html)
    return "".join(parts) + html[at:]


def _on_paper(text: str) -> str:
    """Return what a terminal shows in the end, without colours."""
    lines = _ESCAPES.sub("", text).split("\n")
    shown = [line.rstrip("\r").rpartition("\r")[2] for line in lines]
    return _CONTROLS.sub("", "\n".join(shown)).strip("\n")


class _Reader:
    def __init__(self, language: str, stem: str) -> None:
        self.book = Notebook()
        self.language = language
        self.stem = stem

    def cell(self, cell: dict[str, Any], first: bool) -> Iterator[str]:
        """Yield the blocks of a cell; the first may be front matter."""
        source = _text(cell.get("source", cell.get("input")))
        kind = cell.get("cell_type")
        tags = {
            str(tag).replace("_", "-") for tag in _list(_table(cell.get("metadata")).get("tags"))
        }
        if "remove-cell" in tags:
            self.book.changed["cells that are not to be shown"] += 1
        elif kind == "code":
            yield from self._code(cell, source, tags)
        elif kind == "heading":
            level = cell.get("level")
            count = level if isinstance(level, int) and 1 <= level <= 6 else 1
            yield f"{'#' * count} {' '.join(source.split())}"
        elif kind == "raw":
            yield from self._raw(cell, source, first)
        else:
            # Jupyter reads Markdown right below a picture; GitHub's dialect does not.
            yield self._attached(
                _PICTURE_LINE.sub("\\1\n\n", source), _table(cell.get("attachments"))
            )

    def _raw(self, cell: dict[str, Any], source: str, first: bool) -> Iterator[str]:
        about = _table(cell.get("metadata"))
        wanted = about.get("raw_mimetype") or about.get("format") or ""
        if (first and source.startswith("---\n")) or wanted in ("text/html", "text/markdown"):
            yield source
        elif source.strip():
            self.book.changed[_RAW] += 1

    def _code(self, cell: dict[str, Any], source: str, tags: set[str]) -> Iterator[str]:
        source, options = _options(source)
        hidden = options.get("include") == "false" or options.keys() & {"hide", "hide_input"}
        if hidden or options.get("echo") == "false" or "remove-input" in tags:
            self.book.changed[_HIDDEN] += 1
        elif source.strip():
            yield _fenced(source.strip("\n"), options.get("language") or self.language)
        if options.get("include") == "false" or "hide" in options or "remove-output" in tags:
            return
        if options.get("output") == "false" or "hide_output" in options:
            return
        stream = ""
        for output in _list(cell.get("outputs")):
            output = _table(output)
            if output.get("output_type") == "stream":
                stream += _text(output.get("text"))
                continue
            yield from self._terminal(stream)
            stream = ""
            yield from self._output(output, options)
        yield from self._terminal(stream)

    def _terminal(self, text: str) -> Iterator[str]:
        if shown := _on_paper(text):
            yield _fenced(shown, "text")

    def _output(self, output: dict[str, Any], options: dict[str, str]) -> Iterator[str]:
        if output.get("output_type") in ("error", "pyerr"):
            trace = "\n".join(_text(line) for line in _list(output.get("traceback")))
            yield from self._terminal(trace or f"{output.get('ename')}: {output.get('evalue')}")
            return
        data = _table(output.get("data")) or {
            _SHORT[key]: value for key, value in output.items() if key in _SHORT
        }
        for kind in _PICTURES:
            if kind in data and (name := self._picture(data[kind], kind)):
                yield self._figure(name, kind, _table(output.get("metadata")), options)
                return
        if markdown := _text(data.get("text/markdown")):
            yield self._attached(markdown, {})
            return
        html = _without_styles(_text(data.get("text/html")))
        if html.strip() and not re.search(r"<(?:script|iframe|canvas)\b", html, re.IGNORECASE):
            html = self._attached(html.strip("\n"), {})
            yield html if "<pre" in html else re.sub(r"\n[ \t]*(?=\n)", "", html)
            return
        if latex := _text(data.get("text/latex")).strip():
            yield latex
            return
        plain = _on_paper(_text(data.get("text/plain")))
        if html.strip() or any(kind.startswith("application/") for kind in data):
            self.book.changed[_SCREEN] += 1
        elif not plain and data:
            self.book.changed[_UNREAD] += 1
        yield from self._terminal(plain)

    def _figure(self, name: str, kind: str, about: dict[str, Any], options: dict[str, str]) -> str:
        width = _table(about.get(kind)).get("width")
        size = f"{{width={width}px}}" if isinstance(width, int) and 0 < width < 10_000 else ""
        caption, alt = options.get("fig-cap", ""), options.get("fig-alt", "")
        words = re.sub(r"([\[\]])", r"\\\1", alt or caption)
        picture = f"![{words}]({name}){size}"
        if not caption:
            return picture
        target = options.get("label", "")
        place = f' id="{target}"' if re.fullmatch(r"[\w:.-]+", target) else ""
        return (
            f"<figure{place}>\n\n{picture}\n\n<figcaption>\n\n{caption}\n\n</figcaption>\n</figure>"
        )

    def _picture(self, value: Any, kind: str) -> str:
        """Keep a picture and return its name; it is empty if the picture cannot be read."""
        text = _text(value)
        if _PICTURES[kind] == "svg" and "<svg" in text:
            data = text.encode()
        else:
            try:
                data = base64.b64decode("".join(text.split()), validate=True)
            except (binascii.Error, ValueError):
                data = b""
        if not data:
            self.book.changed[_UNREAD] += 1
            return ""
        name = f"{self.stem}-{hashlib.sha256(data).hexdigest()[:12]}.{_PICTURES[kind]}"
        self.book.pictures[name] = data
        return name

    def _attached(self, source: str, attachments: dict[str, Any]) -> str:
        """Return text with the pictures that are in its cell."""

        def replace(match: re.Match[str]) -> str:
            data = _table(attachments.get(match[1]))
            kind = next((kind for kind in _PICTURES if kind in data), None)
            return (kind and self._picture(data[kind], kind)) or match[0]

        def inside(match: re.Match[str]) -> str:
            return (match[1] in _PICTURES and self._picture(match[2], match[1])) or match[0]

        return _INSIDE.sub(inside, _ATTACHED.sub(replace, source))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _options(source: str) -> tuple[str, dict[str, str]]:
    """Return code without the options at its head (`#| echo: false`), and those."""
    options: dict[str, str] = {}
    lines = source.split("\n")
    count = 0
    for line in lines:
        match = _OPTION.match(line)
        if not match:
            break
        count += 1
        if match[1]:
            options[match[1]] = match[2].strip().strip("\"'")
        elif options:
            options[[*options][-1]] += f" {match[2].strip()}"
    return "\n".join(lines[count:]), options
