"""Draw what leads to what, and what holds what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from ...page import Box, moved
from ..pen import Chart
from .layers import Edge, Layers, layered, places
from .plot import (
    LEADING,
    Plot,
    Point,
    arrow_head,
    fill_box,
    height_of,
    ink_on,
    trace,
    widest_word,
    wrapped,
    write_lines,
)

# Padding of a node; white between two of a layer; the widest node.
PAD, APART, WIDEST = 6.0, 11.0, 136.0
# How far a box of an outline is to the right of the one above.
STEP = 20.0
# White between two layers, without and with the words of an edge.
BETWEEN, ROOM = 24.0, 16.0
# How much less of it there is between the layers of a close chart that runs down.
CLOSER = 8.0
# The least width of words in nested boxes.
INNERMOST = 30.0
# Edges are straight if they would bend by less.
JOG = 7.0
# The lines of words on an arrow that points down may be this wide, if others are near, and at most.
LEAST_WORDS, MOST_WORDS = 36.0, 80.0


class Node(NamedTuple):
    """A node: its words in lines, its width and height."""

    lines: list[str]
    width: float
    height: float


class Graph(NamedTuple):
    """A graph in layers, with the words of its edges.

    Edges in `late` bend just before their end, where they meet others; their words are at their
    start.  All others bend just after their start, and have their words at their end.
    """

    layers: Layers
    words: dict[Edge, str]
    late: frozenset[Edge]

    def words_in(self, number: int) -> list[str]:
        """Return the words between a layer and the next."""
        before, after = self.layers.layers[number : number + 2]
        return [
            text
            for edge, chain in self.layers.chains.items()
            if (text := self.words[edge])
            and (chain[0] in before if edge in self.late else chain[-1] in after)
        ]


def draw_flow(plot: Plot) -> Chart:
    """Draw boxes with arrows: from left to right if they fit so, else from top to bottom."""
    graph = _graph(plot)
    layers = graph.layers.layers
    across = plot.option("direction").lower()
    gaps = [_gap(plot, graph, number) for number in range(len(layers) - 1)]
    room = (plot.width - sum(gaps)) / len(layers)
    right = across in ("right", "lr") or (
        across not in ("down", "tb") and room >= _widest_word(plot, graph)
    )
    if right:
        return _rightwards(plot, graph, gaps, room)
    most = max(map(len, layers))
    narrow = (plot.width - (most - 1) * APART) / most < _widest_word(plot, graph)
    return draw_outline(plot, graph) if narrow and is_tree(graph) else _downwards(plot, graph)


def is_tree(graph: Graph) -> bool:
    """Return whether nothing is led to twice, and each edge leads to the next layer."""
    ends = Counter(end for _, end in graph.words)
    straight = all(len(chain) == 2 for chain in graph.layers.chains.values())
    return len(graph.layers.layers[0]) == 1 and straight and max(ends.values(), default=2) == 1


def _graph(plot: Plot) -> Graph:
    nodes: list[str] = []
    words: dict[Edge, str] = {}
    for start, end, text in zip(
        plot.words("from"), plot.words("to"), plot.words("text"), strict=True
    ):
        nodes += [one for one in (start, end) if one and one not in nodes]
        if start == end:
            raise ValueError(f"{start!r} leads to itself, which is not drawn")
        if start and end:
            known = words.get((start, end), "")
            words[start, end] = plot.pen.words.comma.join(filter(None, (known, text)))
    edges = list(words)
    starts, ends = Counter(start for start, _ in edges), Counter(end for _, end in edges)
    late = frozenset(one for one in edges if starts[one[0]] == 1 and ends[one[1]] > 1)
    return Graph(layered(nodes, edges), words, late)


def _widest_word(plot: Plot, graph: Graph) -> float:
    """Return the least width of a node that breaks no word."""
    layers = graph.layers
    names = [name for layer in layers.layers for name in layer if name not in layers.bends]
    return widest_word(plot.pen, names, "bold") + 2 * PAD


def _gap(plot: Plot, graph: Graph, number: int) -> float:
    """Return the white after a layer: as much as the words on its edges need."""
    lines = [line for text in graph.words_in(number) for line in wrapped(plot.pen, text, 62)]
    widest = max(map(plot.pen.width, lines), default=0.0)
    return max(BETWEEN, widest + 2 * ROOM - 8 if widest else 0.0)


def _node(plot: Plot, name: str, width: float) -> Node:
    face = "bold" if plot.is_highlighted(name) else "regular"
    lines = wrapped(plot.pen, name, width - 2 * PAD, face)
    wide = max(plot.pen.width(line, face) for line in lines) + 2 * PAD
    return Node(lines, wide, height_of(lines) + 2 * PAD)


def _nodes(plot: Plot, graph: Graph, width: float, *, whole: bool = False) -> dict[str, Node]:
    """Return the nodes at most this wide; where words stay `whole`, a node may be wider for one."""
    bend = Node([], 4.0, 4.0)
    bends = graph.layers.bends

    def least(name: str) -> float:
        face = "bold" if plot.is_highlighted(name) else "regular"
        return widest_word(plot.pen, [name], face) + 2 * PAD if whole else 0.0

    return {
        name: bend if name in bends else _node(plot, name, max(width, least(name)))
        for layer in graph.layers.layers
        for name in layer
    }


def _box(plot: Plot, name: str, node: Node, left: float, top: float) -> None:
    """Draw a node; a question has a warm edge, what is highlighted is dark."""
    pen = plot.pen
    strong = plot.is_highlighted(name)
    asks = name.rstrip().endswith("?")
    fill = pen.color("accent-dark" if strong else "paper" if asks else "wash")
    edge = "warm" if asks else "accent-dark"
    fill_box(pen, left, top - node.height, node.width, node.height, fill, edge, 3, 0.9)
    face = "bold" if strong else "regular"
    write_lines(
        pen, left + node.width / 2, top - PAD, node.lines, face, ink_on(pen, fill), "center"
    )


# ------------------------------------------------------------------ rightwards


def _rightwards(plot: Plot, graph: Graph, gaps: Sequence[float], room: float) -> Chart:
    wide = min(room, WIDEST)
    nodes = _nodes(plot, graph, wide)
    # Nodes of one layer are equally wide, so that edges begin at one line.
    lefts, widths, x = [], [], 0.0
    for number, layer in enumerate(graph.layers.layers):
        widths.append(max(nodes[name].width for name in layer))
        lefts.append(x)
        x += widths[-1] + (gaps[number] if number < len(gaps) else 0.0)
    for number, layer in enumerate(graph.layers.layers):
        for name in layer:
            nodes[name] = nodes[name]._replace(width=widths[number])
    middle = places(graph.layers, {name: node.height for name, node in nodes.items()}, APART)
    height = max(middle[name] + node.height / 2 for name, node in nodes.items())
    layer_of = {name: n for n, layer in enumerate(graph.layers.layers) for name in layer}

    def start(name: str) -> Point:
        number = layer_of[name]
        return lefts[number] + widths[number], height - middle[name]

    def end(name: str) -> Point:
        return lefts[layer_of[name]], height - middle[name]

    for edge, chain in graph.layers.chains.items():
        back = layer_of[edge[0]] > layer_of[edge[1]]
        way = chain[::-1] if back else chain
        points: list[Point] = []
        for one, other in pairwise(way):
            (x1, y1), (x2, y2) = start(one), end(other)
            y1 = y2 if abs(y1 - y2) < JOG else y1
            bend = x2 - 13 if edge in graph.late else x1 + 9
            points += [(x1, y1), (bend, y1), (bend, y2), (x2, y2)]
        points = points[::-1] if back else points
        _edge(plot, points)
        if text := graph.words[edge]:
            if edge in graph.late:
                side, level = start(way[0])
                gap = gaps[layer_of[way[0]]]
                _edge_words(plot, text, (side + 2 + (gap - 15) / 2, level))
            else:
                side, level = end(way[-1])
                gap = gaps[layer_of[way[-1]] - 1]
                _edge_words(plot, text, (side - 7 - (gap - 16) / 2, level))
    for name, node in nodes.items():
        if name not in graph.layers.bends:
            number = layer_of[name]
            _box(plot, name, node, lefts[number], height - middle[name] + node.height / 2)
    return Chart(x, height, tuple(plot.pen.items), "")


def _edge_words(plot: Plot, text: str, place: Point) -> None:
    """Write the words of an edge in the middle of a place, the line interrupted below them."""
    pen = plot.pen
    lines = wrapped(pen, text, 62)
    wide = max(pen.width(line) for line in lines)
    middle, y = place
    height = height_of(lines)
    paper = pen.color("paper")
    pen.items.append(Box(middle - wide / 2 - 3, y - height / 2, wide + 6, height, paper))
    write_lines(pen, middle, y + height / 2, lines, "italic", align="center")


def _edge(plot: Plot, points: list[Point]) -> None:
    pen = plot.pen
    color = pen.color("accent-dark")
    tip, before = points[-1], points[-2]
    short = (
        tip[0] + (4 if before[0] > tip[0] else -4 if before[0] < tip[0] else 0),
        tip[1] + (4 if before[1] > tip[1] else -4 if before[1] < tip[1] else 0),
    )
    trace(pen, [*points[:-1], short], color, 0.9)
    arrow_head(pen, tip, before)


# ------------------------------------------------------------------- downwards


def _downwards(plot: Plot, graph: Graph) -> Chart:
    most = max(map(len, graph.layers.layers))
    wide = min(WIDEST * 1.2, (plot.width - (most - 1) * APART) / most)
    wide = max(wide, min(_widest_word(plot, graph), plot.width))
    layers = graph.layers
    nodes, middle, width = _fitting(plot, graph, wide, whole=True)
    if width > plot.width:
        nodes, middle, width = _fitting(plot, graph, wide, whole=False)
    heights = [max(nodes[name].height for name in layer) for layer in layers.layers]
    layer_of = {name: n for n, layer in enumerate(layers.layers) for name in layer}
    wraps = _wraps(graph, middle, layer_of)
    gaps = [_drop(plot, graph, number, wraps) for number in range(len(heights) - 1)]
    total = sum(heights) + sum(gaps)
    tops, y = [], total
    for number, height in enumerate(heights):
        tops.append(y)
        y -= height + (gaps[number] if number < len(gaps) else 0)

    def foot(name: str) -> Point:
        number = layer_of[name]
        node_height = heights[number] if name in layers.bends else nodes[name].height
        return middle[name], tops[number] - node_height

    def head(name: str) -> Point:
        return middle[name], tops[layer_of[name]]

    for edge, chain in layers.chains.items():
        back = layer_of[edge[0]] > layer_of[edge[1]]
        way = chain[::-1] if back else chain
        points: list[Point] = []
        for one, other in pairwise(way):
            (x1, y1), (x2, y2) = foot(one), head(other)
            x1 = x2 if abs(x1 - x2) < JOG else x1
            bend = tops[layer_of[one]] - heights[layer_of[one]] - 8
            bend = y2 + 12 if edge in graph.late else bend
            points += [(x1, y1), (x1, bend), (x2, bend), (x2, y2)]
        _edge(plot, points[::-1] if back else points)
        if text := graph.words[edge]:
            number, at = _place_of_words(graph, edge, layer_of)
            level = tops[number] - heights[number] - gaps[number] / 2
            lines = wrapped(plot.pen, text, wraps[number])
            place = (middle[at], level - (-2 if edge in graph.late else 2))
            _drop_words(plot, lines, place, width)
    for name, node in nodes.items():
        if name not in layers.bends:
            _box(plot, name, node, middle[name] - node.width / 2, tops[layer_of[name]])
    return Chart(width, total, tuple(plot.pen.items), "")


def _fitting(
    plot: Plot, graph: Graph, wide: float, *, whole: bool
) -> tuple[dict[str, Node], dict[str, float], float]:
    """Return nodes of at most this width, or less if they need it to fit; their middles; the width.

    Words stay `whole`, or the narrowest nodes part them.
    """
    while True:
        nodes = _nodes(plot, graph, wide, whole=whole)
        middle = places(graph.layers, {name: node.width for name, node in nodes.items()}, APART)
        width = max(middle[name] + node.width / 2 for name, node in nodes.items())
        if width <= plot.width or wide < 40:
            return nodes, middle, width
        wide *= 0.9


def _place_of_words(graph: Graph, edge: Edge, layer_of: dict[str, int]) -> tuple[int, str]:
    """Return the number of the gap in which the words of an edge are, and the node they are at."""
    chain = graph.layers.chains[edge]
    way = chain[::-1] if layer_of[edge[0]] > layer_of[edge[1]] else chain
    at = way[0] if edge in graph.late else way[-1]
    return layer_of[at] - (edge not in graph.late), at


def _wraps(graph: Graph, middle: Mapping[str, float], layer_of: dict[str, int]) -> dict[int, float]:
    """Return how wide words may be in each gap, so that none are over their neighbours."""
    middles: dict[int, list[float]] = {}
    for edge, text in graph.words.items():
        if text:
            number, at = _place_of_words(graph, edge, layer_of)
            middles.setdefault(number, []).append(middle[at])
    apart = {n: [b - a for a, b in pairwise(sorted(set(xs)))] for n, xs in middles.items()}
    return {n: max(LEAST_WORDS, min([MOST_WORDS, *(x - 8 for x in xs)])) for n, xs in apart.items()}


def _drop(plot: Plot, graph: Graph, number: int, wraps: Mapping[int, float]) -> float:
    texts = graph.words_in(number)
    wide = wraps.get(number, MOST_WORDS)
    lines = max((len(wrapped(plot.pen, text, wide)) for text in texts), default=0)
    white = 22.0 if not lines else 27.0 + LEADING * lines
    return white - CLOSER if plot.close else white


def _drop_words(plot: Plot, lines: list[str], place: Point, width: float) -> None:
    """Write the words of an edge over it, the line interrupted behind them."""
    pen = plot.pen
    wide = max(pen.width(line) for line in lines)
    x, y = place
    x = min(max(x, wide / 2), max(width - wide / 2, wide / 2))
    height = height_of(lines)
    paper = pen.color("paper")
    pen.items.append(Box(x - wide / 2 - 2, y - height / 2 - 1, wide + 4, height + 2, paper))
    write_lines(pen, x, y + height / 2, lines, "italic", align="center")


# --------------------------------------------------------------------- outline


def draw_outline(plot: Plot, graph: Graph) -> Chart:
    """Draw a tree as an outline: each box below what leads to it, further to the right."""
    pen = plot.pen
    waiting = [(graph.layers.layers[0][0], 0, "")]
    # Where lines go down from the boxes of each depth: the place of the last foot.
    feet: dict[int, Point] = {}
    y = right = 0.0
    while waiting:
        name, depth, text = waiting.pop()
        left = STEP * depth
        lines = wrapped(pen, text, plot.width - left, "italic") if text else []
        if lines:
            write_lines(pen, left, y, lines, "italic")
            y -= height_of(lines) + 2
        node = _node(plot, name, min(WIDEST * 1.4, plot.width - left))
        if depth:
            x, start = feet[depth - 1]
            level = y - node.height / 2
            _edge(plot, [(x, start), (x, level), (left, level)])
        _box(plot, name, node, left, y)
        y -= node.height
        feet[depth] = (left + STEP / 2, y)
        right = max(right, left + node.width)
        after = [
            (end, depth + 1, words)
            for (origin, end), words in graph.words.items()
            if origin == name
        ]
        waiting += after[::-1]
        y -= APART
    pen.items[:] = [moved(item, 0, -y - APART) for item in pen.items]
    return Chart(right, -y - APART, tuple(pen.items), "")


# ------------------------------------------------------------------------ nest


def draw_nest(plot: Plot) -> Chart:
    """Draw boxes inside one another, the first row outermost, with a note at the right of each."""
    pen = plot.pen
    texts, notes = plot.words("text"), plot.words("note")
    indent = 11.0
    rows: list[tuple[list[str], list[str], bool]] = []
    for number, (words, about) in enumerate(zip(texts, notes, strict=True)):
        inner = plot.width - 2 * indent * number - 16
        if inner < INNERMOST:
            raise ValueError("there is no room for so many boxes inside one another")
        abreast = pen.width(words, "bold") + pen.width(about) + 14 <= inner
        lines = wrapped(pen, words, inner, "bold")
        rows.append((lines, wrapped(pen, about, inner) if about else [], abreast))
    heads = [
        height_of(text) + (0 if abreast or not note else LEADING * len(note))
        for text, note, abreast in rows
    ]
    foot = 7.0
    height = sum(head + 13 for head in heads) + foot * len(rows) - 3
    start = plot.option("start")
    extra = wrapped(pen, start, plot.width - 24) if start else []
    above = height_of(extra) + 2 * PAD + 18 if extra else 0.0
    top, bottom = height, 0.0
    for number, ((text, note, abreast), head) in enumerate(zip(rows, heads, strict=True)):
        left = indent * number
        strong = plot.is_highlighted(texts[number])
        fill = pen.color("accent-dark" if strong else "paper" if number % 2 else "wash")
        fill_box(
            pen, left, bottom, plot.width - 2 * left, top - bottom, fill, "accent-dark", 4, 0.9
        )
        color = ink_on(pen, fill)
        write_lines(pen, left + 8, top - 6, text, "bold", color)
        if note and abreast:
            pen.write(
                plot.width - left - 8,
                top - 13,
                note[0],
                color="soft" if color == "ink" else color,
                align="right",
            )
        elif note:
            write_lines(pen, left + 8, top - 6 - LEADING * len(text), note, color="soft")
        top -= head + 13
        bottom += foot
    if extra:
        wide = max(map(pen.width, extra)) + 2 * PAD + 4
        base = height + 18
        fill_box(
            pen, 0, base, wide, height_of(extra) + 2 * PAD, pen.color("wash-warm"), "warm", 3, 0.9
        )
        write_lines(pen, PAD + 2, base + height_of(extra) + PAD, extra)
        trace(pen, [(20, base), (20, height + 4)], pen.color("accent-dark"), 1.0)
        arrow_head(pen, (20, height), (20, base))
    return plot.chart(height + above)
