"""What was written is in the text along the structure tree, once and in order, in both dialects."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from generator import DIALECTS, TEXTS, Writer, blocks, containers, inlines, numbers
from pdfread import Node, structure

from handbook.pack.loader import load_pack
from handbook.pipeline.phases import document_of, edition_of
from handbook.select.selection import select
from handbook.verify.inspect import inspect


def pieces(dialect: str) -> list[str]:
    """A piece of text for each block in each container, with inlines and texts in turn."""
    writer = Writer(dialect)
    lines, texts = sorted(inlines(dialect)), sorted(TEXTS)
    made: list[str] = []
    for container in containers(dialect):
        for block in blocks(dialect):
            number = len(made)
            inline, text = lines[number % len(lines)], texts[number % len(texts)]
            made.append(
                writer.within(
                    container,
                    lambda b=block, i=inline, t=text: writer.block(b, i, t),  # type: ignore[misc]
                )
            )
            made += writer.waiting
            writer.waiting.clear()
    return made


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_structure_tree_has_every_word(dialect: str, tmp_path: Path) -> None:
    made = pieces(dialect)
    (tmp_path / "a.md").write_text("# Title\n\n" + "\n\n".join(made) + "\n", encoding="utf-8")
    _in_the_tree(tmp_path, dialect, ["a.md"], "\n".join(made))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_cover_has_every_word(dialect: str, tmp_path: Path) -> None:
    """Each kind of block on a cover of its own, with every inline but footnotes, which have no room.

    That a footnote on a cover is an error is tested with the covers.
    """
    writer = Writer(dialect)
    lines, texts = sorted({*inlines(dialect)} - {"note"}), sorted(TEXTS)
    files: list[str] = []
    made: list[str] = []
    for number, block in enumerate(blocks(dialect)):
        piece = writer.block(block, lines[number % len(lines)], texts[number % len(texts)])
        files.append(f"cover{number}.md")
        made.append(writer.document(piece))
        writer.waiting.clear()
        front = f"---\ntitle: Cover {number}\nmatter: front\nlayout: cover\nlisted: false\n---\n\n"
        (tmp_path / files[-1]).write_text(front + made[-1], encoding="utf-8")
    (tmp_path / "last.md").write_text(f"# Last\n\n{writer.word()}\n")
    _in_the_tree(tmp_path, dialect, [*files, "last.md"], "\n".join(made))


def _in_the_tree(folder: Path, dialect: str, files: list[str], made: str) -> None:
    (folder / "handbook.yaml").write_text(
        f"title: T\ndialect: {dialect}\nlenient: true\ntemplates: false\n"
        f"chapters: [{', '.join(files)}]\n"
    )
    pack = load_pack(folder)
    selection = select(pack, day=date(2026, 11, 30))
    document = document_of(pack, selection, coverage=True)
    said = " ".join(one.message for one in document.warnings)
    edition = edition_of(document, selection)
    pdf = folder / "a.pdf"
    pdf.write_bytes(edition.fill())
    if b"pdfuaid:part" in pdf.read_bytes():
        found = inspect(pdf).findings
        assert not [one for one in found if one.severity == "error"], found
    words = _words(structure(pdf))
    written = re.findall(r"w(\d+)w", made)
    lost = [n for n in dict.fromkeys(written) if n not in words and f"w{n}w" not in said]
    assert not lost, f"{len(lost)} of {len(set(written))} are lost: {lost[:40]}"
    doubled = [n for n in set(words) if words.count(n) > 1]
    assert not doubled
    for chapter in document.chapters:
        body = list(map(str, numbers(document, chapter)[0]))
        assert [n for n in words if n in set(body)] == body


def _words(root: Node) -> list[str]:
    spoken: list[str] = []

    def speak(node: Node) -> None:
        if node.actual is not None or node.alt is not None:
            spoken.append(str(node.actual if node.actual is not None else node.alt))
            return
        for kid in node.kids:
            if isinstance(kid, str):
                spoken.append(kid)
            else:
                speak(kid)

    speak(root)
    # Words are split where a line ends, and formulas read each letter apart.
    plain = re.sub(r"[\s\u00ad\u200b\u2060-]", "", "".join(spoken))
    return re.findall(r"w(\d+)w", plain)
