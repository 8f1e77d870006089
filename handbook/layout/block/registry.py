"""List the function that sets each kind of block."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...document.nodes import (
    Admonition,
    CodeBlock,
    DefinitionList,
    Directive,
    Division,
    Figure,
    Heading,
    List,
    Paragraph,
    Quote,
    Rule,
    Table,
)
from ..flow.flowables import Flowable
from .area import Area
from .blocks import BlockLayouter
from .table import set_table

SETTERS: Mapping[type, Callable[[BlockLayouter, Any, Area], list[Flowable]]] = {
    Paragraph: BlockLayouter.paragraph,
    Heading: BlockLayouter.heading,
    List: BlockLayouter.items,
    Table: set_table,
    Admonition: BlockLayouter.admonition,
    CodeBlock: BlockLayouter.code,
    DefinitionList: BlockLayouter.definitions,
    Quote: BlockLayouter.quote,
    Division: BlockLayouter.division,
    Directive: BlockLayouter.directive,
    Figure: BlockLayouter.figure,
    Rule: BlockLayouter.rule,
}
