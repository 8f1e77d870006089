#!/usr/bin/env python3
"""`python build.py --role sre` is `handbook build --role sre`."""

import sys

try:
    from handbook.cli import run
except ModuleNotFoundError as missing:
    sys.exit(
        f"build.py: the package {missing.name!r} is not installed.\n"
        "  hint: python3 -m venv .venv && .venv/bin/pip install -e . "
        "&& .venv/bin/python build.py --role sre"
    )

if __name__ == "__main__":
    run(["build", *sys.argv[1:]])
