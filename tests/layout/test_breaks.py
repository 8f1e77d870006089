"""Pages end where it costs least: code and boxes stay whole, headings keep text, last pages fill."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest

from handbook.layout.flow.costs import LEAST_LAST
from handbook.layout.flow.flowables import (
    INSIDE_PARAGRAPH,
    Flowable,
    Gap,
    PageBreak,
    keep_whole,
)
from handbook.layout.flow.paginate import PageContent, Paginator

HEIGHT = 700.0
LINE = 14.0


def lines(count: int, after: float = 0.0) -> list[Flowable]:
    """This many lines, the last with white below it."""
    made = [Flowable(LINE) for _ in range(count)]
    if made:
        made[-1].after = after
    return made


def heading(before: float = 20.0) -> Flowable:
    made = Flowable(18.0)
    made.before, made.after = before, 6.0
    made.keep_with_next, made.level = True, 2
    return made


def pages(flowables: list[Flowable], drop: float = 0.0) -> list[PageContent]:
    return Paginator(HEIGHT, 7.0, drop, {}).build(flowables)


def order(sheets: list[PageContent]) -> list[int]:
    return [id(placed.flowable) for sheet in sheets for placed in sheet.placed]


def chapter() -> Iterator[Flowable]:
    for section in range(14):
        yield heading()
        for paragraph in range(2 + section % 4):
            yield from lines(3 + (section * paragraph) % 5, after=7.0)


def test_nothing_is_lost_and_nothing_moves() -> None:
    flowables = list(chapter())
    sheets = pages(flowables)
    assert order(sheets) == [id(flowable) for flowable in flowables]
    assert all(sheet.used <= HEIGHT + 0.1 for sheet in sheets)


@pytest.mark.parametrize("above", range(30, 50))
def test_what_should_stay_whole_does(above: int) -> None:
    code = lines(18)
    keep_whole(code)
    sheets = pages([*lines(above), *code, *lines(20)])
    inside = [{id(f) for f in code} & {id(p.flowable) for p in s.placed} for s in sheets]
    assert sorted(map(len, filter(None, inside))) == [18]


@pytest.mark.parametrize("above", range(40, 50))
def test_a_heading_keeps_three_lines(above: int) -> None:
    flowables = [*lines(above, after=7.0), heading(), *lines(30)]
    for sheet in pages(flowables):
        places = [n for n, placed in enumerate(sheet.placed) if placed.flowable.level]
        assert all(len(sheet.placed) - place > 3 for place in places)


@pytest.mark.parametrize("above", range(40, 50))
def test_white_below_a_heading_is_none_of_its_lines(above: int) -> None:
    tall = Gap(40.0)
    flowables = [*lines(above, after=7.0), heading(), *lines(1), tall, *lines(30)]
    flowables[above + 1].keep_with_next = True
    for sheet in pages(flowables):
        below = [placed.flowable for placed in sheet.placed]
        for place, flowable in enumerate(below):
            text = [f for f in below[place + 1 :] if f is not tall]
            assert not flowable.level or len(text) >= 3


@pytest.mark.parametrize("above", range(38, 48))
def test_a_section_of_two_lines_does_not_leave_those_below_it(above: int) -> None:
    """The last heading on a page has three lines, or the next one is none of its own."""
    inner = heading()
    inner.level = 3
    flowables = [*lines(above, after=7.0), heading(), *lines(2, after=7.0), inner, *lines(30)]
    first = order(pages(flowables)[:1])
    assert (id(flowables[above]) in first) == (id(inner) in first)


@pytest.mark.parametrize("starts_right", [True, False])
def test_facing_pages_end_alike(starts_right: bool) -> None:
    """Where blocks that stay whole leave white on a page, the one that faces it has as much."""
    flowables: list[Flowable] = []
    for number in range(60):
        block = lines(3 + 7 * number % 11, after=7.0)
        keep_whole(block)
        flowables += block

    def apart(sides: bool | None) -> float:
        sheets = Paginator(HEIGHT, 7.0, 0.0, {}, sides).build(flowables)
        feet = [sheet.used for sheet in sheets[:-1]]
        lefts = feet[int(starts_right) :: 2]
        rights = feet[int(starts_right) + 1 :: 2]
        return sum(abs(left - right) for left, right in zip(lefts, rights, strict=False))

    assert apart(starts_right) < 0.5 * apart(None)


@pytest.mark.parametrize("above", range(40, 50))
def test_a_section_does_not_end_in_a_line_or_two_on_the_next_page(above: int) -> None:
    section = [*lines(above - 4, after=7.0), *lines(4, after=7.0), *lines(2, after=7.0)]
    section[-1].keep_with_next = False
    section[-2].keep_with_next = True
    after = heading()
    for sheet in pages([*section, after, *lines(60)])[1:]:
        tops = [placed.offset for placed in sheet.placed if placed.flowable is after]
        assert not tops or not 0 < tops[0] < 4 * LINE


@pytest.mark.parametrize("above", range(46, 54))
def test_a_line_is_not_alone_at_the_head_of_a_page_and_above_a_heading(above: int) -> None:
    """A checkbox stays with what it is about."""
    after = heading()
    for sheet in pages([*lines(above, after=7.0), *lines(1, after=7.0), after, *lines(70)])[1:]:
        tops = [placed.offset for placed in sheet.placed if placed.flowable is after]
        assert not tops or not 0 < tops[0] < 2.5 * LINE


@pytest.mark.parametrize("count", range(49, 70))
def test_a_last_page_is_not_a_few_lines(count: int) -> None:
    sheets = pages(lines(count))
    if len(sheets) > 1:
        assert sheets[-1].used >= HEIGHT * LEAST_LAST - 2 * LINE


def test_only_the_space_above_headings_is_drawn_out_and_alike() -> None:
    flowables = [f for _ in range(12) for f in (heading(), *lines(6, after=7.0))]
    for sheet in pages(flowables)[:-1]:
        tops = [(placed.offset, placed.flowable) for placed in sheet.placed]
        above, below = set(), set()
        for (y, flowable), (following, other) in pairwise(tops):
            white = round(following - y - flowable.height, 2)
            (above if other.level else below).add(white)
        assert len(above) == 1
        assert below == {0.0, 6.0}


def test_a_chapter_begins_a_page_if_too_little_is_left() -> None:
    for count, page in ((20, 0), (40, 1)):
        opener = heading()
        opener.opens = 0.35
        sheets = pages([*lines(count, after=7.0), opener, *lines(12)])
        at = next(n for n, s in enumerate(sheets) if any(p.flowable is opener for p in s.placed))
        assert at == page


@pytest.mark.parametrize("above", range(40, 50))
def test_a_chapter_does_not_end_in_a_line_or_two_above_the_next_title(above: int) -> None:
    chapter = [*lines(above - 4, after=7.0), *lines(4, after=7.0), *lines(2, after=7.0)]
    chapter[-2].keep_with_next = True
    opener = heading(30.0)
    opener.level, opener.opens = 1, 0.33
    for sheet in pages([*chapter, opener, *lines(60)])[1:]:
        tops = [placed.offset for placed in sheet.placed if placed.flowable is opener]
        assert not tops or not 0 < tops[0] < 4 * LINE


def test_a_chapter_runs_in_although_its_first_block_fits_no_rest_of_a_page() -> None:
    opener = heading(30.0)
    opener.level, opener.opens = 1, 0.33
    table = lines(22, after=7.0)
    keep_whole(table)
    sheets = pages([*lines(22, after=7.0), opener, *lines(5, after=7.0), *table, *lines(20)])
    assert any(placed.flowable is opener for placed in sheets[0].placed)


def test_page_breaks_are_obeyed_and_draw_nothing() -> None:
    first, second = lines(3), lines(4)
    sheets = pages([*first, PageBreak(0.0), PageBreak(0.0), *second])
    assert [len(sheet.placed) for sheet in sheets] == [3, 4]


def test_what_fits_no_page_is_placed_as_it_is() -> None:
    tall = Flowable(HEIGHT * 1.5)
    sheets = pages([*lines(3), tall, *lines(3)])
    assert [id(tall) in order([sheet]) for sheet in sheets] == [False, True, False]


@pytest.mark.parametrize("above", range(30, 46))
def test_no_page_ends_early_inside_a_paragraph_that_has_room(above: int) -> None:
    """Two pages that are a third blank are not better than a full one and a shorter one."""
    figure = Flowable(HEIGHT * 0.95)
    text = long_paragraph(above + 35)
    sheets = pages([*text, figure, *lines(3)])
    for sheet, following in pairwise(sheets):
        last, first = sheet.placed[-1].flowable, following.placed[0].flowable
        if last in text and first in text:
            assert sheet.used > HEIGHT * 0.85


def long_paragraph(count: int) -> list[Flowable]:
    """A paragraph of this many lines, which may end a page after any of them."""
    made = lines(count, after=7.0)
    for line in made[:-1]:
        line.break_cost = INSIDE_PARAGRAPH
    return made
