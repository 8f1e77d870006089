"""Put a run's files into a folder of this machine."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..core.diagnostics import error
from .storage import WORK, unwritable


class Folder:
    """A folder of this machine.

    Only the process that opened it creates it: a worker whose folder has vanished must not make
    another one in its place.
    """

    shares_filesystem = True

    def __init__(self, path: Path, creates: bool = True) -> None:
        self.path = path
        self.place = str(path)
        self._creates = creates
        self._created: set[str] = set()
        self._numbers = itertools.count()

    def __reduce__(self) -> Any:
        return Folder, (self.path, False)

    def write(
        self, name: str, parts: Sequence[bytes], metadata: Mapping[str, str] | None = None
    ) -> None:
        """Put a file by renaming a finished one."""
        with self._placed(name) as unfinished:
            handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
            try:
                _write_all(handle, parts)
            finally:
                os.close(handle)

    def write_long(self, name: str, parts: Iterable[bytes]) -> None:
        """Put a file part by part, and wait until the disk has it."""
        with self._placed(name) as unfinished, open(unfinished, "xb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())

    @contextlib.contextmanager
    def _placed(self, name: str) -> Iterator[str]:
        """Yield a path for an unfinished file, which is then renamed."""
        target = os.path.join(self.place, name)
        work = os.path.join(self.place, WORK)
        unfinished = os.path.join(work, f"{os.getpid()}-{next(self._numbers)}.part")
        try:
            if self._creates:
                self._create(work)
            yield unfinished
            # Not before the unfinished file, which shows that the folder is still there.
            self._create(os.path.dirname(target))
            os.replace(unfinished, target)
        except OSError as problem:
            _unlink(unfinished)
            raise unwritable(name, self.place, problem) from None
        except BaseException:
            _unlink(unfinished)
            raise

    def _create(self, folder: str) -> None:
        # Once only: a folder that vanishes while a run lasts is not quietly created again.
        if folder not in self._created:
            os.makedirs(folder, exist_ok=True)
            self._created.add(folder)

    def read(self, name: str) -> bytes:
        """Return the bytes of a file; what is not a regular file is taken for none."""
        path = self.path / name
        if path.exists() and not path.is_file():
            raise FileNotFoundError(name)
        return path.read_bytes()

    def exists(self, name: str) -> bool:
        """Return whether there is such a file."""
        return (self.path / name).is_file()

    def lines(self, name: str) -> Iterator[str]:
        """Yield the lines of a text file."""
        try:
            with (self.path / name).open(encoding="utf-8", errors="replace", newline="\n") as file:
                yield from file
        except NotADirectoryError:
            raise not_a_folder(self.path) from None

    def names(self, below: str = "") -> list[str]:
        """Return all files below a folder."""
        top = self.path / below
        return sorted(p.relative_to(self.path).as_posix() for p in top.rglob("*") if p.is_file())

    def intact(self, name: str, size: int, sha256: str) -> bool:
        """Return whether a file has these bytes; after a power cut it may have others."""
        try:
            data = self.read(name)
        except OSError:
            return False
        return len(data) == size and hashlib.sha256(data).hexdigest() == sha256

    def missing(self, files: Iterable[tuple[str, int]]) -> list[str]:
        """Return the files that are not there with their size."""
        return [name for name, size in files if _size(os.path.join(self.place, name)) != size]

    def remove(self, name: str) -> None:
        """Remove a file or a folder."""
        path = self.path / name
        self._created = {kept for kept in self._created if not kept.startswith(str(path))}
        shutil.rmtree(path, ignore_errors=True)
        _unlink(str(path))

    def remove_empty_folders(self) -> None:
        """Remove folders that hold nothing any more, but not the folder itself."""
        for folder, _, _ in os.walk(self.place, topdown=False):
            if folder != self.place:
                with contextlib.suppress(OSError):
                    os.rmdir(folder)
        self._created.clear()


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return -1


def _write_all(handle: int, parts: Sequence[bytes]) -> None:
    whole = sum(map(len, parts))
    done = os.writev(handle, parts) if hasattr(os, "writev") else 0
    if done < whole:
        rest = memoryview(b"".join(parts))[done:]
        while rest:
            rest = rest[os.write(handle, rest) :]


def _unlink(path: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)


def not_a_folder(folder: Path) -> Exception:
    """Return the error that a folder for copies is a file, or is below one."""
    return error(
        "copies go into a folder, and this is a file",
        at=str(next((part for part in (folder, *folder.parents) if part.is_file()), folder)),
        hint="name a folder with -o",
        code="store",
    )
