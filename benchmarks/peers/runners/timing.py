"""What every runner does: makes the book once, or this many times and says how long each took."""

import time
from collections.abc import Callable


def run(make: Callable[[str, str, str], None], arguments: list[str]) -> None:
    """Make the book; with a number of times, print the seconds of each."""
    source, target, fonts, *times = arguments
    for _ in range(int(times[0]) if times else 1):
        start = time.perf_counter()
        make(source, target, fonts)
        if times:
            print(time.perf_counter() - start)
