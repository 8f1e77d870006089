"""The time to read Markdown against its size, for shapes that make careless readers slow.

Each size is twice the one before.  The exponent is that of the last doubling with a time that can
be measured: 1 is time in proportion to the text, 2 that of comparing everything with everything.
"""

from __future__ import annotations

import math
import os
import signal
import tempfile
from pathlib import Path

from tests.shapes import DIALECTS, SHAPES, seconds

SIZES = (25_000, 50_000, 100_000, 200_000)
GIVE_UP = 60
# Below this a time says more of the machine than of the text.
MEASURABLE = 0.1


def exponent(times: list[float]) -> float:
    """Return the exponent over all sizes that took a time that can be measured."""
    slow = [at for at, each in enumerate(times) if each >= MEASURABLE]
    if not slow or slow[0] == len(times) - 1:
        return 1.0
    first = slow[0]
    steps = len(times) - 1 - first
    return math.log2(times[-1] / times[first]) / steps


def _late(number: int, frame: object) -> None:
    raise TimeoutError


def report() -> list[str]:
    """Return a table: the shape, its times, the exponent."""
    os.environ["HANDBOOK_NO_CACHE"] = "1"
    signal.signal(signal.SIGALRM, _late)
    rows: list[tuple[float, str]] = []
    only = os.environ.get("DOUBLING_ONLY", "")
    for dialect in DIALECTS:
        for name in SHAPES:
            if only and f"{dialect} {name}" not in only.split(","):
                continue
            times: list[float] = []
            with tempfile.TemporaryDirectory() as folder:
                for size in SIZES:
                    signal.alarm(GIVE_UP * 4)
                    try:
                        times.append(seconds(dialect, name, size, Path(folder)))
                    except TimeoutError:
                        times.append(math.inf)
                    signal.alarm(0)
                    if times[-1] > GIVE_UP / 4:
                        break
            found = exponent(times)
            words = " | ".join(f"{each:.2f}" for each in times)
            rows.append((found, f"| `{SHAPES[name]!r}` | {dialect} | {words} | {found:.2f} |"))
            print(rows[-1][1], flush=True)
    rows.sort(reverse=True)
    sizes = " | ".join(f"{size:,}" for size in SIZES)
    head = [f"| shape | dialect | {sizes} | exponent |", "|---|---|" + "---:|" * (len(SIZES) + 1)]
    return [*head, *(line for _, line in rows)]
