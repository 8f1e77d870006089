"""Pack a content folder and a theme for workers that do not see this machine's files."""

from __future__ import annotations

import hashlib
import io
import tempfile
import threading
import zipfile
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from ..__version__ import __version__
from ..core.files import pack_roots, read_bytes
from ..core.values import frozen
from .models import Settings, pack_files

# What a theme of one's own may need from its folder.
THEME_FILES = (".yaml", ".yml", ".ttf", ".otf")
_UNPACK_LOCK = threading.Lock()


@frozen
class PackArchive:
    """A content pack as a zip file; `theme` is the place of a theme of one's own in it."""

    data: bytes
    theme: str
    version: str = __version__


def packed(settings: Settings) -> PackArchive:
    """Return what is needed to lay out editions of `settings` elsewhere."""
    files: dict[str, Path] = {}
    theme = ""
    folder = Path(settings.content)
    # Templates may be next to the pack.
    beside, roots = folder.absolute().parent / "templates", pack_roots(folder)
    for name, top in (("content", folder), ("templates", beside)):
        for path in pack_files(top, roots) if top == folder or beside in roots else ():
            files[f"{name}/{path.relative_to(top).as_posix()}"] = path
    theme_file = Path(settings.theme)
    if theme_file.is_file():
        theme = f"theme/{theme_file.name}"
        files |= {
            f"theme/{p.name}": p for p in theme_file.parent.iterdir() if p.suffix in THEME_FILES
        }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in files.items():
            archive.writestr(zipfile.ZipInfo(name), read_bytes(path, "picture_bytes"))
    return PackArchive(out.getvalue(), theme)


def unpacked(archive: PackArchive, settings: Settings) -> Settings:
    """Return `settings` with the places of content and theme on this machine."""
    with _UNPACK_LOCK:
        folder = _folder(hashlib.sha256(archive.data).hexdigest(), archive)
    theme = str(folder / archive.theme) if archive.theme else settings.theme
    return replace(settings, content=str(folder / "content"), theme=theme)


_folders: list[tempfile.TemporaryDirectory[str]] = []


@lru_cache(maxsize=4)
def _folder(digest: str, archive: PackArchive) -> Path:
    """Return the folder with the archive's files, unpacked once a process, until it ends."""
    place = tempfile.TemporaryDirectory(prefix=f"handbook-{digest[:8]}-")
    _folders.append(place)
    with zipfile.ZipFile(io.BytesIO(archive.data)) as file:
        file.extractall(place.name)
    return Path(place.name)
