"""The shipped themes: every paper, readable sizes, contrast and measure, and what they promise."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import pytest
from conftest import DAY, shipped
from packs import run

from handbook.core.diagnostics import HandbookError
from handbook.core.units import PAPERS
from handbook.document.nodes import Document, Paragraph, plain_text
from handbook.layout.book import lay_out
from handbook.layout.chapter import COLUMN_GAP
from handbook.layout.faces import load_faces
from handbook.layout.page import LaidOutBook
from handbook.pipeline.phases import document_of
from handbook.select.selection import select
from handbook.theme.contrast import contrast, contrast_advice, text_pairs
from handbook.theme.loader import load_theme, shipped_themes
from handbook.theme.theme import FONTS

ROLE = "sre"
OTHERS = [name for name in shipped_themes() if name != "default"]
# The least size of text (points), the contrast of running text, and the letters of a line.
LEAST = 8.5
AAA = 7.0
LETTERS = (45, 85)
# What the compact theme saves of the default's pages, at least.
SAVED = 0.15
# What one family's folder may weigh (bytes).
FAMILY = 900_000


@lru_cache(maxsize=1)
def document() -> Document:
    return document_of(shipped(), select(shipped(), role=ROLE, plan="30", day=DAY))


@lru_cache(maxsize=8)
def book(theme: str, paper: str = "a4") -> LaidOutBook:
    return lay_out(document(), load_theme(theme), paper)


def running_text() -> str:
    """The paragraphs of all chapters."""
    blocks = [block for chapter in document().chapters for block in chapter.blocks]
    return " ".join(plain_text(b.content) for b in blocks if isinstance(b, Paragraph))


def test_there_are_three() -> None:
    assert shipped_themes() == ["almanac", "default", "field-guide"]


@pytest.mark.parametrize("paper", ["a4", "a5", "letter", "phone"])
@pytest.mark.parametrize("theme", shipped_themes())
def test_builds_on_every_paper_without_a_word(
    theme: str, paper: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "book.pdf"
    command = ["build", "--role", ROLE, "--plan", "30", "--theme", theme, "--paper", paper]
    code, _, err = run(capsys, *command, "--strict", "-q", "-o", str(target))
    assert (code, err) == (0, "")
    assert target.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("theme", shipped_themes())
def test_no_text_is_too_small(theme: str) -> None:
    tokens = load_theme(theme)
    styles = {key.split(".")[1] for key in tokens.keys() if key.startswith("text.")}  # noqa: SIM118
    small = {name: tokens.style(name).size for name in styles if tokens.style(name).size < LEAST}
    assert small == {}
    crowded = [name for name in styles if tokens.style(name).leading < tokens.style(name).size]
    assert crowded == []


@pytest.mark.parametrize("theme", shipped_themes())
def test_contrast(theme: str) -> None:
    tokens = load_theme(theme)
    assert contrast_advice(tokens) == []
    body = next(pair for pair in text_pairs(tokens) if pair[0] == "text.body.color")
    assert contrast(body[1], body[2]) >= AAA


@pytest.mark.parametrize("theme", OTHERS)
def test_links_can_be_read_in_boxes_and_marked_rows(theme: str) -> None:
    """Links are there, too, not only on paper."""
    tokens = load_theme(theme)
    link = tokens.color("inline.link.color")
    kinds = {k.split(".")[1] for k in tokens.keys() if re.fullmatch(r"box\.[a-z]+\.wash", k)}  # noqa: SIM118
    grounds = [tokens.box(kind).wash for kind in kinds]
    grounds += [tokens.color(key) for key in ("table.chosen", "table.retired")]
    assert min(contrast(link, ground) for ground in grounds) >= 4.5


@pytest.mark.parametrize("theme", shipped_themes())
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_lines_are_neither_short_nor_long(theme: str, paper: str) -> None:
    tokens = load_theme(theme)
    margins = tokens.page(paper, "left") + tokens.page(paper, "right")
    style = tokens.style("body")
    face, words = load_faces(tokens)[style.face], running_text()
    known = [face.width(char) for char in words if face.has(char)]
    letter = sum(known) / len(known) / 1000 * style.size
    columns = tokens.number("chapter.columns")
    gaps = (columns - 1) * COLUMN_GAP * style.size
    width = (PAPERS[paper][0] - margins - gaps) / columns
    assert LETTERS[0] <= width / letter <= LETTERS[1]


@pytest.mark.parametrize("theme", shipped_themes())
def test_grid_is_half_a_line(theme: str) -> None:
    tokens = load_theme(theme)
    assert tokens.number("grid") == pytest.approx(tokens.style("body").leading / 2)


@pytest.mark.parametrize("theme", OTHERS)
def test_extends_the_default_and_invents_no_style(theme: str) -> None:
    """A style, a box or a token of the page that the default has not got would do nothing."""
    base, tokens = load_theme(), load_theme(theme)
    assert re.search(r"^extends: default$", Path(tokens.file).read_text("utf-8"), re.M)
    parts = ("inline.", "list.", "table.", "box.", "code.")
    known = {key for key in base.keys() if key.startswith(parts)}  # noqa: SIM118
    assert {key for key in tokens.keys() if key.startswith(parts)} == known  # noqa: SIM118
    names = {key.split(".")[1] for key in tokens.keys() if key.startswith("text.")}  # noqa: SIM118
    assert names == {k.split(".")[1] for k in base.keys() if k.startswith("text.")}  # noqa: SIM118


def test_the_field_guide_is_thinner() -> None:
    assert len(book("field-guide").pages) <= (1 - SAVED) * len(book("default").pages)


@pytest.mark.parametrize("theme", OTHERS)
def test_a_theme_changes_no_word(theme: str) -> None:
    """Whatever the pages look like, the same places are in the book."""
    assert book(theme).destinations.keys() == book("default").destinations.keys()


def test_families_are_small_and_come_with_their_licence() -> None:
    used = {path for name in shipped_themes() for path in load_theme(name).faces().values()}
    for folder in sorted(path for path in FONTS.iterdir() if path.is_dir()):
        fonts = set(folder.glob("*.ttf"))
        assert fonts
        # Noto is for names, in whatever theme.
        assert folder.name == "noto" or fonts <= used, "a font that no theme uses"
        assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text("utf-8")
        assert (folder / "README.md").is_file()
        if folder.name not in ("ibm-plex", "noto"):
            assert sum(path.stat().st_size for path in fonts) <= FAMILY


@pytest.mark.parametrize("name", ["almanac", "field-guide"])
def test_mistakes_in_a_theme_that_extends_a_shipped_one(name: str, tmp_path: Path) -> None:
    """The message names the file, the token, and the one that was probably meant."""
    path = tmp_path / "own.yaml"
    path.write_text(f"extends: {name}\ntext:\n  body: {{color: $colors.inkk}}\n", "utf-8")
    with pytest.raises(HandbookError) as caught:
        load_theme(str(path)).style("body")
    message = str(caught.value)
    assert str(path) in message
    assert "colors.inkk" in message
    assert "'colors.ink'" in message
