"""Read the shortcodes and the code cells of Quarto."""

from __future__ import annotations

import re

from .includes import DEEPEST, find_file, note_include
from .model import Book, Page
from .rewriting import attributes_of, pieces
from .sources import front_matter, read_mapping, table, words

_SHORTCODE = re.compile(r"\{\{<\s*(/?[\w-]+)((?:[^>{]|>(?!\}\})|\{(?!\{<))*?)/?>\}\}")
_CELL = re.compile(r"^([ \t>]*)(`{3,}|~{3,})[ \t]*\{[ \t]*(=?)\.?([\w+-]*)([^{}]*)\}[ \t]*$")
_OPTION_LINE = re.compile(r"^[ \t]*(?:#|//|%%|--)\|(.*)$")
_OPTION = re.compile(r"^[ \t]*(?:#|//|%%|--)\|[ \t]*([\w-]+):[ \t]*(.*)$")
_ENGINES = frozenset(
    {"r", "python", "julia", "ojs", "bash", "sh", "sql", "mermaid", "dot", "stan", "rcpp", "js"}
)


def with_shortcodes(text: str, page: Page, book: Book, depth: int) -> str:
    """Return text with includes put in, videos as links, and variables as their values."""
    if "{{<" not in text:
        return text

    def replace(match: re.Match[str]) -> str:
        if text[match.start() - 1 : match.start()] == "{":
            return match[0]
        name, given = match[1], match[2].strip()
        if name == "include" and depth < DEEPEST:
            found = find_file(book, page, given.split(" ")[0].strip("\"'"), book.folder)
            if found is None:
                return match[0]
            note_include(book, page, found)
            inner = book.sources.text(found)
            return with_shortcodes(
                inner[front_matter(inner)[1] :].rstrip("\n"), page, book, depth + 1
            )
        if name in ("video", "embed", "audio"):
            address = given.split(" ")[0].strip("\"'")
            return f"[{address}]({address})"
        if name == "kbd":
            return "".join(f"<kbd>{key}</kbd>" for key in given.split("=")[0].strip("\"'").split())
        if name in ("var", "meta"):
            value: object = {**book.settings, **page.front} if name == "meta" else _variables(book)
            for part in given.split("."):
                value = table(value).get(part)
            if words(value):
                return words(value)
        if name in ("pagebreak", "fa", "bi", "iconify", "ai"):
            return ""
        book.report.miss(f"{{{{< {name} >}}}}", book.where(page, text, match.start()))
        return match[0]

    return _SHORTCODE.sub(replace, text)


def _variables(book: Book) -> dict[str, object]:
    path = book.sources.file(book.sources.root / "_variables.yml")
    return read_mapping(path) if path else {}


def with_code_cells(text: str, page: Page, book: Book) -> str:
    """Give cells of code a plain fence, without options; those not to be shown are left out."""
    parts: list[str] = []
    for code, piece in pieces(text):
        lines = piece.split("\n")
        match = _CELL.match(lines[0]) if code else None
        if not match:
            parts.append(piece)
            continue
        if match[3]:
            # Raw text of another format: HTML stays, LaTeX is left out.
            inner = "\n".join(lines[1:-2] if not lines[-1] else lines[1:-1])
            parts.append(inner + "\n" if match[4].startswith("html") else "\n")
            continue
        executed = (
            not re.match(r"^[ \t>]*[`~]{3,}[ \t]*\{[ \t]*\.", lines[0])
            and match[4].casefold() in _ENGINES
        )
        options = (
            dict(re.findall(r"(?<![\w.-])([\w.-]+)\s*=\s*([^,\s]+)", match[5])) if executed else {}
        )
        kept = [lines[0]]
        for line in lines[1:]:
            option = _OPTION.match(line) if executed else None
            more = _OPTION_LINE.match(line) if executed and options and len(kept) == 1 else None
            if option:
                options[option[1]] = option[2]
            elif more:
                # A value may go on below its key.
                options[[*options][-1]] += f" {more[1].strip()}"
            else:
                kept.append(line)
        if executed:
            book.report.changed["code cells, whose results are not computed"] += 1
        if any(options.get(key, "").casefold() in ("false", "f") for key in ("echo", "include")):
            book.report.changed["code cells that are not to be shown"] += 1
            parts.append("\n")
            continue
        kept[0] = _fence(match, executed)
        parts.append("\n".join(kept))
    return "".join(parts)


def _fence(match: re.Match[str], executed: bool) -> str:
    given = attributes_of(match[5])
    title = given.get("filename") or given.get("lst-cap") or given.get("title")
    return f"{match[1]}{match[2]}{match[4]}" + (
        f' title="{title}"' if title and not executed else ""
    )
