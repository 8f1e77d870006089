"""List the licence of every package that runs with handbook, as installed; fail for an unknown one.

`python .ci/licences.py > licences.md` in an environment that holds the locked versions.
"""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

LOCK = Path(__file__).parent.parent / "locks" / "versions.txt"
# Licences that allow shipping, by words of their names; each package must have one of them.
ALLOWED = re.compile(
    r"\b(MIT|BSD|0BSD|Apache|ISC|PSF|Python-2\.0|Python Software Foundation|MPL|Mozilla|HPND|"
    r"LGPL|Zlib|Unlicense|CC0)\b",
    re.IGNORECASE,
)


def licence(name: str) -> str:
    """Return what a package says of its licence: the expression, the classifiers or the field."""
    own = metadata.metadata(name)
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in own.get_all("Classifier") or ()
        if line.startswith("License ::")
    ]
    field = (own.get("License") or "").strip().partition("\n")[0]
    return own.get("License-Expression") or " / ".join(classifiers) or field


def main() -> int:
    """Print a table of packages, versions and licences; return 1 if one is not allowed."""
    unknown: list[str] = []
    print("| package | version | licence |\n|---|---|---|")
    for line in LOCK.read_text("utf-8").splitlines():
        name = line.partition("==")[0]
        try:
            version, words = metadata.version(name), licence(name)
        except metadata.PackageNotFoundError:
            continue  # of another Python or another system
        print(f"| {name} | {version} | {words} |")
        if not ALLOWED.search(words):
            unknown.append(f"{name}: {words or 'says nothing'}")
    for one in unknown:
        print(f"licence not allowed: {one}", file=sys.stderr)
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
