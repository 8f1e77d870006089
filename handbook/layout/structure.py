"""Define the structure elements of a laid-out book."""

from __future__ import annotations

from typing import Any

_FEW_HAVE = ("actual_text", "alt", "attributes", "expansion", "id", "lang", "mathml")


class StructElem:
    """A node of the structure tree: a standard structure type of ISO 32000-1, 14.8.4.

    `kids` holds elements in reading order.  Inline elements are not among them: the writer
    puts them where their content comes, so that the order is that of the text.  The value of the
    attribute `Headers` is a list of elements.  A formula has its MathML.
    """

    __slots__ = (
        "actual_text", "alt", "attributes", "expansion", "id", "inline", "kids", "lang", "mathml",
        "parent", "tag",
    )  # fmt: skip

    def __init__(self, tag: str, parent: StructElem | None = None, *, inline: bool = False) -> None:
        self.tag = tag
        self.parent = parent
        self.kids: list[StructElem] = []
        self.inline = inline
        self.alt = ""
        self.actual_text = ""
        self.lang = ""
        self.expansion = ""
        self.id = ""
        self.mathml = ""
        self.attributes: dict[str, Any] | None = None
        if parent is not None and not inline:
            parent.kids.append(self)

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what makes a copy, without what few elements have: there are very many."""
        named = [(name, value) for name in _FEW_HAVE if (value := getattr(self, name))]
        return StructElem, (self.tag,), (self.parent, self.inline, self.kids, named)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.parent, self.inline, self.kids, named = state
        for name, value in named:
            setattr(self, name, value)

    def child(self, tag: str) -> StructElem:
        """Return a new element at the end of this one."""
        return StructElem(tag, self)

    def inline_child(self, tag: str) -> StructElem:
        """Return a new element whose place in this one is that of its content."""
        return StructElem(tag, self, inline=True)
