"""A brand file -> a `Brand`: the public sections, and our own below `defaults: handbook:`."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from handbook.core.resources import DATA

from ...core.yaml_source import SourcedDict, read_yaml
from .keys import CONTACT, KINDS, META, OWN, ROLES, TOP, BrandReader, unreadable
from .logos import BACK, COVER, Logos, check_dots
from .model import Brand, Contact
from .palette import Palette
from .typography import Typography

OWN_SECTION = "handbook"
PLACE = "{number}"
_NAME = frozenset({"short", "full"})


def load_brand(name: str | Path) -> Brand:
    """The brand in the file `name`.

    Raises HandbookError with everything that is wrong with it: keys mistyped, colours unknown or
    going round in circles, files missing, logos too small to be printed.
    """
    path = Path(name)
    if not path.is_file():
        raise unreadable(str(name))
    data = read_yaml(path, str(name))
    reader = BrandReader(str(name))
    top = reader.mapping(data, "a brand file", TOP, 1)
    made = _Maker(reader, path.parent, top).make()
    reader.done()
    return made


class _Maker:
    def __init__(self, reader: BrandReader, folder: Path, top: SourcedDict) -> None:
        self.reader = reader
        self.folder = folder
        self.top = top
        defaults = top.get("defaults")
        shared = defaults if isinstance(defaults, SourcedDict) else SourcedDict({}, top.source, {})
        own, line = shared.get(OWN_SECTION), shared.lines.get(OWN_SECTION, 0)
        self.own = reader.mapping(own, f"defaults.{OWN_SECTION}", OWN, line)

    def section(self, name: str, known: frozenset[str]) -> SourcedDict:
        """A section of the public format."""
        return self.reader.mapping(self.top.get(name), name, known, self.top.lines.get(name, 1))

    def make(self) -> Brand:
        """The brand, with everything that is worth a warning."""
        reader = self.reader
        short, full, link = self._meta()
        color = self.section("color", ROLES | {"palette"})
        palette = Palette(reader, color)
        colors = palette.all_roles()
        for_print = self._part("color", ROLES)
        for role in for_print:
            tint = palette.tint(for_print[role], for_print.lines[role], f"color.{role}")
            colors |= {role: tint} if tint else {}
        typography = self.section("typography", KINDS | {"fonts"})
        types = Typography(reader, self.folder, palette)
        families = types.families(typography.get("fonts"), typography.lines.get("fonts", 0))
        logos = Logos(reader, self.folder, full or short).read(
            self.top.get("logo"), self.top.lines.get("logo", 0)
        )
        files = [Path(logo.path) for logo in logos.values()]
        files += [font.path for family in families.values() for font in family.files]
        brand = Brand(
            file=reader.file, folder=self.folder.absolute(), digest=self._digest(files),
            name=short, full_name=full, link=link,
            logos=logos, colors=colors, families=families, type=types.types(typography),
            contact=self._contact(link), legal=reader.words(self.own, "legal"),
            cover=reader.words(self.own, "cover"), provider=self._provider(),
            copies=self._copies(), columns=self._columns(),
            files=tuple(dict.fromkeys([Path(reader.file), *files])),
            advice=(),
        )  # fmt: skip
        for image, most in ((cover_logo(brand), COVER), (back_logo(brand), BACK)):
            if image is not None:
                check_dots(reader, image, most)
        object.__setattr__(brand, "advice", tuple(sorted(set(reader.advice))))
        return brand

    def _meta(self) -> tuple[str, str, str]:
        """The short name, the full one, and the address of the brand's pages."""
        meta = self.section("meta", META)
        name: Any = meta.get("name")
        if isinstance(name, SourcedDict):
            self.reader.keys(name, "meta.name", _NAME)
            short, full = (self.reader.words(name, key) for key in ("short", "full"))
        else:
            short = full = self.reader.words(meta, "name", "meta.name")
        short, full = short or full, full or short
        if not short:
            self.reader.fail("the brand has no name", meta.source.line or 1,
                             "write meta: with name: Acme Academy")  # fmt: skip
        link: Any = meta.get("link")
        if isinstance(link, SourcedDict):
            link = link.get("home") or ""
        return short, full, str(link or "")

    def _part(self, name: str, known: frozenset[str]) -> SourcedDict:
        """A mapping of our own section."""
        what = f"defaults.{OWN_SECTION}.{name}"
        return self.reader.mapping(self.own.get(name), what, known, self.own.lines.get(name, 0))

    def _contact(self, link: str) -> Contact:
        row = self._part("contact", CONTACT)
        address: Any = row.get("address")
        lines = address if isinstance(address, list) else str(address or "").split("\n")
        words = {key: self.reader.words(row, key) for key in ("mail", "phone", "web")}
        mail = words["mail"]
        if mail and not re.fullmatch(r"[^@\s<>()\[\]]+@[^@\s<>()\[\]]+\.[^@\s<>()\[\]]+", mail):
            self.reader.fail(f"{mail!r} is not a mail address", row.lines["mail"])
        words["web"] = self._address(words["web"] or link, row.lines.get("web", 0))
        kept = tuple(str(line).strip() for line in lines if str(line).strip())
        return Contact(kept, **words)

    def _address(self, text: str, line: int) -> str:
        if text and not re.fullmatch(r"https?://[^\s<>()]+", text):
            self.reader.fail(f"{text!r} is not an address of the web", line,
                             "write it with https://")  # fmt: skip
        return text

    def _provider(self) -> Any:
        """The id of a row of the provider list, or a row of the brand's own."""
        value = self.own.get("provider")
        if value is None or not isinstance(value, (SourcedDict, str)):
            if value is not None:
                self.reader.fail("provider is an id of the provider list, or a row with a name",
                                 self.own.lines["provider"])  # fmt: skip
            return None
        if isinstance(value, SourcedDict) and not value.get("name"):
            self.reader.fail("the provider has no name", value.source.line)
        return value

    def _copies(self) -> str:
        text = self._address(self.reader.words(self.own, "copies"), self.own.lines.get("copies", 0))
        if text and PLACE not in text:
            hint = f"write {text.rstrip('/')}/{PLACE}"
            message = f"copies: the address has no place for the {PLACE}"
            self.reader.fail(message, self.own.lines["copies"], hint)
        return text

    def _columns(self) -> dict[str, str]:
        value = self.own.get("columns")
        row = self.reader.mapping(value, "columns", value or (), self.own.lines.get("columns", 0))
        return {key: str(value) for key, value in row.items()}

    def _digest(self, files: list[Path]) -> str:
        state = hashlib.sha256()
        for path in [Path(self.reader.file), *files]:
            state.update(hashlib.sha256(path.read_bytes()).digest())
        return state.hexdigest()[:16]


def cover_logo(brand: Brand) -> Any:
    """The logo of the cover."""
    return brand.logo("large", "medium", "small")


def back_logo(brand: Brand) -> Any:
    """The logo of the back page."""
    return brand.logo("medium", "large", "small")


# folded from brand/starter
def starter() -> bytes:
    """A brand with comments, that builds as it is."""
    return (DATA / "brand.yaml").read_bytes()
