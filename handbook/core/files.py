"""Read and write files: whole or not at all, and never outside what is allowed."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from .diagnostics import HandbookError, Place, error
from .limits import limits, over_limit
from .resources import packaged_or_beside

# The file that makes a folder a pack.
CONFIG = "handbook.yaml"
# Folders that a pack may be read from although they lie outside it; chosen by the user alone.
ALLOW_READ = "HANDBOOK_ALLOW_READ"
# Folders of tools that hold nothing a book is made of: not walked, and not read from.
SKIPPED = frozenset({".git", ".hg", ".svn", "__pycache__", "node_modules", ".venv", ".tox"})
_NOT_REGULAR = {
    stat.S_IFIFO: "a FIFO",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
    stat.S_IFDIR: "a folder",
}
CONTENT_TYPES = {
    ".pdf": "application/pdf",
    ".html": "text/html; charset=utf-8",
    ".jsonl": "application/jsonl",
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
    ".zip": "application/zip",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}

# ---------------------------------------------------------------------- writing


@contextlib.contextmanager
def written(
    path: Path, sync: bool = True, unfinished_folder: Path | None = None
) -> Iterator[BinaryIO]:
    """Open a file that appears whole at `path` when the block ends without an error.

    A symbolic link is followed; a device, a FIFO or standard output is written to and stays.
    Without `sync` the disk may take its time, which suits files that a manifest can check.
    The unfinished file is next to `path`, or in `unfinished_folder` on the same disk.

    Raises:
        HandbookError: if the file cannot be written.
    """
    try:
        if _is_stream(path):
            with path.open("wb") as stream:
                yield stream
            return
        target = Path(os.path.realpath(path)) if path.is_symlink() else path
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = unfinished_folder if unfinished_folder is not None else target.parent
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:20]}.", dir=folder)
    except (OSError, ValueError) as problem:
        raise _unwritable(path, problem) from None
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            if sync:
                os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, 0o666 & ~mask)
        os.replace(name, target)
    except OSError as problem:
        _remove(name)
        raise _unwritable(path, problem) from None
    except BaseException:
        _remove(name)
        raise


def _is_stream(path: Path) -> bool:
    """Return whether `path` is there and no regular file, or another name of an open file."""
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return False
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(0, "it is a folder")
    absolute = os.path.abspath(path)
    return not stat.S_ISREG(mode) or absolute.startswith(("/dev/", "/proc/"))


def write_whole(
    path: Path, data: bytes, sync: bool = True, unfinished_folder: Path | None = None
) -> None:
    """Write `data` to `path`, whole or not at all; the arguments are those of `written`."""
    with written(path, sync, unfinished_folder) as file:
        file.write(data)


def write_streamed(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Put a file that `write` fills as it goes, whole or not at all."""
    with written(path) as file:
        write(file)


def zip_files(path: Path, files: Iterable[tuple[str, Path]]) -> None:
    """Pack files, by their names in the archive and in this order: the same files, the same bytes.

    They are streamed, as an archive may not fit into memory.

    Raises:
        HandbookError: if the archive cannot be written.
    """
    import shutil
    import zipfile

    # What is in there is compressed already, and compressing differs from zlib to zlib.
    with written(path) as output, zipfile.ZipFile(output, "w", zipfile.ZIP_STORED) as archive:
        for name, file in files:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            # Written the same on every system, and readable by all.
            info.create_system, info.external_attr = 3, 0o644 << 16
            info.file_size = file.stat().st_size
            with file.open("rb") as source, archive.open(info, "w") as target:
                shutil.copyfileobj(source, target)


@contextlib.contextmanager
def temporary_folder(folder: Path) -> Iterator[Path]:
    """Make a folder for unfinished files inside `folder`, and remove it at the end.

    Raises:
        HandbookError: if it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = tempfile.TemporaryDirectory(prefix=".handbook-", dir=folder)
    except (OSError, ValueError) as problem:
        raise _unwritable(folder, problem) from None
    with unfinished as name:
        yield Path(name)


def no_temporary_room(problem: OSError) -> HandbookError:
    """Return the error that the system's folder for temporary files takes no more."""
    return error(
        f"cannot write to the folder for temporary files: {problem.strerror or problem}",
        hint="free some space, or name another folder in TMPDIR",
        code="temporary-files",
    )


def _remove(name: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(name)


def _unwritable(path: Path, problem: Exception) -> Exception:
    reason = getattr(problem, "strerror", None) or str(problem)
    return error(
        f"cannot write {str(path)!r}: {reason}", hint="choose another place", code="unwritable"
    )


# ---------------------------------------------------------------------- reading


def read_bytes(path: Path, limit: str = "text_bytes", at: Place = "") -> bytes:
    """Return the bytes of a regular file, no larger than a limit (a field of `Limits`).

    Raises:
        OSError: if it cannot be read, or is not a regular file.
        HandbookError: if it is larger than the limit allows.
    """
    largest = getattr(limits(), limit)
    with _opened(path) as file:
        # Room for as many bytes is asked for at once, so no more than needed; /proc says 0.
        size = os.fstat(file.fileno()).st_size
        data = file.read(min(size or largest, largest) + 1)
    if len(data) > largest:
        raise over_limit(f"{path.name!r} is too large", limit, at or str(path))
    return data


def first_bytes(path: Path, count: int) -> bytes:
    """Return at most this many bytes from the beginning of a regular file.

    Raises:
        OSError: if it cannot be read, or is not a regular file.
    """
    with _opened(path) as file:
        return file.read(count)


def _opened(path: Path) -> BinaryIO:
    """Open a regular file; nothing waits for a FIFO or reads a device without end."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(path, flags)
    except ValueError as problem:
        # A name with a NUL.
        raise OSError(22, str(problem), str(path)) from None
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode):
        os.close(handle)
        kind = _NOT_REGULAR.get(stat.S_IFMT(mode), "no regular file")
        raise OSError(22, f"it is {kind}", str(path))
    return os.fdopen(handle, "rb")


def is_file(path: Path) -> bool:
    """Return whether `path` is a regular file; False also for a name that no file can have."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def exists(path: Path) -> bool:
    """Return whether something is at `path`; False also for a name that no file can have."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """Return whether `path` is a folder; False also for a name that no folder can have."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def names_in(folder: Path, suffixes: Container[str]) -> list[str]:
    """Return the names of files with `suffixes` in a folder, in order; none if it is unreadable."""
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if not entry.is_dir())
    except (OSError, ValueError):
        return []
    return [name for name in names if Path(name).suffix.lower() in suffixes]


def allowed_folders() -> tuple[Path, ...]:
    """Return the folders outside a pack that the user allows it to read."""
    named = os.environ.get(ALLOW_READ, "")
    return tuple(Path(name).resolve() for name in named.split(os.pathsep) if name)


def pack_roots(folder: Path) -> tuple[Path, ...]:
    """Return the folders that a pack in `folder` is read from: its own, and those of templates.

    A folder of templates next to the pack counts only if it is there itself, and no link.
    """
    beside = folder.absolute().parent / "templates"
    templates = (beside,) if not beside.is_symlink() else ()
    return tuple(dict.fromkeys((folder, *templates, packaged_or_beside("templates"))))


def xdg_folder(variable: str, environment: Mapping[str, str]) -> Path | None:
    """Return our folder in the one that XDG_… names; None if it names none, or a relative one."""
    named = Path(environment.get(variable, ""))
    return named / "handbook" if named.is_absolute() else None


def owning_folder(path: Path) -> Path:
    """Return the folder that a file may name others in: its pack's, or its own."""
    folder = path.absolute().parent
    for place in (folder, *folder.parents[:6]):
        if is_file(place / CONFIG):
            return place
    return folder


def outside(path: Path, folders: Sequence[Path]) -> str:
    """Say why `path` may not be read for a pack in `folders`; "" if it may.

    Symbolic links are followed first.
    """
    try:
        real = path.resolve()
        roots = [folder.resolve() for folder in folders]
    except (OSError, ValueError, RuntimeError):
        return "cannot be found"
    for root in (*roots, *allowed_folders()):
        if real.is_relative_to(root):
            hidden = SKIPPED.intersection(real.relative_to(root).parts)
            return f"is in a folder {min(hidden)!r}, which is never read" if hidden else ""
    return "is outside the pack"


def files_below(folder: Path, roots: Sequence[Path] = ()) -> Iterator[Path]:
    """Yield the files in `folder` and below it, in order, each by the name it is reached by.

    Links to folders are followed as far as `roots` (else `folder`) and the user's allowed folders
    go, each folder once.  Files that are not regular are yielded, too: read them with
    `read_bytes`, which refuses them.
    """
    seen: set[str] = set()
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        real = os.path.realpath(place)
        if real in seen or (seen and outside(place, roots or (folder,))):
            continue
        seen.add(real)
        try:
            entries = sorted(os.scandir(place), key=lambda entry: entry.name)
        except OSError:
            continue
        below: list[Path] = []
        for entry in entries:
            path = place / entry.name
            if entry.name in SKIPPED:
                continue
            try:
                is_folder = entry.is_dir()
            except OSError:
                is_folder = False
            if is_folder:
                below.append(path)
            else:
                yield path
        waiting += reversed(below)


def content_type(name: str) -> str:
    """Return the media type of a file by its name."""
    return CONTENT_TYPES.get(os.path.splitext(name)[1].lower(), "application/octet-stream")
