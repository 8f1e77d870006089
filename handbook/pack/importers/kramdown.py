"""Read what kramdown adds to Markdown: attribute lists, comments, a place for the contents."""

from __future__ import annotations

import re

from .model import Book, Page
from .rewriting import outside_code, outside_fences
from .sources import table

_BLOCK_ATTRIBUTES = re.compile(r"^([ \t>]*)\{:([^{}\n]*)\}[ \t]*$")
_INLINE_ATTRIBUTES = re.compile(r"(?:(?<=[)\]*_>\"])|\A)\{:[^{}\n]*\}")
_KRAMDOWN = re.compile(
    r"^\{::(comment)\}.*?^\{:/(?:comment)?\}|^\{::?/?[\w-]+[^{}\n]*/?\}[ \t]*$",
    re.DOTALL | re.MULTILINE,
)
_TOC = re.compile(
    r"^[ \t>]*(?:[-*+]|\d+\.)[ \t]+[^\n]*\n[ \t>]*\{:[ ]*toc[^{}\n]*\}[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_BOXES = ("note", "warning", "tip", "important", "highlight", "new", "caution", "info", "danger")


def read_kramdown(text: str, _page: Page, book: Book) -> str:
    """Turn kramdown's attribute lists into boxes and ids; leave out the others."""
    if "{:" not in text:
        return text
    callouts = {*_BOXES, *table(book.settings.get("callouts"))}
    return outside_fences(
        text, lambda piece: _attribute_lists(_KRAMDOWN.sub(_blank, _TOC.sub("", piece)), callouts)
    )


def _blank(match: re.Match[str]) -> str:
    return (
        "\n" * match[0].count("\n")
        if "comment" in match[0]
        else (
            match[0]
            if match[0].startswith("{:") and not match[0].startswith(("{::", "{:/"))
            else ""
        )
    )


def _attribute_lists(text: str, callouts: set[str]) -> str:
    text = outside_code(text, lambda piece: _INLINE_ATTRIBUTES.sub("", piece))
    lines = text.split("\n")
    kept: list[str] = []
    at = 0
    while at < len(lines):
        match = _BLOCK_ATTRIBUTES.match(lines[at])
        if not match:
            kept.append(lines[at])
            at += 1
            continue
        classes = re.findall(r"\.([\w-]+)", match[2])
        box = next((n for n in classes if n.removesuffix("-title") in callouts), "")
        target = re.search(r"#([\w:.-]+)", match[2])
        before = bool(kept and kept[-1].strip())
        if box and not before:
            block, at = _block_after(lines, at + 1)
            kept += _boxed(box, block, match[1])
            continue
        if box and before:
            block = []
            while kept and kept[-1].strip():
                block.insert(0, kept.pop())
            kept += _boxed(box, block, match[1])
        elif target and before and re.match(r"[ \t>]*#{1,6} ", kept[-1]):
            kept[-1] += f" {{#{target[1]}}}"
        elif target and not before:
            kept.append(f'{match[1]}<a id="{target[1]}"></a>\n')
        at += 1
    return "\n".join(kept)


def _block_after(lines: list[str], at: int) -> tuple[list[str], int]:
    """Return the block that begins on a line, and the line after it."""
    end = at
    while end < len(lines) and lines[end].strip():
        end += 1
    return lines[at:end], end


def _boxed(name: str, block: list[str], margin: str) -> list[str]:
    kind, title = name.removesuffix("-title"), ""
    if all(line.lstrip().startswith(">") for line in block if line.strip()):
        block = [re.sub(r"^\s*>[ ]?", "", line) for line in block]
    if name.endswith("-title") and block:
        title, block = block[0].strip(), block[1:]
    # The attributes of a block inside the box were read before it, if any.
    return [f"{margin}:::{kind} {title}".rstrip(), *block, f"{margin}:::", ""]
