"""Every block at the end of a page: all of it is drawn, once, on the page, over nothing else.

HANDBOOK_EXAMPLES sets how many heights of the page are tried for each block.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from generator import DIALECTS, Writer, blocks, containers
from page_rules import Sheet, no_overlaps, read, text_on_page

from handbook.document.nodes import Document
from handbook.pack.loader import load_pack
from handbook.pipeline.phases import document_of, edition_of
from handbook.select.selection import select

# Lines between a block's begin and the page's end.
HEIGHTS = range(0, 12) if int(os.environ.get("HANDBOOK_EXAMPLES", "60")) > 100 else (1, 4)
# This many lines fill a page of this theme.
LINES = 43


def chapters(dialect: str, height: int) -> list[str]:
    """A chapter for each block, alone and in a container."""
    made: list[str] = []
    writer = Writer(dialect)
    holders = list(containers(dialect))
    for number, kind in enumerate(blocks(dialect)):
        holder = holders[(number + height) % len(holders)]
        filler = [f"{writer.word()}." for _ in range(LINES - height)]
        one = writer.block(kind)
        two = writer.within(holder, lambda k=kind: writer.block(k))  # type: ignore[misc]
        notes, writer.waiting = writer.waiting, []
        made.append("\n\n".join([*filler, one, two, *notes]) + "\n")
    return made


def built(dialect: str, height: int, folder: Path) -> tuple[Document, list[Sheet], list[str]]:
    made = chapters(dialect, height)
    names = [f"c{number}.md" for number in range(len(made))]
    config = f"title: T\ndialect: {dialect}\nlenient: true\ntemplates: false\nchapters:\n"
    (folder / "handbook.yaml").write_text(config + "".join(f"  - {name}\n" for name in names))
    for name, text in zip(names, made, strict=True):
        (folder / name).write_text(f"# Title of {name}\n\n{text}", "utf-8")
    pack = load_pack(folder)
    selection = select(pack, day=date(2026, 11, 30))
    document = document_of(pack, selection)
    return document, read(edition_of(document, selection).fill()), made


@pytest.mark.parametrize("height", HEIGHTS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_block_at_the_end_of_a_page(dialect: str, height: int, tmp_path: Path) -> None:
    document, sheets, made = built(dialect, height, tmp_path)
    drawn: Counter[str] = Counter()
    for sheet in sheets:
        # A narrow column splits a word before its last letter.
        text = re.sub(r"(w\d+) w\b", r"\1w", " ".join(run.text for run in sheet.body))
        drawn.update(re.findall(r"w\d+w", text))
    said = " ".join(one.message for one in document.warnings)
    # Formulas are outlines.
    plain = re.sub(r"\$\$.*?\$\$", "", "\n".join(made), flags=re.DOTALL)
    written = re.findall(r"w\d+w", plain)
    lost = [word for word in written if word not in drawn and word not in said]
    assert not lost, lost
    # The rows of a table's header are drawn again on its next page.
    heads = {
        word
        for text in made
        for line in text.split("\n")
        if "|" in line or "<t" in line
        for word in re.findall(r"w\d+w", line)
    }
    assert not [word for word, count in drawn.items() if count > 1 and word not in heads]
    assert not [found for sheet in sheets for found in (*text_on_page(sheet), *no_overlaps(sheet))]


def test_each_line_of_a_note_that_continues_is_drawn_once(tmp_path: Path) -> None:
    """However much white the pages draw out or take away around it."""
    writer = Writer("gfm")
    made: list[str] = []
    for lines in range(10, 60):
        filler = [
            f"{'#### ' if n % 5 == 3 else ''}{writer.word()}\n\n- {writer.word()}"
            for n in range(lines // 2)
        ]
        note = [
            f"    - {writer.word()}\n\n    > [!NOTE]\n    > {writer.word()}"
            for _ in range(4 + lines % 5)
        ]
        text = [*filler, f"{writer.word()}[^n]", "[^n]: Note\n\n" + "\n\n".join(note)]
        made.append("\n\n".join([*text, *(writer.word() for _ in range(30))]))
    names = [f"c{number}.md" for number in range(len(made))]
    config = "title: T\ndialect: gfm\nlenient: true\nchapters:\n"
    (tmp_path / "handbook.yaml").write_text(config + "".join(f"  - {name}\n" for name in names))
    for name, text_ in zip(names, made, strict=True):
        front = "---\nbreak-before: page\n---\n\n"
        (tmp_path / name).write_text(f"{front}# Title of {name}\n\n{text_}\n", "utf-8")
    pack = load_pack(tmp_path)
    selection = select(pack, day=date(2026, 11, 30))
    sheets = read(edition_of(document_of(pack, selection), selection).fill())
    drawn = Counter(
        word for s in sheets for run in s.body for word in re.findall(r"w\d+w", run.text)
    )
    written = re.findall(r"w\d+w", "\n".join(made))
    assert [word for word in written if drawn[word] != 1] == []
    assert not [found for sheet in sheets for found in (*text_on_page(sheet), *no_overlaps(sheet))]
