"""Turn what Pandoc and Quarto add to Markdown into GitHub's dialect."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

from ...core.i18n import noop, translations_for
from ...core.values import frozen
from .citations import Bibliography
from .includes import DEEPEST, find_file, note_include
from .model import Book, Page, link_between
from .rewriting import attributes_of, outside_code, outside_fences, pieces
from .sources import front_matter, read_mapping, table, words

PART = re.compile(r"^#[ \t]+\((?:PART|APPENDIX)\\?\*?\)[ \t]*([^\n]*)$", re.MULTILINE)
_MATH = re.compile(r"\$\$.+?\$\$|(?<![\\$])\$(?!\s)[^$\n]+?(?<!\s)\$(?!\d)", re.DOTALL)
_SPAN = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\{([^{}\n]*[.#=][^{}\n]*)\}")
_FIGURE = re.compile(r"^([ \t]*)!\[((?:[^\[\]\n]|\n(?!\s*\n)|\[[^\[\]]*\])*)\]\(([^()\s]*(?:\([^()]*\)[^()\s]*)*)(?:\s+[\"'][^\"']*[\"'])?\)(?:\{([^{}]*)\})?\\?[ \t]*$", re.MULTILINE)  # fmt: skip
_CAPTION = re.compile(r"[ \t]*(?::|Table:)[ \t]+(\S.*)$")
_CAPTION_END = re.compile(r"(?<![ \t])[ \t]*\{([^{}\n]*)\}[ \t]*$")
_EQUATION = re.compile(r"^([ \t]*)\$\$([^$]+)\$\$[ \t]*\{#([\w:-]+)[^{}]*\}", re.MULTILINE)
_RULE = re.compile(r"[ \t]*[|:+=-][ \t|:+=-]*")
_NUMBERED_DIV = re.compile(r"^[ \t>]*:{3,}[ \t]*\{[^{}\n]*#((?:fig|tbl)-[\w-]+)", re.MULTILINE)
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.*?)[ \t]*(?:\{([^{}\n]*)\})[ \t]*$", re.MULTILINE)
_REFERENCE = re.compile(r"(?<![\w@/.\\])(\[)?(-)?@((?:fig|tbl|sec|eq|lst|thm|lem|cor|prp|def|exm|exr|rem|sol|suppfig)-[\w-]*\w)(\])?|\\@ref\(([\w:-]+)\)")  # fmt: skip
_CITATION = re.compile(r"\[([^\[\]]*(?<![\w])-?@[\w{][^\[\]]*)\](?![\[({])")
_KEY = re.compile(r"(-)?@(?:\{([^{}]+)\}|([\w][\w:.#$%&+?<>~/-]*[\w/]|\w))")
_IN_TEXT = re.compile(r"(?<![\w@/.\\\[;-])@([\w][\w:.#$%&+?<>~/-]*\w)(?:[ \t]*\[([^\[\]@]+)\])?")
_SHORTCODE = re.compile(r"\{\{<\s*(/?[\w-]+)((?:[^>{]|>(?!\}\})|\{(?!\{<))*?)/?>\}\}")
_DIV = re.compile(r"^([ \t>]*)(:{3,})[ \t]*(?:\{([^{}]*)\}|([^\s{}:]+))[ \t]*:*[ \t]*$")
_DIV_END = re.compile(r"^[ \t>]*:{3,}[ \t]*$")
_CELL = re.compile(r"^([ \t>]*)(`{3,}|~{3,})[ \t]*\{[ \t]*(=?)\.?([\w+-]*)([^{}]*)\}[ \t]*$")
_OPTION_LINE = re.compile(r"^[ \t]*(?:#|//|%%|--)\|(.*)$")
_OPTION = re.compile(r"^[ \t]*(?:#|//|%%|--)\|[ \t]*([\w-]+):[ \t]*(.*)$")
_BOXES = {"callout-note": "note", "callout-tip": "tip", "callout-warning": "warning",
          "callout-caution": "caution", "callout-important": "important", "callout": "note"}  # fmt: skip
_HIDDEN = ("notes", "hidden", "content-hidden", "cell-output-display-none")
_ENGINES = frozenset(
    {"r", "python", "julia", "ojs", "bash", "sh", "sql", "mermaid", "dot", "stan", "rcpp", "js"}
)


@dataclass
class CrossReferences:
    """Numbers, titles and pages by id, and the works that are cited."""

    labels: dict[str, tuple[Page, str]] = field(default_factory=dict)
    bibliography: Bibliography | None = None
    cited: dict[str, list[str]] = field(default_factory=dict)
    listed: bool = False


def prepare_pandoc(book: Book) -> None:
    """Number what references may name, and read the bibliographies."""
    found = CrossReferences()
    book.__dict__["references"] = found
    translate = translations_for(book.about.get("language") or "en").gettext
    counts = {"Figure": 0, "Table": 0, "Equation": 0}
    files: dict[Path, None] = {}
    for page in book.pages():
        text = book.sources.text(page.path)
        front, end = front_matter(text)
        given = front.get("bibliography")
        for name in given if isinstance(given, list) else [given]:
            if isinstance(name, str) and (path := book.sources.file(page.path.parent / name)):
                files[path] = None
        body = "".join(piece for code, piece in pieces(text[end:]) if not code)
        _label_page(body, page, found, counts, translate)
        found.listed = found.listed or "#refs" in body
    given = book.settings.get("bibliography")
    for name in given if isinstance(given, list) else [given]:
        if isinstance(name, str) and (path := book.sources.file(book.folder / name)):
            files[path] = None
    if files:
        read = [(path.name, book.sources.text(path)) for path in files]
        found.bibliography = Bibliography(
            read, lambda key: book.report.miss("entries of a bibliography that cannot be read", key)
        )


def _label_page(
    body: str, page: Page, found: CrossReferences, counts: dict[str, int],
    translate: Callable[..., str],
) -> None:  # fmt: skip
    places: list[tuple[int, str, str]] = []
    for match in _HEADING.finditer(body):
        if target := _id(match[3]):
            found.labels[target] = (page, re.sub(r"[*`\[\]]", "", match[2]))
    for match in _EQUATION.finditer(body):
        places.append((match.start(), "Equation", match[3]))
    for match in _NUMBERED_DIV.finditer(body):
        kind = "Table" if match[1].startswith("tbl") else "Figure"
        places.append((match.start(), kind, match[1]))
    for match in _FIGURE.finditer(body):
        if match[2].strip():
            places.append((match.start(), "Figure", _id(match[4] or "")))
    lines = body.split("\n")
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    for table_ in _captioned_tables(lines):
        places.append((starts[table_.first], "Table", table_.target))
    for _, kind, target in sorted(places):
        counts[kind] += 1
        if target and kind == "Equation":
            found.labels[target] = (page, f"Equation {counts[kind]}")
        elif target:
            message = noop("Table {number}") if kind == "Table" else noop("Figure {number}")
            found.labels[target] = (page, translate(message, number=counts[kind]))


@frozen
class _Table:
    """A table with a caption: the lines of both, and the words."""

    first: int
    end: int
    caption_end: int
    caption: str
    target: str


def _captioned_tables(lines: Sequence[str]) -> Iterator[_Table]:
    """Yield the tables that a caption follows, at most one blank line below."""
    after = 0
    for at, line in enumerate(lines):
        match = _CAPTION.match(line)
        if not match or at < 2 or at < after:
            continue
        end = at if lines[at - 1].strip() else at - 1
        first = end
        while first > after and "|" in lines[first - 1]:
            first -= 1
        rules = (one for one in lines[first:end] if "-" in one and _RULE.fullmatch(one))
        if end - first < 2 or next(rules, None) is None:
            continue
        caption_end = at + 1
        while caption_end < len(lines) and lines[caption_end].strip():
            caption_end += 1
        caption = " ".join([match[1], *lines[at + 1 : caption_end]]).strip()
        given = _CAPTION_END.search(caption)
        target = _id(given[1]) if given else ""
        caption = caption[: given.start()] if given else caption
        yield _Table(first, end, caption_end, " ".join(caption.split()), target)
        after = caption_end


def _id(given: str) -> str:
    match = re.search(r"#([\w:.-]+)", given or "")
    return match[1] if match else ""


def rewrite_pandoc(text: str, page: Page, book: Book) -> str:
    """Return a page in GitHub's dialect."""
    end = front_matter(text)[1]
    front, body = text[:end], _shortcodes(text[end:], page, book, 0)
    body = _cells(outside_fences(body, lambda piece: PART.sub("", piece)), page, book)
    math: list[str] = []

    def keep(match: re.Match[str]) -> str:
        math.append(match[0])
        return f"\x01{len(math) - 1}\x01"

    body = outside_code(
        body, lambda piece: _EQUATION.sub(r'\1<a id="\3"></a>' + "\n\n" + r"\1$$\2$$", piece)
    )
    body = outside_code(body, lambda piece: _MATH.sub(keep, piece))
    body = _divs(body, page, book)
    body = outside_fences(body, _captioned)
    body = outside_fences(body, lambda piece: _HEADING.sub(_heading, piece))
    body = outside_code(body, lambda piece: _inline(piece, page, book))
    body = _notes(body)
    body = _with_references(body, page, book)
    return front + re.sub(r"\x01(\d+)\x01", lambda match: math[int(match[1])], body)


def _heading(match: re.Match[str]) -> str:
    target = _id(match[3])
    return f"{match[1]} {match[2]}" + (f" {{#{target}}}" if target else "")


# ----------------------------------------------------------------------- shortcodes, cells


def _shortcodes(text: str, page: Page, book: Book, depth: int) -> str:
    if "{{<" not in text:
        return text

    def replace(match: re.Match[str]) -> str:
        if text[match.start() - 1 : match.start()] == "{":
            return match[0]
        name, given = match[1], match[2].strip()
        if name == "include" and depth < DEEPEST:
            found = find_file(book, page, given.split(" ")[0].strip("\"'"), book.folder)
            if found is None:
                return match[0]
            note_include(book, page, found)
            inner = book.sources.text(found)
            return _shortcodes(inner[front_matter(inner)[1] :].rstrip("\n"), page, book, depth + 1)
        if name in ("video", "embed", "audio"):
            address = given.split(" ")[0].strip("\"'")
            return f"[{address}]({address})"
        if name == "kbd":
            return "".join(f"<kbd>{key}</kbd>" for key in given.split("=")[0].strip("\"'").split())
        if name in ("var", "meta"):
            value: object = {**book.settings, **page.front} if name == "meta" else _variables(book)
            for part in given.split("."):
                value = table(value).get(part)
            if words(value):
                return words(value)
        if name in ("pagebreak", "fa", "bi", "iconify", "ai"):
            return ""
        book.report.miss(f"{{{{< {name} >}}}}", book.where(page, text, match.start()))
        return match[0]

    return _SHORTCODE.sub(replace, text)


def _variables(book: Book) -> dict[str, object]:
    path = book.sources.file(book.sources.root / "_variables.yml")
    return read_mapping(path) if path else {}


def _cells(text: str, page: Page, book: Book) -> str:
    """Give cells of code a plain fence, without options; those not to be shown are left out."""
    parts: list[str] = []
    for code, piece in pieces(text):
        lines = piece.split("\n")
        match = _CELL.match(lines[0]) if code else None
        if not match:
            parts.append(piece)
            continue
        if match[3]:
            # Raw text of another format: HTML stays, LaTeX is left out.
            inner = "\n".join(lines[1:-2] if not lines[-1] else lines[1:-1])
            parts.append(inner + "\n" if match[4].startswith("html") else "\n")
            continue
        executed = (
            not re.match(r"^[ \t>]*[`~]{3,}[ \t]*\{[ \t]*\.", lines[0])
            and match[4].casefold() in _ENGINES
        )
        options = (
            dict(re.findall(r"(?<![\w.-])([\w.-]+)\s*=\s*([^,\s]+)", match[5])) if executed else {}
        )
        kept = [lines[0]]
        for line in lines[1:]:
            option = _OPTION.match(line) if executed else None
            more = _OPTION_LINE.match(line) if executed and options and len(kept) == 1 else None
            if option:
                options[option[1]] = option[2]
            elif more:
                # A value may go on below its key.
                options[[*options][-1]] += f" {more[1].strip()}"
            else:
                kept.append(line)
        if executed:
            book.report.changed["code cells, whose results are not computed"] += 1
        if any(options.get(key, "").casefold() in ("false", "f") for key in ("echo", "include")):
            book.report.changed["code cells that are not to be shown"] += 1
            parts.append("\n")
            continue
        kept[0] = _fence(match, executed)
        parts.append("\n".join(kept))
    return "".join(parts)


def _fence(match: re.Match[str], executed: bool) -> str:
    given = attributes_of(match[5])
    title = given.get("filename") or given.get("lst-cap") or given.get("title")
    return f"{match[1]}{match[2]}{match[4]}" + (
        f' title="{title}"' if title and not executed else ""
    )


# ------------------------------------------------------------------------------------ divs


@dataclass
class _Div:
    """An open division: what ends it, and the level of its tabs."""

    end: str
    tabs: int = -1
    open_tab: bool = False
    hidden: bool = False


def _divs(text: str, page: Page, book: Book) -> str:
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
    given = match[3] if match[3] is not None else f".{match[4]}"
    margin = match[1]
    classes = re.findall(r"\.([\w-]+)", re.sub(r"=(?:\"[^\"]*\"|'[^']*')", "", given))
    target, values = _id(re.sub(r"=(?:\"[^\"]*\"|'[^']*')", "", given)), attributes_of(given)
    if any(name in _HIDDEN for name in classes) or values.get("when-format") in (
        "pdf",
        "latex",
        "beamer",
    ):
        book.report.changed["divisions for other formats left out"] += 1
        return _Div("", hidden=True), [], 0
    if target == "refs":
        return _Div(""), [_reference_list(book), ""], 0
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


_plain_boxes = frozenset(
    {"note", "tip", "warning", "caution", "important", "danger", "info", "example", "question", "hint",
     "answer", "solution", "exercise", "discussion", "challenge", "objectives", "questions", "keypoints",
     "prereq", "testimonial", "spoiler", "instructor", "checklist", "theorem", "definition", "proof",
     "lemma", "corollary", "proposition", "remark", "rmdnote", "rmdtip", "rmdwarning", "rmdimportant",
     "rmdcaution", "alert", "aside-note"}
)  # fmt: skip


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


# ------------------------------------------------------------------- captions, spans, notes


def _captioned(text: str) -> str:
    """Give pictures of their own paragraph and tables their captions."""

    def figure(match: re.Match[str]) -> str:
        margin, caption, address = match[1], " ".join(match[2].split()), match[3]
        before, after = text[: match.start()].rstrip(" \t"), text[match.end() :]
        alone = (not before or before.endswith("\n\n")) and (
            not after or re.match(r"\n[ \t]*(\n|\Z)", after)
        )
        given = match[4] or ""
        values = attributes_of(given)
        described = " ".join((values.get("fig-alt") or values.get("alt") or "").split())
        if not alone or not caption:
            return match[0] if caption or not described else f"{margin}![{described}]({address})"
        alt = described or re.sub(r"[*_`\[\]]", "", caption)
        width = values.get("width", "")
        inner = f"![{alt}]({address})" + (f"{{width={width}}}" if width else "")
        target = f' id="{_id(given)}"' if _id(given) else ""
        return (f"{margin}<figure{target}>\n\n{margin}{inner}\n\n{margin}<figcaption>\n\n{margin}{caption}\n\n"
                f"{margin}</figcaption>\n{margin}</figure>")  # fmt: skip

    lines = text.split("\n")
    for table_ in reversed(list(_captioned_tables(lines))):
        target = f' id="{table_.target}"' if table_.target else ""
        lines[table_.first : table_.caption_end] = [
            f"<figure{target}>", "", *lines[table_.first : table_.end], "", "<figcaption>", "",
            table_.caption, "", "</figcaption>", "</figure>",
        ]  # fmt: skip
    text = "\n".join(lines)
    return _FIGURE.sub(figure, text)


def _inline(text: str, page: Page, book: Book) -> str:
    def span(match: re.Match[str]) -> str:
        given, inner = match[2], match[1]
        target = _id(given)
        anchor = f'<a id="{target}"></a>' if target else ""
        for name, tag in (("mark", "mark"), ("kbd", "kbd"), ("underline", "u")):
            if re.search(rf"\.{name}\b", given):
                return f"{anchor}<{tag}>{inner}</{tag}>"
        lang = attributes_of(given).get("lang")
        return f'{anchor}<span lang="{lang}">{inner}</span>' if lang else anchor + inner

    for _ in range(2):
        text = _SPAN.sub(span, text)
    text = re.sub(r"(?<![~\\])~([^\s~]+)~(?!~)", r"<sub>\1</sub>", text)
    text = re.sub(r"(?<![\^\\\[])\^([^\s^\[\]]+)\^", r"<sup>\1</sup>", text)
    text = re.sub(
        r"^[ \t]*\\(?:newpage|pagebreak|clearpage|noindent)[ \t]*$", "", text, flags=re.MULTILINE
    )
    text = re.sub(r"(\]\([^()\n]*\))\{[^{}\n#]*(?:target|rel|\.)[^{}\n]*\}", r"\1", text)
    text = _REFERENCE.sub(lambda match: _reference(match, text, page, book), text)
    return _cited(text, page, book)


def _reference(match: re.Match[str], text: str, page: Page, book: Book) -> str:
    target = match[3] or match[5].replace(":", "-" if match[5] else "")
    found: CrossReferences = book.__dict__["references"]
    label = found.labels.get(target) or (found.labels.get(match[5]) if match[5] else None)
    if label is None:
        book.report.miss(
            "references to what is not in the sources",
            book.where(page, text, match.start()) + f" {target}",
        )
        return match[0]
    target_page, words_ = label
    address = "" if target_page is page else link_between(page, target_page.name)
    return f"[{words_}]({address}#{target})"


def _cited(text: str, page: Page, book: Book) -> str:
    found: CrossReferences = book.__dict__["references"]
    works = found.bibliography
    if "@" not in text:
        return text
    if works is None:
        for match in _CITATION.finditer(text):
            book.report.miss("citations, as no bibliography is named", f"{page.name}: {match[0]}")
        return text

    def several(match: re.Match[str]) -> str:
        items: list[tuple[str, str, str]] = []
        for part in match[1].split(";"):
            key = _KEY.search(part)
            name = (key[2] or key[3]) if key else ""
            if not key or name not in works:
                book.report.miss(
                    "citations of works that no bibliography has", f"{page.name}: {part.strip()}"
                )
                return match[0]
            items.append((name, part[: key.start()].strip(), part[key.end() :].rstrip()))
        found.cited.setdefault(page.name, []).extend(name for name, _, _ in items)
        return works.cite(items)

    def one(match: re.Match[str]) -> str:
        if match[1] not in works:
            return match[0]
        found.cited.setdefault(page.name, []).append(match[1])
        suffix = f", {match[2]}" if match[2] else ""
        return works.cite([(match[1], "", suffix)], in_text=not suffix)

    return _IN_TEXT.sub(one, _CITATION.sub(several, text))


def _reference_list(book: Book) -> str:
    """Return the bibliography of the whole book."""
    found: CrossReferences = book.__dict__["references"]
    if found.bibliography is None:
        return ""
    keys: list[str] = []
    for page in book.pages():
        for key in re.findall(r"@\{?([\w][\w:.#$%&+?<>~/-]*\w)", book.sources.text(page.path)):
            if key in found.bibliography:
                keys.append(key)
    return "\n".join(f"- {entry}" for entry in found.bibliography.listed(keys))


def _with_references(text: str, page: Page, book: Book) -> str:
    found: CrossReferences = book.__dict__["references"]
    keys = found.cited.get(page.name)
    if not keys or found.listed or found.bibliography is None:
        return text
    entries = "\n".join(f"- {entry}" for entry in found.bibliography.listed(keys))
    return f"{text.rstrip()}\n\n## References\n\n{entries}\n"


def _closing_brackets(text: str) -> dict[int, int]:
    """Return where each square bracket of a text is closed."""
    opened: list[int] = []
    found: dict[int, int] = {}
    for at, char in enumerate(text):
        if char == "[":
            opened.append(at)
        elif char == "]" and opened:
            found[opened.pop()] = at
    return found


def _notes(text: str) -> str:
    """Turn `^[notes in the text]` into footnotes at the end of the page."""
    if "^[" not in text:
        return text
    notes: list[str] = []

    def change(piece: str) -> str:
        parts: list[str] = []
        place = 0
        ends = _closing_brackets(piece)
        while (start := piece.find("^[", place)) >= 0:
            end = ends.get(start + 1, -1) + 1
            if not end or piece[max(0, start - 1) : start] in ("\\", "["):
                parts.append(piece[place : start + 2])
                place = start + 2
                continue
            notes.append(" ".join(piece[start + 2 : end - 1].split()))
            parts += [piece[place:start], f"[^inline-{len(notes)}]"]
            place = end
        return "".join([*parts, piece[place:]])

    text = outside_fences(text, change)
    listed = "\n\n".join(f"[^inline-{n}]: {note}" for n, note in enumerate(notes, 1))
    return f"{text.rstrip()}\n\n{listed}\n" if listed else text
