"""`handbook new --from`: each source as its own tool shows it, and a report of what is not."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from packs import run
from pdfread import reading_order_text

from handbook.check.checker import check_folder
from handbook.pack.importer import imported_files, read_source, report_lines
from handbook.pack.importers.citations import Bibliography
from handbook.pack.loader import load_pack
from handbook.pack.scaffold import write_pack

BIB = "@book{wood1, author={Ann Wood}, title={Rivers}, publisher={North}, year={2001}}\n"


class Imported:
    """A pack made of sources: its chapters, its files, its report."""

    def __init__(self, tmp_path: Path, files: dict[str, str]) -> None:
        source = tmp_path / "source"
        for name, text in files.items():
            path = source / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.book = read_source(source)
        self.files = imported_files(self.book)
        self.folder = tmp_path / "pack"
        write_pack(self.folder, self.files)
        self.pack = load_pack(self.folder)
        # Nothing of any source is lost on its way into the book.
        assert [
            f
            for f in check_folder(self.folder, day=date(2026, 12, 1))
            if f.diagnostic.code in ("lost-text", "doubled-text")
        ] == []
        self.report = "\n".join(report_lines(self.book))
        chapters = [c for c in self.pack.chapters if c.dialect == "gfm"]
        self.listed = [
            (c.placement.depth, *[t for _, t in c.placement.parts], c.placement.label or c.title)
            for c in chapters
        ]
        self.numbered = {c.title: c.placement.numbered for c in chapters}

    def text(self, name: str) -> str:
        return self.files[f"chapters/{name}"].decode()

    def printed(self, capsys: pytest.CaptureFixture[str]) -> str:
        target = self.folder.parent / "book.pdf"
        code, _, err = run(capsys, "build", "--content", str(self.folder), "-o", str(target), "-q")
        assert code == 0, err
        return " ".join(reading_order_text(target.read_bytes()).split())


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


def test_a_docusaurus_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = Imported(
        tmp_path,
        {
            "docusaurus.config.js": "export default { title: 'Things', i18n: {defaultLocale: 'en'} };\n",
            "sidebars.js": "// all\nmodule.exports = { docs: ['intro', {type: 'category', label: 'More', link: {type: 'doc', id: 'more/index'},"
            " items: [{type: 'autogenerated', dirName: 'more'}]}, {type: 'link', label: 'Web', href: 'https://example.org'}] };\n",
            "docs/intro.mdx": "---\ntitle: Intro page\nsidebar_label: Intro\n---\nimport Tabs from '@theme/Tabs';\nimport Part from './_part.mdx';\n\n"
            'export const version = \'3.1\';\n\n{/* unseen */}\n\n<Tabs>\n<TabItem value="m" label="macOS">\n\nBrew.\n\n</TabItem>\n</Tabs>\n\n'
            '<Part />\n\nVersion {version}. [More](/docs/more/b) ![Map](@site/static/img/map.svg)\n\n<Card title="A card" href="/x" style={{color: \'red\'}} />\n\n'
            "```js\n// highlight-next-line\nlet a\n```\n",
            "docs/_part.mdx": "Shared *words*.\n",
            "docs/more/index.md": "# More\n",
            "docs/more/b.md": "---\nsidebar_position: 1\n---\n# B\n",
            "docs/more/a.md": "---\nsidebar_position: 2\n---\n# A\n",
            "docs/more/c.md": "---\ndraft: true\n---\n# C\n",
            "static/img/map.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
        },
    )
    assert made.listed == [(0, "Intro"), (0, "More"), (1, "B"), (1, "A")]
    text = made.printed(capsys)
    for words in ("macOS", "Brew.", "Shared words", "Version 3.1", "A card", "let a"):
        assert words in text, words
    for words in ("import ", "export", "unseen", "highlight", "{version}", "color:"):
        assert words not in text, words
    assert "](more/b.md)" in made.text("intro.md")
    assert "chapters/img/map.svg" in made.files or "chapters/static/img/map.svg" in made.files
    assert "links in the sidebar: 1 (Web)" in made.report


def test_comments_that_mark_lines_of_code_mark_them(tmp_path: Path) -> None:
    code = (
        "```{}\na\n// highlight-next-line\nb\n/* highlight-start */\nc\nd\n"
        "{{/* highlight-next-line */}}\ne\n# highlight-end\nf\n<!-- highlight-next-line -->\n```\n"
    )
    made = Imported(
        tmp_path,
        {
            "docusaurus.config.js": "export default { title: 'Things' };\n",
            "docs/a.md": "# A\n\n" + code.format("js") + "\n" + code.format(""),
            "docs/b.md": "# B\n\n" + code.format("js {2}"),
        },
    )
    assert "```js {2,3,4,5}\na\nb\nc\nd\ne\nf\n```" in made.text("a.md")
    assert "``` {2,3,4,5}\na" in made.text("a.md")
    # As Docusaurus has it: what the fence says goes first, and comments are code.
    assert "// highlight-next-line" in made.text("b.md")


def test_blocks_of_code_that_are_components(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Imported(
        tmp_path,
        {
            "docusaurus.config.js": "export default { title: 'Things' };\n",
            "docs/a.mdx": '# A\n\n<div>\n  <CodeBlock language="js" title="a.js">{`import { Card };\n'
            "let s = \\`x\\`;`}</CodeBlock>\n</div>\n\n<CodeBlock>\n  plain words\n</CodeBlock>\n\n"
            "Words {`in braces`} and `{code}`.\n",
        },
    )
    assert '```js title="a.js"\n  import { Card };\n  let s = `x`;\n' in made.text("a.md")
    text = made.printed(capsys)
    for words in ("import { Card };", "plain words", "Words in braces and {code}"):
        assert words in text, words
    assert "CodeBlock" not in text


def test_a_jekyll_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = Imported(
        tmp_path,
        {
            "_config.yml": "title: Shop\nlang: en-GB\nexclude: [old/]\nbaseurl: /b\nowner: Kim\n",
            "index.md": "---\ntitle: Start\nnav_order: 1\n---\n[g]({% link g.md %}#end) [h]({{ site.baseurl }}/help/)\n\n{% highlight ruby %}{% raw %}\nputs 1\n{% endraw %}{% endhighlight %}\n\n"
            '{: .warning }\nHot.\n\nPlain.\n{: .fs-6 }\n\n{% raw %}{{ kept }}{% endraw %} {{ site.owner }} {{ page.title | upcase }}\n\n{% include box.md text="in it" %}\n\n{% for x in y %}loop{% endfor %}\n',
            "g.md": "---\ntitle: Guide\nnav_order: 3\npermalink: /help/\n---\n## End\nx\n",
            "c.md": "---\ntitle: Child\nparent: Guide\n---\nx\n",
            "z.md": "---\ntitle: Second\nnav_order: 2\n---\nx\n",
            "d.md": "---\ntitle: D\npublished: false\n---\nx\n",
            "old/o.md": "x\n",
            "_includes/box.md": "Box {{ include.text }}.\n",
        },
    )
    assert made.listed == [(0, "Start"), (0, "Second"), (0, "Guide"), (1, "Child")]
    assert (made.pack.title, made.pack.language) == ("Shop", "en-GB")
    text = made.printed(capsys)
    for words in ("puts 1", "Warning", "Hot.", "{{ kept }} Kim START", "Box in it."):
        assert words in text, words
    for words in ("{%", "{:", "site.", "fs-6"):
        assert words not in text, words
    assert "](g.md#end)" in made.text("index.md")
    assert "](g.md)" in made.text("index.md")
    assert "excluded by _config.yml: 1" in made.report
    assert "drafts: 1 (d.md)" in made.report
    assert "{{ y }} of Liquid: 1" in made.report


def test_a_quarto_book(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = Imported(
        tmp_path,
        {
            "_quarto.yml": "project: {type: book}\nlang: en\nbook:\n  title: Bread\n  chapters:\n    - index.qmd\n    - part: Flour\n      chapters: [rye.qmd]\n    - refs.qmd\nbibliography: b.bib\n",
            "index.qmd": "# Preface {.unnumbered}\n\nSee @sec-rye and @fig-loaf.\n",
            "rye.qmd": "# Rye {#sec-rye}\n\nAs @wood1 says [see @wood1, p. 3]. H~2~O, x^2^, [small]{.smallcaps}.^[A *note*.]\n\n"
            '![A loaf](loaf.svg){#fig-loaf fig-alt="Brown"}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n: Amounts {#tbl-a}\n\n@tbl-a.\n\n'
            "::::: {.callout-important collapse=true}\n## Careful\nHot.\n:::\n\n::: {.column-margin}\nplain\n::::::\n\n"
            '::: {.panel-tabset}\n## R\nr words\n## Python\npy words\n:::\n\n::: {.content-hidden when-format="html"}\nunseen\n:::\n\n'
            "```{r}\n#| label: x\nplot(1)\n```\n\n```{r}\n#| echo: false\nsecret()\n```\n\n{{< include _p.qmd >}}\n\n$$\nE = x^2 + y^2\n$$ {#eq-e}\n",
            "_p.qmd": "Put in.\n",
            "refs.qmd": "# References\n\n::: {#refs}\n:::\n",
            "b.bib": BIB,
            "loaf.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
        },
    )
    assert made.listed == [(0, "Preface"), (1, "Flour", "Rye"), (0, "References")]
    assert made.numbered["Preface"] is False
    text = made.printed(capsys)
    for words in (
        "See Rye and Figure 1",
        "As Wood (2001) says (see Wood, 2001, p. 3)",
        "Careful Hot.",
        "plain",
        "R r words",
        "Python py words",
        "plot(1)",
        "Put in.",
        "Table 1",
        "Amounts",
        "A loaf",
        "Rivers",
        "A note.",
    ):
        assert words in text, words
    for words in ("#|", "secret", "unseen", "{#", ":::", "^[", "smallcaps", "@"):
        assert words not in text, words
    assert "](rye.md#sec-rye)" in made.text("index.md")
    assert "<sub>2</sub>" in made.text("rye.md")
    assert "x^2 + y^2" in made.text("rye.md")


def test_citations_of_csl_json(tmp_path: Path) -> None:
    entry = {"id": "lee", "type": "book", "title": "Seas", "author": [{"family": "Lee", "given": "Bo"}],
             "issued": {"date-parts": [[1999]]}}  # fmt: skip
    made = Imported(
        tmp_path,
        {
            "index.md": "---\nbibliography: b.json\n---\n# T\n\nSo it is [@lee]. Not [@gone].\n",
            "b.json": json.dumps([entry]),
        },
    )
    text = made.text("index.md")
    assert "So it is (Lee, 1999)." in text
    assert "[@gone]" in text
    assert "## References\n\n- Lee" in text
    assert "no bibliography has: 1" in made.report


def test_entries_of_bibtex_as_people_write_them(tmp_path: Path) -> None:
    bib = (
        "@book{open1, title={X}, author={A B, year={2001}}\n\n"
        '@misc{one1, title={W\n  and X}, author={Jo Bl{\\"{o}}m and\n  Al van der Waal}, year={Accessed: 2020}}\n'
        "words between entries\n@misc{two2, title={V}, author={Andr{\\'e} H}, year={n.d.}, month = 02}\n"
    )
    made = Imported(
        tmp_path,
        {
            "_quarto.yml": "project: {type: book}\nbook: {title: T, chapters: [index.qmd]}\nbibliography: a.bib\n",
            "index.qmd": "# A\n\n@one1, @two2, [@open1]\n",
            "a.bib": bib,
        },
    )
    text = made.text("index.md")
    assert "Blöm and van der Waal (2020)" in text
    assert "H (no date)" in text
    assert "entries of a bibliography that cannot be read: 1 (open1)" in made.report


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        (r"{R}{\textsuperscript{5}} in {\emph{R}}", "R5 in R"),
        (r"{\bf Bold} \LaTeX{} and {\TeX}books", "Bold LaTeX and TeXbooks"),
        (r"Stra{\ss}e, \o re, \ldots{} a---b", "Straße, øre, … a—b"),
        (r"\href{https://x.org/a}{Words} and $\alpha$", "Words and $\\alpha$"),
    ],
)
def test_commands_of_tex_in_a_bibliography(title: str, printed: str) -> None:
    broken: list[str] = []
    entry = f"@book{{k, title={{{title}}}, author={{Ann Wood}}, publisher={{N}}, year={{2001}}}}\n"
    assert f"<i>{printed}</i>" in Bibliography([("a.bib", entry)], broken.append).listed(["k"])[0]
    assert broken == []


def test_keys_comments_and_bars_in_code_as_pandoc_has_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Imported(
        tmp_path,
        {
            "_quarto.yml": "project: {type: book}\nbook:\n  title: Q\n  chapters: [index.qmd]\nbibliography: a.bib\n",
            "a.bib": BIB,
            "index.qmd": "# One\n\n## Two {#sec-two}\n\nSee @sec-two---and more---and @wood1---then ([@sec-two], [as in @sec-two]).\n\n"
            "<!-- @fig-gone and @sec-gone -->\n\n| sign | means |\n|------|-------|\n| `&`, `|` | and, or |\n",
        },
    )
    text = made.printed(capsys)
    for words in ("See Two—and more—and Wood (2001)—then (Two, [as in Two]).", "& , |", "and, or"):
        assert words in text, words
    assert "not in the sources" not in made.report


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


def test_calls_in_the_text_of_functions_that_make_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Imported(
        tmp_path,
        {
            "_quarto.yml": "project: {type: book}\nbook:\n  title: Q\n  chapters: [index.qmd]\n",
            "R/words.R": "shiny_name <- function(x, ...) x\n",
            "index.qmd": '# One\n\nSee `r ref("lrn()")`, `r define(\'task\', aside = TRUE)`, `r shiny_name("gold")` and '
            '`r ref(\'Task\', text = "tasks")`; `r nchar("ten")`, `r 1 + 1`.\n',
        },
    )
    assert 'See `lrn()`, task, gold and tasks; `nchar("ten")`, `1 + 1`.' in made.text("index.md")
    assert "Calls in the text, of which the words are printed: 4" in made.report
    assert "Code in the text, whose results are not computed: 2" in made.report


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
    for told in (
        "Entries of an index, left out: 1",
        "Entries of an index, of which the words are printed: 2",
        "Values that code computes, printed by their names: 1",
    ):
        assert told in made.report


def test_shortcodes_are_no_tags_of_liquid(tmp_path: Path) -> None:
    text = "{{%segment%}} {{< figure >}} {{ site.title }} {% gone %}x"
    made = Imported(tmp_path, {"_config.yml": "title: J\n", "index.md": f"# A\n\n{text}\n"})
    assert "{{%segment%}} {{< figure >}} J x" in made.text("index.md")
    assert "shortcodes, which are printed as text: 2 (index.md:3" in made.report
    assert "{% gone %} of Liquid: 1 (index.md:3)" in made.report


def test_what_a_jekyll_page_captures_is_where_it_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Imported(
        tmp_path,
        {
            "_config.yml": "title: J\nowner: Kim\n",
            "_includes/box.md": "Box: {{ include.text }}.\n",
            "index.md": "# A\n\n{% capture code %}\n  ```css\n  .a > b {\n    top: 1px;\n\n  }\n  ```\n{% endcapture %}\n"
            "{% capture said %}words of {{ site.owner }}{% endcapture %}\n\n"
            "<table>\n<tr><th>One</th>\n\n<td>CSS: {{ code | markdownify }}</td></tr>\n</table>\n\n"
            "{% include box.md text=said %} {{ said | upcase }}\n\n{% if said %}Yes, {{ said }}.{% endif %}\n",
        },
    )
    text = made.printed(capsys)
    for words in (
        "CSS:",
        ".a > b {",
        "top: 1px;",
        "Box: words of Kim.",
        "WORDS OF KIM",
        "Yes, words of Kim.",
    ):
        assert words in text, words
    assert "Liquid" not in made.report


def test_pictures_notes_and_code_in_links_of_a_vault(tmp_path: Path) -> None:
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    made = Imported(
        tmp_path,
        {
            ".obsidian/app.json": "{}",
            "images/one.svg": picture,
            "a/b/Note.md": "![p](../../../images/one.svg) and `![q](../../../images/one.svg)`\n\n"
            "See [[Other#`id`|the `id` here]] and `[[Other]]`, with^[a *short* note] more.\n",
            "Other.md": "## `id`\n\nx\n",
            "Hidden.md": "---\npublish: false\n---\nx\n",
        },
    )
    text = made.text("a/b/Note.md")
    assert "![p](../../images/one.svg) and `![q](../../../images/one.svg)`" in text
    assert "See [the `id` here](../../Other.md#id) and `[[Other]]`, with[^inline-1] more." in text
    assert "[^inline-1]: a *short* note" in text
    assert "drafts: 1 (Hidden.md)" in made.report
    assert "pictures whose file" not in made.report


def test_headings_boxes_and_parts_of_figures_of_bookdown_and_quarto(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Imported(
        tmp_path,
        {
            "_bookdown.yml": "rmd_files: [index.Rmd, b.Rmd]\n",
            "index.Rmd": "# One\n\nChapter \\@ref(document-elements) and \\@ref(the-end).\n\n"
            '::: {.infobox .caution data-latex="{caution}"}\nMind this.\n:::\n\n'
            "```{r}\n#| label: fig-two\n#| fig-cap: Both\n#| fig-subcap:\n#|   - Left side\n#|   - Right side\nplot(x)\n```\n\n"
            '```{r}\n#| label: fig-three\n#| fig-cap: "Three"\n#| fig-subcap: ["Up", "Down, or so"]\nplot(x)\n```\n',
            "b.Rmd": "# Document elements\n\n## The *end*\n\nx\n",
        },
    )
    text = made.printed(capsys)
    for words in (
        "Chapter Document elements and The end.",
        "Caution Mind this.",
        "Both (a) Left side (b) Right side",
        "Three (a) Up (b) Down, or so",
    ):
        assert words in text, words
    assert "not in the sources" not in made.report


def test_figures_that_only_code_draws_have_names_and_others_their_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    made = Imported(
        tmp_path,
        {
            "_config.yml": "title: M\n",
            "_toc.yml": "format: jb-book\nroot: index\n",
            "a.svg": picture,
            "index.md": "# One\n\n```{glue:figure} plot\n:name: fig-plot\nThe plot.\n```\n\n"
            "```{figure} a.svg\n:name: fig-a\nThe picture.\n```\n\nSee {numref}`fig-plot` and {numref}`fig-a`.\n",
        },
    )
    text = made.printed(capsys)
    assert "Figure plot. The plot." in text
    assert "Figure 1 The picture." in text
    assert "See Figure plot and Figure 1." in text


def test_a_box_in_a_quote_that_goes_on_without_its_marks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "# A\n\n> {: .note }\n  Words of it.\n\n> {: .tip }\n> > One.\n> >\n> > Two.\n\nAfter.\n"
    made = Imported(tmp_path, {"_config.yml": "title: J\n", "index.md": text})
    assert "Note Words of it. Tip One. Two. After." in made.printed(capsys)


@pytest.mark.parametrize("tool", ["mdbook", "gitbook"])
def test_web_addresses_in_a_list_of_pages_are_in_the_report(tool: str, tmp_path: Path) -> None:
    summary = "# Summary\n\n* [One](one.md)\n* [The API](https://example.org/api)\n"
    files = {"SUMMARY.md": summary, "one.md": "# One\n"}
    if tool == "mdbook":
        files = {f"src/{name}": text for name, text in files.items()}
        files["book.toml"] = "[book]\ntitle = 'B'\n"
    made = Imported(tmp_path, files)
    assert "Left out, web addresses in the list of pages: 1 (The API)" in made.report


def test_mentions_of_gitbook_are_titles(tmp_path: Path) -> None:
    made = Imported(
        tmp_path,
        {
            "SUMMARY.md": "# Summary\n\n* [Start](README.md)\n* [Hooks of it](sub/hooks.md)\n",
            "README.md": '# Start\n\nSee [hooks.md](sub/hooks.md "mention"), [#two](sub/hooks.md#two-words "mention"), '
            '[.](./ "mention"), [gone](gone.md "mention") and `[a](b "mention")`.\n',
            "sub/hooks.md": "# Hooks\n\n## Two words\n\nx\n",
        },
    )
    text = made.text("README.md")
    assert "See [Hooks of it](sub/hooks.md), [Two words](sub/hooks.md#two-words), [Start](" in text
    assert '`[a](b "mention")`' in text
    assert "[gone](gone.md" in text


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


def test_a_gitbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = Imported(
        tmp_path,
        {
            "book.json": '{"title": "Barista", "root": "./t", "structure": {"summary": "TOC.md", "readme": "s.md"}, "variables": {"v": "7"}, "language": "fr"}',
            "t/TOC.md": "# Summary\n\n* [Zebra](z.md)\n  * [Apple](a.md)\n",
            "t/a.md": "# Apple\n",
            "t/z.md": "# Zebra\n",
            "t/s.md": '# Start\n\nVersion {{ book.v }}.\n\n{% hint style="danger" %}\nGrind.\n{% endhint %}\n\n{% tabs %}\n{% tab title="Fine" %}\nEspresso.\n{% endtab %}\n{% endtabs %}\n\n'
            '{% embed url="https://example.org/v" %}\n\n[import, shot.js](shot.js)\n\n{% raw %}{{ kept }}{% endraw %}\n\n{% include "inc.txt" %}\n',
            "t/shot.js": "let shot = 1\n",
            "t/inc.txt": "Included.\n",
            "README.md": "# Repository\n",
        },
    )
    assert made.listed == [(0, "Start"), (0, "Zebra"), (1, "Apple")]
    assert (made.pack.title, made.pack.language) == ("Barista", "fr")
    text = made.printed(capsys)
    for words in (
        "Version 7.",
        "Grind.",
        "Fine Espresso.",
        "let shot = 1",
        "{{ kept }}",
        "Included.",
    ):
        assert words in text, words
    assert "{%" not in text


def test_an_obsidian_vault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = Imported(
        tmp_path,
        {
            ".obsidian/app.json": "{}",
            "Home.md": "[[Deep note|that]], [[Deep note#Part two]], [[Deep note#^b1]], [[Gone]] and ==marked== %%unseen%%.\n\n![[Deep note#Part two]]\n\n![[map.svg|40]]\n\n`[[code]]`\n",
            "sub/Deep note.md": "# Deep note\n\nA block. ^b1\n\n## Part two\n\nTwo words.\n\n## Three\n\nx\n",
            "sub/map.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
        },
    )
    assert made.listed == [(1, "sub", "Deep note"), (0, "Home")]
    text = made.text("Home.md")
    assert "[that](sub/Deep%20note.md)" in text
    assert "[Deep note > Part two](sub/Deep%20note.md#part-two)" in text
    assert "(sub/Deep%20note.md#block-b1)" in text
    assert "<mark>marked</mark>" in text
    assert "## Part two\n\nTwo words." in text
    assert "Three" not in text
    assert "`[[code]]`" in text
    assert "![map](sub/map.svg){width=40px}" in text
    assert "unseen" not in made.printed(capsys)
    assert "notes that are not there: 1" in made.report


def test_a_site_of_obsidian_publish_is_in_its_own_order(tmp_path: Path) -> None:
    site = {
        "siteName": "Tea notes",
        "navigationOrdering": ["how to", "how to/Pour.md", "Zest.md"],
        "navigationHiddenItems": ["private"],
    }
    made = Imported(
        tmp_path,
        {
            "site-options.json": json.dumps(site),
            "Home.md": "---\ntitle: Other\n---\n\n[[Pour]]\n",
            "Zest.md": "Words.\n",
            "2 cups.md": "Words.\n",
            "how to/Boil.md": "Words.\n",
            "how to/Pour.md": "Words.\n",
            "how to/index.md": "Words.\n",
            "private/a.md": "Words.\n",
        },
    )
    assert made.pack.title == "Tea notes"
    assert [(entry[0], *entry[1:]) for entry in made.listed] == [
        (1, "how to", "Pour"), (1, "Boil"), (1, "index"), (0, "Zest"), (0, "2 cups"), (0, "Home"),
    ]  # fmt: skip
    assert "not shown: 1 (private/a.md)" in made.report


def test_a_document_of_pandoc_with_a_title_block_and_files_of_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Imported(
        tmp_path,
        {
            "book.md": "% Pumps and\n  valves\n% Ann Wood\n% 2026\n\nBefore.\n\n# One\n\n## Below\n\n"
            '~~~~ {.haskell include="src/a.hs"}\n~~~~\n\n> ```{.sh include="src/b.sh" startLine=2 endLine=2}\n> ```\n\n'
            '```{.c include="gone.c"}\n```\n\n# Two\n',
            "src/a.hs": "main = pure ()\n",
            "src/b.sh": "no\necho yes\n",
        },
    )
    assert made.listed == [(0, "Pumps and valves")]
    text = made.printed(capsys)
    assert "Ann Wood 2026 Before. One Below main = pure () echo yes Two" in text
    assert "Includes followed: 2" in made.report
    assert "an include whose file is not there (gone.c)" in made.report


def test_an_include_of_a_file_outside_the_folder_is_reported_as_that(tmp_path: Path) -> None:
    (tmp_path / "secret.rs").write_text("fn main() {}\n")
    made = Imported(
        tmp_path,
        {"src/SUMMARY.md": "- [A](a.md)\n", "src/a.md": "# A\n\n{{#include ../../secret.rs}}\n"},
    )
    assert "an include of a file outside the folder (../../secret.rs): 1" in made.report


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


def test_links_and_addresses_of_a_site_in_any_case(tmp_path: Path) -> None:
    made = Imported(
        tmp_path,
        {
            "docusaurus.config.js": "export default { title: 'Things' };\n",
            "docs/parts/ListItem.mdx": "---\nid: list_item\n---\n# List item\n\n[c](card#props) [d](./List_Item)\n",
            "docs/parts/Card.mdx": "# Card\n\n[i](listitem) [none](lists)\n\n## Props\n",
        },
    )
    assert "[c](Card.md#props) [d](ListItem.md)" in made.text("parts/ListItem.md")
    assert "[i](ListItem.md) [none](lists)" in made.text("parts/Card.md")


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


def test_loops_and_conditions_over_the_data_of_a_jekyll_site(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Imported(
        tmp_path,
        {
            "_config.yml": "title: T\nversion: 4\n",
            "_includes/x.md": "In {{ include.of }}.\n",
            "_data/teas.yml": "- {name: Assam, hot: true}\n- {name: Sencha}\n",
            "_data/more/cups.json": '{"big": 3}',
            "index.md": (
                "---\ntitle: A\nkind: list\n---\n\n{% assign teas = site.data.teas %}\n"
                "{% for tea in teas %}\n- {{ tea.name | upcase }}{% if tea.hot %} (hot){% else %} (cool){% endif %}\n{% endfor %}\n\n"
                "{% if page.kind == 'list' and site.version > 3 %}Listed.{% endif %}{% unless page.kind %}Not so.{% endunless %}\n\n"
                "{% if site.nothing %}Gone.{% else %}{% include x.md of='a cup' %}{% endif %} {{ site.data.more.cups.big }}\n\n"
                "{% for post in site.posts %}{{ post.title }}{% endfor %}\n\n"
                "{% raw %}{% for a in b %}{% endraw %}\n\n```liquid\n{% raw %}{% if x %}y{% endif %}{% endraw %}\n```\n\n"
                "{% for a in site.data.teas %}{% for b in (1..99999) %}{% for c in (1..99999) %}x{% endfor %}{% endfor %}{% endfor %}\n"
            ),
        },
    )
    text = made.text("index.md")
    assert "- ASSAM (hot)\n" in text
    assert "- SENCHA (cool)\n" in text
    assert "Listed." in text
    assert "Not so." not in text
    assert "In a cup. 3" in text
    assert "Gone." not in text
    assert "\\{% for a in b %}" in text
    assert "{% if x %}y{% endif %}" in text
    assert "{{ site }} of Liquid: 1" in made.report
    assert "{% for %} of Liquid" in made.report
    capsys.readouterr()


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


def test_options_over_several_lines_and_exercises(tmp_path: Path) -> None:
    made = Imported(
        tmp_path / "quarto",
        {
            "_quarto.yml": "project: {type: book}\nbook: {title: T, chapters: [index.qmd]}\n",
            "index.qmd": "# A\n\n```{r}\n#| label: fig-a\n#| fig-alt: |\n#|   A scatterplot\n#|   of things.\nplot(1)\n#| not an option\n```\n",
        },
    )
    assert made.text("index.md").count("scatterplot") == 1
    assert (
        '```r\nplot(1)\n#| not an option\n```\n\n<a id="fig-a"></a>**Figure a.** *A scatterplot'
        in made.text("index.md")
    )
    made = Imported(
        tmp_path / "gitbook",
        {
            "book.json": '{"title": "T"}',
            "README.md": (
                "# A\n\n{% exercise %}\nMake `x`.\n{% initial %}\nvar x =\n{% solution %}\nvar x = 1;\n"
                "{% validation %}\nassert(x === 1);\n{% context %}\nlet y;\n{% endexercise %}\n"
            ),
            "SUMMARY.md": "# Summary\n\n* [A](README.md)\n",
        },
    )
    text = made.text("README.md")
    assert "Make `x`.\n\n```js\nvar x =\n```\n\n**Solution**\n\n```js\nvar x = 1;\n```" in text
    assert "assert" not in text
    assert "Checks of exercises, which run in a browser, left out: 2" in made.report


def test_grid_tables_and_multiline_tables(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Imported(
        tmp_path,
        {
            "_quarto.yml": "project: {type: book}\nbook: {title: T, chapters: [index.qmd]}\n",
            "index.qmd": """\
# A

+--------+-------------+
| Fruit  | Price       |
+:=======+============:+
| Pear   | 1 | 2       |
| tree   |             |
+--------+-------------+
| Plum   | - one       |
|        | - two       |
+--------+-------------+

: Prices {#tbl-p}

-------------------------------
 Tea      Where it comes
          from
-------- ----------------------
Assam    From the north-east
         of India.

Sencha   From Japan.
-------------------------------

See @tbl-p.

 Key     Cups  What it does
------  -----  ------------
`a|b`       2  Pours, and
               boils?
        3
A key   10     Stirs | it

: Keys

-----   -----
left    right
-----   -----

---

Not a table.

---
""",
        },
    )
    text = made.text("index.md")
    assert (
        "| Fruit | Price |\n|:--|--:|\n| Pear tree | 1 \\| 2 |\n| Plum | - one<br>- two |" in text
    )
    assert (
        "| Tea | Where it comes from |\n|---|---|\n| Assam | From the north-east of India. |"
        in text
    )
    assert (
        "| Key | Cups | What it does |\n|---|--:|---|\n| `a\\|b` | 2 | Pours, and |\n|  |  | boils? |\n|  | 3 |  |"
        "\n| A key | 10 | Stirs \\| it |\n"
    ) in text
    assert "|  |  |\n|---|---|\n| left | right |\n" in text
    assert "---\n\nNot a table.\n\n---" in text
    printed = made.printed(capsys)
    assert "Table 1 Prices" in printed
    assert "Sencha From Japan." in printed
    assert "See Table 1." in printed
