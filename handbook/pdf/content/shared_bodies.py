"""Keep the content of pages that editions made one after the other have in common."""

from __future__ import annotations

from ...layout.page import Page, PageBody
from .content_stream import ContentStreamWriter


class SharedBodies:
    """The bodies of the last edition's pages as they were written, and those of the next so far.

    Nothing is kept of an edition that is made alone.
    """

    def __init__(self, keeps: bool = False) -> None:
        self.keeps = keeps
        self._last: dict[PageBody, ContentStreamWriter] = {}
        self._next: dict[PageBody, ContentStreamWriter] = {}

    def known(self, page: Page) -> ContentStreamWriter | None:
        """Return the body of `page` if the last edition has it."""
        body = self._last.get(page.body) if page.body is not None else None
        if body is not None:
            self.keep(page, body)
        return body

    def keep(self, page: Page, body: ContentStreamWriter) -> None:
        """Keep the body of `page` for the next edition, if it may have the same."""
        if self.keeps and page.body is not None and body.is_shareable:
            self._next[page.body] = body

    def end(self) -> None:
        """Begin another edition."""
        self._last, self._next = self._next, {}
