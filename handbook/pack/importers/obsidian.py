"""Read an Obsidian vault: links between notes, embeds, marks, comments, ids of blocks."""

from __future__ import annotations

import contextlib
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from ...core.images import PICTURES
from ...core.slugs import heading_slug
from .includes import DEEPEST, note_include
from .model import Book, Page, link_between
from .notes import inline_notes
from .pages import PageFinder, folder_entries, named_title
from .rewriting import outside_code, outside_fences, substitute
from .sources import Sources, front_matter, table, words

_SITE = "site-options.json"
_LINK = re.compile(r"(!?)\[\[([^\[\]\n|#]*?)(#[^\[\]\n|]*?)?(?:\\?\|([^\[\]\n]*))?\]\]")
# Code in the heading or in the words of a link does not end it.
_LINK_WITH_CODE = re.compile(r"(?<!`)!?\[\[[^\[\]\n`]*`[^\[\]\n]*\]\](?!`)")
_SHOWN = re.compile(r"(!\[[^\[\]\n]*\]\()([^()\s<>]+)(\))")
_MARKED = re.compile(r"(?<![=\w])==(?![=\s])((?:[^=\n]|=(?!=))+?)(?<!\s)==(?![=\w])")
_COMMENT = re.compile(r"%%.*?%%", re.DOTALL)
_BLOCK_ID = re.compile(r"(?:(?<=\s)|(?<=\]\])|^)\^([A-Za-z0-9-]+)[ \t]*$", re.MULTILINE)
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)


def is_obsidian(root: Path) -> bool:
    """Return whether the folder is a vault, or what Obsidian Publish shows of one."""
    return (root / ".obsidian").is_dir() or (root / _SITE).is_file()


def read_obsidian(sources: Sources, root: Path) -> Book:
    """Return the vault: folders first, then notes, as Obsidian lists them."""
    book = Book("an Obsidian vault", "", sources, sources.root, [])
    finder = PageFinder(book)
    hidden: list[str] = []
    for name, key in (("templates.json", "folder"),):
        if path := sources.file(root / ".obsidian" / name):
            with contextlib.suppress(ValueError, AttributeError):
                hidden.append(str(json.loads(sources.text(path)).get(key, "")).strip("/"))
    site = _site(sources, root)
    ordered = site.get("navigationOrdering")
    names = [words(name) for name in ordered] if isinstance(ordered, list) else []
    finder.places = {name: float(place) for place, name in enumerate(names)}
    unseen = site.get("navigationHiddenItems")
    hidden += [words(name) for name in unseen] if isinstance(unseen, list) else []
    book.entries = folder_entries(finder, sources.root, hidden, vault=True)
    finder.leftovers("templates, drafts, not shown")
    for page in book.pages():
        page.title = page.title or page.path.stem
    for path in sources.walk(sources.root):
        if path.suffix in (".canvas", ".base"):
            book.report.leave_out("canvases and bases", sources.relative(path))
    book.title = words(site.get("siteName")) or named_title(sources, root, None)
    book.rewrites = (rewrite_obsidian,)
    return book


def _site(sources: Sources, root: Path) -> dict[str, Any]:
    """Return the settings of Obsidian Publish, or nothing."""
    path = sources.file(root / _SITE)
    with contextlib.suppress(ValueError):
        return table(json.loads(sources.text(path))) if path else {}
    return {}


def rewrite_obsidian(text: str, page: Page, book: Book) -> str:
    """Turn what Obsidian adds to Markdown into GitHub's dialect."""
    return _rewrite(text, page, book, 0)


def _rewrite(text: str, page: Page, book: Book, depth: int) -> str:
    if "%%" in text:
        text = outside_code(
            text, lambda piece: _COMMENT.sub(lambda m: "\n" * m[0].count("\n"), piece)
        )
    if "^" in text:
        text = outside_fences(
            text, lambda piece: _BLOCK_ID.sub(lambda m: f'<a id="{_block_id(m[1])}"></a>', piece)
        )
    if "[[" in text:
        text = outside_fences(
            text,
            lambda piece: _LINK_WITH_CODE.sub(lambda m: _with_code(m, page, book, depth), piece),
        )
    text = substitute(_LINK, lambda match: _link(match, page, book, depth), text)
    text = substitute(_SHOWN, lambda match: _found_picture(match, page, book), text)
    text = substitute(_MARKED, lambda match: f"<mark>{match[1]}</mark>", text)
    return inline_notes(text) if not depth else text


def _with_code(match: re.Match[str], page: Page, book: Book, depth: int) -> str:
    link = _LINK.fullmatch(match[0])
    even = match[0].count("`") % 2 == 0
    return _link(link, page, book, depth) if link and even else match[0]


def _found_picture(match: re.Match[str], page: Page, book: Book) -> str:
    """Return a picture with the address of the file that Obsidian finds: in the end by its name."""
    name = unquote(match[2])
    if "://" in name or Path(name).suffix.casefold() not in PICTURES:
        return match[0]
    if book.sources.file(page.path.parent / name) or book.sources.file(book.sources.root / name):
        return match[0]
    path = _files(book).get(Path(name).name.casefold())
    if path is None:
        return match[0]
    return f"{match[1]}{link_between(page, book.sources.relative(path))}{match[3]}"


def _block_id(name: str) -> str:
    return f"block-{name.casefold()}"


def _link(match: re.Match[str], page: Page, book: Book, depth: int) -> str:
    embed, name, place, alias = match[1], match[2].strip(), match[3] or "", match[4]
    if embed and Path(name).suffix.casefold() in PICTURES:
        return _picture(name, alias or "", page, book)
    target = find_note(name, page, book) if name else page
    heading = place.strip("#").split("#")[-1].strip()
    if target is None:
        missing = (
            "embeds whose file is not there" if embed else "[[links]] to notes that are not there"
        )
        book.report.miss(missing, f"{page.name}: {name}")
        return (alias or name + (f" > {heading}" if heading else "")).strip()
    if embed:
        if depth >= DEEPEST or target is page:
            return ""
        note_include(book, page, target.path)
        text = book.sources.text(target.path)
        text = text[front_matter(text)[1] :]
        return "\n\n" + _rewrite(_part(text, heading), page, book, depth + 1).strip("\n") + "\n\n"
    words = alias or name or heading
    if not alias and name and heading and not heading.startswith("^"):
        words = f"{name} > {heading}"
    fragment = ""
    if heading:
        fragment = "#" + (
            _block_id(heading[1:]) if heading.startswith("^") else heading_slug(heading)
        )
    address = link_between(page, target.name) if target is not page else ""
    return f"[{words.strip()}]({(address + fragment) or '#'})"


def find_note(name: str, page: Page, book: Book) -> Page | None:
    """Return the page that a link between notes means: by its path or its name."""
    if "notes" not in book.__dict__:
        notes: dict[str, Page] = {}
        for one in book.pages():
            relative = book.sources.relative(one.path)
            for key in (relative, relative.rpartition(".")[0], one.path.name, one.path.stem):
                notes.setdefault(key.casefold(), one)
            aliases = one.front.get("aliases")
            for alias in aliases if isinstance(aliases, list) else [aliases]:
                if isinstance(alias, str):
                    notes.setdefault(alias.casefold(), one)
        book.__dict__["notes"] = notes
    by_name: dict[str, Page] = book.__dict__["notes"]
    return by_name.get(name.strip("/").casefold()) or by_name.get(
        name.rpartition("/")[2].casefold()
    )


def _picture(name: str, alias: str, page: Page, book: Book) -> str:
    """Return a picture; a number after the bar is its width in pixels."""
    size = re.fullmatch(r"(?:(.*)\|)?\s*(\d+)(?:x\d+)?", alias)
    words = (size[1] or "" if size else alias) or Path(name).stem
    path = book.sources.file(book.sources.root / name) or book.sources.file(page.path.parent / name)
    path = path or _files(book).get(Path(name).name.casefold())
    if path is None:
        book.report.miss("embeds whose file is not there", f"{page.name}: {name}")
        return words
    address = link_between(page, book.sources.relative(path))
    return f"![{words}]({address})" + (f"{{width={size[2]}px}}" if size else "")


def _files(book: Book) -> dict[str, Path]:
    """Return the files of the vault by their names."""
    if "files" not in book.__dict__:
        book.__dict__["files"] = {
            path.name.casefold(): path for path in book.sources.walk(book.sources.root)
        }
    files: dict[str, Path] = book.__dict__["files"]
    return files


def _part(text: str, heading: str) -> str:
    """Return the section below a heading or the block of an id; all of the text without one."""
    if heading.startswith("^"):
        for block in re.split(r"\n[ \t]*\n", text):
            if re.search(rf"\^{re.escape(heading[1:])}[ \t]*$", block, re.MULTILINE):
                return block
        return ""
    if not heading:
        return text
    wanted = heading_slug(heading)
    for match in _HEADING.finditer(text):
        if heading_slug(match[2]) == wanted:
            level = len(match[1])
            following = re.compile(rf"^#{{1,{level}}}[ \t]", re.MULTILINE).search(text, match.end())
            return text[match.start() : following.start() if following else len(text)]
    return ""
