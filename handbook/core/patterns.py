"""Compile regular expressions when they are first used.

Compiling all that the package has takes a twentieth of a first build, and few books need those for
formulas, foreign mark-up or drawings.
"""

from __future__ import annotations

import re
from typing import Any, cast


class _LazyPattern:
    """A pattern that compiles itself when it is first asked for anything."""

    def __init__(self, text: str, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        # Found in the instance from now on, so that this is asked for once for each name.
        value = self.__dict__[name] = getattr(re.compile(self._text, self._flags), name)
        return value


def late(text: str, flags: int = 0) -> re.Pattern[str]:
    """Return the pattern of `text`, compiled when one of its methods is first used."""
    return cast("re.Pattern[str]", _LazyPattern(text, flags))
