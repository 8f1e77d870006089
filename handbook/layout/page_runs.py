"""Group a chapter's flowables: those of one column or wider, of upright pages or turned ones."""

from __future__ import annotations

from collections.abc import Iterator

from .block.area_opener import Band
from .flow.flowables import (
    FEW_LINES,
    AcrossPaper,
    Flowable,
    PageBreak,
    drawn_height,
    lines_of,
)

# An upright page between landscape ones is at least this full (share), or it is landscape too.
LEAST_UPRIGHT = 0.36
ONLY_UPRIGHT = (PageBreak, Band, AcrossPaper)


def by_width(flowables: list[Flowable], width: float) -> Iterator[tuple[bool, list[Flowable]]]:
    """Yield runs of what fits a column of `width`, and of what is wider, with its heading."""
    wide = [f.right_edge() > width + 0.5 or isinstance(f, PageBreak) for f in flowables]
    for place in range(len(flowables) - 2, -1, -1):
        before = flowables[place]
        if not wide[place + 1] or wide[place]:
            continue
        if before.keep_with_next and (before.level > 1 or not before.height):
            wide[place] = True
        else:
            _mark_head(wide, flowables, place)
    runs: list[tuple[bool, list[Flowable]]] = []
    for flowable, is_wide in zip(flowables, wide, strict=True):
        if not runs or runs[-1][0] != is_wide:
            runs.append((is_wide, []))
        runs[-1][1].append(flowable)
    yield from runs


def _mark_head(marked: list[bool], flowables: list[Flowable], place: int) -> None:
    """Mark a heading and the few lines below it that end at `place`, if there is one this near."""
    lines = 0
    for start in range(place, -1, -1):
        flowable = flowables[start]
        lines += lines_of(flowable)
        if flowable.level:
            marked[start : place + 1] = [True] * (place + 1 - start)
        if flowable.level or lines >= FEW_LINES or isinstance(flowable, PageBreak):
            return


def by_orientation(flowables: list[Flowable], height: float) -> list[tuple[bool, list[Flowable]]]:
    """Return runs of flowables for upright (False) and for landscape pages (True).

    A heading goes with what it announces, and so does what would leave most of an upright page,
    `height` points high, blank.
    """
    landscape = [flowable.landscape for flowable in flowables]
    if not any(landscape):
        return [(False, flowables)]
    for place in range(len(flowables) - 2, -1, -1):
        if landscape[place + 1] and not landscape[place]:
            if flowables[place].keep_with_next:
                landscape[place] = True
            else:
                _mark_head(landscape, flowables, place)
    _turn_short_runs(landscape, flowables, height)
    runs: list[tuple[bool, list[Flowable]]] = []
    for flowable, wide in zip(flowables, landscape, strict=True):
        if not runs or runs[-1][0] != wide:
            runs.append((wide, []))
        runs[-1][1].append(flowable)
    return runs


def _turn_short_runs(landscape: list[bool], flowables: list[Flowable], height: float) -> None:
    """Mark what is next to landscape pages and fills no more than a part of an upright one."""
    start = 0
    while start < len(flowables):
        end = start
        while end < len(flowables) and landscape[end] == landscape[start]:
            end += 1
        upright = flowables[start:end]
        short = not landscape[start] and drawn_height(upright) < height * LEAST_UPRIGHT
        if short and not any(isinstance(flowable, ONLY_UPRIGHT) for flowable in upright):
            landscape[start:end] = [True] * (end - start)
        start = end
