"""The portable book as AsciiDoc."""

from __future__ import annotations

import re

from .portable import Node


def to_asciidoc(book: Node) -> str:
    """The whole file: a title page, contents, then every chapter on a new page."""
    head = (
        f"= {book['title']}\n{book['author']}\n:doctype: book\n:title-page:\n:toc: macro\n"
        ":toclevels: 2\n:outlinelevels: 2\n:media: screen\n:!chapter-signifier:\n"
        ":table-caption!:\n:example-caption!:\n:sectids!:\n\n"
    )
    return head + "\n".join(_chapter(chapter) for chapter in book["chapters"])


def _chapter(chapter: Node) -> str:
    blocks = "\n".join(map(_block, chapter["blocks"]))
    if chapter["layout"] == "cover":
        # Its headings are words of a title page, not of the outline.
        blocks = "\n".join(
            _block({**node, "kind": "paragraph"} if "runs" in node else node)
            for node in chapter["blocks"]
        )
    return f"[#{chapter['id']}]\n== {_plain(chapter['title'])}\n\n{blocks}\n"


def _plain(text: str) -> str:
    return f"pass:c[{text.replace(']', chr(92) + ']')}]" if text else ""


def _block(node: Node, nested: bool = False) -> str:
    kind = node["kind"]
    label = f"[#{node['id']}]\n" if node.get("id") else ""
    if kind == "paragraph":
        return f"{label}{_runs(node['runs'])}\n"
    if kind == "heading":
        plain = "".join(run["text"] for run in node["runs"])
        if node["level"] > 2:
            return f"{label}[discrete]\n{'=' * (node['level'] + 1)} {_plain(plain)}\n"
        return f"{label}=== {_plain(plain)}\n"
    if kind == "list":
        marker = "." if node["ordered"] else "*"
        items = [f"{marker} {_item(item)}" for item in node["items"]]
        start = f"[start={node['start']}]\n" if node["ordered"] else ""
        return start + "\n".join(items) + "\n\n//-\n"
    if kind == "table":
        return label + _table(node)
    if kind == "code":
        return f"----\n{node['text']}\n----\n"
    if kind == "box":
        body = "\n".join(map(_block, node["blocks"]))
        title = f".{node['title']}\n" if node["title"] else ""
        return f"{title}====\n{body}\n====\n"
    if kind == "quote":
        return "--\n" + "\n".join(map(_block, node["blocks"])) + "\n--\n"
    if kind == "contents":
        return "toc::[]\n"
    raise TypeError(kind)


def _item(nodes: list[Node]) -> str:
    first, *rest = [_block(node).strip("\n") for node in nodes]
    return "\n+\n".join([first, *(f"--\n{block}\n--" for block in rest)])


def _table(node: Node) -> str:
    def row(cells: list[list[Node]]) -> str:
        return "\n".join(
            "|" + "\n\n".join(_block(n).strip("\n") for n in cell).replace("|", "\\|")
            for cell in cells
        )

    columns = ",".join(str(max(1, round(10 * width))) for width in node["widths"])
    rows = "\n\n".join(map(row, (*node["header"], *node["rows"])))
    option = ",options=header" if node["header"] else ""
    caption = f".{node['caption']}\n"
    return f'{caption}[cols="{columns}"{option}]\n|===\n{rows}\n|===\n'


def _runs(runs: list[Node]) -> str:
    return "".join(map(_run, runs)) or "{empty}"


def _run(run: Node) -> str:
    if "page" in run:
        return f"xref:{run['page']}[0]"
    if run["text"] == "\n":
        return " +\n"
    words = _literal(run["text"])
    for mark, sign in (("c", "``"), ("i", "__"), ("b", "**")):
        if run.get(mark):
            words = f"{sign}{words}{sign}"
    link = run.get("link", "")
    if link.startswith("#"):
        return f"xref:{link[1:]}[{words.replace(']', chr(92) + ']')}]"
    return f"link:++{link}++[{words.replace(']', chr(92) + ']')}]" if link else words


def _literal(text: str) -> str:
    """Text in which nothing is taken for mark-up."""
    return re.sub(r"([*_`#^~{}\[\]|+<>&'\"()=.-]{1})", lambda m: f"&#{ord(m[1])};", text)
