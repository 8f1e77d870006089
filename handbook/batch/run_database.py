"""What is known of each row, on the disk: memory does not grow with the roster.

A private SQLite database that vanishes with the process; what must outlast it is in the journal.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from ..core.diagnostics import error
from .models import CopyJob, Reject

_TABLES = """
PRAGMA cache_size = -4000;
CREATE TABLE orders (line INTEGER PRIMARY KEY, edition INTEGER, words TEXT);
CREATE TABLE files (name TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID;
CREATE TABLE rejects (line INTEGER PRIMARY KEY, reason TEXT, raw TEXT);
CREATE TABLE made (line INTEGER PRIMARY KEY, words TEXT);
"""
_OPEN = "SELECT orders.line, words FROM orders WHERE edition = ? AND orders.line > ? AND NOT EXISTS"
_OPEN += " (SELECT 1 FROM made WHERE made.line = orders.line) ORDER BY orders.line LIMIT ?"


class RunDatabase:
    """Orders, rejects, and the manifest lines of copies that are made."""

    def __init__(self) -> None:
        # An empty name is a file without one, kept in memory while it is small.
        self.db = sqlite3.connect("", isolation_level=None)
        self.db.executescript(_TABLES)
        self._editions: dict[str, int] = {}

    def _do(self, words: str, values: Sequence[Any]) -> Any:
        try:
            return self.db.execute(words, values)
        except sqlite3.OperationalError as problem:
            raise error(
                f"cannot write to the folder for temporary files: {problem}",
                hint="make room, or name another one in SQLITE_TMPDIR",
            ) from None

    def begin(self) -> None:
        """Write what follows in one go, until `end`."""
        self.db.execute("BEGIN")

    def end(self) -> None:
        """Call after the last row of the roster, before any order is asked for."""
        self.db.execute("COMMIT")
        self._do("CREATE INDEX by_edition ON orders (edition, line)", ())

    # ------------------------------------------------------------------ the plan

    def holder(self, name: str, line: int) -> int:
        """The row that has a file's name: `line` itself if it is the first to ask."""
        taken = self._do("INSERT OR IGNORE INTO files VALUES (?, ?)", (name, line)).rowcount
        if taken:
            return line
        return int(self._do("SELECT line FROM files WHERE name = ?", (name,)).fetchone()[0])

    def add(self, order: CopyJob, raw: Sequence[str]) -> str:
        """Keep an order with the cells of its row; what is kept, in one line."""
        number = self._editions.setdefault(order.key, len(self._editions))
        words = json.dumps([dict(order.values), order.file, order.id, list(raw)])
        self._do("INSERT INTO orders VALUES (?, ?, ?)", (order.line, number, words))
        return words

    def reject(self, line: int, reason: str, raw: Sequence[str] | None = None) -> None:
        """Keep a row that gives no copy; without `raw` it is an order's."""
        if raw is None:
            found = self._do("SELECT words FROM orders WHERE line = ?", (line,)).fetchone()
            raw = json.loads(found[0])[3]
        kept = (line, json.dumps(reason), json.dumps(list(raw)))
        self._do("INSERT OR REPLACE INTO rejects VALUES (?, ?, ?)", kept)

    def count(self, table: str) -> int:
        """How many rows are "orders", "rejects", or "made"."""
        return int(self._do(f"SELECT count(*) FROM {table}", ()).fetchone()[0])

    def first(self) -> CopyJob | None:
        """The order of the first row that gives a copy."""
        for key in self._editions:
            found = self.unmade(key, 0, 1)
            if found:
                return found[0]
        return None

    def unmade(self, key: str, after: int, most: int) -> list[CopyJob]:
        """Up to `most` orders for an edition without a copy yet, behind the row `after`."""
        found = self._do(_OPEN, (self._editions[key], after, most))
        return [_order(line, key, words) for line, words in found]

    def rejects(self) -> Iterator[Reject]:
        """All rejects, in the order of the roster."""
        for line, reason, raw in self._do("SELECT * FROM rejects ORDER BY line", ()):
            yield Reject(line, json.loads(reason), json.loads(raw))

    # ------------------------------------------------------------------- the run

    def made(self, lines: Sequence[tuple[int, str]]) -> None:
        """Keep the manifest lines of copies, by their rows."""
        self.begin()
        for line, words in lines:
            self._do("INSERT OR REPLACE INTO made VALUES (?, ?)", (line, words))
        self.db.execute("COMMIT")

    def copies(self) -> Iterator[tuple[CopyJob, dict[str, Any]]]:
        """Every copy that is made with its line of the manifest, in the order of the roster."""
        keys = {number: key for key, number in self._editions.items()}
        found = self._do(
            "SELECT orders.line, edition, orders.words, made.words FROM orders "
            "JOIN made ON made.line = orders.line ORDER BY orders.line", (),
        )  # fmt: skip
        for line, number, words, made in found:
            yield _order(line, keys[number], words), json.loads(made)

    def manifest(self) -> Iterator[bytes]:
        """The manifest lines of all copies, in the order of the roster."""
        for (words,) in self._do("SELECT words FROM made ORDER BY line", ()):
            yield words.encode("utf-8", "replace")


def _order(line: int, key: str, words: str) -> CopyJob:
    values, file, id_, _ = json.loads(words)
    return CopyJob(line, key, values, file, id_)
