"""`handbook new --from`: MkDocs, its navigation, snippets and plug-ins."""

from __future__ import annotations

from pathlib import Path

from imported import Imported


def test_a_mkdocs_site_has_snippets_sections_and_its_language(tmp_path: Path) -> None:
    made = Imported(
        tmp_path,
        {
            "mkdocs.yml": "site_name: Snips\ntheme: {name: material, language: fr, features: [navigation.indexes]}\n"
            "markdown_extensions:\n  - pymdownx.snippets: {base_path: [parts], auto_append: [abbr.md]}\n"
            "nav:\n  - index.md\n  - Guide:\n    - guide/index.md\n    - Deep: [guide/a.md]\n    - Web: https://example.org\n",
            "docs/index.md": '# Home\n\n    --8<-- "lines.txt:2:2"\n\n--8<-- "sect.md:mid"\n\n;--8<-- "x"\n\n:tada: and `:tada:`\n\n::: pkg.mod.Class\n    options: {}\n',
            "docs/guide/index.md": "# Guide\n",
            "docs/guide/a.md": "# A\n",
            "docs/left.md": "# L\n",
            "parts/lines.txt": "one\ntwo\n",
            "parts/sect.md": "no\n<!-- --8<-- [start:mid] -->\nyes\n<!-- --8<-- [end:mid] -->\n",
            "parts/abbr.md": "*[HTML]: words\n",
        },
    )
    assert made.listed == [(0, "Home"), (0, "Guide"), (2, "Deep", "A")]
    assert made.pack.language == "fr"
    text = made.text("index.md")
    assert "    two\n" in text
    assert "\nyes\n" in text
    assert "no\n" not in text
    assert '--8<-- "x"' in text
    assert "*[HTML]: words" in text
    assert "🎉 and `:tada:`" in text
    assert "`pkg.mod.Class`" in text
    assert "mkdocstrings" in made.report
    assert "not in nav: 1 (docs/left.md)" in made.report


def test_headings_of_python_markdown_may_be_closed_before_their_attributes(tmp_path: Path) -> None:
    made = Imported(
        tmp_path,
        {
            "mkdocs.yml": "site_name: S\nnav: [index.md]\nmarkdown_extensions: [attr_list]\n",
            "docs/index.md": "# One\n\n## [1.2](https://example.org) - May ## {: #v1 }\n\n## C# {#c}\n",
        },
    )
    text = made.text("index.md")
    assert "## [1.2](https://example.org) - May {" in text
    assert "## C# {" in text


def test_what_plug_ins_of_mkdocs_fill_in_is_reported(tmp_path: Path) -> None:
    made = Imported(
        tmp_path,
        {
            "mkdocs.yml": "site_name: T\n",
            "docs/index.md": "# A\n\n::: mkdocs-click\n    :module: a.cli\n    :command: cli\n\nSee [`a.b`][a.b], [it][a.b.c],"
            " [`a.d`][] and [here][there].\n\n[there]: https://example.org\n",
        },
    )
    assert "See `a.b`, it, `a.d` and [here][there]." in made.text("index.md")
    assert "mkdocs-click\n" not in made.text("index.md")
    assert "links to what mkdocstrings describes: 3" in made.report
    assert "descriptions that mkdocs-click makes of a program: 1" in made.report
