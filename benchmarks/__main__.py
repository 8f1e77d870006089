"""`python -m benchmarks`: what tagging costs, in time and in bytes."""

from __future__ import annotations

import platform
import sys

from . import tagging


def main() -> None:
    """Run everything and print a table."""
    print(f"{platform.machine()}, Python {platform.python_version()}", file=sys.stderr)
    for line in tagging.report():
        print(line)


main()
