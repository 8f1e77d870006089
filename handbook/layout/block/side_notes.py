"""Put notes and terms next to other flowables."""

from __future__ import annotations

from typing import Any

from ..flow.flowables import Flowable, Gap, Marker, draw_stack, drawn_height


class AfterFigure(Gap):
    """White above a caption in the side column, which is read after its figure."""

    __slots__ = ()


class Beside(Marker):
    """Lines next to the first line of what follows; takes no height."""

    __slots__ = ("flowables",)

    def __init__(self, flowables: list[Flowable]) -> None:
        Flowable.__init__(self, 0.0)
        self.flowables = flowables
        self.keep_with_next = True
        self.level = max((flowable.level for flowable in flowables), default=0)
        self.anchors = [name for flowable in flowables for name in flowable.all_anchors()]
        self.notes = [note for flowable in flowables for note in flowable.notes]

    def draw(self, page: Any, left: float, top: float, artifact: bool = False) -> None:
        """Draw the lines downwards from the top of what follows."""
        draw_stack(self.flowables, page, left, top, artifact)


def with_aside(aside: list[Flowable], body: list[Flowable]) -> tuple[list[Flowable], float]:
    """Put a side-head or note next to `body`; return also how far it reaches below that.

    As much of the text next to it stays together as it is high.
    """
    flowables = [*_beside(aside, body), *body]
    height = drawn_height(aside)
    keep_beside(flowables, height)
    reach = height - drawn_height(body) - body[-1].after
    return flowables, max(0.0, reach)


def keep_beside(flowables: list[Flowable], height: float) -> None:
    """Keep together as much of `flowables` as is next to something `height` high."""
    for count, flowable in enumerate(flowables):
        if drawn_height(flowables[: count + 1]) >= height:
            break
        flowable.keep_with_next = True


def next_to(terms: list[Flowable], body: list[Flowable]) -> list[Flowable]:
    """Return `terms` next to the first lines of `body`, which is at least as high."""
    aside = _beside(terms, body)
    needed = drawn_height(terms) - drawn_height(body)
    if needed > 0:
        gap = Gap(needed)
        gap.after, body[-1].after = body[-1].after, 0.0
        gap.frames = body[-1].frames
        body[-1].keep_with_next = True
        body = [*body, gap]
    return [*aside, *body]


def _beside(terms: list[Flowable], body: list[Flowable]) -> list[Beside]:
    """Return `terms` as what is next to the first line of `body`."""
    if not terms:
        return []
    count = next((n for n, one in enumerate(terms) if isinstance(one, AfterFigure)), len(terms))
    asides = [Beside(terms[:count])] if count else []
    if terms[count:]:
        above = Gap(drawn_height(terms[:count]))
        above.after = terms[count - 1].after
        asides.append(Beside([above, *terms[count:]] if count else terms))
        asides[-1].read_after = body[-1]
    asides[0].before = max(terms[0].before, body[0].before)
    for aside in asides:
        aside.frames = body[0].frames
    body[0].before = 0.0
    return asides
