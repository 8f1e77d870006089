"""Create a new content pack, a small handbook that explains itself, from `scaffold/`."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from ..core.diagnostics import error
from ..core.files import CONFIG, write_whole
from ..core.resources import SCAFFOLD

# The title of the skeleton, which gives way to the new book's.
PLACEHOLDER = "A new handbook"


def skeleton_files(title: str) -> dict[str, bytes]:
    """Return the files of a small, complete pack by their path, in the order of the alphabet."""
    files = {
        path.relative_to(SCAFFOLD).as_posix(): path.read_bytes()
        for path in sorted(SCAFFOLD.rglob("*"))
        if path.is_file() and path.suffix in (".yaml", ".md", ".png", ".svg", ".csv")
    }
    # A JSON string is always a YAML string, whatever is in it.
    quoted = json.dumps(title, ensure_ascii=False)
    config = files[CONFIG].decode("utf-8").replace(f"title: {PLACEHOLDER}", f"title: {quoted}")
    return {**files, CONFIG: config.encode("utf-8")}


def title_from(folder: Path) -> str:
    """Return a title made of a folder's name: my-first_book is "My first book"."""
    words = re.sub(r"[-_\s]+", " ", folder.absolute().name).strip()
    return words[:1].upper() + words[1:] or PLACEHOLDER


def refuse_taken(folder: Path) -> None:
    """Raise HandbookError unless `folder` is empty or does not exist yet."""
    if folder.is_dir() and any(folder.iterdir()):
        raise error(
            f"the folder {str(folder)!r} is not empty",
            hint="name a folder that does not exist yet; nothing was changed",
            code="exists",
        )
    if folder.exists() and not folder.is_dir():
        raise error(
            f"{str(folder)!r} is a file, not a folder", hint="name a new folder", code="exists"
        )


def write_pack(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a new pack, and nothing outside its folder.

    Raises:
        HandbookError: if the folder is taken, a name leads out of it, or it cannot be written.
    """
    refuse_taken(folder)
    for name in files:
        parts = PurePosixPath(name).parts
        if not parts or PurePosixPath(name).is_absolute() or ".." in parts or "\\" in name:
            raise error(f"the file {name!r} is outside the new folder", at=folder, code="outside")
    existed = folder.is_dir()
    try:
        for name, data in files.items():
            write_whole(folder / name, data, sync=False)
    except BaseException:
        # The folder was empty or not there: half a pack would be in the way of the next try.
        for path in folder.iterdir() if existed else (folder,):
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()
        raise
