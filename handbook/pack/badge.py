"""Read what a pack says about the Open Badge that goes with each copy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..core.diagnostics import error, suggest
from ..core.files import is_file, outside
from ..core.values import frozen
from ..core.yaml_source import SourcedDict

IMAGES = (".svg", ".png")


@frozen
class Badge:
    """An achievement: its words, its pictures, and the field with the day it was reached.

    `issuer` has the name, url and email of who gives it; a brand goes before it.  `key` is the
    address at which the public key is published.
    """

    name: str
    description: str
    criteria: str
    images: tuple[Path, ...]
    id: str = ""
    awarded: str = ""
    key: str = ""
    issuer: tuple[tuple[str, str], ...] = ()


def badge_of(config: SourcedDict, folder: Path) -> Badge | None:
    """Return the badge that handbook.yaml describes, if it does.

    Raises:
        HandbookError: If a picture is not there, or the field is not one of the pack.
    """
    row: Any = config.get("badge")
    if not isinstance(row, SourcedDict):
        return None
    awarded = str(row.get("awarded", ""))
    fields = config.get("fields")
    fields = fields if isinstance(fields, SourcedDict) else {}
    if awarded and awarded not in fields:
        raise error(
            f"badge: unknown field {awarded!r}",
            at=row.value_at("awarded"),
            hint=suggest(awarded, fields),
            code="badge",
        )
    issuer = row.get("issuer")
    issuer = issuer if isinstance(issuer, SourcedDict) else {}
    return Badge(
        str(row.get("name") or config.get("title", "")),
        str(row.get("description") or config.get("description") or config.get("title", "")),
        str(row.get("criteria", "")),
        _images(row, folder),
        str(row.get("id", "")),
        awarded,
        str(row.get("key", "")),
        tuple((key, str(issuer[key])) for key in ("name", "url", "email") if issuer.get(key)),
    )


def _images(row: SourcedDict, folder: Path) -> tuple[Path, ...]:
    names = row.get("images")
    if not isinstance(names, list):
        # Reported with the other keys of the wrong kind.
        return ()
    place = row.value_at("images")
    paths: dict[str, Path] = {}
    for name in map(str, names):
        path = folder / name
        suffix = path.suffix.lower()
        reason = outside(path, (folder,))
        if not reason and not is_file(path):
            reason = "does not exist"
        if not reason and (suffix not in IMAGES or suffix in paths):
            reason = "must be SVG or PNG, one of each"
        if reason:
            raise error(f"badge: the picture {name!r} {reason}", at=place, code="badge")
        paths[suffix] = path
    return tuple(paths.values())
