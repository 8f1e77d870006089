"""The portable book as reStructuredText, and the style sheet that gives rst2pdf its fonts."""

from __future__ import annotations

import re

from .portable import Node


def to_rst(book: Node) -> str:
    """The whole file; the running head names the section, the foot the page."""
    head = (
        f".. header::\n\n   ###Section###\n\n.. footer::\n\n   {book['title']}, ###Page###\n\n"
        ".. role:: strike\n\n"
    )
    return head + "\n".join(_chapter(chapter) for chapter in book["chapters"])


def _chapter(chapter: Node) -> str:
    blocks = "\n".join(_block(node, chapter) for node in chapter["blocks"])
    if chapter["layout"] == "cover":
        lines = [_runs(node["runs"]) for node in chapter["blocks"] if "runs" in node]
        return "\n\n".join(lines) + "\n\n.. raw:: pdf\n\n   PageBreak oneColumn\n"
    title = _title(chapter["title"], 1)
    return f"{_label(chapter['id'])}{title}\n{blocks}"


def _label(name: str) -> str:
    return f".. _{name}:\n\n" if name else ""


def _title(words: str, level: int) -> str:
    return f"{words}\n{'=-~^+*'[level - 1] * (len(words) + 2)}\n"


def _indented(text: str, by: int = 3) -> str:
    return "".join(" " * by + line if line.strip() else line for line in text.splitlines(True))


def _block(node: Node, chapter: Node) -> str:
    kind = node["kind"]
    if kind == "paragraph":
        return f"{_label(node['id'])}{_runs(node['runs'])}\n"
    if kind == "heading":
        plain = "".join(run["text"] for run in node["runs"])
        # docutils wants levels in order, so what skips one is a paragraph in bold.
        if node["id"] in chapter["sections"] and node["level"] == 2:
            return f"{_label(node['id'])}{_title(_escaped(plain), 2)}"
        return f"{_label(node['id'])}.. class:: heading3\n\n**{_escaped(plain)}**\n"
    if kind == "list":
        marker = f"{node['start']}. " if node["ordered"] else "* "
        items = [
            _item(item, chapter, marker if n == 0 else "#. " if node["ordered"] else marker)
            for n, item in enumerate(node["items"])
        ]
        return "\n".join(items)
    if kind == "table":
        return _table(node, chapter)
    if kind == "code":
        return f"::\n\n{_indented(node['text'])}\n"
    if kind == "box":
        body = _indented("\n".join(_block(n, chapter) for n in node["blocks"]))
        return f".. admonition:: {_escaped(node['title']) or 'Note'}\n\n{body}\n"
    if kind == "quote":
        return ".. container::\n\n" + _indented(
            "\n".join(_block(n, chapter) for n in node["blocks"])
        )
    if kind == "contents":
        return ".. contents::\n   :depth: 2\n"
    raise TypeError(kind)


def _item(nodes: list[Node], chapter: Node, marker: str) -> str:
    body = "\n".join(_block(node, chapter) for node in nodes).strip("\n")
    return marker + _indented(body, len(marker)).lstrip() + "\n"


def _table(node: Node, chapter: Node) -> str:
    def row(cells: list[list[Node]]) -> str:
        made = [
            _indented("\n".join(_block(n, chapter) for n in cell).strip("\n"), 5) for cell in cells
        ]
        first, *rest = [cell.lstrip() for cell in made]
        return "\n".join([f"   * - {first}", *(f"     - {cell}" for cell in rest)])

    share = sum(node["widths"])
    widths = " ".join(str(max(1, round(100 * width / share))) for width in node["widths"])
    rows = "\n".join(map(row, (*node["header"], *node["rows"])))
    return (
        f"{_label(node['id'])}.. list-table:: {_escaped(node['caption'])}\n"
        f"   :header-rows: {len(node['header'])}\n   :widths: {widths}\n\n{rows}\n"
    )


def _escaped(text: str) -> str:
    return re.sub(r"([\\*`_|<>:])", r"\\\1", text)


def _runs(runs: list[Node]) -> str:
    """Inline mark-up does not nest, so the strongest mark of a run wins."""
    parts = []
    for run in runs:
        text = run["text"]
        core = text.strip(" ")
        if not core or core == "\n":
            parts.append(text.replace("\n", " ") or "0")
            continue
        before = " " if text.startswith(" ") else ""
        after = " " if text.endswith(" ") else ""
        said = _marked(run, core)
        if said != _escaped(core):
            # Marks are only seen between white space; no one sees an escaped space.
            said = f"\\ {said}\\ "
        parts.append(before + said + after)
    return "".join(parts).strip() or "\\"


def _marked(run: Node, core: str) -> str:
    link = run.get("link", "")
    words = _escaped(core)
    if link and not link.startswith("#"):
        return f"`{words} <{link.replace('_', chr(92) + '_')}>`__"
    if link:
        return f"`{words} <{link[1:]}_>`__"
    if run.get("c"):
        return f"``{core}``"
    if run.get("b"):
        return f"**{words}**"
    if run.get("i"):
        return f"*{words}*"
    return words
