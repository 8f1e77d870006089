"""Draw messages between parties, and the branches of a Git history."""

from __future__ import annotations

from collections.abc import Sequence

from ....core.units import Color
from ...page import Box, Path, Segment
from ..pen import Chart, Pen
from .history import Commit, draw_history
from .plot import (
    LEADING,
    LINE,
    Plot,
    Point,
    arrow_head,
    clear,
    fill_box,
    height_of,
    ink_on,
    shades,
    trace,
    widest_word,
    wrapped,
    write_lines,
)

# The widest column of a sequence; the padding of its boxes; white between two messages.
WIDEST, PAD, GAP = 170.0, 5.0, 9.0
# Words on an arrow have this many lines, or are wider than it.
MOST_LINES = 3


def draw_sequence(plot: Plot) -> Chart:
    """Draw a line down for each party, and arrows between them, from top to bottom."""
    pen = plot.pen
    senders, receivers, texts = plot.words("from"), plot.words("to"), plot.words("text")
    dashed = [words not in ("", "false", "no") for words in plot.words("dash")]
    names = list(
        dict.fromkeys(n for pair in zip(senders, receivers, strict=True) for n in pair if n)
    )
    step = min(plot.width / len(names), WIDEST)
    middles = {name: step * (number + 0.5) for number, name in enumerate(names)}
    heads = [wrapped(pen, name, step - 2 * PAD - 8, "bold") for name in names]
    head = max(map(height_of, heads)) + 2 * PAD
    # Drawn from 0 downwards, then moved up.
    y = -head - GAP
    rows: list[tuple[float, float]] = []
    for sender, receiver, text in zip(senders, receivers, texts, strict=True):
        height = _message_height(plot, middles, sender, receiver, text, step)
        rows.append((y, height))
        y -= height + GAP
    for name, lines in zip(names, heads, strict=True):
        x = middles[name]
        pen.items.append(Segment(x, -head, x, y, pen.color("soft"), 0.7, 3))
        wide = step - 8
        strong = plot.is_highlighted(name)
        fill = pen.color("accent-dark" if strong else "wash")
        fill_box(pen, x - wide / 2, -head, wide, head, fill, "accent-dark", 3, 0.8)
        write_lines(
            pen,
            x,
            -head / 2 + height_of(lines) / 2,
            lines,
            "bold",
            ink_on(pen, fill),
            align="center",
        )
    for number, (top, height) in enumerate(rows):
        place = (middles[senders[number]], middles.get(receivers[number]), step)
        _message(plot, place, texts[number], dashed[number], (top, height))
    from ...page import moved

    pen.items[:] = [moved(item, 0, -y) for item in pen.items]
    width = step * len(names)
    return Chart(width, -y, tuple(pen.items), "")


def _note_width(step: float, place: float, width: float) -> float:
    """Return the width of a note on a line: it may reach over the neighbours' columns a little."""
    return min(step * 1.5, 2 * min(place, width - place)) - 8


def _message_height(
    plot: Plot, middles: dict[str, float], sender: str, receiver: str, text: str, step: float
) -> float:
    if not receiver:
        wide = _note_width(step, middles[sender], step * len(middles))
        return height_of(wrapped(plot.pen, text, wide - 8)) + 8
    room = _room(plot.pen, text, (middles[sender], middles[receiver], step), len(middles))
    lines = wrapped(plot.pen, text, room)
    return height_of(lines) + (10 if sender == receiver else 4)


def _room(pen: Pen, text: str, place: tuple[float, float, float], count: int) -> float:
    """Return how wide words on an arrow are: as it is long, or more if they would be a tower."""
    start, end, step = place
    room = max(abs(end - start), step if start == end else 0) - 14
    if room < widest_word(pen, [text]) or len(wrapped(pen, text, room)) > MOST_LINES:
        room = min(max(room, 2 * step), step * count - (step / 2 + 12 if start == end else 0)) - 8
    return room


def _message(
    plot: Plot,
    place: tuple[float, float | None, float],
    text: str,
    dashed: bool,
    row: tuple[float, float],
) -> None:
    pen = plot.pen
    start, end, step = place
    top, height = row
    strong = plot.is_highlighted(text)
    face = "bold" if strong else "regular"
    count = round(max(item.x1 for item in pen.items if isinstance(item, Segment)) / step + 0.5)
    if end is None:
        wide = _note_width(step, start, step * count)
        lines = wrapped(pen, text, wide - 8, face)
        wide = max(pen.width(line, face) for line in lines) + 12
        fill = pen.color("accent-dark" if strong else "wash-warm")
        fill_box(pen, start - wide / 2, top - height, wide, height, fill, "warm", 2, 0.7)
        write_lines(pen, start, top - 4, lines, face, ink_on(pen, fill), "center")
        return
    lines = wrapped(pen, text, _room(pen, text, (start, end, step), count), face)
    wide = max(pen.width(line, face) for line in lines)
    color = pen.color("accent-dark")
    dash = (4.0, 2.5) if dashed else ()
    if end == start:
        clear(pen, start + 12 + wide / 2, top, lines, wide)
        write_lines(pen, start + 12, top, lines, face)
        low = top - height
        loop = [(start, top - 3), (start + 8, top - 3), (start + 8, low), (start + 4, low)]
        trace(pen, loop, color, 1.0, dash)
        arrow_head(pen, (start, low), (start + 8, low))
        return
    middle = min(max((start + end) / 2, wide / 2 + 2), step * count - wide / 2 - 2)
    clear(pen, middle, top, lines, wide)
    write_lines(pen, middle, top, lines, face, align="center")
    y = top - height
    back = 4.0 if end > start else -4.0
    trace(pen, [(start, y), (end - back, y)], color, 1.0, dash)
    arrow_head(pen, (end, y), (start, y))


# ------------------------------------------------------------------------- git

# Half a commit; from lane to lane; the least and the most from commit to commit.
DISC, LANE, LEAST, MOST = 7.2, 23.0, 18.0, 44.0
# Two histories have equal widths if each has this much; what is between them.
ABREAST, APART = 215.0, 18.0
# The white below a history, and in a close chart.
BELOW = (14.0, 8.0)


def draw_git(plot: Plot) -> Chart:
    """Draw histories: a lane for each branch, a disc for each commit, in the order of the rows.

    The first commit of a branch follows the last one of the branch that `from` names, and so does
    the next one after the branch was merged; in others, `from` is what is merged.  With `row`, each
    has a history of its own.  With `size`, commits are as large as this, and without words.
    """
    pen = plot.pen
    if plot.channel("size"):
        everything = range(len(plot.words("branch")))
        height = draw_history(plot, _history(plot, everything), plot.numbers("size"))
        return plot.chart(height, fixed=True)
    groups: dict[str, list[int]] = {}
    for row, name in enumerate(plot.words("row")):
        groups.setdefault(name, []).append(row)
    histories = [(name, _history(plot, rows)) for name, rows in groups.items()]
    widths = _abreast(plot, [_least_width(plot, commits) for _, commits in histories])
    across = len(widths)
    colors = _branch_colors(plot)
    rows = [histories[at : at + across] for at in range(0, len(histories), across)]
    heights = [
        max(_git_height(plot, *one, wide) for one, wide in zip(row, widths, strict=False))
        for row in rows
    ]
    below = BELOW[plot.close]
    top = sum(heights) + below * (len(rows) - 1)
    total = top
    for row_of, height in zip(rows, heights, strict=True):
        for number, (name, commits) in enumerate(row_of):
            left = number * (widths[0] + APART)
            _git(plot, name, commits, (left, top, widths[number]), colors)
        top -= height + below
    assert pen.items
    return plot.chart(total, fixed=True)


def _abreast(plot: Plot, least: Sequence[float]) -> list[float]:
    """Return the widths of histories next to each other: two that have room, else one."""
    half = (plot.width - APART) / 2
    left, right = max(least[::2]), max(least[1::2], default=0.0)
    if len(least) == 1 or left + right > 2 * half:
        return [plot.width]
    if half >= ABREAST or max(left, right) <= half:
        return [half, half]
    spare = 2 * half - left - right
    return [left + spare / 2, right + spare / 2]


def _least_width(plot: Plot, commits: Sequence[Commit]) -> float:
    """Return the width that a history needs at least."""
    label = max(map(plot.pen.width, _lanes(commits))) + 12
    return label + 2 * DISC + LEAST * (len(commits) - 1) + _tail(plot, commits)


def _tail(plot: Plot, commits: Sequence[Commit]) -> float:
    """Return how far the tag of the last commit reaches beyond it."""
    tag = commits[-1].tag
    return max(0.0, plot.pen.width(tag) / 2 + 4 - DISC) if tag else 0.0


def _history(plot: Plot, rows: Sequence[int]) -> list[Commit]:
    branches, sources = plot.words("branch"), plot.words("from")
    texts, tags = plot.words("text"), plot.words("tag")
    last: dict[str, int] = {}
    merged: set[str] = set()
    commits: list[Commit] = []
    for column, row in enumerate(rows):
        branch, source = branches[row], sources[row]
        if source and source not in last:
            raise ValueError(f"the branch {source!r} has no commit before row {row + 1}")
        starts = branch not in last or (bool(source) and branch in merged)
        parents = [last[name] for name in ((source,) if starts else (branch, source)) if name]
        if source and not starts:
            merged.add(source)
        merged.discard(branch)
        commits.append(Commit(branch, texts[row], tags[row], column, tuple(parents)))
        last[branch] = column
    return commits


def _branch_colors(plot: Plot) -> dict[str, Color]:
    branch = plot.channel("branch")
    names = list(dict.fromkeys([*(branch.order if branch else ()), *plot.words("branch")]))
    if plot.highlights:
        strong, soft = plot.pen.color("accent-dark"), plot.pen.color("soft")
        return {name: strong if plot.is_highlighted(name) else soft for name in names}
    return dict(zip(names, shades(plot.pen, max(3, len(names)), LINE), strict=False))


def _lanes(commits: Sequence[Commit]) -> list[str]:
    return list(dict.fromkeys(commit.branch for commit in commits))


def _git_height(plot: Plot, name: str, commits: Sequence[Commit], wide: float) -> float:
    title = height_of(wrapped(plot.pen, name, wide, "bold")) + 5 if name else 0.0
    lanes = _lanes(commits)
    tags = sum(
        LEADING + 4.0
        for lane in (lanes[0], lanes[-1])
        if any(commit.tag and commit.branch == lane for commit in commits)
    )
    below = LEADING if _long(commits) else 0.0
    return title + tags + len(_lanes(commits)) * (LANE + below)


def _long(commits: Sequence[Commit]) -> bool:
    """Return whether a commit has more words than its disc has room for."""
    return any(len(commit.text) > 2 for commit in commits)


def _git(
    plot: Plot,
    name: str,
    commits: Sequence[Commit],
    place: tuple[float, float, float],
    colors: dict[str, Color],
) -> None:
    pen = plot.pen
    left, top, wide = place
    if name:
        lines = wrapped(pen, name, wide, "bold")
        write_lines(pen, left, top, lines, "bold")
        top -= height_of(lines) + 5
    lanes = _lanes(commits)
    if any(commit.tag and commit.branch == lanes[0] for commit in commits):
        top -= LEADING + 4
    lane = LANE + (LEADING if _long(commits) else 0.0)
    label = max(pen.width(one) for one in lanes) + 12
    step = max(
        LEAST,
        min(MOST, (wide - label - 2 * DISC - _tail(plot, commits)) / max(1, len(commits) - 1)),
    )
    places = [
        (left + label + DISC + step * c.column, top - LANE / 2 - lane * lanes.index(c.branch))
        for c in commits
    ]
    for number, one in enumerate(lanes):
        pen.write(left, top - LANE / 2 - lane * number - 3.1, one)
    for commit, here in zip(commits, places, strict=True):
        for parent in commit.parents:
            # A line to a merge has the colour of what is merged.
            merges = len(commit.parents) > 1
            owner = commits[parent] if merges else commit
            _edge(plot, places[parent], here, colors[owner.branch])
    for commit, here in zip(commits, places, strict=True):
        _commit(plot, commit, here, colors[commit.branch], (step, commit.branch == lanes[0]))


def _edge(plot: Plot, start: Point, end: Point, color: Color) -> None:
    """Draw the line from a commit to the next; to another lane it bends."""
    (x, y), (right, low) = start, end
    if y == low:
        trace(plot.pen, [start, end], color, 1.8)
        return
    bend = min(14.0, (right - x) / 2)
    # A branch leaves its commit at once; a merge comes down to its commit at the end.
    segments: tuple[tuple[float, ...], ...] = (
        ((0, x, y), (2, x + bend * 0.5, y, x + bend * 0.5, low, x + bend, low), (1, right, low))
        if low < y
        else (
            (0, x, y),
            (1, right - bend, y),
            (2, right - bend * 0.5, y, right - bend * 0.5, low, right, low),
        )
    )
    plot.pen.items.append(Path(segments, None, color, 1.8))


def _commit(
    plot: Plot, commit: Commit, here: Point, color: Color, room: tuple[float, bool]
) -> None:
    """Draw a commit; its tag is above it in the first lane, below it in others."""
    pen = plot.pen
    step, first = room
    x, y = here
    merge = len(commit.parents) > 1
    fill = pen.color("paper") if merge else color
    pen.items.append(
        Box(x - DISC, y - DISC, 2 * DISC, 2 * DISC, fill, color, 1.8 if merge else 0.8, DISC)
    )
    if len(commit.text) <= 2:
        pen.write(x, y - 3.1, commit.text, "bold", ink_on(pen, fill), "center")
    else:
        lines = wrapped(pen, commit.text, max(step - 4, 30))[:2]
        write_lines(pen, x, y - DISC - 2, lines, align="center")
    if commit.tag:
        width = pen.width(commit.tag) + 8
        base = y + DISC + 3 if first else y - DISC - 4 - LEADING
        pen.items.append(
            Box(
                x - width / 2,
                base,
                width,
                LEADING + 1,
                pen.color("wash-warm"),
                pen.color("warm"),
                0.6,
                2,
            )
        )
        pen.write(x, base + 3, commit.tag, align="center")
