"""The document: the tree of blocks and inlines that a selection yields.

It is the contract between reading (Markdown) and laying out (pages).  It knows
nothing of Markdown, of PDF, of roles or of files; every node is a small frozen
value, so that a document can be compared, hashed and cached.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, TypeAlias

from ..core.diagnostics import NOWHERE, Diagnostic, Source
from .fields import FieldSpecs

NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})

# --------------------------------------------------------------------- inlines

SpanKind: TypeAlias = Literal[
    "strong",
    "emphasis",
    "strike",
    "superscript",
    "subscript",
    "keyboard",
    "mark",
    "small",
    "abbreviation",
    "foreign",
    "quote",
    "index",
]


@dataclass(frozen=True, slots=True)
class Text:
    """Plain characters, white space already collapsed as in running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """Inlines of one kind.  `lang` is a BCP 47 tag, `expansion` spells out an abbreviation."""

    kind: SpanKind
    children: tuple[Inline, ...]
    lang: str = ""
    expansion: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A literal in running text: a command, a key of a file, a value."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link.  `target` is `#id` inside the document, else an absolute URI.

    A `quiet` one, such as that to a glossary, does not draw the eye.
    """

    target: str
    children: tuple[Inline, ...]
    title: str = ""
    source: Source = NOWHERE
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class IndexMark:
    """A place, without words of its own, that the index names under `term`."""

    term: str
    id: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference to the node with the id `target` (no `#`): its page, number or title."""

    target: str
    form: Literal["page", "number", "title"]
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class NoteReference:
    """The mark of a footnote; the note itself is in `Document.notes`."""

    id: str
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class Field:
    """A place that differs from learner to learner, filled when a copy is made."""

    name: str
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class Checkbox:
    """A box to tick by pen."""

    checked: bool = False


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A line break that the author asked for."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture.  `path` is absolute; `width` and `height` are in points, 0 where unset.

    `share` is a width as a share of the column, 0 where unset.  `missing` names the file of one
    that cannot be shown, where that is no error.
    """

    path: str
    alt: str
    width: float = 0.0
    height: float = 0.0
    title: str = ""
    source: Source = NOWHERE
    share: float = 0.0
    missing: str = ""


Inline: TypeAlias = (
    Text
    | Span
    | Code
    | Link
    | IndexMark
    | Reference
    | NoteReference
    | Field
    | Checkbox
    | LineBreak
    | Image
)
Inlines: TypeAlias = tuple[Inline, ...]

# ---------------------------------------------------------------------- blocks


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """What every block has: where it was written, an id to link to, classes, a language."""

    source: Source = NOWHERE
    id: str = ""
    classes: tuple[str, ...] = ()
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Heading(_Block):
    """A heading inside a chapter; the chapter's own title is level 1, so these are 2 to 6."""

    level: int
    content: Inlines


@dataclass(frozen=True, slots=True)
class Paragraph(_Block):
    """Running text."""

    content: Inlines


@dataclass(frozen=True, slots=True)
class ListItem(_Block):
    """One item; `checked` is None unless the item has a box to tick."""

    blocks: tuple[Block, ...]
    checked: bool | None = None


@dataclass(frozen=True, slots=True)
class List(_Block):
    """Items with bullets, numbers or boxes (an item's `checked`).  Tight lists have no gaps."""

    items: tuple[ListItem, ...]
    ordered: bool = False
    start: int = 1
    tight: bool = True


@dataclass(frozen=True, slots=True)
class Definition:
    """One or more terms and what they mean."""

    terms: tuple[Inlines, ...]
    blocks: tuple[Block, ...]
    id: str = ""
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class DefinitionList(_Block):
    """Terms with their definitions: a glossary, a list of options."""

    items: tuple[Definition, ...]


# "decimal" puts figures below one another at their decimal point.
Align: TypeAlias = Literal["", "left", "center", "right", "decimal"]


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column.  `width` is a share of the table's width, 0 to fit the content."""

    align: Align = ""
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell; `header` marks a row's own heading in the body."""

    blocks: tuple[Block, ...]
    colspan: int = 1
    rowspan: int = 1
    header: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of cells, and the classes that mark it (say `chosen` or `retired`).

    A cell that one above or beside it spans is not there.
    """

    cells: tuple[Cell, ...]
    classes: tuple[str, ...] = ()
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class Table(_Block):
    """A table: columns, header rows, body rows, a caption."""

    columns: tuple[Column, ...]
    header: tuple[Row, ...]
    rows: tuple[Row, ...]
    caption: Inlines = ()


@dataclass(frozen=True, slots=True)
class CodeBlock(_Block):
    """Literal lines; `language` is a Pygments alias or empty."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Quote(_Block):
    """Words of somebody else, or a pull quote."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Admonition(_Block):
    """A boxed aside: `kind` is note, tip, caution, retired, exam, facts, question, answer ..."""

    kind: str
    title: Inlines
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Division(_Block):
    """Blocks that belong together (`::: name key=value`): the layout decides what that means."""

    name: str
    blocks: tuple[Block, ...]
    attributes: Mapping[str, str] = field(default_factory=lambda: NO_ATTRIBUTES)


@dataclass(frozen=True, slots=True)
class Directive(_Block):
    """A place the layout fills (`::name key=value`): contents, page-break, lines, figure."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=lambda: NO_ATTRIBUTES)


@dataclass(frozen=True, slots=True)
class Figure(_Block):
    """A picture that stands alone, with its caption."""

    image: Image
    caption: Inlines = ()


@dataclass(frozen=True, slots=True)
class Rule(_Block):
    """A change of subject."""


Block: TypeAlias = (
    Heading
    | Paragraph
    | List
    | DefinitionList
    | Table
    | CodeBlock
    | Quote
    | Admonition
    | Division
    | Directive
    | Figure
    | Rule
)

# -------------------------------------------------------------------- document

Matter: TypeAlias = Literal["front", "main", "back"]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: its title, its blocks, and the part of the book it stands in.

    `layout` names a page style of the theme: chapter, cover, imprint, contents, plain, back-cover.
    `listed` says whether the contents list names it; `depth` how many heading levels it shows.
    """

    id: str
    title: Inlines
    blocks: tuple[Block, ...]
    matter: Matter = "main"
    layout: str = "chapter"
    listed: bool = True
    depth: int = 2
    short_title: str = ""
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class Meta:
    """What a librarian wants to know of the document; dates are ISO 8601 days."""

    title: str
    subtitle: str = ""
    author: str = ""
    subject: str = ""
    keywords: tuple[str, ...] = ()
    language: str = "en"
    date: str = ""
    identifier: str = ""
    publisher: str = ""
    rights: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole handbook, before any page exists; `given` names the fields its copies fill.

    `logos` has the picture of whoever gives the handbook out, for a chapter's layout: cover,
    back-cover.
    `warnings` are what was wrong with its text, but not so wrong that nothing could be made.
    """

    meta: Meta
    chapters: tuple[Chapter, ...]
    notes: Mapping[str, tuple[Block, ...]] = field(default_factory=lambda: MappingProxyType({}))
    fields: FieldSpecs = field(default_factory=FieldSpecs)
    provided_fields: frozenset[str] = frozenset()
    logos: Mapping[str, Image] = field(default_factory=lambda: MappingProxyType({}))
    warnings: tuple[Diagnostic, ...] = ()


# --------------------------------------------------------------------- walking


def plain_text(inlines: Inlines) -> str:
    """The characters of `inlines` without their mark-up; a line break is a space."""
    parts: list[str] = []
    for inline in inlines:
        if isinstance(inline, (Text, Code)):
            parts.append(inline.text)
        elif isinstance(inline, (Span, Link)):
            parts.append(plain_text(inline.children))
        elif isinstance(inline, LineBreak):
            parts.append(" ")
    return "".join(parts)


def walk_inlines(inlines: Inlines) -> Iterator[Inline]:
    """Every inline of `inlines`, in reading order, parents before children."""
    for inline in inlines:
        yield inline
        if isinstance(inline, (Span, Link)):
            yield from walk_inlines(inline.children)


def children(block: Block) -> Iterator[Block]:
    """The blocks directly inside `block`, in reading order."""
    if isinstance(block, List):
        for item in block.items:
            yield from item.blocks
    elif isinstance(block, DefinitionList):
        for definition in block.items:
            yield from definition.blocks
    elif isinstance(block, Table):
        for row in (*block.header, *block.rows):
            for cell in row.cells:
                yield from cell.blocks
    elif isinstance(block, (Quote, Admonition, Division)):
        yield from block.blocks


def walk(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Every block of `blocks`, in reading order, parents before children."""
    for block in blocks:
        yield block
        yield from walk(tuple(children(block)))


def inlines_of(block: Block) -> Iterator[Inlines]:
    """The runs of text that `block` itself holds (not those of the blocks inside it)."""
    if isinstance(block, (Heading, Paragraph)):
        yield block.content
    elif isinstance(block, (Table, Figure)):
        yield block.caption
    elif isinstance(block, Admonition):
        yield block.title
    elif isinstance(block, DefinitionList):
        for definition in block.items:
            yield from definition.terms
