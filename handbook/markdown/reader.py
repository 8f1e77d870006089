"""Text -> element tree, through Python-Markdown, without a detour through HTML text."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree

from markdown import Markdown
from markdown.extensions.abbr import AbbrExtension
from markdown.extensions.admonition import AdmonitionExtension
from markdown.extensions.attr_list import AttrListExtension
from markdown.extensions.def_list import DefListExtension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension

from .places import mark
from .syntax import HandbookSyntax

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LIST_ITEM = re.compile(r"(\s{0,3})(?:[-*+]|1[.)])\s+\S")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")


class Reader:
    """One Markdown instance, used for all chapters of a document."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._notes = FootnoteExtension(SEPARATOR="-")
        self.markdown = Markdown(
            extensions=[
                TableExtension(),
                DefListExtension(),
                AbbrExtension(),
                AttrListExtension(),
                AdmonitionExtension(),
                SaneListExtension(),
                self._notes,
                HandbookSyntax(),
            ]
        )
        self.markdown.inlinePatterns.deregister("footnote")
        for name in ("footnote", "footnote-duplicate"):
            if name in self.markdown.treeprocessors:
                self.markdown.treeprocessors.deregister(name)

    def read(self, text: str) -> tuple[etree.Element, dict[str, str]]:
        """The tree of a chapter, its text carrying line marks, and its footnotes' texts."""
        self.markdown.reset()
        root = self.fragment(mark(prepare(text)))
        return root, dict(self._notes.footnotes)

    def fragment(self, text: str) -> etree.Element:
        """The tree of text that is marked already."""
        lines = text.split("\n")
        for preprocessor in self.markdown.preprocessors:
            lines = preprocessor.run(lines)
        tree = self.markdown.parser.parseDocument(lines)
        root = tree.getroot()
        assert root is not None
        for processor in self.markdown.treeprocessors:
            changed = processor.run(root)
            root = root if changed is None else changed
        return root


def prepare(text: str) -> str:
    """`text` without comments, line for line; spaces that end a line inside a list stay."""
    if "<!--" not in text:
        return text
    return _COMMENT.sub(lambda match: "\n" * match.group(0).count("\n"), text)
