"""Include or leave out conditional blocks (`::: only role=sre` … `:::`) before reading.

This works on lines, so it is the same for every dialect, for list items and for table rows.  What
is left out is never read, so no contents list, number, reference or index has it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..core.diagnostics import Diagnostic, HandbookError, Source
from ..core.values import frozen
from ..select.conditions import Conditions, Verdict
from .line_patterns import ITEM, Line, code_end, container_end

if TYPE_CHECKING:
    from ..select.assemble import AssembledChapter

# How deep conditional blocks may be in one another.
DEEPEST = 60
BEGINS = re.compile(r" *(:{3,}) *(?:only\b|\{ *\.only\b)([^}]*)\}? *$")


@frozen
class ConditionResult:
    """A conditional block: the verdict on it, its nesting depth, its text."""

    verdict: Verdict
    depth: int
    text: str


def filter_blocks(
    chapter: AssembledChapter, conditions: Conditions
) -> tuple[AssembledChapter, list[ConditionResult]]:
    """Return the chapter without the blocks that are for others, and the verdict on each block.

    Raises:
        HandbookError: For conditions that cannot be read and blocks that are not closed.
    """
    if "only" not in chapter.text:
        return chapter, []
    lines = [Line(number, text) for number, text in enumerate(chapter.text.split("\n"))]
    condition_filter = ConditionFilter(chapter.lines, conditions)
    kept = condition_filter.keep_lines(lines, 0)
    if condition_filter.errors:
        raise HandbookError(*condition_filter.errors)
    if not condition_filter.results:
        return chapter, []
    sources = tuple(chapter.lines[line.number] for line in kept)
    text = "\n".join(line.text for line in kept)
    return replace(chapter, text=text, lines=sources), condition_filter.results


class ConditionFilter:
    """Includes or leaves out the conditional blocks of one chapter."""

    def __init__(self, sources: Sequence[Source], conditions: Conditions) -> None:
        self.sources = sources
        self.conditions = conditions
        self.results: list[ConditionResult] = []
        self.errors: list[Diagnostic] = []

    def keep_lines(self, lines: Sequence[Line], depth: int) -> list[Line]:
        """Return the lines that stay."""
        kept: list[Line] = []
        at = 0
        while at < len(lines):
            match = BEGINS.match(lines[at].text)
            if (closing := code_end(lines, at)) is not None:
                end = min(closing + 1, len(lines))
                kept += lines[at:end]
            elif match and depth >= DEEPEST:
                message = f"conditional blocks are nested more than {DEEPEST} deep"
                source = self.sources[lines[at].number]
                self.errors.append(Diagnostic.at(source, message, "write it flatter", "nesting"))
                return kept
            elif match:
                end = container_end(lines, at, len(match[1]))
                kept += self._block(lines, at, end, match, depth)
                end += 1
            else:
                kept.append(lines[at])
                end = at + 1
            at = end
        return kept

    def _block(
        self, lines: Sequence[Line], at: int, end: int, match: re.Match[str], depth: int
    ) -> list[Line]:
        source = self.sources[lines[at].number]
        if end == len(lines):
            self.errors.append(
                Diagnostic.at(
                    source,
                    f"the block '{match[1]} only' is not closed",
                    f"end it with a line of {match[1]}",
                    "open-container",
                )
            )
        inner = lines[at + 1 : end]
        verdict = self._verdict(match[2], source)
        place = len(self.results)
        kept = self.keep_lines(inner, depth + 1)
        if verdict is not None:
            text = "\n".join(line.text for line in inner)
            self.results.insert(place, ConditionResult(verdict, depth, text))
        is_met = verdict is not None and verdict.is_met
        first = next((line.text for line in inner if line.text.strip()), "")
        if ITEM.match(first) or first.lstrip().startswith("|"):
            # Rows and items continue those above.
            return kept if is_met else []
        blank = [Line(lines[at].number, "")]
        return [*blank, *kept, *blank] if is_met else blank

    def _verdict(self, text: str, source: Source) -> Verdict | None:
        try:
            return self.conditions.evaluate(text.strip(), source)
        except HandbookError as problem:
            self.errors += problem.diagnostics
            return None
