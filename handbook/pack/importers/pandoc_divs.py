"""Read the divisions of Pandoc and Quarto: boxes, tabs, figures, columns."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .model import Book, Page
from .pandoc_references import (
    label_in,
    reference_list,
)
from .rewriting import attributes_of

_DIV = re.compile(
    r"^([ \t>]*)(:{3,})[ \t]*(?:\{((?:[^{}\"]|\"[^\"]*\")*)\}|([^\s{}:]+))[ \t]*:*[ \t]*$"
)
_DIV_END = re.compile(r"^[ \t>]*:{3,}[ \t]*$")
_BOXES = {"callout-note": "note", "callout-tip": "tip", "callout-warning": "warning",
          "callout-caution": "caution", "callout-important": "important", "callout": "note"}  # fmt: skip
_HIDDEN = ("notes", "hidden", "content-hidden", "cell-output-display-none")
_plain_boxes = frozenset(
    {"note", "tip", "warning", "caution", "important", "danger", "info", "example", "question", "hint",
     "answer", "solution", "exercise", "discussion", "challenge", "objectives", "questions", "keypoints",
     "prereq", "testimonial", "spoiler", "instructor", "checklist", "theorem", "definition", "proof",
     "lemma", "corollary", "proposition", "remark", "rmdnote", "rmdtip", "rmdwarning", "rmdimportant",
     "rmdcaution", "alert", "aside-note"}
)  # fmt: skip


@dataclass
class _Div:
    """An open division: what ends it, and the level of its tabs."""

    end: str
    tabs: int = -1
    open_tab: bool = False
    hidden: bool = False


def with_divisions(text: str, page: Page, book: Book) -> str:
    """Turn divisions into boxes, tabs and figures; those without a meaning are opened up."""
    if ":::" not in text:
        return text
    kept: list[str] = []
    stack: list[_Div] = []
    fence = ""
    lines = text.split("\n")
    at = -1
    while at + 1 < len(lines):
        at += 1
        line = lines[at]
        mark = re.match(r"[ \t>]*(`{3,}|~{3,})", line)
        if fence:
            fence = (
                ""
                if mark and mark[1].startswith(fence) and not line.strip(" \t>" + fence[0])
                else fence
            )
        elif mark:
            fence = mark[1]
        opening = None if fence else _DIV.match(line)
        closing = not fence and not opening and _DIV_END.match(line)
        hidden = bool(stack and stack[-1].hidden)
        if opening:
            if hidden:
                stack.append(_Div("", hidden=True))
                continue
            division, first, taken = _opened(opening, lines, at, page, book)
            stack.append(division)
            kept += first
            at += taken
        elif closing and stack:
            division = stack.pop()
            if not division.hidden:
                kept += [*([":::", ""] if division.open_tab else []), *_closed(division, kept)]
        elif hidden:
            continue
        else:
            tab = (
                re.match(r"(#{1,6})[ \t]+(.*?)[ \t]*(?:\{[^{}]*\})?$", line)
                if stack and stack[-1].tabs >= 0 and not fence
                else None
            )
            if tab and stack[-1].tabs in (0, len(tab[1])):
                kept += [":::", ""] if stack[-1].open_tab else []
                stack[-1].tabs, stack[-1].open_tab = len(tab[1]), True
                kept.append(f":::tab {tab[2]}")
            else:
                kept.append(line)
    for division in reversed(stack):
        kept += [*([":::"] if division.open_tab else []), *_closed(division, kept)]
    return "\n".join(kept)


def _opened(
    match: re.Match[str], lines: list[str], at: int, page: Page, book: Book
) -> tuple[_Div, list[str], int]:
    """Return a division, the lines that begin it, and how many lines below it they took."""
    attributes = match[3] if match[3] is not None else f".{match[4]}"
    margin = match[1]
    classes = re.findall(r"\.([\w-]+)", re.sub(r"=(?:\"[^\"]*\"|'[^']*')", "", attributes))
    target, values = (
        label_in(re.sub(r"=(?:\"[^\"]*\"|'[^']*')", "", attributes)),
        attributes_of(attributes),
    )
    if any(name in _HIDDEN for name in classes) or values.get("when-format") in (
        "pdf",
        "latex",
        "beamer",
    ):
        book.report.changed["divisions for other formats left out"] += 1
        return _Div("", hidden=True), [], 0
    if target == "refs":
        return _Div(""), [reference_list(book), ""], 0
    if "panel-tabset" in classes:
        return _Div("", tabs=0), [""], 0
    if target.startswith(("fig-", "tbl-")):
        return _Div("figure"), [f'{margin}<figure id="{target}">', ""], 0
    anchor = [f'{margin}<a id="{target}"></a>', ""] if target else []
    kind = next((name for name in classes if name in _BOXES), "")
    theorem = re.match(r"(thm|lem|cor|prp|def|exm|exr|rem|sol)-", target)
    known = kind or next((name for name in classes if name.casefold() in _plain_boxes), "")
    if not known and not theorem:
        return _Div("" if anchor else "gap"), anchor or [""], 0
    title, taken = values.get("title", ""), 0
    following = next((n for n in range(at + 1, len(lines)) if lines[n].strip(" \t>")), at)
    heading = re.match(r"[ \t>]*#{1,6}[ \t]+(.*?)[ \t]*(?:\{[^{}]*\})?$", lines[following])
    if not title and heading and (kind or theorem):
        title, taken = heading[1], following - at
    name = _BOXES.get(kind, "") or known.casefold() or "note"
    return _Div(f"{margin}:::"), [*anchor, f"{margin}:::{name} {title}".rstrip()], taken


def _closed(division: _Div, kept: list[str]) -> list[str]:
    """Return the lines that end a division; the last paragraph of a figure is its caption."""
    if division.end != "figure":
        return [division.end if division.end != "gap" else "", *([""] if division.end else [])]
    end = len(kept)
    while end and not kept[end - 1].strip():
        end -= 1
    start = end
    while start and kept[start - 1].strip():
        start -= 1
    caption = kept[start:end]
    if start and caption and not caption[0].lstrip().startswith(("!", "|", "<", "`", "#")):
        del kept[start:]
        return ["<figcaption>", "", *caption, "", "</figcaption>", "</figure>", ""]
    return ["", "</figure>", ""]
