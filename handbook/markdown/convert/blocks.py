"""Convert elements to blocks."""

from __future__ import annotations

import html
import xml.etree.ElementTree as etree
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, get_args

from ...core import plugins
from ...core.diagnostics import HandbookError, Source, suggest
from ...document.nodes import (
    Admonition,
    Block,
    ChartBlock,
    CodeBlock,
    Definition,
    DefinitionList,
    Diagram,
    Directive,
    Division,
    Figure,
    Formula,
    FormulaBlock,
    Heading,
    Image,
    Inlines,
    List,
    ListItem,
    Numbering,
    Paragraph,
    Quote,
    Rule,
    Text,
)
from ..syntax import ADMONITIONS, DIRECTIVES, DIVISIONS, FOREIGN_ADMONITIONS, mistyped
from . import charts, diagrams
from .images import cropping, sizes
from .inlines import InlineReader
from .listings import code_attributes
from .runs import is_wordless, row_of_images, split_images
from .tables import convert_table

_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_NUMBERINGS: dict[str, Numbering] = {name: name for name in get_args(Numbering)}
_BOXES = ADMONITIONS | FOREIGN_ADMONITIONS
_CAPTIONED = (Figure, Diagram, ChartBlock)


class Converter:
    """Converts the elements of one chapter."""

    def __init__(self, inlines: InlineReader) -> None:
        self.inlines = inlines
        self.problems = inlines.problems
        # The blocks that plug-ins were given, by name and place.
        self.plugged: dict[tuple[str, Source], Division | Directive] = {}
        self._converters: dict[str, Callable[[etree.Element], Block | None]] = {
            "ul": self._list,
            "ol": self._list,
            "dl": self._definitions,
            "pre": self._code,
            "formula": self._formula,
            "blockquote": self._quote,
            "hr": self._rule,
            "box": self._box,
            "container": self._container,
            "directive": self._directive,
        }

    def blocks(self, parent: etree.Element) -> tuple[Block, ...]:
        """Return the blocks that the children of `parent` make."""
        elements = [child for child in parent if child.tag != "title"]
        captions = _captions(elements)
        taken = {id(caption) for caption in captions.values()}
        blocks: list[Block] = []
        for element in elements:
            caption = captions.get(id(element))
            if element.tag == "table":
                blocks.append(self._table(element, caption))
            elif element.tag == "caption":
                if id(element) not in taken:
                    blocks += self._lone_caption(element)
            else:
                parts = self._block(element)
                if caption is not None and parts and isinstance(parts[0], _CAPTIONED):
                    parts[0] = self._captioned(parts[0], caption)
                elif caption is not None:
                    parts += self._lone_caption(caption)
                blocks += parts
        return tuple(blocks)

    def _block(self, element: etree.Element) -> list[Block]:
        if language := element.get("lang"):
            with self.inlines.context.using_language(language):
                return self._converted(element)
        return self._converted(element)

    def _converted(self, element: etree.Element) -> list[Block]:
        if element.tag == "p":
            return self._paragraph(element, self.inlines.read(element, "start"))
        if element.tag in _HEADINGS:
            return self._heading(element)
        block = self._converters[element.tag](element)
        return [block] if block else []

    def _common(self, element: etree.Element) -> dict[str, Any]:
        return {
            "source": self._source(element),
            "id": element.get("id", ""),
            "classes": tuple(element.get("class", "").split()),
            "lang": element.get("lang", ""),
        }

    def _source(self, element: etree.Element) -> Source:
        return self.inlines.context.source_at(int(element.get("lines", "0").split()[0]))

    # ------------------------------------------------------------ running text

    def _paragraph(self, element: etree.Element, content: Inlines) -> list[Block]:
        """Convert a paragraph; a large picture among its words splits it."""
        common = self._common(element)
        if row := row_of_images(content):
            return [replace(self._figure(row[0], element, common), beside=tuple(row[1:]))]
        return split_images(content, common)

    def _figure(self, image: Image, element: etree.Element, common: dict[str, Any]) -> Figure:
        """Convert a picture in a paragraph of its own, with the attributes after or below it."""
        inner = next(element.iter("img"))
        common["id"] = self._one_id(image.source, common["id"], inner.get("id", ""))
        common["classes"] += tuple(inner.get("class", "").split())
        width, height, share = sizes(element, image.source, self.problems)
        crop, focus = cropping(element, image.source, self.problems)
        alt = element.get("data-alt") or element.get("data-fig-alt") or image.alt
        decorative = image.decorative or "decorative" in common["classes"]
        sized = replace(
            image,
            width=width or image.width,
            height=height or image.height,
            share=share or image.share,
            alt=alt,
            decorative=decorative,
            crop=crop or image.crop,
            focus=focus if element.get("data-focus") else image.focus,
        )
        return Figure(image=sized, **common)

    def _heading(self, element: etree.Element) -> list[Block]:
        """Convert a heading; one without words is none, as no list could name it."""
        content = self.inlines.read(element)
        if is_wordless(content):
            if content:
                self.problems.add(
                    self._source(element),
                    "a heading without words; what is in it is printed as a paragraph",
                    "say in words what the section is about",
                    "empty-heading",
                )
            return self._paragraph(element, content)
        # A chapter's own title is level 1.
        level = max(2, int(element.tag[1]))
        return [Heading(level=level, content=content, **self._common(element))]

    def _rule(self, element: etree.Element) -> Rule:
        return Rule(**self._common(element))

    def _code(self, element: etree.Element) -> CodeBlock | Diagram | ChartBlock:
        text, language = str(element.text or ""), element.get("language", "")
        if charts.is_chart(language):
            try:
                return self._chart(text, element)
            except HandbookError as problem:
                for diagnostic in problem.diagnostics:
                    place = Source(diagnostic.file, diagnostic.line, diagnostic.column)
                    self.problems.add(place, diagnostic.message, diagnostic.hint, diagnostic.code)
                return CodeBlock(text=text, **self._common(element))
        if kind := diagrams.kind_of(language):
            common = self._common(element)
            if diagrams.is_installed(kind):
                alt = diagrams.alternative(text, _attributes(element))
                targets = self.inlines.context.targets
                lenient = bool(targets and targets.rules.is_warning("diagram"))
                return Diagram(kind=kind, text=text, alt=alt, lenient=lenient, **common)
            self.problems.add(
                common["source"],
                f"the {kind} diagram is printed as its source: its engine is not installed",
                diagrams.hint(kind),
                "diagram-engine",
            )
        common = self._common(element)
        context = self.inlines.context
        root = context.targets.rules.folder if context.targets else None
        values = code_attributes(
            text, _attributes(element), context.folder, root, common["source"], self.problems
        )
        return CodeBlock(language=language, **values, **common)

    def _chart(self, text: str, element: etree.Element) -> ChartBlock:
        context = self.inlines.context
        root = context.targets.rules.folder if context.targets else None
        folders = tuple(one for one in (context.folder, root) if one is not None)
        first = int(element.get("lines", "0").split()[0])
        place = charts.ChartPlace(lambda n: context.source_at(first + n), folders, root)
        return charts.read_chart(text, place, self._common(element))

    def _formula(self, element: etree.Element) -> FormulaBlock | CodeBlock:
        common = self._common(element)
        first = common["source"]
        # The dollar signs have a line of their own if the formula has several.
        if first.line and len(element.get("lines", "").split()) > 1:
            first = replace(first, line=first.line + 1)
        formula = self.inlines.formula(element, first)
        if isinstance(formula, Formula):
            return FormulaBlock(formula=formula, **common)
        return CodeBlock(text=html.unescape(str(element.text or "")), **common)

    # ------------------------------------------------------------------- lists

    def _list(self, element: etree.Element) -> List:
        return List(
            items=tuple(self._item(item) for item in element),
            ordered=element.tag == "ol",
            start=int(element.get("start", "1")),
            numbering=_NUMBERINGS.get(element.get("numbering", ""), "decimal"),
            tight=not element.get("loose"),
            **self._common(element),
        )

    def _item(self, element: etree.Element) -> ListItem:
        box = element.get("checked")
        checked = None if box is None else bool(box)
        number = int(element.get("number", "")) if element.get("number") else None
        return ListItem(
            blocks=self.blocks(element), checked=checked, number=number, **self._common(element)
        )

    def _definitions(self, element: etree.Element) -> DefinitionList:
        """Convert each group of terms with the meanings that follow it."""
        groups: list[tuple[list[etree.Element], list[etree.Element]]] = []
        for child in element:
            if child.tag == "dt" and (not groups or groups[-1][1]):
                groups.append(([], []))
            groups[-1][0 if child.tag == "dt" else 1].append(child)
        items: list[Definition] = []
        for terms, meanings in groups:
            words = tuple(self.inlines.read(term) for term in terms)
            blocks = tuple(block for meaning in meanings for block in self.blocks(meaning))
            items.append(Definition(words, blocks, terms[0].get("id", ""), self._source(terms[0])))
        return DefinitionList(items=tuple(items), **self._common(element))

    # ------------------------------------------------------ tables and figures

    def _table(self, element: etree.Element, caption: etree.Element | None) -> Block:
        common = self._common(element)
        attributes = _attributes(element)
        words: Inlines = ()
        if caption is not None:
            words = self.inlines.read(caption)
            attributes |= _attributes(caption)
            common["id"] = self._one_id(common["source"], caption.get("id", ""), common["id"])
            common["classes"] += tuple(caption.get("class", "").split())
        place = caption if caption is not None and _attributes(caption) else element
        return convert_table(
            element, self.inlines, words, attributes, self._source(place), common, self.blocks
        )

    def _captioned(
        self, figure: Figure | Diagram | ChartBlock, caption: etree.Element
    ) -> Figure | Diagram | ChartBlock:
        if isinstance(figure, Figure):
            figure = replace(figure, image=replace(figure.image, decorative=False))
        return replace(
            figure,
            caption=self.inlines.read(caption),
            id=self._one_id(figure.source, caption.get("id", ""), figure.id),
            classes=figure.classes + tuple(caption.get("class", "").split()),
        )

    def _one_id(self, source: Source, one: str, other: str) -> str:
        """Return the id that a block and its caption share; two are an error."""
        if one and other:
            self.problems.add(
                source, f"two ids for one block: {one!r} and {other!r}", "keep one", "two-ids"
            )
        return one or other

    def _lone_caption(self, element: etree.Element) -> list[Block]:
        """Convert a caption without a table or figure next to it to a paragraph."""
        kind = element.get("kind", "")
        common = self._common(element)
        if common["id"] or _attributes(element):
            self.problems.add(
                common["source"],
                f"a caption without a {kind.lower()} before or after it",
                f"leave only a blank line between it and its {kind.lower()}",
                "caption",
            )
        content = self.inlines.read(element)
        return [Paragraph(content=(Text(f"{kind}: "), *content), **common)]

    # ------------------------------------------------------------------- boxes

    def _title(self, element: etree.Element) -> Inlines:
        head = element.find("title")
        return self.inlines.read(head) if head is not None else ()

    def _quote(self, element: etree.Element) -> Quote:
        return Quote(blocks=self.blocks(element), **self._common(element))

    def _box(self, element: etree.Element) -> Admonition:
        kind = element.get("kind", "")
        common = self._common(element)
        near = mistyped(kind, _BOXES) if kind not in _BOXES else ""
        if near:
            self._unknown(common["source"], f"unknown box {kind!r}", near)
        return self._admonition(kind, element, common)

    def _admonition(self, kind: str, element: etree.Element, common: dict[str, Any]) -> Admonition:
        title = self._title(element)
        if not title and kind not in ADMONITIONS:
            title = (Text(kind.capitalize()),)
        return Admonition(kind=kind, title=title, blocks=self.blocks(element), **common)

    def _container(self, element: etree.Element) -> Block:
        name = element.get("name", "")
        common = self._common(element)
        if name in _BOXES:
            return self._admonition(name, element, common)
        division = Division(
            name=name, blocks=self.blocks(element), attributes=_attributes(element), **common
        )
        if name not in DIVISIONS and (plugged := self._plugged(name, division)):
            return plugged
        if name == "only":
            # Conditions are evaluated on lines, before reading: see conditional_blocks.py.
            self.problems.add(
                common["source"],
                "the block '::: only' is not allowed here",
                "put it around the whole quote, or at the top level of the chapter",
                "condition",
            )
        elif name not in DIVISIONS and (near := mistyped(name, _BOXES | DIVISIONS | {"only"})):
            self._unknown(common["source"], f"unknown container {name!r}", near)
        elif (title := element.find("title")) is not None:
            words = "".join(title.itertext())
            self.problems.add(
                common["source"],
                f"the container {name!r} has no place for a title: {words!r}",
                f"these have one: {', '.join(sorted(ADMONITIONS))}",
                "container-title",
            )
        return division

    def _plugged(self, name: str, block: Division | Directive) -> Division | None:
        """Return what a plug-in makes of the block; None if no plug-in knows its name."""
        try:
            if plugins.find(plugins.BLOCKS, name) is None:
                return None
            self.plugged[name, block.source] = block
            converted = tuple(plugins.call(plugins.BLOCKS, name, block))
        except HandbookError as problem:
            first = problem.diagnostics[0]
            self.problems.add(block.source, first.message, first.hint, "plug-in")
            converted = ()
        return Division(
            name=name,
            blocks=converted,
            source=block.source,
            id=block.id,
            classes=block.classes,
            lang=block.lang,
        )

    def _unknown(self, source: Source, message: str, near: str) -> None:
        self.problems.add(source, message, f"did you mean {near!r}?", "unknown-container")

    def _directive(self, element: etree.Element) -> Directive | Division:
        name = element.get("name", "")
        common = self._common(element)
        attributes = _attributes(element)
        if name not in DIRECTIVES:
            directive = Directive(name=name, attributes=attributes, **common)
            if plugged := self._plugged(name, directive):
                return plugged
            self.problems.add(
                common["source"],
                f"unknown directive '::{name}'",
                suggest(name, {*DIRECTIVES, *plugins.names(plugins.BLOCKS)}),
                "unknown-directive",
            )
        if name == "lines" and not attributes.get("count", "6").isdecimal():
            self.problems.add(
                common["source"],
                f"count={attributes['count']} is not a number",
                "write ::lines count=8",
                "directive-attributes",
            )
        known = self.inlines.context.fields
        field = attributes.get("name", "")
        if name == "field-qr" and known is not None and field not in known:
            self.problems.add(
                common["source"], f"unknown field {field!r}", suggest(field, known), "unknown-field"
            )
        return Directive(name=name, attributes=attributes, **common)


def _attributes(element: etree.Element) -> dict[str, str]:
    """Return what an element's attribute list has beyond id, class and language."""
    return {
        key.removeprefix("data-"): value
        for key, value in element.attrib.items()
        if key.startswith("data-")
    }


def _captions(elements: Sequence[etree.Element]) -> dict[int, etree.Element]:
    """Return the caption of each table or figure, by the identity of its element.

    A caption is directly before or after.  Between two tables it belongs to the one below, unless
    the one above has none yet and the one below has its own.
    """
    captions: dict[int, etree.Element] = {}
    for place, element in enumerate(elements):
        if element.tag != "caption":
            continue
        above = _captionable(elements, place - 1, element)
        below = _captionable(elements, place + 1, element)
        below_has_its_own = place + 2 < len(elements) and elements[place + 2].tag == "caption"
        if above is not None and id(above) in captions:
            above = None
        if element.get("of") == "above" or (above is not None and above.tag == "pre"):
            below = None
        target = above if below is None or (above is not None and below_has_its_own) else below
        if target is not None:
            captions[id(target)] = element
    return captions


def _captionable(
    elements: Sequence[etree.Element], place: int, caption: etree.Element
) -> etree.Element | None:
    if not 0 <= place < len(elements):
        return None
    element = elements[place]
    if caption.get("kind") == "Table":
        return element if element.tag == "table" else None
    return element if is_figure(element) else None


def is_figure(element: etree.Element) -> bool:
    """Return whether an element is a paragraph of pictures alone, a diagram or a chart."""
    if element.tag == "pre":
        language = element.get("language", "")
        return bool(diagrams.kind_of(language)) or charts.is_chart(language)
    if element.tag != "p" or not len(element) or (element.text or "").strip():
        return False
    pictures = all(child.tag in ("img", "br") for child in element)
    return pictures and not any((child.tail or "").strip() for child in element)
