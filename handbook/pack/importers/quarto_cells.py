"""Read the shortcodes and the code cells of Quarto."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .includes import DEEPEST, find_file, line_range, note_include
from .model import Book, Page
from .quarto_figures import cell_figure
from .rewriting import attributes_of, fence_title, pieces
from .sources import front_matter, read_mapping, table, words

_SHORTCODE = re.compile(r"\{\{<\s*(/?[\w-]+)((?:[^>{]|>(?!\}\})|\{(?!\{<))*?)/?>\}\}")
_CELL = re.compile(r"^([ \t>]*)(`{3,}|~{3,})[ \t]*\{[ \t]*(=?)\.?([\w+-]*)([^{}]*)\}[ \t]*$")
_OPTION_LINE = re.compile(r"^[ \t]*(?:#|//|%%|--)\|(.*)$")
_OPTION = re.compile(r"^[ \t]*(?:#|//|%%|--)\|[ \t]*([\w.-]+):[ \t]*(.*)$")
_CHUNK_OPTION = re.compile(r"(?<![\w.-])([\w.-]+)\s*=\s*(\"[^\"]*\"|'[^']*'|[^,\s]+)")
_INLINE_CODE = re.compile(r"(?<!`)`(?:r|\{(?:r|python|julia)\})[ ]([^`\n]+)`(?!`)")
# A call whose first argument is a text, and the others; functions that a book defines for such.
_CALL = re.compile(r"([\w.]+)\([ \t]*(\"[^\"]*\"|'[^']*')[ \t]*(,[^()]*)?\)")
# A function of which the text is a file's name makes words of what is in it.
_FILE = re.compile(r"[\w./ -]+\.[A-Za-z]\w{0,4}")
_HELPER = re.compile(
    r"(?:x?ref|link|index|define|gloss|glossary|gls|term|pkg|package|func?|cls|class|code|kbd|abbr)(?:_\w+)?"
)
_FUNCTION = re.compile(
    r"^[ \t]*(?:([\w.]+)[ \t]*(?:<-|=)[ \t]*(?:function[ \t]*\(|\\\()|def[ \t]+(\w+)[ \t]*\()",
    re.MULTILINE,
)
_WITH_FUNCTIONS = (".R", ".r", ".qmd", ".Rmd", ".rmd", ".py")
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
        name, arguments = match[1], match[2].strip()
        if name == "include" and depth < DEEPEST:
            file = find_file(book, page, arguments.split(" ")[0].strip("\"'"), book.folder)
            if file is None:
                return match[0]
            note_include(book, page, file)
            inner = book.sources.text(file)
            return with_shortcodes(
                inner[front_matter(inner)[1] :].rstrip("\n"), page, book, depth + 1
            )
        if name in ("video", "embed", "audio"):
            address = arguments.split(" ")[0].strip("\"'")
            return f"[{address}]({address})"
        if name == "kbd":
            return "".join(
                f"<kbd>{key}</kbd>" for key in arguments.split("=")[0].strip("\"'").split()
            )
        if name in ("var", "meta"):
            value: object = {**book.settings, **page.front} if name == "meta" else _variables(book)
            for part in arguments.split("."):
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


@dataclass(slots=True)
class Cell:
    """A fenced block of Pandoc's: its fence, whether its code is run, its options, its code."""

    fence: re.Match[str]
    executed: bool
    options: dict[str, str]
    lines: list[str]


def read_cell(piece: str) -> Cell | None:
    """Return the cell that a fenced block is, or None for another block."""
    lines = piece.split("\n")
    match = _CELL.match(lines[0])
    if not match:
        return None
    executed = (
        not match[3]
        and not re.match(r"^[ \t>]*[`~]{3,}[ \t]*\{[ \t]*\.", lines[0])
        and match[4].casefold() in _ENGINES
    )
    options: dict[str, str] = {}
    if executed:
        pairs = _CHUNK_OPTION.findall(match[5])
        options = {key.replace(".", "-"): value.strip("\"'") for key, value in pairs}
        if label := re.match(r"[ \t]*(?:,[ \t]*)?([\w:.-]+)[ \t]*(?:,|$)", match[5]):
            options["label"] = label[1]
    kept: list[str] = []
    for line in lines[1:]:
        option = _OPTION.match(line) if executed else None
        more = _OPTION_LINE.match(line) if executed and options and not kept else None
        if option and not (more and option[2].startswith("//")):
            options[option[1].replace(".", "-")] = _unquoted(option[2])
        elif more:
            # A value may go on below its key.
            options[[*options][-1]] += f" {more[1].strip()}"
        else:
            kept.append(line)
    return Cell(match, executed, options, kept)


def _unquoted(value: str) -> str:
    value = value.strip()
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value


def with_code_cells(text: str, page: Page, book: Book) -> str:
    """Give cells of code a plain fence, without options; those not to be shown are left out."""
    parts: list[str] = []
    echo = _echo(page, book)
    for code, piece in pieces(text):
        cell = read_cell(piece) if code else None
        if not cell:
            parts.append(piece if code else _INLINE_CODE.sub(lambda m: _inline(m, book), piece))
            continue
        if cell.fence[3]:
            # Raw text of another format: HTML stays, LaTeX is left out.
            inner = "\n".join(cell.lines[:-2] if not cell.lines[-1] else cell.lines[:-1])
            parts.append(inner + "\n" if cell.fence[4].startswith("html") else "\n")
            continue
        if not cell.executed:
            _include(cell, page, book)
        parts.append(_printed(cell, echo, page, book))
    return "".join(parts)


def _include(cell: Cell, page: Page, book: Book) -> None:
    """Put the file that a block names into it, as filters of Pandoc do: `{.c include="a.c"}`."""
    attributes = attributes_of(cell.fence[4] + cell.fence[5])
    name = attributes.get("include")
    if not name or any(line.strip() for line in cell.lines[:-2]):
        return
    if file := find_file(book, page, name, book.folder):
        note_include(book, page, file)
        first, last = attributes.get("startLine", ""), attributes.get("endLine", "")
        code = line_range(book.sources.text(file).rstrip("\n"), first, last)
        cell.lines[:0] = [cell.fence[1] + line for line in code.split("\n")]


def _echo(page: Page, book: Book) -> str:
    """Return whether code is printed where its cell does not say."""
    for settings in (page.front, book.settings):
        value = table(settings.get("execute")).get("echo")
        if value is not None:
            return str(value).casefold()
    return "true"


def _printed(cell: Cell, echo: str, page: Page, book: Book) -> str:
    options = {"echo": echo, **cell.options} if cell.executed else {}
    if cell.executed:
        book.report.changed["code cells, whose results are not computed"] += 1
    code, figure = "", ""
    if any(options.get(key, "").casefold() in ("false", "f") for key in ("echo", "include")):
        book.report.changed["code cells that are not to be shown"] += 1
    else:
        code = "\n".join(_fenced(cell))
    if cell.executed:
        figure, uncomputed = cell_figure(options, "\n".join(cell.lines), cell.fence[1], page, book)
        if uncomputed:
            book.report.changed["figures that code draws, of which the captions are printed"] += 1
    return f"{code}\n{figure}\n\n" if figure else code or "\n"


def _inline(match: re.Match[str], book: Book) -> str:
    """Return code in the text that would be run, without its language.

    Of a function that makes words from words (`ref("lrn()")`), those are printed.
    """
    call = _CALL.fullmatch(match[1].strip())
    if call and not _FILE.fullmatch(call[2][1:-1]) and _makes_words(call[1], book):
        book.report.changed["calls in the text, of which the words are printed"] += 1
        named = re.search(
            r"(?<![\w.])(?:text|label)[ \t]*=[ \t]*(\"[^\"]*\"|'[^']*')", call[3] or ""
        )
        words_ = (named[1] if named else call[2])[1:-1]
        return f"`{words_}`" if re.search(r"[()_$:.]\S|\(\)", words_) else words_
    book.report.changed["code in the text, whose results are not computed"] += 1
    # What is only given a name prints nothing.
    return "" if re.match(r"[\w.]+\s*(?:<-|=(?!=))", match[1]) else f"`{match[1]}`"


def _makes_words(function: str, book: Book) -> bool:
    """Return whether a function is one of the book's own, or has a name that such ones have."""
    if _HELPER.fullmatch(function):
        return True
    if "functions" not in book.__dict__:
        files = (p for p in book.sources.walk(book.sources.root) if p.suffix in _WITH_FUNCTIONS)
        names = {name for p in files for name in _FUNCTION.findall(book.sources.text(p))}
        book.__dict__["functions"] = {one for name in names for one in name if one}
    return function in book.__dict__["functions"]


def _fenced(cell: Cell) -> list[str]:
    """Return the lines of a cell as code; its fence is longer than any in it."""
    lines = [_fence(cell.fence, cell.executed), *cell.lines]
    fence = cell.fence[2]
    last = next((at for at in range(len(lines) - 1, 0, -1) if lines[at].strip()), 0)
    inner = [re.match(rf"[ \t>]*({fence[0]}+)", line) for line in lines[1:last]]
    longest = max((len(match[1]) for match in inner if match), default=0)
    if longest >= len(fence) and lines[last].strip(" \t>") == fence:
        for at in (0, last):
            lines[at] = lines[at].replace(fence, fence[0] * (longest + 1), 1)
    return lines


def _fence(match: re.Match[str], executed: bool) -> str:
    attributes = attributes_of(match[5])
    title = attributes.get("filename") or attributes.get("lst-cap") or attributes.get("title")
    return f"{match[1]}{match[2]}{match[4]}" + fence_title("" if executed else title or "")
