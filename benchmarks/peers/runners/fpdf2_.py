"""fpdf2: `python fpdf2_.py BOOK PDF FONTS [TIMES]`; the book is the portable tree as JSON."""

import json
import sys
from pathlib import Path
from typing import Any

LEFT, TOP, RIGHT, BOTTOM = 40, 25, 19, 24


def make(source: str, target: str, fonts: str) -> None:
    """Draw the book."""
    import fpdf

    class Book(fpdf.FPDF):
        """Our pages, with running heads."""

        chapter = ""
        quiet = True

        def header(self) -> None:
            """The chapter and the book."""
            if not self.quiet:
                self.set_y(13)
                self.set_font("plex", size=8.5)
                self.cell(self.epw / 2, text=self.chapter)
                self.cell(self.epw / 2, text=book["title"], align="R")
                self.set_y(TOP)

        def footer(self) -> None:
            """The page's number."""
            if not self.quiet:
                self.set_y(-15)
                self.set_font("plex", size=8.5)
                self.cell(0, text=str(self.page_no()), align="R")

    book = json.loads(Path(source).read_text("utf-8"))
    pdf = Book(format="A4")
    for style, name in (
        ("", "Text"),
        ("I", "TextItalic"),
        ("B", "SemiBold"),
        ("BI", "SemiBoldItalic"),
    ):
        pdf.add_font("plex", style, f"{fonts}/IBMPlexSans-{name}.ttf")
    for style, name in (("", "Regular"), ("B", "SemiBold")):
        pdf.add_font("mono", style, f"{fonts}/IBMPlexMono-{name}.ttf")
    pdf.set_margins(LEFT, TOP, RIGHT)
    pdf.set_auto_page_break(True, BOTTOM)
    pdf.set_title(book["title"])
    pdf.set_author(book["author"])
    pdf.set_lang(book["language"])
    pdf.add_page()
    pdf.set_font("plex", size=9.8)
    Writer(pdf, book).write()
    pdf.output(target)


class Writer:
    """Walks the tree and draws."""

    def __init__(self, pdf: Any, book: Any) -> None:
        self.pdf = pdf
        self.book = book
        self.links: dict[str, int] = {}

    def _link(self, name: str) -> int:
        if name not in self.links:
            self.links[name] = self.pdf.add_link()
        return self.links[name]

    def _anchor(self, name: str) -> None:
        if name:
            self.pdf.set_link(self._link(name), y=self.pdf.get_y(), page=self.pdf.page)

    def write(self) -> None:
        """Draw every chapter."""
        for chapter in self.book["chapters"]:
            if chapter["layout"] == "cover":
                self._cover(chapter)
                continue
            self.pdf.chapter = chapter["title"]
            if self.pdf.quiet:
                # The new page asks for the last one's foot first.
                self.pdf.add_page()
                self.pdf.quiet = False
            else:
                self.pdf.add_page()
            self._title(chapter["title"], 1, 29, chapter["id"], chapter["listed"])
            self.sections = chapter["sections"]
            self._blocks(chapter["blocks"])

    def _cover(self, chapter: Any) -> None:
        pdf = self.pdf
        pdf.set_fill_color(8, 48, 90)
        pdf.rect(0, 0, pdf.w, pdf.h * 0.66, "F")
        pdf.set_text_color(255, 255, 255)
        pdf.set_y(90)
        for node in chapter["blocks"]:
            if "runs" in node:
                self._runs(node["runs"], 42 if node["kind"] == "heading" else 14)
                pdf.ln(8)
        pdf.set_text_color(28, 33, 39)
        pdf.set_fill_color(255, 255, 255)

    def _title(self, words: str, level: int, size: float, name: str, listed: bool) -> None:
        pdf = self.pdf
        if pdf.get_y() > pdf.h - BOTTOM - 3 * size:
            pdf.add_page()
        if listed:
            pdf.start_section(words, level - 1)
        self._anchor(name)
        pdf.set_font("plex", "B", size)
        pdf.multi_cell(0, size * 0.42, words, new_x="LMARGIN", new_y="NEXT", align="L")
        pdf.ln(2)

    def _blocks(self, nodes: Any) -> None:
        for node in nodes:
            getattr(self, f"_on_{node['kind']}")(node)

    def _on_paragraph(self, node: Any) -> None:
        self._anchor(node["id"])
        self._runs(node["runs"], 9.8)
        self.pdf.ln(2.5)

    def _on_heading(self, node: Any) -> None:
        words = "".join(run["text"] for run in node["runs"])
        size = {2: 17, 3: 12.2}.get(node["level"], 9.8)
        self._title(words, 2, size, node["id"], node["id"] in self.sections)

    def _on_list(self, node: Any) -> None:
        left = self.pdf.l_margin
        for number, item in enumerate(node["items"], node["start"]):
            self.pdf.set_font("plex", size=9.8)
            self.pdf.cell(6, 5, f"{number}." if node["ordered"] else "•")
            self.pdf.set_left_margin(left + 6)
            self._blocks(item)
            self.pdf.set_left_margin(left)
            self.pdf.set_x(left)

    def _on_table(self, node: Any) -> None:
        pdf = self.pdf
        self._anchor(node["id"])
        pdf.set_font("plex", "I", 8.6)
        pdf.multi_cell(0, 5, node["caption"], new_x="LMARGIN", new_y="NEXT", align="L")
        pdf.set_font("plex", size=8.8)
        with pdf.table(
            col_widths=tuple(node["widths"]),
            line_height=4.2,
            text_align="LEFT",
            num_heading_rows=len(node["header"]),
            first_row_as_headings=bool(node["header"]),
        ) as table:
            for cells in (*node["header"], *node["rows"]):
                table.row([plain(cell) for cell in cells])
        pdf.ln(4)

    def _on_code(self, node: Any) -> None:
        self.pdf.set_font("mono", size=8.5)
        self.pdf.set_fill_color(243, 244, 246)
        self.pdf.multi_cell(
            0, 4.2, node["text"], fill=True, new_x="LMARGIN", new_y="NEXT", align="L"
        )
        self.pdf.set_fill_color(255, 255, 255)
        self.pdf.ln(2.5)

    def _on_box(self, node: Any) -> None:
        pdf = self.pdf
        left = pdf.l_margin
        pdf.set_left_margin(left + 4)
        pdf.set_x(left + 4)
        if node["title"]:
            self._runs([{"text": node["title"], "b": 1}], 9.8)
            pdf.ln(2)
        self._blocks(node["blocks"])
        pdf.set_left_margin(left)
        pdf.set_x(left)

    def _on_quote(self, node: Any) -> None:
        self._on_box({**node, "title": ""})

    def _on_contents(self, node: Any) -> None:
        # The placeholder takes this many pages, and breaks the page after them.
        self.pdf.insert_toc_placeholder(contents, pages=1, allow_extra_pages=True)

    def _runs(self, runs: Any, size: float) -> None:
        pdf = self.pdf
        for run in runs:
            family = "mono" if run.get("c") else "plex"
            style = ("B" if run.get("b") else "") + (
                "I" if run.get("i") and family == "plex" else ""
            )
            pdf.set_font(family, style, size)
            link = run.get("link") or (f"#{run['page']}" if "page" in run else "")
            target = self._link(link[1:]) if link.startswith("#") else link
            pdf.write(size * 0.5, run["text"] or "0", target)
        pdf.ln(size * 0.5)


def contents(pdf: Any, outline: Any) -> None:
    """The contents list: a line for each entry, with its page."""
    pdf.set_font("plex", size=9)
    for section in outline:
        link = pdf.add_link(page=section.page_number)
        pdf.set_x(LEFT + 8 * section.level)
        pdf.cell(110 - 8 * section.level, 4.6, section.name, link=link)
        pdf.cell(0, 4.6, str(section.page_number), align="R", new_x="LMARGIN", new_y="NEXT")


def plain(nodes: Any) -> str:
    """The words of a cell."""
    return "\n".join("".join(run["text"] for run in node["runs"]) for node in nodes)


if __name__ == "__main__":
    from timing import run

    run(make, sys.argv[1:])
