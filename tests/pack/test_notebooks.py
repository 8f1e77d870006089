"""`handbook new --from`: Jupyter notebooks as chapters."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from handbook.pack.importer import imported_files, read_source, report_lines
from tests.pack.test_importer import PNG, write

PICTURE = base64.b64encode(PNG).decode()


def cell(kind: str, source: str, **more: Any) -> dict[str, Any]:
    own = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {}, "source": source, **own, **more}


def notebook(*cells: dict[str, Any], language: str = "python") -> str:
    about = {"language_info": {"name": language}}
    return json.dumps({"cells": cells, "metadata": about, "nbformat": 4, "nbformat_minor": 5})


def page(folder: Path, *cells: dict[str, Any], language: str = "python") -> tuple[str, list[str]]:
    """Return the chapter of a folder with one notebook, and what `new --from` says."""
    folder.mkdir(exist_ok=True)
    (folder / "kettle.ipynb").write_text(notebook(*cells, language=language), encoding="utf-8")
    book = read_source(folder)
    files = imported_files(book)
    return files["chapters/kettle.md"].decode(), list(report_lines(book))


def test_text_code_and_results_are_in_order(tmp_path: Path) -> None:
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": ["warm\n", "\x1b[31mhot\x1b[0m\n"]},
        {"output_type": "execute_result", "data": {"text/plain": ["96"]}, "metadata": {}},
        {
            "output_type": "error",
            "ename": "E",
            "evalue": "v",
            "traceback": ["\x1b[0;31mE\x1b[0m: v"],
        },
    ]
    text, said = page(
        tmp_path / "s",
        cell("markdown", ["# Kettles\n", "\n", "Words *here*."]),  # type: ignore[arg-type]
        cell("code", "boil(96)", outputs=outputs),
        cell("markdown", "After."),
    )
    assert text == (
        "# Kettles\n\nWords *here*.\n\n```python\nboil(96)\n```\n\n```text\nwarm\nhot\n```\n\n"
        "```text\n96\n```\n\n```text\nE: v\n```\n\nAfter.\n"
    )
    assert said == []


def test_pictures_are_next_to_the_chapter(tmp_path: Path) -> None:
    shown = {"image/png": PICTURE, "text/plain": "<Figure>"}
    folder = tmp_path / "s"
    folder.mkdir()
    (folder / "a").mkdir()
    (folder / "a" / "My plot.ipynb").write_text(
        notebook(
            cell("markdown", "![tea](attachment:tea.png)", attachments={"tea.png": {"image/png": PICTURE}}),
            cell("code", "plot()", outputs=[{"output_type": "display_data", "data": shown}]),
            cell("code", "show()", outputs=[{"output_type": "display_data", "data": {
                "text/html": f"<img src='data:image/png;base64,{PICTURE}'>"}}]),
        )
    )  # fmt: skip
    files = imported_files(read_source(folder))
    (name,) = [name for name in files if name.endswith(".png")]
    assert files[name] == PNG
    short = name.removeprefix("chapters/a/")
    text = files["chapters/a/My plot.md"].decode()
    assert f"![tea]({short})" in text
    assert f"![]({short})" in text
    assert f"<img src='{short}'>" in text
    assert "<Figure>" not in text


def test_tables_of_html_are_tables_and_what_needs_a_browser_is_reported(tmp_path: Path) -> None:
    frame = "<style scoped>\n\n.x {}\n</style>\n<table>\n\n<tr><td>12</td></tr>\n</table>"
    text, said = page(
        tmp_path / "s",
        cell("code", "df", outputs=[{"output_type": "execute_result", "data": {"text/html": frame}}]),
        cell("code", "map()", outputs=[{"output_type": "display_data", "data": {
            "text/html": "<script>go()</script>", "text/plain": "a map"}}]),
    )  # fmt: skip
    assert "<table>\n<tr><td>12</td></tr>\n</table>" in text
    assert "style" not in text
    assert "go()" not in text
    assert "```text\na map\n```" in text
    assert said == ["Results that need a browser, left out: 1"]


def test_what_a_site_hides_is_hidden_and_counted(tmp_path: Path) -> None:
    result = {"output_type": "execute_result", "data": {"text/plain": "SEEN"}}
    text, said = page(
        tmp_path / "s",
        cell("raw", "---\ntitle: Steam\n---"),
        cell("code", "#| echo: false\nunseen()", outputs=[result]),
        cell("code", "#|export\nseen()"),
        cell("code", "unseen()", metadata={"tags": ["remove_input"]}),
        cell("markdown", "unseen", metadata={"tags": ["remove-cell"]}),
        cell("code", "#| include: false\nunseen()", outputs=[result]),
        cell("raw", "\\unseen", metadata={"raw_mimetype": "text/latex"}),
    )
    assert text == "---\ntitle: Steam\n---\n\n```text\nSEEN\n```\n\n```python\nseen()\n```\n"
    assert said == [
        "Code cells that are not to be shown: 3",
        "Cells that are not to be shown: 1",
        "Cells for other formats, left out: 1",
    ]


def test_a_figure_has_its_caption_and_its_place(tmp_path: Path) -> None:
    options = "#| label: fig-steam\n#| fig-cap: Steam by minute.\n#| fig-alt: A rising line.\n"
    drawn = {"output_type": "display_data", "data": {"image/png": PICTURE}}
    text, _ = page(tmp_path / "s", cell("code", options + "plot()", outputs=[drawn]))
    assert '<figure id="fig-steam">' in text
    assert "![A rising line.](" in text
    assert "<figcaption>\n\nSteam by minute.\n\n</figcaption>" in text


def test_code_that_has_a_fence_in_it(tmp_path: Path) -> None:
    text, _ = page(tmp_path / "s", cell("code", 'print("""\n```\n""")', language="julia"))
    assert "````python\n" in text
    assert text.endswith("````\n")


def test_notebooks_of_version_three(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "heading", "level": 2, "source": ["Old"]},
        {"cell_type": "code", "input": ["1 + 1"], "language": "python", "outputs": [
            {"output_type": "pyout", "text": ["2"]}, {"output_type": "display_data", "png": PICTURE}]},
    ]  # fmt: skip
    old = {"nbformat": 3, "metadata": {}, "worksheets": [{"cells": cells}]}
    folder = write(tmp_path / "s", **{"old.ipynb": json.dumps(old)})
    text = imported_files(read_source(folder))["chapters/old.md"].decode()
    assert text.startswith("## Old\n\n```python\n1 + 1\n```\n\n```text\n2\n```\n\n![](old-")


@pytest.mark.parametrize(
    "content", ["", "{", "[1]", '{"cells": 3}', "[" * 200_000, '{"worksheets": [{}]'], ids=repr
)
def test_a_broken_notebook_is_left_out_and_reported(tmp_path: Path, content: str) -> None:
    folder = write(tmp_path / "s", a_md="# A\n", **{"b.ipynb": content})
    book = read_source(folder)
    assert [page.name for page in book.pages()] == ["a.md"]
    assert book.report.left_out == {"notebooks that cannot be read": ["b.ipynb"]}


@pytest.mark.parametrize(
    "odd",
    [None, 7, "x", {}, {"cell_type": "code", "outputs": 3, "source": [1, "a"]}, {"cell_type": []}],
)
def test_odd_cells_do_no_harm(tmp_path: Path, odd: Any) -> None:
    text, _ = page(tmp_path / "s", odd, cell("markdown", "Here."))
    assert text.endswith("Here.\n")


def test_notebooks_that_quarto_and_mkdocs_list(tmp_path: Path) -> None:
    title = notebook(cell("markdown", "# Pour\n\nSee [the rest](b.ipynb)."))
    quarto = write(
        tmp_path / "q",
        _quarto_yml="project: {type: website}\nwebsite:\n  title: Tea\n  sidebar:\n    contents:\n"
        "      - auto: '*.ipynb'\n      - section: More\n        contents: sub/*\n",
        **{"a.ipynb": title, "b.ipynb": title, "sub__c.ipynb": title},
    )
    book = read_source(quarto)
    assert [page.name for page in book.pages()] == ["a.md", "b.md", "sub/c.md"]
    assert b"[the rest](b.md)" in imported_files(book)["chapters/a.md"]
    mkdocs = write(
        tmp_path / "m",
        mkdocs_yml="site_name: Tea\nplugins: [search, mkdocs-jupyter]\nnav: [a.ipynb]\n",
        **{"docs__a.ipynb": title},
    )
    assert [page.name for page in read_source(mkdocs).pages()] == ["a.md"]
