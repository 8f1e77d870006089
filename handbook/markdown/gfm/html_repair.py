"""Move words from where HTML allows none to where they are printed, and limit its nesting."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from lxml import etree as html

from .html_nodes import BLOCKS, INLINE, MAX_NESTING, OWN, Node, contents

_SECTIONS = ("thead", "tbody", "tfoot")
_CELLS = ("td", "th")
# What each part of a table may hold; the rest goes in front of the table.
_HELD = {
    "table": ("caption", "colgroup", "col", "tr", *_SECTIONS),
    **dict.fromkeys(_SECTIONS, ("tr",)),
    "colgroup": ("col",),
    "tr": _CELLS,
}
_LISTS = ("ul", "ol", "menu", "dir")
_IN_DEFINITIONS = ("dt", "dd", "div")
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"}
_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)")
# libxml2 reads 2,048 levels, and makes some of its own (as `tbody`).
_PARSED_DEPTH = 1000
# What stays in an element whose contents are nested too deeply.
_FLAT = (OWN - {"x-note"}) | {"a", "br", "code", "hr", "img", "input", "p", "pre"}
# These stay where they are, as the one around them holds nothing else.
_PARTS = frozenset(
    (*_SECTIONS, "caption", "colgroup", "dd", "dt", "li", "summary", "td", "th", "tr")
)


def limited_depth(words: str) -> str:
    """Return HTML with breaks for the tags that are deeper than the parser reads on."""
    depth = 0

    def shallow(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag[2].lower() in _VOID:
            return tag[0]
        depth += -1 if tag[1] else 1
        return tag[0] if depth + bool(tag[1]) <= _PARSED_DEPTH else f"<{tag[1]}br"

    return _TAG.sub(shallow, words)


def flatten(body: Node) -> list[Node]:
    """Take out the elements that are nested too deeply, not what is in them.

    Return the elements that held them.  The parser nests as deep as the text says; what reads its
    tree calls itself for each level.
    """
    flattened = []
    level = [node for node in body if isinstance(node.tag, str)]
    for _ in range(MAX_NESTING):
        level = [child for node in level for child in node]
    for node in level:
        if any(child.tag not in _FLAT or len(child) for child in node):
            flattened.append(node)
            _flatten(node)
    return flattened


def _flatten(node: Node) -> None:
    for inner in list(node.iterdescendants()):
        if inner.tag in _FLAT and inner.getparent() is node:
            continue
        # Two blocks are two words.
        if inner.tag in BLOCKS:
            inner.text, inner.tail = f" {inner.text or ''}", f" {inner.tail or ''}"
        inner.tag = "x-flat"
    html.strip_tags(node, "x-flat")
    if node.tag in BLOCKS - _PARTS:
        node.tag = "div"


def repair(body: Node) -> None:
    """Give all words of `body` a place where they are looked for."""
    for group in body.iter("optgroup"):
        group.text = f"{group.get('label') or ''} {group.text or ''}"
    for node in list(body.iter(*_LISTS)):
        _wrap(node, "li", [child for child in node if child.tag not in INLINE])
    for node in list(body.iter("dl")):
        for part in (node, *node.findall("div")):
            _wrap(part, "dd", [child for child in part if child.tag in _IN_DEFINITIONS])
    for table in list(body.iter("table")):
        _repair_table(table)


def close_definitions(body: Node) -> None:
    """End a term or meaning where the next begins; the parser puts one left open around it."""
    for inner in list(body.iter("dt", "dd")):
        outer = inner.getparent()
        if outer is not None and outer.tag in ("dt", "dd"):
            outer.addnext(inner)


def _wrap(node: Node, tag: str, held: Iterable[Node]) -> None:
    """Put what `node` has between the children that it may hold into elements of their own."""
    kept = set(held)
    items = list(contents(node))
    if not any(_has_words(item) for item in items if item not in kept):
        return
    _empty(node)
    for is_held, run in groupby(items, kept.__contains__):
        nodes = list(run)
        if is_held:
            node.extend(nodes)
        elif any(map(_has_words, nodes)):
            node.append(_filled(node, tag, nodes))


def _repair_table(table: Node) -> None:
    """Give every cell a row, and move what a table cannot hold in front of it."""
    caption = table.find("caption")
    strays: list[Node | str] = []
    for part in [table, *table.iter("colgroup", "tr", *_SECTIONS)]:
        if part is not table and next(part.iterancestors("table")) is not table:
            continue
        if part.tag in ("table", *_SECTIONS):
            _give_rows(part)
        held = [
            child
            for child in part
            if child.tag in _HELD[part.tag] and (child.tag != "caption" or child is caption)
        ]
        kept = set(held)
        if items := [item for item in contents(part) if item not in kept and _has_words(item)]:
            _empty(part)
            part.extend(held)
            for item in items:
                strays += (item, " ")
    for inline, run in groupby(strays, lambda item: isinstance(item, str) or item.tag in INLINE):
        items = list(run)
        for block in [_filled(table, "p", items)] if inline else items:
            if _has_words(block):
                table.addprevious(block)


def _give_rows(part: Node) -> None:
    for is_cell, run in groupby(list(part), lambda child: child.tag in _CELLS):
        cells = list(run)
        if is_cell:
            row = part.makeelement("tr", _line(cells[0]))
            cells[0].addprevious(row)
            row.extend(cells)


def _line(node: Node) -> dict[str, str]:
    return {"data-l": node.get("data-l")} if node.get("data-l") else {}


def _has_words(item: Node | str) -> bool:
    text = item if isinstance(item, str) else "".join(item.itertext())
    return bool(text.strip()) or (not isinstance(item, str) and _shows(item))


def _shows(node: Node) -> bool:
    """Return whether an element without words is printed all the same."""
    return any(
        inner.tag not in INLINE or inner.tag in ("img", "input") or inner.tag.startswith("x-")
        for inner in node.iter()
    )


def _empty(node: Node) -> None:
    node.text = None
    for child in list(node):
        child.tail = None
        node.remove(child)


def _filled(near: Node, tag: str, items: Iterable[Node | str]) -> Node:
    """Return a new element that holds words and elements."""
    element = near.makeelement(tag, _line(near))
    for item in items:
        if not isinstance(item, str):
            element.append(item)
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + item
        else:
            element.text = (element.text or "") + item
    return element
