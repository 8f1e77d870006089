"""Elements of the tree, and the attribute lists that are written onto them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Sequence
from typing import NamedTuple

from .line_patterns import Lines, numbers
from .syntax import ATTRIBUTES_AT_END, ATTRIBUTES_AT_START, Attributes, attributes

INLINE = frozenset(
    {"a", "code", "em", "img", "role", "strike", "strong", "sub", "sup", "tag", "tex"}
)


_MARKED = re.compile(r"\{([\d,\s-]+)\}")


_NUMBERED = re.compile(r"\b(?:showLineNumbers|lineNumbers|numberLines|linenos)\b")


class Finding(NamedTuple):
    """Something wrong with the line of that number."""

    number: int
    message: str
    hint: str = ""
    code: str = ""


def unused_note(name: str) -> tuple[str, str]:
    """Return the message and the hint for a footnote that nothing refers to."""
    return (
        f"nothing refers to the footnote [^{name}]; it is not printed",
        f"write [^{name}] in the text",
    )


def subelement(parent: etree.Element, tag: str, lines: Lines, **attributes: str) -> etree.Element:
    """Return a new element at the end of `parent`, read from `lines`."""
    return etree.SubElement(parent, tag, {"lines": numbers(lines), **attributes})


def apply_attributes(element: etree.Element, attributes: Attributes) -> None:
    """Set what an attribute list says; whatever has no meaning of its own is `data-key`."""
    if attributes.id:
        element.set("id", attributes.id)
    if attributes.classes:
        element.set("class", " ".join([*element.get("class", "").split(), *attributes.classes]))
    for key, value in attributes.pairs.items():
        element.set("lang" if key == "lang" else f"data-{key}", value)


def split_attributes(text: str) -> tuple[str, Attributes]:
    """Return words without the attribute list that ends them, and that list."""
    match = ATTRIBUTES_AT_END.search(text) if text.endswith("}") else None
    if not match:
        return text, Attributes()
    return text[: match.start()], attributes(match[1])


def fence_info(text: str) -> tuple[str, Attributes]:
    """Return a fence's language and attributes: `python`, `python title="x"`, `{.python #id}`."""
    if text.startswith("{") and not _MARKED.match(text):
        attribute_list = attributes(text)
        language, classes = (
            (attribute_list.classes[0], attribute_list.classes[1:])
            if attribute_list.classes
            else ("", ())
        )
        return language, attribute_list._replace(classes=classes)
    language, _, rest = text.partition(" ")
    # Docusaurus and VitePress mark lines as `js {1,4-6}`.
    marked = _MARKED.search(text)
    if marked:
        language, rest = language.partition("{")[0], rest.replace(marked[0], "")
    attribute_list = attributes(rest)
    if marked:
        attribute_list.pairs.setdefault("hl_lines", marked[1])
    if _NUMBERED.search(attribute_list.rest):
        attribute_list.pairs.setdefault("linenums", "1")
    return language.split(",")[0], attribute_list


def take_attributes(element: etree.Element) -> None:
    """Move an attribute list that follows an inline element into that element."""
    if not element.tail or element.tail[0] != "{":
        return
    if match := ATTRIBUTES_AT_START.match(element.tail):
        attribute_list = attributes(match[1])
        element.tail = element.tail[match.end() :]
        element.attrib.update({f"data-{key}": value for key, value in attribute_list.pairs.items()})
        for key, value in (
            ("id", attribute_list.id),
            ("class", " ".join(attribute_list.classes)),
            ("lang", attribute_list.pairs.get("lang", "")),
        ):
            if value:
                element.set(key, value)


class ParsedChapter(NamedTuple):
    """A chapter read: its tree, its footnotes by name, its abbreviations, what was wrong.

    `names` are ids that lead to the chapter as a whole.
    """

    root: etree.Element
    notes: dict[str, etree.Element]
    abbreviations: dict[str, str]
    findings: list[Finding]
    names: Sequence[str] = ()
