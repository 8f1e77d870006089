"""Assemble and read every selection of a pack without laying it out.

A chapter's text depends on few things (one may ask for the role, most ask for nothing), so it is
rendered once for each combination of what it asks for, and read once for each text that comes out.
What is left for each selection is a question of sets: which ids are there, which are wanted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import product
from pathlib import Path

from ..core.diagnostics import Diagnostic, HandbookError, Source, nearest
from ..core.values import frozen
from ..document.accessibility import accessibility_warnings, undescribed_pictures
from ..document.nodes import Chapter, walk
from ..markdown import Rules
from ..markdown.conditional_blocks import ConditionResult, filter_blocks
from ..markdown.isolated import IsolatedChapter
from ..markdown.link_targets import leads_out, spellings
from ..pack.model import ChapterFile, Pack
from ..select.assemble import AssembledChapter, ChapterRenderer
from ..select.conditions import Conditions, conditions_of, ids, words_in
from ..select.metadata import edition_metadata
from ..select.selection import Selection, select
from ..select.template_names import Needs, needs_of
from .findings import Finding
from .sections import SectionReader

AXES = ("role", "path", "plan")
START = {"start": date(2000, 1, 3)}


@frozen
class Variant:
    """A chapter as some selections get it, or what kept it from being read."""

    chapter: ChapterFile
    read: IsolatedChapter | None
    judged: tuple[ConditionResult, ...]
    problems: tuple[Diagnostic, ...]
    text: str = ""


@dataclass
class SelectionMatrix:
    """All selections of a pack with the chapters that each gets."""

    pack: Pack
    needs: Mapping[str, Needs]
    selections: list[Selection] = field(default_factory=list)
    taken: list[list[Variant]] = field(default_factory=list)
    broken: list[list[Diagnostic]] = field(default_factory=list)

    def variants(self) -> list[Variant]:
        """Return every variant once, in the order of chapters."""
        return list({id(v): v for taken in self.taken for v in taken}.values())

    def findings(self) -> list[Finding]:
        """Return the errors, each with the selections that it concerns."""
        concerned: dict[Diagnostic, list[int]] = {}
        places = _places(self.variants())
        lenient = self.pack.lenient
        chapter_problems = {id(v): _own_problems(v, lenient) for v in self.variants()}
        for number, taken in enumerate(self.taken):
            problems = [
                *self.broken[number],
                *(one for v in taken for one in chapter_problems[id(v)]),
            ]
            for one in _book_problems(taken, places, lenient):
                problems.append(replace(one, severity="warning") if lenient else one)
            if not taken and not self.broken[number]:
                problems.append(_empty(self.pack))
            for one in dict.fromkeys(problems):
                concerned.setdefault(one, []).append(number)
        return [self._finding(one, numbers) for one, numbers in concerned.items()]

    def _finding(self, one: Diagnostic, numbers: Sequence[int]) -> Finding:
        if len(numbers) == len(self.selections):
            return Finding(one)
        names = tuple(name(self.selections[number]) for number in numbers)
        return Finding(
            one, names, describe_selections([self.selections[n] for n in numbers], self.selections)
        )


def name(selection: Selection) -> str:
    """Return a selection in the words of its options: `role=sre plan=30`; `complete` for none."""
    chosen = {axis: _id(selection, axis) for axis in AXES}
    if selection.path_suggested:
        chosen["path"] = ""
    words = [f"{axis}={value}" for axis, value in chosen.items() if value]
    words += ["with fields"] if selection.provided_fields else []
    words += ["with dates"] if selection.schedule else []
    return " ".join(words) or "complete"


def describe_selections(some: Sequence[Selection], all_selections: Sequence[Selection]) -> str:
    """Return some selections in few words: what all of them and no others have in common, or how
    many.
    """
    for axis in AXES:
        values = {_id(selection, axis) for selection in some}
        if len(values) <= 3 and sum(_id(s, axis) in values for s in all_selections) == len(some):
            words = ", ".join(sorted(v or f"no {axis}" for v in values))
            return f"for {axis}={words}" if values != {""} else f"without a {axis}"
    if len(some) == 1:
        return f"for {name(some[0])}"
    return f"for {len(some)} of {len(all_selections)} selections, such as {name(some[0])}"


def every_selection(pack: Pack, day: date) -> Iterator[Selection]:
    """Yield each combination of role, path and plan (or none); then one with fields, and dates."""
    axes = [("", *ids(pack, axis)) for axis in AXES]
    for role, path, plan in product(*axes):
        yield select(pack, role=role, path=path, plan=plan, day=day)
    if pack.fields:
        yield select(pack, day=day, provided_fields=list(pack.fields))
    for plan in axes[2][1:]:
        try:
            yield select(pack, plan=plan, day=day, calendar=START)
        except (HandbookError, KeyError, TypeError):
            # The rules report a plan that cannot be dated.
            continue


def read_every(pack: Pack, day: date, selections: Sequence[Selection] = ()) -> SelectionMatrix:
    """Return every selection (or these), with the chapters it gets."""
    matrix = SelectionMatrix(pack, needs_of(pack))
    reader = _Reader(pack, matrix.needs)
    for selection in selections or every_selection(pack, day):
        taken, broken = reader.take(selection)
        matrix.selections.append(selection)
        matrix.taken.append(taken)
        matrix.broken.append(broken)
    return matrix


class _Reader:
    """Reads chapters for selections, each text once."""

    def __init__(self, pack: Pack, needs: Mapping[str, Needs]) -> None:
        self.pack = pack
        self.asked = {
            chapter.id: _asked(chapter, needs[chapter.id].names) for chapter in pack.chapters
        }
        self._known: dict[tuple[object, ...], Variant | None] = {}
        self._texts: dict[tuple[object, ...], Variant] = {}
        rules = Rules(pack.lenient, folder=pack.folder, coverage=True)
        self._sections = SectionReader(pack.fields, rules)

    def take(self, selection: Selection) -> tuple[list[Variant], list[Diagnostic]]:
        """Return the chapters of a selection, and the errors that keep some from being rendered."""
        renderers: list[ChapterRenderer] = []
        taken: list[Variant] = []
        for chapter in self.pack.chapters:
            key = (chapter.id, *_values(selection, self.asked[chapter.id]))
            if key not in self._known:
                if not renderers:
                    renderers.append(ChapterRenderer(self.pack, selection))
                self._known[key] = self._variant(chapter, renderers[0])
            if variant := self._known[key]:
                taken.append(variant)
        return taken, []

    def _variant(self, chapter: ChapterFile, renderer: ChapterRenderer) -> Variant | None:
        """Return the chapter for this selection; None where it is left out."""
        try:
            if not renderer.is_included(chapter):
                return None
            assembled = renderer.chapter(chapter)
        except HandbookError as problem:
            return Variant(chapter, None, (), problem.diagnostics)
        conditions = conditions_of(self.pack, renderer.selection)
        asked = {w for line in _only_lines(assembled.text) for w in words_in(line)}
        chosen = tuple(conditions.chosen[axis] for axis in sorted(asked))
        key = (chapter.id, assembled.title, assembled.text, chosen)
        if key not in self._texts:
            self._texts[key] = self._read(chapter, assembled, conditions, renderer.selection)
        return self._texts[key]

    def _read(
        self,
        chapter: ChapterFile,
        assembled: AssembledChapter,
        conditions: Conditions,
        selection: Selection,
    ) -> Variant:
        try:
            kept, judged = filter_blocks(assembled, conditions)
            read = self._sections.read(kept, edition_metadata(self.pack, selection))
        except HandbookError as problem:
            return Variant(chapter, None, (), problem.diagnostics)
        return Variant(chapter, read, tuple(judged), read.problems, kept.text)


def _asked(chapter: ChapterFile, needed: frozenset[str]) -> frozenset[str]:
    """Return what of a selection a chapter can depend on."""
    names = set(needed)
    if "edition" in names:
        names |= set(AXES)
    if "personal" in names:
        names.add("provided_fields")
    names |= {word for line in _only_lines(chapter.text) for word in words_in(line)}
    names |= set(words_in(chapter.only or ""))
    return frozenset(names & {*AXES, "provided_fields", "schedule", "edition"})


def _values(selection: Selection, asked: frozenset[str]) -> Iterator[object]:
    for word in (*AXES, "provided_fields", "schedule", "edition"):
        if word not in asked:
            yield None
        elif word == "provided_fields":
            yield selection.provided_fields
        elif word == "edition":
            yield selection.words
        elif word == "schedule":
            yield selection.plan["id"] if selection.schedule and selection.plan else ""
        else:
            yield _id(selection, word)


def _id(selection: Selection, axis: str) -> str:
    row: Mapping[str, object] | None = getattr(selection, axis)
    return str(row["id"]) if row else ""


def _only_lines(text: str) -> Iterable[str]:
    return re.findall(r"^ *:{3,} *(?:only|\{ *\.only)\b.*$", text, re.MULTILINE)


# ---------------------------------------------------------------------- findings


def _own_problems(variant: Variant, lenient: bool) -> list[Diagnostic]:
    """Yield the errors of a chapter that do not depend on other chapters."""
    problems = list(variant.problems)
    if variant.read:
        document = variant.read.document
        undescribed = [] if lenient else undescribed_pictures(document)
        warnings = accessibility_warnings(document)
        problems += [w for w in warnings if lenient or w.code != "alt-text"] + undescribed
        problems += _hollow(variant.read.document.chapters[0])
    return problems


def _hollow(chapter: Chapter) -> Iterator[Diagnostic]:
    """Yield a chapter of which this selection gets the title alone."""
    if chapter.layout == "chapter" and not any(True for _ in walk(chapter.blocks)):
        yield Diagnostic.at(
            chapter.source,
            "the chapter is empty",
            "leave it out with 'only:' or 'when:' in its front matter",
            "empty-chapter",
            "warning",
        )


def _empty(pack: Pack) -> Diagnostic:
    at = pack.config.source
    return Diagnostic.at(
        at,
        "the handbook has no chapter at all",
        "look at the 'only' and 'when' of its chapters",
        "empty-selection",
    )


def _places(variants: Sequence[Variant]) -> Mapping[str, Source]:
    """Return the place of each id, in any selection that has it."""
    return {
        target: variant.read.author_ids.get(target, variant.chapter.source)
        for variant in variants
        if variant.read
        for target in variant.read.link_names
    }


def _book_problems(
    taken: Sequence[Variant], places: Mapping[str, Source], lenient: bool
) -> Iterator[Diagnostic]:
    """Yield the errors of chapters taken together: duplicate ids, broken links."""
    read = [(v, v.read) for v in taken if v.read]
    times_given = Counter(target for _, one in read for target in one.author_ids)
    offers = frozenset[str]().union(*(one.link_names for _, one in read))
    for target in [target for target, count in times_given.items() if count > 1]:
        first, *others = [one.author_ids[target] for _, one in read if target in one.author_ids]
        for source in others:
            yield Diagnostic.at(
                source,
                f"the id {target!r} is given twice",
                f"ids are unique in the whole book; it was first given at {first}",
                "duplicate-id",
            )
    whole = all(v.read for v in taken)
    wanted = any(one.file_links for _, one in read)
    files = {v.chapter.path.resolve(): v.chapter.id for v, _ in read} if wanted else {}
    for _, one in read:
        for target, source in one.links:
            if target not in offers and (whole or target in places):
                yield _dangling(target, source, places)
        for meant, path, place, source in one.file_links if whole else ():
            if files.keys().isdisjoint(meant) and lenient:
                yield Diagnostic.at(source, *leads_out(path), "link-target")
            elif files.keys().isdisjoint(meant):
                yield _no_chapter(path, source, files)
            elif place and offers.isdisjoint(spellings(place)):
                yield _dangling(place, source, places)


def _dangling(target: str, source: Source, places: Mapping[str, Source]) -> Diagnostic:
    if target in places:
        hint = f"these selections leave out {places[target]}; put the link under the same condition"
    else:
        near = nearest(target, places)
        give = "give a heading, table or term that id: {#" + target + "}"
        hint = f"did you mean {near!r}?" if near else give
    return Diagnostic.at(source, f"a link to nowhere: #{target}", hint, "link-target")


def _no_chapter(path: str, source: Source, files: Mapping[Path, str]) -> Diagnostic:
    near = nearest(path, [file.name for file in files])
    return Diagnostic.at(
        source,
        f"a link to a file that is not a chapter of this book: {path!r}",
        f"did you mean {near!r}?" if near else "link to an id: #id",
        "link-target",
    )
