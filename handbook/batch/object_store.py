"""Put a run's files into whatever fsspec can reach by a URL.

Requests that fail are repeated, with growing pauses.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from ..core.diagnostics import error
from ..core.files import content_type, no_temporary_room
from .storage import WORK, unwritable

# A store that refuses is asked again after a tenth of a second, then after twice the time, ...
TRIES = 8
FIRST_PAUSE = 0.1
# Stores where an object appears by one request, whole; elsewhere it is renamed into place.
OBJECT_STORES = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oci", "oss"})
AZURE = frozenset({"abfs", "abfss", "az"})
# What trying again does not change.
_FINAL = (FileNotFoundError, PermissionError, NotADirectoryError, IsADirectoryError)
_T = TypeVar("_T")


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
                raise unwritable(name, self.place, problem) from None
            except Exception as problem:
                # Each file system has errors of its own, and few tell a passing one apart.
                if number == TRIES - 1:
                    raise unwritable(name, self.place, problem) from None
                time.sleep(FIRST_PAUSE * 2**number)
        raise AssertionError

    @property
    def _protocols(self) -> set[str]:
        protocol = self.fs.protocol
        return {protocol} if isinstance(protocol, str) else set(protocol)

    @property
    def _is_object_store(self) -> bool:
        return bool(self._protocols & OBJECT_STORES)

    def _attributes(self, name: str, metadata: Mapping[str, str]) -> dict[str, Any]:
        """Return the media type and metadata of an object as its kind of store takes them."""
        kind, more = content_type(name), dict(metadata)
        if self._protocols & {"s3", "s3a"}:
            return {"ContentType": kind, "Metadata": more}
        if self._protocols & {"gs", "gcs"}:
            return {"content_type": kind, "metadata": more}
        if self._protocols & AZURE:
            # As its library marks objects itself, which it does not do if metadata is given.
            more["is_directory"] = "false"
            return {"content_settings": {"content_type": kind}, "metadata": more}
        return {}

    def _put_object(self, name: str, data: bytes, metadata: Mapping[str, str]) -> None:
        path, attributes = self._path(name), self._attributes(name, metadata)
        if self._protocols & AZURE:
            # Only an opened file takes metadata there; it appears when it is closed.
            with self.fs.open(path, "wb", **attributes) as out:
                out.write(data)
            return
        self.fs.pipe_file(path, data, **attributes)

    def write(
        self, name: str, parts: Sequence[bytes], metadata: Mapping[str, str] | None = None
    ) -> None:
        """Put an object in one request, with its media type."""
        path, data = self._path(name), b"".join(parts)

        def put() -> None:
            if self._is_object_store:
                self._put_object(name, data, metadata or {})
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
                self._request(name, lambda: self._put_large_object(name, whole))

    def _put_large_object(self, name: str, whole: Path) -> None:
        path, attributes = self._path(name), self._attributes(name, {})
        if self._protocols & AZURE:
            with whole.open("rb") as file, self.fs.open(path, "wb", **attributes) as out:
                shutil.copyfileobj(file, out, 1 << 22)
            return
        self.fs.put_file(str(whole), path, **attributes)

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

    def exists(self, name: str) -> bool:
        """Return whether there is such an object."""
        path = self._path(name)
        return self._request(name, lambda: bool(self.fs.exists(path)))

    def lines(self, name: str) -> Iterator[str]:
        """Yield the lines of an object."""
        yield from self.read(name).decode("utf-8", "replace").splitlines(keepends=True)

    def names(self, below: str = "") -> list[str]:
        """Return all objects below a prefix."""
        return sorted(self._listed(below))

    def _listed(self, below: str) -> dict[str, int]:
        top = self._path(below)

        def listing() -> dict[str, Any]:
            self.fs.invalidate_cache()
            try:
                return dict(self.fs.find(top, detail=True))
            except FileNotFoundError:
                return {}

        start = len(self._path("")) + 1
        listed = self._request(below, listing)
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
