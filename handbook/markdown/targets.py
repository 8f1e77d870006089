"""Where links lead: the ids of a book, given or made, and addresses outside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from ..diagnostics import Diagnostic, nearest
from ..document import Source
from .vocabulary import mistyped

GUESSES = 30
SCHEMES = ("https", "http", "mailto")
_HOST = re.compile(r"(?:[\w-]+\.)+[\w-]{2,}\.?|localhost|\[[0-9a-f:.]+\]|\d+(?:\.\d+){3}", re.I)
_MAIL = re.compile(r"[^@\s]+@(?:[\w-]+\.)+[\w-]{2,}")


class Problems:
    """What is wrong with a book, collected so that all of it is told at once."""

    def __init__(self) -> None:
        self.found: dict[Diagnostic, None] = {}

    def add(self, source: Source, message: str, hint: str = "", code: str = "") -> None:
        """Note a mistake of the author's; the same one on the same line counts once."""
        self.found[Diagnostic(source.file, source.line, source.column, message, hint, code)] = None


def slug(text: str) -> str:
    """The id of a heading or a term: its words in lower case, joined by dashes."""
    words = re.sub(r"[^\w\s-]", "", text.casefold())
    return re.sub(r"[-\s]+", "-", words).strip("-_") or "section"


def _spellings(text: str) -> Iterator[str]:
    """How else the id of a heading is written: by this project's filter, by GitHub."""
    yield re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")
    yield re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", text.casefold()).strip())


class Targets:
    """Every id of a book.

    Ids that an author gave hold in the whole book, so each may be given once.  Ids
    made of a heading's words are made unique: the first keeps the words, a later one
    gets its chapter's id before them.  Links in its own chapter find it by the words.
    """

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.given: dict[str, Source] = {}
        self.made: set[str] = set()
        self.same: dict[str, str] = {}
        self.files: dict[Path, str] = {}
        self._local: dict[str, dict[str, str]] = {}
        self._other: dict[str, str] = {}
        self._guesses = 0
        self._counts: dict[tuple[str, str], int] = {}
        self._repeats: dict[tuple[str, str], int] = {}

    def give(self, target: str, source: Source) -> None:
        """Take note of an id that an author gave."""
        first = self.given.setdefault(target, source)
        if first is not source:
            self.problems.add(
                source, f"the id {target!r} is given twice",
                f"ids are unique in the whole book; it was first given at {first}", "duplicate-id",
            )  # fmt: skip

    def make(self, chapter: str, text: str) -> str:
        """The id of a heading or term that was given none; all given ones must be known."""
        words = slug(text)
        target = words
        while target in self.given or target in self.made:
            count = self._counts[chapter, words] = self._counts.get((chapter, words), 0) + 1
            target = f"{chapter}-{words}" if count == 1 else f"{chapter}-{words}-{count}"
        self.made.add(target)
        self.alias(chapter, words, target)
        for spelling in sorted({*_spellings(text)} - {words}):
            self.alias(chapter, spelling, target)
        return target

    def alias(self, chapter: str, words: str, target: str) -> None:
        """Let links find `target` by other words; repeated words get -1, -2 as on GitHub."""
        local = self._local.setdefault(chapter, {})
        if local.setdefault(words, target) != target:
            count = self._repeats[chapter, words] = self._repeats.get((chapter, words), 0) + 1
            local[f"{words}-{count}"] = target
        self._other.setdefault(words, target)

    def words(self) -> set[str]:
        """Every other spelling by which a link finds one of the ids."""
        return {*self._other, *(name for names in self._local.values() for name in names)}

    def resolve(self, chapter: str, target: str) -> str:
        """The id that `target` means in a chapter, or an empty string."""
        if target in self.given:
            return self.same.get(target, target)
        local = self._local.get(chapter, {}).get(target)
        return local or (target if target in self.made else self._other.get(target, ""))

    def find(self, chapter: str, target: str, source: Source) -> str:
        """Like `resolve`, but tells when there is no such place."""
        found = self.resolve(chapter, target)
        if not found:
            self._guesses += 1
            # Guessing takes its time; whoever has more broken links than this moved a whole part.
            near = nearest(target, [*self.given, *self.made]) if self._guesses <= GUESSES else ""
            self.problems.add(
                source, f"a link to nowhere: #{target}",
                f"did you mean {near!r}?" if near
                else "give a heading, table or term that id: {#" + (target or "id") + "}",
                "link-target",
            )  # fmt: skip
        return found or target

    def follow(self, chapter: str, folder: Path | None, target: str, source: Source) -> str:
        """A link's target as the document has it: `#id`, or an address outside."""
        if target.startswith("#"):
            return "#" + self.find(chapter, target[1:], source)
        path, _, place = target.partition("#")
        if path.endswith((".md", ".markdown")) and ":" not in path:
            return self._file(chapter, folder, path, place, source)
        if complaint := address_problem(target):
            self.problems.add(source, *complaint, "address")
        return target

    def _file(
        self, chapter: str, folder: Path | None, path: str, place: str, source: Source
    ) -> str:
        """A link to another chapter by its file."""
        found = self.files.get(((folder or Path()) / path).resolve())
        if found is None:
            near = nearest(path, [file.name for file in self.files])
            self.problems.add(
                source, f"a link to a file that is no chapter of this book: {path!r}",
                f"did you mean {near!r}?" if near else "link to an id: #id", "link-target",
            )  # fmt: skip
            return f"#{chapter}"
        return "#" + (self.find(found, place, source) if place else found)


def address_problem(target: str) -> tuple[str, str] | None:
    """What is wrong with an address outside the book, and what to do; None if nothing is."""
    hint = "write https://…, mailto:…, or #id for a place in this book"
    if any(sign.isspace() for sign in target):
        return f"malformed web address: {target!r}", "an address has no spaces: write %20"
    try:
        parts = urlsplit(target)
        _ = parts.port
    except ValueError as problem:
        return f"malformed web address: {target!r}", str(problem)
    if parts.scheme not in SCHEMES:
        near = mistyped(parts.scheme, SCHEMES)
        if not parts.scheme and _HOST.match(target):
            return f"not a web address: {target!r}", f"did you mean 'https://{target}'?"
        return (
            f"not a web address: {target!r}",
            f"did you mean {near + ':' + target.split(':', 1)[1]!r}?" if near else hint,
        )
    if parts.scheme == "mailto":
        good = all(_MAIL.fullmatch(one) for one in parts.path.split(","))
        return None if good else (f"malformed mail address: {target!r}", "write name@example.org")
    if not parts.hostname:
        return f"malformed web address: {target!r}", "it names no host: https://example.org/…"
    if not _HOST.fullmatch(parts.netloc.rpartition("@")[2].removesuffix(f":{parts.port}")):
        return f"malformed web address: {target!r}", f"{parts.netloc!r} is not a host's name"
    return None
