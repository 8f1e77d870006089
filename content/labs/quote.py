"""Puts the files of the labs into the chapters: `python content/labs/quote.py`, after a file was changed.

A listing that stands below `{## file: labs/… ##}` is that file. tests/test_content_labs.py checks that it is.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

CONTENT = Path(__file__).parent.parent
LANGS = {".py": "python", ".sh": "bash", ".yml": "yaml", ".bicep": "bicep", ".json": "json", ".kql": "kql", ".wiql": "wiql"}  # fmt: skip
MARK = re.compile(
    r"(?P<mark>^\{## file: (?P<file>\S+) ##\}\n)(?:(?:`[^`\n]+`\n\n)?(?:\{% raw %\}\n)?```.*?^```\n(?:\{% endraw %\}\n)?)?",
    re.M | re.S,
)


def quoted(file: str) -> str:
    """A file as a listing, within `raw` where it has braces of its own."""
    path = CONTENT / file
    code = path.read_text(encoding="utf-8").rstrip("\n")
    title = "/".join(Path(file).parts[2:])
    listing = f'```{LANGS.get(path.suffix, "text")} title="{title}"\n{code}\n```\n'
    if re.search(r"\{[{%]", code):
        listing = f"{{% raw %}}\n{listing}{{% endraw %}}\n"
    return listing


def filled(text: str) -> str:
    return MARK.sub(lambda found: found["mark"] + quoted(found["file"]), text)


def main() -> int:
    for chapter in sorted((CONTENT / "chapters").glob("27*.md")):
        text = chapter.read_text(encoding="utf-8")
        if filled(text) != text:
            chapter.write_text(filled(text), encoding="utf-8")
            print(chapter.name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
