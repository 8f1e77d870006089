"""Turn what MyST adds to Markdown into GitHub's dialect: directives in fences, roles, labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...core.i18n import noop, translations_for
from .model import Book, Page, link_between
from .myst_directives import Directive, directive_lines, read_directive, uncomputed_name
from .myst_roles import Labels, label_id, page_link, role_text
from .rewriting import outside_code, outside_fences
from .sources import front_matter, table, words

_OPEN = re.compile(r"^([ \t>]*)(`{3,}|:{3,}|~{3,})[ ]*\{([\w:.+-]+)\}[ \t]*(.*?)[ \t]*$")
_LABEL = re.compile(r"^([ \t]*)\(([^()\n]+)\)=[ \t]*$", re.MULTILINE)
_LABELLED = re.compile(
    r"^[ \t]*\(([^()\n]+)\)=[ \t]*\n(?:[ \t]*\n|[ \t]*\([^()\n]+\)=[ \t]*\n)*(?:#{1,6}[ \t]+([^\n]+))?",
    re.MULTILINE,
)
_ROLE = re.compile(r"(?<![\\`])\{([A-Za-z][\w:+-]*)\}(`+)(?!`)(.{1,2000}?)(?<!`)\2(?!`)", re.DOTALL)
_EQUATION = re.compile(r"^([ \t]*)\$\$[ \t]*\(([^()\s]+)\)[ \t]*$", re.MULTILINE)
_REFERENCE = re.compile(r"\[([^\[\]\n]*)\]\(#?([\w:./-]+)\)")
_AMS = re.compile(
    r"^([ \t]*)\\begin\{(equation|align|gather|multline|eqnarray)(\*?)\}(.{1,4000}?)\\end\{\2\3\}[ \t]*$",
    re.DOTALL | re.MULTILINE,
)
_COMMENT = re.compile(r"^[ \t]*(?:%.*|\+\+\+.*)$", re.MULTILINE)
_VALUE = re.compile(r"\{\{[ \t]*([\w.-]+)[ \t]*\}\}")
_DEEPEST = 12
# What names a directive is within this many lines of its beginning.
_REACH = 400


def prepare_myst(book: Book) -> None:
    """Find what labels name in all pages, and number figures, tables and equations."""
    labels = Labels()
    book.__dict__["labels"] = labels
    for page in book.pages():
        text = book.sources.text(page.path)
        body = text[front_matter(text)[1] :]
        for match in _LABELLED.finditer(body):
            title = _LABEL.sub("", re.sub(r"\{[\w:]+\}|[*`]", "", match[2] or "")).strip()
            labels.places.setdefault(match[1], (page, title))
        for match in _EQUATION.finditer(body):
            _number(labels, book, page, "eq", match[2])
        for one in _directives(body):
            _label(labels, book, page, one)


def _directives(text: str) -> Iterator[Directive]:
    lines = text.split("\n")
    for at, line in enumerate(lines):
        if match := _OPEN.match(line):
            near = lines[at : at + _REACH]
            end = _closing(near, 0, match)
            yield read_directive(match[3], match[4], near[1:end], match[1])


def _label(labels: Labels, book: Book, page: Page, one: Directive) -> None:
    label = one.options.get("name") or one.options.get("label") or ""
    if one.name == "glue:figure":
        if label:
            language = book.about.get("language") or "en"
            labels.places.setdefault(label, (page, uncomputed_name(label, language)))
    elif one.name == "figure" and one.body_text:
        _number(labels, book, page, "fig", label)
    elif one.name in ("table", "list-table", "csv-table") and one.argument:
        _number(labels, book, page, "tbl", label)
    elif one.name in ("math", "glue:math"):
        _number(labels, book, page, "eq", label)
    elif label:
        title = re.sub(r"[*`]", "", one.argument) or one.name.rpartition(":")[2].partition("-")[0]
        labels.places.setdefault(label, (page, title.capitalize()))


def _number(labels: Labels, book: Book, page: Page, kind: str, label: str) -> None:
    labels.counts[kind] += 1
    if label:
        translate = translations_for(book.about.get("language") or "en").gettext
        message = {"fig": noop("Figure {number}"), "tbl": noop("Table {number}")}.get(kind)
        number = labels.counts[kind]
        label_text = translate(message, number=number) if message else f"({number})"
        labels.places.setdefault(label, (page, label_text))


def rewrite_myst(text: str, page: Page, book: Book) -> str:
    """Return a page in GitHub's dialect."""
    front, end = front_matter(text)
    return _with_title_alone(text[:end], front) + _body(text[end:], page, book, 0)


def _with_title_alone(written: str, front: dict[str, object]) -> str:
    """Return front matter without the settings of a notebook's program."""
    if not front.keys() & {"jupytext", "kernelspec"}:
        return written
    title = words(front.get("title"))
    return f"---\ntitle: {title!r}\n---\n" if title else ""


def _body(text: str, page: Page, book: Book, depth: int) -> str:
    text = outside_fences(text, lambda piece: _COMMENT.sub("", piece))
    text = _opened(text, page, book, depth)

    def prose(piece: str) -> str:
        piece = _LABEL.sub(lambda m: f'{m[1]}<a id="{label_id(m[2])}"></a>\n', piece)
        piece = _EQUATION.sub(r"\1$$" + "\n\n" + r'<a id="\2"></a>', piece)
        piece = _AMS.sub(_aligned, piece) if "\\end{" in piece else piece
        piece = outside_code(piece, lambda one: _VALUE.sub(lambda m: _value(m, page, book), one))
        piece = _ROLE.sub(lambda match: role_text(match, text, page, book), piece)
        return outside_code(
            piece, lambda one: _REFERENCE.sub(lambda m: _linked(m, page, book), one)
        )

    return outside_fences(text, prose)


def _aligned(match: re.Match[str]) -> str:
    inner = {"align": "aligned", "eqnarray": "aligned", "gather": "gathered"}.get(match[2], "")
    body = match[4].strip("\n")
    body = f"\\begin{{{inner}}}\n{body}\n\\end{{{inner}}}" if inner else body
    return f"{match[1]}$$\n{body}\n$$"


def _value(match: re.Match[str], page: Page, book: Book) -> str:
    """Return a substitution that the page or the settings have."""
    extensions = table(book.settings.get("parse"))
    for mapping in (page.front, table(page.front.get("myst")), extensions):
        for key in ("substitutions", "myst_substitutions"):
            if value := words(table(mapping.get(key)).get(match[1])):
                return value
    return match[0]


def _linked(match: re.Match[str], page: Page, book: Book) -> str:
    """Return a link to a label; one without words has those of what it leads to."""
    labels: Labels = book.__dict__["labels"]
    place = labels.places.get(match[2])
    if place is None:
        named = not match[1] and match[2].endswith((".md", ".ipynb"))
        return page_link("", match[2], page, book) if named else match[0]
    address = "" if place[0] is page else link_between(page, place[0].name)
    return f"[{match[1] or place[1] or match[2]}]({address}#{label_id(match[2])})"


def _opened(text: str, page: Page, book: Book, depth: int) -> str:
    """Return text with its directives as boxes, figures, tables and code."""
    if "{" not in text:
        return text
    lines = text.split("\n")
    kept: list[str] = []
    fence = ""
    at = 0
    while at < len(lines):
        line = lines[at]
        match = _OPEN.match(line) if not fence and depth < _DEEPEST else None
        if match is None:
            fence = _fence_after(fence, line)
            kept.append(line)
            at += 1
            continue
        end = _closing(lines, at, match)
        margin = match[1]
        inner = [one.removeprefix(margin) for one in lines[at + 1 : end]]
        one = read_directive(match[3], match[4], inner, margin)
        converted = directive_lines(
            one, page, book, lambda body: _opened(body, page, book, depth + 1)
        )
        kept += [margin + each if each.strip() else "" for each in converted]
        at = end + 1
    return "\n".join(kept)


def _fence_after(fence: str, line: str) -> str:
    """Return the fence that is open after a line of no directive."""
    mark = re.match(r"[ \t>]*(`{3,}|~{3,})([^`]*)$", line)
    if not mark:
        return fence
    if not fence:
        return mark[1]
    return "" if mark[1].startswith(fence) and not mark[2].strip() else fence


def _closing(lines: Sequence[str], at: int, match: re.Match[str]) -> int:
    """Return the line that closes the directive of a line, or the end of the text."""
    sign = match[2][0]
    depth = 0
    for n in range(at + 1, len(lines)):
        bare = lines[n].strip(" \t>")
        if not bare.startswith(sign * 3):
            continue
        run = len(bare) - len(bare.lstrip(sign))
        if run == len(bare) and run >= len(match[2]):
            if not depth:
                return n
            depth -= 1
        elif sign == ":" and run == len(match[2]) and bare[run:].lstrip().startswith("{"):
            depth += 1
    return len(lines)
