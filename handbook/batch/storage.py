"""Say what a run asks of the place its files go to, whatever that is.

All keep one promise: a file is there as a whole or not at all, and once `write` has returned it
is there.  Names are relative, with slashes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from ..core.diagnostics import error

# Where files are until they are finished, and what a run keeps while it lasts.
WORK = ".handbook"


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

    def exists(self, name: str) -> bool:
        """Return whether there is such a file."""

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


def is_inside(name: object) -> bool:
    """Return whether a name that a file gives is that of a file inside the store."""
    if not isinstance(name, str) or not name or "\0" in name or "\\" in name or ":" in name:
        return False
    return not name.startswith("/") and ".." not in name.split("/")


def unwritable(name: str, place: str, problem: Exception) -> Exception:
    """Return the error that a file cannot be written."""
    why = getattr(problem, "strerror", None) or str(problem) or type(problem).__name__
    return error(
        f"cannot write {name!r}: {why}",
        at=place,
        hint="fix that and repeat the command, which continues from there; or choose another place",
        code="store",
    )
