"""Files that appear whole or not at all, and what they are called."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from .diagnostics import error


def write_whole(path: Path, data: bytes, sync: bool = True, workshop: Path | None = None) -> None:
    """Put `data` at `path` by renaming a finished file; HandbookError if that cannot be done.

    Without `sync` the disk may take its time, which suits files that a manifest can check.
    Unfinished files stand beside the finished one, or in a `workshop` on the same disk.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        folder = workshop if workshop is not None else path.parent
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:20]}.", dir=folder)
    except OSError as problem:
        raise _unwritable(path, problem) from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            if sync:
                os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, 0o666 & ~mask)
        os.replace(name, path)
    except OSError as problem:
        _remove(name)
        raise _unwritable(path, problem) from None
    except BaseException:
        _remove(name)
        raise


@contextlib.contextmanager
def workshop(folder: Path) -> Iterator[Path]:
    """A folder for unfinished files inside `folder`, swept at the end.

    Raises HandbookError if there can be none.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        made = tempfile.TemporaryDirectory(prefix=".handbook-", dir=folder)
    except OSError as problem:
        raise _unwritable(folder, problem) from None
    with made as name:
        yield Path(name)


def write_streamed(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Put a file that `write` fills as it goes, whole or not at all."""
    unfinished = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as problem:
        _remove(str(unfinished))
        raise _unwritable(path, problem) from None
    except BaseException:
        _remove(str(unfinished))
        raise


def zip_files(path: Path, files: Iterable[tuple[str, Path]]) -> None:
    """Pack files, by their names in the archive and in this order: the same files, the same bytes.

    They are streamed, as an archive may not fit into memory; HandbookError if it cannot be written.
    """
    import shutil
    import zipfile

    # Written where it will stand, as the temporary folder may be on a smaller disk.
    unfinished = path.with_name(f".{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # What is in there is compressed already, and compressing differs from zlib to zlib.
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_STORED) as archive:
            for name, file in files:
                info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                # Written the same on every system, and readable by all.
                info.create_system, info.external_attr = 3, 0o644 << 16
                info.file_size = file.stat().st_size
                with file.open("rb") as source, archive.open(info, "w") as target:
                    shutil.copyfileobj(source, target)
        unfinished.replace(path)
    except OSError as problem:
        _remove(str(unfinished))
        raise error(f"cannot write the archive: {problem.strerror}", at=path) from None
    except BaseException:
        _remove(str(unfinished))
        raise


def slug(text: str) -> str:
    """`text` in lower-case letters, digits and dashes: safe in a file name."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "handbook"


def _remove(name: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(name)


def _unwritable(path: Path, problem: OSError) -> Exception:
    return error(
        f"cannot write {str(path)!r}: {problem.strerror or problem}",
        hint="choose another place",
        code="unwritable",
    )
