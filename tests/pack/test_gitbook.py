"""`handbook new --from`: GitBook and Honkit."""

from __future__ import annotations

from pathlib import Path

import pytest
from imported import Imported


def test_a_gitbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = Imported(
        tmp_path,
        {
            "book.json": '{"title": "Barista", "root": "./t", "structure": {"summary": "TOC.md", "readme": "s.md"}, "variables": {"v": "7"}, "language": "fr"}',
            "t/TOC.md": "# Summary\n\n* [Zebra](z.md)\n  * [Apple](a.md)\n",
            "t/a.md": "# Apple\n",
            "t/z.md": "# Zebra\n",
            "t/s.md": '# Start\n\nVersion {{ book.v }}.\n\n{% hint style="danger" %}\nGrind.\n{% endhint %}\n\n{% tabs %}\n{% tab title="Fine" %}\nEspresso.\n{% endtab %}\n{% endtabs %}\n\n'
            '{% embed url="https://example.org/v" %}\n\n[import, shot.js](shot.js)\n\n{% raw %}{{ kept }}{% endraw %}\n\n{% include "inc.txt" %}\n',
            "t/shot.js": "let shot = 1\n",
            "t/inc.txt": "Included.\n",
            "README.md": "# Repository\n",
        },
    )
    assert made.listed == [(0, "Start"), (0, "Zebra"), (1, "Apple")]
    assert (made.pack.title, made.pack.language) == ("Barista", "fr")
    text = made.printed(capsys)
    for words in (
        "Version 7.",
        "Grind.",
        "Fine Espresso.",
        "let shot = 1",
        "{{ kept }}",
        "Included.",
    ):
        assert words in text, words
    assert "{%" not in text


def test_mentions_of_gitbook_are_titles(tmp_path: Path) -> None:
    made = Imported(
        tmp_path,
        {
            "SUMMARY.md": "# Summary\n\n* [Start](README.md)\n* [Hooks of it](sub/hooks.md)\n",
            "README.md": '# Start\n\nSee [hooks.md](sub/hooks.md "mention"), [#two](sub/hooks.md#two-words "mention"), '
            '[.](./ "mention"), [gone](gone.md "mention") and `[a](b "mention")`.\n',
            "sub/hooks.md": "# Hooks\n\n## Two words\n\nx\n",
        },
    )
    text = made.text("README.md")
    assert "See [Hooks of it](sub/hooks.md), [Two words](sub/hooks.md#two-words), [Start](" in text
    assert '`[a](b "mention")`' in text
    assert "[gone](gone.md" in text
