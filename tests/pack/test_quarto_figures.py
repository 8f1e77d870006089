"""`handbook new --from`: the figures of code cells of Quarto and R Markdown, which are not run."""

from __future__ import annotations

from pathlib import Path

from imported import Imported

from tests.pack.test_importer import PNG

BOOK = "project: {type: book}\nbook: {title: T, chapters: [index.qmd]}\n"


def imported(tmp_path: Path, text: str, pictures: tuple[str, ...] = (), **more: str) -> Imported:
    for name in pictures:
        (tmp_path / "source" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "source" / name).write_bytes(PNG)
    return Imported(tmp_path, {"_quarto.yml": BOOK, "index.qmd": text, **more})


def test_a_picture_that_a_cell_shows_is_printed(tmp_path: Path) -> None:
    made = imported(
        tmp_path,
        "# A\n\nSee @fig-leaf.\n\n```{r}\n#| label: fig-leaf\n#| echo: false\n#| out.width: '50%'\n"
        "#| fig.cap: |\n#|   A leaf\n#|   of tea.\n#| fig-alt: Green.\n"
        'knitr::include_graphics("img/leaf.png", dpi = 270)\n```\n',
        ("img/leaf.png",),
    )
    text = made.text("index.md")
    assert '<figure id="fig-leaf">\n\n![Green.](img/leaf.png){width=50%}' in text
    assert "<figcaption>\n\nA leaf of tea.\n" in text
    assert "[Figure 1](#fig-leaf)" in text
    assert "knitr" not in text


def test_a_picture_by_its_stem_and_several_in_a_call(tmp_path: Path) -> None:
    made = imported(
        tmp_path,
        '# A\n\n```{r, echo=FALSE}\nshow_graphics("leaf")\n```\n\n'
        '```{python}\nImage(filename="img/cup.png")\n```\n\n'
        "```{r}\ninclude_graphics(c(\"img/cup.png\", 'img/leaf.png'))\n```\n",
        ("img/leaf.png", "img/cup.png"),
    )
    text = made.text("index.md")
    assert text.count("](img/leaf.png)") == 2
    assert text.count("](img/cup.png)") == 2


def test_what_only_code_draws_has_its_caption_and_its_description(tmp_path: Path) -> None:
    made = imported(
        tmp_path,
        "# A\n\n@fig-steam rises, @tbl-cups lists.\n\n- item\n\n  ```{r fig-steam, fig.cap='Steam, by minute.', "
        'fig.alt="From x_1 up."}\n  plot(1)\n  ```\n\n```{r}\n#| label: tbl-cups\n#| tbl-cap: Cups.\ntable(1)\n```\n\n'
        "```{r}\n#| fig-alt: A dot.\nplot(2)\n```\n\n```{r}\n#| eval: false\n#| fig-alt: unseen\nplot(3)\n```\n",
    )
    text = made.text("index.md")
    assert "[Figure steam](#fig-steam) rises, [Table cups](#tbl-cups) lists." in text
    assert (
        '\n  <a id="fig-steam"></a>**Figure steam.** Steam, by minute. *From x\\_1 up.*\n' in text
    )
    assert '\n<a id="tbl-cups"></a>**Table cups.** Cups.\n' in text
    assert "**Figure.** *A dot.*" in text
    assert "unseen" not in text
    assert "Figures that code draws, of which the captions are printed: 3" in made.report


def test_code_in_the_text_and_settings_that_hide_code(tmp_path: Path) -> None:
    made = imported(
        tmp_path,
        "---\nexecute: {echo: false}\n---\n\n# A\n\nThere are `r nrow(cups)` cups`r n = 3`.\n\n"
        "```{r}\nunseen()\n```\n\n```{r}\n#| echo: true\nseen()\n```\n",
    )
    text = made.text("index.md")
    assert "There are `nrow(cups)` cups.\n" in text
    assert "unseen" not in text
    assert "seen()" in text
    assert "Code in the text, whose results are not computed: 2" in made.report


def test_a_cell_ends_at_its_own_margin(tmp_path: Path) -> None:
    made = imported(
        tmp_path, '# A\n\n```{r}\nx <- "\n  ```\n  "\n```\n\nHere `^[a]` is code.^[A note.]\n'
    )
    text = made.text("index.md")
    assert 'x <- "\n  ```\n  "\n```' in text
    assert "Here `^[a]` is code.[^inline-1]" in text


def test_cells_of_a_grid_table_that_go_over_columns(tmp_path: Path) -> None:
    made = imported(
        tmp_path,
        "# A\n\n+-----+-------------+\n| t   | Green       |\n+-----+------+------+\n| x   | $h$  | cold |\n"
        "+=====+======+======+\n| 1   | 80   | 12   |\n+-----+------+------+\n",
    )
    assert "| t x | Green $h$ | cold |\n|---|---|---|\n| 1 | 80 | 12 |" in made.text("index.md")


def test_commands_of_tex_are_left_out_and_reported(tmp_path: Path) -> None:
    made = imported(
        tmp_path,
        "# A\n\nFacets \\index{Facet!of \\texttt{x}} are \\index{Plot}plots \\index{Plot}. $\\frac{1}{2}$ "
        "`\\index{code}` C:\\Users\n",
    )
    text = made.text("index.md")
    assert r"Facets are plots. $\frac{1}{2}$ `\index{code}` C:\Users" in text
    assert "commands of TeX, left out (\\index): 3 (index.md)" in made.report
