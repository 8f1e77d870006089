"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

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


def _remove(name: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(name)


def _unwritable(path: Path, problem: OSError) -> Exception:
    return error(
        f"cannot write {str(path)!r}: {problem.strerror or problem}",
        hint="choose another place with --output",
    )
