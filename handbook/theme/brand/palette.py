"""The palette, and the roles its colours play: every reference followed to its six digits."""

from __future__ import annotations

from typing import Any

from ...core.diagnostics import Source, suggest
from ...core.yaml_source import SourcedDict
from .keys import ROLES, BrandReader
from .model import SourcedColor


class Palette:
    """The colours of one brand by name; a name may stand for another (color.palette, color)."""

    def __init__(self, reader: BrandReader, color: SourcedDict) -> None:
        self.reader = reader
        palette = color.get("palette")
        self.palette = reader.mapping(palette, "color.palette", palette or (), color.source.line)
        self.roles = SourcedDict(
            {key: value for key, value in color.items() if key in ROLES}, color.source, color.lines
        )
        self._told: set[tuple[int, str]] = set()

    def all_roles(self) -> dict[str, SourcedColor]:
        """The colour of each role that the brand gives one."""
        for name in self.palette:
            self.tint(
                self.palette[name], self.palette.lines[name], f"color.palette.{name}", (name,)
            )
        found = {role: self.role(role) for role in self.roles}
        return {role: tint for role, tint in found.items() if tint}

    def role(self, role: str) -> SourcedColor | None:
        """The colour of one role."""
        return self.tint(self.roles[role], self.roles.lines[role], f"color.{role}", (role,))

    def tint(
        self, value: Any, line: int, what: str, seen: tuple[str, ...] = ()
    ) -> SourcedColor | None:
        """`value` as a colour: digits, a name of CSS, or a reference; None if it is none."""
        if isinstance(value, SourcedDict):
            # Forms for light and dark grounds: paper is light.
            value = value.get("light", next(iter(value.values()), None))
        if value is None:
            return None
        text = str(value).strip()
        row = self._row_of(text, seen)
        if row is not None:
            if text in seen and row is not self.roles:
                self._tell(line, f"{what} refers to itself", " → ".join([*seen, text]))
                return None
            deeper = row[text]
            found = self.tint(deeper, row.lines[text], what, (*seen, text))
            return SourcedColor(found.value, Source(self.reader.file, line)) if found else None
        digits = digits_of(text)
        if digits:
            return SourcedColor(digits, Source(self.reader.file, line))
        known = {*self.palette, *self.roles} - {seen[-1] if seen else ""}
        hint = f"write #0b4f8a, or a name of the palette; {suggest(text, known)}"
        self._tell(line, f"{what}: unknown colour {text!r}", hint)
        return None

    def _row_of(self, name: str, seen: tuple[str, ...]) -> SourcedDict | None:
        """Where a name is looked up: the palette first, then the roles, never itself."""
        if name in self.palette and not (seen == (name,) and digits_of(name)):
            return self.palette
        return self.roles if name in self.roles and name not in seen else None

    def _tell(self, line: int, message: str, hint: str) -> None:
        if (line, hint) not in self._told:
            self._told.add((line, hint))
            self.reader.fail(message, line, hint, "brand-color")


def digits_of(text: str) -> str:
    """A colour of CSS as `#rrggbb` (what shines through is left out); "" if it is none."""
    from PIL import ImageColor

    try:
        red, green, blue = ImageColor.getrgb(text)[:3]
    except ValueError:
        return ""
    return f"#{red:02x}{green:02x}{blue:02x}"
