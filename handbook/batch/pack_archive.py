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

from ..__version__ import __version__
from .models import Settings, hidden

# What a theme of one's own may need from beside it.
BESIDE = (".yaml", ".yml", ".ttf", ".otf")
_ONE = threading.Lock()


@dataclass(frozen=True, slots=True)
class PackArchive:
    """An archive with the content pack, and where in it the theme is, if it is one's own."""

    data: bytes
    theme: str
    version: str = __version__


def packed(settings: Settings) -> PackArchive:
    """What is needed to lay out editions of `settings` elsewhere."""
    found: dict[str, Path] = {}
    theme = ""
    folder = Path(settings.content)
    # Templates may stand beside the pack.
    for name, top in (("content", folder), ("templates", folder.parent / "templates")):
        for path in sorted(top.rglob("*")) if top.is_dir() else ():
            inner = path.relative_to(top)
            if path.is_file() and not hidden(inner):
                found[f"{name}/{inner.as_posix()}"] = path
    own = Path(settings.theme)
    if own.is_file():
        theme = f"theme/{own.name}"
        found |= {f"theme/{p.name}": p for p in own.parent.iterdir() if p.suffix in BESIDE}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in found.items():
            archive.writestr(zipfile.ZipInfo(name), path.read_bytes())
    return PackArchive(out.getvalue(), theme)


def unpacked(luggage: PackArchive, settings: Settings) -> Settings:
    """`settings` with the places where content and theme are here."""
    with _ONE:
        folder = _folder(hashlib.sha256(luggage.data).hexdigest(), luggage)
    theme = str(folder / luggage.theme) if luggage.theme else settings.theme
    return replace(settings, content=str(folder / "content"), theme=theme)


_kept: list[tempfile.TemporaryDirectory[str]] = []


@lru_cache(maxsize=4)
def _folder(digest: str, luggage: PackArchive) -> Path:
    """The archive's files, unpacked once a process, until it ends."""
    place = tempfile.TemporaryDirectory(prefix=f"handbook-{digest[:8]}-")
    _kept.append(place)
    with zipfile.ZipFile(io.BytesIO(luggage.data)) as archive:
        archive.extractall(place.name)
    return Path(place.name)
