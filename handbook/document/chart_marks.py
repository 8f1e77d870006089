"""Define the marks that charts are drawn with, and the channels of each.

The words are those of Vega-Lite: a mark, and channels such as x, y and color that name a column of
the data.  Marks with steps and connections have `from`, `to` and `text`.
"""

from __future__ import annotations

from typing import NamedTuple


class Mark(NamedTuple):
    """A mark: the channels that it needs, those that it may have, and those that take numbers.

    A number may be a day, but for the channels in `amounts`.  Of the channels in `gaps`, a row may
    lack the value.
    """

    needs: tuple[str, ...]
    may: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


MARKS: dict[str, Mark] = {
    "bars": Mark(("x", "y")),
    "stacked": Mark(("x", "y", "color")),
    "line": Mark(("x", "y"), ("color",), amounts=("y",)),
    "area": Mark(
        ("x", "y"), ("row",), amounts=("y",), options=("interpolate", "max")
    ),
    "scatter": Mark(("x", "y"), ("text", "color"), numbers=("x",), amounts=("y",)),
    "pie": Mark(("x", "y"), amounts=("x",)),
    "waterfall": Mark(("x", "y"), amounts=("y",), options=("total",)),
    "heatmap": Mark(("x", "y", "color")),
    "gantt": Mark(("y", "x"), ("x2", "text"), gaps=("x2", "text")),
    "burn-down": Mark(("x", "y"), amounts=("y",), gaps=("y",)),
    "range": Mark(("y", "x", "x2"), ("color",), amounts=("x", "x2"), gaps=("color",)),
    "matrix": Mark(("y", "x", "size")),
    "route": Mark(("x", "text"), ("color",), gaps=("color", "text")),
    "calendar": Mark(("x", "size"), amounts=("size",), options=("start", "exam", "off")),
    "qr": Mark(("text", "href")),
    "flow": Mark(("from", "to"), ("text",), gaps=("text", "to"), options=("direction",)),
    "sequence": Mark(("from", "text"), ("to", "dash"), gaps=("to", "dash")),
    "git": Mark(
        ("branch",), ("from", "text", "row", "tag", "size", "color"), amounts=("size", "color"),
        gaps=("from", "text", "tag", "size", "color"),
    ),
    "nest": Mark(("text",), ("note",), gaps=("note",), options=("start",)),
}  # fmt: skip
# What Vega-Lite, and people, call a mark.
SYNONYMS = {
    "bar": "bars", "column": "bars", "columns": "bars", "stack": "stacked", "point": "scatter",
    "circle": "scatter", "arc": "pie", "donut": "pie", "rect": "heatmap", "timeline": "gantt",
    "burndown": "burn-down", "burn_down": "burn-down", "ranges": "range", "gitgraph": "git",
    "git-graph": "git", "tree": "flow", "graph": "flow",
}  # fmt: skip
CHANNELS = tuple(sorted({name for mark in MARKS.values() for name in (*mark.needs, *mark.may)}))
OPTIONS = ("highlight", "unit")


def mark_named(name: str) -> str:
    """Return the name of a mark, empty if there is none."""
    name = name.strip().lower()
    name = SYNONYMS.get(name, name)
    return name if name in MARKS else ""


def options_of(mark: str) -> tuple[str, ...]:
    """Return the options that a mark has."""
    return (*OPTIONS, *MARKS[mark].options)
