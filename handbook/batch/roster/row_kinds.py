"""Tell rows that are not learners from rows that are: totals, footers, test students."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

TOTAL = "total or heading row"
HEADING = "repeated heading row"
OTHER_TABLE = "second-table row"
FOOTER = "footer row"
TEST_STUDENT = "test student"
HIDDEN = "hidden row"
NO_LEARNER = "other row"
UNSELECTED = "unselected row"

# What begins a row of totals, whatever its other cells are.
_TOTAL = re.compile(
    r"(?i)\s*(((grand |sub ?|class |course |overall |gesamt)?(totale?|summe|average)s?)"
    r"( (of )?(\w+ ){0,2}(students|learners|participants|records|rows|members|users|attendees))?"
    r"|total g[eé]n[eé]ral|gesamt(ergebnis|zahl|anzahl)?|durchschnitt|mittelwert|moyenne( \w+){0,3}"
    r"|promedio( \w+){0,2}|points possible|max(imum)? points|out of|std\.? ?dev(iation)?"
    r"|(number|no\.?|anzahl|nombre|n[uú]mero) (of |der |de )?(\w+ )?\w+(?=\s*[:=(]))\s*"
    r"([:=(].*|\d[\d.,]*)?"
)
# What begins one only before figures: each is also a name.
_STATISTIC = re.compile(
    r"(?i)\s*(count|suma?|mean|median|points|date|m[eé]dia|max(imum)?|min(imum)?|n)\s*([:=].*)?"
)
# A figure, a date, a mark in parentheses; not words or an address.
_FIGURE = re.compile(r"[\W\d_]*|\(.*\)|[\W\d_]*\d\s*[^\W\d_]{1,4}\.?")
_FOOTER = re.compile(
    r"(?i)\s*(copyright\b|©|\(c\) ?\d{4}|confidential\b|generated (by|on|at)\b"
    r"|report (run|generated|created)|exported (by|on|at|from)\b|as of \d|filters? applied"
    r"|all rights reserved|page \d+|end of report|\d+ (records?|rows?|results?)( found)?\.?\s*$"
    r"|erstellt (von|am)\b|quelle:)"
)
_TEST = re.compile(r"(?i)student, ?test|test ?student|.*_previewuser|preview, ?user")


# Titles and the like behind a comma, which is then not one between last and first name.
_TITLE = re.compile(
    r"(?i)(jr|sr|[iv]+|ph\.? ?d|dr|m\.?d|mba|cpa|esq|rn|llm|msc|bsc|ma|ba|dds|pmp|cfa|eur ing)\.?"
)


def are_last_first(names: Sequence[str]) -> bool:
    """Return whether most of `names` are written "Last, First"."""
    parts = [name.split(",") for name in names]
    firsts = [pair[1].strip() for pair in parts if len(pair) == 2 and all(map(_has_letters, pair))]
    if any(map(_TITLE.fullmatch, firsts)):
        return False
    return bool(firsts) and len(firsts) >= 0.8 * len(names)


def _has_letters(text: str) -> bool:
    return any(map(str.isalpha, text))


def repeats_header(cells: Sequence[str], header: Sequence[str]) -> bool:
    """Return whether a row says the names of the columns again, perhaps spelled otherwise."""
    pairs = [(cell, name) for cell, name in zip(cells, header, strict=False) if cell]
    same = sum(_letters(cell) == _letters(name) for cell, name in pairs)
    return same > 1 and same * 2 > len(pairs)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def kind_of(
    values: Mapping[str, str], filled: Sequence[str], width: int, after_blank: bool, has_ids: bool
) -> str:
    """Return the kind of a row that is not a learner; "" for a learner.

    `values` has what was recognised, `filled` the cells that are not empty; `width` is the number
    of columns, `after_blank` whether an empty line or another footer comes before, `has_ids`
    whether the roster has a column of ids.
    """
    first = filled[0] if filled else ""
    name = values.get("learner", "")
    identity = values.get("id", "")
    if name and _TEST.fullmatch(name.strip()):
        return TEST_STUDENT
    if _is_total(name, identity, filled):
        return TOTAL
    if len(filled) == 1 and width > 1:
        if _FOOTER.match(first):
            return FOOTER
        if after_blank and width > 2 and ((has_ids and not identity) or not name or name != first):
            return FOOTER
    if not name and not identity and not values:
        return NO_LEARNER
    return ""


def _is_total(name: str, identity: str, filled: Sequence[str]) -> bool:
    """Return whether a row has totals or other figures about the rows of learners."""
    first, rest = (filled[0], filled[1:]) if filled else ("", ())
    if _TOTAL.fullmatch(identity):
        return True
    figures = sum(map(bool, map(_FIGURE.fullmatch, rest)))
    if _TOTAL.fullmatch(first) and figures == len(rest):
        return True
    if identity:
        return False
    if _TOTAL.fullmatch(name) or (not name and _TOTAL.fullmatch(first)):
        return True
    # "Max" and a number may be a learner and their group, unless the number is half of the name.
    few = 1 if name == first else 0
    return bool(_STATISTIC.fullmatch(first)) and figures == len(rest) > few
