"""Warn of text that is too small to read, and of lines that overlap."""

from __future__ import annotations

from ..core.diagnostics import Diagnostic
from ..core.units import counted
from .theme import Theme

# Points; print needs more, but a note in the smallest size may do with it.
LEAST_SIZE = 6.0


def size_advice(theme: Theme) -> list[Diagnostic]:
    """Return a warning for text that is too small, and one for lines that overlap."""
    styles = {name: theme.style(name) for name in theme.text_styles()}
    small = [(f"text.{name}.size", style.size) for name, style in styles.items()]
    tight = [
        (f"text.{name}.leading", style.leading)
        for name, style in styles.items()
        if style.leading < style.size * 0.9
    ]
    return [
        *_advice(
            theme,
            [one for one in small if one[1] < LEAST_SIZE],
            "text of less than 6 points cannot be read",
            "make it larger, such as 9pt",
        ),
        *_advice(
            theme,
            tight,
            "lines that are closer than the text is high overlap",
            "make it larger, as in $text.body.size * 1.4",
        ),
    ]


def _advice(theme: Theme, sizes: list[tuple[str, float]], why: str, hint: str) -> list[Diagnostic]:
    """Return one warning for tokens that are alike, at the one that the file sets."""
    if not sizes:
        return []
    sizes = sorted(sizes)
    token, value = next((one for one in sizes if theme.at(one[0]).line), sizes[0])
    more = f" (and {counted(len(sizes) - 1, 'more token')})" if len(sizes) > 1 else ""
    message = f"{token} is {value:g} points{more}: {why}"
    return [Diagnostic.at(theme.at(token), message, hint, "theme-size", "warning")]
