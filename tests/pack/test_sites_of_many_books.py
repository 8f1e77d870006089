"""`handbook new --from`: sites with several sidebars, languages, versions, and included files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from imported import Imported

from handbook.core.diagnostics import HandbookError
from handbook.pack.importer import imported_files, read_source

NAVBAR = """
module.exports = {
  title: 'Tools',
  themeConfig: {
    navbar: {
      logo: {src: 'l.svg'},
      items: [
        {type: 'docsVersionDropdown', dropdownItemsAfter: [...Object.keys(x).map(([a]) => ({to: a}))]},
        {to: '/docs/api/', label: 'Reference', position: 'left'},
        // {type: 'doc', docId: 'start', label: 'Not this'},
        {type: 'dropdown', label: 'More', items: [{type: 'doc', docId: 'start', label: 'Manual'}]},
        {href: 'https://example.org', label: 'Elsewhere'},
      ],
    },
    footer: {links: [{items: [{to: 'docs/start', label: 'Wrong'}]}]},
  },
};
"""


def test_each_sidebar_of_docusaurus_has_the_name_of_the_navbar(tmp_path: Path) -> None:
    made = Imported(
        tmp_path,
        {
            "docusaurus.config.js": NAVBAR,
            "sidebars.json": json.dumps(
                {
                    "manual": ["start", {"Guides": ["deep/one"]}],
                    "reference": [
                        "api",
                        {
                            "type": "category",
                            "label": "Parts",
                            "link": {"type": "generated-index", "description": "All the parts."},
                            "items": ["deep/two"],
                        },
                    ],
                }
            ),
            "docs/start.md": "# Start\n\nSee [two](deep/two.mdx#end).\n",
            "docs/api.md": "# API\n",
            "docs/deep/one.mdx": "# One\n\nSee [two](deep/two.mdx#end) and [start](../start.md).\n",
            "docs/deep/two.mdx": "# Two\n\n## End\n",
            "blog/2020-01-01-news.md": "# News\n",
            "i18n/fr/docusaurus-plugin-content-docs/current/start.md": "# Début\n",
            "versioned_docs/version-1.0/start.md": "# Old\n",
            "versioned_docs/version-1.0/api.md": "# Old\n",
        },
    )
    assert made.listed == [
        (1, "Reference", "API"),
        (2, "Parts", "Two"),
        (1, "Manual", "Start"),
        (2, "Guides", "One"),
    ]
    # A page is named from the folder of pages, too.
    assert "[two](two.md#end) and [start](../start.md)" in made.text("deep/one.md")
    for reported in (
        "descriptions of categories: 1 (All the parts.)",
        "posts of the blog: 1 (blog/2020-01-01-news.md)",
        "other versions of the documentation: 1 (versioned_docs/version-1.0)",
        "translations: 1 (i18n/fr)",
    ):
        assert reported in made.report


def test_a_sidebar_that_no_link_or_several_lead_to_has_no_name(tmp_path: Path) -> None:
    config = """export default {themeConfig: {navbar: {items: [
        {to: 'docs/a', label: 'A page'}, {to: 'docs/b', label: 'Another'}, {label: `Tools`, sidebarId: "tools", type: "docSidebar"},
    ]}}};"""
    made = Imported(
        tmp_path,
        {
            "docusaurus.config.js": config,
            "sidebars.js": "module.exports = {main: ['a', 'b'], tools: ['c'], more: ['d']};",
            **{f"docs/{name}.md": f"# {name.upper()}\n" for name in "abcd"},
        },
    )
    assert made.listed == [(0, "A"), (0, "B"), (1, "Tools", "C"), (0, "D")]


@pytest.mark.parametrize("name", ["properdocs.yml", "zensical.toml", "zensical.yml"])
def test_tools_that_continue_mkdocs(tmp_path: Path, name: str) -> None:
    settings = (
        '[project]\nsite_name = "Pumps"\nnav = [{"One" = "a.md"}]\n'
        '[project.markdown_extensions.pymdownx.snippets]\nbase_path = ["parts"]\n'
        if name.endswith("toml")
        else "site_name: Pumps\nnav: [{One: a.md}]\n"
        "markdown_extensions: [{pymdownx.snippets: {base_path: [parts]}}]\n"
    )
    made = Imported(
        tmp_path,
        {name: settings, "docs/a.md": '# A\n\n--8<-- "note.md"\n', "parts/note.md": "Not dry.\n"},
    )
    assert made.book.title == "Pumps"
    assert made.listed == [(0, "One")]
    assert "Not dry." in made.text("a.md")


def test_include_markdown_and_macros(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = Imported(
        tmp_path,
        {
            "mkdocs.yml": "site_name: S\nextra: {version: '3.1', who: {name: Ann}}\n"
            "plugins:\n  - include-markdown\n  - macros: {j2_variable_start_string: «, j2_variable_end_string: »}\n",
            "docs/index.md": '# Home\n\n{%\n   include-markdown "../README.md"\n   start=\'<!--a-->\'\n   end="<!--b-->"\n'
            "   heading-offset=1\n%}\n\n```yaml\n{% include '../ci.yml' %}\n```\n\n"
            "- Item\n\n    {% include-markdown 'parts/note.md' %}\n\n"
            "{% include 'gone.md' %}\n\nOf « version » by «who.name», « run('x') », {{ version }}.\n",
            "docs/parts/note.md": "One.\n\nTwo.\n",
            "docs/other.md": "# Other\n",
            "README.md": "# Top\n\nNo.\n\n<!--a-->\n# Inner\n\nSee [other](docs/other.md).\n<!--b-->\n\nNo more.\n",
            "ci.yml": "jobs: x\n",
        },
    )
    text = made.text("index.md")
    assert "## Inner\n\nSee [other](other.md)." in text
    assert "```yaml\njobs: x\n```" in text
    assert "- Item\n\n    One.\n\n    Two.\n" in text
    assert "No." not in text
    assert "No more" not in text
    assert "Of 3.1 by Ann, « run('x') », {{ version }}." in text
    assert "macros, which a program fills in: 1 (docs/index.md:" in made.report
    assert "includes whose file is not there: 1 (index.md: gone.md)" in made.report
    assert "README.md" not in made.report
    assert "Inner" in made.printed(capsys)


def test_pages_of_other_languages_are_left_out(tmp_path: Path) -> None:
    plugin = "plugins:\n  - i18n:\n      docs_structure: {0}\n      languages:\n        - {{locale: fr, name: F}}\n        - {{locale: en, default: true, site_name: Pumps}}\n"
    suffix = Imported(
        tmp_path / "suffix",
        {
            "mkdocs.yml": "site_name: P\nnav: [index.md, b.md, fr.md]\n" + plugin.format("suffix"),
            "docs/index.en.md": "# Home\n\nSee [b](b.md).\n",
            "docs/index.fr.md": "# Accueil\n",
            "docs/b.md": "# B\n",
            "docs/b.fr.md": "# B fr\n",
            "docs/fr.md": "# French pumps\n",
        },
    )
    assert suffix.book.title == "Pumps"
    assert suffix.listed == [(0, "Home"), (0, "B"), (0, "French pumps")]
    assert "pages in other languages: 2 (docs/b.fr.md, docs/index.fr.md)" in suffix.report
    folder = Imported(
        tmp_path / "folder",
        {
            "mkdocs.yml": "site_name: P\n" + plugin.format("folder"),
            "docs/en/index.md": "# Home\n",
            "docs/en/sub/b.md": "# B\n",
            "docs/fr/index.md": "# Accueil\n",
        },
    )
    assert folder.listed == [(0, "Home"), (1, "Sub", "B")]
    assert "pages in other languages: 1 (docs/fr)" in folder.report


def test_a_gitbook_of_several_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = Imported(
        tmp_path,
        {
            "LANGS.md": "# Languages\n\n* [Français](fr/)\n* [English](en/)\n",
            "book.json": '{"variables": {"version": "5.2"}}',
            "fr/README.md": "# Pompes\n",
            "fr/SUMMARY.md": "# Summary\n\n* [Début](start/README.md)\n  * [Encore](start/README.md#encore)\n* [Caché](secret.md)\n",
            "fr/secret.md": "---\nhidden: true\n---\n# Caché\n",
            "fr/start/README.md": "{% set icon = '<b>!</b>' %}\n# Début\n\nVersion {{ book.version }} {{ icon }} en {{ book.language }}.\n\n"
            '{% filename %}{{ icon }} main.py{% endfilename %}\n```python\nx = 1\n```\n\n{% include "/part.md" %}\n\n{% code title="run.sh" %}\n```\nls\n```\n{% endcode %}\n\n'
            '````\n{% code title="shown" %}\n```js\n1\n```\n{% endcode %}\n````\n\n'
            "![A](<../.gitbook/assets/image (1).png>)\n",
            "fr/.gitbook/assets/image (1).png": "x",
            "fr/part.md": "Une partie.\n",
            "en/README.md": "# Pumps\n",
            "en/SUMMARY.md": "* [Start](README.md)\n",
        },
    )
    assert made.book.title == "Pompes"
    assert made.pack.language == "fr"
    assert made.listed == [(0, "Pompes"), (0, "Début")]
    assert "other languages, each a book that --from can name: 1 (en)" in made.report
    assert "not in the summary" not in made.report
    assert "hidden pages: 1 (fr/secret.md)" in made.report
    assert "listed again, printed once: 1 (start/README.md)" in made.report
    assert '```python title="! main.py"' in made.text("start/README.md")
    text = made.printed(capsys)
    for words in ("Version 5.2 ! en fr.", "! main.py", "Une partie."):
        assert words in text
    assert "{" not in text.replace('{% code title="shown" %}', "").replace("{% endcode %}", "")
    assert '```text title="run.sh"\nls' in made.text("start/README.md")
    assert "![A](<../gitbook/assets/image%20(1).png>)" in made.text("start/README.md")


def test_a_picture_whose_name_has_no_ending(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "assets").mkdir(parents=True)
    (source / "assets" / "plain").write_bytes(b"\x89PNG\r\n\x1a\n")
    (source / "assets" / "text").write_text("words")
    (source / "a.md").write_text("# A\n\n![P](assets/plain)\n\n[T](assets/text)\n")
    files = imported_files(read_source(source))
    assert "chapters/assets/plain.png" in files
    assert "![P](assets/plain.png)" in files["chapters/a.md"].decode()
    assert "[T](assets/text)" in files["chapters/a.md"].decode()


def test_a_gitbook_site_of_several_spaces(tmp_path: Path) -> None:
    def section(title: str, *spaces: str) -> str:
        return f"    - type: section\n      title: {title}\n      children:\n" + "".join(spaces)

    def space(title: str, folder: str, extra: str = "") -> str:
        return (
            f"        - type: space\n          title: {title}\n{extra}"
            f"          content:\n            directory: {folder}\n"
        )

    made = Imported(
        tmp_path,
        {
            ".gitbook.yaml": "",
            "docs.yaml": "site:\n  title: Pumps\n  structure:\n"
            + section(
                "Manual",
                space("Français", "null"),
                space("English", "./manual", "          default: true\n"),
            )
            + section("Policies", space("P", "./gone")),
            "manual/README.md": "---\ndescription: How to pump.\n---\n\n# Welcome\n\nWords.\n",
            "manual/SUMMARY.md": '# Table of contents\n\n* [Welcome](README.md)\n\n## Use <a href="#use" id="use"></a>\n\n* [Begin](use/begin.md)\n',
            "manual/use/begin.md": "---\ndescription: Hidden.\nlayout:\n  description:\n    visible: false\n---\n# Begin\n",
        },
    )
    assert made.book.title == "Pumps"
    assert made.listed == [(1, "Manual", "Welcome"), (2, "Use", "Begin")]
    assert "other spaces of a section: 1 (Français)" in made.report
    assert "spaces that are not in this folder: 1 (P)" in made.report
    # GitBook shows the description below the title.
    assert "# Welcome\n\nHow to pump.\n\nWords.\n" in made.text("manual/README.md")
    assert made.text("manual/use/begin.md").count("Hidden.") == 1


def test_python_markdown_finds_a_label_after_white_space(tmp_path: Path) -> None:
    made = Imported(
        tmp_path,
        {
            "mkdocs.yml": "site_name: S\n",
            "docs/index.md": "# Home\n\nSee [the\nwords]\n[label], [more] [label] and [this]\n[that].\n\n[label]: https://example.org\n",
        },
    )
    assert "[the\nwords][label], [more][label] and [this]\n[that]." in made.text("index.md")


def test_blocks_of_pymdown_have_no_options_in_the_book(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Imported(
        tmp_path,
        {
            "mkdocs.yml": "site_name: S\nmarkdown_extensions: [pymdownx.blocks.html, pymdownx.blocks.admonition]\n",
            "docs/index.md": "# Home\n\n//// html | div.result\n    attrs: {id: x}\n\n/// admonition | Mind this\n    type: warning\n\nIt is *hot*.\n///\n"
            "////\n\n| a |\n|---|\n| b |\n\n/// table-caption | <\nThree pumps\n///\n\n````\n/// html | p\n    attrs: {}\n///\n````\n\n/// open\n",
        },
    )
    assert "/// warning | Mind this\n\nIt is *hot*.\n///\n" in made.text("index.md")
    text = made.printed(capsys)
    for words in (
        "Warning: Mind this It is hot.",
        "Three pumps",
        "/// html | p attrs: {} ///",
        "/// open",
    ):
        assert words in text, words
    for words in ("div.result", "caption", "Caption", "type:"):
        assert words not in text, words


def test_titles_keep_the_colons_of_code(tmp_path: Path) -> None:
    made = Imported(
        tmp_path,
        {
            "src/SUMMARY.md": "- [`Pump::new()` vs. `::drop` {.big}](a.md)\n- [`ptr::write`{: #x }](b.md)\n",
            "src/a.md": "# A\n",
            "src/b.md": "# B\n",
        },
    )
    assert made.listed == [(0, "Pump::new() vs. ::drop"), (0, "ptr::write")]


def test_cards_of_a_gitbook_are_a_list(tmp_path: Path) -> None:
    made = Imported(
        tmp_path,
        {
            ".gitbook.yaml": "root: ./",
            "SUMMARY.md": "* [Home](README.md)\n* [One](one.md)\n",
            "one.md": "# One\n",
            "README.md": '# Home\n\n<table data-view="cards"><thead><tr><th></th><th></th><th></th><th data-hidden data-card-target data-type="content-ref"></th>'
            '<th data-hidden data-card-cover data-type="files"></th></tr></thead><tbody><tr><td><h4><i class="fa-globe">:globe:</i></h4></td><td><h4>Sites</h4></td>'
            '<td>Publish &amp; edit.</td><td><a href="one.md">one.md</a></td><td><a href="a.png">a.png</a></td></tr></tbody></table>\n\n'
            '`<table data-view="cards"></table>`\n',
        },
    )
    text = made.text("README.md")
    assert (
        '<ul><li><a href="one.md"><strong>Sites</strong></a><br>Publish &amp; edit.</li></ul>'
        in text
    )
    assert '`<table data-view="cards"></table>`' in text
    assert "Icons of cards left out: 1" in made.report
    assert "Pictures and hidden columns of cards left out: 1" in made.report


def test_files_that_include_themselves_without_end(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "SUMMARY.md").write_text("- [A](a.md)\n")
    (tmp_path / "src" / "a.md").write_text("{{#include a.md}}\n\n" * 30)
    with pytest.raises(HandbookError, match="the pages include more than 20,000 files"):
        imported_files(read_source(tmp_path))


def test_markdown_inside_html_and_inline_marks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Imported(
        tmp_path,
        {
            "mkdocs.yml": "site_name: S\nmarkdown_extensions:\n  - attr_list\n  - md_in_html\n"
            "  - pymdownx.critic\n  - pymdownx.keys\n  - pymdownx.caret\n  - pymdownx.mark\n  - pymdownx.smartsymbols\n",
            "docs/index.md": "# Home\n\n1. Step\n\n     <figure markdown>\n         ![A pump](pump.png){ loading=lazy }\n"
            "         <figcaption markdown>The **pump**</figcaption>\n     </figure>\n\n2. Next\n\n"
            '<div class="grid" markdown="1">\nA *star*.\n\n```html\n<div markdown>\n```\n</div>\nAfter.\n\n'
            "[![Built](https://example.org/b.svg){ loading=lazy .off }](https://example.org/)\n\n"
            'Press ++"Select All"++ and ++ctrl+c++, 10^3^, ^^new^^, ==seen==, a == b.\n\n'
            "It is {++added++}{--gone--}{>>why<<}, {~~old~>fresh~~} (c) --> 1/2 <!-- kept --> `==x==`.\n\n"
            "<!-- md:default `a` (c) `b` -->\n\nBehind --> a comment.\n\n"
            '<div class="mark"></div>\n| Pump | Kind |\n|---|---|\n| Small | *hand* |\n\n'
            "<div>\n<p>In</p>\n*raw*\n</div>\n**Out**\n\n"
            "The [`nh3`]\n[nh3] library, `[nh]` [nh3].\n\n[nh3]: https://example.org/nh3\n",
        },
    )
    assert "     <figure>\n\n     ![A pump]" in made.text("index.md")
    text = made.printed(capsys)
    for words in (
        "The pump",
        "A star. <div markdown>",
        "After.",
        "Press Select All and Ctrl+C, 103, new, seen, a == b.",
        "It is addedgone, oldfresh © → ½ ==x==",
        "Behind → a comment.",
        "Pump Kind Small hand",
        "In *raw* Out",
        "The nh3",
        "library, [nh] nh3",
    ):
        assert words in text, words
    for words in ("**", "{", "loading", "++", "|", "[nh3"):
        assert words not in text, words
    assert "Comments of critics left out: 1" in made.report


def test_tabs_have_the_labels_that_are_listed_above_them(tmp_path: Path) -> None:
    made = Imported(
        tmp_path,
        {
            "docusaurus.config.js": "export default {};",
            "docs/a.mdx": "# A\n\n<Tabs\n  defaultValue=\"js\"\n  values={[\n    {label: 'JavaScript', value: 'js'},\n    {label: 'Other', value: 'o'},\n  ]}\n>\n"
            '<TabItem value="js">\n\n```js\n1\n```\n\n</TabItem>\n<TabItem value="o">\n\n<Tabs>\n<TabItem value="in">\nInner\n</TabItem>\n</Tabs>\n\n'
            "</TabItem>\n</Tabs>\n",
        },
    )
    text = made.text("a.md")
    assert [line for line in text.split("\n") if line.startswith(":::tab")] == [
        ":::tab JavaScript",
        ":::tab Other",
        ":::tab in",
    ]
    assert "Tabs" not in text
