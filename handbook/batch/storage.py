"""Put a run's files into a folder, or into whatever fsspec can reach by a URL.

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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from ..core.diagnostics import error
from ..core.files import content_type, no_temporary_room

# Where files are until they are finished, and what a run keeps while it lasts.
WORK = ".handbook"
# A store that refuses is asked again after a tenth of a second, then after twice the time, ...
TRIES = 8
FIRST_PAUSE = 0.1
# Stores where an object appears by one request, whole; elsewhere it is renamed into place.
OBJECT_STORES = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oci", "oss"})
# What trying again does not change.
_FINAL = (FileNotFoundError, PermissionError, NotADirectoryError, IsADirectoryError)
_T = TypeVar("_T")


class Store(Protocol):
    """A place for files; it can be sent to another process."""

    place: str
    # Whether only this machine can reach it.
    shares_filesystem: bool

    def write(
        self, name: str, parts: Sequence[bytes], metadata: Mapping[str, str] | None = None
    ) -> None:
        """Put a file; a store that keeps `metadata` with its objects keeps it.

        Raises:
            HandbookError: If that cannot be done.
        """

    def write_long(self, name: str, parts: Iterable[bytes]) -> None:
        """Put a file that need not fit into memory, when all before it is there for good."""

    def read(self, name: str) -> bytes:
        """Return the bytes of a file.

        Raises:
            FileNotFoundError: If there is none.
        """

    def lines(self, name: str) -> Iterator[str]:
        """Yield the lines of a text file.

        Raises:
            FileNotFoundError: If there is none.
        """

    def names(self, below: str = "") -> list[str]:
        """Return all files below a folder, in order."""

    def intact(self, name: str, size: int, sha256: str) -> bool:
        """Return whether a file is there as it was written, as far as a look at it tells."""

    def missing(self, files: Iterable[tuple[str, int]]) -> list[str]:
        """Return the names of files that are not there with the size (bytes) they should have."""

    def remove(self, name: str) -> None:
        """Remove a file, or a folder with everything in it; nothing if there is none."""

    def remove_empty_folders(self) -> None:
        """Remove folders that hold nothing any more."""


def store_at(place: str) -> Store:
    """Return the store at a place: a path, or a URL as in s3://bucket/folder."""
    scheme, mark, _ = place.partition("://")
    return FsspecStore(place) if mark and len(scheme) > 1 else Folder(Path(place))


def is_inside(name: object) -> bool:
    """Return whether a name that a file gives is that of a file inside the store."""
    if not isinstance(name, str) or not name or "\0" in name or "\\" in name or ":" in name:
        return False
    return not name.startswith("/") and ".." not in name.split("/")


# ------------------------------------------------------------------------ folder


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
            raise _unwritable(name, self.place, problem) from None
        except BaseException:
            _unlink(unfinished)
            raise

    def _create(self, folder: str) -> None:
        # Once only: a folder that vanishes while a run lasts is not quietly created again.
        if folder not in self._created:
            os.makedirs(folder, exist_ok=True)
            self._created.add(folder)

    def read(self, name: str) -> bytes:
        """Return the bytes of a file; what is no regular file is taken for none."""
        path = self.path / name
        if path.exists() and not path.is_file():
            raise FileNotFoundError(name)
        return path.read_bytes()

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


def _unwritable(name: str, place: str, problem: Exception) -> Exception:
    why = getattr(problem, "strerror", None) or str(problem) or type(problem).__name__
    return error(
        f"cannot write {name!r}: {why}",
        at=place,
        hint="fix that and repeat the command with --resume, or choose another place with -o",
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
        """Return the file system; opened when it is first asked for, in each process."""
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
                    hint="name a folder, or a URL as in s3://bucket/folder",
                    code="store",
                ) from None
        return self._fs

    def _path(self, name: str) -> str:
        assert self.fs
        return f"{self._root.rstrip('/')}/{name}".rstrip("/")

    def _request(self, name: str, request: Callable[[], _T]) -> _T:
        """Return the answer to a request that may be refused a few times."""
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
    def _is_object_store(self) -> bool:
        protocol = self.fs.protocol
        names = {protocol} if isinstance(protocol, str) else set(protocol)
        return bool(names & OBJECT_STORES)

    def _attributes(self, name: str, metadata: Mapping[str, str]) -> dict[str, Any]:
        """Return the media type and metadata of an object as its kind of store takes them."""
        protocol = self.fs.protocol
        protocols = {protocol} if isinstance(protocol, str) else set(protocol)
        if protocols & {"s3", "s3a"}:
            return {"ContentType": content_type(name), "Metadata": dict(metadata)}
        if protocols & {"gs", "gcs"}:
            return {"content_type": content_type(name), "metadata": dict(metadata)}
        return {}

    def write(
        self, name: str, parts: Sequence[bytes], metadata: Mapping[str, str] | None = None
    ) -> None:
        """Put an object in one request, with its media type."""
        path, data = self._path(name), b"".join(parts)

        def put() -> None:
            if self._is_object_store:
                self.fs.pipe_file(path, data, **self._attributes(name, metadata or {}))
                return
            mark = hashlib.sha256(path.encode()).hexdigest()[:32]
            unfinished = self._path(f"{WORK}/{mark}.part")
            self.fs.makedirs(unfinished.rpartition("/")[0], exist_ok=True)
            self.fs.makedirs(path.rpartition("/")[0], exist_ok=True)
            self.fs.pipe_file(unfinished, data)
            self.fs.mv(unfinished, path)

        self._request(name, put)

    def write_long(self, name: str, parts: Iterable[bytes]) -> None:
        """Put an object from a temporary file; it appears when all of it has arrived."""
        with _temporary_folder() as folder:
            whole = folder / "whole"
            try:
                with whole.open("wb") as file:
                    for part in parts:
                        file.write(part)
            except OSError as problem:
                raise no_temporary_room(problem) from None
            if whole.stat().st_size <= 1 << 22 or not self._is_object_store:
                self.write(name, [whole.read_bytes()])
            else:
                options = self._attributes(name, {})
                self._request(
                    name, lambda: self.fs.put_file(str(whole), self._path(name), **options)
                )

    def read(self, name: str) -> bytes:
        """Return the bytes of an object."""
        path = self._path(name)

        def get() -> bytes | None:
            try:
                return bytes(self.fs.cat_file(path))
            except FileNotFoundError:
                return None

        data = self._request(name, get)
        if data is None:
            raise FileNotFoundError(name)
        return data

    def lines(self, name: str) -> Iterator[str]:
        """Yield the lines of an object."""
        yield from self.read(name).decode("utf-8", "replace").splitlines(keepends=True)

    def names(self, below: str = "") -> list[str]:
        """Return all objects below a prefix."""
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
        listed = self._request(below, found)
        return {path[start:]: int(entry["size"] or 0) for path, entry in listed.items()}

    def intact(self, name: str, size: int, sha256: str) -> bool:
        """Return whether an object of this size is there: none appears in part."""
        if self._sizes is None:
            self._sizes = self._listed("")
        return self._sizes.get(name) == size

    def missing(self, files: Iterable[tuple[str, int]]) -> list[str]:
        """Return the objects that are not listed with their size, after asking a few times.

        Some stores list an object later than they take it.
        """
        wanted = list(files)
        lacking = wanted
        for number in range(TRIES):
            sizes = self._listed("")
            lacking = [(name, size) for name, size in wanted if sizes.get(name) != size]
            if not lacking:
                break
            time.sleep(FIRST_PAUSE * 2**number)
        return [name for name, _ in lacking]

    def remove_empty_folders(self) -> None:
        """Do nothing: a prefix without objects is not there."""

    def remove(self, name: str) -> None:
        """Remove objects."""
        path = self._path(name)

        def gone() -> None:
            with contextlib.suppress(FileNotFoundError):
                self.fs.rm(path, recursive=True)

        self._request(name, gone)
        self._sizes = None


@contextlib.contextmanager
def _temporary_folder() -> Iterator[Path]:
    try:
        folder = tempfile.TemporaryDirectory(prefix="handbook-")
    except OSError as problem:
        raise no_temporary_room(problem) from None
    with folder as name:
        yield Path(name)
