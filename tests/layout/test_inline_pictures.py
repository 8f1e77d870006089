"""Small pictures are set in the line of the words around them."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import DAY
from onepage import sound
from packs import pack
from PIL import Image

import handbook


@pytest.mark.parametrize("dialect", ["gfm", "handbook"])
def test_a_small_picture_is_between_its_words(tmp_path: Path, dialect: str) -> None:
    files = {
        "handbook_dot_yaml": f"title: A book\nchapters: [one.md]\ndialect: {dialect}\n",
        "one_dot_md": "# One\n\nPress ![the green button](a.png) and ![a star](b.svg) now.\n",
        "b_dot_svg": '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16">'
        '<rect width="16" height="16"/></svg>',
    }
    folder = pack(tmp_path, **files)
    Image.new("RGB", (16, 16), "green").save(folder / "a.png")
    tree = sound(handbook.build(handbook.load(folder), day=DAY))
    (words,) = [node for node in tree.all("P") if "Press" in node.text]
    assert [figure.alt for figure in words.all("Figure")] == ["the green button", "a star"]
    assert " ".join(words.text.split()) == "Press and now."
