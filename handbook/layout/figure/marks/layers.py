"""Put the nodes of a graph into layers, so that edges lead from one layer to the next.

The steps are those of Sugiyama, Tagawa and Toda: break cycles, find layers, order each layer by
what its nodes are connected to, then give each node a place.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import field

from ....core.values import record

Edge = tuple[str, str]


@record
class Layers:
    """Nodes by layer, in order; edges as chains of nodes, with a bend in each layer between."""

    layers: list[list[str]] = field(default_factory=list)
    chains: dict[Edge, list[str]] = field(default_factory=dict)
    # The bends: places that an edge passes through.
    bends: set[str] = field(default_factory=set)

    def neighbours(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """Return what comes before and after each node."""
        before: dict[str, list[str]] = {}
        after: dict[str, list[str]] = {}
        for chain in self.chains.values():
            for one, other in itertools.pairwise(chain):
                after.setdefault(one, []).append(other)
                before.setdefault(other, []).append(one)
        return before, after


def layered(nodes: Sequence[str], edges: Sequence[Edge]) -> Layers:
    """Return the nodes in layers: each edge leads to a later layer, but for those of cycles."""
    forward = _without_cycles(nodes, edges)
    depth = _depths(nodes, forward)
    layers = Layers([[] for _ in range(max(depth.values(), default=0) + 1)])
    for node in nodes:
        layers.layers[depth[node]].append(node)
    for edge in edges:
        start, end = edge if depth[edge[0]] <= depth[edge[1]] else edge[::-1]
        chain = [start]
        for layer in range(depth[start] + 1, depth[end]):
            bend = f"\0{edge[0]}\0{edge[1]}\0{layer}"
            layers.layers[layer].append(bend)
            layers.bends.add(bend)
            chain.append(bend)
        chain.append(end)
        layers.chains[edge] = chain if (start, end) == edge else chain[::-1]
    _order(layers)
    return layers


def _without_cycles(nodes: Sequence[str], edges: Sequence[Edge]) -> list[Edge]:
    """Return the edges, those that lead back turned round."""
    state: dict[str, int] = {}
    after: dict[str, list[str]] = {}
    for start, end in edges:
        after.setdefault(start, []).append(end)
    back: set[Edge] = set()
    for root in nodes:
        stack = [(root, iter(after.get(root, ())))] if root not in state else []
        state.setdefault(root, 1 if stack else 2)
        while stack:
            node, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                state[node] = 2
                stack.pop()
            elif state.get(following) == 1:
                back.add((node, following))
            elif following not in state:
                state[following] = 1
                stack.append((following, iter(after.get(following, ()))))
    return [edge[::-1] if edge in back else edge for edge in edges if edge[0] != edge[1]]


def _depths(nodes: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    depth = dict.fromkeys(nodes, 0)
    for _ in nodes:
        changed = False
        for start, end in edges:
            if depth[end] < depth[start] + 1:
                depth[end], changed = depth[start] + 1, True
        if not changed:
            break
    return depth


def _order(layers: Layers) -> None:
    """Order each layer by the mean place of its nodes' neighbours, down and up."""
    before, after = layers.neighbours()
    best, fewest = [list(layer) for layer in layers.layers], _crossings(layers, after)
    for sweep in range(6):
        down = sweep % 2 == 0
        swept = layers.layers if down else layers.layers[::-1]
        for above, layer in itertools.pairwise(swept):
            place = {node: number for number, node in enumerate(above)}
            linked = before if down else after
            old = {node: number for number, node in enumerate(layer)}

            def mean(
                node: str,
                place: dict[str, int] = place,
                linked: dict[str, list[str]] = linked,
                old: dict[str, int] = old,
            ) -> tuple[float, int]:
                places = [place[one] for one in linked.get(node, ()) if one in place]
                mean_place = sum(places) / len(places) if places else float(old[node])
                return mean_place, old[node]

            layer.sort(key=mean)
        crossings = _crossings(layers, after)
        if crossings < fewest:
            best, fewest = [list(layer) for layer in layers.layers], crossings
    layers.layers = best


def _crossings(layers: Layers, after: Mapping[str, list[str]]) -> int:
    count = 0
    for layer, below in zip(layers.layers, layers.layers[1:], strict=False):
        place = {node: number for number, node in enumerate(below)}
        ends = [
            (number, place[end])
            for number, node in enumerate(layer)
            for end in after.get(node, ())
            if end in place
        ]
        count += sum(
            (a[0] - b[0]) * (a[1] - b[1]) < 0 for n, a in enumerate(ends) for b in ends[n + 1 :]
        )
    return count


def places(layers: Layers, sizes: Mapping[str, float], gap: float) -> dict[str, float]:
    """Return the middle of each node across its layer: near its neighbours, never overlapping."""
    before, after = layers.neighbours()
    place: dict[str, float] = {}
    for layer in layers.layers:
        at = 0.0
        for node in layer:
            place[node] = at + sizes[node] / 2
            at += sizes[node] + gap
    for sweep in range(10):
        down = sweep % 2 == 0
        linked = before if down else after
        for layer in layers.layers if down else layers.layers[::-1]:
            wanted = [_wanted(node, place, linked) for node in layer]
            for node, at in zip(layer, _apart(layer, wanted, sizes, gap), strict=True):
                place[node] = at
    low = min((place[node] - sizes[node] / 2 for node in place), default=0.0)
    return {node: at - low for node, at in place.items()}


def _wanted(node: str, place: Mapping[str, float], linked: Mapping[str, list[str]]) -> float:
    near = [place[one] for one in linked.get(node, ())]
    return sum(near) / len(near) if near else place[node]


def _apart(
    layer: Sequence[str], wanted: Sequence[float], sizes: Mapping[str, float], gap: float
) -> list[float]:
    """Return places as near as can be to those wanted, in order and `gap` apart.

    Nodes that would overlap become one block, which is where its members want it on average.
    """
    blocks: list[tuple[float, int, float]] = []  # start, members, length
    sums: list[float] = []
    for node, want in zip(layer, wanted, strict=True):
        blocks.append((want - sizes[node] / 2, 1, sizes[node]))
        sums.append(want - sizes[node] / 2)
        while len(blocks) > 1 and blocks[-2][0] + blocks[-2][2] + gap > blocks[-1][0]:
            (_, count, length), (_, more, longer) = blocks[-2:]
            total = sums[-2] + sums[-1] - more * (length + gap)
            blocks[-2:] = [(total / (count + more), count + more, length + gap + longer)]
            sums[-2:] = [total]
    middles: list[float] = []
    number = 0
    for start, count, _ in blocks:
        at = start
        for node in layer[number : number + count]:
            middles.append(at + sizes[node] / 2)
            at += sizes[node] + gap
        number += count
    return middles
