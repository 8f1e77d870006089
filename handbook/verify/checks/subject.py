"""Hold the PDF being checked; what checks share is read once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from ...core.values import frozen
from ..content_interpreter import ContentInterpreter
from ..page_content import PageContent, Stream, text_of_marks
from ..report import Severity
from ..structure_reader import Element, Structure, read_structure

if TYPE_CHECKING:
    import pikepdf


@frozen
class Problem:
    """One problem at one place."""

    message: str
    place: str = ""
    severity: Severity = "error"


Check: TypeAlias = "Callable[[PdfUnderTest], Iterator[Problem]]"


@dataclass
class PdfUnderTest:
    """The PDF being checked."""

    pdf: pikepdf.Pdf
    reader: ContentInterpreter = field(init=False)

    def __post_init__(self) -> None:
        self.reader = ContentInterpreter(self.pdf)

    @cached_property
    def structure(self) -> Structure:
        """Return the structure tree."""
        return read_structure(self.pdf)

    @cached_property
    def elements(self) -> list[Element]:
        """Return every element, in reading order."""
        return list(self.structure.walk())

    @cached_property
    def contents(self) -> list[PageContent]:
        """Return what each page paints."""
        return [self.reader.page(index) for index in range(len(self.pdf.pages))]

    @cached_property
    def texts(self) -> dict[tuple[Stream, int], str]:
        """Return the text of every marked-content sequence."""
        texts: dict[tuple[Stream, int], str] = {}
        for content in self.contents:
            texts.update(text_of_marks(content))
        return texts

    @cached_property
    def metadata(self) -> dict[str, Any]:
        """Return the XMP properties by their full names; empty where there is none to read."""
        if "/Metadata" not in self.pdf.Root:
            return {}
        with self.pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
            return {key: xmp[key] for key in xmp}

    def annotations(self) -> Iterator[tuple[int, Any]]:
        """Yield (page index, annotation), in the order of the pages."""
        for index, page in enumerate(self.pdf.pages):
            for annotation in page.obj.get("/Annots", []):
                yield index, annotation

    def text(self, element: Element) -> str:
        """Return the characters of an element."""
        return element.text(self.texts)

    def of_role(self, *roles: str) -> Iterator[Element]:
        """Return the elements with one of these roles."""
        return (element for element in self.elements if element.role in roles)

    def place(self, element: Element) -> str:
        """Return where an element is, in words."""
        page = next((content.page for content in element.contents()), element.page)
        words = self.text(element).strip()
        quoted = f" “{short(words)}”" if words else ""
        return (
            f"{page_name(page)}: {element.tag}{quoted}" if page >= 0 else f"{element.tag}{quoted}"
        )


def short(words: str, limit: int = 50) -> str:
    """Return the beginning of `words`, on one line."""
    words = " ".join(words.split())
    return words if len(words) <= limit else words[: limit - 1] + "…"


def page_name(index: int) -> str:
    """Return the name of a page whose index is given."""
    return f"page {index + 1}"


def entries(thing: Any, key: str) -> Any:
    """Return the dictionary under `key`, or an empty one."""
    dictionary = thing.get(key)
    return {} if dictionary is None else dictionary
