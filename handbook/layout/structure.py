"""Define the structure elements of a laid-out book."""

from __future__ import annotations

from typing import Any


class StructElem:
    """A node of the structure tree: a standard structure type of ISO 32000-1, 14.8.4.

    `kids` holds elements in reading order and, once drawn, (page index, MCID)
    pairs and annotations; inline elements join their parent when they are first
    drawn, so that the order of kids is the order of the text.
    """

    __slots__ = (
        "alt",
        "attached",
        "bbox",
        "expansion",
        "id",
        "inline",
        "kids",
        "lang",
        "parent",
        "table",
        "tag",
    )  # fmt: skip

    def __init__(self, tag: str, parent: StructElem | None = None, *, inline: bool = False) -> None:
        self.tag = tag
        self.parent = parent
        self.kids: list[Any] = []
        self.inline = inline
        self.attached = False
        self.alt = ""
        self.lang = ""
        self.expansion = ""
        self.id = ""
        self.table: dict[str, Any] | None = None
        self.bbox: tuple[int, float, float, float, float] | None = None
        if parent is not None and not inline:
            self.attach()

    def attach(self) -> None:
        """Join the parent's kids, once; an inline parent joins its own parent first."""
        if self.attached or self.parent is None:
            return
        self.attached = True
        self.parent.attach()
        self.parent.kids.append(self)

    def child(self, tag: str) -> StructElem:
        """A new element at the end of this one."""
        return StructElem(tag, self)

    def inline_child(self, tag: str) -> StructElem:
        """A new element that takes its place in this one when it is first drawn."""
        return StructElem(tag, self, inline=True)
