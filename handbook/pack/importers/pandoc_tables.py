"""Turn the grid tables, simple and multiline tables of Pandoc into tables of GitHub's dialect."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

_BORDER = re.compile(r"\+(?:[-=:]+\+)+[ \t]*$")
_RULED = re.compile(r"[ \t]*-{2,}(?:[ \t]+-{2,})+[ \t]*$")
_DASHES = re.compile(r"-{3,}[ \t]*$")
_COLUMNS = re.compile(r"-+(?:[ \t]+-+)+[ \t]*$|-{3,}[ \t]*$")
# A table has no more lines.
_LONGEST = 2000


def plain_tables(text: str) -> str:
    """Return text with pipe tables in place of grid tables, simple and multiline tables."""
    if "+-" not in text and "+=" not in text and "---" not in text:
        return text
    lines = text.split("\n")
    kept: list[str] = []
    at = 0
    while at < len(lines):
        blank = not kept or not kept[-1].strip()
        table = None
        if _BORDER.match(lines[at]):
            table = _grid(lines, at)
        elif blank and _DASHES.match(lines[at]):
            table = _multiline(lines, at)
        if table is None and blank:
            table = _simple(lines, at)
        if table is None:
            kept.append(lines[at])
            at += 1
            continue
        rows, end = table
        # The lines below keep their numbers, as far as there is room.
        kept += [""] * max(0, end - at - len(rows)) + rows
        at = end
    return "\n".join(kept)


def _grid(lines: Sequence[str], start: int) -> tuple[list[str], int] | None:
    """Return the rows of a grid table, and the line after it; None if it is none."""
    end = start + 1
    while end < min(len(lines), start + _LONGEST) and lines[end].startswith(("|", "+")):
        end += 1
    borders = [line.rstrip() for line in lines[start:end] if _BORDER.match(line)]
    width = len(borders[0])
    edges = sorted({p for line in borders for p, sign in enumerate(line) if sign == "+"})
    rows: list[list[str]] = []
    block: list[str] = []
    head, rule = 0, max(borders, key=lambda line: line.count("+"))
    for at in range(start + 1, end):
        line = lines[at].rstrip()
        if _BORDER.match(line) and len(line) == width:
            if block:
                rows.append(_cells(block, edges))
            block = []
            if "=" in line and not head:
                head, rule = len(rows), line
        elif line.startswith("|") and len(line) == width and line.endswith(("|", "+")):
            block.append(line)
        else:
            end = at
            break
    if block or not rows or {p for p, sign in enumerate(rule) if sign == "+"} != {*edges}:
        return None
    signs = [rule[a + 1 : b] for a, b in pairwise(edges)]
    return list(_pipes(rows, head, signs)), end


def _cells(block: Sequence[str], edges: Sequence[int]) -> list[str]:
    """Return the cells of a row; one that goes over several columns is in the first of them."""
    walls = [
        edge
        for edge in edges
        if edge == edges[-1] or all(line[edge : edge + 1] in ("|", "+") for line in block)
    ]
    cells = dict.fromkeys(edges[:-1], "")
    for first, last in pairwise(walls):
        cells[first] = _joined([line[first + 1 : last] for line in block])
    return [*cells.values()]


def _multiline(lines: Sequence[str], start: int) -> tuple[list[str], int] | None:
    """Return the rows of a multiline table, and the line after it; None if it is none."""
    end = next(
        (
            n
            for n in range(start + 2, min(len(lines), start + _LONGEST))
            if _DASHES.match(lines[n]) and not "".join(lines[n + 1 : n + 2]).strip()
        ),
        None,
    )
    if end is None:
        return None
    rule = next(
        (n for n in range(start + 1, end) if _COLUMNS.match(lines[n]) and " " in lines[n].strip()),
        None,
    )
    if rule is None:
        return None
    spans = [(match.start(), match.end()) for match in re.finditer("-+", lines[rule])]
    bounds = [
        *zip([0, *(a for a, _ in spans[1:])], [*(a for a, _ in spans[1:]), None], strict=True)
    ]
    head = [_joined([line[a:b] for line in lines[start + 1 : rule]]) for a, b in bounds]
    rows: list[list[str]] = []
    block: list[str] = []
    for line in [*lines[rule + 1 : end], ""]:
        if line.strip():
            block.append(line)
        elif block:
            rows.append([_joined([one[a:b] for one in block]) for a, b in bounds])
            block = []
    return list(_pipes([head, *rows], 1, [""] * len(bounds))), end + 1


def _simple(lines: Sequence[str], start: int) -> tuple[list[str], int] | None:
    """Return the rows of a simple table, and the line after it; None if it is none.

    Dashes below the header, or above and below the rows, say where columns are.
    """
    headed = not _RULED.match(lines[start])
    at = start + headed
    if at >= len(lines) or not lines[start].strip() or not _RULED.match(lines[at]):
        return None
    end = next(
        (n for n in range(at + 1, min(len(lines), start + _LONGEST)) if not lines[n].strip()),
        len(lines),
    )
    rows = [line.expandtabs(4) for line in lines[at + 1 : end]]
    closed = bool(rows) and _RULED.match(rows[-1]) is not None
    rows = rows[:-1] if closed else rows
    if not rows or not (headed or closed) or any(_RULED.match(row) for row in rows):
        return None
    spans = [(match.start(), match.end()) for match in re.finditer("-+", lines[at].expandtabs(4))]
    bounds = [
        *zip([0, *(a for a, _ in spans[1:])], [*(a for a, _ in spans[1:]), None], strict=True)
    ]
    cells = [[_joined([row[a:b]]) for a, b in bounds] for row in rows]
    header = lines[start].expandtabs(4) if headed else ""
    head = [_joined([header[a:b]]) for a, b in bounds]
    signs = ["-:" if _flush_right(header, *span) else "-" for span in spans]
    return list(_pipes([head, *cells], 1, signs)), end


def _flush_right(header: str, start: int, end: int) -> bool:
    """Return whether words of a header end where its dashes end, and begin after them."""
    return header[start : start + 1].isspace() and bool(header[end - 1 : end].strip())


def _joined(parts: Sequence[str]) -> str:
    """Return the lines of a cell as one; a blank line between them is a line break."""
    text = "\n".join(part.strip() for part in parts).strip("\n")
    paragraphs = [" ".join(one.split("\n")) for one in re.split(r"\n{2,}", text)]
    items = [
        re.sub(r" (?=[-*] )", "<br>", one) if one[:2] in ("- ", "* ") else one for one in paragraphs
    ]
    return re.sub(r"(?<!\\)\|", r"\\|", "<br><br>".join(items))


def _pipes(rows: Sequence[list[str]], head: int, signs: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a pipe table; one without a header has an empty one."""
    header = [" ".join(filter(None, cells)) for cells in zip(*rows[:head], strict=True)]
    yield _pipe(header or [""] * len(signs))
    yield "|" + "|".join(_alignment(sign.strip()) for sign in signs) + "|"
    yield from map(_pipe, rows[head:])


def _pipe(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _alignment(sign: str) -> str:
    left, right = sign.startswith(":"), sign.endswith(":")
    return (":" if left else "-") + "-" + (":" if right else "-")
