"""What one build keeps for the next: values by key in the user's cache folder.

Nothing here is needed for a right result.  An entry that is missing, broken, or of another
version is no entry; a folder that cannot be trusted or written is no cache.  Entries are pickled,
so the folder must be the user's own, closed to everybody else, and only plain values and classes
of this package are read back.  Each entry carries its checksum and appears whole; the oldest go
when there are too many bytes.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from handbook.core.resources import DATA, PACKAGE

# More bytes than this are not kept; a clean-up goes down to three quarters of it.
MOST = 512 * 1024 * 1024
OFF = "HANDBOOK_NO_CACHE"
_SUM = hashlib.sha256().digest_size
# Files of the package that are read whole to tell one version from another; others by their date.
_TEXTS = (".py", ".yaml", ".yml", ".j2", ".json", ".txt", ".md", ".mo")
# A folder with more files than this is not a content pack, but a place where one lies.
MOST_FILES = 4000
_SAFE = {"builtins": {"set", "frozenset", "bytearray", "complex"}, "datetime": {"date", "datetime"},
         "pathlib": {"Path", "PosixPath", "WindowsPath"},
         "pathlib._local": {"Path", "PosixPath", "WindowsPath"}}  # fmt: skip


def default_folder() -> Path:
    """Where this system keeps what can be made again."""
    home = os.environ.get("XDG_CACHE_HOME")
    if home:
        return Path(home) / "handbook"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "handbook" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "handbook"
    return Path.home() / ".cache" / "handbook"


def open_cache(folder: Path | None = None) -> Cache | None:
    """The cache in `folder`, or in the user's own; None if it is switched off or not safe."""
    if os.environ.get(OFF):
        return None
    with suppress(OSError, RuntimeError):
        folder = folder or default_folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _own(folder):
            return Cache(folder)
    return None


def _own(folder: Path) -> bool:
    """Whether nobody but the user may write into `folder`."""
    if not hasattr(os, "getuid"):
        return True
    state = folder.stat()
    return state.st_uid == os.getuid() and not state.st_mode & 0o022


class Cache:
    """Values by kind and key, in files of one folder."""

    def __init__(self, folder: Path, most: int = MOST) -> None:
        self.folder = folder
        self.most = most

    def get(self, kind: str, key: str) -> Any:
        """The value that was put, else None."""
        path = self._path(kind, key)
        try:
            data = path.read_bytes()
            if hashlib.sha256(memoryview(data)[_SUM:]).digest() != data[:_SUM]:
                return None
            value = _Reader(io.BytesIO(memoryview(data)[_SUM:])).load()
            os.utime(path)
        except Exception:
            # Whatever is wrong with an entry, the value can be made again.
            return None
        return value

    def put(self, kind: str, key: str, value: Any) -> None:
        """Keep `value`; nothing happens if that cannot be done."""
        from .diagnostics import HandbookError
        from .files import write_whole

        with suppress(HandbookError, OSError, pickle.PicklingError):
            data = pickle.dumps(value, protocol=5)
            write_whole(self._path(kind, key), hashlib.sha256(data).digest() + data, sync=False)
            self._clean()

    def entries(self) -> list[tuple[Path, os.stat_result]]:
        """The files of all entries, with what the system knows of each."""
        found: list[tuple[Path, os.stat_result]] = []
        for path in sorted(self.folder.glob("*.entry")):
            with suppress(OSError):
                found.append((path, path.stat()))
        return found

    def clear(self) -> int:
        """Remove every entry, and what a killed build left; how many there were."""
        entries = self.entries()
        for path in [*(path for path, _ in entries), *self.folder.glob(".*.entry.*")]:
            with suppress(OSError):
                path.unlink()
        return len(entries)

    def _path(self, kind: str, key: str) -> Path:
        return self.folder / f"{kind}-{key}.entry"

    def _clean(self) -> None:
        entries = self.entries()
        size = sum(state.st_size for _, state in entries)
        if size <= self.most:
            return
        for path, state in sorted(entries, key=lambda entry: entry[1].st_mtime):
            with suppress(OSError):
                path.unlink()
            size -= state.st_size
            if size <= self.most * 0.75:
                return


class _Reader(pickle.Unpickler):
    """Reads plain values and this package's own classes, and nothing that could do harm."""

    def find_class(self, module: str, name: str) -> Any:
        """The class of this name; UnpicklingError for any other."""
        if module.partition(".")[0] == "handbook" or name in _SAFE.get(module, ()):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name}")


# ----------------------------------------------------------------------- digests


def key_of(*parts: object) -> str:
    """A key that changes when any of `parts` does (strings, bytes, what `repr` tells apart)."""
    state = hashlib.sha256()
    for part in parts:
        raw = part if isinstance(part, bytes) else repr(part).encode("utf-8", "surrogatepass")
        state.update(b"%d:" % len(raw) + raw)
    return state.hexdigest()[:40]


def digest_of_files(paths: Iterable[Path]) -> bytes:
    """A digest of files by name and content; a file that is not there counts, too."""
    state = hashlib.sha256()
    for path in paths:
        try:
            with open(path, "rb", buffering=0) as file:
                data = file.read()
        except OSError:
            data = b"\0nothing"
        state.update(f"{path}\0{len(data)}\0".encode("utf-8", "surrogateescape") + data)
    return state.digest()


def files_below(folder: Path) -> Iterator[Path]:
    """The files in `folder`, in order; none of hidden ones, none of what Python compiles."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(n for n in folders if n[0] != "." and n != "__pycache__")
        yield from (Path(place, name) for name in sorted(names) if name[0] != ".")


def digest_of_folders(folders: Iterable[Path]) -> bytes | None:
    """A digest of all files below `folders`; None if there are too many to be one pack."""
    files: list[Path] = []
    for folder in folders:
        for file in files_below(folder):
            files.append(file)
            if len(files) > MOST_FILES:
                return None
    return digest_of_files(files)


@lru_cache(maxsize=1)
def digest_of_tool() -> bytes:
    """A digest of this package, of Python, and of the versions of all that is installed."""
    texts: list[Path] = []
    others: list[tuple[str, int, int]] = []
    for path in files_below(PACKAGE):
        if path.is_relative_to(DATA / "content") or path.is_relative_to(DATA / "templates"):
            continue
        if path.suffix in _TEXTS:
            texts.append(path)
        else:
            known = path.stat()
            others.append((str(path), known.st_size, known.st_mtime_ns))
    state = hashlib.sha256(digest_of_files(texts))
    state.update(repr((sys.version, others, _installed())).encode())
    return state.digest()


def _installed() -> list[str]:
    """The names of what pip installed: they tell the versions."""
    found: set[str] = set()
    for place in sys.path:
        with suppress(OSError):
            found |= {
                n for n in os.listdir(place or ".") if n.endswith((".dist-info", ".egg-info"))
            }
    return sorted(found)
