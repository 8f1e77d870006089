"""Inspect HTML as lxml parsed it: kinds of elements, their contents, their lines."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, TypeAlias

Node: TypeAlias = Any
# As many columns as browsers let one cell span.
MAX_SPAN = 1000
# A list takes two levels; 60 lists in one another take 120, boxes and quotes one each.
MAX_NESTING = 120

_IN_LINES = """
a abbr acronym b bdi bdo big br button cite code data del dfn em font i img input ins kbd label map
mark meter nobr output picture progress q rp rt ruby s samp select small span strike strong sub sup
textarea time tt u var wbr x-formula-inline x-noteref
"""
_IN_BLOCKS = """
address article aside blockquote body caption center col colgroup dd details dialog dir div dl dt
fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav
ol p pre search section summary table tbody td tfoot th thead tr ul x-code x-formula x-note
"""
_IN_HEADS = """
area base datalist frameset head html link meta noscript optgroup option param slot source template
title track
"""
INLINE = frozenset(_IN_LINES.split())
# Elements by which the reader marks what an HTML parser would change; authors cannot write them.
OWN = frozenset(name for name in (_IN_LINES + _IN_BLOCKS).split() if name.startswith("x-"))
_BLOCK = frozenset(_IN_BLOCKS.split())
# What only works on a screen.
_SCREEN_ONLY = "video audio iframe embed object script canvas svg math applet frame style"
ON_SCREEN = frozenset(_SCREEN_ONLY.split())
# What they would show is not printed; the words in them are.
_DECORATION = "area big button font ins map meter option progress rt ruby select textarea u"
WITHOUT_EFFECT = frozenset(_DECORATION.split())
KNOWN = INLINE | _BLOCK | frozenset(_IN_HEADS.split()) | ON_SCREEN
BLOCKS = _BLOCK | ON_SCREEN


def contents(node: Node) -> Iterator[Node | str]:
    """Yield the text and the children of a node, in order."""
    if node.text:
        yield str(node.text)
    for child in node:
        if isinstance(child.tag, str):
            yield child
        if child.tail:
            yield str(child.tail)


def has_block(node: Node) -> bool:
    """Return whether a node is or contains a block."""
    return any(child.tag in BLOCKS for child in node.iter()) or (
        node.tag not in KNOWN and node.getparent().tag not in INLINE | {"p"}
    )


def blocks_in(node: Node) -> bool:
    """Return whether a node contains a block."""
    return any(has_block(child) for child in node if isinstance(child.tag, str))


def grid_of(rows: list[Node]) -> tuple[list[list[Any]], list[Node]]:
    """Return the cells of each row in their columns, and the cells whose spans overlap others.

    `<<` is a cell joined with the one to its left, `^^` with the one above.  Columns and rows that
    spans alone would make are left out; so are overlapping parts of spans.
    """
    grid: list[dict[int, Any]] = [{} for _ in rows]
    overlapping: list[Node] = []
    for top, row in enumerate(rows):
        left = 0
        for cell in (cell for cell in row if cell.tag in ("td", "th")):
            while left in grid[top]:
                left += 1
            across = _span(cell, "colspan")
            down = min(_span(cell, "rowspan"), len(rows) - top)
            free = next((n for n in range(across) if left + n in grid[top]), across)
            if free < across:
                overlapping.append(cell)
            for y, x in product(range(down), range(free)):
                grid[top + y][left + x] = "<<" if x else "^^" if y else cell
            left += free
    # Columns in which no cell begins would be empty.
    places = sorted({x for line in grid for x, cell in line.items() if not isinstance(cell, str)})
    return [[line.get(x, "") for x in places] for line in grid], overlapping


def _span(cell: Node, key: str) -> int:
    value = cell.get(key) or "1"
    return min(int(value), MAX_SPAN) if value.isdecimal() and int(value) else 1


def lines_of(node: Node) -> str:
    """Return the line numbers of the nearest node that has any."""
    while node is not None:
        if node.get("data-l"):
            first = str(node.get("data-l")).split()
            if len(first) > 1:
                return " ".join(first)
            count = "".join(node.itertext()).count("\n") if node.tag in INLINE | {"p"} else 0
            return " ".join(str(int(first[0]) + n) for n in range(count + 1))
        node = node.getparent()
    return "0"
