"""The portable book as HTML: for WeasyPrint, for xhtml2pdf (its own dialect), for pandoc."""

from __future__ import annotations

import html
import json
from pathlib import Path

from .portable import Node

FONTS = Path(__file__).parents[2] / "handbook" / "data" / "fonts" / "ibm-plex"
FACES = {
    "normal; font-style: normal": "IBMPlexSans-Text.ttf",
    "normal; font-style: italic": "IBMPlexSans-TextItalic.ttf",
    "bold; font-style: normal": "IBMPlexSans-SemiBold.ttf",
    "bold; font-style: italic": "IBMPlexSans-SemiBoldItalic.ttf",
}
COMMON = """
body { font-family: plex; font-size: 9.8pt; line-height: 1.4 }
h1 { font-size: 29pt; line-height: 1.15; color: #08305a; margin: 0 0 21pt }
h2 { font-size: 17pt; line-height: 1.2; color: #08305a }
h3 { font-size: 12.2pt; line-height: 1.2; color: #0b4f8a }
p { margin: 0 0 7pt }
a { color: #0b4f8a; text-decoration: none }
pre, code { font-family: plexmono; font-size: 8.5pt }
pre { background-color: #f3f4f6; padding: 8pt; white-space: pre-wrap }
table { width: 100%; border-collapse: collapse; font-size: 8.8pt; margin-bottom: 12pt }
td, th { border: 0.5pt solid #b9c1c9; padding: 4pt; vertical-align: top; text-align: left }
th { background-color: #08305a; color: #ffffff }
.box { background-color: #eef3f8; border-left: 2pt solid #0b4f8a; padding: 8pt; margin: 7pt 0 }
.quote { margin-left: 12pt }
.caption { font-style: italic }
"""
WEASYPRINT = """
@page { size: A4; margin: 25mm 19mm 24mm 40mm;
  @top-left { content: string(chapter); font-size: 8.5pt }
  @top-right { content: string(book); font-size: 8.5pt }
  @bottom-right { content: counter(page); font-size: 8.5pt } }
@page :first { margin: 0; @top-left { content: none } @top-right { content: none }
  @bottom-right { content: none } }
h1 { break-before: page; string-set: chapter content(); bookmark-level: 1 }
h2 { bookmark-level: 2 } h3, h4, h5, h6 { bookmark-level: none }
.cover { height: 178mm; padding: 20mm; background-color: #08305a; color: #ffffff;
  string-set: book attr(title) }
.cover p { font-size: 14pt } .cover .title { font-size: 42pt; line-height: 1.1 }
.contents p { margin: 0 }
.contents a::after { content: leader('.') target-counter(attr(href), page) }
.page::after { content: target-counter(attr(href), page) }
thead { display: table-header-group } tr { break-inside: avoid }
"""
XHTML2PDF = """
@page { size: a4 portrait;
  @frame body { left: 40mm; right: 19mm; top: 25mm; bottom: 24mm }
  @frame head { -pdf-frame-content: head; left: 40mm; right: 19mm; top: 8mm; height: 8mm }
  @frame foot { -pdf-frame-content: foot; left: 40mm; right: 19mm; bottom: 8mm; height: 8mm } }
h1 { -pdf-outline: true; -pdf-outline-level: 0 }
h2 { -pdf-outline: true; -pdf-outline-level: 1 }
h3, h4, h5, h6 { -pdf-outline: false }
.cover { font-size: 14pt } .cover .title { font-size: 42pt; line-height: 1.1 }
"""


def to_weasyprint(book: Node) -> str:
    """HTML with the paged-media CSS that WeasyPrint knows."""
    return _Writer(book, "weasyprint").document(WEASYPRINT)


def to_xhtml2pdf(book: Node) -> str:
    """HTML with xhtml2pdf's own frames, contents list and page numbers."""
    return _Writer(book, "xhtml2pdf").document(XHTML2PDF)


def to_pandoc(book: Node) -> str:
    """HTML that pandoc reads: its own contents list, title page and running heads."""
    return _Writer(book, "pandoc").document("")


class _Writer:
    def __init__(self, book: Node, flavour: str) -> None:
        self.book = book
        self.flavour = flavour
        self.sections: list[str] = []

    def document(self, css: str) -> str:
        chapters = "\n".join(self._chapter(c) for c in self.book["chapters"])
        title = html.escape(self.book["title"])
        style = f"<style>{self._faces()}{COMMON}{css}</style>" if css else ""
        return (
            f'<!DOCTYPE html><html lang="{self.book["language"]}"><head><meta charset="utf-8">'
            f"<title>{title}</title>{style}</head><body>\n{chapters}\n</body></html>"
        )

    def _faces(self) -> str:
        place = (
            (lambda name: (FONTS / name).as_uri())
            if self.flavour == "weasyprint"
            else (lambda name: str(FONTS / name))
        )
        faces = [
            f"@font-face {{ font-family: plex; src: url({place(file)}); font-weight: {style} }}"
            for style, file in FACES.items()
        ]
        mono = place("IBMPlexMono-Regular.ttf")
        return "\n".join([*faces, f"@font-face {{ font-family: plexmono; src: url({mono}) }}"])

    def _chapter(self, chapter: Node) -> str:
        self.sections = chapter["sections"]
        if chapter["layout"] == "cover":
            return self._cover(chapter)
        start = "<pdf:nextpage />" if self.flavour == "xhtml2pdf" else ""
        title = html.escape(chapter["title"])
        unlisted = "" if chapter["listed"] else ' class="unlisted"'
        head = (
            f'{start}<h1 id="{chapter["id"]}"{unlisted}>{self._anchor(chapter["id"])}{title}</h1>'
        )
        return f"{head}\n{self._blocks(chapter['blocks'])}"

    def _anchor(self, name: str) -> str:
        return f'<a name="{name}"></a>' if name and self.flavour == "xhtml2pdf" else ""

    def _cover(self, chapter: Node) -> str:
        lines = "".join(
            f'<p class="title">{self._runs(node["runs"])}</p>'
            if node["kind"] == "heading"
            else f"<p>{self._runs(node['runs'])}</p>"
            for node in chapter["blocks"]
            if "runs" in node
        )
        title = html.escape(self.book["title"])
        if self.flavour == "xhtml2pdf":
            return (
                f'<div id="head">{title}</div>'
                '<div id="foot" style="text-align: right"><pdf:pagenumber /></div>'
                f'<div class="cover">{lines}</div>'
            )
        return f'<div class="cover" id="cover" title="{title}">{lines}</div>'

    def _blocks(self, nodes: list[Node]) -> str:
        return "\n".join(map(self._block, nodes))

    def _block(self, node: Node) -> str:
        kind = node["kind"]
        named = f' id="{node["id"]}"' if node.get("id") else ""
        if kind == "paragraph":
            return f"<p{named}>{self._anchor(node['id'])}{self._runs(node['runs'])}</p>"
        if kind == "heading":
            level = node["level"]
            words = self._anchor(node["id"]) + self._runs(node["runs"])
            return f"<h{level}{named}>{words}</h{level}>"
        if kind == "list":
            tag = f'ol start="{node["start"]}"' if node["ordered"] else "ul"
            items = "".join(f"<li>{self._item(item)}</li>" for item in node["items"])
            return f"<{tag}>{items}</{tag[:2]}>"
        if kind == "code":
            return f"<pre>{html.escape(node['text'])}</pre>"
        if kind == "box":
            title = f"<p><b>{html.escape(node['title'])}</b></p>" if node["title"] else ""
            return f'<div class="box">{title}{self._blocks(node["blocks"])}</div>'
        if kind == "quote":
            return f'<div class="quote">{self._blocks(node["blocks"])}</div>'
        if kind == "table":
            return self._table(node, named)
        if kind == "contents":
            return self._contents()
        raise TypeError(kind)

    def _item(self, nodes: list[Node]) -> str:
        if len(nodes) == 1 and nodes[0]["kind"] == "paragraph":
            return self._runs(nodes[0]["runs"])
        return self._blocks(nodes)

    def _table(self, node: Node, named: str) -> str:
        def row(cells: list[list[Node]], tag: str) -> str:
            made = zip(cells, node["widths"], strict=True)
            share = sum(node["widths"])
            return "".join(
                f'<{tag} width="{100 * width / share:.0f}%">{self._item(cell)}</{tag}>'
                for cell, width in made
            )

        head = "".join(f"<tr>{row(cells, 'th')}</tr>" for cells in node["header"])
        body = "".join(f"<tr>{row(cells, 'td')}</tr>\n" for cells in node["rows"])
        anchor = self._anchor(node["id"])
        repeat = f' repeat="{len(node["header"])}"' if self.flavour == "xhtml2pdf" else ""
        share = sum(node["widths"])
        shares = "".join(f'<col style="width: {100 * w / share:.0f}%">' for w in node["widths"])
        columns = f"<colgroup>{shares}</colgroup>" if self.flavour == "pandoc" else ""
        caption = f'<p class="caption">{anchor}{html.escape(node["caption"])}</p>'
        start = f"{caption}<table{named}{repeat}>{columns}"
        return f"{start}<thead>{head}</thead><tbody>{body}</tbody></table>"

    def _contents(self) -> str:
        if self.flavour == "xhtml2pdf":
            return "<div><pdf:toc /></div>"
        if self.flavour == "pandoc":
            return ""
        lines = []
        for chapter in self.book["chapters"]:
            if not chapter["listed"]:
                continue
            lines.append((chapter["id"], chapter["title"]))
            lines += [
                (node["id"], "".join(run["text"] for run in node["runs"]))
                for node in chapter["blocks"]
                if node["kind"] == "heading" and node["id"] in chapter["sections"]
            ]
        entries = "".join(f'<p><a href="#{i}">{html.escape(t)}</a></p>' for i, t in lines)
        return f'<div class="contents">{entries}</div>'

    def _runs(self, runs: list[Node]) -> str:
        return "".join(map(self._run, runs))

    def _run(self, run: Node) -> str:
        if "page" in run:
            if self.flavour == "weasyprint":
                return f'<a class="page" href="#{run["page"]}"></a>'
            return f'<a href="#{run["page"]}">0</a>'
        if run["text"] == "\n":
            return "<br>"
        words = html.escape(run["text"], quote=False)
        for mark, tag in (("c", "code"), ("s", "del"), ("i", "i"), ("b", "b")):
            if run.get(mark):
                words = f"<{tag}>{words}</{tag}>"
        if run.get("link"):
            words = f"<a href={json.dumps(run['link'])}>{words}</a>"
        return words
