"""Keep what is known of each row on the disk, so that memory does not grow with the roster.

The database is private and vanishes with the process; what must outlast it is in the journal.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..core.diagnostics import error
from .models import CopyJob, Reject
from .storage import is_inside

_TABLES = """
PRAGMA cache_size = -4000;
CREATE TABLE jobs (line INTEGER PRIMARY KEY, edition INTEGER, inputs TEXT, job TEXT, raw TEXT);
CREATE TABLE files (name TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID;
CREATE TABLE people (who BLOB PRIMARY KEY, line INTEGER) WITHOUT ROWID;
CREATE TABLE rejects (line INTEGER PRIMARY KEY, reason TEXT, raw TEXT);
CREATE TABLE copies (line INTEGER PRIMARY KEY, entry TEXT);
CREATE TABLE former (file TEXT PRIMARY KEY, entry TEXT) WITHOUT ROWID;
CREATE TABLE due (file TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_PENDING = """
SELECT line, inputs, job FROM jobs WHERE edition = ? AND line > ?
AND NOT EXISTS (SELECT 1 FROM copies WHERE copies.line = jobs.line) ORDER BY line LIMIT ?
"""


class RunDatabase:
    """The jobs of a run, its rejects, and the manifest entries of copies that are there."""

    def __init__(self) -> None:
        try:
            # An empty name is a file without one, kept in memory while it is small.
            self.db = sqlite3.connect("", isolation_level=None)
            self.db.executescript(_TABLES)
        except sqlite3.Error as problem:
            raise _no_room(problem) from None
        self._editions: dict[str, int] = {}

    def _do(self, statement: str, values: Sequence[Any] = ()) -> Any:
        try:
            return self.db.execute(statement, values)
        except sqlite3.Error as problem:
            raise _no_room(problem) from None

    def _rows(self, statement: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        try:
            yield from self._do(statement, values)
        except sqlite3.Error as problem:
            raise _no_room(problem) from None

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Write what happens inside at once."""
        self._do("BEGIN")
        yield
        self._do("COMMIT")

    def index(self) -> None:
        """Prepare for questions, when all rows of the roster are in."""
        self._do("CREATE INDEX by_edition ON jobs (edition, line)")

    # ------------------------------------------------------------------ the plan

    def holder(self, name: str, line: int) -> int:
        """Return the row that has a file's name: `line` itself if it is the first to ask."""
        if self._do("INSERT OR IGNORE INTO files VALUES (?, ?)", (name, line)).rowcount:
            return line
        return self.row_of_file(name)

    def row_of_person(self, who: bytes, line: int) -> int:
        """Return the first row that is about `who`, a digest: `line` itself if it is the first."""
        if self._do("INSERT OR IGNORE INTO people VALUES (?, ?)", (who, line)).rowcount:
            return line
        return int(self._do("SELECT line FROM people WHERE who = ?", (who,)).fetchone()[0])

    def row_of_file(self, name: str) -> int:
        """Return the row whose copy has this file, as `folded_name` writes it; 0 for none."""
        row = self._do("SELECT line FROM files WHERE name = ?", (name,)).fetchone()
        return int(row[0]) if row else 0

    def add(self, job: CopyJob, raw: Sequence[str]) -> None:
        """Keep a job with the cells of its row."""
        number = self._editions.setdefault(job.key, len(self._editions))
        text = json.dumps([dict(job.values), job.file, job.id, job.password, dict(job.badge)])
        values = (job.line, number, job.inputs, text, json.dumps(list(raw)))
        self._do("INSERT INTO jobs VALUES (?, ?, ?, ?, ?)", values)

    def reject(self, line: int, reason: str, raw: Sequence[str] | None = None) -> None:
        """Keep a rejected row; without `raw` it is that of a job."""
        if raw is None:
            raw = json.loads(self._do("SELECT raw FROM jobs WHERE line = ?", (line,)).fetchone()[0])
        values = (line, json.dumps(reason), json.dumps(list(raw or ())))
        self._do("INSERT OR REPLACE INTO rejects VALUES (?, ?, ?)", values)

    def count(self, table: str) -> int:
        """Return how many rows are in "jobs", "rejects", "copies" or "former"."""
        return int(self._do(f"SELECT count(*) FROM {table}").fetchone()[0])

    def first(self, count: int = 1) -> list[CopyJob]:
        """Return the jobs of the first rows that give a copy."""
        statement = "SELECT line, edition, inputs, job FROM jobs ORDER BY line LIMIT ?"
        keys = {number: key for key, number in self._editions.items()}
        rows = self._rows(statement, (count,))
        return [_job(line, keys[edition], inputs, job) for line, edition, inputs, job in rows]

    def inputs_of(self, line: int) -> str:
        """Return the digest of a job's inputs."""
        return str(self._do("SELECT inputs FROM jobs WHERE line = ?", (line,)).fetchone()[0])

    def pending(self, key: str, after: int, most: int) -> list[CopyJob]:
        """Return up to `most` jobs of an edition that have no copy yet, from behind a row."""
        rows = self._rows(_PENDING, (self._editions[key], after, most))
        return [_job(line, key, inputs, job) for line, inputs, job in rows]

    def rejects(self) -> Iterator[Reject]:
        """Yield all rejects, in the order of the roster."""
        for line, reason, raw in self._rows("SELECT * FROM rejects ORDER BY line"):
            yield Reject(line, json.loads(reason), json.loads(raw))

    # ------------------------------------------------------------------- the run

    def add_copies(self, entries: Iterable[tuple[int, str]]) -> None:
        """Keep the manifest entries of copies, by their rows."""
        with self.writing():
            for line, entry in entries:
                self._do("INSERT OR REPLACE INTO copies VALUES (?, ?)", (line, entry))

    def add_former(self, file: str, entry: str) -> None:
        """Keep the manifest entry of a copy that is no longer on the roster."""
        self._do("INSERT OR REPLACE INTO former VALUES (?, ?)", (file, entry))

    def is_former(self, file: str) -> bool:
        """Return whether a file is that of a copy that is no longer on the roster."""
        return bool(self._do("SELECT 1 FROM former WHERE file = ?", (file,)).fetchone())

    def add_due(self, file: str) -> None:
        """Keep the name of a file of an earlier run that is written again."""
        self._do("INSERT OR IGNORE INTO due VALUES (?)", (file,))

    def due(self) -> Iterator[str]:
        """Yield the files of earlier runs that are written again."""
        for (file,) in self._rows("SELECT file FROM due ORDER BY file"):
            yield file

    def former(self) -> Iterator[tuple[str, str]]:
        """Yield the file and the manifest entry of each copy that fell away."""
        yield from self._rows("SELECT file, entry FROM former ORDER BY file")

    def drop_former(self) -> None:
        """Forget copies that fell away."""
        self._do("DELETE FROM former")

    def copies(self) -> Iterator[tuple[CopyJob, dict[str, Any]]]:
        """Yield every copy that is there with its manifest entry, in the order of the roster."""
        for job, _, entry in self.copies_with_cells():
            yield job, entry

    def copies_with_cells(self) -> Iterator[tuple[CopyJob, Sequence[str], dict[str, Any]]]:
        """Yield every copy with the cells of its row and its manifest entry."""
        keys = {number: key for key, number in self._editions.items()}
        rows = self._rows(
            "SELECT jobs.line, edition, inputs, job, raw, entry FROM jobs "
            "JOIN copies ON copies.line = jobs.line ORDER BY jobs.line"
        )
        for line, number, inputs, job, raw, entry in rows:
            yield _job(line, keys[number], inputs, job), json.loads(raw), json.loads(entry)

    def files(self) -> Iterator[tuple[str, int, str]]:
        """Yield every file of the copies that are there, as `files_of` does."""
        for _, entry in self.copies():
            yield from files_of(entry)

    def total(self) -> tuple[int, int]:
        """Return how many files there are, and their bytes."""
        count = size = 0
        for _, part, _ in self.files():
            count, size = count + 1, size + part
        return count, size

    def manifest(self) -> Iterator[bytes]:
        """Yield the manifest entries of all copies, in the order of the roster."""
        for (entry,) in self._rows("SELECT entry FROM copies ORDER BY line"):
            yield entry.encode("utf-8", "replace")


def _job(line: int, key: str, inputs: str, job: str) -> CopyJob:
    values, file, row_id, password, badge = json.loads(job)
    return CopyJob(line, key, values, file, row_id, inputs, password, badge)


def _no_room(problem: Exception) -> Exception:
    return error(
        f"cannot write to the folder for temporary files: {problem}",
        hint="free some space, or name another folder in SQLITE_TMPDIR",
        code="temporary-files",
    )


def files_of(entry: Mapping[str, Any]) -> Iterator[tuple[str, int, str]]:
    """Yield the files of a manifest entry, the copy first: name, bytes, SHA-256."""
    yield str(entry["file"]), int(entry["bytes"]), str(entry["sha256"])
    badges = entry.get("badges")
    for name, facts in badges.items() if isinstance(badges, dict) else ():
        if is_inside(name) and isinstance(facts, dict) and {"bytes", "sha256"} <= facts.keys():
            yield name, int(facts["bytes"]), str(facts["sha256"])


def entry_text(entry: Mapping[str, Any]) -> str:
    """Return a manifest entry as a line."""
    return json.dumps(entry, ensure_ascii=False) + "\n"
