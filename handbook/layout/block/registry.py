"""List the function that sets each kind of block."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...document.nodes import (
    Admonition,
    ChartBlock,
    CodeBlock,
    DefinitionList,
    Diagram,
    Directive,
    Division,
    Figure,
    FormulaBlock,
    Heading,
    List,
    Paragraph,
    Quote,
    Rule,
    Table,
)
from ..flow.flowables import Flowable
from .area import Area
from .box import set_admonition, set_division, set_quote
from .chart import set_chart_block
from .code import set_code
from .definition_list import set_definition_list
from .diagram import set_diagram
from .directive import set_directive
from .figure import set_figure
from .formula import set_formula
from .layouter import BlockLayouter
from .list import set_list
from .table import set_table
from .text import set_heading, set_paragraph, set_rule

SETTERS: Mapping[type, Callable[[BlockLayouter, Any, Area], list[Flowable]]] = {
    Paragraph: set_paragraph,
    Heading: set_heading,
    List: set_list,
    Table: set_table,
    Admonition: set_admonition,
    CodeBlock: set_code,
    ChartBlock: set_chart_block,
    Diagram: set_diagram,
    FormulaBlock: set_formula,
    DefinitionList: set_definition_list,
    Quote: set_quote,
    Division: set_division,
    Directive: set_directive,
    Figure: set_figure,
    Rule: set_rule,
}
