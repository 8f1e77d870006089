"""How time and memory grow: with pages, with the rows of one table, with editions of a release.

Each point is a process of its own.  What a process costs before it has done anything (a book of
one line) is taken off; the rest is fitted with a power of the size: 1 is linear.
"""

from __future__ import annotations

import math
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "growth.svg"
PAGES = (10, 50, 200, 800, 2000)
ROWS = (1, 20, 200, 700, 2000)
EDITIONS = (1, 12, 48, 168)

CHILD = """
import resource, sys, time
from datetime import date
from pathlib import Path
from handbook.core.garbage import search_seldom
from handbook.pack.loader import load_pack
from handbook.pipeline.edition_series import EditionSeries, by_likeness
from handbook.pipeline.phases import document_of, edition_of
from handbook.pipeline.release import EditionRequest, selections_of
search_seldom()
pack, count = load_pack(Path(sys.argv[1])), int(sys.argv[2])
order = EditionRequest(pack.folder, date(2026, 11, 24), every=True)
chosen = [one for _, one in by_likeness(enumerate(selections_of(pack, order)))][:count]
series = EditionSeries()
began, pages = time.process_time(), 0
for selection in chosen:
    if count == 1:
        # A book alone keeps nothing for another.
        made = edition_of(document_of(pack, selection), selection)
    else:
        made = series.edition_for(pack, selection, "default")
    pages = len(made.page_digests)
used = time.process_time() - began
print(used, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, pages)
"""
TEXT = (
    "Pipelines carry work from a commit to a running service; [the chapter](#c0) says how. "
    "What is *built once* is deployed everywhere, and `what` was tested is what runs. "
)
Point = tuple[int, float, float]


def report() -> list[str]:
    """The table and the picture, as lines of Markdown."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start = _measure(_book(folder / "one", ["A line.\n"]))
        series = {
            "pages": [_pages(folder, count) for count in PAGES],
            "rows of one table": [_rows(folder, count) for count in ROWS],
            "editions": [(n, *_measure(ROOT / "content", n)[:2]) for n in EDITIONS],
        }
    lines = ["| what | size: seconds of processor, MiB | time grows with | memory grows with |",
             "|---|---|---|---|"]  # fmt: skip
    for what, points in series.items():
        said = "; ".join(f"{n:,}: {time:.2f} s, {memory:.0f}" for n, time, memory in points)
        times = _exponent([(n, time - start[0]) for n, time, _ in points])
        memory = _exponent([(n, memory - start[1]) for n, _, memory in points])
        lines.append(f"| {what} | {said} | size^{times:.2f} | size^{memory:.2f} |")
    PICTURE.write_text(_drawn(series), "utf-8")
    return [*lines, "", "![Time against size, both as powers of ten](growth.svg)"]


def _measure(folder: Path, editions: int = 1) -> tuple[float, float, int]:
    """Seconds of processor, MiB at most, pages of the last edition."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder), str(editions)],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    seconds, memory, pages = done.stdout.split()
    return float(seconds), float(memory), int(pages)


def _pages(folder: Path, count: int) -> Point:
    """A book of about `count` pages, in chapters of some two dozen."""
    chapters = [
        "".join(f"## Section {s} of {c}\n\n" + f"{TEXT * 3}\n\n" * 6 for s in range(24))
        for c in range(max(1, round(count / 22)))
    ]
    seconds, memory, pages = _measure(_book(folder / f"pages{count}", chapters))
    return pages, seconds, memory


def _rows(folder: Path, count: int) -> Point:
    rows = "".join(f"| Row {n} | {TEXT[: 40 + n % 40]} | {n * 7} |\n" for n in range(count))
    table = f"| Name | What it is | Number |\n|---|---|---|\n{rows}"
    seconds, memory, _ = _measure(_book(folder / f"rows{count}", [table]))
    return count, seconds, memory


def _book(folder: Path, chapters: Sequence[str]) -> Path:
    folder.mkdir()
    names = [f"{number:04}.md" for number in range(len(chapters))]
    listed = "".join(f"  - {name}\n" for name in ["contents.md", *names])
    (folder / "handbook.yaml").write_text(f"title: Growth\nchapters:\n{listed}", "utf-8")
    front = "---\ntitle: Contents\nid: toc\nmatter: front\nlayout: contents\n---\n\n::contents\n"
    (folder / "contents.md").write_text(front, "utf-8")
    for number, (name, text) in enumerate(zip(names, chapters, strict=True)):
        head = f"---\ntitle: Chapter {number}\nid: c{number}\n---\n\n"
        (folder / name).write_text(head + text, "utf-8")
    return folder


def _exponent(points: Sequence[tuple[int, float]]) -> float:
    """The power of the size that fits the three largest best (least squares of logarithms)."""
    logs = [(math.log(n), math.log(v)) for n, v in points[-3:]]
    x, y = (sum(values) / len(logs) for values in zip(*logs, strict=True))
    return sum((a - x) * (b - y) for a, b in logs) / sum((a - x) ** 2 for a, _ in logs)


# ----------------------------------------------------------------------- picture

WIDE, HIGH, EDGE = 640, 400, 52
COLORS = {"pages": "#0b5cad", "rows of one table": "#b3541e", "editions": "#2d7d46"}


def _drawn(series: dict[str, list[Point]]) -> str:
    """Seconds against size, both axes in powers of ten, with a dotted line of slope 1."""
    tall = math.ceil(math.log10(max(t for points in series.values() for _, t, _ in points)))
    scale_x, scale_y = (WIDE - 2 * EDGE) / 4, (HIGH - 2 * EDGE) / (tall + 2)

    def at(size: float, seconds: float) -> tuple[float, float]:
        up = (math.log10(max(seconds, 0.01)) + 2) * scale_y
        return EDGE + math.log10(size) * scale_x, HIGH - EDGE - up

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" role="img" '
        'font-family="sans-serif" font-size="12"><title>Seconds of processor against size</title>'
        f'<rect width="{WIDE}" height="{HIGH}" fill="white"/>'
    ]
    for power in range(5):
        x, y = at(10**power, 0.01)
        out.append(f'<text x="{x:.0f}" y="{y + 18:.0f}" text-anchor="middle">{10**power:,}</text>')
    for power in range(-2, tall + 1):
        x, y = at(1, 10.0**power)
        out.append(
            f'<path d="M{x:.0f} {y:.0f}H{WIDE - EDGE}" stroke="#ddd"/>'
            f'<text x="{x - 6:.0f}" y="{y + 4:.0f}" text-anchor="end">{10.0**power:g} s</text>'
        )
    for number, (what, points) in enumerate(series.items()):
        last, seconds = points[-1][:2]
        lead, end = at(1, seconds / last), at(last, seconds)
        path = " L".join(f"{x:.1f} {y:.1f}" for x, y in (at(n, t) for n, t, _ in points))
        out.append(
            f'<path d="M{lead[0]:.1f} {lead[1]:.1f} L{end[0]:.1f} {end[1]:.1f}" '
            f'stroke="{COLORS[what]}" stroke-dasharray="2 4" fill="none"/>'
            f'<path d="M{path}" stroke="{COLORS[what]}" stroke-width="2" fill="none"/>'
            f'<text x="{EDGE + 12}" y="{EDGE + 16 * number}" fill="{COLORS[what]}">{what}</text>'
        )
    return "\n".join([*out, "</svg>"]) + "\n"
