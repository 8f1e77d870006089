"""`python -m benchmarks [filling] [tagging]`: what copies and tags cost, in time and in bytes."""

from __future__ import annotations

import platform
import sys

from . import filling, tagging

ALL = {"tagging": tagging.report, "filling": filling.report}


def main() -> None:
    """Run what is named, else everything, and print a table."""
    print(f"{platform.machine()}, Python {platform.python_version()}", file=sys.stderr)
    for name in sys.argv[1:] or ALL:
        for line in ALL[name]():
            print(line)


main()
