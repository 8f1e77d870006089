"""Measure a copy: filling an edition against laying the book out again for each learner."""

from __future__ import annotations

import statistics
import time
from datetime import date

import handbook
from handbook.layout.book import lay_out
from handbook.pdf.edition_writer import make_edition
from handbook.pipeline.phases import document_of, edition_of
from handbook.select.selection import select
from handbook.theme.loader import load_theme

DAY = date(2026, 11, 24)
REPEATS = 8
COPIES = 400
NAMES = ("Asha Rao", "Zoë Łukasiewicz", "Юлия Цветкова", "Nguyễn Thị Hồng")
SCRIPTS = ("अक्षय त्रिपाठी", "محمد الأحمد", "ณัฐพล ศรีสุวรรณ", "তৃষ্ণা রায়")


def report() -> list[str]:
    """The lines of the table."""
    pack = handbook.load()
    selection = select(pack, role="sre", plan="30", day=DAY, provided_fields=["learner", "cohort"])
    document = document_of(pack, selection)
    edition = edition_of(document, selection)
    theme = load_theme()

    def again(name: str) -> bytes:
        book = lay_out(document, theme)
        return make_edition(book, document.meta, document.fields).fill({"learner": name})

    def fill(name: str) -> bytes:
        # A number in the name, so that no shaped line is remembered from the last copy.
        count[0] += 1
        return edition.fill({"learner": f"{name} {count[0]}", "cohort": f"Group {count[0]}"})

    count = [0]
    slow = [_timed(again, NAMES[n % len(NAMES)]) for n in range(REPEATS)]
    quick = [_timed(fill, NAMES[n % len(NAMES)]) for n in range(COPIES)][10:]
    other = [_timed(fill, SCRIPTS[n % len(SCRIPTS)]) for n in range(COPIES)][10:]
    once = statistics.median(slow)
    return [
        f"laying out and writing again, a copy: {once * 1000:.0f} ms (median of {REPEATS})",
        f"filling, Latin and Cyrillic names:   {_line(quick, once)}",
        f"filling, names in other scripts:     {_line(other, once)}",
        f"size of what a copy adds: {len(fill(NAMES[0])) - len(edition.body):,} of "
        f"{len(edition.body):,} bytes",
    ]


def _timed(job, name: str) -> float:  # type: ignore[no-untyped-def]
    start = time.perf_counter()
    job(name)
    return time.perf_counter() - start


def _line(times: list[float], once: float) -> str:
    middle = statistics.median(times)
    low, high = statistics.quantiles(times, n=20)[0], statistics.quantiles(times, n=20)[-1]
    return (
        f"{middle * 1000:.2f} ms ({low * 1000:.2f} to {high * 1000:.2f}, 5th to 95th percentile), "
        f"1/{once / middle:.0f} of laying out again"
    )
