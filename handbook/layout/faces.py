"""Load the faces of a theme."""

from __future__ import annotations

import struct
from pathlib import Path

from ..fonts.face import Face
from ..fonts.font_file import unreadable
from ..theme.theme import Theme


def load_faces(theme: Theme) -> dict[str, Face]:
    """Return the faces of a theme by name; a fresh `Face` each, so that one book's codes are its
    own.

    Raises:
        HandbookError: If a file is not a font in which text can be set.
    """
    return {name: _face(path) for name, path in theme.faces().items()}


def _face(path: Path) -> Face:
    try:
        return Face(path)
    except (struct.error, LookupError, ValueError):
        raise unreadable(path) from None
