"""Read chapters section by section, each section once.

The text of a chapter differs from selection to selection in a few places, so most of its sections
are the same in all of them.  A chapter whose sections need one another (footnotes, names of links,
abbreviations, ids that occur twice) is read whole.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..core.diagnostics import Source
from ..document.fields import FieldSpec, FieldSpecs
from ..document.nodes import Document, Meta
from ..markdown import Rules
from ..markdown.foreign_syntax import lines_with_fences
from ..markdown.isolated import IsolatedChapter, read_isolated
from ..markdown.link_targets import spellings
from ..pack.dialects import OWN
from ..select.assemble import AssembledChapter

# What is defined in one section and used in another.
_SHARED = re.compile(r"\[\^|^[ \t>]*(?:\[[^\]\n]+\]:|\*\[)", re.MULTILINE)
_HEADING = re.compile(r"#{1,6} ")
_CONTAINER = re.compile(r" {0,3}:{3,}[ \t]*(\S?)")


class SectionReader:
    """Reads the chapters of a pack in one dialect after the other, and remembers their sections."""

    def __init__(self, fields: Mapping[str, FieldSpec], rules: Rules) -> None:
        self.fields = fields
        self.rules = rules
        self._sections: dict[tuple[str, str, str, tuple[Source, ...]], IsolatedChapter] = {}

    def read(self, chapter: AssembledChapter, meta: Meta) -> IsolatedChapter:
        """Return what `read_isolated` returns for the whole chapter."""
        cuts = _cuts(chapter)
        if not cuts:
            return read_isolated(chapter, meta, self.fields, self.rules)
        read = [self._section(section, meta) for section in _split(chapter, cuts)]
        empty = self._section(replace(chapter, text="", lines=chapter.lines[:1]), meta)
        if any(section.document.notes for section in read) or _meet(read, empty):
            return read_isolated(chapter, meta, self.fields, self.rules)
        return self._joined(read, meta)

    def _section(self, section: AssembledChapter, meta: Meta) -> IsolatedChapter:
        key = (section.id, section.title, section.text, section.lines)
        if key not in self._sections:
            self._sections[key] = read_isolated(section, meta, self.fields, self.rules)
        return self._sections[key]

    def _joined(self, sections: list[IsolatedChapter], meta: Meta) -> IsolatedChapter:
        first = sections[0].document.chapters[0]
        blocks = tuple(block for one in sections for block in one.document.chapters[0].blocks)
        offers = frozenset[str]().union(*(one.link_names for one in sections))
        links = (link for one in sections for link in one.links)
        return IsolatedChapter(
            Document(meta, (replace(first, blocks=blocks),), {}, FieldSpecs(self.fields)),
            tuple(dict.fromkeys(problem for one in sections for problem in one.problems)),
            {name: at for one in sections for name, at in one.author_ids.items()},
            offers,
            tuple(link for link in links if offers.isdisjoint(spellings(link[0]))),
            tuple(link for one in sections for link in one.file_links),
        )


def _meet(sections: list[IsolatedChapter], empty: IsolatedChapter) -> bool:
    """Return whether an id or a heading's words occur in two sections."""
    names = Counter(name for one in sections for name in {*one.link_names, *one.author_ids})
    known = {*empty.link_names, *empty.author_ids}
    return any(count > 1 for name, count in names.items() if name not in known)


def _cuts(chapter: AssembledChapter) -> list[int]:
    """Return the lines at which sections begin that can be read alone."""
    if chapter.dialect != OWN or _SHARED.search(chapter.text):
        return []
    return list(_headings(chapter.text.split("\n")))


def _headings(lines: list[str]) -> Iterator[int]:
    """Yield the lines of headings that are in no container, listing or comment."""
    depth, in_comment, blank = 0, False, True
    for number, line, in_code in lines_with_fences(lines):
        if in_code:
            blank = False
            continue
        if not in_comment and (match := _CONTAINER.match(line)):
            depth += 1 if match[1] else -1
        if depth == 0 and not in_comment and blank and number and _HEADING.match(line):
            yield number
        if "<!--" in line or "-->" in line:
            in_comment = line.rfind("<!--") > line.rfind("-->")
        blank = not line.strip()


def _split(chapter: AssembledChapter, cuts: list[int]) -> Iterator[AssembledChapter]:
    lines = chapter.text.split("\n")
    for begin, end in zip([0, *cuts], [*cuts, len(lines)], strict=True):
        yield replace(chapter, text="\n".join(lines[begin:end]), lines=chapter.lines[begin:end])
