"""Where a run's files go: a folder, or whatever fsspec can reach by a URL.

Both keep one promise: a file is there as a whole or not at all, and once `write` has returned it
is there.  Names are relative, with slashes.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from ..core.diagnostics import error

# Where files stand until they are finished, and what a run keeps while it lasts.
WORK = ".handbook"
# A store that refuses is asked again after a tenth of a second, then after twice the time, ...
TRIES = 8
FIRST_PAUSE = 0.1
# Stores where an object appears by one request, whole; elsewhere it is renamed into place.
OBJECT_STORES = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oci", "oss"})
# What no second try will mend.
_FINAL = (FileNotFoundError, PermissionError, NotADirectoryError, IsADirectoryError)
_T = TypeVar("_T")


class Store(Protocol):
    """A place for files; it can be sent to another process."""

    place: str
    # Whether only this machine can reach it.
    shares_filesystem: bool

    def write(self, name: str, parts: Sequence[bytes]) -> None:
        """Put a file.  HandbookError if that cannot be done."""

    def write_long(self, name: str, parts: Iterable[bytes]) -> None:
        """Put a file that need not fit into memory, when all before it is there for good."""

    def read(self, name: str) -> bytes:
        """The bytes of a file; FileNotFoundError if there is none."""

    def lines(self, name: str) -> Iterator[str]:
        """The lines of a text file; FileNotFoundError if there is none."""

    def names(self, below: str = "") -> list[str]:
        """All files below a folder, in order."""

    def intact(self, name: str, size: int, sha256: str) -> bool:
        """Whether a file is there as it was written, as far as a look at it tells."""

    def remove(self, name: str) -> None:
        """Take a file away, or a folder with all that is in it; nothing if there is none."""


def store_at(where: str) -> Store:
    """The store of this name: a path, or a URL as in s3://bucket/folder."""
    scheme, mark, _ = where.partition("://")
    return FsspecStore(where) if mark and len(scheme) > 1 else Folder(Path(where))


# ------------------------------------------------------------------------ folder


class Folder:
    """A folder of this machine."""

    shares_filesystem = True

    def __init__(self, path: Path) -> None:
        self.path = path
        self.place = str(path)
        self._made: set[str] = set()
        self._numbers = itertools.count()

    def __reduce__(self) -> Any:
        return Folder, (self.path,)

    def write(self, name: str, parts: Sequence[bytes]) -> None:
        """Put a file by renaming a finished one."""
        with self._placed(name) as unfinished:
            handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
            try:
                _write_all(handle, parts)
            finally:
                os.close(handle)

    def write_long(self, name: str, parts: Iterable[bytes]) -> None:
        """The same part by part."""
        with self._placed(name) as unfinished, open(unfinished, "xb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())

    @contextlib.contextmanager
    def _placed(self, name: str) -> Iterator[str]:
        """A path for a file in the making, which is then renamed."""
        target = os.path.join(self.place, name)
        unfinished = os.path.join(self.place, WORK, f"{os.getpid()}-{next(self._numbers)}.part")
        try:
            self._make(os.path.dirname(target))
            self._make(os.path.dirname(unfinished))
            yield unfinished
            os.replace(unfinished, target)
        except OSError as problem:
            _unlink(unfinished)
            raise _unwritable(name, self.place, problem) from None
        except BaseException:
            _unlink(unfinished)
            raise

    def _make(self, folder: str) -> None:
        # Once only: a folder that vanishes while a run lasts is not quietly made anew.
        if folder not in self._made:
            os.makedirs(folder, exist_ok=True)
            self._made.add(folder)

    def read(self, name: str) -> bytes:
        """The bytes of a file."""
        return (self.path / name).read_bytes()

    def lines(self, name: str) -> Iterator[str]:
        """The lines of a text file."""
        try:
            with (self.path / name).open(encoding="utf-8", errors="replace", newline="\n") as file:
                yield from file
        except NotADirectoryError:
            raise error(
                "copies go into a folder, and this is a file",
                at=self.place,
                hint="name a folder with -o",
                code="store",
            ) from None

    def names(self, below: str = "") -> list[str]:
        """All files below a folder."""
        top = self.path / below
        return sorted(p.relative_to(self.path).as_posix() for p in top.rglob("*") if p.is_file())

    def intact(self, name: str, size: int, sha256: str) -> bool:
        """Whether a file has these bytes; after a power cut it may have others."""
        try:
            data = self.read(name)
        except OSError:
            return False
        return len(data) == size and hashlib.sha256(data).hexdigest() == sha256

    def remove(self, name: str) -> None:
        """Take a file or a folder away."""
        path = self.path / name
        self._made.clear()
        shutil.rmtree(path, ignore_errors=True)
        _unlink(str(path))


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


def _unwritable(name: str, place: str, problem: Exception) -> Exception:
    why = getattr(problem, "strerror", None) or str(problem) or type(problem).__name__
    return error(
        f"cannot write {name!r}: {why}",
        at=place,
        hint="mend that and repeat the command with --resume, or choose another place with -o",
        code="store",
    )


# ------------------------------------------------------------------------ fsspec


class FsspecStore:
    """A store behind a URL.  Requests that fail are repeated, with growing pauses."""

    shares_filesystem = False

    def __init__(self, url: str) -> None:
        self.place = url.rstrip("/")
        self._fs: Any = None
        self._root = ""
        self._sizes: dict[str, int] | None = None

    def __reduce__(self) -> Any:
        return FsspecStore, (self.place,)

    @property
    def fs(self) -> Any:
        """The file system; opened when it is first asked for, in each process anew."""
        if self._fs is None:
            try:
                from fsspec.core import url_to_fs

                self._fs, self._root = url_to_fs(self.place)
            except ImportError as problem:
                scheme = self.place.partition("://")[0]
                raise error(
                    f"{self.place}: {problem}",
                    hint=f"pip install 'handbook[{'s3' if scheme == 's3' else 'stores'}]', and "
                    f"what fsspec needs for {scheme}://",
                    code="store",
                ) from None
            except ValueError as problem:
                raise error(
                    f"{self.place}: {problem}",
                    code="store",
                    hint="name a folder, or a URL as in s3://bucket/folder",
                ) from None
        return self._fs

    def _path(self, name: str) -> str:
        assert self.fs
        return f"{self._root.rstrip('/')}/{name}".rstrip("/")

    def _asked(self, name: str, request: Callable[[], _T]) -> _T:
        """The answer to a request that may be refused a few times."""
        for number in range(TRIES):
            try:
                return request()
            except _FINAL as problem:
                raise _unwritable(name, self.place, problem) from None
            except Exception as problem:
                # Each file system has errors of its own, and few tell a passing one apart.
                if number == TRIES - 1:
                    raise _unwritable(name, self.place, problem) from None
                time.sleep(FIRST_PAUSE * 2**number)
        raise AssertionError

    @property
    def _whole(self) -> bool:
        protocol = self.fs.protocol
        names = {protocol} if isinstance(protocol, str) else set(protocol)
        return bool(names & OBJECT_STORES)

    def write(self, name: str, parts: Sequence[bytes]) -> None:
        """Put an object in one request."""
        path, data = self._path(name), b"".join(parts)

        def put() -> None:
            if self._whole:
                self.fs.pipe_file(path, data)
                return
            mark = hashlib.sha256(path.encode()).hexdigest()[:32]
            unfinished = self._path(f"{WORK}/{mark}.part")
            self.fs.makedirs(unfinished.rpartition("/")[0], exist_ok=True)
            self.fs.makedirs(path.rpartition("/")[0], exist_ok=True)
            self.fs.pipe_file(unfinished, data)
            self.fs.mv(unfinished, path)

        self._asked(name, put)

    def write_long(self, name: str, parts: Iterable[bytes]) -> None:
        """Put an object from a file that is made first; it appears when all of it has arrived."""
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder) / "made"
            with made.open("wb") as file:
                for part in parts:
                    file.write(part)
            if made.stat().st_size <= 1 << 22 or not self._whole:
                self.write(name, [made.read_bytes()])
            else:
                self._asked(name, lambda: self.fs.put_file(str(made), self._path(name)))

    def read(self, name: str) -> bytes:
        """The bytes of an object."""
        path = self._path(name)

        def get() -> bytes | None:
            try:
                return bytes(self.fs.cat_file(path))
            except FileNotFoundError:
                return None

        data = self._asked(name, get)
        if data is None:
            raise FileNotFoundError(name)
        return data

    def lines(self, name: str) -> Iterator[str]:
        """The lines of an object."""
        yield from self.read(name).decode("utf-8", "replace").splitlines(keepends=True)

    def names(self, below: str = "") -> list[str]:
        """All objects below a prefix."""
        return sorted(self._listed(below))

    def _listed(self, below: str) -> dict[str, int]:
        top = self._path(below)

        def found() -> dict[str, Any]:
            self.fs.invalidate_cache()
            try:
                return dict(self.fs.find(top, detail=True))
            except FileNotFoundError:
                return {}

        start = len(self._path("")) + 1
        listed = self._asked(below, found)
        return {path[start:]: int(entry["size"] or 0) for path, entry in listed.items()}

    def intact(self, name: str, size: int, sha256: str) -> bool:
        """Whether an object of this size is there: none appears in part."""
        if self._sizes is None:
            self._sizes = self._listed("")
        return self._sizes.get(name) == size

    def remove(self, name: str) -> None:
        """Take objects away."""
        path = self._path(name)

        def gone() -> None:
            with contextlib.suppress(FileNotFoundError):
                self.fs.rm(path, recursive=True)

        self._asked(name, gone)
        self._sizes = None
