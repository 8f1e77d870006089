"""A content pack and a theme as bytes, for workers that do not see this machine's files."""

from __future__ import annotations

import hashlib
import io
import tempfile
import threading
import zipfile
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from .. import __version__, shipped_content
from .orders import Settings

# What a theme of one's own may need from beside it.
BESIDE = (".yaml", ".yml", ".ttf", ".otf")
_ONE = threading.Lock()


@dataclass(frozen=True, slots=True)
class Luggage:
    """An archive, and where in it content and theme are; empty for what workers have themselves."""

    data: bytes
    content: str
    theme: str
    version: str = __version__


def packed(settings: Settings) -> Luggage:
    """What is needed to lay out editions of `settings` elsewhere."""
    found: dict[str, Path] = {}
    content = theme = ""
    folder = Path(settings.content)
    if folder.resolve() != Path(shipped_content()).resolve():
        content = "content"
        # Templates may stand beside the pack, as they do in this project.
        for name, top in (("content", folder), ("templates", folder.parent / "templates")):
            for path in sorted(top.rglob("*")) if top.is_dir() else ():
                if path.is_file():
                    found[f"{name}/{path.relative_to(top).as_posix()}"] = path
    own = Path(settings.theme)
    if own.is_file():
        theme = f"theme/{own.name}"
        found |= {f"theme/{p.name}": p for p in own.parent.iterdir() if p.suffix in BESIDE}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in found.items():
            archive.writestr(zipfile.ZipInfo(name), path.read_bytes())
    return Luggage(out.getvalue(), content, theme)


def unpacked(luggage: Luggage, settings: Settings) -> Settings:
    """`settings` with the places where content and theme are here."""
    with _ONE:
        folder = _folder(hashlib.sha256(luggage.data).hexdigest(), luggage)
    content = str(folder / luggage.content) if luggage.content else str(shipped_content())
    theme = str(folder / luggage.theme) if luggage.theme else settings.theme
    return replace(settings, content=content, theme=theme)


_kept: list[tempfile.TemporaryDirectory[str]] = []


@lru_cache(maxsize=4)
def _folder(digest: str, luggage: Luggage) -> Path:
    """The archive's files, unpacked once a process, until it ends."""
    place = tempfile.TemporaryDirectory(prefix=f"handbook-{digest[:8]}-")
    _kept.append(place)
    with zipfile.ZipFile(io.BytesIO(luggage.data)) as archive:
        archive.extractall(place.name)
    return Path(place.name)
