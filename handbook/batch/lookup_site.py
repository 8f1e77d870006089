"""Write a static site that says whether a copy is genuine, without naming its learner.

The site has digests alone: of files, which the reader's browser computes, and of copy numbers.
They are spread over lists by their first digits, so that a lookup reads a few kilobytes whatever
the number of copies.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from html import escape
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


def write_lookup_site(store: Store, out: Path, title: str = "", language: str = "") -> int:
    """Write the site of a folder of copies to `out`; return how many copies it knows.

    Its `language` is that of the copies, unless one is given.

    Raises:
        HandbookError: the folder has no manifest, or the site cannot be written.
    """
    current = sum(1 for _ in manifest_lines(store))
    entries = list(manifest_lines(store, former=True))
    if not entries:
        raise error("there are no copies in this folder", at=store.place, code="batch-folder")
    words = site_words(store, language)
    day = _day(store, words)
    editions: dict[str, int] = {}
    files: dict[str, list[int]] = {}
    numbers: dict[str, list[int]] = {}
    for place, entry in enumerate(entries):
        # Copies that fell away come last; a number that was issued again is not withdrawn.
        facts = [editions.setdefault(str(entry["selection"]), len(editions)), int(place >= current)]
        for _, _, sha256 in files_of(entry):
            files.setdefault(sha256, facts)
        numbers.setdefault(number_digest(str(entry["copy"])), facts)
    digits = _digits(len(entries))
    about = {
        "digits": digits,
        "words": words.gettext("Copies of {title}.", title=title) if title else "",
        "editions": [
            words.gettext("{title}, edition of {date}.", title=title or stem, date=day)
            for stem in editions
        ],
        "answers": answer_words(words),
    }
    write_whole(out / "index.html", _page(words).encode())
    for name in _FILES:
        write_whole(out / name, (DATA / "lookup" / name).read_bytes())
    write_whole(out / "about.json", _json(about))
    _write_lists(out / "files", files, digits)
    _write_lists(out / "numbers", numbers, digits)
    return len(entries)


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


def _write_lists(folder: Path, digests: Mapping[str, list[int]], digits: int) -> None:
    lists: dict[str, dict[str, list[int]]] = {}
    for digest in sorted(digests):
        lists.setdefault(digest[:digits], {})[digest[digits:]] = digests[digest]
    for name, entries in lists.items():
        write_whole(folder / f"{name}.json", _json(entries))


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
