"""The page on which an area of a book begins: its band, and the list of what is in it."""

from __future__ import annotations

from pathlib import Path

import pymupdf
from conftest import DAY
from onepage import built, sound
from packs import pack
from pdfread import structure

import handbook

FIGURE = """```chart
mark: git
alt: Where this area is in the book
size: size
highlight: Build
data:
  - {branch: main, size: 1}
  - {branch: Build, from: main, size: 30}
  - {branch: main, from: Build, size: 4}
```
"""
COUNTS = "**12** units, **3** labs\n{.counts}"


def test_figure_lead_and_counts_are_on_the_band() -> None:
    body = f"{FIGURE}\nA lead.\n{{.lead}}\n\n{COUNTS}\n\n## Text\n\nWords below."
    pdf = built(body, front="rank: area\n")
    tree = sound(pdf)
    order = [node.tag for node in tree.all("H1", "H2", "P", "Figure")]
    assert order == ["H1", "P", "P", "Figure", "H2", "P"]
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        page = document[0]
        band = max(page.get_drawings(), key=lambda shape: shape["rect"].width)["rect"]
        on_band = page.get_text(clip=band)
        assert "12 units, 3 labs" in on_band
        assert "Words below" not in on_band
        discs = [d["rect"] for d in page.get_drawings() if d["lineCap"] == (1, 1, 1)]
        assert discs
        assert all(disc in band for disc in discs)


def _area(folder: Path, inner: tuple[str, ...]) -> bytes:
    """A book with an area that has one heading of its own, and chapters in it."""
    below = ", ".join(f"{name}.md" for name in inner)
    files = {
        "handbook_dot_yaml": "title: A book\nchapters:\n"
        f"  - Area: {{file: area.md, chapters: [{below}]}}\n  - after.md\n",
        "area_dot_md": "---\ntitle: Area\nrank: area\n---\n\n## Own\n\nWords.\n",
        "after_dot_md": "# After\n\n## Later\n\nWords.\n",
        **{f"{name}_dot_md": f"# The {name}\n\n## Part of {name}\n\nWords.\n" for name in inner},
    }
    return handbook.build(handbook.load(pack(folder, **files)), day=DAY)


def _listed(pdf: bytes) -> list[str]:
    return [
        " ".join(node.text.split()).rstrip(". 0123456789") for node in structure(pdf).all("TOCI")
    ]


def test_an_area_lists_the_chapters_in_it_with_their_pages(tmp_path: Path) -> None:
    listed = " | ".join(_listed(_area(tmp_path, ("packages", "tests"))))
    for words in ("Own", "The packages", "Part of packages", "The tests", "Part of tests"):
        assert words in listed
    assert "After" not in listed
    assert "Later" not in listed


def test_what_is_seen_at_a_glance_is_not_listed(tmp_path: Path) -> None:
    assert _listed(_area(tmp_path, ())) == []
