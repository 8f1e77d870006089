"""What must hold of the structure of every PDF we write, whatever is in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from conftest import Built
from expect import Expected
from readback import Node, Reader, squeeze

from handbook.document.nodes import (
    Cell,
    CodeBlock,
    DefinitionList,
    Document,
    Heading,
    Link,
    Table,
    inlines_of,
    walk,
    walk_inlines,
)


def check_structure(built: Built) -> tuple[Reader, Node]:
    """Everything below, on one file; returns the reader and the tree for more."""
    reader = Reader(built.pdf)
    tree = reader.structure()
    assert reader.unmarked == []
    every_mark_is_used_once(reader)
    parent_tree_agrees(reader)
    annotations_are_reachable(reader, tree)
    headings_have_no_gaps(tree)
    contents_are_nested(built, tree)
    code_is_line_by_line(built.document, tree)
    text_is_the_documents(built, tree)
    return reader, tree


def every_mark_is_used_once(reader: Reader) -> None:
    drawn = [(page, mcid) for page, mcids in enumerate(reader.mcids) for mcid in mcids]
    assert len(drawn) == len(set(drawn))
    assert sorted(drawn) == sorted(reader.used)


def parent_tree_agrees(reader: Reader) -> None:
    root = reader.pdf.Root.StructTreeRoot
    nums = list(root.ParentTree.Nums)
    parents = {int(k): v for k, v in zip(nums[::2], nums[1::2], strict=True)}
    owners: dict[tuple[int, int], Any] = {}
    collect_owners(reader, root.K[0], owners)
    for index, page in enumerate(reader.pdf.pages):
        for mcid in reader.mcids[index]:
            parent = parents[int(page.StructParents)][mcid]
            assert parent.objgen == owners[index, mcid], (index, mcid)


def collect_owners(reader: Reader, element: Any, owners: dict[tuple[int, int], Any]) -> None:
    import pikepdf

    kids = element.get("/K", pikepdf.Array([]))
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            owners[reader.page_index[element.Pg.objgen], kid] = element.objgen
        elif kid.get("/Type") == "/MCR":
            owners[reader.page_index[kid.Pg.objgen], int(kid.MCID)] = element.objgen
        elif kid.get("/Type") != "/OBJR":
            assert kid.P.objgen == element.objgen
            collect_owners(reader, kid, owners)


def annotations_are_reachable(reader: Reader, tree: Node) -> None:
    reached = {a.objgen for node in tree.walk() for a in node.annotations}
    present = {a.objgen for _, a in reader.links()}
    assert reached == present
    for node in tree.walk():
        if node.annotations:
            assert node.tag == "Link"
            assert node.text.strip()


def headings_have_no_gaps(tree: Node) -> None:
    level = 0
    for node in tree.walk():
        if node.tag[0] == "H" and node.tag[1:].isdigit():
            assert int(node.tag[1:]) <= level + 1
            level = int(node.tag[1:])


def contents_are_nested(built: Built, tree: Node) -> None:
    """Each entry of a contents list is in the entry that it is part of, and in order."""
    expected = Expected(built.document, built.labels, built.values, built.paper)
    want, *areas = [
        [(depth, squeeze(words)) for depth, words in each]
        for each in (expected.contents(), *expected.sections_of_areas())
    ]
    tops = [
        kid
        for node in tree.walk()
        if node.tag not in ("TOC", "TOCI")
        for kid in node.kids
        if isinstance(kid, Node) and kid.tag == "TOC"
    ]
    lists = [list(entries(top)) for top in tops]
    for found in lists:
        assert found in (want, *areas, [(0, words) for _, words in found])
    assert all(area in lists for area in areas)
    if want and lists_contents(built.document):
        assert want in lists


def entries(toc: Node, depth: int = 0) -> Iterator[tuple[int, str]]:
    """The entries of a contents list: how deep each is, from 0, and its own text."""
    for item in toc.kids:
        assert isinstance(item, Node)
        assert item.tag == "TOCI"
        yield depth, squeeze(own_text(item))
        nested = [kid for kid in item.kids if isinstance(kid, Node) and kid.tag == "TOC"]
        assert len(nested) <= 1
        for each in nested:
            assert item.kids[-1] is each
            yield from entries(each, depth + 1)


def own_text(item: Node) -> str:
    """The text of an entry without the entries in it."""
    return "".join(
        kid if isinstance(kid, str) else "" if kid.tag == "TOC" else kid.text for kid in item.kids
    )


def noted(block: CodeBlock, line: int) -> str:
    mark = dict(block.callouts).get(line)
    return f"({mark})" if mark else ""


def code_is_line_by_line(document: Document, tree: Node) -> None:
    """Each line of a listing is an element of its own, in order, with the number of its note."""
    written = (
        squeeze(line + noted(block, number))
        for chapter in document.chapters
        if chapter.layout not in ("cover", "back-cover")
        for block in walk(chapter.blocks)
        if isinstance(block, CodeBlock)
        for number, line in enumerate(block.text.split("\n"), 1)
    )
    found = iter([squeeze(node.text) for node in tree.all("Code")])
    for line in filter(None, written):
        assert line in found, line


def text_is_the_documents(built: Built, tree: Node) -> None:
    expected = Expected(built.document, built.labels, built.values, built.paper)
    meanings = expected.facts.meaning_of.items()
    definitions = {squeeze(f"{term}: {expected.inlines(meaning)}") for term, meaning in meanings}
    assert squeeze(text_without(tree, definitions)) == squeeze(expected.text())


def text_without(node: Node, definitions: set[str]) -> str:
    """The text of a tree without the definitions that are repeated next to the text."""
    if "/ActualText" in node.attributes:
        return node.text
    if node.tag == "Div" and squeeze(node.text) in definitions:
        return ""
    return "".join(
        kid if isinstance(kid, str) else text_without(kid, definitions) for kid in node.kids
    )


def same_outline(document: Document, tree: Node, built: Built) -> None:
    """Headings, tables with their cells, and link targets are those of the document."""
    expected = Expected(document, built.labels, built.values, built.paper)
    headings = [
        squeeze(expected.inlines(block.content))
        for chapter in document.chapters
        for block in walk(chapter.blocks)
        if isinstance(block, Heading)
    ]
    found = [squeeze(node.text) for node in tree.all("H2", "H3", "H4", "H5", "H6")]
    assert found == [h for h in headings if h]
    tables = [
        [
            *(
                [squeeze(expected.blocks(cell.blocks)) for cell in row.cells]
                for row in table.header
            ),
            *([squeeze(words) for words in expected.row(row)] for row in table.rows),
        ]
        for chapter in document.chapters
        for table in walk(chapter.blocks)
        if isinstance(table, Table)
    ]
    shown = [
        [
            [squeeze(cell.text) for cell in row.kids if isinstance(cell, Node)]
            for row in node.all("TR")
        ]
        for node in tree.all("Table")
    ]
    assert shown == tables
    targets = [
        inline.target
        for blocks in (*(c.blocks for c in document.chapters), *document.notes.values())
        for block in walk(blocks)
        for run in inlines_of(block)
        for inline in walk_inlines(run)
        if isinstance(inline, Link) and not inline.target.startswith("#")
    ]
    uris = [
        str(node.annotations[0].A.URI)
        for node in tree.all("Link")
        if node.annotations and "/A" in node.annotations[0]
    ]
    assert sorted(uris) == sorted(
        targets + ([] if not lists_links(document) else sorted(set(targets)))
    )


def lists_links(document: Document) -> bool:
    return has(document, "links")


def lists_contents(document: Document) -> bool:
    return has(document, "contents")


def has(document: Document, directive: str) -> bool:
    return any(
        getattr(block, "name", "") == directive
        for chapter in document.chapters
        for block in walk(chapter.blocks)
    )


__all__ = ["Cell", "DefinitionList", "check_structure", "own_text", "same_outline"]
