"""Load a pack from a folder, typed and checked.

Whatever is missing or malformed is reported with its file and line.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from ..core.diagnostics import (
    SHOWN_FILES,
    Diagnostic,
    DiagnosticCollector,
    HandbookError,
    Source,
    error,
    listed,
    suggest,
)
from ..core.files import CONFIG, files_below, is_file, outside
from ..core.i18n import language_error, translations_for
from ..core.units import MM
from ..core.yaml_source import (
    SourcedDict,
    SourcedStr,
    parse_yaml,
    read_text,
    read_yaml,
    without_nulls,
)
from ..document.fields import FieldSpec, FieldSpecs
from ..document.nodes import UNPLACED, ChapterPages, Placement
from .badge import badge_of
from .chapter_list import listed_chapters
from .dialects import OWN, dialect_of
from .foreign_markdown import chapter_id, metadata, understood, words_of
from .model import ChapterFile, Pack
from .page_titles import same_words, take_title
from .schema import FRONT_MATTER, PACK
from .tables import Fact, checks_of, facts_of, load_tables
from .validation import validate


def config_of(folder: Path) -> Path:
    """Return the file that makes `folder` a pack.

    Raises:
        HandbookError: If it is not there.
    """
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        raise error(
            f"the content folder {str(folder)!r} {what}",
            hint="name another with --content",
            code="no-pack",
        )
    path = folder / CONFIG
    if not path.is_file():
        raise error(
            f"{CONFIG} is missing",
            at=folder,
            hint="a content pack needs one, with a title",
            code="no-pack",
        )
    return path


def load_pack(
    folder: Path,
    tables: Mapping[str, Any] | None = None,
    meanwhile: Callable[[], object] | None = None,
) -> Pack:
    """Return the pack in `folder`; its `tables` are not read again if they are known.

    A second process reads some of them if there is something to be done `meanwhile`.

    Raises:
        HandbookError: With everything that is missing or malformed: the folder, its handbook.yaml,
            chapters, tables, keys.
    """
    path = config_of(folder)
    problems = DiagnosticCollector()
    config = SourcedDict({}, Source(str(path), 1), {})
    with problems:
        config = _config(path, problems)
        badge_of(config, folder)
    # A malformed list of chapters has been reported; what it names is not known.
    listed = isinstance(config.get("chapters"), list) or not problems.found
    warnings: list[Diagnostic] = []
    chapters = tuple(_load_chapters(folder, config, path, problems, warnings)) if listed else ()
    if tables is None:
        tables = load_tables(folder, problems, meanwhile)
    checks: Mapping[str, date] = {}
    with problems:
        checks = checks_of(tables)
    problems.check()
    return Pack(folder, config, chapters, tables, _fields(config), checks, tuple(warnings))


# -------------------------------------------------------------- handbook.yaml


def _config(path: Path, problems: DiagnosticCollector) -> SourcedDict:
    config = read_yaml(path, str(path))
    if not isinstance(config, SourcedDict):
        raise error(
            "a handbook is described by a mapping",
            at=Source(str(path), 1),
            hint="begin with title: The name of the handbook",
            code="type",
        )
    problems.found += validate(config, PACK, config.source)
    language = config.get("language")
    if isinstance(language, str) and (hint := language_error(language)):
        at = config.value_at("language")
        problems.found.append(
            Diagnostic.at(at, f"unknown language {str(language)!r}", hint, "unknown-language")
        )
    return without_nulls(config)


def _fields(config: SourcedDict) -> FieldSpecs:
    specs = FieldSpecs()
    for name, row in (config.get("fields") or {}).items():
        specs[name] = FieldSpec(
            name,
            str(row.get("label", name)),
            float(row.get("width", 100)) * MM,
            int(row.get("lines", 1)),
            float(row.get("floor", 8.5)),
            str(row.get("default", "")),
            str(row.get("place", "text")),  # type: ignore[arg-type]
            str(row.get("kind", "text")),  # type: ignore[arg-type]
        )
    return specs


# -------------------------------------------------------------------- chapters


def _load_chapters(
    folder: Path,
    config: SourcedDict,
    path: Path,
    problems: DiagnosticCollector,
    warnings: list[Diagnostic],
) -> Iterator[ChapterFile]:
    listed = config.get("chapters")
    if listed is None:
        files = sorted(_markdown(folder))
        listed = [SourcedStr(file, Source(str(path), 1)) for file in files]
    with problems:
        if not listed:
            at = config.key_at("chapters")
            raise error(
                "the handbook has no chapters",
                at=at,
                hint="list them under 'chapters', or put .md files into its folder",
                code="no-chapters",
            )
    files_seen: dict[Path, Source] = {}
    seen: dict[str, str] = {}
    dialect = str(config.get("dialect", OWN))
    templates = bool(config.get("templates", True))
    for listing in listed_chapters(listed, problems):
        with problems:
            file = _chapter_path(folder, listing.file, files_seen)
            chapter = load_chapter(
                file,
                dialect,
                templates,
                folder,
                listing.placement,
                warnings,
                str(config.get("language") or "en"),
            )
            if chapter.id in seen:
                at = chapter.front.value_at("id")
                raise error(
                    f"two chapters have the id {chapter.id!r}",
                    at=Source(chapter.file, at.line, at.column),
                    hint=f"the other is {seen[chapter.id]}; give one of them an id of its own",
                    code="chapter-id",
                )
            seen[chapter.id] = chapter.file
            yield chapter


def _markdown(folder: Path) -> list[str]:
    """Return the Markdown files of a folder and those below it."""
    return [p.relative_to(folder).as_posix() for p in files_below(folder) if p.suffix == ".md"]


def _chapter_path(folder: Path, entry: SourcedStr, seen: dict[Path, Source]) -> Path:
    """Return the file of a chapter in handbook.yaml: it exists, in the pack, and is listed once."""
    place, name = getattr(entry, "source", Source()), str(entry)
    file = folder / name
    if reason := outside(file, (folder,)):
        raise error(
            f"the chapter {name!r} {reason}",
            at=place,
            hint="move it into the pack's folder",
            code="chapter-file",
        )
    if not is_file(file):
        known = [each for each in _markdown(folder) if each != name]
        inside = [each for each in known if each.startswith(name.rstrip("/") + "/")]
        what = "is a folder" if os.path.isdir(file) else "does not exist"
        if not os.path.isdir(file) and os.path.lexists(file):
            what = "is a link to nowhere" if os.path.islink(file) else "is not a regular file"
        hint = suggest(name, known, shown=SHOWN_FILES)
        if inside:
            hint = f"list its files: {listed(sorted(inside), SHOWN_FILES)}"
        raise error(
            f"the chapter {name!r} {what}",
            at=place,
            hint=hint,
            code="chapter-file",
        )
    real = file.resolve()
    if real in seen:
        raise error(
            f"the chapter {name!r} is listed twice",
            at=place,
            hint=f"the first is on line {seen[real].line}",
            code="chapter-twice",
        )
    seen[real] = place
    return file


_FRONT = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_TOML_FRONT = re.compile(r"\+\+\+[ \t]*\n.*?^\+\+\+[ \t]*$", re.DOTALL | re.MULTILINE)


def load_chapter(
    path: Path,
    dialect: str = OWN,
    templates: bool = True,
    folder: Path | None = None,
    placement: Placement = UNPLACED,
    warnings: list[Diagnostic] | None = None,
    language: str = "en",
) -> ChapterFile:
    """Return a chapter's file, split into front matter and text.

    The pack has the `dialect` and `templates` of chapters that do not say; `placement` has the
    title in its list, for a page of another tool that has none itself.  A contents list without
    a title has the word for it in the pack's `language`.
    """
    file = str(path)
    text = read_text(path, file)
    try:
        front, body, first = _front_matter(text, file)
    except HandbookError:
        if not dialect_of(dialect).other_tools:
            raise
        # A file of another tool may begin with a rule.
        front, body, first = SourcedDict({}, Source(file, 1), {}), text, 1
    written = dialect_of(str(front.get("dialect", dialect)))
    if written.other_tools:
        chapter = _foreign(path, folder or path.parent, placement, front, body, first, warnings)
    else:
        chapter = _own(path, front, body, first, language)
    declared = front.get("templates", templates)
    templates = declared if isinstance(declared, bool) else templates
    label = "" if same_words(chapter.title, placement.label) else placement.label
    placement = replace(placement, label=label)
    return replace(chapter, dialect=written.name, templates=templates, placement=placement)


def _own(path: Path, front: SourcedDict, body: str, first: int, language: str) -> ChapterFile:
    problems = DiagnosticCollector()
    problems.found += validate(front, FRONT_MATTER, front.source, what="the front matter")
    title = ""
    with problems:
        title, body, first = _title(front, body, first, str(path), language)
    problems.check()
    stem = re.sub(r"^[\d_-]+", "", path.stem) or path.stem
    return _chapter(path, str(front.get("id", stem)), title, front, body, first)


def _front_matter(text: str, name: str) -> tuple[SourcedDict, str, int]:
    """Return a file's front matter, the text below it, and the line on which that begins."""
    front = SourcedDict({}, Source(name, 1), {})
    match = _FRONT.match(text)
    if match:
        data = parse_yaml(match.group(1), name, 1)
        if data is not None and not isinstance(data, SourcedDict):
            raise error(
                "front matter is a mapping of keys",
                at=Source(name, 2),
                hint="as in title: Words",
                code="type",
            )
        front = without_nulls(data) if data else front
        return front, text[match.end() :], text[: match.end()].count("\n") + 1
    if text.startswith("---\n"):
        raise error(
            "the front matter is not closed",
            at=Source(name, 1),
            hint="end it with ---",
            code="front-matter",
        )
    if _TOML_FRONT.match(text):
        raise error(
            "front matter in TOML is not read",
            at=Source(name, 1),
            hint="write it as YAML between two lines of ---",
            code="front-matter",
        )
    return front, text, 1


def _chapter(
    path: Path, key: str, title: str, front: SourcedDict, body: str, first: int
) -> ChapterFile:
    name = str(path)
    return ChapterFile(
        id=key,
        title=title,
        text=body,
        first_line=first,
        file=name,
        path=path,
        matter=front.get("matter", "main"),
        layout=str(front.get("layout", "chapter")),
        listed=bool(front.get("listed", True)),
        depth=int(front.get("depth", 2)),
        short_title=str(front.get("short_title", "")),
        when=str(front.get("when", "")),
        when_line=front.lines.get("when", first),
        source=Source(name, front.lines.get("title", first)),
        front=front,
        only=front.get("only"),
        pages=_pages(front),
    )


def _pages(front: SourcedDict) -> ChapterPages:
    """Return what a chapter says of its pages."""
    columns = front.get("columns", 0)
    return ChapterPages(
        str(front.get("rank", "")), front.get("break-before") == "page", int(columns)
    )


def _foreign(
    path: Path,
    folder: Path,
    placement: Placement,
    front: SourcedDict,
    body: str,
    first: int,
    warnings: list[Diagnostic] | None,
) -> ChapterFile:
    """Return a chapter that was written for another tool."""
    fields, count = metadata(body) if first == 1 else ({}, 0)
    body, first = "\n".join(body.split("\n")[count:]), first + count
    named = front.get("title") or fields.get("title") or placement.label
    heading, body = take_title(body, str(named or ""))
    title = heading or str(named or words_of(path.relative_to(folder)))
    kept, unknown = understood(front)
    if warnings is not None:
        for key in unknown:
            message = f"the front matter's key {key!r} has no meaning here"
            at = front.key_at(key)
            warnings.append(Diagnostic.at(at, message, "", "front-matter", "warning"))
    return _chapter(path, chapter_id(path, folder), title, kept, body, first)


_FIRST_HEADING = re.compile(r"(\s*)# +(\S[^\n]*)(?:\n(?:[ \t]*\n)*|\Z)")


def _title(
    front: SourcedDict, body: str, first: int, name: str, language: str
) -> tuple[str, str, int]:
    if "title" in front:
        return str(front["title"]), body, first
    match = _FIRST_HEADING.match(body)
    if not match and front.get("layout") == "contents":
        return translations_for(language).gettext("Contents"), body, first
    if not match:
        raise error(
            "the chapter has no title",
            at=Source(name, first),
            hint="give it one in its front matter (title: ...), or begin it with '# Title'",
            code="no-title",
        )
    title = match[2].rstrip()
    unclosed = title.rstrip("#")
    if unclosed[-1:].isspace():
        title = unclosed.rstrip()
    return title, body[match.end() :], first + match[0].count("\n")


def facts(pack: Pack) -> list[Fact]:
    """Return every mapping of the pack's tables with a `checked` date, soonest due first."""
    return facts_of(pack.tables)
