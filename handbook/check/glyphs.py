"""Find characters that no font has, before anything is laid out."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterator

from ..core.diagnostics import Diagnostic, Source
from ..document.nodes import Code, CodeBlock, Text, inlines_of, walk, walk_inlines
from ..fonts.fallback import MissingGlyph, fallback_fonts
from ..fonts.font_file import open_font
from ..theme.theme import Theme
from .selections import SelectionMatrix, Variant

# Characters that print nothing: spaces, joiners, direction marks, what layouts leave out.
_NO_INK = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Co"})


def missing_characters(matrix: SelectionMatrix, theme: Theme) -> Iterator[Diagnostic]:
    """Yield an error for each character that no font has, at its first occurrence."""
    faces = [open_font(path) for path in theme.faces().values()]
    fine: set[str] = set()
    missing: set[str] = set()
    for variant in matrix.variants():
        for char in {*variant.text, *html.unescape(variant.text)} - fine - missing:
            known = unicodedata.category(char) in _NO_INK
            known = known or any(font.has(char) for font in (*faces, *fallback_fonts()))
            (fine if known else missing).add(char)
    for variant in matrix.variants() if missing else ():
        for text, source in _texts(variant):
            for char in sorted(missing & set(text)):
                missing.discard(char)
                problem = MissingGlyph(char)
                yield Diagnostic.at(source, problem.words, problem.hint, "no-glyph")


def _texts(variant: Variant) -> Iterator[tuple[str, Source]]:
    """Yield the text that is printed, with its place; comments and names are not."""
    if variant.read is None:
        return
    for block in walk(variant.read.document.chapters[0].blocks):
        if isinstance(block, CodeBlock):
            yield block.text, block.source
        for inlines in inlines_of(block):
            for inline in walk_inlines(inlines):
                if isinstance(inline, (Text, Code)):
                    yield inline.text, block.source
