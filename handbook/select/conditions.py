"""For whom something is: `role=sre,devops-engineer path!=finops`.

The same few words stand in a chapter's front matter (`only: role=sre`) and on a block
(`::: only role=sre`).  All terms must hold; a term holds if one of its values was chosen (with
`!=`, if none was).  `any` means that something was chosen, `none` that nothing was.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ..core.diagnostics import Diagnostic, HandbookError, Source, suggest
from ..pack.model import Pack
from ..pack.schema import AXES
from .selection import Selection

WORDS = tuple(axis.removesuffix("s") for axis in AXES)
_TERM = re.compile(r"([\w-]+)\s*(!?=)\s*(\"[^\"]*\"|'[^']*'|[^\s\"'{}]+)")


class Term(NamedTuple):
    """`role=sre,devops-engineer`: what is asked, for which values, and whether against them."""

    word: str
    values: tuple[str, ...]
    negated: bool

    def holds(self, chosen: str) -> bool:
        """Whether this is so where `chosen` ("" for nothing) was chosen."""
        found = (
            chosen in self.values
            or ("any" in self.values and bool(chosen))
            or ("none" in self.values and not chosen)
        )
        return found != self.negated


@dataclass(frozen=True, slots=True)
class Verdict:
    """A condition judged: whether it holds, and why."""

    condition: str
    holds: bool
    why: str
    source: Source


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a pack offers and what a selection chose; judges conditions."""

    known: Mapping[str, tuple[str, ...]]
    chosen: Mapping[str, str]

    def judge(self, text: str, source: Source) -> Verdict:
        """Whether the condition `text`, written at `source`, holds.

        Raises HandbookError for one that cannot be read, or that names what the pack has not.
        """
        terms = self.read(text, source)
        false = [term for term in terms if not term.holds(self.chosen[term.word])]
        told = false or terms
        why = ", ".join(self._words(term.word) for term in dict.fromkeys(told))
        return Verdict(text, not false, why, source)

    def read(self, text: str, source: Source) -> list[Term]:
        """The terms of a condition, checked."""
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
            raise HandbookError(_at(source, what, hint, "condition"))
        wrong = [problem for term in terms for problem in self._faults(term, source)]
        if wrong:
            raise HandbookError(*wrong)
        return terms

    def _faults(self, term: Term, source: Source) -> list[Diagnostic]:
        if term.word not in WORDS:
            message = f"unknown word {term.word!r} in a condition"
            return [_at(source, message, suggest(term.word, WORDS), "condition")]
        known = self.known[term.word]
        return [
            _at(
                source, f"unknown {term.word} {value!r} in a condition",
                suggest(value, known) if known else f"this handbook has no {term.word}s",
                f"unknown-{term.word}",
            )
            for value in term.values
            if value not in (*known, "any", "none")
        ]  # fmt: skip

    def _words(self, word: str) -> str:
        chosen = self.chosen[word]
        return f"the {word} is {chosen}" if chosen else f"no {word} was chosen"


def conditions_of(pack: Pack, selection: Selection) -> Conditions:
    """What judges conditions for `selection`."""
    rows = {"role": selection.role, "path": selection.path, "plan": selection.plan}
    return Conditions(
        {word: ids(pack, word) for word in WORDS},
        {word: str(row["id"]) if row else "" for word, row in rows.items()},
    )


def ids(pack: Pack, word: str) -> tuple[str, ...]:
    """The ids of the pack's roles, paths or plans (`word` in the singular)."""
    return tuple(str(row["id"]) for row in pack.axis(f"{word}s"))


def words_in(text: str) -> Collection[str]:
    """Which of role, path and plan a condition asks about."""
    return {match[1] for match in _TERM.finditer(text)} & set(WORDS)


def _at(source: Source, message: str, hint: str, code: str) -> Diagnostic:
    return Diagnostic.at(source, message, hint, code)
