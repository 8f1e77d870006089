"""Turn words into runs of glyphs, in as many faces as they need."""

from __future__ import annotations

from ...core.diagnostics import Source
from ...fonts.face import missing_character
from .complex_text import complex_text, shaped_line
from .runs import InlineContext, RunStyle, TextRun, UnbreakableRun

# A soft hyphen is drawn only where a line ends; a byte order mark only joins words.
_NOT_DRAWN = {0xAD: None, 0xFEFF: 0x2060}


def encode_word(
    context: InlineContext, face: str, word: str, source: Source
) -> list[tuple[str, str, float]]:
    """Return `word` as (face, codes, width at size 1000), in as many faces as it needs.

    Raises:
        HandbookError: No face of the theme has one of the characters.
    """
    try:
        return [(face, *context.faces[face].encode(word))]
    except KeyError:
        return _in_several_faces(context, face, word, source)


def _in_several_faces(
    context: InlineContext, face: str, word: str, source: Source
) -> list[tuple[str, str, float]]:
    faces = context.faces
    parts: list[tuple[str, str]] = []
    for char in word:
        name = next((n for n in (face, *faces) if faces[n].has(char)), "")
        if not name:
            raise missing_character(char, source.file, source.line)
        if parts and parts[-1][0] == name:
            parts[-1] = (name, parts[-1][1] + char)
        else:
            parts.append((name, char))
    return [(name, *faces[name].encode(text)) for name, text in parts]


def encode_runs(
    context: InlineContext, words: str, style: RunStyle, source: Source, base: int | None = None
) -> list[TextRun]:
    """Return `words` as runs in the theme's faces or, where these lack a character, shaped.

    `base` is the embedding level of the line.

    Raises:
        HandbookError: No font has one of the characters.
    """
    scale = style.size / 1000
    faces = context.faces
    if not words.isascii():
        words = words.translate(_NOT_DRAWN)
    is_complex = complex_text(words)
    if not is_complex:
        # Most words need one face alone.
        try:
            codes, width = faces[style.face].encode(words)
        except KeyError:
            pass
        else:
            return [TextRun(style, codes, width * scale)]
    if is_complex or not all(any(f.has(c) for f in faces.values()) for c in words):
        line = shaped_line(words, faces[style.face].path, source, context.language, base)
        return [TextRun(style, "", line.width * scale, shaped=line)]
    return [
        TextRun(style if face == style.face else style._replace(face=face), codes, width * scale)
        for face, codes, width in encode_word(context, style.face, words, source)
    ]


def joined_runs(chunks: list[UnbreakableRun], first: int) -> list[TextRun]:
    """Take the chunks from `first` on out of `chunks`; return them and their spaces as runs."""
    taken = chunks[first:]
    del chunks[first:]
    return [run for chunk in taken for run in (*chunk.runs, chunk.space) if run]
