"""`python -m benchmarks [--docs] [--only TOOL]… [NAME]…`: what things cost; --help names them.

With --docs, each result replaces the text between its markers in docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import platform
import sys
from pathlib import Path

from . import batching, checking, doubling, filling, growth, previewing, tagging
from .peers import harness

ALL = {
    "peers": harness.report,
    "tagging": tagging.report,
    "filling": filling.report,
    "growth": growth.report,
    "batching": batching.report,
    "previewing": previewing.report,
    "checking": checking.report,
    "doubling": doubling.report,
}


DOCS = Path(__file__).parents[1] / "docs" / "benchmarks.md"


def main() -> None:
    """Run the named benchmarks, or all, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(ALL))
    parser.add_argument("--docs", action="store_true", help="put the results into the docs")
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="TOOL",
        help="of the peers this one (Typst is always there)",
    )
    options = parser.parse_args()
    if unknown := set(options.names) - set(ALL):
        parser.error(f"there is no {' or '.join(sorted(unknown))}; there is {', '.join(ALL)}")
    print(f"{platform.machine()}, Python {platform.python_version()}", file=sys.stderr)
    for name in options.names or ALL:
        lines = harness.report(options.only) if name == "peers" else ALL[name]()
        print("\n".join(lines))
        if options.docs:
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
