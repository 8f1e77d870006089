"""Put notes and terms next to other flowables."""

from __future__ import annotations

from typing import Any

from ..flow.flowables import Flowable, Gap, Marker, draw_stack, drawn_height


class Beside(Marker):
    """Lines next to the first line of what follows; takes no height."""

    __slots__ = ("flowables",)

    def __init__(self, flowables: list[Flowable]) -> None:
        Flowable.__init__(self, 0.0)
        self.flowables = flowables
        self.keep_with_next = True
        self.heads = any(flowable.heads for flowable in flowables)
        self.anchors = [name for flowable in flowables for name in flowable.all_anchors()]
        self.notes = [note for flowable in flowables for note in flowable.notes]

    def draw(self, page: Any, left: float, top: float, artifact: bool = False) -> None:
        """Draw the lines downwards from the top of what follows."""
        draw_stack(self.flowables, page, left, top, artifact)


def with_aside(aside: list[Flowable], body: list[Flowable]) -> list[Flowable]:
    """Put a margin note next to `body`; as much of it stays together as the note is high."""
    flowables = next_to(aside, body)
    height = drawn_height(aside)
    for count in range(1, len(flowables)):
        if drawn_height(flowables[1:count]) >= height:
            break
        flowables[count].keep_with_next = (
            count < len(flowables) - 1 or flowables[count].keep_with_next
        )
    return flowables


def next_to(terms: list[Flowable], body: list[Flowable]) -> list[Flowable]:
    """Return `terms` next to the first lines of `body`, which is at least as high."""
    aside = Beside(terms)
    aside.before = max(terms[0].before if terms else 0.0, body[0].before)
    aside.frames = body[0].frames
    body[0].before = 0.0
    needed = drawn_height(terms) - drawn_height(body)
    if needed > 0:
        gap = Gap(needed)
        gap.after, body[-1].after = body[-1].after, 0.0
        gap.frames = body[-1].frames
        body[-1].keep_with_next = True
        body = [*body, gap]
    return [aside, *body]
