"""Explain why each chapter, conditional block and template `if` is included or not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import jinja2

from ..core.diagnostics import Source
from ..core.values import frozen
from ..markdown.conditional_blocks import filter_blocks
from ..pack.model import ChapterFile, Pack
from ..select.assemble import ChapterRenderer
from ..select.conditions import conditions_of
from ..select.selection import Selection

_IF = re.compile(r"\{%[-+]?\s*(?:if|elif)\s+(.+?)\s*[-+]?%\}", re.DOTALL)


@frozen
class Explained:
    """A chapter, or a part of one: whether the selection gets it, by which condition, and why.

    `taken` is None where that differs from row to row of a table.
    """

    kind: Literal["chapter", "block", "template"]
    name: str
    taken: bool | None
    condition: str
    why: str
    source: Source


def explain(pack: Pack, selection: Selection) -> list[Explained]:
    """Return every chapter in order, each followed by its conditional parts.

    Raises:
        HandbookError: For conditions and templates that cannot be read.
    """
    renderer = ChapterRenderer(pack, selection)
    return [part for chapter in pack.chapters for part in _chapter(renderer, chapter)]


def _chapter(renderer: ChapterRenderer, chapter: ChapterFile) -> Iterator[Explained]:
    taken = renderer.is_included(chapter)
    source = chapter.source
    conditions, reasons = [], []
    if chapter.only:
        verdict = renderer.conditions.evaluate(chapter.only, chapter.only.source)
        conditions.append(f"only: {chapter.only}")
        reasons.append(verdict.why)
        source = verdict.source
    if chapter.when:
        conditions.append(f"when: {chapter.when}")
        if not reasons or taken:
            reasons.append("it holds" if renderer.evaluate_when(chapter) else "it does not hold")
            source = Source(chapter.file, chapter.when_line)
    why = "; ".join(reasons) or "it has no condition"
    yield Explained("chapter", chapter.id, taken, " and ".join(conditions), why, source)
    if taken:
        yield from _templates(renderer, chapter)
        assembled = renderer.chapter(chapter)
        for judged in filter_blocks(assembled, conditions_of(renderer.pack, renderer.selection))[1]:
            verdict = judged.verdict
            yield Explained(
                "block",
                chapter.id,
                verdict.is_met,
                f"only {verdict.condition}",
                verdict.why,
                verdict.source,
            )


def _templates(renderer: ChapterRenderer, chapter: ChapterFile) -> Iterator[Explained]:
    """Yield each `{% if … %}`: whether it holds, where that can be said without its loop."""
    for match in _IF.finditer(chapter.text):
        line = chapter.first_line + chapter.text[: match.start()].count("\n")
        condition = " ".join(match[1].split())
        is_met: bool | None
        try:
            compiled = renderer.environment.compile_expression(condition, undefined_to_none=False)
            is_met = bool(compiled())
            why = "it holds" if is_met else "it does not hold"
        except (jinja2.TemplateError, TypeError, KeyError, AttributeError):
            is_met, why = None, "it differs from row to row"
        yield Explained(
            "template", chapter.id, is_met, f"if {condition}", why, Source(chapter.file, line)
        )
