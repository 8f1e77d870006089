"""Read an mdBook: book.toml, SUMMARY.md, includes, hidden lines."""

from __future__ import annotations

import re
from pathlib import Path

from ...core.diagnostics import error
from ...core.files import exists
from .includes import DEEPEST, anchored, find_file, line_range, note_include
from .model import Book, Page
from .pages import PageFinder, named_title
from .rewriting import attributes_of, indented, inside_fences, outside_fences
from .sources import Sources, read_mapping, table, words
from .summary import read_summary

_DIRECTIVE = re.compile(
    r"(\\)?\{\{\s*#(include|rustdoc_include|playground|playpen|title)\s+([^{}\n]+)\}\}"
)
_BORING = re.compile(r"^(\s*)#(.?)(.*)$")
_LISTING = re.compile(
    r"^([ \t]*)<Listing\b([^>]*)>[ \t]*$|^([ \t]*)</Listing>[ \t]*$", re.MULTILINE
)
_ADMONISH = re.compile(
    r"^([ \t>]*)(`{3,}|~{3,})[ ]*admonish\b[ ]*([\w-]*)([^\n]*)\n((?:(?![ \t>]*[`~]{3,}[ ]*admonish)[^\n]*\n)*?)\1\2[ \t]*$",
    re.MULTILINE | re.DOTALL,
)

# Preprocessors whose marks are read here, or that handbook does the work of.
_PREPROCESSORS = frozenset({"admonish", "index", "katex", "links", "mermaid"})


def is_mdbook(root: Path) -> bool:
    """Return whether the folder has a book.toml, or a SUMMARY.md in src."""
    return (root / "book.toml").is_file() or (root / "src" / "SUMMARY.md").is_file()


def read_mdbook(sources: Sources, root: Path) -> Book:
    """Return the book.  Raises HandbookError if it has no SUMMARY.md, or book.toml is malformed."""
    config = read_mapping(root / "book.toml") if (root / "book.toml").is_file() else {}
    settings = table(config.get("book"))
    source = words(settings.get("src")) or "src"
    folder = sources.folder(root / source)
    if folder is None and exists(root / source):
        raise error(
            f"the folder of pages {source!r} is outside the book",
            at=root / "book.toml",
            hint="move it into the book's folder, or name a folder that has both",
        )
    if folder is None or not (folder / "SUMMARY.md").is_file():
        folder = sources.folder(root)
    summary = sources.file(folder / "SUMMARY.md") if folder else None
    if folder is None or summary is None:
        raise error("the book has no SUMMARY.md", at=root, hint="it lists the chapters")
    book = Book("an mdBook", "", sources, folder, [], settings=config)
    finder = PageFinder(book)
    book.entries = read_summary(
        sources.text(summary), finder.take, book.report.leave_out, numbered_lists=True
    )
    finder.skip(summary)
    pages = book.pages()
    book.title = words(settings.get("title")) or (
        named_title(sources, root, pages[0].path if pages else None)
    )
    about = {"author": settings.get("authors"), "description": settings.get("description"),
             "language": settings.get("language")}  # fmt: skip
    book.about = {key: words(value) for key, value in about.items() if words(value)}
    book.rewrites = (_directives, _listings, _admonish, _without_hidden)
    for name in sorted(table(config.get("preprocessor")).keys() - _PREPROCESSORS):
        book.report.miss("preprocessors, programs that change pages", name)
    return book


def _directives(text: str, page: Page, book: Book, path: Path | None = None, depth: int = 0) -> str:
    """Replace `{{#include}}` and its like; an escaped one stays, without its backslash."""
    including = Page(path or page.path, page.name)

    def replace(match: re.Match[str]) -> str:
        escaped, name, arguments = match[1], match[2], match[3].strip()
        if escaped:
            return match[0][1:]
        if name == "title":
            return ""
        margin = re.match(r"[ \t>]*", text[text.rfind("\n", 0, match.start()) + 1 :])
        target, _, wanted = arguments.split(" ")[0].partition(":")
        file = find_file(book, including, target, book.folder) if depth < DEEPEST else None
        if file is None:
            return match[0]
        note_include(book, page, file)
        included = _part(book.sources.text(file), wanted)
        if file.suffix in (".md", ".markdown"):
            included = _directives(included, page, book, file, depth + 1)
        if name in ("playground", "playpen"):
            included = f"```rust\n{included}\n```"
        return indented(included, margin[0] if margin else "")

    return _DIRECTIVE.sub(replace, text)


def _part(text: str, wanted: str) -> str:
    """Return what `file:…` names: lines 2:5, 2:, :5, 2, or an anchor."""
    text = text.rstrip("\n")
    if not wanted:
        return text
    first, colon, last = wanted.partition(":")
    if (first.isdecimal() or not first) and (last.isdecimal() or not last):
        return line_range(text, first, last, counted=bool(colon))
    return anchored(text, first)


def _without_hidden(text: str, page: Page, book: Book) -> str:
    """Leave out the lines of Rust (and of other languages by setting) that mdBook hides."""
    html = table(table(book.settings.get("output")).get("html"))
    prefixes = table(table(html.get("code")).get("hidelines"))

    def change(block: str) -> str:
        first, *lines = block.split("\n")
        info = first.lstrip(" \t>-*+`~0123456789.)").strip()
        language = re.split(r"[,\s{]", info)[0].casefold()
        hidden = re.search(r"hidelines=([^\s,]+)", info)
        prefix = hidden[1] if hidden else words(prefixes.get(language))
        kept: list[str] = []
        for line in lines[:-1] if lines else []:
            if prefix:
                shown = None if line.lstrip().startswith(prefix) else line
            else:
                shown = _shown_rust(line) if language in ("rust", "rs") else line
            if shown is None:
                book.report.changed["hidden lines of code left out"] += 1
            else:
                kept.append(shown)
        return "\n".join([first, *kept, *lines[-1:]])

    return inside_fences(text, change)


def _shown_rust(line: str) -> str | None:
    match = _BORING.match(line)
    if not match or match[2] in ("!", "["):
        return line
    if match[2] == "#":
        return f"{match[1]}#{match[3]}"
    return None if match[2] in ("", " ") else line


def _listings(text: str, page: Page, book: Book) -> str:
    """Print the file's name and the caption of a `<Listing>`."""
    captions: list[str] = []

    def replace(match: re.Match[str]) -> str:
        if match[2] is None:
            return f"{match[3]}{captions.pop() if captions else ''}"
        attributes = attributes_of(match[2])
        number = f"Listing {attributes['number']}" if attributes.get("number") else ""
        captions.append(": ".join(filter(None, (number, attributes.get("caption", "")))))
        name = attributes.get("file-name", "")
        return f"{match[1]}Filename: {name}" if name else ""

    return outside_fences(text, lambda piece: _LISTING.sub(replace, piece))


def _admonish(text: str, page: Page, book: Book) -> str:
    """Turn blocks of mdbook-admonish into boxes."""

    def replace(match: re.Match[str]) -> str:
        attributes = attributes_of(match[4])
        title = attributes.get("title", "")
        quoted = re.match(r"[ ]*\"([^\"]*)\"", match[4])
        title = title or (quoted[1] if quoted else "")
        return f"{match[1]}:::{match[3] or 'note'} {title}".rstrip() + f"\n{match[5]}{match[1]}:::"

    return _ADMONISH.sub(replace, text) if "admonish" in text else text
