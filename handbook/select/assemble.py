"""Assemble the Markdown of a selection, with the source of each line.

Chapters are Jinja2 templates in a sandbox.  The rendered text is taken chunk by chunk from the
compiled template, and each chunk knows its template line.  Text from the pack's YAML carries an
invisible mark with its own place, which is removed here.  So a broken link in a table of answers
is reported at its line in the table, not at the loop that printed it.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2
from jinja2.exceptions import SecurityError

from ..core.diagnostics import HandbookError, Source, error, suggest
from ..core.files import pack_roots
from ..core.i18n import translations_for
from ..core.second_process import shared
from ..core.slugs import file_slug
from ..core.values import frozen
from ..core.yaml_source import SourcedDict, SourcedStr
from ..document.nodes import ORDINARY, UNPLACED, ChapterPages, Matter, Placement
from ..pack.dialects import OWN
from ..pack.model import ChapterFile, Pack
from ..pack.schema import AXES
from ..theme.brand.template_vars import brand_words
from .conditions import conditions_of
from .plain_errors import plain_message
from .sandbox import Sandbox, TemplateLoader
from .selection import Selection
from .source_map import MARK, MARK_CLOSE, MARK_OPEN, error_at, rendered_chunks, unclosed_line
from .template_environment import TEMPLATE_CACHE, cell, find, template_folders


@frozen
class AssembledChapter:
    """A chapter as Markdown; `lines` has the source of each line of `text`."""

    id: str
    title: str
    matter: Matter
    layout: str
    listed: bool
    depth: int
    short_title: str
    text: str
    lines: tuple[Source, ...]
    source: Source
    folder: Path
    dialect: str = OWN
    placement: Placement = UNPLACED
    pages: ChapterPages = ORDINARY


def assemble(pack: Pack, selection: Selection, share: bool = False) -> tuple[AssembledChapter, ...]:
    """Return the chapters that `selection` gets, in order, as Markdown.

    A second process may `share` the work.

    Raises:
        HandbookError: For template errors: syntax, unknown names, forbidden calls.
    """
    return assembled_by(ChapterRenderer(pack, selection), share)


def assembled_by(renderer: ChapterRenderer, share: bool = False) -> tuple[AssembledChapter, ...]:
    """Return the chapters that the selection of a renderer gets; as for `assemble`."""
    included = [chapter for chapter in renderer.pack.chapters if renderer.is_included(chapter)]
    if not included:
        raise error(
            "this selection has no chapters",
            at=renderer.pack.config.source,
            hint="look at the 'only' and 'when' of its chapters",
            code="empty-selection",
        )
    if share:
        return _assemble_shared(renderer, included)
    return tuple(map(renderer.chapter, included))


def _assemble_shared(
    renderer: ChapterRenderer, included: Sequence[ChapterFile]
) -> tuple[AssembledChapter, ...]:
    recalled = {chapter.id: renderer.recall(chapter) for chapter in included}
    assembled = {name: known for name, known in recalled.items() if known is not None}
    new = [chapter for chapter in included if chapter.id not in assembled]
    errors: dict[int, HandbookError] = {}

    def here(number: int) -> None:
        try:
            assembled[new[number].id] = renderer.chapter(new[number])
        except HandbookError as problem:
            errors[number] = problem

    def other(numbers: Iterator[int]) -> bytes:
        before = TEMPLATE_CACHE.known()
        chapters = {new[number].id: renderer.chapter(new[number]) for number in numbers}
        return pickle.dumps((chapters, TEMPLATE_CACHE.export_since(before)), protocol=5)

    if answer := shared(len(new), here, other):
        chapters, templates = pickle.loads(answer)
        assembled |= chapters
        TEMPLATE_CACHE.add(templates)
    if errors:
        raise errors[min(errors)]
    return tuple(assembled[chapter.id] for chapter in included)


def _as_written(text: str, file: str, offset: int) -> tuple[str, tuple[Source, ...]]:
    """Return a text that no template changes, and the source of each of its lines."""
    count = text.count("\n") + 1
    return text, tuple(Source(file, offset + n) for n in range(1, count + 1))


class ChapterRenderer:
    """Renders chapters in the Jinja2 environment of one pack and one selection."""

    def __init__(self, pack: Pack, selection: Selection) -> None:
        self.pack = pack
        self.selection = selection
        self.words = translations_for(pack.language)
        self.sources: list[Source] = []
        self.conditions = conditions_of(pack, selection)
        self.context = self._context()
        self.environment = self._environment()

    # ------------------------------------------------------------- environment

    def _environment(self) -> Sandbox:
        environment = Sandbox(
            loader=TemplateLoader(template_folders(self.pack), pack_roots(self.pack.folder)),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            autoescape=False,
            # Templates run once, so folding constants would cost more than it saves.
            optimized=False,
            # `{#` begins an id in Markdown's attribute lists.
            comment_start_string="{##",
            comment_end_string="##}",
            finalize=self._finalize,
            bytecode_cache=TEMPLATE_CACHE,
        )
        environment.globals.update(self.context)
        environment.filters.update(sentence=self.words.sentence, cell=cell, slug=file_slug)
        return environment

    def _context(self) -> dict[str, Any]:
        chosen = self.selection
        return {
            **self.pack.tables,
            "book": self.pack.config,
            "role": chosen.role,
            "path": chosen.path,
            "plan": chosen.plan,
            "brand": brand_words(chosen.brand) if chosen.brand else None,
            "personal": chosen.personal,
            "schedule": chosen.schedule,
            "weekday": self.words.weekday,
            "provided_fields": sorted(chosen.provided_fields),
            "edition": {
                "date": chosen.date,
                "paper": chosen.paper,
                "selection": chosen.words,
                "title": chosen.title,
            },
            "past": lambda when: when <= chosen.date,
            "day": self.words.day,
            "find": find,
            "checks": self.pack.checks,
            **{axis: self.pack.axis(axis) for axis in AXES},
        }

    def _finalize(self, value: Any) -> Any:
        if value is None:
            raise error(
                "a value is empty (None)",
                hint="test for it first: {% if ... %}",
                code="empty-value",
            )
        self.environment.checked(value)
        if isinstance(value, SourcedStr):
            self.sources.append(value.source)
            return f"{MARK_OPEN}{len(self.sources) - 1}{MARK_CLOSE}{value}"
        return value

    # ---------------------------------------------------------------- chapters

    def is_included(self, chapter: ChapterFile) -> bool:
        """Return whether the chapter's `only` and `when` hold for this selection."""
        if chapter.only and not self.conditions.evaluate(chapter.only, chapter.only.source).is_met:
            return False
        return not chapter.when or self.evaluate_when(chapter)

    def evaluate_when(self, chapter: ChapterFile) -> bool:
        """Return whether the chapter's `when` holds for this selection."""
        try:
            self.environment.start()
            expression = self.environment.compile_expression(chapter.when, undefined_to_none=False)
            return bool(expression())
        except Exception as problem:
            raise error(
                f"the condition 'when: {chapter.when}' fails: {plain_message(problem)}",
                at=Source(chapter.file, chapter.when_line),
                hint=self._hint(problem),
                code="when",
            ) from None

    def recall(self, chapter: ChapterFile) -> AssembledChapter | None:
        """Return the chapter as it was rendered before, if that is known."""
        return None

    def chapter(self, chapter: ChapterFile) -> AssembledChapter:
        """Return the chapter, rendered."""
        text, lines = _as_written(chapter.text, chapter.file, chapter.first_line - 1)
        title = chapter.title
        if chapter.templates:
            text, lines = self.render(text, chapter.file, chapter.first_line - 1)
            title, _ = self.render(title, chapter.file, chapter.source.line - 1)
        return AssembledChapter(
            chapter.id,
            " ".join(title.split()),
            chapter.matter,
            chapter.layout,
            chapter.listed,
            chapter.depth,
            chapter.short_title,
            text,
            lines,
            chapter.source,
            chapter.path.parent,
            chapter.dialect,
            chapter.placement,
            chapter.pages,
        )

    def render(self, text: str, file: str, offset: int) -> tuple[str, tuple[Source, ...]]:
        """Return a template's text, and the source of each of its lines."""
        if "{{" not in text and "{%" not in text and "{##" not in text:
            return _as_written(text, file, offset)
        try:
            self.environment.start()
            template = self._template(text)
            chunks = list(rendered_chunks(template, self.context, file, text.split("\n")))
        except HandbookError as problem:
            raise self._placed(problem, file, offset) from None
        except jinja2.TemplateSyntaxError as problem:
            place = problem.filename or file
            line = problem.lineno + (offset if problem.filename is None else 0)
            if problem.filename is None and "end of template" in str(problem.message):
                line = offset + unclosed_line(text)
            raise error(
                f"template error: {problem.message}",
                at=Source(place, line),
                hint="check the braces, and that every {% if %} and {% for %} is closed",
                code="template",
            ) from None
        except RecursionError as problem:
            message = "template error: a template or macro repeats without end"
            hint = "look for one that includes itself"
            raise error_at(problem, message, hint, file, offset) from None
        except Exception as problem:
            raise self._template_error(problem, file, offset) from None
        return self._mapped(chunks, file, offset)

    def _template(self, text: str) -> jinja2.Template:
        code = TEMPLATE_CACHE.code(text, self.environment.compile)
        return jinja2.Template.from_code(
            self.environment, code, self.environment.make_globals(None)
        )

    def _placed(self, problem: HandbookError, file: str, offset: int) -> HandbookError:
        if problem.diagnostics[0].file:
            return problem
        first = problem.diagnostics[0]
        return error_at(problem, first.message, first.hint, file, offset, first.code)

    def _template_error(self, problem: Exception, file: str, offset: int) -> HandbookError:
        message = f"template error: {plain_message(problem)}"
        return error_at(problem, message, self._hint(problem), file, offset)

    def _hint(self, problem: Exception) -> str:
        match = re.search(r"'([^']+)' is undefined", str(problem))
        if match:
            return suggest(match.group(1), self.context)
        match = re.search(r"'None' has no attribute '([^']+)'", str(problem))
        if match:
            return f"nothing was chosen here; ask first: {{% if role and role.{match[1]} … %}}"
        match = re.search(r"has no attribute '([^']+)'", str(problem))
        if match:
            near = suggest(match.group(1), _keys(self.pack.tables))
            return near.split(";")[0] if near.startswith("did you") else "check the row's keys"
        if isinstance(problem, SecurityError):
            return "templates run in a sandbox, without access to Python's insides"
        if isinstance(problem, jinja2.TemplateNotFound):
            return suggest(str(problem), self.environment.list_templates())
        return ""

    # ----------------------------------------------------------------- sources

    def _mapped(
        self, chunks: Sequence[tuple[str, str, int]], file: str, offset: int
    ) -> tuple[str, tuple[Source, ...]]:
        """Join chunks; the source of a line is its place in YAML, or in the template."""
        lines: list[Source] = []
        parts: list[str] = []
        current: Source | None = None
        strong = False
        for text, place, number in chunks:
            base = Source(place, number) if place != file else Source(file, number + offset)
            marked = MARK_OPEN in text
            for count, piece in enumerate(text.split("\n")):
                if count:
                    lines.append(current or base)
                    current, strong = None, False
                    parts.append("\n")
                    base = Source(base.file, base.line + (0 if marked else 1))
                mark = MARK.search(piece) if marked else None
                if mark and not strong:
                    current, strong = self.sources[int(mark.group(1))], True
                elif piece.strip() and current is None:
                    current = base
                parts.append(MARK.sub("", piece) if mark else piece)
        lines.append(current or Source(file, offset + 1))
        return "".join(parts), tuple(lines)


def _keys(tables: Mapping[str, Any]) -> set[str]:
    return {
        key
        for rows in tables.values()
        if isinstance(rows, list)
        for row in rows
        if isinstance(row, SourcedDict)
        for key in row
    }


# ------------------------------------------------------- functions and filters
