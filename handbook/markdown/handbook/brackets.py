"""Find the bracket that closes another, in time that is linear in the text.

Python-Markdown looks through the rest of a paragraph at each `[`.  Here all pairs are found at
once; as a paragraph changes only to the left of the place that is looked at, the pairs are known
by their distance from its end.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import Any

from markdown.inlinepatterns import LinkInlineProcessor

_BRACKET = re.compile(r"[\[\]]")
# Texts whose pairs are kept: a paragraph, and what is nested in it.
_KEPT = 8
# A label alone is no longer (CommonMark, 4.7); words before `(` or `[` may be.
LONGEST_LABEL = 1000


class Brackets:
    """The pairs of brackets of the texts that were looked at last."""

    def __init__(self) -> None:
        self._pairs: OrderedDict[str, dict[int, int]] = OrderedDict()

    def text(self, data: str, index: int) -> tuple[str, int, bool]:
        """Return the words up to the `]` that closes the `[` before `index`, and its place.

        The last value is False where nothing closes it.
        """
        rest = len(data) - index
        distance = self._known(data, rest).get(rest)
        if distance is None:
            return "", index, False
        end = len(data) - distance
        if end - index > LONGEST_LABEL and data[end + 1 : end + 2] not in ("(", "["):
            return "", index, False
        return data[index:end], end + 1, True

    def _known(self, data: str, rest: int) -> dict[int, int]:
        for text, pairs in self._pairs.items():
            if len(text) >= rest and data.endswith(text[len(text) - rest :]):
                self._pairs.move_to_end(text, last=False)
                return pairs
        text = data[len(data) - rest :]
        pairs = self._pairs[text] = _pairs(text)
        self._pairs.move_to_end(text, last=False)
        while len(self._pairs) > _KEPT:
            self._pairs.popitem()
        return pairs


def _pairs(text: str) -> dict[int, int]:
    """Return the distance from the end of each `]`, by that of what follows its `[`."""
    size = len(text)
    open_ = [size]
    pairs: dict[int, int] = {}
    for match in _BRACKET.finditer(text):
        if match[0] == "[":
            open_.append(size - match.end())
        elif open_:
            pairs[open_.pop()] = size - match.start()
    return pairs


def use_pairs(patterns: Any) -> None:
    """Let all processors of links and pictures look brackets up."""
    brackets = Brackets()
    for processor in patterns:
        if isinstance(processor, LinkInlineProcessor):
            processor.getText = brackets.text  # type: ignore[method-assign]
