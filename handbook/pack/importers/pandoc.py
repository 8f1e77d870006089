"""Turn what Pandoc and Quarto add to Markdown into GitHub's dialect."""

from __future__ import annotations

import json
import re

from .model import Book, Page, link_between
from .notes import inline_notes
from .pandoc_divs import with_divisions
from .pandoc_references import (
    EQUATION,
    FIGURE,
    HEADING,
    CrossReferences,
    captioned_tables,
    label_in,
)
from .pandoc_tables import plain_tables
from .quarto_cells import with_code_cells, with_shortcodes
from .rewriting import (
    attributes_of,
    bars_in_code,
    comments_and_text,
    outside_code,
    outside_fences,
)
from .sources import front_matter

PART = re.compile(r"^#[ \t]+\((?:PART|APPENDIX)\\?\*?\)[ \t]*([^\n]*)$", re.MULTILINE)
_MATH = re.compile(r"\$\$.+?\$\$|(?<![\\$])\$(?!\s)[^$\n]+?(?<!\s)\$(?!\d)", re.DOTALL)
_TITLE_BLOCK = re.compile(
    r"\A%[ \t]*(\S?.{0,400}(?:\n[ \t]+\S.{0,400}){0,9})(?:\n%(.{0,400}(?:\n[ \t]+\S.{0,400}){0,99}))?"
    r"(?:\n%(.{0,400}))?(?:\n|\Z)"
)
_SPAN = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\{([^{}\n]*[.#=][^{}\n]*)\}")
# A key has signs inside, but no two in a row: what comes behind a dash (---) is text.
_REFERENCE = re.compile(
    r"(?<![\w@/.\\])(\[)?(-)?@((?:fig|tbl|sec|eq|lst|thm|lem|cor|prp|def|exm|exr|rem|sol|suppfig)-\w+(?:-\w+)*)(\])?|\\@ref\(([\w:-]+)\)"
)
_CITATION = re.compile(r"\[([^\[\]]*(?<![\w])-?@[\w{][^\[\]]*)\](?![\[({])")
_KEY = re.compile(r"(-)?@(?:\{([^{}]+)\}|(\w+(?:(?:[:/](?=/))*[:.#$%&+?<>~/-]\w+)*/?))")
_IN_TEXT = re.compile(
    r"(?<![\w@/.\\\[;-])@(\w+(?:(?:[:/](?=/))*[:.#$%&+?<>~/-]\w+)*)(?:[ \t]*\[([^\[\]@]+)\])?"
)
_COMMAND = re.compile(
    r"([ \t]{0,9})(?<!\\)\\([A-Za-z]{2,40})\*?(?:\{(?:[^{}\n]|\{[^{}\n]{0,200}\}){0,400}\}){1,9}"
)


def rewrite_pandoc(text: str, page: Page, book: Book) -> str:
    """Return a page in GitHub's dialect."""
    text = _TITLE_BLOCK.sub(_title_block, text, count=1)
    end = front_matter(text)[1]
    front, body = text[:end], with_shortcodes(text[end:], page, book, 0)
    body = with_code_cells(outside_fences(body, lambda piece: PART.sub("", piece)), page, book)
    # Before formulas are set aside, as columns are counted in characters.
    body = outside_fences(body, lambda piece: bars_in_code(plain_tables(piece)))
    math: list[str] = []
    comments: list[str] = []
    body = outside_fences(body, lambda piece: _comments_aside(piece, comments))

    def keep(match: re.Match[str]) -> str:
        math.append(match[0])
        return f"\x01{len(math) - 1}\x01"

    body = outside_code(
        body, lambda piece: EQUATION.sub(r'\1<a id="\3"></a>' + "\n\n" + r"\1$$\2$$", piece)
    )
    body = outside_code(body, lambda piece: _MATH.sub(keep, piece))
    body = outside_code(body, lambda piece: _without_commands(piece, page, book))
    body = with_divisions(body, page, book)
    body = outside_fences(body, _captioned)
    body = outside_fences(body, lambda piece: HEADING.sub(_heading, piece))
    body = outside_code(body, lambda piece: _inline(piece, page, book))
    body = inline_notes(body)
    body = _with_references(body, page, book)
    body = re.sub(r"\x01(\d+)\x01", lambda match: math[int(match[1])], body)
    return front + re.sub(r"\x03(\d+)\x03", lambda match: comments[int(match[1])], body)


def _comments_aside(text: str, comments: list[str]) -> str:
    """Return text with a mark for each comment, in which nothing is a reference."""
    parts: list[str] = []
    for hidden, part in comments_and_text(text):
        if hidden:
            comments.append(part)
        parts.append(f"\x03{len(comments) - 1}\x03" if hidden else part)
    return "".join(parts)


def _title_block(match: re.Match[str]) -> str:
    """Return the title block of Pandoc (`% Title`, authors, date) as front matter."""
    title = " ".join(match[1].split())
    byline = [
        " ".join(words.split()) for words in (match[2] or "", match[3] or "") if words.strip()
    ]
    lines = [f"title: {json.dumps(title, ensure_ascii=False)}"] if title else []
    # Authors and date are printed below the title.
    return "\n".join(["---", *lines, "---", "", "\\\n".join(byline), ""])


def _without_commands(text: str, page: Page, book: Book) -> str:
    """Leave out what only TeX sets, such as `\\index{word}`, as Pandoc does in web pages."""

    def left_out(match: re.Match[str]) -> str:
        book.report.miss(f"commands of TeX, left out (\\{match[2]})", page.name)
        return match[1] if text[match.end() : match.end() + 1].isalnum() else ""

    return _COMMAND.sub(left_out, text) if "\\" in text else text


def _heading(match: re.Match[str]) -> str:
    target = label_in(match[3])
    return f"{match[1]} {match[2]}" + (f" {{#{target}}}" if target else "")


def _captioned(text: str) -> str:
    """Give pictures of their own paragraph and tables their captions."""

    def figure(match: re.Match[str]) -> str:
        margin, caption, address = match[1], " ".join(match[2].split()), match[3]
        before, after = text[: match.start()].rstrip(" \t"), text[match.end() :]
        alone = (not before or before.endswith("\n\n")) and (
            not after or re.match(r"\n[ \t]*(\n|\Z)", after)
        )
        attributes = match[4] or ""
        values = attributes_of(attributes)
        described = " ".join((values.get("fig-alt") or values.get("alt") or "").split())
        if not alone or not caption:
            return match[0] if caption or not described else f"{margin}![{described}]({address})"
        alt = described or re.sub(r"[*_`\[\]]", "", caption)
        width = values.get("width", "")
        inner = f"![{alt}]({address})" + (f"{{width={width}}}" if width else "")
        target = f' id="{label_in(attributes)}"' if label_in(attributes) else ""
        return (
            f"{margin}<figure{target}>\n\n{margin}{inner}\n\n{margin}<figcaption>\n\n{margin}{caption}\n\n"
            f"{margin}</figcaption>\n{margin}</figure>"
        )

    lines = text.split("\n")
    for table_ in reversed(list(captioned_tables(lines))):
        target = f' id="{table_.target}"' if table_.target else ""
        lines[table_.first : table_.caption_end] = [
            f"<figure{target}>",
            "",
            *lines[table_.first : table_.end],
            "",
            "<figcaption>",
            "",
            table_.caption,
            "",
            "</figcaption>",
            "</figure>",
        ]
    text = "\n".join(lines)
    return FIGURE.sub(figure, text)


def _inline(text: str, page: Page, book: Book) -> str:
    def span(match: re.Match[str]) -> str:
        attributes, inner = match[2], match[1]
        target = label_in(attributes)
        anchor = f'<a id="{target}"></a>' if target else ""
        for name, tag in (("mark", "mark"), ("kbd", "kbd"), ("underline", "u")):
            if re.search(rf"\.{name}\b", attributes):
                return f"{anchor}<{tag}>{inner}</{tag}>"
        lang = attributes_of(attributes).get("lang")
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
    references: CrossReferences = book.__dict__["references"]
    label = references.labels.get(target) or (references.labels.get(match[5]) if match[5] else None)
    if label is None:
        book.report.miss(
            "references to what is not in the sources",
            book.where(page, text, match.start()) + f" {target}",
        )
        return match[0]
    target_page, words_ = label
    address = "" if target_page is page else link_between(page, target_page.name)
    # A bracket that has no other here is one of the text.
    before, after = ("", "") if match[1] and match[4] else (match[1] or "", match[4] or "")
    return f"{before}[{words_}]({address}#{target}){after}"


def _cited(text: str, page: Page, book: Book) -> str:
    references: CrossReferences = book.__dict__["references"]
    works = references.bibliography
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
        references.cited.setdefault(page.name, []).extend(name for name, _, _ in items)
        return works.cite(items)

    def one(match: re.Match[str]) -> str:
        if match[1] not in works:
            return match[0]
        references.cited.setdefault(page.name, []).append(match[1])
        suffix = f", {match[2]}" if match[2] else ""
        return works.cite([(match[1], "", suffix)], in_text=not suffix)

    return _IN_TEXT.sub(one, _CITATION.sub(several, text))


def _with_references(text: str, page: Page, book: Book) -> str:
    references: CrossReferences = book.__dict__["references"]
    keys = references.cited.get(page.name)
    if not keys or references.listed or references.bibliography is None:
        return text
    entries = "\n".join(f"- {entry}" for entry in references.bibliography.listed(keys))
    return f"{text.rstrip()}\n\n## References\n\n{entries}\n"
