"""`handbook new --from`: what holds for all sources, and a report of what is not taken."""

from __future__ import annotations

from pathlib import Path

import pytest
from imported import Imported
from packs import run


def test_an_mdbook_includes_and_hides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = Imported(
        tmp_path,
        {
            "book.toml": '[book]\ntitle = "Pumps"\nlanguage = "de"\n[output.html.code.hidelines]\npython = "~"\n[preprocessor.links]\n[preprocessor.course]\n',
            "src/SUMMARY.md": "# Summary\n\n[Before](pre.md)\n\n# First part\n\n- [One](one.md)\n  - [Inner `x`](in.md)\n- [Later]()\n\n---\n\n[After](post.md)\n",
            "src/pre.md": "# Before\n",
            "src/in.md": "## Inner x\n\nWords.\n",
            "src/post.md": "# After\n",
            "src/other.md": "# Not listed\n",
            "src/one.md": "{{#title T}}\n# One\n\n{{#include note.md}}\n\n```rust\n{{#include ../code/a.rs:part}}\n```\n\n"
            "```sh\n{{#include ../code/b.sh:2:3}}\n```\n\n```rust,ignore\n# hidden();\nshown();\n## kept\n#[test]\n```\n\n"
            "```python\n~secret\nopen\n```\n\n{{#playground ../code/p.rs}}\n\nWrite `\\{{#include x}}`.\n\n{{#include gone.md}}\n",
            "src/note.md": "Never run **dry**.\n",
            "code/a.rs": "no();\n// ANCHOR: part\nyes();\n// ANCHOR_END: part\n",
            "code/b.sh": "one\ntwo\nthree\n",
            "code/p.rs": "fn play() {}\n",
        },
    )
    assert made.listed == [
        (0, "Before"),
        (1, "First part", "One"),
        (2, "Inner x"),
        (0, "After"),
    ]
    assert made.numbered == {"Before": False, "One": True, "Inner x": True, "After": False}
    assert made.pack.language == "de"
    text = made.printed(capsys)
    for words in (
        "Never run dry",
        "yes();",
        "two three",
        "shown();",
        "# kept",
        "#[test]",
        "open",
        "fn play() {}",
        "Write {{#include x}}",
        "1.1 Inner x",
        "First part",
    ):
        assert words in text, words
    for words in ("no();", "hidden()", "secret", "{{#title", "ANCHOR"):
        assert words not in text, words
    assert "chapters without a page: 1 (Later)" in made.report
    assert "whose file is not there (gone.md)" in made.report
    assert "Hidden lines of code left out: 2" in made.report
    assert "preprocessors, programs that change pages: 1 (course)" in made.report


@pytest.mark.parametrize("tool", ["mkdocs", "jekyll"])
def test_a_bar_in_code_in_a_cell_parts_no_cells(
    tool: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = {"mkdocs": ("mkdocs.yml", "docs/"), "jekyll": ("_config.yml", "")}[tool]
    page = "# A\n\n| a | b |\n|---|---|\n| `x | y` | last |\n\n```\n| `p | q` |\n|--|\n```\n"
    made = Imported(tmp_path, {config[0]: "site_name: S\n", f"{config[1]}index.md": page})
    text = made.printed(capsys)
    assert "x | y last" in text
    assert "`p | q`" in text


@pytest.mark.parametrize("tool", ["mkdocs", "jekyll"])
def test_markdown_behind_inline_tags_and_code_in_html(
    tool: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = {
        "mkdocs": ("mkdocs.yml", "docs/", "site_name: S\nmarkdown_extensions: [md_in_html]\n"),
        "jekyll": ("_config.yml", "", "title: S\n"),
    }[tool]
    page = (
        '# A\n\n<span class="big">\n[Big button](https://a.org) and **strong**\n</span>\n\n'
        '<div markdown="1">\n```js\nlet a = 1;\n```\n</div>\n\nAfter.\n'
    )
    made = Imported(tmp_path, {config[0]: config[2], f"{config[1]}index.md": page})
    text = made.printed(capsys)
    assert "Big button" in text
    assert "let a = 1; After." in text
    for sign in ("](", "**", "```"):
        assert sign not in text


def test_an_include_of_a_file_outside_the_folder_is_reported_as_that(tmp_path: Path) -> None:
    (tmp_path / "secret.rs").write_text("fn main() {}\n")
    made = Imported(
        tmp_path,
        {"src/SUMMARY.md": "- [A](a.md)\n", "src/a.md": "# A\n\n{{#include ../../secret.rs}}\n"},
    )
    assert "an include of a file outside the folder (../../secret.rs): 1" in made.report


def test_a_plain_folder(tmp_path: Path) -> None:
    made = Imported(
        tmp_path,
        {
            "README.md": "# All of it [![b](https://example.org/b.svg)](https://example.org)\n",
            "z.md": '---\nsidebar_position: 1\n---\n<!-- c -->\n<a id="old"></a>\n\n# First\n',
            "10-b.md": "## Ten\n",
            "2-a.md": "x\n",
            "part/_category_.json": '{"label": "The part"}',
            "part/p.mdx": "# P\n",
            "part/d.md": "---\ndraft: true\n---\n# D\n",
            "_inc/x.md": "x\n",
        },
    )
    assert made.pack.title == "All of it"
    assert made.listed == [
        (0, "All of it"),
        (0, "First"),
        (0, "A"),
        (0, "Ten"),
        (1, "The part", "P"),
    ]
    assert "drafts: 1 (part/d.md)" in made.report
    assert "folders with _: 1 (_inc/x.md)" in made.report


def test_files_that_are_not_taken_are_in_the_report(tmp_path: Path) -> None:
    made = Imported(
        tmp_path,
        {
            "a.md": "# A\n\n[![words](img/b.svg)](img/gone.png) ![x](no.svg) [form](files/form.pdf)\n\n"
            "`![y](code.png)` <!-- ![z](hidden.png) --> [B](b.md) [again](files/form.pdf)\n",
            "b.md": "# B\n\n[web](https://example.org/a.png) [![w](img/b.svg)](img/b.svg)\n",
            "img/b.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
            "files/form.pdf": "%PDF-1.4",
        },
    )
    assert "Left out, files that links lead to: 1 (files/form.pdf)" in made.report
    assert "pictures whose file is not there: 2 (a.md: img/gone.png, a.md: no.svg)" in made.report


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("# دليل\n\nمرحبا بكم في الشركة.\n", "ar"),
        ("# Руководство\n\n" + "Добро пожаловать в нашу компанию, здесь описано всё. " * 6, "ru"),
        ("# Handbuch\n\n" + "Willkommen in unserer Firma, hier steht alles über die Arbeit. " * 6, "de"),
        ("# 手引き\n\nようこそ。会社のことをここで説明します。\n", "ja"),
        ("# Notes\n\n" + "Welcome to the company, all about the work is written here. " * 6, "en"),
        ("# X\n\nOk.\n", "en"),
    ],
)  # fmt: skip
def test_the_language_is_found_in_the_text(tmp_path: Path, text: str, language: str) -> None:
    assert Imported(tmp_path, {"README.md": text}).pack.language == language


def test_nothing_is_read_or_written_outside(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("# Secret\n")
    source = tmp_path / "source"
    (source / "docs").mkdir(parents=True)
    (source / "docs" / "link.md").symlink_to(tmp_path / "secret.md")
    (source / "docs" / "up").symlink_to(tmp_path)
    made = Imported(
        tmp_path,
        {
            "mkdocs.yml": "site_name: S\nnav: [index.md, link.md, up/secret.md, ../../secret.md, s/../index.md, ../docs/b.md]\n"
            "markdown_extensions: [{pymdownx.snippets: {base_path: ['..', 'docs']}}]\n",
            "docs/index.md": '# I\n\n--8<-- "secret.md"\n\n![x](../../secret.png)\n',
            "docs/b.md": "# B\n",
        },
    )
    assert [name for name in made.files if name.endswith(".md") and "chapters" in name] == [
        "chapters/index.md",
        "chapters/b.md",
    ]
    assert not any(b"Secret" in data for data in made.files.values())


@pytest.mark.parametrize(
    "files",
    [
        {"mkdocs.yml": "site_name: !!int x\n", "docs/i.md": "# I\n"},
        {"mkdocs.yml": "site_name: S\nnav: &a [*a]\n", "docs/i.md": "# I\n"},
        {"book.toml": "book = 1\n", "src/SUMMARY.md": "- [A](a.md)\n", "src/a.md": "# A\n"},
        {"book.toml": "[book]\nauthors = 1\n", "src/SUMMARY.md": "- [A](a.md)\n", "src/a.md": "# A\n"},
        {"book.json": "[", "SUMMARY.md": "- [A](a.md)\n", "a.md": "# A\n"},
        {"_quarto.yml": "book: {chapters: {a: [1, null]}}\n", "a.qmd": "# A\n"},
        {"_config.yml": "title: [1]\nexclude: 3\ncollections: 4\n", "a.md": "# A\n"},
        {"docusaurus.config.js": "x", "sidebars.js": "module.exports = {a: [f()]}", "docs/a.md": "# A\n"},
        {"a.md": "---\ntitle: 'x\n---\n# A\n"},
        {"a.md": "{% include a.md %} ![[a]] {{< include a.md >}} ::: {.x\n" * 30},
    ],
)  # fmt: skip
def test_broken_sources_have_one_clean_message(
    tmp_path: Path, files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in files.items():
        path = tmp_path / "s" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    code, _, err = run(capsys, "new", str(tmp_path / "out"), "--from", str(tmp_path / "s"))
    assert code in (0, 1)
    assert "unexpected" not in err
    assert "int()" not in err


def test_links_in_tables_raw_braces_and_addresses_with_an_ending(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vault = Imported(
        tmp_path / "vault",
        {
            ".obsidian/app.json": "{}",
            "Views.md": "# Views\n",
            "Start.md": "| a | b |\n|---|---|\n| [[Views\\|all views]] | [[Views#Part\\|part]] |\n",
        },
    )
    assert "[all views](Views.md) | [part](Views.md#part)" in vault.text("Start.md")
    assert "Not understood" not in vault.report
    site = Imported(
        tmp_path / "site",
        {
            "_config.yml": "title: T\n",
            "index.md": "# A\n\n{% raw %}Use {{ braces }} and `{{ code }}`.{% endraw %}\n",
        },
    )
    capsys.readouterr()
    assert "Use {{ braces }} and {{ code }} ." in site.printed(capsys)
    code, out, err = run(capsys, "check", "--content", str(site.folder), "--strict")
    assert (code, out + err) == (0, "no errors, no warnings\n")
    plain = Imported(
        tmp_path / "plain",
        {
            "index.md": "# A\n\n[b](/docs/b-page.html)\n",
            "b.md": "---\ntitle: B\npermalink: docs/b-page.html\n---\n\nWords.\n",
        },
    )
    assert "[b](b.md)" in plain.text("index.md")


def test_files_in_braces_and_tables_with_blank_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Imported(
        tmp_path / "a",
        {
            "mkdocs.yml": "site_name: T\n",
            "code/a.py": "one = 1\ntwo = 2\nthree = 3\n",
            "docs/part.md": "A *part*.\n",
            "docs/index.md": "# A\n\n- x\n\n    {* code/a.py ln[2:3] hl[2] *}\n\n{! part.md !}\n\n{* gone.py *}\n",
        },
    )
    assert "    ```python\n    two = 2\n    three = 3\n    ```" in made.text("index.md")
    assert "A *part*." in made.text("index.md")
    assert "gone.py" in made.report
    capsys.readouterr()
    _, out, err = run(capsys, "check", "--content", str(made.folder))
    assert "an include of a file is not understood" in out + err
    made = Imported(
        tmp_path / "b",
        {
            "_config.yml": "title: T\n",
            "index.md": "# A\n\n<table>\n  <tr>\n    <th>H</th>\n\n    <th>I</th>\n  </tr>\n\n      <tr>\n        <td>one</td>\n\n        <td>two</td>\n      </tr>\n</table>\n\nEnd.\n",
        },
    )
    assert "H I one two End." in made.printed(capsys)
