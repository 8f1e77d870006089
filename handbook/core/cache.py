"""Keep on disk what one build can use again: values by key, and files, in the user's cache folder.

Nothing here is needed for a right result.  An entry that is missing, broken, or of another
version is not used, nor is a folder that others may write to.  An entry is signed with a
secret of the user's, kept elsewhere, so nothing that was copied into the folder is ever read; and
what is read back can only be plain values and classes of this package.  Entries appear whole; the
oldest are removed when there are too many bytes.

A key takes whole option objects (`key_of(..., print_options)`), so that a new option can never
bring back an old value.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import os
import pickle
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from .diagnostics import HandbookError
from .files import files_below, outside, read_bytes, write_whole, xdg_folder
from .resources import DATA, PACKAGE

# More bytes than this are not kept; a clean-up goes down to three quarters of it.
MOST = 512 * 1024 * 1024
OFF = "HANDBOOK_NO_CACHE"
_SIGNATURE = hashlib.sha256().digest_size
# Files of the package that are hashed whole to identify its version; others go by size and date,
# as Python itself trusts these of its modules.
_TEXTS = (".yaml", ".yml", ".j2", ".json", ".txt", ".md", ".mo")
# A folder with more than this is not a content pack, but a place where one lies.
MOST_FILES = 4000
MOST_BYTES = 1_000_000_000
# The only classes from outside this package that an entry may hold.
_SAFE = {
    "builtins": {"set", "frozenset", "bytearray", "complex"},
    "datetime": {"date", "datetime"},
    "pathlib": {"Path", "PosixPath", "WindowsPath"},
    "pathlib._local": {"Path", "PosixPath", "WindowsPath"},
}


def cache_folder() -> Path:
    """Return the folder for what can be made again."""
    if home := xdg_folder("XDG_CACHE_HOME", os.environ):
        return home
    if sys.platform == "win32":
        return _windows_folder() / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "handbook"
    return Path.home() / ".cache" / "handbook"


def _secret_file() -> Path:
    """Return the file with the user's secret, which no cache that is copied brings along."""
    if home := xdg_folder("XDG_STATE_HOME", os.environ):
        return home / "cache.key"
    if sys.platform == "win32":
        return _windows_folder() / "cache.key"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "handbook" / "cache.key"
    return Path.home() / ".local" / "state" / "handbook" / "cache.key"


def _windows_folder() -> Path:
    return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "handbook"


@lru_cache(maxsize=4)
def _secret(path: Path) -> bytes:
    """Return the user's secret, made now if there is none.

    Raises:
        OSError: if it can be neither read nor kept, or others may change it.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".cache.key.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(32))
        # The first process wins, and the file is whole when it appears.
        with suppress(FileExistsError):
            os.link(name, path)
        os.unlink(name)
    if not _is_private(path):
        raise OSError(f"others may change {path}")
    return path.read_bytes()


def open_cache(folder: Path | None = None) -> Cache | None:
    """Return the cache in `folder` or in the user's own; None if it is switched off or not safe."""
    if os.environ.get(OFF):
        return None
    with suppress(OSError, RuntimeError):
        folder = folder or cache_folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _is_private(folder):
            return Cache(folder)
    return None


def _is_private(path: Path) -> bool:
    """Return whether no one but the user may write to `path`."""
    if not hasattr(os, "getuid"):
        return True
    state = path.stat()
    return state.st_uid == os.getuid() and not state.st_mode & 0o022


class Exportable(Protocol):
    """The values that a process passes on to the next: compiled templates, themes, paragraphs."""

    def export(self) -> Any:
        """Return everything that is known, as plain values."""

    def load(self, value: Any) -> None:
        """Know what another process exported."""

    def is_changed(self) -> bool:
        """Return whether more is known than what was loaded."""


class Cache:
    """Values by kind and key, in files of one folder."""

    def __init__(self, folder: Path, most: int = MOST) -> None:
        self.folder = folder
        self.most = most
        self._key = _secret(_secret_file())

    def get(self, kind: str, key: str) -> Any:
        """Return the value that was put, or None."""
        path = self._path(kind, key)
        try:
            data = memoryview(path.read_bytes())
            signature = self._sign(kind, key, data[_SIGNATURE:])
            if not hmac.compare_digest(signature, data[:_SIGNATURE]):
                return None
            value = SafeReader(io.BytesIO(data[_SIGNATURE:])).load()
            os.utime(path)
        except Exception:
            # If an entry cannot be read for any reason, the value can be computed again.
            return None
        return value

    def put(self, kind: str, key: str, value: Any) -> None:
        """Keep `value`; nothing happens if that cannot be done."""
        with suppress(HandbookError, OSError, pickle.PicklingError):
            data = pickle.dumps(value, protocol=5)
            write_whole(self._path(kind, key), self._sign(kind, key, data) + data, sync=False)
            self._remove_oldest()

    def opened(self, kind: str, key: str, known: Exportable) -> Callable[[], None]:
        """Give `known` what earlier processes learnt; return what keeps what it learns from now."""
        value = self.get(kind, key)
        if value is not None:
            known.load(value)

        def save() -> None:
            if known.is_changed():
                self.put(kind, key, known.export())

        return save

    def entries(self) -> list[tuple[Path, os.stat_result]]:
        """Return the files of all that is kept, with what the system knows of each."""
        files: list[tuple[Path, os.stat_result]] = []
        kept = [*self.folder.glob("*.entry"), *self.folder.glob("*.files/*")]
        for path in sorted(kept):
            with suppress(OSError):
                files.append((path, path.stat()))
        return files

    def clear(self) -> int:
        """Remove everything, also what a killed build left; return how many entries there were."""
        entries = self.entries()
        for pattern in ("*.entry", ".*.entry.*", "*.files", "fonts", "verapdf-*"):
            for path in self.folder.glob(pattern):
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    with suppress(OSError):
                        path.unlink()
        return len(entries)

    def _path(self, kind: str, key: str) -> Path:
        # What another version of this tool kept is never read, whatever the key.
        return self.folder / f"{kind}-{digest_of_tool().hex()[:20]}-{key}.entry"

    def _sign(self, kind: str, key: str, data: bytes | memoryview) -> bytes:
        state = hmac.new(self._key, os.fsencode(f"{kind} {key}\0"), "sha256")
        state.update(data)
        return state.digest()

    def _remove_oldest(self) -> None:
        entries = [(p, state) for p, state in self.entries() if p.suffix == ".entry"]
        size = sum(state.st_size for _, state in entries)
        if size <= self.most:
            return
        for path, state in sorted(entries, key=lambda entry: entry[1].st_mtime):
            with suppress(OSError):
                path.unlink()
            size -= state.st_size
            if size <= self.most * 0.75:
                return


class SafeReader(pickle.Unpickler):
    """Reads plain values and this package's own classes, and nothing that could do harm."""

    def find_class(self, module: str, name: str) -> Any:
        """Return the class of this name.

        Raises:
            pickle.UnpicklingError: for anything else, also for a name with a dot in it.
        """
        if "." not in name and name in _SAFE.get(module, ()):
            return super().find_class(module, name)
        if "." not in name and module.partition(".")[0] == "handbook":
            candidate = super().find_class(module, name)
            if isinstance(candidate, type) and candidate.__module__ == module:
                return candidate
        raise pickle.UnpicklingError(f"{module}.{name}")


# ------------------------------------------------------------------------- files


def kept_folder(kind: str, key: str, make: Callable[[Path], None]) -> Path:
    """Return a folder of the cache that `make` filled, now or in an earlier run.

    Converted fonts and compiled Java are kept so, as other programs need them as files.  Without
    a safe cache folder it is a temporary one.
    """
    folder = cache_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        safe = _is_private(folder) and os.access(folder, os.W_OK)
    except (OSError, RuntimeError):
        safe = False
    if not safe:
        folder = _temporary_cache()
    target = folder / f"{kind}.files" / key
    if target.is_dir():
        return target
    target.parent.mkdir(mode=0o700, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=target.parent))
    try:
        make(unfinished)
        unfinished.rename(target)
    except OSError:
        # Another process may have been quicker.
        if not target.is_dir():
            raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return target


@lru_cache(maxsize=1)
def _temporary_cache() -> Path:
    import atexit

    folder = Path(tempfile.mkdtemp(prefix="handbook-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


# ----------------------------------------------------------------------- digests


def key_of(*parts: object) -> str:
    """Return a key that changes when any of `parts` does (strings, bytes, dataclasses)."""
    state = hashlib.sha256()
    for part in parts:
        raw = part if isinstance(part, bytes) else repr(part).encode("utf-8", "surrogatepass")
        state.update(b"%d:" % len(raw) + raw)
    return state.hexdigest()[:40]


def digest_of_files(paths: Iterable[Path]) -> bytes:
    """Return a digest of files by name and content; a file that is not there counts, too."""
    state = hashlib.sha256()
    for path in paths:
        _add_file(state, path)
    return state.digest()


def _add_file(state: Any, path: Path) -> int:
    try:
        data = read_bytes(path, "picture_bytes")
    except (OSError, HandbookError) as problem:
        data = b"\0" + str(problem).encode("utf-8", "replace")
    state.update(f"{path}\0{len(data)}\0".encode("utf-8", "surrogateescape") + data)
    return len(data)


def digest_of_folders(folders: Iterable[Path], roots: tuple[Path, ...]) -> bytes | None:
    """Return a digest of all files below `folders`; None if there is too much to be one pack.

    It sees what loading sees: links are followed as far as `roots` reach, hidden files count.
    """
    state = hashlib.sha256()
    count = size = 0
    for folder in folders:
        for path in files_below(folder, roots):
            count += 1
            if path.is_symlink():
                state.update(f"{path}->{os.path.realpath(path)}\0".encode("utf-8", "replace"))
                if outside(path, roots):
                    continue
            size += _add_file(state, path)
            if count > MOST_FILES or size > MOST_BYTES:
                return None
    return state.digest()


@lru_cache(maxsize=1)
def digest_of_tool() -> bytes:
    """Return a digest of this package, of Python, and of the versions of all that is installed."""
    state = hashlib.sha256()
    others: list[tuple[str, int, int]] = []
    # Plain calls of the system, as every command begins with this.
    for place, folders, names in os.walk(PACKAGE):
        folders[:] = sorted(n for n in folders if n[0] != "." and n != "__pycache__")
        if place == str(DATA):
            folders[:] = [n for n in folders if n not in ("content", "templates")]
        for name in sorted(n for n in names if n[0] != "."):
            path = os.path.join(place, name)
            if name.endswith(_TEXTS):
                with open(path, "rb", buffering=0) as file:
                    data = file.read()
                state.update(b"%s\0%d\0%s" % (os.fsencode(path), len(data), data))
            else:
                known = os.stat(path)
                others.append((path, known.st_size, known.st_mtime_ns))
    state.update(repr((sys.version, others, _installed())).encode())
    return state.digest()


def _installed() -> list[str]:
    """Return the names of what pip installed: they contain the versions."""
    names: set[str] = set()
    for place in sys.path:
        with suppress(OSError):
            names |= {
                n for n in os.listdir(place or ".") if n.endswith((".dist-info", ".egg-info"))
            }
    return sorted(names)
