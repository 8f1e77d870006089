"""Read a chapter alone, for checks: the ids it has, and the targets of its links.

A chapter that is the same in a hundred selections is read once; whether its links lead somewhere
in each of them is then a question of sets.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import unquote

from ..core.diagnostics import Diagnostic, DiagnosticCollector, Source
from ..core.slugs import heading_slug
from ..core.values import frozen
from ..document.fields import FieldSpec, FieldSpecs
from ..document.nodes import Document, Meta
from .book_reader import BookReader
from .dialects import MarkdownReader
from .link_targets import LinkTargets, pages_meant
from .rules import Rules

if TYPE_CHECKING:
    from ..select.assemble import AssembledChapter

# The files that a link may mean, its address, the id in it.
FileLink: TypeAlias = "tuple[tuple[Path, ...], str, str, Source]"


@frozen
class IsolatedChapter:
    """A chapter read alone.

    `author_ids` are the ids its author gave, `link_names` all names by which links find places
    in it, `links` the ids it links to elsewhere in the book, `file_links` its links to files of
    other chapters: the files that one may mean, as it is written, with the id in it.
    """

    document: Document
    problems: tuple[Diagnostic, ...]
    author_ids: Mapping[str, Source]
    link_names: frozenset[str]
    links: tuple[tuple[str, Source], ...]
    file_links: tuple[FileLink, ...]


class LinkRecorder(LinkTargets):
    """Records links instead of resolving them."""

    def __init__(self, problems: DiagnosticCollector, rules: Rules) -> None:
        super().__init__(problems, rules)
        self.links: dict[tuple[str, Source], None] = {}
        self.file_links: dict[FileLink, None] = {}
        self.link_names: set[str] = set()

    def generate_id(self, chapter: str, text: str) -> str:
        """Return a heading's id; in a whole book its chapter's id may be put before it."""
        target = super().generate_id(chapter, text)
        self.link_names |= {f"{chapter}-{heading_slug(text)}", target}
        return target

    def require(self, chapter: str, target: str, source: Source) -> str:
        """Record a link, unless its target is in this chapter."""
        resolved = self.resolve(chapter, target)
        if not resolved:
            self.links[target, source] = None
        return resolved or target

    def _page(
        self, chapter: str, folder: Path | None, path: str, place: str, source: Source
    ) -> str:
        files = pages_meant(path, folder, self.rules.folder, Path(source.file).stem)
        self.file_links[tuple(files), path, place, source] = None
        return f"#{chapter}"

    def _file(
        self, chapter: str, folder: Path | None, path: str, place: str, source: Source
    ) -> str:
        file = ((folder or Path()) / unquote(path)).resolve()
        self.file_links[(file,), path, place, source] = None
        return f"#{chapter}"


# Readers are shared by all books in one language.
_READERS: dict[str, dict[str, MarkdownReader]] = {}


def read_isolated(
    chapter: AssembledChapter,
    meta: Meta,
    fields: Mapping[str, FieldSpec],
    rules: Rules | None = None,
) -> IsolatedChapter:
    """Read a chapter as a book of its own; its problems are collected, not raised."""
    rules = rules or Rules()
    book = BookReader(meta, fields, rules, _READERS.setdefault(meta.language, {}))
    targets = book.targets = LinkRecorder(book.problems, rules)
    reading = book.read(chapter)
    book.register_ids(chapter, reading)
    book.generate_ids(chapter, reading)
    converted = book.convert(chapter, reading)
    offers = {
        *targets.author_ids,
        *targets.generated_ids,
        *targets.link_names,
        *targets.synonyms,
        *targets.all_names(),
    }
    return IsolatedChapter(
        Document(meta, (converted,), book.notes, FieldSpecs(fields)),
        tuple(book.problems.found),
        targets.author_ids,
        frozenset(offers),
        tuple(targets.links),
        tuple(targets.file_links),
    )
