"""Define the document: the tree of blocks and inlines that a selection yields.

It is the contract between readers (Markdown) and writers (PDF).  It contains no reference to
Markdown, PDF, roles or files.  Every node is a small frozen value, so that documents can be
compared, hashed and cached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from operator import is_
from types import MappingProxyType
from typing import Literal, TypeAlias, TypeVar

from ..core.diagnostics import NOWHERE, Diagnostic, Source
from ..core.values import changed, frozen
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
    # What a line does not end within.
    "together",
]


@frozen
class Text:
    """Plain characters, white space already collapsed as in running text."""

    text: str


@frozen
class Span:
    """Inlines of one kind.  `lang` is a BCP 47 tag, `expansion` spells out an abbreviation."""

    kind: SpanKind
    children: tuple[Inline, ...]
    lang: str = ""
    expansion: str = ""


@frozen
class Code:
    """A literal in running text: a command, a key of a file, a value."""

    text: str


@frozen
class Link:
    """A link.  `target` is `#id` inside the document, else an absolute URI.

    A `quiet` link, such as one to the glossary, is not highlighted.
    """

    target: str
    children: tuple[Inline, ...]
    title: str = ""
    source: Source = NOWHERE
    quiet: bool = False


@frozen
class IndexMark:
    """An empty anchor that the index lists under `term`."""

    term: str
    id: str


@frozen
class Reference:
    """A reference to the node with the id `target` (no `#`): its page, number or title."""

    target: str
    form: Literal["page", "number", "title"]
    source: Source = NOWHERE


@frozen
class NoteReference:
    """The mark of a footnote; the note itself is in `Document.notes`."""

    id: str
    source: Source = NOWHERE


@frozen
class Field:
    """A place whose value differs from learner to learner; it is filled when a copy is made."""

    name: str
    source: Source = NOWHERE


@frozen
class Checkbox:
    """A checkbox to tick by pen."""

    checked: bool = False


@frozen
class LineBreak:
    """A line break that the author asked for."""


@frozen
class Image:
    """A picture.  `path` is absolute; `width` and `height` are in points, 0 where unset.

    `share` is a width as a fraction of the column, 0 where unset.  `missing` is the file name of a
    picture that cannot be shown, where that is not an error.  A `decorative` one says nothing that
    needs words.  `crop` is the width of the part that is printed, divided by its height, 0 for all
    of it; `focus` is the point that stays in sight, from the left and the top (0 to 1).
    """

    path: str
    alt: str
    width: float = 0.0
    height: float = 0.0
    title: str = ""
    source: Source = NOWHERE
    share: float = 0.0
    missing: str = ""
    decorative: bool = False
    crop: float = 0.0
    focus: tuple[float, float] = (0.5, 0.5)


@frozen
class Formula:
    """A formula: as it was written in TeX, as MathML, and in words."""

    tex: str
    mathml: str
    spoken: str
    source: Source = NOWHERE


Inline: TypeAlias = (
    Text
    | Span
    | Code
    | Formula
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


@frozen(kw_only=True)
class _Block:
    """What every block has: its source, an id to link to, classes, a language."""

    source: Source = NOWHERE
    id: str = ""
    classes: tuple[str, ...] = ()
    lang: str = ""


@frozen
class Heading(_Block):
    """A heading inside a chapter; the chapter's own title is level 1, so these are 2 to 6."""

    level: int
    content: Inlines


@frozen
class Paragraph(_Block):
    """Running text."""

    content: Inlines


Numbering: TypeAlias = Literal[
    "decimal", "lower-alpha", "upper-alpha", "lower-roman", "upper-roman"
]


@frozen
class ListItem(_Block):
    """One item; `checked` is None unless the item has a checkbox.

    `number` is the item's own in an ordered list; None counts on from the item before.
    """

    blocks: tuple[Block, ...]
    checked: bool | None = None
    number: int | None = None


@frozen
class List(_Block):
    """Items with bullets, numbers or checkboxes (`ListItem.checked`); tight lists have no gaps."""

    items: tuple[ListItem, ...]
    ordered: bool = False
    start: int = 1
    tight: bool = True
    numbering: Numbering = "decimal"

    def numbers(self) -> tuple[int, ...]:
        """Return the number of each item of an ordered list."""
        numbers: list[int] = []
        for item in self.items:
            following = numbers[-1] + 1 if numbers else self.start
            numbers.append(following if item.number is None else item.number)
        return tuple(numbers)


@frozen
class Definition:
    """One or more terms and what they mean."""

    terms: tuple[Inlines, ...]
    blocks: tuple[Block, ...]
    id: str = ""
    source: Source = NOWHERE


@frozen
class DefinitionList(_Block):
    """Terms with their definitions: a glossary, a list of options."""

    items: tuple[Definition, ...]


# "decimal" aligns numbers at their decimal point.
Align: TypeAlias = Literal["", "left", "center", "right", "decimal"]


@frozen
class Column:
    """A table's column.  `width` is a share of the table's width, 0 to fit the content."""

    align: Align = ""
    width: float = 0.0


@frozen
class Cell:
    """A cell; `header` marks a row's own heading in the body."""

    blocks: tuple[Block, ...]
    colspan: int = 1
    rowspan: int = 1
    header: bool = False


@frozen
class Row:
    """A row of cells, and the classes that mark it (say `chosen` or `retired`).

    Cells covered by the span of another cell are absent.
    """

    cells: tuple[Cell, ...]
    classes: tuple[str, ...] = ()
    source: Source = NOWHERE


@frozen
class Table(_Block):
    """A table: columns, header rows, body rows, a caption."""

    columns: tuple[Column, ...]
    header: tuple[Row, ...]
    rows: tuple[Row, ...]
    caption: Inlines = ()


@frozen
class CodeBlock(_Block):
    """Literal lines; `language` is a Pygments alias or empty.

    `first_line` numbers them (0: not), `marked` names those to look at, counted from 1, and
    `callouts` has the numbers of notes at the end of lines.
    """

    text: str
    language: str = ""
    title: str = ""
    first_line: int = 0
    marked: tuple[int, ...] = ()
    callouts: tuple[tuple[int, str], ...] = ()


@frozen
class Diagram(_Block):
    """A diagram written as text: `kind` is mermaid or dot, `alt` what its author says of it.

    One that cannot be drawn is an error, or in a `lenient` pack its source as code.
    """

    kind: str
    text: str
    alt: str = ""
    caption: Inlines = ()
    lenient: bool = False


@frozen
class Channel:
    """What a chart shows by one of its channels (x, y, color …): a value for each row.

    Values are numbers, days as ordinals (`kind` is "date"), or words; None where a row has none.
    """

    name: str
    values: tuple[float | str | None, ...]
    kind: Literal["number", "date", "word"] = "word"
    title: str = ""
    unit: str = ""
    # Words in the order in which they are drawn, if that is not the order of the rows.
    order: tuple[str, ...] = ()


@frozen
class ChartBlock(_Block):
    """A chart of data: `mark` says how it is drawn, `text` is how its author wrote it."""

    mark: str
    channels: tuple[Channel, ...]
    options: tuple[tuple[str, str], ...] = ()
    alt: str = ""
    caption: Inlines = ()
    text: str = ""
    # The data are in a file of their own, which may change while the chapter does not.
    from_file: bool = False


@frozen
class FormulaBlock(_Block):
    """A formula on lines of its own; one with an id is numbered."""

    formula: Formula


@frozen
class Quote(_Block):
    """Quoted words, or a pull quote."""

    blocks: tuple[Block, ...]


@frozen
class Admonition(_Block):
    """A boxed aside: `kind` is note, tip, caution, retired, exam, facts, question, answer ..."""

    kind: str
    title: Inlines
    blocks: tuple[Block, ...]


@frozen
class Division(_Block):
    """Blocks that belong together (`::: name key=value`); the writer decides how they look."""

    name: str
    blocks: tuple[Block, ...]
    attributes: Mapping[str, str] = field(default_factory=lambda: NO_ATTRIBUTES)


@frozen
class Directive(_Block):
    """A place that the writer fills (`::name key=value`): contents, page-break, lines, figure."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=lambda: NO_ATTRIBUTES)


@frozen
class Figure(_Block):
    """A picture in a paragraph of its own, with its caption; `beside` are others in its row.

    Of the class "wide" it is as wide as the widest frame, of "bleed" as wide as the paper.
    """

    image: Image
    caption: Inlines = ()
    beside: tuple[Image, ...] = ()

    @property
    def images(self) -> tuple[Image, ...]:
        """Return all its pictures, from left to right."""
        return (self.image, *self.beside)


@frozen
class Rule(_Block):
    """A change of subject."""


Block: TypeAlias = (
    Heading
    | Paragraph
    | List
    | DefinitionList
    | Table
    | CodeBlock
    | Diagram
    | ChartBlock
    | FormulaBlock
    | Quote
    | Admonition
    | Division
    | Directive
    | Figure
    | Rule
)

# -------------------------------------------------------------------- document

Matter: TypeAlias = Literal["front", "main", "back"]


@frozen
class Placement:
    """Where the list of chapters puts a chapter, and what it calls it there.

    `depth` counts the parts and chapters around it, `chapters_above` the chapters alone: they give
    its number.  `in_part` says that the outermost of them is a part.  `parts` are the titles of
    the parts that begin with this chapter, each with its own depth.  `label` replaces the title
    in the contents list and the bookmarks.
    """

    depth: int = 0
    chapters_above: int = 0
    in_part: bool = False
    parts: tuple[tuple[int, str], ...] = ()
    numbered: bool = True
    label: str = ""

    def indent_of(self, depth: int) -> int:
        """Return how many steps an entry of that depth is indented: a part alone indents none."""
        return max(0, depth - self.in_part)


UNPLACED = Placement()


@frozen
class ChapterPages:
    """How a chapter's pages begin and are filled, where its author says so.

    A chapter of the rank "area" has a page with a band and a colour of its own, which the chapters
    below it share.  `own_page` begins a page, `columns` is how many the text has (0: the theme's).
    """

    rank: str = ""
    own_page: bool = False
    columns: int = 0


ORDINARY = ChapterPages()


@frozen
class Chapter:
    """A chapter: its title, its blocks, and the part of the book it belongs to.

    `layout` names a page style of the theme: chapter, cover, imprint, contents, plain, back-cover,
    certificate.
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
    placement: Placement = UNPLACED
    pages: ChapterPages = ORDINARY


@frozen
class Meta:
    """Bibliographic data about the document; dates are ISO 8601 days."""

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


@frozen
class Document:
    """A whole handbook before layout; `provided_fields` names the fields that copies fill.

    `logos` has the provider's pictures by chapter layout: cover, back-cover, certificate; that on
    the cover's field is called field.
    `warnings` are the problems in its text that do not stop a build.
    """

    meta: Meta
    chapters: tuple[Chapter, ...]
    notes: Mapping[str, tuple[Block, ...]] = field(default_factory=lambda: MappingProxyType({}))
    fields: FieldSpecs = field(default_factory=FieldSpecs)
    provided_fields: frozenset[str] = frozenset()
    logos: Mapping[str, Image] = field(default_factory=lambda: MappingProxyType({}))
    warnings: tuple[Diagnostic, ...] = ()


# --------------------------------------------------------------------- walking

P = TypeVar("P", ListItem, Definition, Cell, Quote, Admonition, Division)
N = TypeVar("N")


def plain_text(inlines: Inlines) -> str:
    """Return the characters of `inlines` without their mark-up; a line break is a space.

    What has no characters is said by the words of its pictures.
    """
    parts: list[str] = []
    pictures: list[str] = []
    for inline in walk_inlines(inlines):
        if isinstance(inline, (Text, Code)):
            parts.append(inline.text)
        elif isinstance(inline, Formula):
            parts.append(inline.tex)
        elif isinstance(inline, LineBreak):
            parts.append(" ")
        elif isinstance(inline, Image):
            pictures.append(inline.alt)
    text = "".join(parts)
    return text if not pictures or text.strip() else " ".join(filter(None, pictures))


def walk_inlines(inlines: Inlines) -> Iterator[Inline]:
    """Yield every inline of `inlines`, in reading order, parents before children."""
    for inline in inlines:
        yield inline
        if isinstance(inline, (Span, Link)):
            yield from walk_inlines(inline.children)


def children(block: Block) -> Sequence[Block]:
    """Return the blocks directly inside `block`, in reading order."""
    if isinstance(block, (Quote, Admonition, Division)):
        return block.blocks
    if isinstance(block, (List, DefinitionList)):
        return [inner for item in block.items for inner in item.blocks]
    if isinstance(block, Table):
        rows = (*block.header, *block.rows)
        return [inner for row in rows for cell in row.cells for inner in cell.blocks]
    return ()


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield every block of `blocks`, in reading order, parents before children."""
    waiting = [iter(blocks)]
    while waiting:
        for block in waiting[-1]:
            yield block
            if inside := children(block):
                waiting.append(iter(inside))
                break
        else:
            waiting.pop()


def inlines_of(block: Block) -> Iterator[Inlines]:
    """Yield the runs of text that `block` itself holds (not those of the blocks inside it)."""
    if isinstance(block, (Heading, Paragraph)):
        yield block.content
    elif isinstance(block, (Table, Figure, Diagram, ChartBlock)):
        yield block.caption
    elif isinstance(block, Admonition):
        yield block.title
    elif isinstance(block, DefinitionList):
        for definition in block.items:
            yield from definition.terms


def every_inline(blocks: tuple[Block, ...]) -> Iterator[Inline]:
    """Yield every inline of `blocks` and of the blocks inside them."""
    for block in walk(blocks):
        for inlines in inlines_of(block):
            yield from walk_inlines(inlines)


# -------------------------------------------------------------------- changing


def with_values(node: N, **values: object) -> N:
    """Return `node` with these values; `node` itself if it has them already.

    Tuples are compared by the identity of their members, as most of a document never changes.
    """
    for key, value in values.items():
        present = getattr(node, key)
        if present is not value and not _same_members(present, value):
            return changed(node, **values)
    return node


def _same_members(one: object, other: object) -> bool:
    if not isinstance(one, tuple) or not isinstance(other, tuple):
        return False
    return len(one) == len(other) and all(map(is_, one, other))


def map_children(
    block: Block, convert: Callable[[tuple[Block, ...]], tuple[Block, ...]], header: bool = True
) -> Block:
    """Return `block` with `convert` applied to each run of blocks directly inside it.

    A block of which nothing changes is returned itself.  `header` includes a table's header rows.
    """

    def part(holder: P) -> P:
        blocks = convert(holder.blocks)
        same = _same_members(blocks, holder.blocks)
        return holder if same else changed(holder, blocks=blocks)

    def row(line: Row) -> Row:
        return with_values(line, cells=tuple(map(part, line.cells)))

    if isinstance(block, List):
        return with_values(block, items=tuple(map(part, block.items)))
    if isinstance(block, DefinitionList):
        return with_values(block, items=tuple(map(part, block.items)))
    if isinstance(block, Table):
        head = tuple(map(row, block.header)) if header else block.header
        return with_values(block, header=head, rows=tuple(map(row, block.rows)))
    if isinstance(block, Quote):
        return part(block)
    if isinstance(block, Admonition):
        return part(block)
    return part(block) if isinstance(block, Division) else block
