"""Read what kramdown adds to Markdown: attribute lists, comments, a place for the contents."""

from __future__ import annotations

import re

from .model import Book, Page
from .rewriting import outside_code, outside_fences, pieces, with_inline_tags
from .sources import table

_BLOCK_ATTRIBUTES = re.compile(r"^([ \t>]*)\{:([^{}\n]*)\}[ \t]*$")
_INLINE_ATTRIBUTES = re.compile(r"(?:(?<=[)\]*_>\"])|\A)\{:[^{}\n]*\}")
_KRAMDOWN = re.compile(
    r"^\{::(comment)\}.*?^\{:/(?:comment)?\}|^\{::?/?[\w-]+[^{}\n]*/?\}[ \t]*$",
    re.DOTALL | re.MULTILINE,
)
_TOC = re.compile(
    r"(?:^#{1,6}[ \t]+[^\n]{0,200}(?:contents|TOC)[^\n]{0,200}\n(?:[ \t]*\{:[^{}\n]*\}[ \t]*\n)?(?:[ \t]*\n)*)?"
    r"^[ \t>]*(?:[-*+]|\d+\.)[ \t]+[^\n]*\n[ \t>]*\{:[ ]*toc[^{}\n]*\}[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_OPEN = re.compile(
    r"^([ ]{0,3}<(?:div|section|article|aside|details|p|blockquote|figure|figcaption)\b[^<>\n]{0,400}\bmarkdown=[^<>\n]{0,400}>)[ \t]*\n(?=[ \t]*\S)",
    re.MULTILINE,
)
_CLOSE = re.compile(
    r"^([ ]{0,3}</(?:div|section|article|aside|table|ul|ol|dl|p)>[ \t]*\n)(?=[ \t]*[^\s<])",
    re.MULTILINE,
)
_OPENED = re.compile(
    r"^[ ]{0,3}<[a-z]+\b[^<>\n]{0,400}\bmarkdown=[^<>\n]{0,400}>[ \t]*\n\Z", re.MULTILINE
)
_CLOSED = re.compile(r"^[ ]{0,3}</[a-z]+>[ \t]*\n\Z", re.MULTILINE)
_DEEPEST = 5
_BOXES = ("note", "warning", "tip", "important", "highlight", "new", "caution", "info", "danger")


def read_kramdown(text: str, _page: Page, book: Book) -> str:
    """Turn kramdown's attribute lists into boxes and ids; leave out the others."""
    if "</" in text:
        text = outside_fences(_separated(text), with_inline_tags)
    if "{:" not in text:
        return text
    callouts = {*_BOXES, *table(book.settings.get("callouts"))}

    def without_contents(match: re.Match[str]) -> str:
        book.report.changed["contents of single pages, left out"] += 1
        return "\n" * match[0].count("\n")

    def read(piece: str) -> str:
        plain = _KRAMDOWN.sub(_blank, _TOC.sub(without_contents, piece))
        return _attribute_lists(plain, callouts)

    return outside_fences(text, read)


def _separated(text: str) -> str:
    """Return text in which elements of HTML end where kramdown ends them: at their last tag."""
    parts: list[str] = []
    for code, piece in pieces(text):
        if code and parts and (_CLOSED.search(parts[-1][-80:]) or _OPENED.search(parts[-1][-900:])):
            parts.append("\n")
        parts.append(piece if code else _CLOSE.sub("\\1\n", _OPEN.sub("\\1\n\n", piece)))
    return "".join(parts)


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


def _attribute_lists(text: str, callouts: set[str], depth: int = 0) -> str:
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
            if ">" in match[1]:
                # Lines of a quote may lack its marks.
                bare = [re.sub(r"^[ \t]*>[ ]?", "", one) for one in block]
                boxed = _boxed(box, bare, "", callouts, depth)
                kept += [*((match[1] + one).rstrip() for one in boxed[:-1]), ""]
                continue
            kept += _boxed(box, block, match[1], callouts, depth)
            continue
        if box and before:
            block = []
            while kept and kept[-1].strip():
                block.insert(0, kept.pop())
            kept += _boxed(box, block, match[1], callouts, depth)
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


def _boxed(name: str, block: list[str], margin: str, callouts: set[str], depth: int) -> list[str]:
    """Return a box around a block, in which others may be."""
    kind, title = name.removesuffix("-title"), ""
    if all(line.lstrip().startswith(">") for line in block if line.strip()):
        block = [re.sub(r"^\s*>[ ]?", "", line) for line in block]
    if name.endswith("-title") and block:
        title, block = block[0].strip(), block[1:]
    if depth < _DEEPEST and any("{:" in line for line in block):
        # An empty line, as a list that begins the text is one of a span before it.
        block = _attribute_lists("\n".join(["", *block]), callouts, depth + 1).split("\n")[1:]
    return [f"{margin}:::{kind} {title}".rstrip(), *block, f"{margin}:::", ""]
