"""A chapter's text -> element tree, through Python-Markdown, without a detour through HTML."""

from __future__ import annotations

import xml.etree.ElementTree as etree

from markdown import Markdown
from markdown.util import AtomicString

from ..elements import ParsedChapter
from .block_parser import StructureParser
from .inline_patterns import MARKUP, HandbookInlines


class HandbookReader:
    """One Markdown instance, used for all chapters of a document."""

    def __init__(self) -> None:
        self.markdown = Markdown(extensions=[HandbookInlines()])
        self.structure = StructureParser(self.markdown)
        self.markdown.parser = self.structure
        self.markdown.preprocessors.deregister("html_block")

    def read(self, text: str) -> ParsedChapter:
        """The tree of a chapter, its inline mark-up parsed too."""
        self.markdown.reset()
        self.structure.reset()
        lines = text.removeprefix("\ufeff").split("\n")
        for preprocessor in self.markdown.preprocessors:
            lines = preprocessor.run(lines)
        self.structure.parseDocument(lines)
        root = self.structure.root
        notes = self.structure.notes
        whole = etree.Element("div")
        whole.append(root)
        whole.extend(notes.values())
        self._inlines(whole)
        return ParsedChapter(root, notes, self.structure.abbreviations, self.structure.findings)

    def line(self, text: str) -> etree.Element:
        """One line of Markdown, such as a title, as an element with its inline mark-up parsed."""
        whole = etree.Element("div")
        element = etree.SubElement(whole, "p", {"lines": "0"})
        element.text = text
        self._inlines(whole)
        return element

    def _inlines(self, whole: etree.Element) -> None:
        for element in whole.iter():
            if element.text and not MARKUP.search(element.text):
                element.text = AtomicString(element.text)
        self.markdown.treeprocessors["inline"].run(whole)
