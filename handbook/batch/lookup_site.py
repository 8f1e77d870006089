"""Write a static site that says whether a copy is genuine, without naming its learner.

The site has digests alone: of files, which the reader's browser computes, and of copy numbers.
They are spread over lists by their first digits, so that a lookup reads a few kilobytes whatever
the number of copies.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template
from typing import Any

from ..core.diagnostics import error
from ..core.files import write_whole
from ..core.i18n import Translations, language_error, translations_for
from ..core.resources import DATA
from .journal import read_run
from .lookup_words import answer_words, page_words
from .reports import manifest_lines
from .run_database import files_of
from .storage import Store

# Copies per list, about.
_PER_LIST = 500
_FILES = ("lookup.css", "lookup.js")
_LIST = re.compile(r"[0-9a-f]+\.json")


def write_lookup_site(store: Store, out: Path, title: str = "", language: str = "") -> int:
    """Write the site of a folder of copies to `out`; return how many copies it knows.

    Its `language` is that of the copies, unless one is given.

    Raises:
        HandbookError: the folder has no manifest, or the site cannot be written.
    """
    words = site_words(store, language)
    with closing(_Digests()) as digests:
        editions, count = digests.read(store)
        if not count:
            raise error("there are no copies in this folder", at=store.place, code="batch-folder")
        digits = _digits(count)
        about = {
            "digits": digits,
            "words": words.gettext("Copies of {title}.", title=title) if title else "",
            "editions": _editions(editions, title, words, _day(store, words)),
            "answers": answer_words(words),
        }
        write_whole(out / "index.html", _page(words).encode())
        for name in _FILES:
            write_whole(out / name, (DATA / "lookup" / name).read_bytes())
        write_whole(out / "about.json", _json(about))
        for kind in ("files", "numbers"):
            _write_lists(out / kind, digests.of(kind), digits)
    return count


class _Digests:
    """The digests of a folder's copies on the disk, so that memory does not grow with them."""

    def __init__(self) -> None:
        self.db = sqlite3.connect("", isolation_level=None)
        self.db.execute("PRAGMA cache_size = -4000")
        self.db.execute(
            "CREATE TABLE digests (kind TEXT, digest TEXT, edition INTEGER, former INTEGER, "
            "PRIMARY KEY (kind, digest)) WITHOUT ROWID"
        )

    def read(self, store: Store) -> tuple[list[str], int]:
        """Read the manifest; return the editions and how many copies there are."""
        editions: dict[str, int] = {}
        current = sum(1 for _ in manifest_lines(store))
        count = 0
        self.db.execute("BEGIN")
        for count, entry in enumerate(manifest_lines(store, former=True), 1):
            # Copies that fell away come last; a number that was issued again is not withdrawn.
            edition = editions.setdefault(str(entry["selection"]), len(editions))
            digests = [("files", sha256) for _, _, sha256 in files_of(entry)]
            digests.append(("numbers", number_digest(str(entry["copy"]))))
            rows = [(*row, edition, int(count > current)) for row in digests]
            self.db.executemany("INSERT OR IGNORE INTO digests VALUES (?, ?, ?, ?)", rows)
        self.db.execute("COMMIT")
        return list(editions), count

    def of(self, kind: str) -> Iterator[tuple[str, list[int]]]:
        """Yield digests of files or numbers in order, each with its edition and state."""
        query = "SELECT digest, edition, former FROM digests WHERE kind = ? ORDER BY digest"
        for digest, edition, former in self.db.execute(query, (kind,)):
            yield digest, [edition, former]

    def close(self) -> None:
        """Remove the digests."""
        self.db.close()


def _editions(stems: Sequence[str], title: str, words: Translations, day: str) -> list[str]:
    return [
        words.gettext("{title}, edition of {date}.", title=title or stem, date=day)
        for stem in stems
    ]


def site_words(store: Store, language: str = "") -> Translations:
    """Return the words of a site in a language, or in that of its copies.

    They are English where there is no translation.

    Raises:
        HandbookError: If there is no such language.
    """
    if language and (hint := language_error(language)):
        raise error(f"--language: unknown language {language!r}", hint=hint, code="option")
    return translations_for(language or str(read_run(store).get("language") or "en"))


def _day(store: Store, words: Translations) -> str:
    """Return the date of the copies in words."""
    shared = read_run(store).get("shared")
    text = str(shared.get("--date", "")) if isinstance(shared, dict) else ""
    try:
        return words.day(date.fromisoformat(text))
    except ValueError:
        return text


def _page(words: Translations) -> str:
    """Return the page with its words in a language."""
    page = Template((DATA / "lookup" / "index.html").read_text("utf-8"))
    texts = {**page_words(words), "unavailable": answer_words(words)["unavailable"][1]}
    return page.substitute(
        {name: escape(text) for name, text in texts.items()},
        language=words.language if words.translated else "en",
        direction="rtl" if words.translated and words.right_to_left else "ltr",
    )


def number_digest(number: str) -> str:
    """Return the digest under which the site lists a copy number."""
    return hashlib.sha256(f"handbook copy {number.replace('-', '')}".encode()).hexdigest()


def _digits(count: int) -> int:
    """Return how many hexadecimal digits name a list."""
    digits = 1
    while 16**digits * _PER_LIST < count:
        digits += 1
    return digits


def _write_lists(folder: Path, digests: Iterable[tuple[str, list[int]]], digits: int) -> None:
    """Write a list for each beginning of digests, and remove those of an earlier site."""
    written: set[str] = set()
    for name, group in groupby(digests, lambda item: item[0][:digits]):
        written.add(f"{name}.json")
        write_whole(
            folder / f"{name}.json", _json({digest[digits:]: facts for digest, facts in group})
        )
    for path in folder.glob("*.json"):
        if path.name not in written and _LIST.fullmatch(path.name):
            path.unlink()


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
