"""Pack + Selection -> Markdown, remembering where each line came from.

Chapters are Jinja2 templates in a sandbox.  The rendered text is taken chunk by
chunk from the compiled template, and each chunk knows its template line; words
that come from the pack's YAML carry an invisible mark with their own place,
which is taken out again here.  So a broken link in a table of answers is told
at its line in the table, not at the loop that printed it.
"""

from __future__ import annotations

import marshal
import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import Any

import jinja2
from jinja2.exceptions import SecurityError
from jinja2.sandbox import MAX_RANGE, ImmutableSandboxedEnvironment

from .brand import brand_words
from .conditions import conditions_of
from .content import ChapterFile, Pack
from .diagnostics import HandbookError, error, suggest
from .document import Matter, Source
from .schema import AXES
from .selection import Selection, slug
from .sourced import Row, Sourced
from .words import words_for

SHIPPED = Path(__file__).parent
TEMPLATES = "templates"
# How far below its tag literal text is looked for.
_REACH = 12
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")


@dataclass(frozen=True, slots=True)
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
    dialect: str = "handbook"


def assemble(pack: Pack, selection: Selection) -> tuple[AssembledChapter, ...]:
    """The chapters that `selection` gets, in order, as Markdown.

    Raises HandbookError for template errors: syntax, unknown names, forbidden calls.
    """
    workshop = Workshop(pack, selection)
    return tuple(workshop.chapter(chapter) for chapter in pack.chapters if workshop.wanted(chapter))


def _as_written(text: str, file: str, offset: int) -> tuple[str, tuple[Source, ...]]:
    """A text that no template changes, and the source of each of its lines."""
    count = text.count("\n") + 1
    return text, tuple(Source(file, offset + n) for n in range(1, count + 1))


def template_folders(pack: Pack) -> list[Path]:
    """Where templates are looked for: the pack's own folder, one beside it, the shipped one."""
    shipped = SHIPPED / "_data" / TEMPLATES
    beside = SHIPPED.parent / TEMPLATES
    folders = [pack.folder / TEMPLATES, pack.folder.parent / TEMPLATES, shipped, beside]
    return [folder for folder in folders if folder.is_dir()]


class _Compiled(jinja2.BytecodeCache):
    """Templates compiled once a process; code knows nothing of a selection."""

    def __init__(self) -> None:
        self.texts: dict[str, CodeType] = {}
        self.files: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Any) -> None:
        """Fill `bucket` if its template has been compiled before."""
        data = self.files.get(bucket.key + bucket.checksum)
        if data is not None:
            bucket.bytecode_from_string(data)

    def dump_bytecode(self, bucket: Any) -> None:
        """Keep what was compiled."""
        self.files[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def count_compiled() -> int:
    """How many templates this process has compiled or been given."""
    return len(_COMPILED.texts) + len(_COMPILED.files)


def give_compiled() -> bytes:
    """All compiled templates, for another process of the same Python."""
    return marshal.dumps((_COMPILED.texts, _COMPILED.files))


def take_compiled(data: bytes) -> None:
    """Know what another process compiled."""
    texts, files = marshal.loads(data)
    _COMPILED.texts.update(texts)
    _COMPILED.files.update(files)


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox, in which a row's own keys come before the attributes of Python's dict."""

    intercepted_binops = frozenset(("*", "**"))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """A product or power, unless it would fill the memory as a long range would."""
        sizes = [len(v) if hasattr(v, "__len__") else abs(v) for v in (left, right)]
        counted = operator == "*" and any(hasattr(value, "__len__") for value in (left, right))
        if (counted and math.prod(sizes) > MAX_RANGE) or (operator == "**" and max(sizes) > 1000):
            raise OverflowError(f"what {operator} makes is too large")
        return super().call_binop(context, operator, left, right)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`obj.attribute` in a template."""
        if isinstance(obj, Row) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


class Workshop:
    """The Jinja2 environment of one pack and one selection."""

    def __init__(self, pack: Pack, selection: Selection) -> None:
        self.pack = pack
        self.selection = selection
        self.words = words_for(pack.language)
        self.sources: list[Source] = []
        self.conditions = conditions_of(pack, selection)
        self.context = self._context()
        self.environment = self._environment()

    # ------------------------------------------------------------- environment

    def _environment(self) -> jinja2.Environment:
        environment = _Environment(
            loader=jinja2.FileSystemLoader([str(f) for f in template_folders(self.pack)]),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            autoescape=False,
            # Folding constants costs more than templates that run once gain from it.
            optimized=False,
            # `{#` begins an id in Markdown's attribute lists.
            comment_start_string="{##",
            comment_end_string="##}",
            finalize=self._finalize,
            bytecode_cache=_COMPILED,
        )
        environment.globals.update(self.context)
        environment.filters.update(sentence=self.words.sentence, cell=cell, slug=slug)
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
            "given": sorted(chosen.given),
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
        if isinstance(value, Sourced):
            self.sources.append(value.source)
            return f"{_OPEN}{len(self.sources) - 1}{_CLOSE}{value}"
        return value

    # ---------------------------------------------------------------- chapters

    def wanted(self, chapter: ChapterFile) -> bool:
        """Whether the chapter's `only` and `when` hold for this selection."""
        if chapter.only and not self.conditions.judge(chapter.only, chapter.only.source).holds:
            return False
        return not chapter.when or self.holds(chapter)

    def holds(self, chapter: ChapterFile) -> bool:
        """Whether the chapter's `when` holds for this selection."""
        try:
            expression = self.environment.compile_expression(chapter.when, undefined_to_none=False)
            return bool(expression())
        except Exception as problem:
            raise error(
                f"the condition 'when: {chapter.when}' fails: {_words(problem)}",
                file=chapter.file, line=chapter.when_line, code="when",
                hint=self._hint(problem),
            ) from None  # fmt: skip

    def chapter(self, chapter: ChapterFile) -> AssembledChapter:
        """The chapter, rendered."""
        text, lines = _as_written(chapter.text, chapter.file, chapter.first_line - 1)
        title = chapter.title
        if chapter.templates:
            text, lines = self.render(text, chapter.file, chapter.first_line - 1)
            title, _ = self.render(title, chapter.file, chapter.source.line - 1)
        return AssembledChapter(
            chapter.id, " ".join(title.split()), chapter.matter, chapter.layout, chapter.listed,
            chapter.depth, chapter.short_title, text, lines, chapter.source, chapter.path.parent,
            chapter.dialect,
        )  # fmt: skip

    def render(self, text: str, file: str, offset: int) -> tuple[str, tuple[Source, ...]]:
        """A template's text, and the source of each of its lines."""
        if "{{" not in text and "{%" not in text and "{##" not in text:
            return _as_written(text, file, offset)
        try:
            template = self._template(text)
            chunks = list(_chunks(template, self.context, file, text.split("\n")))
        except HandbookError as problem:
            raise self._placed(problem, file, offset) from None
        except jinja2.TemplateSyntaxError as problem:
            place = problem.filename or file
            line = problem.lineno + (offset if problem.filename is None else 0)
            if problem.filename is None and "end of template" in str(problem.message):
                line = offset + _unclosed(text)
            raise error(
                f"template error: {problem.message}", file=place, line=line,
                hint="check the braces, and that every {% if %} and {% for %} is closed",
                code="template",
            ) from None  # fmt: skip
        except RecursionError as problem:
            message = "template error: a template or macro goes on without end"
            hint = "look for one that includes itself"
            raise _at(problem, message, hint, file, offset) from None
        except Exception as problem:
            raise self._template_error(problem, file, offset) from None
        return self._mapped(chunks, file, offset)

    def _template(self, text: str) -> jinja2.Template:
        code = _COMPILED.texts.get(text)
        if code is None:
            code = _COMPILED.texts[text] = self.environment.compile(text)
        return jinja2.Template.from_code(
            self.environment, code, self.environment.make_globals(None)
        )

    def _placed(self, problem: HandbookError, file: str, offset: int) -> HandbookError:
        if problem.diagnostics[0].file:
            return problem
        first = problem.diagnostics[0]
        return _at(problem, first.message, first.hint, file, offset, first.code)

    def _template_error(self, problem: Exception, file: str, offset: int) -> HandbookError:
        message = f"template error: {_words(problem)}"
        return _at(problem, message, self._hint(problem), file, offset)

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
        """Chunks as one text, with each line's source: YAML's own place, else the template's."""
        lines: list[Source] = []
        parts: list[str] = []
        current: Source | None = None
        strong = False
        for text, place, number in chunks:
            base = Source(place, number) if place != file else Source(file, number + offset)
            for count, piece in enumerate(text.split("\n")):
                if count:
                    lines.append(current or base)
                    current, strong = None, False
                    parts.append("\n")
                    base = Source(base.file, base.line + (0 if _MARK.search(text) else 1))
                mark = _MARK.search(piece)
                if mark and not strong:
                    current, strong = self.sources[int(mark.group(1))], True
                elif piece.strip() and current is None:
                    current = base
                parts.append(_MARK.sub("", piece) if mark else piece)
        lines.append(current or Source(file, offset + 1))
        return "".join(parts), tuple(lines)


def _chunks(
    template: jinja2.Template, context: Mapping[str, Any], file: str, lines: Sequence[str]
) -> Iterator[tuple[str, str, int]]:
    """What the template prints, piece by piece, with the file and line that printed it."""
    stream: Any = template.root_render_func(template.new_context(dict(context)))
    previous = ("", 0)
    drift = 0
    for text in stream:
        inner = stream
        while getattr(inner, "gi_yieldfrom", None) is not None:
            inner = inner.gi_yieldfrom
        frame = inner.gi_frame
        name = frame.f_globals.get("name") or file
        line = _from_debug(frame.f_globals["debug_info"], frame.f_lineno)
        # Text that follows on the same node has moved on by the lines already printed.
        drift = drift if (name, line) == previous else 0
        previous = (name, line)
        yield str(text), name, _literal_line(str(text), lines if name == file else [], line + drift)
        drift += 0 if _MARK.search(str(text)) else str(text).count("\n")


def _literal_line(text: str, lines: Sequence[str], line: int) -> int:
    """The line that literal `text` stands on: Jinja2 knows only that of the tag before it."""
    first, _, _ = text.lstrip("\n").partition("\n")
    blanks = len(text) - len(text.lstrip("\n"))
    words = first.strip()
    if words and not _MARK.search(text):
        for number in range(line - 1, min(len(lines), line + _REACH)):
            if words in lines[number]:
                return number + 1 - blanks
    return line


_TAG = re.compile(r"\{%[-+]?\s*(end)?(if|for|macro|call|filter|block|with|raw)\b")


def _unclosed(text: str) -> int:
    """The line of the innermost tag that is not closed; Jinja2 tells where it missed the end."""
    opened: list[int] = []
    for match in _TAG.finditer(text):
        if not match[1]:
            opened.append(text.count("\n", 0, match.start()) + 1)
        elif opened:
            opened.pop()
    return opened[-1] if opened else text.count("\n") + 1


def _at(
    problem: BaseException, message: str, hint: str, file: str, offset: int, code: str = ""
) -> HandbookError:
    """The error at the place in a template, or in the chapter `file`, where `problem` arose."""
    place, line = _error_line(problem) or ("", 0)
    return error(
        message,
        file=place or file,
        line=line + (0 if place else offset),
        hint=hint,
        code=code or "template",
    )


def _error_line(problem: BaseException) -> tuple[str, int] | None:
    """The template file ("" for the chapter itself) and line in which the error arose."""
    place: tuple[str, int] | None = None
    trace = problem.__traceback__
    while trace is not None:
        names = trace.tb_frame.f_globals
        if "debug_info" in names and "blocks" in names:
            file = str(names["__file__"]) if names.get("name") else ""
            place = (file, _from_debug(names["debug_info"], trace.tb_lineno))
        trace = trace.tb_next
    return place


@lru_cache(maxsize=8192)
def _from_debug(info: str, line: int) -> int:
    """The template's line for a line of its compiled code; `info` is Jinja2's list of both."""
    template_lines, code_lines = _line_table(info)
    place = bisect_right(code_lines, line)
    return template_lines[place - 1] if place else 1


@lru_cache(maxsize=256)
def _line_table(info: str) -> tuple[list[int], list[int]]:
    pairs = [pair.split("=") for pair in info.split("&") if pair]
    return [int(pair[0]) for pair in pairs], [int(pair[1]) for pair in pairs]


def _words(problem: BaseException) -> str:
    if isinstance(problem, jinja2.TemplateNotFound):
        return f"there is no template {problem.name!r}"
    text = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
    return re.sub(r"'?handbook\.content\.(\w+)( object)?'?", r"the row", text)


def _keys(tables: Mapping[str, Any]) -> set[str]:
    return {
        key
        for rows in tables.values()
        if isinstance(rows, list)
        for row in rows
        if isinstance(row, Row)
        for key in row
    }


# ------------------------------------------------------- functions and filters


def find(table: Sequence[Row], key: str) -> Row:
    """The row of `table` with the id `key`."""
    for row in table:
        if str(row.get("id")) == str(key):
            return row
    known = [str(row.get("id")) for row in table]
    place = key.source if isinstance(key, Sourced) else Source()
    raise error(
        f"no row has the id {str(key)!r}", file=place.file, line=place.line,
        hint=suggest(str(key), known), code="unknown-row",
    )  # fmt: skip


def cell(text: Any) -> Any:
    """Words that fit a table's cell: on one line, with bars escaped."""
    if isinstance(text, (list, tuple)):
        text = ", ".join(str(item) for item in text)
    safe = re.sub(r"(?<!\\)\|", r"\\|", " ".join(str(text).split()))
    return Sourced(safe, text.source) if isinstance(text, Sourced) else safe
