"""Read a brand file: the public sections, and our own under `defaults: handbook:`."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from handbook.core.resources import DATA

from ...core.files import read_bytes
from ...core.yaml_source import SourcedDict, read_yaml
from .keys import CONTACT, KINDS, META, OWN, ROLES, TOP, BrandReader, unreadable
from .logos import BACK, COVER, Logos, check_logo
from .model import Brand, Contact
from .palette import Palette
from .typography import Typography

OWN_SECTION = "handbook"
PLACE = "{number}"
# Colours for print that are not roles of the format: those of headings.
PRINT_ROLES = ROLES | {"headings"}
_NAME = frozenset({"short", "full"})


def load_brand(name: str | Path) -> Brand:
    """Return the brand in the file `name`.

    Raises:
        HandbookError: With all errors: colours that are unknown or refer to
            themselves, files that are missing, logos too small to be printed.
    """
    path = Path(name)
    if not path.is_file():
        raise unreadable(str(name))
    data = read_yaml(path, str(name))
    reader = BrandReader(str(name))
    top = reader.mapping(data, "a brand file", TOP, 1)
    brand = _BrandBuilder(reader, path, top).build()
    reader.done()
    # The advice is complete only now, and a brand does not change.
    object.__setattr__(brand, "advice", tuple(sorted(set(reader.advice))))
    return brand


class _BrandBuilder:
    def __init__(self, reader: BrandReader, path: Path, top: SourcedDict) -> None:
        self.reader = reader
        self.path = path
        self.folder = path.parent
        self.top = top
        defaults = top.get("defaults")
        shared = defaults if isinstance(defaults, SourcedDict) else SourcedDict({}, top.source, {})
        section, line = shared.get(OWN_SECTION), shared.lines.get(OWN_SECTION, 0)
        self.own = reader.mapping(section, f"defaults.{OWN_SECTION}", OWN, line, strict=True)

    def section(self, name: str, known: frozenset[str]) -> SourcedDict:
        """Return a section of the public format."""
        return self.reader.mapping(self.top.get(name), name, known, self.top.lines.get(name, 1))

    def build(self) -> Brand:
        """Return the brand; warnings go to the reader."""
        reader = self.reader
        short, full, link = self._meta()
        color = self.section("color", ROLES | {"palette"})
        palette = Palette(reader, color)
        colors = palette.all_roles()
        row = self._part("color", PRINT_ROLES)
        for_print = {
            role: print_color
            for role in row
            if (print_color := palette.color(row[role], row.lines[role], f"color.{role}"))
        }
        typography = self.section("typography", KINDS | {"fonts"})
        reading = Typography(reader, self.folder, palette)
        families = reading.families(typography.get("fonts"), typography.lines.get("fonts", 0))
        logos = Logos(reader, self.folder, full or short).read(
            self.top.get("logo"), self.top.lines.get("logo", 0)
        )
        picture = Logos(reader, self.folder, full or short, "picture").one(
            self.own.get("picture"), self.own.lines.get("picture", 0)
        )
        files = [Path(one.path) for one in (*logos.values(), picture) if one]
        files += [font.path for family in families.values() for font in family.files]
        brand = Brand(
            file=reader.file,
            folder=self.folder.absolute(),
            digest=self._digest(files),
            name=short,
            full_name=full,
            link=link,
            logos=logos,
            colors={**colors, **for_print},
            print_colors=for_print,
            families=families,
            type=reading.types(typography),
            contact=self._contact(link),
            legal=reader.words(self.own, "legal"),
            cover=reader.words(self.own, "cover"),
            picture=picture,
            provider=self._provider(),
            copies=self._copies(),
            columns=self._columns(),
            files=tuple(dict.fromkeys([Path(reader.file), *files])),
        )
        cover, back = cover_logo(brand), back_logo(brand)
        # On the back it is smaller than on the cover.
        for image, most in ((cover, COVER), (None if back is cover else back, BACK)):
            if image is not None:
                check_logo(reader, image, most)
        return brand

    def _meta(self) -> tuple[str, str, str]:
        """Return the short name, the full one, and the address of the brand's pages."""
        meta = self.section("meta", META)
        name: Any = meta.get("name")
        if isinstance(name, SourcedDict):
            self.reader.keys(name, "meta.name", _NAME)
            short, full = (self.reader.words(name, key) for key in ("short", "full"))
        else:
            short = full = self.reader.words(meta, "name", "meta.name")
        short, full = short or full, full or short
        if not short:
            short = full = self._fallback_name()
            self.reader.warn(
                f"the brand has no name, so it is called {short!r}",
                meta.source.line or 1,
                "write meta: with name: Acme Academy",
                "brand-name",
            )
        return short, full, self._home(meta)

    def _fallback_name(self) -> str:
        """Return a name made of the file's name, or of its folder's."""
        stem = self.path.stem.strip("_.- ")
        if stem.casefold() in ("brand", ""):
            stem = self.path.absolute().parent.name
        words = " ".join(stem.replace("_", " ").replace("-", " ").split())
        return words[:1].upper() + words[1:] or "Brand"

    def _home(self, meta: SourcedDict) -> str:
        """Return the address of the brand's own pages, which the format has in three places."""
        for key in ("link", "links"):
            value: Any = meta.get(key)
            if isinstance(value, SourcedDict):
                value = value.get("home") or value.get("website") or ""
            if isinstance(value, str) and value.strip():
                return self._web(value.strip(), meta.lines[key])
        return ""

    def _web(self, text: str, line: int) -> str:
        """Return an address of the public part; one that is none is left out with a warning."""
        address = f"https://{text}" if re.match(r"www\.", text) else text
        if re.fullmatch(r"https?://[^\s<>()]+", address):
            return address
        self.reader.warn(
            f"{text!r} is not a web address, and is left out", line, "write it with https://"
        )
        return ""

    def _part(self, name: str, known: frozenset[str]) -> SourcedDict:
        """Return a mapping of handbook's own section."""
        what = f"defaults.{OWN_SECTION}.{name}"
        return self.reader.mapping(
            self.own.get(name), what, known, self.own.lines.get(name, 0), strict=True
        )

    def _contact(self, link: str) -> Contact:
        row = self._part("contact", CONTACT)
        address: Any = row.get("address")
        lines = address if isinstance(address, list) else str(address or "").split("\n")
        words = {key: self.reader.words(row, key) for key in ("mail", "phone", "web")}
        mail = words["mail"]
        if mail and not re.fullmatch(r"[^@\s<>()\[\]]+@[^@\s<>()\[\]]+\.[^@\s<>()\[\]]+", mail):
            self.reader.fail(f"{mail!r} is not an e-mail address", row.lines["mail"])
        web = words["web"]
        words["web"] = self._address(web, row.lines["web"]) if web else link
        kept = tuple(str(line).strip() for line in lines if str(line).strip())
        return Contact(kept, **words)

    def _address(self, text: str, line: int) -> str:
        if text and not re.fullmatch(r"https?://[^\s<>()]+", text):
            self.reader.fail(f"{text!r} is not a web address", line, "write it with https://")
        return text

    def _provider(self) -> Any:
        """Return the id of a row of the provider list, or a row of the brand's own."""
        value = self.own.get("provider")
        if value is None or not isinstance(value, (SourcedDict, str)):
            if value is not None:
                self.reader.fail(
                    "provider is an id of the provider list, or a row with a name",
                    self.own.lines["provider"],
                )
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
        row = self.reader.mapping(
            value,
            "columns",
            value if isinstance(value, SourcedDict) else (),
            self.own.lines.get("columns", 0),
        )
        return {key: str(value) for key, value in row.items()}

    def _digest(self, files: list[Path]) -> str:
        state = hashlib.sha256()
        for path in [Path(self.reader.file), *files]:
            state.update(hashlib.sha256(read_bytes(path, "picture_bytes")).digest())
        return state.hexdigest()[:16]


def cover_logo(brand: Brand) -> Any:
    """Return the logo of the cover."""
    return brand.logo("large", "medium", "small")


def back_logo(brand: Brand) -> Any:
    """Return the logo of the back page."""
    return brand.logo("medium", "large", "small")


def starter() -> bytes:
    """Return a brand file with comments that builds as it is."""
    return (DATA / "brand.yaml").read_bytes()
