"""Evaluate conditions: `role=sre,devops-engineer path!=finops`.

A condition is written in a chapter's front matter (`only: role=sre`) or on a block
(`::: only role=sre`).  All terms must hold; a term holds if one of its values was chosen (with
`!=`, if none was).  `any` means that something was chosen, `none` that nothing was.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from ..core.diagnostics import Diagnostic, HandbookError, Source, suggest
from ..core.values import frozen
from ..pack.model import Pack
from ..pack.schema import AXES
from .selection import Selection

WORDS = tuple(axis.removesuffix("s") for axis in AXES)
_TERM = re.compile(r"(?<![\w-])([\w-]+)\s*(!?=)\s*(\"[^\"]*\"|'[^']*'|[^\s\"'{}]+)")


class Term(NamedTuple):
    """`role=sre,devops-engineer`: the axis, its values, and whether the term is negated."""

    word: str
    values: tuple[str, ...]
    negated: bool

    def matches(self, chosen: str) -> bool:
        """Return whether this is so where `chosen` ("" for nothing) was chosen."""
        holds = (
            chosen in self.values
            or ("any" in self.values and bool(chosen))
            or ("none" in self.values and not chosen)
        )
        return holds != self.negated


@frozen
class Verdict:
    """Whether a condition holds, and why."""

    condition: str
    is_met: bool
    why: str
    source: Source


@frozen
class Conditions:
    """The choices of a pack and those of a selection; evaluates conditions."""

    known: Mapping[str, tuple[str, ...]]
    chosen: Mapping[str, str]

    def evaluate(self, text: str, source: Source) -> Verdict:
        """Return whether the condition `text`, written at `source`, holds.

        Raises:
            HandbookError: For one that cannot be read, or that names what the pack has not.
        """
        terms = self.read(text, source)
        false = [term for term in terms if not term.matches(self.chosen[term.word])]
        decisive = false or terms
        why = ", ".join(self._words(term.word) for term in dict.fromkeys(decisive))
        return Verdict(text, not false, why, source)

    def read(self, text: str, source: Source) -> list[Term]:
        """Return the terms of a condition, checked."""
        inner = text.strip().removeprefix("{").removesuffix("}")
        terms = [
            Term(
                match[1],
                tuple(value.strip() for value in match[3].strip("\"'").split(",")),
                match[2] == "!=",
            )
            for match in _TERM.finditer(inner)
        ]
        rest = _TERM.sub("", inner).strip()
        if rest or not terms:
            what = f"the condition cannot be read: {rest!r}" if rest else "the condition is empty"
            hint = "write it as role=sre, role=sre,developer or role!=sre; also path= and plan="
            raise HandbookError(Diagnostic.at(source, what, hint, "condition"))
        wrong = [problem for term in terms for problem in self._term_errors(term, source)]
        if wrong:
            raise HandbookError(*wrong)
        return terms

    def _term_errors(self, term: Term, source: Source) -> list[Diagnostic]:
        if term.word not in WORDS:
            message = f"unknown word {term.word!r} in a condition"
            return [Diagnostic.at(source, message, suggest(term.word, WORDS), "condition")]
        known = self.known[term.word]
        return [
            Diagnostic.at(
                source,
                f"unknown {term.word} {value!r} in a condition",
                suggest(value, known) if known else f"this handbook has no {term.word}s",
                f"unknown-{term.word}",
            )
            for value in term.values
            if value not in (*known, "any", "none")
        ]

    def _words(self, word: str) -> str:
        chosen = self.chosen[word]
        return f"the {word} is {chosen}" if chosen else f"no {word} was chosen"


def conditions_of(pack: Pack, selection: Selection) -> Conditions:
    """Return what judges conditions for `selection`."""
    rows = {"role": selection.role, "path": selection.path, "plan": selection.plan}
    return Conditions(
        {word: ids(pack, word) for word in WORDS},
        {word: str(row["id"]) if row else "" for word, row in rows.items()},
    )


def ids(pack: Pack, word: str) -> tuple[str, ...]:
    """Return the ids of the pack's roles, paths or plans (`word` in the singular)."""
    return tuple(str(row["id"]) for row in pack.axis(f"{word}s"))


def words_in(text: str) -> Collection[str]:
    """Return which of role, path and plan a condition asks about."""
    return {match[1] for match in _TERM.finditer(text)} & set(WORDS)
