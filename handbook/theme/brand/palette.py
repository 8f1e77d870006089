"""Read the palette and the roles of its colours: each reference followed to six digits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ...core.diagnostics import Source, suggest
from ...core.yaml_source import SourcedDict
from .keys import ROLES, UNUSED_ROLES, BrandReader
from .model import SourcedColor

# A name that is being followed: where it is, and the name.
_Step = tuple[str, str]


class Palette:
    """The colours of one brand by name; a name may refer to another (color.palette, color)."""

    def __init__(self, reader: BrandReader, color: SourcedDict) -> None:
        self.reader = reader
        palette = color.get("palette")
        line = color.lines.get("palette", color.source.line)
        keys = palette if isinstance(palette, SourcedDict) else ()
        self.palette = reader.mapping(palette, "color.palette", keys, line)
        self.roles = SourcedDict(
            {key: value for key, value in color.items() if key in ROLES}, color.source, color.lines
        )
        self._reported: set[tuple[Any, int, str]] = set()

    def all_roles(self) -> dict[str, SourcedColor]:
        """Return the colour of each role that the brand gives one.

        A palette may have names that nothing uses: one that is not a colour is a warning.
        """
        for name in self.palette:
            steps = (("color.palette", name),)
            self.color(self.palette[name], self.palette.lines[name], f"color.palette.{name}", steps)
        roles: dict[str, SourcedColor] = {}
        for role in self.roles:
            steps = (("color", role),)
            color = self.color(self.roles[role], self.roles.lines[role], f"color.{role}", steps)
            if color:
                roles[role] = color
            if role in UNUSED_ROLES:
                self.reader.not_used(f"color.{role}", self.roles.lines[role])
        return roles

    def color(
        self, value: Any, line: int, what: str, steps: tuple[_Step, ...] = ()
    ) -> SourcedColor | None:
        """Return `value` as a colour: digits, a name of CSS, or a reference; None for none.

        A name is looked up in the palette first, then among the roles; `steps` are the names that
        have been followed to get here.
        """
        if isinstance(value, SourcedDict):
            # Forms for light and dark grounds: paper is light.
            value = value.get("light", next(iter(value.values()), None))
        if value is None:
            return None
        text = str(value).strip()
        for place, row in (("color.palette", self.palette), ("color", self.roles)):
            if text in row and (place, text) not in steps:
                deeper = (*steps, (place, text))
                color = self.color(row[text], row.lines[text], what, deeper)
                return SourcedColor(color.value, Source(self.reader.file, line)) if color else None
        digits = digits_of(text)
        if digits:
            return SourcedColor(digits, Source(self.reader.file, line))
        names = [name for _, name in steps]
        if text in names:
            self._report(steps, line, f"{what} refers to itself", " → ".join([*names, text]))
            return None
        known = {*self.palette, *self.roles} - set(names[-1:])
        hint = f"write #0b4f8a, or a name of the palette; {suggest(text, known)}"
        self._report(steps, line, f"{what}: unknown colour {text!r}", hint)
        return None

    def _report(self, steps: tuple[_Step, ...], line: int, message: str, hint: str) -> None:
        in_palette = bool(steps) and steps[0][0] == "color.palette"
        report = self.reader.warn if in_palette else self.reader.fail
        if (in_palette, line, hint) not in self._reported:
            self._reported.add((in_palette, line, hint))
            report(message, line, hint, "brand-color")


_RGB = re.compile(r"rgba?\(\s*([^()]+?)\s*\)", re.IGNORECASE)


def digits_of(text: str) -> str:
    """Return a colour of CSS as `#rrggbb`, as it looks on white paper; "" if it is none."""
    from PIL import ImageColor

    parts = _RGB.fullmatch(text)
    if parts:
        return _from_parts(re.split(r"[\s,/]+", parts[1]))
    if text.casefold() == "transparent":
        return "#ffffff"
    try:
        red, green, blue, *alpha = ImageColor.getrgb(text)
    except ValueError:
        return ""
    return _on_white((red, green, blue), alpha[0] / 255 if alpha else 1.0)


def _from_parts(parts: Sequence[str]) -> str:
    try:
        red, green, blue = (
            float(part[:-1]) * 2.55 if part.endswith("%") else float(part) for part in parts[:3]
        )
        opacity = parts[3] if len(parts) == 4 else "1"
        alpha = float(opacity[:-1]) / 100 if opacity.endswith("%") else float(opacity)
    except ValueError:
        return ""
    if len(parts) > 4 or not all(0 <= part <= 255.01 for part in (red, green, blue)):
        return ""
    return _on_white((red, green, blue), alpha)


def _on_white(color: Sequence[float], alpha: float) -> str:
    alpha = min(max(alpha, 0.0), 1.0)
    return "#" + "".join(f"{round(part * alpha + 255 * (1 - alpha)):02x}" for part in color)
