"""Tell rows that are no learners from rows that are: totals, footers, test students."""

from __future__ import annotations

import re
from collections.abc import Mapping

TOTAL = "total or heading row"
FOOTER = "footer row"
TEST_STUDENT = "test student"
HIDDEN = "hidden row"
NO_LEARNER = "other row"
UNSELECTED = "unselected row"

_TOTAL = re.compile(
    r"(?i)\s*((grand |sub ?|class |overall |gesamt)?(total|summe|count|sum|average|mean|median)s?"
    r"|points possible|points|date|max(imum)? points|out of|gesamt|durchschnitt|moyenne"
    r"|promedio|m[eé]dia|max(imum)?|min(imum)?|std\.? ?dev(iation)?)\s*([:=(].*)?"
)
_FOOTER = re.compile(
    r"(?i)\s*(copyright\b|©|\(c\) ?\d{4}|confidential\b|generated (by|on|at)\b"
    r"|report (run|generated|created)|exported (by|on|at|from)\b|as of \d|filters? applied"
    r"|all rights reserved|page \d+|end of report|\d+ (records?|rows?|results?)( found)?\.?\s*$"
    r"|erstellt (von|am)\b|quelle:)"
)
_TEST = re.compile(r"(?i)\s*(student, ?test|test ?student|.*_previewuser|preview, ?user)\s*")


def kind_of(
    values: Mapping[str, str], first: str, filled: int, width: int, after_blank: bool, has_ids: bool
) -> str:
    """Return the kind of a row that is no learner; "" for a learner.

    `values` has what was recognised, `first` the first cell that is not empty, `filled` how many
    are not; `width` is the number of columns, `after_blank` whether an empty line or another
    footer comes before, `has_ids` whether the roster has a column of ids.
    """
    name = values.get("learner", "")
    identity = values.get("id", "")
    if name and _TEST.fullmatch(name):
        return TEST_STUDENT
    if (not identity and name and _TOTAL.fullmatch(name)) or _TOTAL.fullmatch(identity):
        return TOTAL
    if filled == 1 and width > 1:
        if _FOOTER.match(first):
            return FOOTER
        if after_blank and width > 2 and ((has_ids and not identity) or not name or name != first):
            return FOOTER
    if not name and not identity:
        if _TOTAL.fullmatch(first):
            return TOTAL
        if not values:
            return NO_LEARNER
    if not name and identity and filled == 1 and _TOTAL.fullmatch(first):
        return TOTAL
    return ""
