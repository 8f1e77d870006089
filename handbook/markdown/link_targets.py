"""Resolve links: to the ids of a book, given or generated, and to addresses outside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ..core.diagnostics import DiagnosticCollector, Source, nearest
from ..core.slugs import heading_slug
from .rules import Rules
from .syntax import mistyped

GUESSES = 30
SCHEMES = ("https", "http", "mailto")
# Addresses that run something, or that hold their contents, open nothing on paper.
REFUSED = frozenset({"javascript", "vbscript", "livescript", "data", "blob"})
_HOST = re.compile(r"(?:[\w-]+\.)+[\w-]{2,}\.?|\[[0-9a-f:.]+\]|\d+(?:\.\d+){3}", re.I)
# Within an organisation, a name is enough.
_INTRANET = re.compile(r"[\w-]+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_MAIL = re.compile(r"[^@\s]+@(?:[\w-]+\.)+[\w-]{2,}")


def _spellings(text: str) -> Iterator[str]:
    """Yield other spellings of a heading's id: by this project's filter, by GitHub."""
    yield re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")
    yield re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", text.casefold()).strip())


class LinkTargets:
    """Every id of a book.

    An id that an author gave is unique in the book.  An id generated from a heading's words is
    made unique: the first heading keeps the words, a later one gets its chapter's id as prefix.
    Links in its own chapter find it by the words alone.
    """

    def __init__(self, problems: DiagnosticCollector, rules: Rules) -> None:
        self.problems = problems
        self.rules = rules
        self.author_ids: dict[str, Source] = {}
        self.generated_ids: set[str] = set()
        self.synonyms: dict[str, str] = {}
        self.files: dict[Path, str] = {}
        self._chapter_names: dict[str, dict[str, str]] = {}
        self._book_names: dict[str, str] = {}
        self._guesses = 0
        self._counts: dict[tuple[str, str], int] = {}
        self._repeats: dict[tuple[str, str], int] = {}

    def register(self, target: str, source: Source) -> None:
        """Register an id that an author gave."""
        first = self.author_ids.setdefault(target, source)
        if first is not source:
            self.problems.add(
                source,
                f"the id {target!r} is given twice",
                f"ids are unique in the whole book; it was first given at {first}",
                "duplicate-id",
            )

    def add_synonym(self, name: str, target: str) -> None:
        """Let the author's id `name` lead to `target`."""
        self.synonyms[name] = target

    def generate_id(self, chapter: str, text: str) -> str:
        """Return an id for a heading or term without one; all given ids must be registered."""
        words = heading_slug(text)
        target = words
        while target in self.author_ids or target in self.generated_ids:
            count = self._counts[chapter, words] = self._counts.get((chapter, words), 0) + 1
            target = f"{chapter}-{words}" if count == 1 else f"{chapter}-{words}-{count}"
        self.generated_ids.add(target)
        self.alias(chapter, words, target)
        for spelling in sorted({*_spellings(text)} - {words}):
            self.alias(chapter, spelling, target)
        return target

    def alias(self, chapter: str, words: str, target: str) -> None:
        """Let links find `target` by other words; repeated words get -1, -2 as on GitHub."""
        local = self._chapter_names.setdefault(chapter, {})
        if local.setdefault(words, target) != target:
            count = self._repeats[chapter, words] = self._repeats.get((chapter, words), 0) + 1
            local[f"{words}-{count}"] = target
        self._book_names.setdefault(words, target)

    def all_names(self) -> set[str]:
        """Return every other spelling by which a link finds one of the ids."""
        return {
            *self._book_names,
            *(name for names in self._chapter_names.values() for name in names),
        }

    def resolve(self, chapter: str, target: str) -> str:
        """Return the id that `target` means in a chapter, or an empty string.

        It may be percent-encoded, and in upper case.
        """
        return next(filter(None, (self._exact(chapter, name) for name in spellings(target))), "")

    def _exact(self, chapter: str, target: str) -> str:
        if target in self.author_ids:
            return self.synonyms.get(target, target)
        if resolved := self._chapter_names.get(chapter, {}).get(target):
            return resolved
        return target if target in self.generated_ids else self._book_names.get(target, "")

    def require(self, chapter: str, target: str, source: Source) -> str:
        """Resolve `target`, and report a problem if there is no such id."""
        resolved = self.resolve(chapter, target)
        if not resolved:
            self._guesses += 1
            # Guessing takes time; more broken links than this mean that a whole part has moved.
            near = (
                nearest(target, [*self.author_ids, *self.generated_ids])
                if self._guesses <= GUESSES
                else ""
            )
            self.problems.add(
                source,
                f"a link to nowhere: #{target}",
                f"did you mean {near!r}?"
                if near
                else "give a heading, table or term that id: {#" + (target or "id") + "}",
                "link-target",
            )
        return resolved or ("" if self.rules.lenient else target)

    def resolve_link(self, chapter: str, folder: Path | None, target: str, source: Source) -> str:
        """Return a link's target as the document has it: `#id`, or an address outside the book.

        Empty if it leads nowhere and that is only a warning: the words remain.
        """
        if (target in ("", "#", "#top") and self.rules.lenient) or target.startswith("?"):
            return "#" + chapter
        if target.startswith("//"):
            target = f"https:{target}"
        if target.startswith("#"):
            resolved = self.require(chapter, target[1:], source)
            return resolved and "#" + resolved
        path, _, place = target.partition("#")
        path = path if _SCHEME.match(target) else path.partition("?")[0]
        if self.rules.lenient and not _SCHEME.match(target):
            return self._page(chapter, folder, path, place, source)
        if path.endswith((".md", ".markdown")) and ":" not in path:
            return self._file(chapter, folder, path, place, source)
        if complaint := address_problem(target):
            self.problems.add(source, *complaint, "address")
            return "" if self.rules.lenient else target
        return target

    def _page(
        self, chapter: str, folder: Path | None, path: str, place: str, source: Source
    ) -> str:
        """Resolve a link to another page, by its file or by its address on the tool's site."""
        for file in pages_meant(path, folder, self.rules.folder, Path(source.file).stem):
            linked_chapter = self.files.get(file)
            if linked_chapter is not None:
                target = self.require(linked_chapter, place, source) if place else linked_chapter
                return "#" + (target or linked_chapter)
        self.problems.add(source, *leads_out(path), "link-target")
        return ""

    def _file(
        self, chapter: str, folder: Path | None, path: str, place: str, source: Source
    ) -> str:
        """Resolve a link to another chapter by its file."""
        linked_chapter = self.files.get(((folder or Path()) / unquote(path)).resolve())
        if linked_chapter is None:
            near = nearest(path, [file.name for file in self.files])
            self.problems.add(
                source,
                f"a link to a file that is not a chapter of this book: {path!r}",
                f"did you mean {near!r}?" if near else "link to an id: #id",
                "link-target",
            )
            return f"#{chapter}"
        return "#" + (self.require(linked_chapter, place, source) if place else linked_chapter)


def spellings(target: str) -> list[str]:
    """Return what the target of a link may mean: it may be percent-encoded, or in upper case."""
    plain = unquote(target)
    return list(dict.fromkeys((target, plain, heading_slug(plain) if target else "")))


def leads_out(path: str) -> tuple[str, str]:
    """Return what is said of a link to a page that is not in the book."""
    return f"a link that leads out of the book: {path!r}", "its words are printed"


def pages_meant(path: str, folder: Path | None, root: Path | None, stem: str) -> Iterator[Path]:
    """Yield the files that a relative address may mean: sites omit `.md`, and add folders."""
    for file in _pages(unquote(path.split("?")[0]), folder or Path(), root or Path(), stem):
        yield file.resolve()


def _pages(path: str, folder: Path, root: Path, stem: str) -> Iterator[Path]:
    bases = [root, root / "chapters"] if path.startswith("/") else [folder, folder / stem]
    for base in bases:
        file = base / path.strip("/") if path.startswith("/") else base / path
        yield file
        if file.suffix in (".html", ".htm"):
            file = file.with_suffix("")
        yield file.with_name(file.name + ".md")
        yield from (file / name for name in ("index.md", "README.md"))


def address_problem(target: str) -> tuple[str, str] | None:
    """Return what is wrong with an address outside the book, and a hint; None if it is valid."""
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
        is_port = re.match(r"[^:/]+:\d+(?:/|$)", target) and "." in parts.scheme
        if parts.scheme in REFUSED:
            return f"an address with '{parts.scheme}:' opens nothing in a book", hint
        if parts.scheme and not near and not is_port and target != f"{parts.scheme}:":
            return None
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
    host = parts.netloc.rpartition("@")[2].removesuffix(f":{parts.port}")
    if not (_HOST.fullmatch(host) or _INTRANET.fullmatch(host)):
        return f"malformed web address: {target!r}", f"{parts.netloc!r} is not a host's name"
    return None
