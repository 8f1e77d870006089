"""`handbook new --from`: Quarto, bookdown and Pandoc, with citations."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from imported import BIB, Imported

from handbook.pack.importers.citations import Bibliography


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
