"""Every dependency of pyproject.toml at its lower bound, as a constraints file for pip."""

from __future__ import annotations

import re
import sys
from pathlib import Path

try:
    import tomllib
except ImportError:
    import tomli as tomllib

PROJECT = tomllib.loads(Path(__file__).parents[1].joinpath("pyproject.toml").read_text("utf-8"))


def main() -> None:
    """Print the bounds of the dependencies, and of the extras that are named."""
    project = PROJECT["project"]
    wanted = list(project["dependencies"])
    for extra in sys.argv[1:]:
        wanted += project["optional-dependencies"][extra]
    for line in wanted:
        found = re.match(r"([\w.-]+)>=([\w.]+)\s*(;.*)?$", line)
        if not found:
            sys.exit(f"pyproject.toml: {line!r} has no lower bound, or more than one bound")
        print(f"{found[1]}=={found[2]}{found[3] or ''}")


main()
