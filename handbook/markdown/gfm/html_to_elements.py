"""Convert HTML as lxml parsed it to elements, and report what cannot be printed."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Callable
from typing import Any

from markdown.util import AtomicString

from ...core.i18n import Translations
from ..elements import Finding, apply_attributes, fence_info, split_attributes
from ..syntax import ADMONITIONS, ATTRIBUTES_AT_START, FOREIGN_ADMONITIONS
from .html_nodes import (
    KNOWN,
    ON_SCREEN,
    WITHOUT_EFFECT,
    Node,
    blocks_in,
    contents,
    grid_of,
    has_block,
    lines_of,
)

_SPANS = {
    "em": "em", "i": "em", "cite": "em", "dfn": "em", "var": "em", "strong": "strong",
    "b": "strong",
    "del": "strike", "s": "strike", "strike": "strike", "sup": "sup", "sub": "sub",
}  # fmt: skip
_TAGS = {"kbd", "mark", "small", "abbr"}
_CODE = {"code", "tt", "samp"}
_SHORT = re.compile(
    r":(?:material|fontawesome|octicons|simple|lucide)-[\w-]+:(?:\{[^}\n]*\})?"
    r"|(?<![+\w])\+\+(?P<keys>[a-z0-9-]+(?:\+[a-z0-9-]+)*)\+\+(?![+\w])"
)
_NUMBERINGS = {
    "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman",
}  # fmt: skip
_NUMBER = re.compile(r"-?[0-9]{1,9}")
_CALLOUT = re.compile(r"\[!([A-Za-z][\w-]*)(?:\|[^\]\n]*)?\][+-]?(?=\s|$)[ \t]*")
_CONTENTS = {"[TOC]", "[[TOC]]", "[[_TOC_]]"}
# Classes of a picture that say how wide it is.
_EXTENTS = {"wide", "bleed"}
_SCHEME = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//|data:")


class HtmlConverter:
    """Converts the HTML of one chapter."""

    def __init__(
        self, body: Node, codes: list[tuple[str, str]], findings: list[Finding], words: Translations
    ) -> None:
        self.words = words
        self.body = body
        self.codes = codes
        self.findings = findings
        self.notes: dict[str, etree.Element] = {}
        # Ids of the block that comes next.
        self.pending_ids: list[str] = []
        self._converters: dict[str, Callable[[etree.Element, Node], None]] = {
            "p": self._paragraph,
            "pre": self._pre,
            "x-code": self._literal,
            "hr": self._rule,
            "x-formula": self._formula,
            "ul": self._list,
            "ol": self._list,
            "menu": self._list,
            "dir": self._list,
            "dl": self._definitions,
            "blockquote": self._quote,
            "table": self._table,
            "details": self._details,
            "figure": self._figure,
            "div": self._division,
            "section": self._division,
            "aside": self._division,
            "x-note": self._note,
            **{f"h{level}": self._heading for level in range(1, 7)},
            **dict.fromkeys(ON_SCREEN, self._on_screen),
        }

    # ----------------------------------------------------------------- blocks

    def blocks(self, out: etree.Element, node: Node) -> None:
        """Append the blocks inside `node` to `out`; words between them make paragraphs."""
        run: list[Node | str] = []
        for item in contents(node):
            if not isinstance(item, str) and has_block(item):
                self._run(out, run, node)
                run = []
                self._block(out, item)
            else:
                run.append(item)
        self._run(out, run, node)

    def _block(self, out: etree.Element, node: Node) -> None:
        self._collect_ids(node)
        maker = self._converters.get(node.tag)
        if maker:
            maker(out, node)
            return
        if node.tag in ("form", "fieldset"):
            self._report(node, "a form cannot be filled in on paper; its words are printed")
        elif node.tag not in KNOWN:
            self._unknown(out, node)
        self.blocks(out, node)

    def _append(self, out: etree.Element, tag: str, node: Node, **attributes: str) -> etree.Element:
        element = etree.SubElement(out, tag, {"lines": lines_of(node), **attributes})
        self._attach_ids(element)
        return element

    def _attach_ids(self, element: etree.Element) -> None:
        if self.pending_ids:
            element.set("alias", " ".join([*element.get("alias", "").split(), *self.pending_ids]))
            self.pending_ids.clear()

    def _collect_ids(self, node: Node) -> None:
        """Keep the ids of a node for the next block."""
        for key in ("id", "name"):
            name = node.get(key)
            if name and (key == "id" or node.tag == "a") and not re.search(r"\s", name):
                self.pending_ids.append(name)

    def _run(self, out: etree.Element, run: list[Node | str], node: Node) -> None:
        """Append a paragraph of text and inline elements, unless it is empty."""
        if not any(item.strip() if isinstance(item, str) else True for item in run):
            return
        first = next((item for item in run if not isinstance(item, str)), node)
        element = etree.Element("p", {"lines": lines_of(first if first.get("data-l") else node)})
        for item in run:
            self._inline(element, item)
        self._finish(out, element)

    def _paragraph(self, out: etree.Element, node: Node) -> None:
        if blocks_in(node):
            self.blocks(out, node)
            return
        element = etree.Element("p", {"lines": lines_of(node)})
        if node.get("data-tight"):
            element.set("tight", "yes")
        self.inlines(element, node)
        self._finish(out, element)

    def _finish(self, out: etree.Element, element: etree.Element) -> None:
        """Append a paragraph, and move its attribute list into it."""
        text = (element[-1].tail if len(element) else element.text) or ""
        words, attribute_list = split_attributes(text.rstrip())
        if attribute_list != split_attributes("")[1]:
            _set_last(element, words)
            apply_attributes(element, attribute_list)
            _make_local(element)
        words = (element.text or "").strip()
        # The book generates its own contents list.
        if not len(element) and (not words or words.upper() in _CONTENTS):
            return
        self._attach_ids(element)
        out.append(element)

    def _heading(self, out: etree.Element, node: Node) -> None:
        holder = etree.Element("x")
        element = etree.SubElement(holder, node.tag, {"lines": lines_of(node)})
        self.inlines(element, node)
        words, attribute_list = split_attributes(
            ((element[-1].tail if len(element) else element.text) or "").rstrip()
        )
        _set_last(element, words)
        apply_attributes(element, attribute_list)
        _make_local(element)
        if not len(element) and not words.strip():
            return
        self._attach_ids(element)
        out.append(element)

    def _rule(self, out: etree.Element, node: Node) -> None:
        self._append(out, "hr", node)

    def _pre(self, out: etree.Element, node: Node) -> None:
        code = node.find("code")
        classes = (
            (node.get("class") or "") + " " + (code.get("class") or "" if code is not None else "")
        )
        language = re.search(r"(?:language|lang|highlight-source)-([\w+#-]+)", classes)
        element = self._append(out, "pre", node, language=language[1] if language else "")
        for child in node.iter("br"):
            child.tail = "\n" + (child.tail or "")
        element.text = AtomicString("".join(node.itertext()).strip("\n").rstrip())

    def _literal(self, out: etree.Element, node: Node) -> None:
        text, words = self.codes[int(node.get("n"))]
        language, attribute_list = fence_info(words)
        language = language.strip(".{}").split("=")[0]
        if language == "math":
            self._formula(out, node)
            return
        element = self._append(out, "pre", node, language=language)
        element.text = AtomicString(text.rstrip())
        apply_attributes(element, attribute_list._replace(id=""))

    def _formula(self, out: etree.Element, node: Node) -> None:
        text, _ = self.codes[int(node.get("n"))]
        element = self._append(out, "formula", node, display="yes")
        element.text = AtomicString(text.strip().replace("&", "&amp;"))

    def _quote(self, out: etree.Element, node: Node) -> None:
        """Append a quote, or a box if it begins with `[!kind] Title`."""
        first = next((child for child in node if isinstance(child.tag, str)), None)
        text = (first.text or "").lstrip() if first is not None and first.tag == "p" else ""
        callout = _CALLOUT.match(text)
        if first is None or not callout:
            self.blocks(self._append(out, "blockquote", node), node)
            return
        box = self._append(out, "box", node, kind=callout[1].lower())
        first.text = text[callout.end() :]
        head = _first_line(first)
        if len(head) or (head.text or "").strip():
            self.inlines(etree.SubElement(box, "title", {"lines": lines_of(node)}), head)
        self.blocks(box, node)

    def _details(self, out: etree.Element, node: Node) -> None:
        """Append a box for foldable content, with its summary as title."""
        box = self._append(out, "box", node, kind="details")
        summary = node.find("summary")
        if summary is not None:
            title = etree.SubElement(box, "title", {"lines": lines_of(summary)})
            self.inlines(title, summary)
            text = summary.tail
            node.remove(summary)
            node.text = (node.text or "") + (text or "")
        self.blocks(box, node)

    def _division(self, out: etree.Element, node: Node) -> None:
        """Append a box if the class of the division names one, otherwise its contents."""
        classes = (node.get("class") or "").replace("markdown-alert-", "").split()
        head = (
            node[0]
            if len(node) and re.search("(?:admonition|alert)-title", node[0].get("class") or "")
            else None
        )
        boxed = head is not None or "admonition" in classes or "markdown-alert" in classes
        known = [name for name in classes if name in ADMONITIONS | FOREIGN_ADMONITIONS]
        if not boxed and not known:
            self.blocks(out, node)
            return
        other = [n for n in classes if n not in ("admonition", "markdown-alert")]
        kind = (known or other or ["note"])[0]
        box = self._append(out, "box", node, kind=kind)
        if head is not None:
            words = "".join(head.itertext()).strip()
            if words.casefold() != kind:
                title = etree.SubElement(box, "title", {"lines": lines_of(head)})
                self.inlines(title, head)
            node.remove(head)
        self.blocks(box, node)

    def _figure(self, out: etree.Element, node: Node) -> None:
        caption = node.find(".//figcaption")
        if caption is not None:
            caption.getparent().remove(caption)
        table = node.find(".//table") is not None and node.find(".//img") is None
        for image in node.iter("img"):
            image.set("class", f"{image.get('class') or ''} {node.get('class') or ''}")
        if caption is not None and table:
            self.inlines(self._append(out, "caption", caption, kind="Table"), caption)
        self.blocks(out, node)
        if caption is not None and not table:
            self.inlines(self._append(out, "caption", caption, kind="Figure", of="above"), caption)

    def _note(self, out: etree.Element, node: Node) -> None:
        # The parser knows the lines of what is in a note alone.
        first = next((inner for inner in node.iter() if inner.get("data-l")), node)
        element = etree.Element("note", {"lines": lines_of(first)})
        self.blocks(element, node)
        self.notes[node.get("name")] = element

    # ------------------------------------------------------------------ lists

    def _list(self, out: etree.Element, node: Node) -> None:
        ordered = node.tag == "ol"
        element = self._append(out, "ol" if ordered else "ul", node)
        if ordered:
            self._number(element, node)
        for child in node:
            if child.tag in ("ul", "ol") and len(element):
                self._block(element[-1], child)
                continue
            item = self._append(element, "li", child)
            if _NUMBER.fullmatch(child.get("value") or "") and ordered:
                item.set("number", child.get("value"))
            box = child.find(".//input")
            if box is not None and box.get("type") == "checkbox":
                item.set("checked", "yes" if box.get("checked") is not None else "")
                box.set("type", "hidden")
            if child.tag == "li":
                self._collect_ids(child)
                self.blocks(item, child)
            else:
                self._block(item, child)
        self._count_down(element, node)
        loose = any(not p.get("tight") for item in element for p in item.findall("p"))
        if loose and any(child.find("p") is not None for child in node):
            element.set("loose", "yes")
        if not len(element):
            out.remove(element)

    def _number(self, element: etree.Element, node: Node) -> None:
        """Set where an ordered list starts, and what it counts with."""
        start = node.get("start") or "1"
        element.set("start", start if _NUMBER.fullmatch(start) else "1")
        if node.get("type") in _NUMBERINGS:
            element.set("numbering", _NUMBERINGS[node.get("type")])

    def _count_down(self, element: etree.Element, node: Node) -> None:
        """Number the items of a reversed list."""
        if node.tag != "ol" or node.get("reversed") is None:
            return
        start = node.get("start") or ""
        number = int(start) if _NUMBER.fullmatch(start) else len(element)
        for item in element:
            number = int(item.get("number", number))
            item.set("number", str(number))
            number -= 1

    def _definitions(self, out: etree.Element, node: Node) -> None:
        element = etree.Element("dl", {"lines": lines_of(node)})
        around = ("dl", "dt", "dd")
        children = (n for n in node.iter("dt", "dd") if next(n.iterancestors(*around)) is node)
        for child in children:
            if child.tag == "dt":
                self.inlines(self._append(element, "dt", child), child)
            elif len(element):
                self.blocks(self._append(element, "dd", child), child)
            else:
                self._report(child, "a <dd> without a <dt> before it; its words are printed")
                self.blocks(out, child)
        if len(element):
            self._attach_ids(element)
            out.append(element)

    # ----------------------------------------------------------------- tables

    def _table(self, out: etree.Element, node: Node) -> None:
        """Append a table; spanning cells are marked as in the project's own dialect."""
        caption = node.find("caption")
        if caption is not None:
            self.inlines(self._append(out, "caption", caption, kind="Table"), caption)
        rows = [row for row in node.iter("tr") if next(row.iterancestors("table")) is node]
        if not rows:
            self.blocks(out, node)
            return
        heads = [row for row in rows if row.getparent().tag == "thead"]
        if not heads and all(cell.tag == "th" for cell in rows[0]) and len(rows) > 1:
            heads = rows[:1]
        grid, overlapping = grid_of(rows)
        for cell in overlapping:
            self._report(cell, "the spans of cells overlap; the later one is cut off")
        count = len(grid[0]) or 1
        if count == 1 and not heads:
            # A frame around its contents, not a table.
            for cell in (cell for cells in grid for cell in cells):
                self.blocks(out, cell)
            return
        element = self._append(out, "table", node)
        head, body = etree.SubElement(element, "thead"), etree.SubElement(element, "tbody")
        if not heads:
            blank = etree.SubElement(head, "tr", {"lines": lines_of(rows[0]).split()[0]})
            for _ in range(count):
                etree.SubElement(blank, "th")
        for row, cells in zip(rows, grid, strict=True):
            self._row(head if row in heads else body, row, cells or [""])
        plain = [row for row in rows if row not in heads and len(row)]
        # Without any header, the first cell most likely names the row.
        named = not heads and count > 1 and not node.findall(".//th")
        if plain and (named or all(row[0].tag == "th" for row in plain)):
            element.set("data-header-columns", "1")

    def _row(self, part: etree.Element, row: Node, cells: list[Any]) -> None:
        element = etree.SubElement(part, "tr", {"lines": lines_of(row).split()[0]})
        for cell in cells:
            cell_element = etree.SubElement(element, "th" if part.tag == "thead" else "td")
            if isinstance(cell, str):
                if cell:
                    cell_element.set("join", cell)
                continue
            self._collect_ids(cell)
            side = re.search(r"text-align:\s*(\w+)", cell.get("style") or "")
            cell_element.set("align", side[1] if side else (cell.get("align") or ""))
            if blocks_in(cell):
                cell_element.set("blocks", "yes")
                self.blocks(cell_element, cell)
            else:
                self.inlines(cell_element, cell)

    # ----------------------------------------------------------- on screen only

    def _on_screen(self, out: etree.Element, node: Node) -> None:
        """Append a note in place of what cannot be printed, with its address if it has one."""
        name = node.tag
        source = next(
            (n.get(key) for n in node.iter() for key in ("src", "data", "href") if n.get(key)), ""
        )
        self._report(
            node,
            f"<{name}> cannot be printed",
            "a note with its address is printed instead" if source and name != "script" else "",
        )
        if name in ("style", "script"):
            # Neither is anything that a reader sees.
            return
        element = self._append(out, "p", node)
        em = etree.SubElement(element, "em")
        em.text = self.words.gettext("Not printed: {what}", what=name) + (", " if source else "")
        title = node.get("title") or node.get("aria-label") or ""
        if _SCHEME.match(source):
            link = etree.SubElement(element, "a", {"href": _escaped(source)})
            link.text = AtomicString(_escaped(title or source))
        elif source:
            em.tail = _escaped(title or source)
        if name not in ("svg", "math") and "".join(node.itertext()).strip():
            for child in node.xpath(".//source|.//track|.//param"):
                child.drop_tag() if hasattr(child, "drop_tag") else None
            self.blocks(out, node)

    def _unknown(self, out: etree.Element, node: Node) -> None:
        written = node.get("data-w") or node.tag
        self._report(node, f"<{written}> is not an element of HTML; its contents are printed")
        if not len(node) and not (node.text or "").strip():
            element = self._append(out, "p", node)
            words = self.words.gettext("Not printed: {what}", what=f"<{written}>")
            etree.SubElement(element, "em").text = words

    def _report(self, node: Node, message: str, hint: str = "") -> None:
        self.findings.append(Finding(int(lines_of(node).split()[0]), message, hint, "unprintable"))

    # ---------------------------------------------------------------- inlines

    def inlines(self, out: etree.Element, node: Node) -> None:
        """Append the text and the inline elements inside `node` to `out`."""
        for item in contents(node):
            self._inline(out, item)

    def _inline(self, out: etree.Element, item: Node | str) -> None:
        if isinstance(item, str):
            self._words(out, item)
            return
        node, tag = item, item.tag
        self._collect_ids(node)
        if tag in _SPANS:
            self.inlines(etree.SubElement(out, _SPANS[tag]), node)
        elif tag in _CODE:
            words = "".join(node.itertext())
            etree.SubElement(out, "code").text = AtomicString(words.replace("&", "&amp;"))
        elif tag in _TAGS or (tag == "span" and node.get("lang")):
            self._tagged(out, node)
        elif tag == "br":
            etree.SubElement(out, "br", {"lines-taken": "0"})
            self.inlines(out, node)
        elif tag == "img":
            self._image(out, node)
        elif tag == "a" and node.get("href"):
            self._link(out, node)
        elif tag == "x-formula-inline":
            text, display = self.codes[int(node.get("n"))]
            element = etree.SubElement(out, "tex", {"display": "yes"} if display else {})
            element.text = AtomicString(text.replace("&", "&amp;"))
        elif tag == "x-noteref":
            etree.SubElement(out, "noteref", {"target": node.get("target")})
        elif tag == "q":
            _text(out, '"')
            self.inlines(out, node)
            _text(out, '"')
        elif tag == "input":
            if node.get("type") not in ("checkbox", "hidden"):
                self._report(node, "<input> has no effect on paper")
            if node.get("type") == "checkbox":
                _text(out, "[x] " if node.get("checked") is not None else "[ ] ")
            self.inlines(out, node)
        elif tag in ON_SCREEN:
            self._report(node, f"<{tag}> cannot be printed")
        else:
            if tag in WITHOUT_EFFECT:
                self._report(node, f"<{tag}> has no effect on paper; its words are printed")
            if tag not in KNOWN:
                self._report(
                    node,
                    f"<{node.get('data-w') or tag}> is not an element of HTML; "
                    "its contents are printed",
                )
            self.inlines(out, node)

    def _words(self, out: etree.Element, words: str) -> None:
        """Append text; sites write icons as `:material-play:` and keys as `++ctrl+c++` in it."""
        place = 0
        for match in _SHORT.finditer(words):
            _text(out, _escaped(words[place : match.start()]))
            place = match.end()
            for number, key in enumerate((match["keys"] or "").split("+")):
                if key:
                    _text(out, "+" if number else "")
                    etree.SubElement(out, "tag", {"name": "kbd", "written": "kbd"})
                    _text(out, _escaped(key.capitalize().replace("-", " ")))
                    closing = {"name": "kbd", "written": "kbd", "closing": "yes"}
                    etree.SubElement(out, "tag", closing)
        _text(out, _escaped(words[place:]))

    def _tagged(self, out: etree.Element, node: Node) -> None:
        attributes = {"name": node.tag, "written": node.tag}
        for key in ("title", "lang"):
            if node.get(key):
                attributes[f"a-{key}"] = _escaped(node.get(key))
        etree.SubElement(out, "tag", attributes)
        self.inlines(out, node)
        etree.SubElement(out, "tag", {"name": node.tag, "written": node.tag, "closing": "yes"})

    def _link(self, out: etree.Element, node: Node) -> None:
        target = node.get("href").strip()
        link = etree.SubElement(out, "a", {"href": _escaped(target)})
        if node.get("title"):
            link.set("title", _escaped(node.get("title")))
        words = "".join(node.itertext())
        if not len(node) and words and target.endswith(words):
            link.text = AtomicString(_escaped(words))
            return
        self.inlines(link, node)
        if not len(link) and not (link.text or "").strip():
            out.remove(link)

    def _image(self, out: etree.Element, node: Node) -> None:
        """Append a picture; for one on the web, its alternative text as a link to it."""
        source, alt = (node.get("src") or "").strip(), " ".join((node.get("alt") or "").split())
        if _SCHEME.match(source):
            self._report(
                node,
                f"the picture {_short(source)!r} is not in the book; its words are printed",
                "save it next to the chapter",
            )
            description = alt or node.get("title") or (node.getparent().get("title") or "")
            words = _escaped(description or source.rsplit("/", 1)[-1].split("?")[0])
            if out.tag == "a" or source.startswith("data:"):
                _text(out, words)
                # No element is left that could take its attributes.
                if match := ATTRIBUTES_AT_START.match(node.tail or ""):
                    node.tail = node.tail[match.end() :]
            else:
                etree.SubElement(out, "a", {"href": _escaped(source)}).text = words
            return
        attributes = {"src": _escaped(source), "alt": _escaped(alt)}
        if node.get("alt") is not None and not alt and not node.get("data-md"):
            # Browsers' way to say so; Markdown has no other.
            attributes["class"] = "decorative"
        for key in ("width", "height"):
            if node.get(key):
                attributes[f"data-{key}"] = node.get(key).strip()
        if node.get("title"):
            attributes["title"] = _escaped(node.get("title"))
        classes = {
            *attributes.get("class", "").split(),
            *_EXTENTS & {*(node.get("class") or "").split()},
        }
        if classes:
            attributes["class"] = " ".join(sorted(classes))
        etree.SubElement(out, "img", attributes | _cropping(node.get("style") or ""))


def _cropping(style: str) -> dict[str, str]:
    """Return which part of a picture a browser shows, as our own dialect says it."""
    rules = {
        name.strip().lower(): value.strip()
        for name, _, value in (rule.partition(":") for rule in style.split(";"))
    }
    shape, point = rules.get("aspect-ratio", ""), rules.get("object-position", "")
    if rules.get("object-fit") != "cover" or not shape:
        return {}
    return {"data-crop": shape, **({"data-focus": point} if "%" in point else {})}


def _escaped(text: str) -> str:
    """Escape ampersands in text that contains no mark-up."""
    return text.replace("&", "\x0238\x03")


def _text(out: etree.Element, words: str) -> None:
    if len(out):
        out[-1].tail = (out[-1].tail or "") + words
    else:
        out.text = (out.text or "") + words


def _first_line(paragraph: Node) -> Node:
    """Move what a paragraph has before its first line end into a new node."""
    head = paragraph.makeelement("p", {})
    before, end, after = (paragraph.text or "").partition("\n")
    head.text, paragraph.text = before, after
    while not end and len(paragraph):
        child = paragraph[0]
        before, end, after = (child.tail or "").partition("\n")
        # Its tail moves with a node.
        child.tail, paragraph.text = before, after
        head.append(child)
    return head


def _set_last(element: etree.Element, words: str) -> None:
    if len(element):
        element[-1].tail = words
    else:
        element.text = words


def _make_local(element: etree.Element) -> None:
    """Limit an id to its own file: other files may give the same one."""
    target = element.attrib.pop("id", "")
    if target:
        element.set("alias", " ".join([*element.get("alias", "").split(), target]))


def _short(address: str) -> str:
    return address if len(address) < 80 else address[:77] + "…"
