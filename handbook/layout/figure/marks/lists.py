"""Draw the marks that `::figure kind=…` has too, from the channels of a chart."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ..charts import KINDS, Chart
from .plot import Plot


def draw_range(plot: Plot) -> Chart:
    """Draw bars that are solid up to a low value and outlined up to a high one."""
    x = plot.channel("x")
    assert x is not None
    attributes = {
        "labels": _joined(plot.words("y")),
        "low": _joined(plot.numbers("x")),
        "high": _joined(plot.numbers("x2")),
        "marked": _joined(plot.words("color")) if plot.channel("color") else "",
        "unit": x.unit,
    }
    return KINDS["bars"](plot.pen, attributes, plot.width)


def draw_matrix(plot: Plot) -> Chart:
    """Draw squares where rows and columns meet, as large as their values."""
    rows, columns = (list(dict.fromkeys(plot.words(name))) for name in ("y", "x"))
    sizes = plot.cells(plot.values("size"))
    size = plot.channel("size")
    cells = [",".join(_plain(sizes.get((row, column))) for column in columns) for row in rows]
    attributes = {
        "rows": _joined(rows),
        "columns": _joined(columns),
        "cells": _joined(cells),
        "unit": size.unit if size else "",
        "marked": plot.option("highlight"),
    }
    return KINDS["matrix"](plot.pen, attributes, plot.width)


def draw_route(plot: Plot) -> Chart:
    """Draw steps with arrows; those with a `color` are closed, and it says why."""
    attributes = {"steps": _joined(plot.words("x")), "notes": _joined(plot.words("text"))}
    if plot.channel("color"):
        attributes["closed"] = _joined(plot.words("color"))
    return KINDS["route"](plot.pen, attributes, plot.width)


def draw_calendar(plot: Plot) -> Chart:
    """Draw weeks with the days that have something to do."""
    x = plot.channel("x")
    if x is None or x.kind != "date":
        raise ValueError("x needs days, such as 2026-12-01")
    days = [date.fromordinal(int(day)) for day in plot.numbers("x")]
    ends = [
        *days,
        *(date.fromisoformat(plot.option(name)) for name in ("exam", "start") if plot.option(name)),
    ]
    first, last = min(ends), max(ends)
    monday = first.toordinal() - first.weekday()
    weeks = [date.fromordinal(day).isoformat() for day in range(monday, last.toordinal() + 1, 7)]
    attributes = {
        "weeks": _joined(weeks),
        "start": plot.option("start") or first.isoformat(),
        "sessions": _joined(
            f"{day}={_plain(minutes)}"
            for day, minutes in zip(days, plot.numbers("size"), strict=True)
        ),
        "off": plot.option("off"),
        "exam": plot.option("exam"),
    }
    return KINDS["calendar"](plot.pen, attributes, plot.width)


def draw_qr(plot: Plot) -> Chart:
    """Draw addresses as QR codes, with their words."""
    attributes = {"labels": _joined(plot.words("text")), "urls": _joined(plot.words("href"))}
    return KINDS["qr"](plot.pen, attributes, plot.width)


def _plain(value: float | str | None) -> str:
    """Return a value as `::figure` takes it, which is the same in every language."""
    return f"{value:.15g}" if isinstance(value, float) else value or ""


def _joined(words: Iterable[float | str]) -> str:
    return "|".join(str(one).replace("|", "/") for one in words)
