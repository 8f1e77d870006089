"""Hold what a brand file says; nothing here reads files or knows a theme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from ...core.diagnostics import Diagnostic, Source
from ...core.values import frozen
from ...document.nodes import Image


@frozen
class SourcedColor:
    """A colour as six hexadecimal digits ("#0b4f8a"), and where it was written."""

    value: str
    source: Source


@frozen
class FontSource:
    """A font file as the brand names it; weight 0 and style "" where only the file knows."""

    path: Path
    weight: int
    style: str
    source: Source


@frozen
class Family:
    """A family of the brand: its files, or where the public format says it is found."""

    name: str
    origin: str
    files: tuple[FontSource, ...]
    source: Source


@frozen
class Type:
    """The style of one kind of text: base, headings, monospace, monospace-inline, link …"""

    family: str = ""
    weight: int = 0
    color: SourcedColor | None = None
    background: SourcedColor | None = None
    source: Source = field(default_factory=Source)


@frozen
class Contact:
    """How to reach the brand: an address in lines, and three ways without paper."""

    address: tuple[str, ...] = ()
    mail: str = ""
    phone: str = ""
    web: str = ""


@frozen(eq=False)
class Brand:
    """A provider's brand: what a theme and the content's templates take from it.

    `logos` go by size (small, medium, large); `colors` by role, those for print before those
    for the screen, `print_colors` has the former alone; `legal` and `cover` are Markdown,
    and `picture` takes the place of the cover's figure.
    `copies` is an address with `{number}` in it.  Two brands are the same if they are in the same
    folder, and all their files are the same.
    """

    file: str
    folder: Path
    digest: str
    name: str
    full_name: str
    link: str = ""
    logos: Mapping[str, Image] = field(default_factory=dict)
    colors: Mapping[str, SourcedColor] = field(default_factory=dict)
    print_colors: Mapping[str, SourcedColor] = field(default_factory=dict)
    families: Mapping[str, Family] = field(default_factory=dict)
    type: Mapping[str, Type] = field(default_factory=dict)
    contact: Contact = field(default_factory=Contact)
    legal: str = ""
    cover: str = ""
    picture: Image | None = None
    provider: Any = None
    copies: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    advice: tuple[Diagnostic, ...] = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Brand) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple[str, Path]:
        return self.digest, self.folder

    def logo(self, *sizes: str) -> Image | None:
        """Return the logo of the first of `sizes` that there is."""
        return next((self.logos[size] for size in sizes if size in self.logos), None)

    @property
    def provider_id(self) -> str:
        """Return the row of the provider list that is this brand's, if it names one."""
        return self.provider if isinstance(self.provider, str) else ""

    @property
    def provider_row(self) -> Mapping[str, Any] | None:
        """Return the brand's own row for the provider list, if it brings one."""
        return self.provider if isinstance(self.provider, Mapping) else None
