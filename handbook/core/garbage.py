"""Search for garbage as seldom as making books needs."""

from __future__ import annotations

import gc


def search_seldom() -> None:
    """Let this process search for garbage after 100,000 new values instead of 700.

    A book is many small values that all live until it is written: looking for garbage among them
    every 700 values found none, and took a tenth of a build.
    """
    gc.set_threshold(100_000, 20, 20)
