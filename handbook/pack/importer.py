"""Markdown that already exists -> a pack: an mdBook, a MkDocs site, or a folder of files.

Files are copied as they are; only handbook.yaml, a cover and a contents list are new.  So the
pack reads GitHub's dialect, takes no braces for templates, and only warns of broken links.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from ..core.diagnostics import Source, error
from ..core.yaml_source import read_text
from .foreign import metadata, words_of
from .loader import CONFIG
from .page_titles import take_title

# A page by its path, a title with its page, or a title with the entries below it.
Entry: TypeAlias = "str | tuple[str, str | list[Entry]]"

CHAPTERS = "chapters"
MARKDOWN = (".md", ".markdown", ".mdown")
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".svgz", ".bmp", ".tif", ".tiff")
_SKIPPED = {"node_modules", "__pycache__", "site-packages", "_build", "_site"}
_SUMMARY_LINE = re.compile(r"([ \t]*)(?:[-*+][ \t]+)?\[(.*)\]\(<?([^)>]*)>?\)[ \t]*$")
_PART = re.compile(r"#[ \t]+(.+?)[ \t]*#*$")
_FRONT_TITLE = re.compile(r"---[ \t]*\n(?:(?!---).*\n)*?title:[ \t]*[\"']?(.+?)[\"']?[ \t]*\n")
_TAG = re.compile(r"<[^>]+>|&#8203;")
_COVER = """---
title: Cover
matter: front
layout: cover
listed: false
dialect: handbook
templates: true
---

## {{ book.title }} {#cover-title}

Edition of {{ day(edition.date) }}
{.edition}
"""
_CONTENTS = """---
title: Contents
matter: front
layout: contents
listed: false
dialect: handbook
---

::contents
"""


_LINKS = """---
title: Web addresses
matter: back
depth: 1
dialect: handbook
---

The small numbers after links in the text lead here.

::links
"""


@dataclass
class Found:
    """What an existing body of Markdown is: its title, its pages in order, where they are."""

    kind: str
    title: str
    folder: Path
    entries: list[Entry]
    about: dict[str, str] = field(default_factory=dict)


def survey(source: Path) -> Found:
    """What is in the folder `source`.

    Raises HandbookError if it is no folder, has no Markdown, or its list of pages is broken.
    """
    if not source.is_dir():
        what = "is a file" if source.exists() else "does not exist"
        raise error(f"the folder {str(source)!r} {what}", hint="name a folder of Markdown")
    for name in ("mkdocs.yml", "mkdocs.yaml"):
        if (source / name).is_file():
            return _mkdocs(source, source / name)
    for summary in (source / "SUMMARY.md", source / "src" / "SUMMARY.md"):
        if (source / "book.toml").is_file() or summary.is_file():
            return _mdbook(source)
    entries: list[Entry] = list(_in_order(source, source))
    if not entries:
        raise error(f"there is no Markdown in {str(source)!r}", hint="name a folder with .md files")
    first = str(entries[0])
    title = _plain_title(source, first)
    if "/" not in first and not _own_title(source / first):
        entries[0] = (title, first)
    return Found("a folder", title, source, entries)


def imported_files(found: Found, title: str = "") -> dict[str, bytes]:
    """The files of the pack by their path; `title` comes before the one that was found."""
    files: dict[str, bytes] = {}
    for page in pages(found.entries):
        files[f"{CHAPTERS}/{page}"] = (found.folder / page).read_bytes()
    for path in _walk(found.folder):
        if path.suffix.casefold() in PICTURES:
            name = path.relative_to(found.folder).as_posix()
            files[f"{CHAPTERS}/{name}"] = path.read_bytes()
    linked = any(b"://" in data for name, data in files.items() if name.endswith(MARKDOWN))
    if linked:
        files["links.md"] = _LINKS.encode()
    config = _config(found, title or found.title, linked)
    return {
        CONFIG: config.encode(), "cover.md": _COVER.encode(), "contents.md": _CONTENTS.encode(),
        **files,
    }  # fmt: skip


def pages(entries: Sequence[Entry]) -> Iterator[str]:
    """The paths of all pages, in order."""
    for entry in entries:
        if isinstance(entry, str):
            yield entry
        elif isinstance(entry[1], str):
            yield entry[1]
        else:
            yield from pages(entry[1])


def left_out(found: Found) -> list[str]:
    """The Markdown files in the folder that its list of pages does not name."""
    named = set(pages(found.entries))
    every = (path.relative_to(found.folder).as_posix() for path in _walk(found.folder)
             if path.suffix.casefold() in MARKDOWN)  # fmt: skip
    return [name for name in every if name not in named and name != "SUMMARY.md"]


# ----------------------------------------------------------------- MkDocs and mdBook


def _mkdocs(source: Path, path: Path) -> Found:
    config = _yaml(path)
    folder = source / str(config.get("docs_dir") or "docs")
    if not folder.is_dir():
        raise error(
            f"the folder of pages {str(folder)!r} does not exist",
            at=path,
            hint="say where it is with docs_dir",
        )
    nav = config.get("nav") or config.get("pages")
    seen: set[str] = set()
    entries = list(_nav(nav, folder, seen)) if isinstance(nav, list) else []
    if not entries:
        entries = list(_in_order(folder, folder))
    about = {"author": "site_author", "description": "site_description"}
    return Found(
        "a MkDocs site", str(config.get("site_name") or words_of(source / "index.md")), folder,
        entries, {key: str(config[name]) for key, name in about.items() if config.get(name)},
    )  # fmt: skip


def _yaml(path: Path) -> dict[str, Any]:
    """A file of YAML whose tags for the tool's own objects mean nothing here."""

    class Loader(yaml.SafeLoader):
        """A loader that leaves such objects out."""

    for tags in ("tag:yaml.org,2002:python/", "!"):
        Loader.add_multi_constructor(tags, lambda loader, suffix, node: None)
    try:
        config = yaml.load(read_text(path, str(path)), Loader)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        raise error(
            f"the file cannot be read: {getattr(problem, 'problem', problem)}",
            at=Source(str(path), mark.line + 1 if mark else 0),
        ) from None
    if not isinstance(config, dict):
        raise error("mkdocs.yml is a mapping of keys", at=Source(str(path), 1))
    return config


def _nav(nav: Sequence[Any], folder: Path, seen: set[str]) -> Iterator[Entry]:
    """The entries of a `nav` that are files; a file that is named twice stands once."""
    for item in nav:
        named = item.items() if isinstance(item, dict) else [("", item)]
        for title, target in named:
            if isinstance(target, list):
                below = list(_nav(target, folder, seen))
                if below:
                    yield _clean(title), below
            elif target and _is_page(folder, str(target), seen):
                yield (_clean(title), str(target)) if title else str(target)


def _is_page(folder: Path, name: str, seen: set[str]) -> bool:
    path = folder / name
    if name in seen or path.suffix.casefold() not in MARKDOWN or not path.is_file():
        return False
    seen.add(name)
    return path.resolve().is_relative_to(folder.resolve())


def _mdbook(source: Path) -> Found:
    config = _toml(source / "book.toml")
    book = config.get("book", {})
    folder = source / str(book.get("src", "src"))
    if not (folder / "SUMMARY.md").is_file():
        folder = source
    summary = folder / "SUMMARY.md"
    if not summary.is_file():
        raise error("the book has no SUMMARY.md", at=source, hint="it lists the chapters")
    entries = _summary(read_text(summary, str(summary)), folder)
    authors = ", ".join(str(author) for author in book.get("authors", ()))
    about = {"author": authors, "description": book.get("description", ""),
             "language": book.get("language", "")}  # fmt: skip
    return Found(
        "an mdBook", str(book.get("title") or _plain_title(folder, next(pages(entries), ""))),
        folder, entries, {key: str(value) for key, value in about.items() if value},
    )  # fmt: skip


def _toml(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    if sys.version_info >= (3, 11):
        import tomllib as toml
    else:
        import tomli as toml
    try:
        data: dict[str, Any] = toml.loads(read_text(path, str(path)))
    except toml.TOMLDecodeError as problem:
        raise error(f"book.toml cannot be read: {problem}", at=path) from None
    return data


def _summary(text: str, folder: Path) -> list[Entry]:
    """The chapters of a SUMMARY.md: an item's own page is the first of those below it."""
    top: list[Entry] = []
    stack: list[tuple[int, list[Entry]]] = [(-1, top)]
    seen: set[str] = set()
    heading_seen = False
    for line in text.expandtabs(4).split("\n"):
        if part := _PART.match(line):
            # The first heading is the list's own, "Summary".
            if heading_seen or top:
                below: list[Entry] = []
                top.append((_clean(part[1]), below))
                stack = [(-1, below)]
            heading_seen = True
            continue
        match = _SUMMARY_LINE.match(line)
        if not match:
            continue
        while len(stack) > 1 and stack[-1][0] >= len(match[1]):
            stack.pop()
        inner: list[Entry] = []
        if _is_page(folder, match[3].removeprefix("./"), seen):
            inner.append(match[3].removeprefix("./"))
        stack[-1][1].append((_clean(match[2]), inner))
        stack.append((len(match[1]), inner))
    return _flattened(top)


def _flattened(entries: Sequence[Entry]) -> list[Entry]:
    """Without empty lists, and without lists of one page."""
    found: list[Entry] = []
    for entry in entries:
        if isinstance(entry, tuple) and isinstance(entry[1], list):
            below = _flattened(entry[1])
            if len(below) == 1 and isinstance(below[0], str):
                found.append((entry[0], below[0]))
            elif below:
                found.append((entry[0], below))
        else:
            found.append(entry)
    return found


# -------------------------------------------------------------------- plain folders


def _in_order(folder: Path, root: Path) -> Iterator[str]:
    """Markdown files as people order them: the first page, files by number and name, folders."""
    inside = sorted((p for p in folder.iterdir() if _wanted(p)), key=_rank)
    for path in inside:
        if path.is_file() and path.suffix.casefold() in MARKDOWN:
            yield path.relative_to(root).as_posix()
    for path in inside:
        if path.is_dir():
            yield from _in_order(path, root)


def _rank(path: Path) -> tuple[int, list[tuple[int, str]], str]:
    first = path.stem.casefold() in ("index", "readme", "_index")
    parts = re.findall(r"\d+|\D+", path.stem.casefold())
    return (
        (0 if first else 1),
        [(int(p), "") if p.isdecimal() else (-1, p) for p in parts],
        path.name,
    )


def _wanted(path: Path) -> bool:
    return not path.name.startswith(".") and path.name not in _SKIPPED and not path.is_symlink()


def _walk(folder: Path) -> Iterator[Path]:
    """Every file below a folder, in the order of the alphabet, without what tools made."""
    for path in sorted(folder.iterdir()):
        if _wanted(path):
            if path.is_dir():
                yield from _walk(path)
            elif path.is_file():
                yield path


def _plain_title(folder: Path, first: str) -> str:
    """The title of the first page, or else the folder's name."""
    if first and Path(first).stem.casefold() in ("index", "readme"):
        found = _own_title(folder / first)
        if found:
            return found
    return words_of(folder.absolute() / "index.md")


def _own_title(path: Path) -> str:
    """The title that a page opens with, if it does."""
    text = read_text(path, str(path))
    front = _FRONT_TITLE.match(text)
    return front[1] if front else metadata(text)[0].get("title") or take_title(text)[0]


# -------------------------------------------------------------------- handbook.yaml


def _config(found: Found, title: str, linked: bool) -> str:
    lines = [f"# Made of {found.kind}; the Markdown in {CHAPTERS}/ is as it was.",
             f"title: {_quoted(title)}"]  # fmt: skip
    lines += [f"{key}: {_quoted(value)}" for key, value in found.about.items()]
    lines += [
        "",
        "# How the chapters are written: in GitHub's Markdown, with braces that are text, and with",
        "# links and pictures of which some may lead nowhere: they are warnings, not errors.",
        "dialect: gfm", "templates: false", "lenient: true", "", "chapters:", "  - cover.md",
        "  - contents.md", *_listed(found.entries, 1), *(["  - links.md"] if linked else []),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _listed(entries: Sequence[Entry], depth: int) -> Iterator[str]:
    pad = "  " * depth
    for entry in entries:
        if isinstance(entry, str):
            yield f"{pad}- {_quoted(f'{CHAPTERS}/{entry}')}"
        elif isinstance(entry[1], str):
            yield f"{pad}- {_quoted(entry[0])}: {_quoted(f'{CHAPTERS}/{entry[1]}')}"
        else:
            yield f"{pad}- {_quoted(entry[0])}:"
            yield from _listed(entry[1], depth + 2)


def _quoted(words: str) -> str:
    """Words as YAML has them: a JSON string is one in any case."""
    plain = re.fullmatch(r"[A-Za-z][\w./ -]*[\w.]", words)
    if plain and words.casefold() not in ("true", "false", "yes", "no", "on", "off", "null"):
        return words
    return json.dumps(words, ensure_ascii=False)


def _clean(title: object) -> str:
    """A title of a list of pages without mark-up."""
    return " ".join(_TAG.sub("", str(title)).replace("`", "").split())
