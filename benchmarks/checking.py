"""Checking every selection, against reading each selection's whole document."""

from __future__ import annotations

import statistics
import time
from datetime import date

import handbook
from handbook.check.checker import check_pack
from handbook.check.selections import every_selection
from handbook.pipeline.phases import advice_of, document_of

DAY = date(2026, 11, 23)
ROUNDS = 3
SAMPLE = 12


def report() -> list[str]:
    """Processor time of both, in pairs; of the slow way a sample of selections is taken."""
    pack = handbook.load()
    selections = list(every_selection(pack, DAY))
    step = len(selections) // SAMPLE
    seconds: list[float] = []
    ratios: list[float] = []
    for _ in range(ROUNDS):
        start = time.process_time()
        check_pack(pack, day=DAY)
        shared = time.process_time() - start
        start = time.process_time()
        for selection in selections[::step]:
            advice_of(document_of(pack, selection))
        alone = (time.process_time() - start) / len(selections[::step]) * len(selections)
        seconds.append(shared)
        ratios.append(alone / shared)
    return [
        f"| checking {len(selections)} selections, each text read once | "
        f"{statistics.median(seconds):.1f} s of processor time, "
        f"1/{statistics.median(ratios):.0f} of reading each selection's document |"
    ]
