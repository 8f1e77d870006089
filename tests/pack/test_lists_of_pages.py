"""`handbook new --from`: pages are listed as the tool's own site lists them."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest
from imported import Imported


def listed(made: Imported) -> list[str]:
    """Return the list of pages in handbook.yaml, without the parts that every book has."""
    lines = made.files["handbook.yaml"].decode().split("chapters:\n", 1)[1].split("\n")
    return [
        line[2:] for line in lines if line and "contents.md" not in line and "cover.md" not in line
    ]


def test_mkdocs_without_a_nav(tmp_path: Path) -> None:
    made = Imported(
        tmp_path,
        {
            "mkdocs.yml": "site_name: T\n",
            "docs/index.md": "# Home\n",
            "docs/z.md": "# Last page\n",
            "docs/black-tea/b.md": "# B\n",
            "docs/black-tea/index.md": "# All black\n",
            "docs/CI-CD/a.md": "# A\n",
        },
    )
    assert listed(made) == [
        "- chapters/index.md",
        "- chapters/z.md",
        "- CI CD:",
        "    - chapters/CI-CD/a.md",
        "- Black tea:",
        "    - chapters/black-tea/index.md",
        "    - chapters/black-tea/b.md",
    ]


def test_mkdocs_with_awesome_pages(tmp_path: Path) -> None:
    made = Imported(
        tmp_path,
        {
            "mkdocs.yml": "site_name: T\ntheme: {name: material, features: [navigation.indexes]}\nplugins: [awesome-pages]\n",
            "docs/.pages": "nav:\n  - Start: index.md\n  - tea\n  - ...\n  - More:\n    - z.md\n    - Web: https://example.org\n",
            "docs/index.md": "# Home\n",
            "docs/a.md": "# A\n",
            "docs/z.md": "# Z\n",
            "docs/tea/.pages": "title: All of tea\norder: desc\n",
            "docs/tea/index.md": "# Tea\n",
            "docs/tea/x.md": "# X\n",
            "docs/tea/y.md": "# Y\n",
            "docs/gone/.pages": "hide: true\n",
            "docs/gone/g.md": "# G\n",
            "docs/alone/index.md": "# Alone\n",
        },
    )
    assert listed(made) == [
        "- Start: chapters/index.md",
        "- All of tea:",
        "    file: chapters/tea/index.md",
        "    chapters:",
        "      - chapters/tea/y.md",
        "      - chapters/tea/x.md",
        "- chapters/a.md",
        "- Alone: chapters/alone/index.md",
        "- More:",
        "    - chapters/z.md",
    ]
    assert "not in nav: 1 (docs/gone/g.md)" in made.report
    assert "web addresses in nav: 1 (https://example.org)" in made.report


def test_headings_that_a_summary_names_are_in_the_contents(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Imported(
        tmp_path,
        {
            "book.json": '{"title": "T"}',
            "README.md": "# Home\n",
            "tea.md": "# Tea\n\n### Black tea\n\nWords.\n\n###Green\n\nWords.\n",
            "SUMMARY.md": "# Summary\n\n* [Tea](tea.md)\n    * [Black](tea.md#black-tea)\n",
        },
    )
    assert "### Green\n" in made.text("tea.md")
    made.printed(capsys)
    with pymupdf.open(made.folder.parent / "book.pdf") as book:
        titles = [title for _, title, _ in book.get_toc()]
    assert "Tea/Black tea/Green" in "/".join(titles)


def test_a_link_to_the_index_of_a_folder(tmp_path: Path) -> None:
    made = Imported(
        tmp_path,
        {
            "book.toml": "",
            "src/SUMMARY.md": "- [A](a.md)\n- [B](cup/README.md)\n",
            "src/a.md": "# A\n\n[b](cup/index.html) [b](cup/index.html#x) [a](index.html)\n",
            "src/cup/README.md": "# B\n\n## X\n\n[a](../a.html)\n",
        },
    )
    assert "[b](cup/README.md) [b](cup/README.md#x)" in made.text("a.md")
    assert "[a](../a.md)" in made.text("cup/README.md")


def test_what_a_terminal_on_a_site_shows(tmp_path: Path) -> None:
    made = Imported(
        tmp_path,
        {
            "mkdocs.yml": "site_name: T\nnav: [index.md]\n",
            "docs/index.md": '# A\n\n<div class="termy">\n\n```console\n$ tea\n<font color="#A">│</font><b>hot</b> &lt;80\n```\n\n'
            "</div>\n\n```console\n<b>\n```\n",
        },
    )
    assert "$ tea\n│hot <80\n```" in made.text("index.md")
    assert "```console\n<b>\n```" in made.text("index.md")


def test_languages_of_code_in_a_line_and_bare_attributes(tmp_path: Path) -> None:
    made = Imported(
        tmp_path,
        {
            "mkdocs.yml": (
                "site_name: T\nnav: [index.md]\nhooks: [own.py]\nmarkdown_extensions: [attr_list, pymdownx.inlinehilite]\n"
            ),
            "docs/index.md": (
                "# A\n\n## Tea { data-search-exclude }\n\n`#!python pour()` and ``:::js a` `` but `#!` and `:::`.\n\n"
                "## A {#b} { .c }\n\n```sh\n#!sh x\n```\n"
            ),
        },
    )
    text = made.text("index.md")
    assert "## Tea\n\n`pour()` and ``a` `` but `#!` and `:::`.\n" in text
    assert "## A {#b} { .c }" in text
    assert "```sh\n#!sh x\n```" in text
    assert "hooks, programs that change pages: 1 (own.py)" in made.report


@pytest.mark.parametrize("tool", ["mdbook", "gitbook"])
def test_web_addresses_in_a_list_of_pages_are_in_the_report(tool: str, tmp_path: Path) -> None:
    summary = "# Summary\n\n* [One](one.md)\n* [The API](https://example.org/api)\n"
    files = {"SUMMARY.md": summary, "one.md": "# One\n"}
    if tool == "mdbook":
        files = {f"src/{name}": text for name, text in files.items()}
        files["book.toml"] = "[book]\ntitle = 'B'\n"
    made = Imported(tmp_path, files)
    assert "Left out, web addresses in the list of pages: 1 (The API)" in made.report


def test_contents_as_in_the_sidebar(tmp_path: Path) -> None:
    site = Imported(
        tmp_path / "docusaurus",
        {
            "docusaurus.config.js": "module.exports = { title: 'T' };\n",
            "docs/a.md": "---\ntitle: Short\n---\n\n# A long first heading\n\nWords.\n",
        },
    )
    assert site.listed == [(0, "Short")]
    assert [chapter.title for chapter in site.pack.chapters[-1:]] == ["A long first heading"]
    site = Imported(
        tmp_path / "mkdocs",
        {
            "mkdocs.yml": 'site_name: T\nnav:\n  - "":\n    - learn/index.md\n    - learn/a.md\n  - "":\n    - b.md\n',
            "docs/learn/index.md": "# Learn\n\nWords.\n",
            "docs/learn/a.md": "# A\n",
            "docs/b.md": "# B\n",
        },
    )
    assert site.listed == [(0, "Learn"), (1, "A"), (0, "B")]
    site = Imported(
        tmp_path / "jekyll",
        {
            "_config.yml": "title: T\n",
            "index.md": "---\ntitle: Home\n---\n\n# Welcome\n\nUse `{:toc}` or *it*{:.x}.\n",
        },
    )
    assert site.listed == [(0, "Home")]
    assert "Use `{:toc}` or *it*." in site.text("index.md")
