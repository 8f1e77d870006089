"""`handbook new --from`: Jupyter Books, their lists of pages and what MyST adds to Markdown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from imported import BIB, Imported

from tests.pack.test_lists_of_pages import listed
from tests.pack.test_notebooks import cell, notebook

TOC = "format: jb-book\nroot: intro\nchapters:\n- file: tea\n"


def page(tmp_path: Path, text: str, **more: str) -> Imported:
    return Imported(tmp_path, {"_toc.yml": TOC, "_config.yml": "title: T\n", "intro.md": "# Home\n",
                               "tea.md": f"# Tea\n\n{text}", **more})  # fmt: skip


def test_the_list_of_pages(tmp_path: Path) -> None:
    made = Imported(
        tmp_path,
        {
            "_config.yml": "title: Tea\nauthor: Ann\n",
            "_toc.yml": (
                "format: jb-book\nroot: intro\nparts:\n- caption: Leaves\n  chapters:\n  - file: black\n"
                "    sections:\n    - file: sub/assam\n      title: From Assam\n  - url: https://example.org\n"
                "- chapters:\n  - file: cups\n  - file: gone\n"
            ),
            "intro.md": "# Home\n",
            "black.md": "# Black tea\n",
            "sub/assam.ipynb": notebook(cell("markdown", "# Assam")),
            "cups.ipynb": notebook(cell("markdown", "# Cups")),
            "spare.md": "# Spare\n",
        },
    )
    assert (made.pack.title, made.pack.config["author"]) == ("Tea", "Ann")
    assert listed(made)[:7] == [
        "- chapters/intro.md",
        "- Leaves:",
        "    - Black tea:",
        "        file: chapters/black.md",
        "        chapters:",
        "          - From Assam: chapters/sub/assam.md",
        "- chapters/cups.md",
    ]
    assert "Left out, web addresses in the list: 1 (https://example.org)" in made.report
    assert "not there as Markdown or a notebook: 1 (gone)" in made.report
    assert "not in the list of pages: 1 (spare.md)" in made.report


def test_lists_of_older_and_newer_versions(tmp_path: Path) -> None:
    old = Imported(
        tmp_path / "old",
        {
            "_toc.yml": "- file: intro\n- part: Leaves\n  chapters:\n  - file: tea\n",
            "intro.md": "# Home\n", "tea.md": "# Tea\n",
        },
    )  # fmt: skip
    assert listed(old)[:3] == ["- chapters/intro.md", "- Leaves:", "    - chapters/tea.md"]
    new = Imported(
        tmp_path / "new",
        {
            "myst.yml": (
                "version: 1\nproject:\n  title: Tea\n  authors: [{name: Ann}, {name: Bob}]\n  toc:\n  - file: intro.md\n"
                "  - title: Leaves\n    children:\n    - file: tea.md\n"
            ),
            "intro.md": "# Home\n", "tea.md": "---\ntitle: Tea\nshort_title: Brew\n---\n\n# All about tea\n",
        },
    )  # fmt: skip
    assert listed(new)[:3] == ["- chapters/intro.md", "- Leaves:", "    - Brew: chapters/tea.md"]
    assert "# All about tea" in new.text("tea.md")
    assert (new.pack.title, new.pack.config["author"]) == ("Tea", "Ann, Bob")


def test_boxes_code_and_tabs(tmp_path: Path) -> None:
    made = page(
        tmp_path,
        "```{note} It is\nhot.\n```\n\n````{admonition} Mind\n:class: tip\n```{warning}\nSteam\n```\n````\n\n"
        ":::{tip}\nWait\n:::\n\n```{code-cell} ipython3\n---\ntags: [hide-output]\n---\nboil()\n```\n\n"
        "```{code-cell} ipython3\n:tags: [remove-input]\nunseen()\n```\n\n```{code-block} yaml\n:caption: a.yml\na: 1\n```\n\n"
        "::::{tab-set}\n:::{tab-item} Cup\nOne\n:::\n::::\n\n```{strange} arg\nWords\n```\n\n````md\n```{note}\nas it is\n```\n````\n",
    )
    text = made.text("tea.md")
    assert ":::note\nIt is\nhot.\n:::" in text
    assert ":::note Mind\n:::warning\nSteam\n:::" in text
    assert ":::tip\nWait\n:::" in text
    assert "```python\nboil()\n```" in text
    assert "unseen" not in text
    assert '```yaml title="a.yml"\na: 1\n```' in text
    assert ":::tab Cup\nOne\n" in text
    assert "\nWords\n" in text
    assert "````md\n```{note}\nas it is\n```\n````" in text
    assert "the directive {strange}: 1 (tea.md)" in made.report


def test_labels_references_and_roles(tmp_path: Path) -> None:
    made = page(
        tmp_path,
        "(how)=\n## How to pour\n\n```{figure} cup.*\n:name: cup\n:width: 50%\nA *cup*.\n```\n\n$$\nx\n$$ (eq-x)\n\n"
        "```{math}\n:label: eq-y\ny\n```\n",
        **{
            "intro.md": (
                "# Home\n\n{ref}`how`, {ref}`so <how>`, [](how), {numref}`cup`, {numref}`Cup %s <cup>`, {eq}`eq-y`, {doc}`tea`, [](tea.md), "
                "{doc}`this <tea>`, {term}`leaf`, {index}`pot <single: pots>`, {kbd}`Q`, H{sub}`2`O, {math}`z`, "
                "{file}`a.txt`, `{ref}` and ``{ref}`how` ``.\n"
            ),
            "cup.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
        },
    )
    text = made.text("tea.md")
    assert '<a id="how"></a>\n' in text
    assert (
        '<figure id="cup">\n\n![A cup.](cup.svg){width=50%}\n\n<figcaption>\n\nA *cup*.\n' in text
    )
    home = made.text("intro.md")
    assert "[How to pour](tea.md#how), [so](tea.md#how), [How to pour](tea.md#how)" in home
    assert (
        "[Figure 1](tea.md#cup), [Cup 1](tea.md#cup), [(2)](tea.md#eq-y), [Tea](tea.md), [Tea](tea.md)"
        in home
    )
    assert (
        "[Tea](tea.md), [this](tea.md), leaf, pot, <kbd>Q</kbd>, H<sub>2</sub>O, $z$, `a.txt`"
        in home
    )
    assert "`{ref}` and ``{ref}`how` ``." in home


def test_a_caption_of_code_has_code_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = page(
        tmp_path, '```{code} yaml\n:caption: The `a.yml` of "tea".\n\n# Still code\na: 1\n```\n'
    )
    assert "```yaml title=\"The a.yml of 'tea'.\"\n# Still code\n" in made.text("tea.md")
    assert "# Still code" in made.printed(capsys)


def test_a_formula_with_blank_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = page(tmp_path, "```{math}\n:label: eq-y\n\nf(x) = \\sin(x)\n\n+ 1\n```\n")
    assert '<a id="eq-y"></a>\n\n$$\nf(x) = \\sin(x)\n+ 1\n$$\n' in made.text("tea.md")
    assert "$$" not in made.printed(capsys)


def test_tables_files_formulas_and_what_is_not_text(tmp_path: Path) -> None:
    made = page(
        tmp_path,
        "% a comment\n```{list-table} Teas\n:header-rows: 1\n:name: teas\n* - Tea\n  - Time\n* - Black\n  - 3 min\n```\n\n"
        "```{csv-table}\n:header: A, B\n1, 2\n```\n\n```{literalinclude} code.py\n:lines: 2-3\n```\n\n"
        "```{include} part.md\n```\n\n\\begin{align}\na &= b\n\\end{align}\n\n```{index} x\n```\n\n```{tableofcontents}\n```\n\n+++\n",
        **{"code.py": "one\ntwo\nthree\nfour\n", "part.md": "---\na: 1\n---\nFrom *there*.\n"},
    )
    text = made.text("tea.md")
    assert '<figure id="teas">\n\n| Tea | Time |\n| --- | --- |\n| Black | 3 min |\n' in text
    assert "| A | B |\n| --- | --- |\n| 1 | 2 |" in text
    assert "```py\ntwo\nthree\n```" in text
    assert "From *there*." in text
    assert "$$\n\\begin{aligned}\na &= b\n\\end{aligned}\n$$" in text
    assert "comment" not in text
    assert "+++" not in text


def test_citations_and_their_list(tmp_path: Path) -> None:
    made = page(
        tmp_path,
        "{cite:t}`wood1` says, {cite}`wood1`. {cite}`nobody`\n\n```{bibliography}\n```\n",
        **{"_config.yml": "title: T\nbibtex_bibfiles: [refs.bib]\n", "refs.bib": BIB},
    )
    text = made.text("tea.md")
    assert "Wood (2001) says, (Wood, 2001)." in text
    assert "\n\n- Wood" in text
    assert "## References" not in text
    assert "citations of works that no bibliography has: 1" in made.report


def test_works_are_listed_where_the_book_lists_them(tmp_path: Path) -> None:
    here = "{cite}`wood1`\n\n## Read on\n\n```{bibliography}\n:filter: docname in docnames\n```\n\nEnd.\n"
    made = page(
        tmp_path,
        here,
        **{
            "_toc.yml": "root: index\nchapters: [{file: tea}, {file: last}]\n",
            "last.md": "# Last\n\n```{bibliography}\n:filter: docname in docnames\n```\n",
            "_config.yml": "title: T\nbibtex_bibfiles: [refs.bib]\n",
            "refs.bib": BIB,
        },
    )
    assert "## Read on\n\n- Wood" in made.text("tea.md")
    assert "Wood" not in made.text("last.md")
    plain = page(
        tmp_path / "plain",
        "{cite}`wood1`\n",
        **{"_config.yml": "title: T\nbibtex_bibfiles: [refs.bib]\n", "refs.bib": BIB},
    )
    assert "## References\n\n- Wood" in plain.text("tea.md")


@pytest.mark.parametrize(
    "text",
    ["```{note}\n" * 3000, ":::{a}\n" * 3000, "```{list-table}\n* -\n", "{ref}`" * 3000, "(a)=\n" * 3000],
    ids=["open boxes", "open containers", "open table", "open roles", "labels"],
)  # fmt: skip
def test_malformed_pages_are_read(tmp_path: Path, text: str) -> None:
    for name, content in {"_toc.yml": TOC, "intro.md": "# A\n", "tea.md": text}.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    from handbook.pack.importer import imported_files, read_source

    assert imported_files(read_source(tmp_path))["chapters/tea.md"]


def test_a_list_of_pages_that_is_none(tmp_path: Path) -> None:
    made = Imported(
        tmp_path, {"_toc.yml": json.dumps({"parts": [3, {"chapters": {"a": 1}}]}), "a.md": "# A\n"}
    )
    assert listed(made)[0] == "- chapters/a.md"


def test_entries_of_an_index_values_and_labels_with_spaces(tmp_path: Path) -> None:
    made = Imported(
        tmp_path,
        {
            "_config.yml": "title: M\n",
            "_toc.yml": "format: jb-book\nroot: index\n",
            "index.md": "# One\n\n{index}`!main` {index}`shown <pair: a; b>` {glue:text}`n_rows` {ref}`the place`\n\n"
            "```{index} single: a; b\n```\n\n(the place)=\n## Two\n",
        },
    )
    text = made.text("index.md")
    assert "main shown `n_rows` [Two](#the-place)" in text
    assert '<a id="the-place"></a>' in text
    for reported in (
        "Entries of an index, left out: 1",
        "Entries of an index, of which the words are printed: 2",
        "Values that code computes, printed by their names: 1",
    ):
        assert reported in made.report
