"""Links land where they say; addresses can be read in print."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from conftest import Built, built
from readback import Reader, fold, squeeze
from structure_rules import own_text

from handbook.document.nodes import Link, Reference, inlines_of, walk, walk_inlines

EDITIONS = [("", "", ""), ("sre", "sre", "30"), ("data-engineer", "dataops", "14")]


def inlines(edition: Built) -> list[object]:
    return [
        inline
        for chapter in edition.document.chapters
        for block in walk(chapter.blocks)
        for run in inlines_of(block)
        for inline in walk_inlines(run)
    ]


@pytest.mark.parametrize(("role", "path", "plan"), EDITIONS)
def test_every_contents_entry_lands_on_the_page_it_names(role: str, path: str, plan: str) -> None:
    reader = Reader(built(role, path, plan).pdf)
    tree = reader.structure()
    labels = page_labels(reader)
    entries = tree.all("TOCI")
    assert len(entries) > 20
    for entry in entries:
        match = re.match(r"(?:\d+\s+)?(.+?)\s+(\w+)$", fold(own_text(entry)))
        assert match, entry.text
        title, number = match.groups()
        link = entry.all("Link")[0].annotations[0]
        page = reader.page_index[link.Dest[0].objgen]
        assert labels[page] == number
        shown = squeeze("".join(run.text for run in reader.runs[page]))
        assert squeeze(title.rstrip(" …")) in shown


@pytest.mark.parametrize(("role", "path", "plan"), EDITIONS)
def test_every_internal_link_lands_on_its_target(role: str, path: str, plan: str) -> None:
    edition = built(role, path, plan)
    reader = Reader(edition.pdf)
    seen = 0
    for _, annotation in reader.links():
        if "/Dest" in annotation:
            page = reader.page_index[annotation.Dest[0].objgen]
            y = float(annotation.Dest[3])
            below = [run for run in reader.runs[page] if y - 60 < run.y <= y]
            assert below, "a link must land above some text"
            seen += 1
    assert seen > 30


@pytest.mark.parametrize(("role", "path", "plan"), EDITIONS)
def test_page_references_name_the_page_they_lead_to(role: str, path: str, plan: str) -> None:
    edition = built(role, path, plan)
    reader = Reader(edition.pdf)
    labels = page_labels(reader)
    wanted = sum(isinstance(i, Reference) and i.form == "page" for i in inlines(edition))
    seen = 0
    for link in reader.structure().all("Link"):
        number = fold(link.text)
        target = link.annotations[0].get("/Dest")
        if target is not None and re.fullmatch(r"\d+|[ivxl]+", number):
            assert labels[reader.page_index[target[0].objgen]] == number
            seen += 1
    # The index brings many more.
    assert seen >= wanted > 10


@pytest.mark.parametrize(("role", "path", "plan"), EDITIONS)
def test_external_addresses_are_well_formed_and_printed(role: str, path: str, plan: str) -> None:
    edition = built(role, path, plan)
    reader = Reader(edition.pdf)
    text = squeeze(reader.structure().text)
    targets = {i.target for i in inlines(edition) if isinstance(i, Link) and i.target[0] != "#"}
    assert targets
    uris = {str(a.A.URI) for _, a in reader.links() if "/A" in a}
    assert uris == targets
    for target in targets:
        parts = urlsplit(target)
        assert parts.scheme == "https"
        assert "." in parts.netloc
        assert squeeze(target.removeprefix("https://").rstrip("/")) in text


def test_every_annotation_says_what_it_is(role: str = "sre") -> None:
    reader = Reader(built(role).pdf)
    for _, annotation in reader.links():
        assert str(annotation.Contents).strip()
        assert int(annotation.F) == 4


def page_labels(reader: Reader) -> list[str]:
    from handbook.layout.page_numbers import roman

    nums = list(reader.pdf.Root.PageLabels.Nums)
    ranges = list(zip(nums[::2], nums[1::2], strict=True))
    labels: list[str] = []
    for index in range(len(reader.pdf.pages)):
        start, label = [(int(s), d) for s, d in ranges if int(s) <= index][-1]
        number = index - start + int(label.get("/St", 1))
        labels.append(roman(number) if label.S == "/r" else str(number))
    return labels
