"""Write laid-out chapters as bytes, and read them in another process that lays out the same book.

What all chapters of a book share is not written but named: its faces, its theme in the colours of
the areas, what its text depends on.  Reading puts those of the reader's book in their place.
"""

from __future__ import annotations

import io
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..core.cache import SafeReader
from ..fonts.face import Face
from ..theme.theme import Theme
from .area_colors import AreaColors
from .inline.runs import InlineContext


class Named:
    """Marks what is named instead of written: reading makes a value of another class."""


class _Face(Named):
    pass


class _Theme(Named):
    pass


class _Context(Named):
    pass


class ChapterArchive:
    """Writes and reads chapters of the book with this `context` and these `colors`."""

    def __init__(self, context: InlineContext, colors: AreaColors) -> None:
        self.context = context
        self.colors = colors

    def dump(self, value: Any) -> bytes:
        """Return a value as bytes.

        Raises:
            pickle.PicklingError, TypeError, RecursionError: If it cannot be written.
        """
        file = io.BytesIO()
        pickler = pickle.Pickler(file, protocol=5)
        pickler.dispatch_table = {
            Face: lambda face: (_Face, (str(face.path),)),
            Theme: lambda theme: (_Theme, (self.colors.area_of(theme),)),
            InlineContext: lambda one: (_Context, (self.colors.area_of(one.theme), one.language)),
        }
        pickler.dump(value)
        return file.getvalue()

    def load(self, data: bytes) -> Any:
        """Return the value that `dump` wrote."""
        return _Reader(data, self).load()

    def face(self, path: str) -> Face:
        """Return the face of a font file."""
        return next(face for face in self.context.faces.values() if face.path == Path(path))

    def inline_context(self, area: int | None, language: str) -> InlineContext:
        """Return what text depends on in an area's colour and a language."""
        book = self.context
        theme = self.colors.theme_in(area)
        if theme is book.theme and language == book.language:
            return book
        return replace(
            book, theme=theme, language=language, label_of=lambda target: book.label_of(target)
        )


class _Reader(SafeReader):
    """Puts what belongs to the reader's book in the place of what is named."""

    def __init__(self, data: bytes, archive: ChapterArchive) -> None:
        super().__init__(io.BytesIO(data))
        self._by_name = {
            _Face: archive.face,
            _Theme: archive.colors.theme_in,
            _Context: archive.inline_context,
        }

    def find_class(self, module: str, name: str) -> Any:
        """Return the class of this name, or what makes a value of it."""
        named_class = super().find_class(module, name)
        return self._by_name.get(named_class, named_class)
