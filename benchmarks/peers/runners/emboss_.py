"""Emboss: `python emboss_.py BOOK PDF FONTS [TIMES]`; the book is the portable tree as JSON."""

import json
import sys
from pathlib import Path
from typing import Any


def make(source: str, target: str, fonts: str) -> None:
    """Set the book, with the fonts that come with Emboss."""
    from emboss import Document, HeaderFooter, PageSpec
    from emboss.bundled_fonts import register_bundled_fonts

    book = json.loads(Path(source).read_text("utf-8"))
    mm = 72 / 25.4
    margins = {"margin_top": 25 * mm, "margin_right": 19 * mm, "margin_bottom": 24 * mm,
               "margin_left": 40 * mm}  # fmt: skip
    document = Document(
        title=book["title"],
        author=book["author"],
        language=book["language"],
        page=PageSpec.a4(**margins),
        page_numbers=False,
        header=HeaderFooter(left="{section}", right=book["title"], first_page=False),
        footer=HeaderFooter(right="{page}", first_page=False),
    )
    register_bundled_fonts(document.fonts)
    for chapter in book["chapters"]:
        add_chapter(document, chapter)
    document.save(target)


def add_chapter(document: Any, chapter: Any) -> None:
    """One chapter, on a new page."""
    if chapter["layout"] == "cover":
        words = [plain([node]) for node in chapter["blocks"] if "runs" in node]
        document.cover(words[1], kicker=words[0], subtitle=words[2], date=" ".join(words[3:]))
        return
    document.page_break()
    document.heading(chapter["title"], level=1)
    add(document, chapter["blocks"])


def add(document: Any, nodes: Any) -> None:
    """Blocks, one after the other."""
    from emboss import CodeBlock, TableCell, TableOfContents
    from emboss.spec import BlockQuote

    for node in nodes:
        kind = node["kind"]
        if kind == "paragraph":
            document.paragraph(runs(node["runs"]))
        elif kind == "heading":
            document.heading(plain([node]), level=node["level"])
        elif kind == "list":
            items = [[r for n in item for r in inner(n)] for item in node["items"]]
            if node["ordered"]:
                document.numbered(items, start=node["start"])
            else:
                document.bullets(items)
        elif kind == "table":
            head = [TableCell(plain(cell)) for cell in (node["header"] or [[]])[0]]
            rows = [
                [TableCell([r for n in cell for r in inner(n)]) for cell in row]
                for row in node["rows"]
            ]
            document.table(head, rows, caption=node["caption"], column_widths=node["widths"])
        elif kind == "code":
            document.add(CodeBlock(node["text"], line_numbers=False))
        elif kind == "box":
            content = [r for n in node["blocks"] for r in inner(n)]
            document.callout(content, title=node["title"] or None)
        elif kind == "quote":
            document.add(BlockQuote([r for n in node["blocks"] for r in inner(n)]))
        elif kind == "contents":
            document.add(TableOfContents(title="", depth=2))


def inner(node: Any) -> list[Any]:
    """The runs of a block inside of another; a space parts it from the next."""
    from emboss import TextRun

    if "runs" in node:
        return [*runs(node["runs"]), TextRun(" ")]
    if node["kind"] == "code":
        return [TextRun(node["text"].replace("\n", " ") + " ")]
    if node["kind"] == "list":
        return [r for item in node["items"] for n in item for r in inner(n)]
    return [r for n in node.get("blocks", ()) for r in inner(n)]


def runs(nodes: Any) -> list[Any]:
    """Runs of text with their marks; links inside the book are left out, Emboss has none."""
    from emboss import TextRun

    made = []
    for node in nodes:
        link = node.get("link", "")
        made.append(
            TextRun(
                node["text"].replace("\n", " ") or "0",
                bold=bool(node.get("b")),
                italic=bool(node.get("i")),
                strikethrough=bool(node.get("s")),
                link=link if link and not link.startswith("#") else None,
                font_family="Source Code Pro" if node.get("c") else None,
            )
        )
    return made


def plain(nodes: Any) -> str:
    """The words of some blocks."""
    return " ".join("".join(run["text"] for run in node.get("runs", ())) for node in nodes)


if __name__ == "__main__":
    from timing import run

    run(make, sys.argv[1:])
