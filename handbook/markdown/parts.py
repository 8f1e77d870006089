"""A run of inlines -> paragraphs, and figures for the pictures among its words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..artwork import size_of
from ..document import Block, Figure, Image, Inline, Inlines, Link, Paragraph
from .inlines import trimmed

# A picture up to this height or width (points) is a sign in its line: its words are printed.
SIGN = 20.0


def parted(content: Inlines, common: Mapping[str, Any]) -> list[Block]:
    """Words and the pictures among them as paragraphs and figures; signs stay in their line."""
    made: list[Block] = []
    run: list[Inline] = []
    for part in (*content, None):
        alone = part.children if isinstance(part, Link) and len(part.children) == 1 else (part,)
        image = alone[0]
        large = isinstance(image, Image) and _is_large(image)
        if part is not None and not large:
            run.append(part)
            continue
        if words := trimmed(run):
            made.append(Paragraph(content=words, **common))
            common = {key: common[key] for key in ("source", "lang") if key in common}
        run = []
        if isinstance(image, Image):
            made.append(Figure(image=image, **common))
    return made


def _is_large(image: Image) -> bool:
    """Whether a picture is more than a sign in a line."""
    if image.missing:
        return False
    natural = size_of(image.path)
    return (image.height or natural.height) > SIGN and not 0 < image.width <= SIGN
