"""Keep the chapters of a book on disk as they were read and laid out, for the next build.

After an edit the next build renders, reads and lays out that chapter alone.  A chapter as it was
read is known by its text and by what it asked of the book; as it was laid out, by the very chapter
that was read.  So each entry of the second kind names entries of the first by their digests.
"""

from __future__ import annotations

import hashlib
import io
import pickle
from typing import Any

from ..core.cache import Cache, SafeReader, key_of
from ..document.nodes import Chapter
from ..layout.chapter_cache import ChapterCache, FaceCodes, Group, Groups, StoredChapters
from .phases import DocumentCache


class ChapterStore:
    """The chapters of one pack in a cache; `key` is what each depends on in addition to them."""

    def __init__(self, cache: Cache, key: str) -> None:
        self.cache = cache
        self.key = key
        # Each chapter as it was read, in bytes, and the value that these are.
        self._readings: dict[str, tuple[tuple[Any, Any], bytes]] = {}
        # What each of them was rendered from.
        self._digests: dict[str, str] = {}
        self._layouts = ""
        self._known: Groups = {}

    def documents(self, rendering: str) -> DocumentCache:
        """Return the chapters as they were read; `rendering` is what templates can ask for."""
        documents = DocumentCache()
        stored = self.cache.get("readings", self.key)
        if stored is None:
            documents.assembly.remember(rendering, {})
            return documents
        documents.readings.key, documents.woven.key, chapters, self._digests = stored
        for name, data in chapters.items():
            reading, woven = SafeReader(io.BytesIO(data)).load()
            self._readings[name] = (reading, woven), data
            documents.readings.chapters[name] = reading
            if woven is not None:
                documents.woven.chapters[name] = woven
        rendered = {
            digest: documents.readings.chapters[name].assembled
            for name, digest in self._digests.items()
            if digest
        }
        documents.assembly.remember(rendering, rendered)
        return documents

    def open_layouts(self, chapters: ChapterCache, key: str) -> None:
        """Let `chapters` know what was laid out under `key`."""
        self._layouts = key
        self._known, codes = self.cache.get("pages", key) or ({}, {})

        def fetch(names: tuple[str, ...]) -> tuple[Group, FaceCodes] | None:
            layout: tuple[Group, FaceCodes] | None = self.cache.get("layouts", key_of(key, names))
            return layout

        chapters.stored = StoredChapters(self._known, codes, fetch, self._identify)

    def _identify(self, chapter: Chapter) -> str:
        """Return the digest of a chapter that was read from the cache."""
        (reading, woven), data = self._readings.get(chapter.id, ((None, None), b""))
        if reading is None or chapter is not (woven.linked if woven else reading.chapter):
            return ""
        return hashlib.sha256(data).hexdigest()

    def save(self, documents: DocumentCache, chapters: ChapterCache, *, as_asked: bool) -> None:
        """Keep what was read and laid out, if it is new.

        Templates ran `as_asked` if what they can ask for has not changed since.
        """
        readings, woven = documents.readings, documents.woven
        kept: dict[str, bytes] = {}
        for name, reading in readings.chapters.items():
            value = reading, woven.chapters.get(name)
            before, data = self._readings.get(name, ((None, None), b""))
            if before[0] is not value[0] or before[1] is not value[1]:
                data = pickle.dumps(value, protocol=5)
            kept[name] = data
        rendered = {
            name: documents.assembly.digest_of(readings.chapters[name].assembled)
            for name in kept
            if as_asked
        }
        known = {name: data for name, (_, data) in self._readings.items()}
        if kept != known or rendered != self._digests:
            self.cache.put("readings", self.key, (readings.key, woven.key, kept, rendered))
        digests = {name: hashlib.sha256(data).hexdigest() for name, data in kept.items()}
        pages, layouts, codes = chapters.export_stored(lambda name: digests.get(name, ""))
        for names, group in layouts.items():
            self.cache.put("layouts", key_of(self._layouts, names), (group, codes))
        if pages != self._known or layouts:
            self.cache.put("pages", self._layouts, (pages, codes))
