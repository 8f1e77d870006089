"""The portable book as GitHub's Markdown: a file for each chapter, by name."""

from __future__ import annotations

import json
import re
from html import escape

from .portable import Node


def to_markdown(book: Node) -> str:
    """The files and the book's title, as JSON: mdbindery reads a folder."""
    chapters = [chapter for chapter in book["chapters"] if not _is_list(chapter)]
    place = {name: file for file, chapter in _named(chapters) for name in _ids(chapter["blocks"])}
    place |= {chapter["id"]: file for file, chapter in _named(chapters)}
    files = {file: _chapter(chapter, place) for file, chapter in _named(chapters)}
    return json.dumps({"title": book["title"], "author": book["author"], "files": files})


def _named(chapters: list[Node]) -> list[tuple[str, Node]]:
    return [(f"{number:03}.md", chapter) for number, chapter in enumerate(chapters)]


def _is_list(chapter: Node) -> bool:
    """Whether a chapter is the contents, which the tool makes itself."""
    return any(node["kind"] == "contents" for node in chapter["blocks"])


def _ids(nodes: list[Node]) -> list[str]:
    found = [node["id"] for node in nodes if node.get("id")]
    for node in nodes:
        found += _ids(node.get("blocks", []))
        for item in node.get("items", ()):
            found += _ids(item)
    return found


def _chapter(chapter: Node, place: dict[str, str]) -> str:
    blocks = "\n".join(_block(node, place) for node in chapter["blocks"])
    return f"{_anchor(chapter['id'])}# {_escaped(chapter['title']) or 'Cover'}\n\n{blocks}"


def _anchor(name: str) -> str:
    return f'<a id="{name}"></a>\n\n' if name else ""


def _block(node: Node, place: dict[str, str]) -> str:
    kind = node["kind"]
    if kind == "paragraph":
        return f"{_anchor(node['id'])}{_runs(node['runs'], place)}\n"
    if kind == "heading":
        marks = "#" * min(6, node["level"])
        return f"{_anchor(node['id'])}{marks} {_runs(node['runs'], place)}\n"
    if kind == "list":
        first = node["start"]
        items = [
            _item(item, f"{first + n}. " if node["ordered"] else "- ", place)
            for n, item in enumerate(node["items"])
        ]
        return "\n".join(items) + "\n<!-- -->\n"
    if kind == "table":
        return _table(node, place)
    if kind == "code":
        return f"````` {node['language']}\n{node['text']}\n`````\n"
    if kind in ("box", "quote"):
        title = f"**{_escaped(node['title'])}**\n\n" if node.get("title") else ""
        body = title + "\n".join(_block(n, place) for n in node["blocks"])
        return "".join(f"> {line}" for line in body.splitlines(True)) + "\n"
    raise TypeError(kind)


def _item(nodes: list[Node], marker: str, place: dict[str, str]) -> str:
    body = "\n".join(_block(node, place) for node in nodes).strip("\n")
    return marker + body.replace("\n", "\n" + " " * len(marker)) + "\n"


def _table(node: Node, place: dict[str, str]) -> str:
    def row(cells: list[list[Node]]) -> str:
        return f"| {' | '.join(_cell(cell, place) for cell in cells)} |"

    header = node["header"][0] if node["header"] else [[] for _ in node["widths"]]
    lines = [row(header), "|" + "---|" * len(node["widths"])]
    lines += map(row, (*node["header"][1:], *node["rows"]))
    return f"{_anchor(node['id'])}{_escaped(node['caption'])}\n\n" + "\n".join(lines) + "\n"


def _cell(nodes: list[Node], place: dict[str, str]) -> str:
    """Blocks of a cell, which has one line: `<br>` is between them."""
    parts: list[str] = []
    for node in nodes:
        if "runs" in node:
            parts.append(_runs(node["runs"], place))
        elif node["kind"] == "code":
            parts += [f"`{line}`" for line in node["text"].splitlines() if line.strip()]
        for item in node.get("items", ()):
            parts.append("• " + _cell(item, place))
        if node.get("blocks"):
            parts.append(_cell(node["blocks"], place))
    return "<br>".join(parts).replace("|", "\\|").replace("\n", " ")


def _escaped(text: str) -> str:
    return re.sub(r"([\\*`_\[\]#~$^:])", r"\\\1", escape(text, quote=False))


def _runs(runs: list[Node], place: dict[str, str]) -> str:
    return "".join(_run(run, place) for run in runs)


def _run(run: Node, place: dict[str, str]) -> str:
    text = run["text"]
    core = text.strip(" ")
    if "page" in run or not core:
        return text
    if text == "\n":
        return "<br>"
    words = f"`` {core} ``" if run.get("c") else _escaped(core)
    for mark, sign in (("i", "*"), ("b", "**")):
        words = f"{sign}{words}{sign}" if run.get(mark) else words
    link = run.get("link", "")
    if link.startswith("#"):
        file = place.get(link[1:])
        words = f"[{words}]({file}{link})" if file else words
    elif link:
        words = f"[{words}](<{link}>)"
    before, after = text[: len(text) - len(text.lstrip(" "))], text[len(text.rstrip(" ")) :]
    return before + words + after
