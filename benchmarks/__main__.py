"""`python -m benchmarks [--docs] [NAME…]`: what things cost; the names stand in ALL.

With --docs, each result replaces what stands between its markers in docs/benchmarks.md.
"""

from __future__ import annotations

import platform
import sys
from pathlib import Path

from . import batching, filling, previewing, tagging
from .peers import harness

ALL = {
    "peers": harness.report,
    "tagging": tagging.report,
    "filling": filling.report,
    "batching": batching.report,
    "previewing": previewing.report,
}


DOCS = Path(__file__).parents[1] / "docs" / "benchmarks.md"


def main() -> None:
    """Run what is named, else everything, and print a table."""
    print(f"{platform.machine()}, Python {platform.python_version()}", file=sys.stderr)
    for name in [name for name in sys.argv[1:] if name != "--docs"] or ALL:
        lines = ALL[name]()
        print("\n".join(lines))
        if "--docs" in sys.argv:
            _put(name, lines)


def _put(name: str, lines: list[str]) -> None:
    """Lines into the docs, between the markers of this name, if there are any."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    text = DOCS.read_text("utf-8")
    if begin in text:
        before, rest = text.split(begin)
        after = rest.split(end)[1]
        DOCS.write_text("\n".join([before + begin, *lines, end + after]), "utf-8")


main()
