"""Reads our own PDFs back, small and quick, and without a line of `handbook.verify`.

`pdfread` reads anyone's PDF through the interpreter that `handbook verify` uses; were that
wrong, both would agree.  This is the other opinion: Identity-H, `Tj`, `Td`, nothing more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from pdfread import fold, squeeze

__all__ = ["Node", "Reader", "Run", "fold", "squeeze"]


@dataclass
class Node:
    """An element of the structure tree with the text of its marked content, in order."""

    tag: str
    attributes: dict[str, Any] = field(default_factory=dict)
    kids: list[Node | str] = field(default_factory=list)
    annotations: list[Any] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What is said of it: its replacement text, if it has one, else that of its kids."""
        if "/ActualText" in self.attributes:
            return str(self.attributes["/ActualText"])
        return "".join(kid if isinstance(kid, str) else kid.text for kid in self.kids)

    @property
    def shown(self) -> str:
        """What its pages show: replacement text, which is only heard, left out."""
        return "".join(kid if isinstance(kid, str) else kid.shown for kid in self.kids)

    def walk(self) -> list[Node]:
        found = [self]
        for kid in self.kids:
            if isinstance(kid, Node):
                found += kid.walk()
        return found

    def all(self, *tags: str) -> list[Node]:
        return [node for node in self.walk() if node.tag in tags]


@dataclass
class Run:
    """Glyphs shown by one operator: where, how large, in which font, in whose marked content."""

    page: int
    x: float
    y: float
    size: float
    width: float
    text: str
    mcid: int | None
    artifact: bool
    color: tuple[float, ...]
    font: str


class Reader:
    """One PDF, read back."""

    def __init__(self, data: bytes | Path) -> None:
        source = BytesIO(data) if isinstance(data, bytes) else data
        self.pdf = pikepdf.open(source)
        self.runs: list[list[Run]] = []
        self.unmarked: list[str] = []
        self._fonts: dict[tuple[int, int], tuple[dict[int, str], dict[int, float]]] = {}
        self.mcids: list[list[int]] = []
        for index, page in enumerate(self.pdf.pages):
            self._page(index, page)
        self.page_index = {page.objgen: n for n, page in enumerate(self.pdf.pages)}

    # ------------------------------------------------------------------ content

    def _font(self, font: Any) -> tuple[dict[int, str], dict[int, float]]:
        if font.objgen not in self._fonts:
            meanings: dict[int, str] = {}
            for code, text in re.findall(
                rb"<([0-9A-F]+)> <([0-9A-F]+)>", font.ToUnicode.read_bytes()
            ):
                if len(code) == 4:
                    meanings[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
            widths: dict[int, float] = {}
            array = list(font.DescendantFonts[0].W)
            for first, values in zip(array[::2], array[1::2], strict=True):
                widths.update({int(first) + n: float(w) for n, w in enumerate(values)})
            self._fonts[font.objgen] = (meanings, widths)
        return self._fonts[font.objgen]

    def _page(self, index: int, page: Any) -> None:
        runs: list[Run] = []
        stack: list[tuple[int | None, bool, list[str] | None]] = []
        seen: list[int] = []
        x = y = pen = size = 0.0
        color: tuple[float, ...] = (0.0,)
        font = None
        name = ""
        for operands, operator in pikepdf.parse_content_stream(page):
            op = str(operator)
            if op == "BDC":
                mcid = (
                    operands[1].get("/MCID")
                    if isinstance(operands[1], pikepdf.Dictionary)
                    else None
                )
                if mcid is not None:
                    seen.append(int(mcid))
                said = (
                    operands[1].get("/ActualText")
                    if isinstance(operands[1], pikepdf.Dictionary)
                    else None
                )
                stack.append(
                    (
                        int(mcid) if mcid is not None else None,
                        operands[0] == "/Artifact",
                        [str(said)] if said is not None else None,
                    )
                )
            elif op == "BMC":
                stack.append((None, operands[0] == "/Artifact", None))
            elif op == "EMC":
                stack.pop()
            elif op == "BT":
                x = y = pen = 0.0
            elif op == "Tf":
                name, size = str(operands[0]), float(operands[1])
                font = page.Resources.Font[name]
            elif op == "Td":
                pen = x = x + float(operands[0])
                y += float(operands[1])
            elif op == "Tm":
                pen = x = float(operands[4])
                y = float(operands[5])
            elif op == "rg":
                color = tuple(float(v) for v in operands)
            elif op == "g":
                color = (float(operands[0]),) * 3
            elif op in ("Tj", "TJ"):
                meanings, widths = self._font(font)
                parts = list(operands[0]) if op == "TJ" else [operands[0]]
                strings = [bytes(part) for part in parts if isinstance(part, pikepdf.String)]
                kern = sum(-float(part) for part in parts if not isinstance(part, pikepdf.String))
                raw = b"".join(strings)
                codes = [raw[i] << 8 | raw[i + 1] for i in range(0, len(raw), 2)]
                text = "".join(meanings[code] for code in codes)
                width = (sum(widths[code] for code in codes) + kern) * size / 1000
                mcid = next((m for m, _, _ in reversed(stack) if m is not None), None)
                artifact = any(a for _, a, _ in stack)
                for _, _, words in stack:
                    if words is not None:
                        # The text is said once, whatever glyphs show it.
                        text = words.pop() if words else ""
                if mcid is None and not artifact:
                    self.unmarked.append(text)
                runs.append(Run(index, pen, y, size, width, text, mcid, artifact, color, name))
                pen += width
            elif op == "Do" and not stack:
                self.unmarked.append(str(operands[0]))
        self.runs.append(runs)
        self.mcids.append(seen)

    # ---------------------------------------------------------------- structure

    def structure(self) -> Node:
        """The structure tree with its text."""
        texts: dict[tuple[int, int], str] = {}
        for runs in self.runs:
            for run in runs:
                if run.mcid is not None and not run.artifact:
                    key = (run.page, run.mcid)
                    texts[key] = texts.get(key, "") + run.text
        self.used: list[tuple[int, int]] = []
        return self._node(self.pdf.Root.StructTreeRoot.K[0], texts)

    def _node(self, element: Any, texts: dict[tuple[int, int], str]) -> Node:
        node = Node(str(element.S)[1:], {k: element[k] for k in element if k not in ("/K", "/P")})
        kids = element.get("/K", pikepdf.Array([]))
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                key = (self.page_index[element.Pg.objgen], kid)
                self.used.append(key)
                node.kids.append(texts.get(key, ""))
            elif kid.get("/Type") == "/MCR":
                key = (self.page_index[kid.Pg.objgen], int(kid.MCID))
                self.used.append(key)
                node.kids.append(texts.get(key, ""))
            elif kid.get("/Type") == "/OBJR":
                node.annotations.append(kid.Obj)
            else:
                node.kids.append(self._node(kid, texts))
        return node

    # -------------------------------------------------------------------- links

    def links(self) -> list[tuple[int, Any]]:
        """(page index, annotation) of every link."""
        return [
            (n, annotation)
            for n, page in enumerate(self.pdf.pages)
            for annotation in page.get("/Annots", [])
        ]

    def text(self) -> str:
        """All text along the structure tree, white space folded."""
        return fold(self.structure().text)
