"""Read a chapter of the project's dialect with Python-Markdown, without a detour through HTML."""

from __future__ import annotations

import xml.etree.ElementTree as etree
from collections.abc import Collection

from markdown import Markdown
from markdown.treeprocessors import InlineProcessor
from markdown.util import AtomicString

from ..elements import ParsedChapter
from ..inline_pieces import pieces
from .block_parser import LineBlockParser
from .inline_patterns import MARKUP, HandbookInlines


class _InlinesByPieces(InlineProcessor):
    """Python-Markdown's reading of inline mark-up, a piece of a long paragraph at a time."""

    # The name that Python gives to the private method of the base class.
    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:
        whole = super()._InlineProcessor__handleInline  # type: ignore[misc]
        if isinstance(data, AtomicString) or len(parts := pieces(data)) == 1:
            return str(whole(data, patternIndex))
        return "".join(whole(part, patternIndex) for part in parts)


class HandbookReader:
    """One Markdown instance, used for all chapters of a document."""

    file_scoped_ids = False

    def __init__(self) -> None:
        self.markdown = Markdown(extensions=[HandbookInlines()])
        self.block_parser = LineBlockParser(self.markdown)
        self.markdown.parser = self.block_parser
        self.markdown.preprocessors.deregister("html_block")
        self.markdown.treeprocessors.register(_InlinesByPieces(self.markdown), "inline", 20)

    def read(self, text: str) -> ParsedChapter:
        """Return the tree of a chapter, including its inline mark-up."""
        self.markdown.reset()
        self.block_parser.reset()
        lines = text.split("\n")
        for preprocessor in self.markdown.preprocessors:
            lines = preprocessor.run(lines)
        self.block_parser.parseDocument(lines)
        root = self.block_parser.root
        notes = self.block_parser.notes
        whole = etree.Element("div")
        whole.append(root)
        whole.extend(notes.values())
        self._inlines(whole)
        return ParsedChapter(
            root, notes, self.block_parser.abbreviations, self.block_parser.findings
        )

    def line(self, text: str, notes: Collection[str] = ()) -> etree.Element:
        """Return one line of Markdown, such as a title, as an element; it may refer to `notes`."""
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
