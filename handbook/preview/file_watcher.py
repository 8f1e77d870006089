"""Call a function within a tenth of a second after a file is saved."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from ..core.diagnostics import error

# Milliseconds without another change, after which a save is taken to be complete.
STEP = 20


def watch_folders(
    places: Iterable[Path], on_change: Callable[[], None], stop: threading.Event
) -> Callable[[], None]:
    """Return a thread function that calls `on_change` after each save below `places`, until `stop`.

    Raises:
        HandbookError: If watchfiles is not installed.
    """
    try:
        from watchfiles import DefaultFilter, watch
    except ImportError:
        raise error(
            "the preview needs watchfiles, which is not installed",
            hint="pip install 'handbook[preview]'",
            code="preview",
        ) from None

    class Sources(DefaultFilter):
        ignore_entity_patterns = (*DefaultFilter.ignore_entity_patterns, r"\.pdf$", r"^\.")

    existing = [place for place in places if place.exists()]

    def run() -> None:
        changes = watch(
            *existing,
            watch_filter=Sources(),
            step=STEP,
            debounce=400,
            stop_event=stop,
            rust_timeout=500,
            raise_interrupt=False,
        )
        for _ in changes:
            on_change()

    return run
