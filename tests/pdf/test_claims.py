"""A file says PDF/UA-1 and PDF/A-2a only if it is: constructs in containers, judged by veraPDF."""

from __future__ import annotations

import textwrap
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from second_programs import needs_verapdf, validate

from handbook.core.diagnostics import HandbookError
from handbook.pack.loader import load_pack
from handbook.pdf.edition import Edition
from handbook.pipeline.phases import advice_of, document_of, edition_of, edition_warnings
from handbook.select.selection import select
from handbook.theme.print_options import PrintOptions

CONSTRUCTS = {
    "paragraph": "Words, *more* and `code`, H~2~O.",
    "bullets": "- one\n- two",
    "numbers": "3. one\n4. two",
    "tasks": "- [ ] one\n- [x] two",
    "table": "| a | b |\n|---|---|\n| 1 | 2 |",
    "header only": "| a | b |\n|---|---|",
    "no header": "| | |\n|---|---|\n| 1 | 2 |",
    "code": "```python\nx = 1\n```",
    "quote": "> quoted",
    "note": "Words with a note.[^n]",
    "link": "See [the page](https://example.org).",
    "picture": "![A map](a.png)",
    "captioned": '![A map](a.png "The map")',
    "decorative": "![](a.png){.decorative}",
    "picture in a line": "Words ![A map](a.png) words.",
    "no words": "![](a.png)",
    "definitions": "Term\n: meaning",
    "heading": "#### Deep down",
    "html table": "<table><tr><td>1</td></tr></table>",
}
CONTAINERS = {
    "chapter": "{}",
    "item": "- item\n\n{4}",
    "nested item": "- item\n\n    - inner\n\n{8}",
    "task": "- [ ] task\n\n{4}",
    "quote": "{> }",
    "box": "::: note\n{}\n:::",
    "definition": "Term\n:   meaning\n\n{4}",
    "footnote": "Mark.[^m]\n\n[^m]:\n{4}",
    "margin": "::: margin\n{}\n:::",
    "pull": "::: together\n{}\n:::",
}
IN_A_LINE = {
    "cell": "| a | b |\n|---|---|\n| {} | 2 |",
    "header cell": "| {} | b |\n|---|---|\n| 1 | 2 |",
    "term": "{}\n: meaning",
    "heading": "## Before {}",
    "caption": "Table: {}\n\n| a | b |\n|---|---|\n| 1 | 2 |",
}
LINES = ["paragraph", "note", "link", "picture in a line"]


def _placed(container: str, construct: str) -> str:
    for key in ("> ", "4", "8", ""):
        mark = "{" + key + "}"
        if mark in container:
            prefix = key if key == "> " else " " * int(key or 0)
            return container.replace(mark, textwrap.indent(construct, prefix, lambda _: True))
    raise AssertionError(container)


GRID = {
    **{(i, o): _placed(CONTAINERS[o], CONSTRUCTS[i]) for i in CONSTRUCTS for o in CONTAINERS},
    **{(i, o): IN_A_LINE[o].replace("{}", CONSTRUCTS[i]) for i in LINES for o in IN_A_LINE},
}


def _pack(folder: Path, text: str, dialect: str, lenient: bool = True) -> Path:
    folder.mkdir(parents=True)
    chosen = f"dialect: {dialect}\n" + ("lenient: true\n" if lenient else "")
    (folder / "handbook.yaml").write_text(f"title: Claims\n{chosen}chapters: [a.md]\n")
    note = "\n\n[^n]: The note.\n" if "[^n]" in text else "\n"
    (folder / "a.md").write_text(f"# A chapter\n\nWords.\n\n{text}{note}")
    Image.new("RGB", (30, 20), "navy").save(folder / "a.png")
    return folder


def _edition(folder: Path, standard: str = "ua1") -> Edition:
    pack = load_pack(folder)
    options = PrintOptions(standard=standard)
    selection = select(pack, day=date(2026, 11, 30), print_options=options)
    return edition_of(document_of(pack, selection), selection)


@pytest.mark.parametrize(
    ("dialect", "standard"), [("handbook", "ua1"), ("gfm", "ua1"), ("handbook", "ua2")]
)
def test_verapdf_passes_whatever_is_claimed(tmp_path: Path, dialect: str, standard: str) -> None:
    editions: dict[Path, tuple[tuple[str, str], Edition]] = {}
    for number, (pair, text) in enumerate(GRID.items()):
        try:
            edition = _edition(_pack(tmp_path / f"{number}", text, dialect), standard)
        except HandbookError:
            continue
        file = tmp_path / f"{number}.pdf"
        file.write_bytes(edition.fill())
        editions[file] = (pair, edition)
    assert len(editions) > 0.9 * len(GRID)
    archive = {"ua2": "4"}
    wanted = [
        (file, (standard, archive.get(edition.conformance, edition.conformance)))
        for file, (_, edition) in editions.items()
    ]
    needs_verapdf()
    results = list(validate(wanted))
    wrong = [
        (*editions[file][0], result.profile, [finding.message for finding in result.findings])
        for file, result in results
        if not result.passed and (result.profile != standard or not editions[file][1].barriers)
    ]
    assert not wrong
    # The tree is right wherever it can be: what is left cannot be known without the author.
    dropped = {pair[0] for pair, edition in editions.values() if edition.barriers}
    if standard == "ua2":
        dropped -= {"heading"}  # in a footnote
    assert dropped <= {"no words", "no header", "html table"}, [
        (pair, edition.barriers) for pair, edition in editions.values() if edition.barriers
    ]


def test_a_picture_without_words_drops_the_claim(tmp_path: Path) -> None:
    edition = _edition(_pack(tmp_path / "pack", "![](a.png)", "handbook"))
    assert edition.conformance == "2u"
    data = edition.fill()
    assert b"pdfuaid:part" not in data
    assert b"<pdfaid:conformance>U</pdfaid:conformance>" in data
    (warning,) = edition_warnings(edition)
    assert "PDF/A-2u, not PDF/A-2a and PDF/UA-1: a picture has no alternative text" in str(warning)


def test_a_strict_pack_refuses_it(tmp_path: Path) -> None:
    folder = _pack(tmp_path / "pack", "![](a.png)", "handbook", lenient=False)
    with pytest.raises(HandbookError, match=r"a\.md:5.*no alternative text"):
        _edition(folder)


@pytest.mark.parametrize(
    ("dialect", "text"),
    [("handbook", "![](a.png){.decorative}"), ("gfm", '<img src="a.png" alt="">')],
)
def test_a_decorative_picture_is_drawn_and_not_read(
    tmp_path: Path, dialect: str, text: str
) -> None:
    folder = _pack(tmp_path / "pack", text, dialect, lenient=False)
    edition = _edition(folder)
    assert (edition.conformance, edition.barriers) == ("2a", ())
    assert len(edition.pictures) == 1
    pack = load_pack(folder)
    document = document_of(pack, select(pack, day=date(2026, 11, 30)))
    assert not [found for found in advice_of(document) if found.code == "alt-text"]


@pytest.mark.parametrize(
    ("texts", "unmapped", "private"),
    [
        (["a", "ffi"], 0, 0),
        (["\ufeff"], 1, 0),
        ([""], 1, 0),
        (["\ue000", "x\ue001"], 0, 2),
    ],
)
def test_glyphs_that_mean_nothing(texts: list[str], unmapped: int, private: int) -> None:
    from handbook.pdf.catalog.claims import character_barriers, private_characters

    assert len(character_barriers(texts)) == unmapped
    assert len(private_characters(texts)) == private
