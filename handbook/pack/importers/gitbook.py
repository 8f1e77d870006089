"""Read a GitBook or Honkit book: its structure, variables, hints, tabs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from ...core.files import exists
from ...core.slugs import heading_slug
from .gitbook_cards import cards
from .gitbook_site import is_gitbook_site, languages_of, shown_page, site_entries
from .includes import DEEPEST, find_file, line_range, note_include
from .js_literal import Unreadable, exported
from .model import Book, Group, Page
from .pages import PageFinder, folder_entries, named_title, own_title
from .rewriting import attributes_of, indented, outside_code, outside_fences, pieces, substitute
from .sources import Sources, front_matter, read_mapping, table, words
from .summary import read_summary

_MENTION = re.compile(r"\[[^\[\]\n]*\]\(([^()\s\"]+)[ \t]+\"mention\"\)")
_ANY_HEADING = re.compile(r"^#{1,6}[ \t]+([^\s#][^\n]*?)[ \t]*#*[ \t]*$", re.MULTILINE)
_TAG = re.compile(
    r"^([ \t>]*)\{%-?\s*(\w[\w-]*)((?:[^%{]|%(?!\})|\{(?!%))*?)-?%\}|\{%-?\s*(\w[\w-]*)((?:[^%{]|%(?!\})|\{(?!%))*?)-?%\}",
    re.MULTILINE,
)
_EXERCISE = re.compile(
    r"^\{%-?\s*exercise\s*-?%\}(.*?)\{%-?\s*endexercise\s*-?%\}", re.DOTALL | re.MULTILINE
)
_RAW = re.compile(r"\{%\s*raw\s*%\}((?:[^{]|\{(?!%\s*raw\b))*?)\{%\s*endraw\s*%\}", re.DOTALL)
_COMMENT = re.compile(r"\{#(?:[^#{]|#(?!\})|\{(?!#))*#\}")
_VARIABLE = re.compile(r"\{\{\s*book\.([\w.]+)\s*\}\}")
_IMPORT = re.compile(
    r"^([ \t]*)\[import(?::([^\],]+))?(?:,[^\]]*)?\]\(([^)\s]+)\)[ \t]*$", re.MULTILINE
)
_BOXES = {"info": "info", "success": "success", "warning": "warning", "danger": "danger", "tip": "tip",
          "note": "note", "working": "note"}  # fmt: skip

_ANCHORED = re.compile(r"\]\([ ]*<?([^()#<>\s]+)#([^()<>\s]+)>?[ ]*\)")
_HEADING = re.compile(r"^[ ]{0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
_TIGHT = re.compile(r"^(#{1,6})([^\s#!].*)$", re.MULTILINE)
_TITLE = re.compile(r"\s*#[ \t][^\n]*(?:\n|\Z)")
_SET = re.compile(
    r"^[ \t]*\{%-?\s*set\s+(\w+)\s*=\s*(?:'([^'\n]*)'|\"([^\"\n]*)\")\s*-?%\}[ \t]*\n?",
    re.MULTILINE,
)
_FILENAME = re.compile(r"\{%\s*filename\s*%\}([^\n]*?)\{%\s*endfilename\s*%\}")
# The name of a file, or a title, that is right above code.
_LABEL = re.compile(
    r"([ \t>]*)(?:\{%\s*filename\s*%\}(?P<name>.*?)\{%\s*endfilename\s*%\}"
    r"|\{%\s*code\b(?P<code>[^%]*\btitle=[^%]*)%\})[ \t]*"
)
_CONFIGS = ("book.json", ".gitbook.yaml", "book.js")


def is_gitbook(root: Path) -> bool:
    """Return whether the folder has what GitBook reads: book.json, .gitbook.yaml or a list."""
    return any((root / name).is_file() for name in (*_CONFIGS, "SUMMARY.md", "LANGS.md"))


def read_gitbook(sources: Sources, root: Path) -> Book:
    """Return the book.  Raises HandbookError if its configuration is malformed."""
    path, config = _settings(sources, root)
    book = Book("a GitBook", "", sources, sources.root, [], settings=config)
    languages = languages_of(sources, root)
    if languages:
        # Each language is a book of its own; the first is the one that its readers see first.
        root = root / languages[0]
        inner, inner_config = _settings(sources, root)
        path = inner or path
        book.settings = config = {**config, "language": languages[0], **inner_config}
        for name in languages[1:]:
            book.report.leave_out("other languages, each a book that --from can name", name)
    structure = table(config.get("structure"))
    book.folder = folder = sources.folder(root / words(config.get("root"))) or (
        sources.folder(root) or sources.root
    )
    finder = PageFinder(book)
    summary = sources.file(folder / (words(structure.get("summary")) or "SUMMARY.md"))
    readme = sources.file(folder / (words(structure.get("readme")) or "README.md"))
    if summary:
        _read_summary(book, finder, summary, readme)
    elif is_gitbook_site(root):
        book.entries = site_entries(sources, root, book, finder)
        finder.leftovers("not in the summary")
    if not book.entries:
        book.entries = folder_entries(PageFinder(book), folder)
    book.title = (
        words(config.get("title"))
        or book.title
        or (readme and own_title(sources, readme))
        or (named_title(sources, root, None))
    )
    about = {"author": config.get("author"), "description": config.get("description"),
             "language": config.get("language")}  # fmt: skip
    book.about = {key: words(value) for key, value in about.items() if words(value)}
    new = (path is not None and path.name == ".gitbook.yaml") or exists(root / ".gitbook")
    book.rewrites = (rewrite_gitbook, *((with_description, cards) if new else (_without_space,)))
    for entry in book.entries:
        if isinstance(entry, Group) and not entry.title and entry.page:
            entry.title = own_title(sources, entry.page.path)
    return book


def _settings(sources: Sources, root: Path) -> tuple[Path | None, dict[str, Any]]:
    path = next((root / name for name in _CONFIGS if (root / name).is_file()), None)
    return path, _config(path, sources) if path else {}


def _read_summary(book: Book, finder: PageFinder, summary: Path, readme: Path | None) -> None:
    sources = book.sources
    finder.skip(summary)
    book.entries = read_summary(
        sources.text(summary), lambda name: shown_page(finder, name), book.report.leave_out
    )
    if readme and (page := finder.page(readme)):
        page.title = own_title(sources, readme) or "Introduction"
        book.entries.insert(0, page)
    if (glossary := sources.file(book.folder / "GLOSSARY.md")) and (page := finder.page(glossary)):
        page.title = "Glossary"
        book.entries.append(page)
    _list_headings(book, sources.text(summary))
    finder.leftovers("not in the summary")


def _list_headings(book: Book, summary: str) -> None:
    """Let the contents have the headings that the summary names, if they are deep in their pages."""
    named: dict[str, set[str]] = {}
    for name, place in _ANCHORED.findall(summary):
        named.setdefault(unquote(name).removeprefix("./"), set()).add(unquote(place))
    for page in book.pages():
        wanted = named.get(page.path.relative_to(book.folder).as_posix())
        if wanted:
            text = "".join(
                piece for code, piece in pieces(book.sources.text(page.path)) if not code
            )
            levels = [len(m[1]) for m in _HEADING.finditer(text) if heading_slug(m[2]) in wanted]
            page.depth = max(levels, default=0) if max(levels, default=0) > 2 else 0


def _without_space(text: str, page: Page, book: Book) -> str:
    """Give headings the space that GitBook's reader of Markdown did not ask for."""
    return outside_fences(text, lambda piece: _TIGHT.sub(r"\1 \2", piece))


def with_description(text: str, page: Page, book: Book) -> str:
    """Print the description of a page below its title, where GitBook shows it."""
    shown = table(table(page.front.get("layout")).get("description")).get("visible")
    description = words(page.front.get("description"))
    if not description or shown is False:
        return text
    end = front_matter(text)[1]
    title = _TITLE.match(text, end)
    at = title.end() if title else end
    return f"{text[:at].rstrip(chr(10))}\n\n{description}\n\n{text[at:].lstrip(chr(10))}"


def _config(path: Path, sources: Sources) -> dict[str, Any]:
    """Return the settings of a book; of a program, the values that are not computed."""
    if path.suffix != ".js":
        return read_mapping(path)
    text = sources.text(path)
    try:
        return table(exported(text))
    except Unreadable:
        return dict(
            re.findall(r"^[ \t]*[\"']?(\w+)[\"']?:\s*[\"']([^\"'\n]*)[\"']", text, re.MULTILINE)
        )


def rewrite_gitbook(text: str, page: Page, book: Book) -> str:
    """Turn GitBook's tags into boxes, tabs, links and included text."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[1])
        return f"\x00{len(kept) - 1}\x00"

    text = _tags(_RAW.sub(keep, text), page, book, 0)
    if '"mention"' in text:
        text = substitute(_MENTION, lambda match: _mention(match, page, book), text)
    return re.sub(r"\x00(\d+)\x00", lambda match: kept[int(match[1])], text)


def _mention(match: re.Match[str], page: Page, book: Book) -> str:
    """Return a link that mentions a page or a heading, with its title as GitBook shows it."""
    name, _, place = match[1].partition("#")
    by_path = {one.path: one for one in book.pages()}
    near = page.path.parent / unquote(name)
    files = [book.sources.file(near), book.sources.file(near / "README.md")] if name else []
    target = next((by_path[file] for file in files if file in by_path), None if name else page)
    if target is None:
        return match[0]
    if place:
        text = book.sources.text(target.path)
        title = next((one for one in _ANY_HEADING.findall(text) if heading_slug(one) == place), "")
    else:
        title = target.title or own_title(book.sources, target.path)
    return f"[{title}]({match[1]})" if title else match[0]


def _tags(text: str, page: Page, book: Book, depth: int) -> str:
    if "{" not in text and "[import" not in text:
        return text
    variables = table(book.settings.get("variables"))

    def variable(match: re.Match[str]) -> str:
        value: object = variables
        for part in match[1].split("."):
            value = table(value).get(part)
        if value is None:
            value = book.settings.get(match[1])
        if words(value):
            return words(value)
        book.report.miss(
            "variables that book.json does not have", book.where(page, text, match.start())
        )
        return match[0]

    def tag(match: re.Match[str]) -> str:
        margin = match[1] or ""
        name, arguments = (match[2], match[3]) if match[2] else (match[4], match[5])
        return margin + _tag(name, arguments.strip(), margin, match, text, page, book, depth)

    values = {match[1]: match[2] or match[3] or "" for match in _SET.finditer(text)}
    if values:
        names = "|".join(map(re.escape, values))
        text = re.sub(rf"\{{\{{\s*({names})\s*\}}\}}", lambda m: values[m[1]], _SET.sub("", text))
    text = _with_titles(text)
    text = outside_fences(text, lambda piece: _FILENAME.sub(r"**\1**\n", piece))
    text = outside_fences(
        text, lambda piece: _EXERCISE.sub(lambda match: _exercise(match, book), piece)
    )
    text = _VARIABLE.sub(variable, text)
    text = outside_fences(
        text, lambda piece: outside_code(_separated(piece), lambda one: _TAG.sub(tag, one))
    )
    text = outside_code(text, lambda piece: _COMMENT.sub("", piece))
    return outside_fences(
        text, lambda piece: _IMPORT.sub(lambda m: _imported(m, page, book), piece)
    )


def _with_titles(text: str) -> str:
    """Give code the title that is in a tag on the line above it."""
    parts: list[str] = []
    for code, piece in pieces(text):
        before, _, label = (
            parts[-1].rstrip("\n").rpartition("\n") if code and parts else ("", "", "")
        )
        match = _LABEL.fullmatch(label)
        path = match["name"] or attributes_of(match["code"] or "").get("title", "") if match else ""
        title = " ".join(re.sub(r"<[^<>]*>|[*`\"]", "", path).split())
        opening, end, rest = piece.partition("\n")
        if match and title and "{" not in opening:
            info = opening.strip(" \t>`~")
            tag = f"{match[1]}{{% code %}}\n" if match["code"] else ""
            parts[-1] = f"{before}\n{tag}"
            piece = f'{opening}{"" if info else "text"} title="{title}"{end}{rest}'
        parts.append(piece)
    return "".join(parts)


def _exercise(match: re.Match[str], book: Book) -> str:
    """Return an exercise with its code as code; the checks that a browser runs are left out."""
    parts = re.split(r"\{%-?\s*(initial|solution|validation|context)\s*-?%\}", match[1])
    written = [parts[0].strip()]
    for name, code in zip(parts[1::2], parts[2::2], strict=True):
        if name in ("validation", "context"):
            book.report.changed["checks of exercises, which run in a browser, left out"] += 1
            continue
        label = ["**Solution**"] if name == "solution" else []
        written += [*label, f"```js\n{code.strip()}\n```"]
    return "\n\n".join(written)


def _separated(text: str) -> str:
    """Return text in which block tags begin and end lines."""
    return re.sub(r"(\S)[ \t]*(\{%\s*end(?:hint|tab|tabs)\s*%\})", r"\1\n\2", text)


def _tag(
    name: str,
    arguments: str,
    margin: str,
    match: re.Match[str],
    text: str,
    page: Page,
    book: Book,
    depth: int,
) -> str:
    values = attributes_of(arguments)
    if name == "hint":
        return f":::{_BOXES.get(values.get('style', 'info'), 'note')}\n{margin}"
    if name == "tab":
        return f"\n{margin}:::tab {values.get('title', 'Tab')}\n{margin}"
    if name in ("endhint", "endtab"):
        return f"\n{margin}:::\n"
    if name in ("embed", "file"):
        address = values.get("url") or values.get("src") or ""
        return f"[{values.get('caption') or address}]({address})"
    if name == "code" and values.get("title"):
        return f"**{values['title']}**\n"
    if name == "include":
        target = re.match(r"['\"]([^'\"]+)['\"]", arguments)
        file = find_file(book, page, target[1], book.folder) if target and depth < DEEPEST else None
        if file:
            note_include(book, page, file)
            inner = book.sources.text(file)
            inner = inner[front_matter(inner)[1] :]
            return indented(_tags(inner, page, book, depth + 1).strip("\n"), margin)
        return ""
    label = values.get("title") or values.get("summary") or values.get("description")
    known = ("tabs", "endtabs", "code", "endcode", "content-ref", "endcontent-ref", "endembed",
             "endfile", "stepper", "endstepper", "step", "endstep", "columns", "endcolumns",
             "column", "endcolumn", "prompt", "updates", "endupdates", "update", "endupdate")  # fmt: skip
    if name not in known and not name.startswith("end"):
        book.report.miss(f"{{% {name} %}}", book.where(page, text, match.start()))
    return f"**{label}**\n" if label else ""


def _imported(match: re.Match[str], page: Page, book: Book) -> str:
    """Return code that the plugin include-codeblock takes from a file."""
    file = find_file(book, page, match[3], book.folder)
    if file is None:
        return match[0]
    note_include(book, page, file)
    code = book.sources.text(file).rstrip("\n")
    lines = re.fullmatch(r"(\d+)-(\d+)", match[2] or "")
    if lines:
        code = line_range(code, lines[1], lines[2])
    elif match[2]:
        name = re.escape(match[2].strip("\"'"))
        part = re.search(rf"^.*\[{name}\].*\n(.*?)^.*\[{name}\].*$", code, re.MULTILINE | re.DOTALL)
        code = part[1].rstrip("\n") if part else code
    return indented(f"{match[1]}```{file.suffix[1:]}\n{code}\n```", match[1])
