"""Add a block, two figures and an executor to handbook: an example of a plug-in.

Each is a function or a class that an entry point in pyproject.toml names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urlsplit

from handbook.document.nodes import Block, Division, List, ListItem, Paragraph, Span, Text
from handbook.layout.figure.charts import Chart, Pen


def steps(block: Division) -> Iterable[Block]:
    """`::: steps minutes=5`: its paragraphs as numbered steps, each with its minutes."""
    each = block.attributes.get("minutes", "")
    time = Span("emphasis", (Text(f" ({each} min)"),))
    items = []
    for inner in block.blocks:
        if each and isinstance(inner, Paragraph):
            inner = Paragraph(content=(*inner.content, time), source=inner.source)
        items.append(ListItem(blocks=(inner,), source=inner.source))
    yield List(items=tuple(items), ordered=True, source=block.source)


def gauge(pen: Pen, attributes: Mapping[str, str], width: float) -> Chart:
    """`::figure kind=gauge value=7 of=10 label=…`: how much of something is done."""
    value, whole = float(attributes["value"]), float(attributes["of"])
    label = attributes["label"]
    bar = width * 0.6
    pen.box(0, 0, bar, 12, fill="wash", stroke="accent-dark")
    pen.box(0, 0, bar * value / whole, 12, fill="accent-dark")
    pen.write(bar + 8, 3.4, f"{label}: {value:g} of {whole:g}")
    return Chart(width, 12, tuple(pen.items), f"Gauge. {label}: {value:g} of {whole:g}.")


def trend(pen: Pen, attributes: Mapping[str, str], width: float) -> object:
    """`::figure kind=trend values="3|5|8" alt=…`: a drawing made with ReportLab, unchanged."""
    from reportlab.graphics.charts.linecharts import HorizontalLineChart
    from reportlab.graphics.shapes import Drawing

    chart = HorizontalLineChart()
    chart.x, chart.y, chart.width, chart.height = 30, 25, width - 40, 80
    chart.data = [tuple(float(value) for value in attributes["values"].split("|"))]
    chart.categoryAxis.categoryNames = attributes["names"].split("|")
    drawing = Drawing(width, 115)
    drawing.add(chart)
    return drawing


class Threads:
    """`--scheduler threads://?count=3`: copies are made by threads of this process."""

    shares_filesystem = True
    worker_errors: tuple[type[BaseException], ...] = ()

    def __init__(self, address: str) -> None:
        self.count = int(parse_qs(urlsplit(address).query).get("count", ["2"])[0])
        self._pool = ThreadPoolExecutor(self.count)

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Give a job to the next thread that is free."""
        return self._pool.submit(fn, *args, **kwargs)

    def restart(self) -> None:
        """Threads do not die."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the threads go."""
        self._pool.shutdown(wait=wait, cancel_futures=cancel_futures)
