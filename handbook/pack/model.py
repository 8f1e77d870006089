"""Define the model of a pack: its chapters, tables and settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ..core.diagnostics import Diagnostic, Source
from ..core.values import frozen
from ..core.yaml_source import SourcedDict, SourcedStr
from ..document.fields import FieldSpecs
from ..document.nodes import ORDINARY, UNPLACED, ChapterPages, Matter, Placement
from .dialects import OWN


@frozen
class ChapterFile:
    """A chapter as it is on disk: its front matter, and its text from `first_line` on."""

    id: str
    title: str
    text: str
    first_line: int
    file: str
    path: Path
    matter: Matter
    layout: str
    listed: bool
    depth: int
    short_title: str
    when: str
    when_line: int
    source: Source
    front: SourcedDict
    only: SourcedStr | None = None
    dialect: str = OWN
    templates: bool = True
    placement: Placement = UNPLACED
    pages: ChapterPages = ORDINARY


@frozen
class Pack:
    """A content pack, loaded and checked."""

    folder: Path
    config: SourcedDict
    chapters: tuple[ChapterFile, ...]
    tables: Mapping[str, Any]
    fields: FieldSpecs
    checks: Mapping[str, date]
    warnings: tuple[Diagnostic, ...] = ()

    @property
    def lenient(self) -> bool:
        """Return whether broken links, pictures and HTML are warnings rather than errors."""
        return bool(self.config.get("lenient", False))

    @property
    def title(self) -> str:
        """Return the handbook's title."""
        return str(self.config["title"])

    @property
    def language(self) -> str:
        """Return the handbook's language, a tag of BCP 47."""
        return str(self.config.get("language") or "en")

    def axis(self, name: str) -> Sequence[SourcedDict]:
        """Return the rows of `roles`, `paths` or `plans`; none if the pack has no such table."""
        rows: Sequence[SourcedDict] = self.tables.get(name, ())
        return rows
