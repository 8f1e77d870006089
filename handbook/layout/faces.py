"""Load the faces of a theme."""

from __future__ import annotations

from ..fonts.face import Face
from ..theme.theme import Theme


def load_faces(theme: Theme) -> dict[str, Face]:
    """Return the faces of a theme by name; a fresh `Face` each, so that one book's codes are its
    own.
    """
    return {name: Face(path) for name, path in theme.faces().items()}
