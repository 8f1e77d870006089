"""Name the dialects of Markdown that a chapter may be written in.

A row here says how a chapter's file is taken apart; a row in `markdown/dialects.py` says what
reads its text.
"""

from __future__ import annotations

from ..core.values import frozen

OWN = "handbook"


@frozen
class Dialect:
    """A dialect; one with `other_tools` is that of text written for other tools.

    Such text may begin with a rule, its title may be its first heading or its file's name, and
    keys of its front matter that mean nothing here are passed over.
    """

    name: str
    other_tools: bool = False


DIALECTS = {one.name: one for one in (Dialect(OWN), Dialect("gfm", other_tools=True))}


def dialect_of(name: str) -> Dialect:
    """Return the dialect of this name; our own for an unknown one, which the schema reports."""
    return DIALECTS.get(name, DIALECTS[OWN])
