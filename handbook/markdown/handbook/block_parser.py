"""Parse lines to an element tree that records the line of each element.

Python-Markdown's own block parser splits text at blank lines, needs four spaces to nest, and
forgets where a block was.  `LineBlockParser` replaces it: it passes over the lines once, follows
nested blocks (lists, quotes, boxes, containers, notes, definitions) by indentation, and hands runs
of text to Python-Markdown's block processors (tables, paragraphs).  Elements carry `lines`, the
numbers of the lines they were read from.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Callable, Iterable

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import ParagraphProcessor, ReferenceProcessor
from markdown.util import AtomicString

from ..elements import Finding, apply_attributes, fence_info, split_attributes, subelement
from ..line_patterns import (
    ABBREVIATION,
    BOX,
    CAPTION,
    CLOSING,
    DEFINITION,
    FENCE,
    HEADING,
    ITEM,
    LEAF,
    NOTE,
    OPENING,
    QUOTE,
    RULE,
    UNDERLINE,
    Line,
    Lines,
    after_blanks,
    begins_table,
    container_end,
    dedent,
    fence_end,
    hanging,
    indent,
    interrupts,
    is_open_text,
    numbers,
    without_comments,
)
from ..syntax import ATTRIBUTE_LINE, Attributes, attributes
from .table_rows import TableRows

MAX_NESTING = 60
_TASK = re.compile(r"\[([ xX])\](?: +|$)")
_CLOSING_SIGNS = re.compile(r"(?:^|(?<! ) +)#+ *$")
_ALERT = re.compile(r"\[!([A-Za-z]+)\] *(.*)$")
_TITLE_BELOW = re.compile(r" +[\"'(].*[\"')] *$")


class LineBlockParser(BlockParser):
    """Parses blocks by indentation, in one pass over the lines."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.blockprocessors.register(TableRows(self), "table", 75)
        self.blockprocessors.register(ParagraphProcessor(self), "paragraph", 10)
        self._reference = ReferenceProcessor(self)
        self._openers: dict[str, Callable[[etree.Element, Lines, int], int]] = {
            "#": self._heading, "`": self._fence, "~": self._fence, ":": self._colons,
            "$": self._math,
            ">": self._quote, "-": self._list, "+": self._list, "*": self._star, "_": self._rule,
            "!": self._box, "?": self._box, "[": self._bracket, "{": self._attributes,
            **dict.fromkeys("0123456789", self._list),
        }  # fmt: skip
        self.reset()

    def reset(self) -> None:
        """Forget the previous text."""
        self.notes: dict[str, etree.Element] = {}
        self.abbreviations: dict[str, str] = {}
        self.findings: list[Finding] = []
        self._depth = 0

    def parseDocument(self, lines: Iterable[str]) -> etree.ElementTree:
        """Parse a chapter; its footnotes and abbreviations are kept separately."""
        numbered = [Line(n, text if text.strip() else "") for n, text in enumerate(lines)]
        kept, open_comments = without_comments(numbered)
        for number in open_comments:
            self._report(number, "a comment is not closed", "end it with -->", "open-comment")
        self.root = etree.Element(self.md.doc_tag)
        self.parse_lines(self.root, kept)
        return etree.ElementTree(self.root)

    def parse_lines(self, parent: etree.Element, lines: Lines) -> None:
        """Parse `lines` and append their blocks to `parent`."""
        if self._depth > MAX_NESTING:
            self._report(
                lines[0].number,
                f"more than {MAX_NESTING} levels are nested",
                "write it flatter",
                "nesting",
            )
            return
        self._depth += 1
        at = 0
        while at < len(lines):
            at = self._block(parent, lines, at) if lines[at].text else at + 1
        self._depth -= 1

    def _block(self, parent: etree.Element, lines: Lines, at: int) -> int:
        """Parse the block that begins at `at`; return the index of the line after it."""
        text = lines[at].text
        if indent(text) > 3:
            return self._indented_code(parent, lines, at)
        opener = self._openers.get(text.lstrip(" ")[0])
        return (opener(parent, lines, at) if opener else 0) or self._text(parent, lines, at)

    def _report(self, number: int, message: str, hint: str = "", code: str = "") -> None:
        self.findings.append(Finding(number, message, hint, code))

    # ------------------------------------------------------------ running text

    def _text(self, parent: etree.Element, lines: Lines, at: int) -> int:
        """Parse a paragraph, table, caption, underlined heading, or terms with definitions."""
        if begins_table(lines, at):
            return self._table(parent, lines, at)
        if caption := CAPTION.match(lines[at].text):
            return self._caption(parent, lines, at, caption)
        end = at + 1
        while end < len(lines) and lines[end].text:
            if DEFINITION.match(lines[end].text):
                break
            if end == at + 1 and (line := UNDERLINE.match(lines[end].text)):
                level = 1 if line[1][0] == "=" else 2
                self._title(parent, lines[at : end + 1], level, lines[at].text)
                return end + 1
            if interrupts(lines, end):
                break
            end += 1
        follow = after_blanks(lines, end)
        if follow < len(lines) and follow - end < 2 and DEFINITION.match(lines[follow].text):
            return self._definitions(parent, lines, at, end)
        self._paragraph(parent, lines[at:end])
        return end

    def _paragraph(self, parent: etree.Element, lines: Lines) -> None:
        text, attribute_list = split_attributes("\n".join(line.text for line in lines).rstrip())
        before = len(parent)
        self.parseBlocks(parent, [text])
        for element in parent[before:]:
            element.set("lines", numbers(lines))
            apply_attributes(element, attribute_list)

    def _caption(self, parent: etree.Element, lines: Lines, at: int, match: re.Match[str]) -> int:
        end = at + 1
        while end < len(lines) and lines[end].text and not interrupts(lines, end):
            end += 1
        words = "\n".join([match[2], *(line.text for line in lines[at + 1 : end])])
        text, attribute_list = split_attributes(words.rstrip())
        element = subelement(parent, "caption", lines[at:end], kind=match[1])
        element.text = text
        apply_attributes(element, attribute_list)
        return end

    def _table(self, parent: etree.Element, lines: Lines, at: int) -> int:
        end = at + 2
        while end < len(lines) and "|" in lines[end].text and not FENCE.match(lines[end].text):
            end += 1
        before = len(parent)
        head, rule = (lines[n].text.replace("\\|", "") for n in (at, at + 1))
        self.parseBlocks(parent, ["\n".join(line.text.strip() for line in lines[at:end])])
        table = parent[before]
        table.set("lines", numbers(lines[at:end]))
        if table.tag != "table":
            below, above = (text.strip().strip("|").count("|") + 1 for text in (rule, head))
            written = "1 column" if below == 1 else f"{below} columns"
            message = f"the line under the header has {written}, the header {above}"
            hint = "write as many |---| as the header has cells"
            self._report(lines[at + 1].number, message, hint, "table-rule")
        columns = len(table.findall("thead/tr/th"))
        for row, line in zip(table.iter("tr"), [lines[at], *lines[at + 2 : end]], strict=False):
            row.set("lines", str(line.number))
            if surplus := row.get("surplus"):
                self._report(
                    line.number,
                    f"the row has {row.get('cells')} cells, the table {columns}: left out is "
                    + surplus,
                    "write a bar that is part of the text as \\|",
                    "table-row",
                )
        return end

    def _heading(self, parent: etree.Element, lines: Lines, at: int) -> int:
        match = HEADING.match(lines[at].text)
        if not match:
            return 0
        self._title(parent, lines[at : at + 1], len(match[1]), match[2] or "")
        return at + 1

    def _title(self, parent: etree.Element, lines: Lines, level: int, words: str) -> None:
        text, attribute_list = split_attributes(words.strip())
        element = subelement(parent, f"h{level}", lines)
        element.text = _CLOSING_SIGNS.sub("", text)
        if not element.text:
            self._report(
                lines[0].number,
                "a heading without words",
                "write some, or remove the characters",
                "empty-heading",
            )
        apply_attributes(element, attribute_list)

    def _rule(self, parent: etree.Element, lines: Lines, at: int) -> int:
        if not RULE.match(lines[at].text):
            return 0
        subelement(parent, "hr", lines[at : at + 1])
        return at + 1

    def _attributes(self, parent: etree.Element, lines: Lines, at: int) -> int:
        """Apply `{.class}` on a line of its own to the block above."""
        match = ATTRIBUTE_LINE.match(lines[at].text)
        if not match:
            return 0
        if len(parent):
            apply_attributes(parent[-1], attributes(match[1]))
        else:
            self._report(
                lines[at].number,
                f"{lines[at].text.strip()} has nothing above it to apply to",
                "put it on the line below a paragraph, list or table",
                "attributes",
            )
        return at + 1

    # -------------------------------------------------------------------- code

    def _fence(self, parent: etree.Element, lines: Lines, at: int) -> int:
        match = FENCE.match(lines[at].text)
        if not match:
            return 0
        end = fence_end(lines, at, match, len(match[1]))
        if end == len(lines):
            sign = match[2] or match[4]
            self._report(
                lines[at].number,
                "the code block is not closed",
                f"end it with a line of {sign}",
                "open-fence",
            )
        width = len(match[1])
        body = [dedent(line, width).text for line in lines[at + 1 : end]]
        language, attribute_list = fence_info((match[3] or match[5] or "").strip())
        element = subelement(parent, "pre", lines[at : end + 1], language=language)
        element.text = AtomicString("\n".join(body).rstrip())
        apply_attributes(element, attribute_list)
        return min(end + 1, len(lines))

    def _math(self, parent: etree.Element, lines: Lines, at: int) -> int:
        """Parse a formula between `$$`, on one line or several; `{#id}` after it numbers it."""
        text = lines[at].text.strip()
        if not text.startswith("$$"):
            return 0
        end = at
        text, attribute_list = split_attributes(text)
        if not (text.endswith("$$") and len(text) > 4):
            ends = (n for n in range(at + 1, len(lines)) if _ends_formula(lines[n].text))
            end = next(ends, -1)
        if end < 0:
            return 0
        words = "\n".join(line.text for line in lines[at : end + 1]).strip()
        words, attribute_list = split_attributes(words)
        element = subelement(parent, "formula", lines[at : end + 1], display="yes")
        words = words.strip().removeprefix("$$").removesuffix("$$").strip("\n ")
        element.text = AtomicString(words.replace("&", "&amp;"))
        apply_attributes(element, attribute_list)
        return end + 1

    def _indented_code(self, parent: etree.Element, lines: Lines, at: int) -> int:
        end = at
        while end < len(lines) and (not lines[end].text or indent(lines[end].text) > 3):
            end += 1
        while not lines[end - 1].text:
            end -= 1
        element = subelement(parent, "pre", lines[at:end], language="")
        element.text = AtomicString("\n".join(line.text[4:] for line in lines[at:end]).rstrip())
        return end

    # ------------------------------------------------------------------- lists

    def _star(self, parent: etree.Element, lines: Lines, at: int) -> int:
        match = ABBREVIATION.match(lines[at].text)
        if not match:
            return self._list(parent, lines, at)
        self.abbreviations[match[1].strip()] = match[2].strip()
        return at + 1

    def _list(self, parent: etree.Element, lines: Lines, at: int) -> int:
        """Parse items with bullets or numbers, up to the first line that is neither."""
        match = ITEM.match(lines[at].text)
        if not match or RULE.match(lines[at].text):
            return self._rule(parent, lines, at)
        ordered = match[2][0].isdecimal()
        element = subelement(parent, "ol" if ordered else "ul", lines[at : at + 1])
        if ordered:
            element.set("start", match[2][:-1])
        loose = False
        while match and match[2][0].isdecimal() == ordered and not RULE.match(lines[at].text):
            end = self._item(element, lines, at, match)
            follow = after_blanks(lines, end)
            match = ITEM.match(lines[follow].text) if follow < len(lines) else None
            if match and match[2][0].isdecimal() == ordered:
                loose = loose or follow > end
                at = follow
            else:
                at, match = end, None
        if loose or any(len(item.findall("p")) > 1 for item in element):
            element.set("loose", "yes")
        return at

    def _item(self, parent: etree.Element, lines: Lines, at: int, match: re.Match[str]) -> int:
        base, rest = len(match[1]), match[4] or ""
        marker = base + len(match[2])
        spaces = len(match[3] or " ")
        if spaces > 4 or not rest:
            rest, spaces = " " * (spaces - 1) + rest if rest else "", 1
        first = Line(lines[at].number, rest)
        element = subelement(parent, "li", lines[at : at + 1])
        if task := _TASK.match(rest):
            element.set("checked", "" if task[1] == " " else "yes")
            first = Line(first.number, rest[task.end() :])
        content = marker + spaces
        body, end = hanging(lines, at, first, content, min(content, base + 2), _ends_item)
        self.parse_lines(element, body)
        if len(element) and element[0].tag == "p":
            for key in ("id", "class"):
                if value := element[0].attrib.pop(key, ""):
                    element.set(key, value)
        return end

    def _definitions(self, parent: etree.Element, lines: Lines, at: int, end: int) -> int:
        """Parse terms, one a line, and the definitions below them."""
        joined = len(parent) and parent[-1].tag == "dl"
        element = parent[-1] if joined else subelement(parent, "dl", lines[at : at + 1])
        for line in lines[at:end]:
            term = subelement(element, "dt", [line])
            term.text, attribute_list = split_attributes(line.text.strip())
            apply_attributes(term, attribute_list)
        at = after_blanks(lines, end)
        while at < len(lines) and (match := DEFINITION.match(lines[at].text)):
            content = lines[at].text.index(":") + 1 + len(match[1])
            first = Line(lines[at].number, match[2])
            meaning = subelement(element, "dd", lines[at : at + 1])
            body, end = hanging(lines, at, first, content, 2, _ends_definition)
            self.parse_lines(meaning, body)
            follow = after_blanks(lines, end)
            at = follow if follow < len(lines) and DEFINITION.match(lines[follow].text) else end
        return at

    # ------------------------------------------------------------------- boxes

    def _quote(self, parent: etree.Element, lines: Lines, at: int) -> int:
        body: list[Line] = []
        end = at
        in_fence = False
        while end < len(lines) and lines[end].text:
            text = lines[end].text
            mark = QUOTE.match(text)
            goes_on = mark or (not in_fence and is_open_text(body[-1].text))
            if not goes_on or (not mark and interrupts(lines, end)):
                break
            inner = text[mark.end() :] if mark else text
            in_fence ^= bool(FENCE.match(inner))
            body.append(Line(lines[end].number, inner if inner.strip() else ""))
            end += 1
        alert = _ALERT.match(body[0].text)
        if alert:
            element = self._boxed(parent, lines[at:end], alert[1].lower(), alert[2])
            body = body[1:]
        else:
            element = subelement(parent, "blockquote", lines[at:end])
        self.parse_lines(element, body)
        return end

    def _box(self, parent: etree.Element, lines: Lines, at: int) -> int:
        """Parse `!!! note "Title"` and the lines indented below it."""
        match = BOX.match(lines[at].text)
        if not match:
            return 0
        names = match[1].split()
        begin = after_blanks(lines, at + 1)
        width = min(indent(lines[begin].text), 4) if begin < len(lines) else 0
        end = at + 1
        if width > 1:
            end = begin
            while end < len(lines) and (not lines[end].text or indent(lines[end].text) >= width):
                end += 1
        else:
            self._report(
                lines[at].number,
                f"the box '!!! {names[0]}' is empty",
                "indent what belongs to it by four spaces",
                "empty-box",
            )
        attribute_list = attributes(match[2] or "")
        title = _title(match[2] or "", attribute_list)
        element = self._boxed(parent, lines[at : at + 1], names[0].lower(), title)
        apply_attributes(
            element, attribute_list._replace(classes=(*names[1:], *attribute_list.classes))
        )
        self.parse_lines(element, [dedent(line, width) for line in lines[at + 1 : end]])
        return end

    def _boxed(self, parent: etree.Element, lines: Lines, kind: str, title: str) -> etree.Element:
        element = subelement(parent, "box", lines, kind=kind)
        if title:
            subelement(element, "title", lines[:1]).text = title
        return element

    def _colons(self, parent: etree.Element, lines: Lines, at: int) -> int:
        """Parse a container, a directive, or a closing line with nothing to close."""
        text = lines[at].text
        if match := OPENING.match(text):
            return self._container(parent, lines, at, match)
        if match := LEAF.match(text):
            element = subelement(parent, "directive", lines[at : at + 1], name=match[1])
            apply_attributes(element, attributes(match[2] or ""))
            return at + 1
        if CLOSING.match(text):
            self._report(
                lines[at].number,
                f"{text.strip()} closes nothing",
                "the container it was meant for ends above, or was not opened",
                "stray-colons",
            )
            return at + 1
        return 0

    def _container(self, parent: etree.Element, lines: Lines, at: int, match: re.Match[str]) -> int:
        end = container_end(lines, at, len(match[1]))
        attribute_list = attributes(match[3])
        name, classes = match[2], attribute_list.classes
        if not name:
            name, classes = (classes[0], classes[1:]) if classes else ("division", ())
        if end == len(lines):
            self._report(
                lines[at].number,
                f"the container '{match[1]} {name}' is not closed",
                f"end it with a line of {match[1]}",
                "open-container",
            )
        element = subelement(parent, "container", lines[at : at + 1], name=name)
        title = attribute_list.pairs.get("title") or _title(match[3], attribute_list)
        if title:
            subelement(element, "title", lines[at : at + 1]).text = title
        pairs = {key: value for key, value in attribute_list.pairs.items() if key != "title"}
        apply_attributes(element, attribute_list._replace(classes=classes, pairs=pairs))
        width = indent(lines[at].text)
        self.parse_lines(element, [dedent(line, width) for line in lines[at + 1 : end]])
        return min(end + 1, len(lines))

    # ------------------------------------------------------ notes and references

    def _bracket(self, parent: etree.Element, lines: Lines, at: int) -> int:
        """Parse a footnote, or the definition of a link label."""
        text = lines[at].text
        if match := NOTE.match(text):
            return self._note(lines, at, match)
        end = at + 1
        if end < len(lines) and text.endswith("]:"):
            text = f"{text}\n{lines[end].text}"
            end += 1
        if end < len(lines) and _TITLE_BELOW.match(lines[end].text):
            text = f"{text}\n{lines[end].text}"
        reference = ReferenceProcessor.RE.match(text)
        if not reference:
            return 0
        self._reference.run(parent, [reference.group()])
        return at + 1 + reference.group().count("\n")

    def _note(self, lines: Lines, at: int, match: re.Match[str]) -> int:
        name = match[1]
        if name in self.notes:
            self._report(
                lines[at].number,
                f"the footnote [^{name}] is written twice",
                "give one of them another name",
                "note-twice",
            )
        element = etree.Element("note", {"lines": str(lines[at].number)})
        body, end = hanging(lines, at, Line(lines[at].number, match[2]), 4, 2)
        self.parse_lines(element, body)
        self.notes[name] = element
        return end


def _ends_formula(text: str) -> bool:
    """Return whether a line ends a formula, with or without an attribute list."""
    return split_attributes(text.rstrip())[0].rstrip().endswith("$$")


def _title(text: str, attribute_list: Attributes) -> str:
    """Return the title behind a box's name: words in quotes, or all that is not an attribute."""
    text, _ = split_attributes(text.strip())
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1]
    return f"{attribute_list.title or ''} {attribute_list.rest}".strip()


def _ends_item(lines: Lines, at: int) -> bool:
    """Return whether this line, not indented, is the next item of a list or another block."""
    return bool(ITEM.match(lines[at].text)) or interrupts(lines, at)


def _ends_definition(lines: Lines, at: int) -> bool:
    """Return whether this line, not indented, is the next definition or the next term."""
    below = at + 1 < len(lines) and DEFINITION.match(lines[at + 1].text)
    return bool(below or DEFINITION.match(lines[at].text)) or interrupts(lines, at)
