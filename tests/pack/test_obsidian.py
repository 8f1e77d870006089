"""`handbook new --from`: vaults of Obsidian."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from imported import Imported


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
