"""`python -m benchmarks [tagging] [filling] [batching]`: what tags, copies and batches cost."""

from __future__ import annotations

import platform
import sys

from . import batching, filling, tagging

ALL = {"tagging": tagging.report, "filling": filling.report, "batching": batching.report}


def main() -> None:
    """Run what is named, else everything, and print a table."""
    print(f"{platform.machine()}, Python {platform.python_version()}", file=sys.stderr)
    for name in sys.argv[1:] or ALL:
        for line in ALL[name]():
            print(line)


main()
