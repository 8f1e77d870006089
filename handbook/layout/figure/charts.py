"""Draw figures from the content's data, each with a text alternative made of the same data.

`::figure kind=bars ...` and its like carry their data as attributes, values separated by `|`.
No colour carries a meaning alone: fillings, outlines and words say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from ...core import plugins
from ...core.diagnostics import HandbookError, Source, error, suggest
from ...core.i18n import ENGLISH, Translations
from ...core.qr import dark_stretches, modules
from ...fonts.face import Face
from ...select.plain_errors import plain_message
from ...theme.theme import Theme
from ..page import Glyphs, Polygon, Segment, moved
from .pen import SIZE, Chart, Pen, scaled

ROW = 20.0
QR = 58.0
# Between two codes, and between a code and its words; these are next to it if they have this much
# room, else below it; from one line to the next (points).
QR_GAP, LEAST_ADDRESS, LINE = 14.0, 90.0, 12.0
# The width of a box in which a score is written.
BLANK = 30.0
# Between two steps of a route and the height of one, next to one another and one below the other.
ACROSS, DOWN = (26.0, 46.0), (20.0, 40.0)


def draw_chart(
    attributes: Mapping[str, str],
    theme: Theme,
    faces: dict[str, Face],
    width: float,
    source: Source,
    words: Translations = ENGLISH,
) -> Chart:
    """Return the chart that a directive's attributes describe, at most `width` points wide.

    Raises:
        HandbookError: For an unknown kind, or values that do not belong together.
    """
    kind = attributes.get("kind", "")
    scale = theme.style("figure").size / SIZE
    pen = Pen(theme, faces, [], words, source)
    try:
        if kind in KINDS:
            return scaled(KINDS[kind](pen, attributes, width / scale), scale)
        return scaled(_plugged(kind, pen, attributes, width / scale), scale)
    except (KeyError, ValueError, IndexError, ArithmeticError) as problem:
        raise error(
            f"the data of a figure ({kind}) do not fit together: {plain_problem(problem)}",
            at=source,
            hint="every list needs as many values, separated by |, as there are labels",
            code="figure",
        ) from None


def plain_problem(problem: Exception) -> str:
    """Return what is wrong with the data of a figure, without words of Python."""
    if isinstance(problem, KeyError):
        return f"{problem} is missing"
    return plain_message(problem).removeprefix("an expression cannot be computed: ")


def _plugged(kind: str, pen: Pen, attributes: Mapping[str, str], width: float) -> Chart:
    """Return the figure that a package draws which offers this kind."""
    place = pen.source
    try:
        offer = plugins.find(plugins.FIGURES, kind)
        if offer is not None:
            drawn = offer
            if not _is_reportlab(offer):
                drawn = plugins.call(plugins.FIGURES, kind, pen, attributes, width)
            return _from_reportlab(drawn, pen, attributes, width) if _is_reportlab(drawn) else drawn
    except HandbookError as problem:
        first = problem.diagnostics[0]
        raise error(first.message, at=place, hint=first.hint, code="plug-in") from None
    raise error(
        f"unknown kind of figure {kind!r}",
        at=place,
        hint=suggest(kind, {*KINDS, *plugins.names(plugins.FIGURES)}),
        code="figure",
    )


def _is_reportlab(drawn: object) -> bool:
    """Return whether a figure is a drawing of `reportlab.graphics`, without importing it."""
    return any(one.__module__ == "reportlab.graphics.shapes" for one in type(drawn).__mro__)


def _from_reportlab(drawn: Any, pen: Pen, attributes: Mapping[str, str], width: float) -> Chart:
    """Return a ReportLab drawing in the theme's faces, no wider than there is room."""
    from .reportlab_drawing import draw_drawing

    alt = attributes.get("alt", "") or str(getattr(drawn, "title", "") or "")
    if not alt:
        raise error(
            "a drawing says nothing to those who do not see it",
            hint='say what it shows: ::figure kind=… alt="…", or the attribute `title` of the '
            "drawing",
        )
    chart = draw_drawing(drawn, alt, pen.theme, pen.faces, pen.source, pen.words.language)
    # What calls this takes lengths to the theme's size of figures; the drawing has its own.
    size = pen.theme.style("figure").size / SIZE
    share = min(1.0, width * size / chart.width)
    words = [item.size * share for item in chart.items if isinstance(item, Glyphs)]
    shrunk = (pen.source, min(words)) if share < 1 and words else None
    return replace(scaled(chart, share / size), shrunk=shrunk)


def _values(attributes: Mapping[str, str], key: str) -> list[str]:
    return [value.strip() for value in attributes[key].split("|")]


def _bars(pen: Pen, attributes: Mapping[str, str], width: float) -> Chart:
    """Return ranges as bars: solid up to the low value, outlined up to the high one."""
    labels = _values(attributes, "labels")
    low = [float(v) for v in _values(attributes, "low")]
    high = [float(v) for v in _values(attributes, "high")]
    marked = _values(attributes, "marked") if attributes.get("marked") else [""] * len(labels)
    unit = attributes.get("unit", "")
    left = max(pen.width(label, "bold") for label in labels) + 12
    right = max(pen.width(f"{pen.number(h)}–{pen.number(h)} {unit}") for h in high) + 12
    scale = (width - left - right) / max(high)
    height = ROW * len(labels)
    spoken: list[str] = []
    for number, label in enumerate(labels):
        y = height - ROW * (number + 1) + 4
        mark = marked[number]
        pen.write(0, y + 3.4, label, "bold" if mark else "regular")
        pen.box(left, y, low[number] * scale, 11, fill="accent-dark")
        extra = (high[number] - low[number]) * scale
        pen.box(left + low[number] * scale, y, extra, 11, fill="wash", stroke="accent-dark")
        words = f"{_span(pen, low[number], high[number])} {unit}".strip()
        pen.write(left + high[number] * scale + 7, y + 3.4, words, "bold" if mark else "regular")
        first = pen.words.comma + mark if mark else ""
        described = f"{label} {words}"
        if low[number] != high[number]:
            described = pen.words.gettext(
                "{label} {low} to {high} {unit}",
                label=label,
                low=pen.number(low[number]),
                high=pen.number(high[number]),
                unit=unit,
            ).rstrip()
        spoken.append(f"{described}{first}".replace("  ", " "))
    alt = pen.words.gettext("Bar chart. {bars}.", bars="; ".join(spoken))
    return Chart(width, height, tuple(pen.items), alt)


def _span(pen: Pen, low: float, high: float) -> str:
    """Return a range in figures; a single one where both ends are the same."""
    return pen.number(low) if low == high else f"{pen.number(low)}–{pen.number(high)}"


def _matrix(pen: Pen, attributes: Mapping[str, str], width: float) -> Chart:
    """Return rows by columns: a filled square for 1, a hollow one for r (retired), its size by
    value.
    """
    rows, columns = _values(attributes, "rows"), _values(attributes, "columns")
    names = _values(attributes, "spoken") if attributes.get("spoken") else columns
    unit = attributes.get("unit", "")
    cells = [line.split(",") for line in _values(attributes, "cells")]
    marked = attributes.get("marked", "")
    left = max(pen.width(row, "bold") for row in rows) + 14
    step = min(72.0, (width - left) / len(columns))
    numbers = [float(v) for line in cells for v in line if v.strip() not in ("", "r")]
    top = max([*numbers, 1.0])
    height = ROW * len(rows) + 18
    spoken: list[str] = []
    tight = any(pen.width(column, "bold") > step - 4 for column in columns)
    for number, column in enumerate(columns):
        # Where there is no room for "D12", the number says enough.
        short = "".join(c for c in column if c.isdecimal()) if tight else ""
        x = left + step * (number + 0.5)
        pen.write(x, height - 11, short or column, "bold", align="center")
    for number, row in enumerate(rows):
        y = height - 18 - ROW * (number + 1)
        pen.items.append(
            Segment(0, y + ROW, left + step * len(columns), y + ROW, pen.color("hairline"), 0.5)
        )
        is_marked = row == marked
        pen.write(0, y + 6.5, row, "bold" if is_marked else "regular")
        held: list[str] = []
        for place in range(len(columns)):
            value = cells[number][place].strip()
            if value in ("", "0"):
                continue
            _cell(pen, left + step * (place + 0.5), y + ROW / 2, value, top, step)
            held.append(_held(pen, names[place], value, unit if top > 1 else None))
        cells_of = pen.words.chain(held, "{before} and {after}") or pen.words.gettext(
            "none of them"
        )
        spoken.append(pen.words.gettext("{row} has {cells}", row=row, cells=cells_of))
    alt = pen.words.gettext("Matrix. {rows}.", rows="; ".join(spoken))
    return Chart(width, height, tuple(pen.items), alt)


def _held(pen: Pen, column: str, value: str, unit: str | None) -> str:
    """Return a matrix's cell in words; with a `unit`, how much of it."""
    if value == "r":
        return pen.words.gettext("{column}, retired", column=column)
    if unit is None:
        return column
    amount = f"{pen.number(float(value))} {unit}".strip()
    return pen.words.gettext("{amount} on {column}", amount=amount, column=column)


def _cell(pen: Pen, x: float, y: float, value: str, top: float, step: float) -> None:
    if value == "r":
        pen.box(x - 4.5, y - 4.5, 9, 9, stroke="red", radius=1.2)
        points = ((x - 4.5, y - 4.5), (x + 4.5, y + 4.5))
        pen.items.append(Polygon(points, None, pen.color("red"), 0.9, closed=False))
        return
    share = float(value) / top
    if top <= 1:
        pen.box(x - 4.5, y - 4.5, 9, 9, fill="accent-dark", radius=1.2)
    else:
        width = (step - 8) * share
        pen.box(x - step / 2 + 4, y - 5, width, 10, fill="accent-dark", radius=1.2)


def _calendar(pen: Pen, attributes: Mapping[str, str], width: float) -> Chart:
    """Return weeks as rows, days as columns: study days in boxes, days off struck, the exam in a
    ring.  `scores` names what is measured in a week: it has a box to write in.
    """
    weeks = [date.fromisoformat(value) for value in _values(attributes, "weeks")]
    sessions: dict[date, int] = {}
    for value in _values(attributes, "sessions"):
        day_text, _, minutes = value.partition("=")
        when = date.fromisoformat(day_text)
        sessions[when] = sessions.get(when, 0) + int(minutes)
    off = {date.fromisoformat(value) for value in _values(attributes, "off") if value}
    exam = date.fromisoformat(attributes["exam"]) if attributes.get("exam") else None
    start = date.fromisoformat(attributes["start"])
    left = max(pen.width(pen.words.short_day(week), "bold") for week in weeks) + 16
    scores = _values(attributes, "scores") if attributes.get("scores") else []
    blanks = dict(value.partition("=")[::2] for value in scores if value)
    right = max(map(pen.width, blanks.values())) + BLANK + 12 if blanks else 0.0
    step = min(62.0, (width - left - right) / 7)
    height = ROW * len(weeks) + 18
    for number, name in enumerate(pen.words.days):
        pen.write(left + step * (number + 0.5), height - 11, name, "bold", align="center")
    spoken: list[str] = []
    for row, week in enumerate(weeks):
        y = height - 18 - ROW * (row + 1)
        edge = left + step * 7
        pen.items.append(Segment(0, y + ROW, edge, y + ROW, pen.color("hairline"), 0.5))
        pen.write(0, y + 6.5, pen.words.short_day(week), "bold")
        described: list[str] = []
        for number in range(7):
            day = week + timedelta(days=number)
            x = left + step * (number + 0.5)
            described += _calendar_day(pen, day, (x, y, step), start, sessions, off, exam)
        if words := blanks.get(week.isoformat(), ""):
            _blank(pen, edge + 8, y, words)
            described.append(pen.words.gettext("{words}: score to fill in", words=words))
        of_week = pen.words.comma.join(described) or pen.words.gettext("nothing")
        first = pen.words.short_day(week)
        spoken.append(pen.words.gettext("Week of {day}: {sessions}", day=first, sessions=of_week))
    alt = pen.words.gettext("Calendar. {weeks}.", weeks="; ".join(spoken))
    return Chart(width, height, tuple(pen.items), alt)


def _blank(pen: Pen, x: float, y: float, words: str) -> None:
    """Draw words and a box in which a score is written."""
    pen.write(x, y + 6.5, words)
    pen.box(x + pen.width(words) + 4, y + 2.5, BLANK, ROW - 5, stroke="soft", radius=2)


def _calendar_day(
    pen: Pen,
    day: date,
    place: tuple[float, float, float],
    start: date,
    sessions: Mapping[date, int],
    off: set[date],
    exam: date | None,
) -> list[str]:
    """Return one day of a calendar, and what it says."""
    x, y, step = place
    words = str(day.day)
    name = f"{pen.words.days[day.weekday()]} {day.day}"
    wide = min(step - 6, 40.0)
    if day == exam:
        pen.box(x - wide / 2, y + 2.5, wide, ROW - 5, stroke="red", radius=7, line=1.6)
        pen.write(x, y + 6.5, words, "bold", "red", "center")
        return [pen.words.gettext("exam on {day}", day=name)]
    if day in sessions:
        pen.box(x - wide / 2, y + 2.5, wide, ROW - 5, fill="accent-dark", radius=2)
        pen.write(x, y + 6.5, words, "bold", "paper", "center")
        described = pen.words.ngettext(
            "{number} minute on {day}", "{number} minutes on {day}", sessions[day], day=name
        )
        return [described]
    if day < start:
        return []
    pen.write(x, y + 6.5, words, "regular", "soft", "center")
    if day in off:
        half = pen.width(words) / 2 + 2.5
        pen.items.append(Segment(x - half, y + 9.4, x + half, y + 9.4, pen.color("soft"), 0.8))
        return [pen.words.gettext("off on {day}", day=name)]
    return []


def _route(pen: Pen, attributes: Mapping[str, str], width: float) -> Chart:
    """Return steps with arrows, across or, if too narrow, down; closed ones are struck through."""
    steps = _values(attributes, "steps")
    notes = _values(attributes, "notes")
    closed = _values(attributes, "closed") if attributes.get("closed") else [""] * len(steps)
    gap, tall = ACROSS
    needed = max(max(pen.width(s, "bold"), pen.width(n)) for s, n in zip(steps, notes, strict=True))
    wide = min(150.0, (width - gap * (len(steps) - 1)) / len(steps))
    down = wide < needed + 12
    if down:
        wide, (gap, tall) = min(width, 220.0), DOWN
    height = len(steps) * tall + (len(steps) - 1) * gap if down else tall
    spoken: list[str] = []
    for number, step in enumerate(steps):
        x = 0.0 if down else number * (wide + gap)
        y = height - tall - number * (tall + gap) if down else 0.0
        _step(pen, x, y, wide, tall, step, notes[number], bool(closed[number]))
        if number + 1 < len(steps):
            if down:
                _arrow(pen, (wide / 2, y - 4), (wide / 2, y - gap + 4))
            else:
                _arrow(pen, (x + wide + 4, tall / 2), (x + wide + gap - 4, tall / 2))
        state = f" ({closed[number]})" if closed[number] else ""
        spoken.append(f"{step}{state}: {notes[number]}")
    described = pen.words.chain(spoken, "{before}, then {after}")
    alt = pen.words.gettext("Route. First {steps}.", steps=described)
    return Chart(width, height, tuple(pen.items), alt)


def _step(
    pen: Pen, x: float, y: float, wide: float, tall: float, step: str, note: str, shut: bool
) -> None:
    fill, items = ("paper", "red") if shut else ("wash", "accent-dark")
    middle = x + wide / 2
    pen.box(x, y, wide, tall, fill=fill, stroke=items, radius=4)
    level = y + (tall - 24) / 2
    pen.write(middle, level + 16, step, "bold", items, "center")
    pen.write(middle, level, note, "regular", "ink", "center")
    if shut:
        half, middle_of_words = pen.width(step, "bold") / 2 + 3, level + 19
        ends = (middle - half, middle_of_words, middle + half, middle_of_words)
        line = Segment(*ends, pen.color("red"), 1.0)
        pen.items.append(line)


def _arrow(pen: Pen, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw an arrow to the right or downwards."""
    color = pen.color("accent-dark")
    (x, y), (right, low) = start, end
    if right > x:
        head = ((right - 6, low - 3.5), (right, low), (right - 6, low + 3.5))
        pen.items.append(Segment(x, y, right - 5, low, color, 1.2))
    else:
        head = ((right - 3.5, low + 6), (right, low), (right + 3.5, low + 6))
        pen.items.append(Segment(x, y, right, low + 5, color, 1.2))
    pen.items.append(Polygon(head, color))


def _qr(pen: Pen, attributes: Mapping[str, str], width: float) -> Chart:
    """Draw addresses as QR codes, each with the address to type next to it or below."""
    urls, labels = _values(attributes, "urls"), _values(attributes, "labels")
    beside = width - QR - QR_GAP >= LEAST_ADDRESS
    x, room = (QR + QR_GAP, width - QR - QR_GAP) if beside else (0.0, width)
    rows: list[str] = []
    y = 0.0
    for url, label in zip(urls, labels, strict=True):
        _code(pen, url, y - QR)
        shown = url.removeprefix("https://").rstrip("/")
        lines = _folded(pen, shown, room)
        top = y - QR / 2 + 4 + 6 * (len(lines) - 1) if beside else y - QR - LINE
        pen.write(x, top, label, "bold")
        for number, words in enumerate(lines, 1):
            pen.write(x, top - number * LINE, words, color="soft")
        rows.append(f"{label}, {shown}")
        y -= QR + QR_GAP + (0.0 if beside else (len(lines) + 1) * LINE + LINE / 3)
    height = -y - QR_GAP
    alt = pen.words.gettext("QR codes: {codes}.", codes="; ".join(rows))
    items = tuple(moved(item, 0.0, height) for item in pen.items)
    return Chart(width, height, items, alt, fixed=True)


def _code(pen: Pen, url: str, bottom: float) -> None:
    """Draw a QR code at the left edge."""
    rows = modules(url)
    size = QR / len(rows)
    for line, row in enumerate(rows):
        for start, length in dark_stretches(row):
            top = bottom + QR - (line + 1) * size
            pen.box(start * size, top, length * size, size, fill="ink")


def _folded(pen: Pen, address: str, width: float) -> list[str]:
    """Return an address in lines that fit, cut behind its slashes."""
    lines = [""]
    for part in address.replace("/", "/\0").split("\0"):
        if lines[-1] and pen.width(lines[-1] + part) > width:
            lines.append("")
        lines[-1] += part
    return lines


__all__ = ["KINDS", "SIZE", "Chart", "Pen", "draw_chart", "scaled"]

KINDS: dict[str, Callable[[Pen, Mapping[str, str], float], Chart]] = {
    "bars": _bars,
    "matrix": _matrix,
    "route": _route,
    "calendar": _calendar,
    "qr": _qr,
}
