"""Read a MkDocs site: nav, snippets, the language of its theme."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from ...core.diagnostics import error
from ...core.files import is_file, is_folder
from .emoji import emoji_names
from .includes import DEEPEST, find_file, line_range, note_include, section
from .mkdocs_folders import mkdocs_folder
from .mkdocs_plugins import (
    filled_macros,
    included_markdown,
    languages_of,
    markdown_in_html,
    plugins_of,
)
from .model import NOTEBOOKS_TOO, PAGES, Book, Entry, Group, Page
from .pages import FIRST, NO_SUFFIXES, OTHER_LANGUAGES, PageFinder, named_title, own_title
from .pymdown import pymdown_marks
from .pymdown_blocks import plain_blocks
from .rewriting import (
    bars_in_tables,
    code_ranges,
    ended_html,
    indented,
    outside_fences,
    unclosed_headings,
    whole_tables,
)
from .sources import Sources, read_mapping, table, words
from .summary import plain_title, read_summary

# ProperDocs and Zensical continue MkDocs, with the same settings.
CONFIGS = (
    "mkdocs.yml", "mkdocs.yaml", "properdocs.yml", "properdocs.yaml", "zensical.toml", "zensical.yml",
)  # fmt: skip
_SNIPPET = re.compile(r"^([ \t>]*)(;*)(-+8<-+)[ \t]+([\"'])(.+?)\4[ \t]*$", re.MULTILINE)
_SNIPPETS = re.compile(
    r"^([ \t>]*)(-+8<-+)[ \t]*\n((?:(?!\1-+8<-+[ \t]*$).*\n)*?)\1-+8<-+[ \t]*$", re.MULTILINE
)
_API = re.compile(
    r"^([ \t]*):::[ \t]+((?:\w+\.)+\w+)[ \t]*\n(?:\1[ \t]{2,}[^\n]*\n|[ \t]*\n(?=\1[ \t]{4}))*",
    re.MULTILINE,
)
_TO_API = re.compile(r"\[([^\[\]\n]+|`[^`\n]+`)\]\[((?:\w+\.)*\w+|)\](?!\()")
_DEFINED = re.compile(r"^[ ]{0,3}\[([^\[\]\n]+)\]:", re.MULTILINE)
_PARTED = re.compile(
    r"((?<![\]!\\])\[[^\[\]]{1,500}\])[ ]?(?:\n[ \t]*|(?<=[ ]))\[([^\[\]\n]{1,200})\](?![(:])"
)
_CLICK = re.compile(
    r"^:::[ \t]+mkdocs-click[ \t]*\n(?:[ \t]+\S[^\n]*\n?|\n(?=[ \t]))*", re.MULTILINE
)
_FILE = re.compile(r"^([ \t>]*)\{([*!])>?[ \t]*([\w./-]+\.\w+)([^}\n]*)\2\}[ \t]*$", re.MULTILINE)
_COLOURED = re.compile(r"(?<!`)(`+)(?:#!|:::)[\w+.#-]+[ ]+(?=[^`\n])")
_BARE = re.compile(
    r"^(#{1,6}[ \t][^\n{}]{1,400}?)[ ]{1,4}\{:?[ ]*[\w-]+(?:[ ]+[\w-]+)*[ ]*\}[ \t]*$", re.MULTILINE
)
_TERMINAL = re.compile(
    r"^([ \t]*<div class=\"?termy\"?>\s*?\n[ \t]*```[^\n]*\n)((?:(?![ \t]*```)[^\n]*\n)*)([ \t]*```)",
    re.MULTILINE,
)
_COLOURS = re.compile(r"</?(?:font|span|b|i|u|em|strong|code|small)\b[^<>]*>", re.IGNORECASE)
_LANGUAGES = {".py": "python", ".yml": "yaml", ".rs": "rust", ".md": "markdown"}
_DEEPEST_NAV = 30


def is_mkdocs(root: Path) -> bool:
    """Return whether the folder has a mkdocs.yml, or what the tools that continue MkDocs read."""
    return any((root / name).is_file() for name in CONFIGS)


def read_mkdocs(sources: Sources, root: Path) -> Book:
    """Return the site.  Raises HandbookError if its configuration or its folder cannot be read."""
    path = next(root / name for name in CONFIGS if (root / name).is_file())
    config = read_mapping(path)
    if path.suffix == ".toml":
        config = table(config.get("project"))
    languages = languages_of(config)
    config = {**config, **languages.settings}
    folder = _pages_folder(sources, root, config, path)
    book = Book("a MkDocs site", "", sources, folder, [], settings=config)
    plugins = plugins_of(config)
    endings = NOTEBOOKS_TOO if "mkdocs-jupyter" in plugins else PAGES
    if languages.layout == "folder" and (inner := sources.folder(folder / languages.default)):
        for other in sorted(languages.others):
            if sources.folder(folder / other):
                book.report.leave_out(OTHER_LANGUAGES, sources.relative(folder / other))
        book.folder = folder = inner
    suffixes = (
        (languages.default, languages.others) if languages.layout == "suffix" else NO_SUFFIXES
    )
    finder = PageFinder(book, endings, suffixes)
    nav = config.get("nav") or config.get("pages")
    indexes = "navigation.indexes" in str(table(config.get("theme")).get("features"))
    summary = sources.file(folder / "SUMMARY.md")
    if isinstance(nav, list):
        book.entries = list(_nav(nav, finder, indexes))
    elif summary and "literate-nav" in plugins:
        book.entries = read_summary(sources.text(summary), finder.take, book.report.leave_out)
        finder.skip(summary)
    if not book.entries:
        finder = PageFinder(book, endings, suffixes)
        book.entries = mkdocs_folder(finder, folder, indexes)
    finder.leftovers("not in nav")
    pages = book.pages()
    book.title = words(config.get("site_name")) or (
        named_title(sources, root, pages[0].path if pages else None)
    )
    book.about = {
        key: value
        for key, value in {
            "author": words(config.get("site_author")),
            "description": words(config.get("site_description")),
            "language": _language(config),
        }.items()
        if value
    }
    _set_rewrites(book, config, plugins, root)
    return book


def _pages_folder(sources: Sources, root: Path, config: dict[str, Any], path: Path) -> Path:
    """Return the folder of pages; `path` is the file with the configuration."""
    named = words(config.get("docs_dir")) or "docs"
    folder = sources.folder(root / named)
    if folder is None:
        outside = is_folder(root / named)
        raise error(
            f"the folder of pages {named!r} "
            + ("is outside the site" if outside else "does not exist"),
            at=path,
            hint="name a folder that has both with --from"
            if outside
            else "say where it is with docs_dir",
        )
    return folder


def _set_rewrites(book: Book, config: dict[str, Any], plugins: Collection[str], root: Path) -> None:
    """Set the functions that turn what the site's plug-ins and extensions add into Markdown."""
    extensions = _extensions(config)
    if "pymdownx.snippets" in extensions:
        book.settings = {**config, "snippets": extensions["pymdownx.snippets"], "root": root}
        book.rewrites = (_snippets,)
    if "pymdownx.inlinehilite" in extensions:
        book.rewrites = (*book.rewrites, _without_languages)
    book.rewrites = (*book.rewrites, *pymdown_marks(extensions))
    if any(name.startswith("pymdownx.blocks") for name in extensions):
        book.rewrites = (*book.rewrites, plain_blocks)
    if "attr_list" in extensions:
        book.rewrites = (*book.rewrites, _without_bare_attributes)
    if {"md_in_html", "extra"} & {name.removeprefix("markdown.extensions.") for name in extensions}:
        book.rewrites = (*book.rewrites, markdown_in_html)
    if "include-markdown" in plugins:
        book.rewrites = (included_markdown, *book.rewrites)
    if "macros" in plugins:
        book.rewrites = (*book.rewrites, filled_macros)
    hooks = config.get("hooks")
    for name in hooks if isinstance(hooks, list) else ():
        book.report.miss("hooks, programs that change pages", words(name))
    book.rewrites = (
        _files,
        *book.rewrites,
        _terminals,
        bars_in_tables,
        whole_tables,
        ended_html,
        unclosed_headings,
        _joined_references,
        _without_api,
        _without_clicks,
        emoji_names,
    )


def _language(config: dict[str, Any]) -> str:
    theme = table(config.get("theme"))
    return words(theme.get("language") or theme.get("locale")).replace("_", "-")


def _extensions(config: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the Markdown extensions by name, with their settings."""
    by_name: dict[str, dict[str, Any]] = {}
    extensions = config.get("markdown_extensions")
    for entry in extensions if isinstance(extensions, list) else [extensions]:
        if isinstance(entry, dict):
            by_name |= {str(name): table(value) for name, value in entry.items()}
        elif isinstance(entry, str):
            by_name[entry] = {}
    for family in ("pymdownx", "zensical"):
        # TOML has [markdown_extensions.pymdownx.snippets] as tables in one another.
        below = table(by_name.get(family))
        by_name |= {f"{family}.{name}": table(value) for name, value in below.items()}
    if "pymdownx.extra" in by_name or "zensical" in by_name:
        by_name.setdefault("pymdownx.superfences", {})
    return by_name


def _nav(nav: Sequence[Any], finder: PageFinder, indexes: bool, depth: int = 0) -> Iterator[Entry]:
    """Yield the entries of a nav that are files; a file that is named twice is taken once."""
    for item in nav if depth < _DEEPEST_NAV else ():
        for title, target in item.items() if isinstance(item, dict) else [("", item)]:
            if isinstance(target, list):
                index = None
                named = plain_title(title)
                # A section without a title has that of its first page.
                if (indexes or not named) and target and isinstance(target[0], str):
                    index = finder.take(target[0]) if Path(target[0]).stem in FIRST else None
                below = list(_nav(target[1:] if index else target, finder, indexes, depth + 1))
                if index and not named:
                    named = own_title(finder.book.sources, index.path)
                if below and named:
                    yield Group(named, below, index)
                elif index and not below:
                    index.title = plain_title(title)
                    yield index
                else:
                    yield from [index, *below] if index else below
            elif isinstance(target, str) and "://" in target:
                finder.book.report.leave_out("web addresses in nav", target)
            elif isinstance(target, str):
                folder = finder.book.sources.folder(finder.book.folder / target)
                page = None if folder else finder.take(target)
                if page:
                    page.title = plain_title(title or words(page.front.get("title")))
                    yield page
                elif folder and folder != finder.book.folder:
                    below = mkdocs_folder(finder, folder, indexes)
                    if below:
                        yield from [Group(plain_title(title), below)] if title else below


def _without_api(text: str, page: Page, book: Book) -> str:
    """Print the name alone where mkdocstrings writes a description from source code."""

    def replace(match: re.Match[str]) -> str:
        book.report.miss("descriptions that mkdocstrings makes of code", f"{page.name}: {match[2]}")
        return f"{match[1]}`{match[2]}`\n"

    if ":::" in text:
        text = outside_fences(text, lambda piece: _API.sub(replace, piece))
    defined = {label.casefold() for label in _DEFINED.findall(text)}

    def link(match: re.Match[str]) -> str:
        label = match[2] or match[1].strip("`")
        if label.casefold() in defined or not re.fullmatch(r"[\w.]+", label):
            return match[0]
        book.report.miss("links to what mkdocstrings describes", f"{page.name}: {label}")
        return match[1]

    return outside_fences(text, lambda piece: _TO_API.sub(link, piece))


def _joined_references(text: str, page: Page, book: Book) -> str:
    """Join the words of a link and its label, which Python-Markdown finds after white space too."""
    defined = {label.casefold() for label in _DEFINED.findall(text)}
    if not defined:
        return text
    code = list(code_ranges(text))

    def join(match: re.Match[str]) -> str:
        # The words may be code, but not the bracket before them.
        before = bisect_right(code, (match.start(), len(text))) - 1
        in_code = before >= 0 and match.start() < code[before][1]
        known = " ".join(match[2].split()).casefold() in defined
        return match[1] + f"[{match[2]}]" if known and not in_code else match[0]

    return _PARTED.sub(join, text)


def _without_languages(text: str, page: Page, book: Book) -> str:
    """Print code in a line without the language that says how it is coloured."""
    return outside_fences(text, lambda piece: _COLOURED.sub(r"\1", piece))


def _without_bare_attributes(text: str, page: Page, book: Book) -> str:
    """Leave out attributes of headings that have no value, as in `# Title { data-x }`."""
    return outside_fences(text, lambda piece: _BARE.sub(r"\1", piece))


def _terminals(text: str, page: Page, book: Book) -> str:
    """Print what a terminal of termynal shows: its colours are tags of HTML."""

    def plain(match: re.Match[str]) -> str:
        return match[1] + html.unescape(_COLOURS.sub("", match[2])) + match[3]

    return _TERMINAL.sub(plain, text) if "termy" in text else text


def _without_clicks(text: str, page: Page, book: Book) -> str:
    """Leave out what mkdocs-click fills in from a program."""

    def replace(match: re.Match[str]) -> str:
        book.report.miss("descriptions that mkdocs-click makes of a program", page.name)
        return ""

    return outside_fences(text, lambda piece: _CLICK.sub(replace, piece)) if ":::" in text else text


def _files(text: str, page: Page, book: Book) -> str:
    """Put in the files of `{* path *}`, which are code, and of `{! path !}`, which are text."""

    def put_in(match: re.Match[str]) -> str:
        file = find_file(book, page, match[3], book.folder, book.sources.root)
        if file is None:
            return match[0]
        note_include(book, page, file)
        lines = book.sources.text(file).rstrip("\n")
        if wanted := re.search(r"\bln\[([^\]]*)\]", match[4]):
            ranges = [_bounds(part) for part in wanted[1].split(",")]
            lines = "\n".join(line_range(lines, *part, counted=False) for part in ranges)
        if match[2] == "*":
            lines = f"```{_LANGUAGES.get(file.suffix, file.suffix[1:])}\n{lines}\n```"
        return match[1] + indented(lines, match[1])

    return _FILE.sub(put_in, text) if "{*" in text or "{!" in text else text


def _snippets(text: str, page: Page, book: Book) -> str:
    """Put in the snippets of PyMdown, and those that are appended to every page."""
    options = table(book.settings.get("snippets"))
    text = _put_in(text, page, book)
    appended = options.get("auto_append")
    for name in appended if isinstance(appended, list) else [appended]:
        if isinstance(name, str) and (file := _find(name, book)):
            text += "\n\n" + _put_in(book.sources.text(file), page, book, 1)
    return text


def _put_in(text: str, page: Page, book: Book, depth: int = 0) -> str:
    def snippet(name: str, margin: str) -> str | None:
        name = name.strip()
        if not name or name.startswith(";"):
            return ""
        if "://" in name:
            book.report.miss("snippets on the web", f"{page.name}: {name}")
            return None
        file, _, wanted = name.partition(":")
        path = _find(file, book) if depth < DEEPEST else None
        if path is None:
            book.report.miss("snippets whose file is not there", f"{page.name}: {name}")
            return None
        note_include(book, page, path)
        included = book.sources.text(path).rstrip("\n")
        first = wanted.partition(":")[0]
        if wanted and (first.isdecimal() or not first):
            parts = [line_range(included, *_bounds(one)) for one in wanted.split(",")]
            included = "\n".join(parts)
        else:
            included = section(included, first)
        return indented(_put_in(included, page, book, depth + 1), margin)

    def one(match: re.Match[str]) -> str:
        if match[2]:
            return f"{match[1]}{match[2][1:]}{match[3]} {match[4]}{match[5]}{match[4]}"
        included = snippet(match[5], match[1])
        return match[0] if included is None else match[1] + included

    def several(match: re.Match[str]) -> str:
        parts = [snippet(line.strip(" \t>"), match[1]) for line in match[3].split("\n")]
        return "\n\n".join(match[1] + part for part in parts if part)

    if "8<" not in text:
        return text
    return _SNIPPET.sub(one, _SNIPPETS.sub(several, text))


def _bounds(part: str) -> tuple[str, str]:
    first, _, last = part.partition(":")
    return first, last


def _find(name: str, book: Book) -> Path | None:
    root = book.settings["root"]
    bases = table(book.settings.get("snippets")).get("base_path") or ["."]
    for base in bases if isinstance(bases, list) else [bases]:
        place = root / str(base)
        if is_file(place) and place.name == name:
            return book.sources.file(place)
        if file := book.sources.file(place / name):
            return file
    return None
