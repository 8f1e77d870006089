"""Read the section `typography`: families, their files, and what they are used for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ...core.diagnostics import Source, nearest, suggest
from ...core.files import is_file, names_in
from ...core.yaml_source import SourcedDict
from .keys import FONT, KINDS, SAVE, TYPE, UNUSED_TYPE, BrandReader
from .model import Family, FontSource, SourcedColor, Type
from .palette import Palette

ORIGINS = ("file", "google", "bunny", "system")
FONT_FILES = (".ttf", ".otf")
_OTHER_FONTS = {
    **dict.fromkeys((".woff", ".woff2", ".eot", ".svg"), "is for the web, not for print"),
    **dict.fromkeys((".ttc", ".otc", ".dfont"), "is a collection of several fonts"),
    **dict.fromkeys((".pfb", ".pfa", ".pfm", ".afm"), "is a Type 1 font"),
}
WEIGHTS = {
    "thin": 100, "extra-light": 200, "ultra-light": 200, "light": 300, "normal": 400,
    "regular": 400, "medium": 500, "semi-bold": 600, "demi-bold": 600, "bold": 700,
    "extra-bold": 800, "ultra-bold": 800, "black": 900,
}  # fmt: skip


class Typography:
    """Reads `typography` of a brand file in `folder`."""

    def __init__(self, reader: BrandReader, folder: Path, palette: Palette) -> None:
        self.reader = reader
        self.folder = folder
        self.palette = palette

    def types(self, row: SourcedDict) -> dict[str, Type]:
        """Return how each kind of text looks."""
        return {kind: self._type(kind, row) for kind in sorted(KINDS) if row.get(kind) is not None}

    def _type(self, kind: str, row: SourcedDict) -> Type:
        value, line = row[kind], row.lines[kind]
        where = Source(self.reader.file, line)
        if not isinstance(value, SourcedDict):
            return Type(family=str(value), source=where)
        name = f"typography.{kind}"
        self.reader.keys(value, name, TYPE)
        color, background = (self._color(value, key, name) for key in ("color", "background-color"))
        for key in UNUSED_TYPE[kind]:
            if value.get(key) is not None:
                self.reader.not_used(f"{name}.{key}", value.lines[key])
        line = value.lines.get("family", line)
        weight = self._weight(value, name)
        family = self.reader.words(value, "family", f"{name}.family")
        return Type(family, weight, color, background, Source(self.reader.file, line))

    def _color(self, row: SourcedDict, key: str, what: str) -> SourcedColor | None:
        value = row.get(key)
        return self.palette.color(value, row.lines[key], f"{what}.{key}") if value else None

    def _weight(self, row: SourcedDict, what: str) -> int:
        """Return a weight from 100 to 900, the first of several; 0 where there is none."""
        value = row.get("weight")
        if isinstance(value, list):
            value = value[0] if value else None
        if value is None:
            return 0
        text = str(value).strip().casefold()
        if re.fullmatch(r"[1-9]00", text):
            return int(text)
        if re.fullmatch(r"\d+\.\.\d+", text):
            return 0
        if text not in WEIGHTS:
            self.reader.fail(
                f"{what}.weight: unknown weight {text!r}",
                row.lines["weight"],
                f"100 to 900, or {suggest(text, WEIGHTS)}",
                "brand-font",
            )
        return WEIGHTS.get(text, 0)

    # ---------------------------------------------------------------- families

    def families(self, value: Any, line: int) -> dict[str, Family]:
        """Return the families of `typography.fonts` by name."""
        if value is None:
            return {}
        if isinstance(value, SourcedDict) and "family" not in value:
            # A mapping of families is read as a list of them.
            value = [
                item
                if isinstance(item, SourcedDict) and "family" in item
                else SourcedDict(
                    {**(item if isinstance(item, SourcedDict) else {}), "family": name},
                    getattr(item, "source", value.source),
                    {**getattr(item, "lines", {}), "family": value.lines[name]},
                )
                for name, item in value.items()
            ]
        if not isinstance(value, list):
            value = [value]
        families: dict[str, Family] = {}
        for item in value:
            family = self._family(item, line)
            if family is not None:
                before = families.get(family.name)
                files = (*(before.files if before else ()), *family.files)
                families[family.name] = Family(family.name, family.origin, files, family.source)
        return families

    def _family(self, item: Any, line: int) -> Family | None:
        if not isinstance(item, SourcedDict):
            return Family(str(item), "system", (), Source(self.reader.file, line))
        line = item.source.line
        self.reader.keys(item, "typography.fonts", FONT)
        name = self.reader.words(item, "family", "a font's family")
        if not name:
            self.reader.fail("a font has no family", line, "write family: Open Sans", "brand-font")
            return None
        files = tuple(self._files(item))
        origin = str(item.get("source") or ("file" if files else "google"))
        if origin not in ORIGINS:
            self.reader.warn(
                f"unknown source {origin!r} of a font",
                item.lines["source"],
                suggest(origin, ORIGINS),
                "brand-font",
            )
        if origin == "file" and not files and "files" not in item:
            self.reader.fail(
                f"the font {name!r} names no files", line, "write files: with a list", "brand-font"
            )
        return Family(name, origin, files, item.source)

    def _files(self, item: SourcedDict) -> list[FontSource]:
        listed = item.get("files")
        listed = listed if isinstance(listed, list) else [listed] if listed is not None else []
        files = [self._file(one, item) for one in listed]
        return [file for file in files if file]

    def _file(self, one: Any, item: SourcedDict) -> FontSource | None:
        line, weight, style = item.lines["files"], 0, ""
        if isinstance(one, SourcedDict):
            self.reader.keys(one, "a font file", {"path", "weight", "style"})
            line = one.lines.get("path", one.source.line)
            weight = self._weight(one, "a font file")
            style = self.reader.words(one, "style", "a font's style")
            one = one.get("path")
        elif isinstance(getattr(one, "source", None), Source):
            line = one.source.line
        path = str(one or "")
        if re.match(r"https?://", path):
            self.reader.warn(
                f"the font {path!r} is not fetched from the web", line, SAVE, "brand-font"
            )
            return None
        file = self.folder / path
        where = Source(self.reader.file, line)
        if self.reader.is_outside(file, f"the font file {path!r}", line):
            return None
        if not is_file(file):
            near = nearest(Path(path).name, names_in(file.parent, FONT_FILES))
            hint = f"did you mean {near!r}?" if near else "put it where the brand file says"
            self.reader.warn(f"the font file {path!r} does not exist", line, hint, "brand-font")
            return None
        if file.suffix.lower() not in FONT_FILES:
            what = _OTHER_FONTS.get(file.suffix.lower(), "is not a font file")
            hint = "name its TTF or OTF form, too"
            self.reader.warn(f"the font file {path!r} {what}", line, hint, "brand-font")
            return None
        return FontSource(file.absolute(), weight, style, where)
