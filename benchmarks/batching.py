"""Measure a batch: ten thousand copies of forty editions, against Typst and copying files.

Times are of the processor, so that neighbours on the machine count less, and per copy: what a
run of all rows takes more than one of a tenth of them, divided by the rows between.
"""

from __future__ import annotations

import csv
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import handbook
from handbook.batch import check, manifest_lines
from handbook.batch.stores import store_at
from handbook.pipeline.phases import document_of
from handbook.select.selection import select

from .peers.harness import pages_of
from .peers.portable import portable
from .peers.to_typst import to_typst

ROWS = int(os.environ.get("HANDBOOK_BENCH_ROWS", "10000"))
SAMPLED = 200
SPANS = 5
# Eight roles in five ways are forty selections.
WAYS = 5
TYPST = 12
COPIED = 300
DAY = date(2026, 11, 24)
# The best published figure: one-off statements of a few pages in 25 minutes, on a cluster.
PUBLISHED, MINUTES = 1_500_000, 25
# fmt: off
GIVEN = ["Asha", "Maria", "John", "Zoë", "Łukasz", "Priya", "Fatima", "Chen", "Olu", "Søren",
         "Ana", "Luís", "Юлия", "Νίκος", "Emma", "Olivia"]
FAMILY = ["Rao", "Smith", "Łukasiewicz", "Müller", "García", "Okafor", "Tanaka", "Kowalska",
          "O’Neill", "Silva", "Khan", "Schäfer"]
# fmt: on


@dataclass(frozen=True)
class Run:
    """A whole process that made copies: seconds on the clock and of the processor, peak MiB."""

    wall: float
    processor: float
    memory: float


def report() -> list[str]:
    """The lines of the table."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("HANDBOOK_BENCH_DIR")) as name:
        return list(_report(Path(name)))


def _report(folder: Path) -> Iterator[str]:
    roster = _roster(folder / "roster.csv")
    few = _batch(roster, folder / "few", ROWS // 10, "1")
    shutil.rmtree(folder / "few")
    many = _batch(roster, folder / "many", ROWS, "1")
    each = (many.processor - few.processor) / (ROWS - ROWS // 10)
    yield from _checked(roster, folder / "many")
    yield (
        f"a copy more, filled, hashed, written, on one processor: {each * 1000:.2f} ms, "
        f"{1 / each:,.0f} a second"
    )
    yield (
        f"peak memory: {many.memory:.0f} MiB for {ROWS:,} rows, {few.memory:.0f} MiB for "
        f"{ROWS // 10:,}: {many.memory / few.memory:.2f} times"
    )
    copied = _copying(folder)
    yield f"merely copying the same files: {copied * 1000:.2f} ms; ours {each / copied:.1f} times"
    yield from _compared_with_typst(folder, each)
    shutil.rmtree(folder / "many")
    count = os.cpu_count() or 1
    all_ = _batch(roster, folder / "all", ROWS, str(count))
    begun = few.processor - each * (ROWS // 10)
    reach = (MINUTES * 60 * count - begun) / each
    yield (
        f"{ROWS:,} copies of 40 editions by {count} processes: {all_.wall:.0f} s on the clock, "
        f"with other load on the machine; by processor time, {reach / 1e6:.1f} million in "
        f"{MINUTES} minutes of {count} processors (a cluster's best: {PUBLISHED / 1e6:.1f} million "
        "statements)"
    )


def _roster(path: Path) -> Path:
    """Rows with names of many kinds: eight roles in five ways each."""
    pack = handbook.load()
    roles = [str(row["id"]) for row in pack.axis("roles")]
    plans = ["", *(str(row["id"]) for row in pack.axis("plans"))]
    paths = [str(row["id"]) for row in pack.axis("paths")]
    suggested = {str(row["id"]): str(row.get("path") or "") for row in pack.axis("roles")}
    chance = random.Random(1)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "name", "role", "plan", "path", "cohort"])
        for number in range(1, ROWS + 1):
            name = f"{chance.choice(GIVEN)} {chance.choice(GIVEN)} {chance.choice(FAMILY)}"
            role = roles[number % len(roles)]
            # With each plan, and once on a path that is not the role's own.
            turn = number // len(roles) % WAYS
            plan = plans[min(turn, len(plans) - 1)]
            way = "" if turn < len(plans) else [p for p in paths if p != suggested[role]][turn % 2]
            rows.writerow([number, name, role, plan, way, f"Group {number % 40}, Spring 2027"])
    return path


def _batch(roster: Path, out: Path, rows: int, jobs: str) -> Run:
    """A whole process that makes the first `rows` copies."""
    short = roster.with_name(f"{rows}.csv")
    with roster.open(encoding="utf-8") as source, short.open("w", encoding="utf-8") as target:
        target.writelines(line for _, line in zip(range(rows + 1), source, strict=False))
    code = (
        "import re, resource, sys\nfrom handbook.cli import run\n"
        "try:\n    run(sys.argv[1:])\nfinally:\n"
        "    used = resource.getrusage(resource.RUSAGE_SELF)\n"
        # What Linux calls the high water mark; ru_maxrss counts the process before exec, too.
        "    peak = re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]\n"
        "    print(used.ru_utime + used.ru_stime, peak, file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, "batch", str(short), "-o", str(out), "-q", "-j", jobs,
               "--date", str(DAY)]  # fmt: skip
    start = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    wall = time.perf_counter() - start
    processor, memory = done.stderr.split()[-2:]
    return Run(wall, float(processor), int(memory) / 1024)


def _checked(roster: Path, out: Path) -> Iterator[str]:
    """All copies by their hash, and some by their text."""
    wrong = check(store_at(str(out)))
    with roster.open(encoding="utf-8", newline="") as file:
        rows = {int(row["id"]): row for row in csv.DictReader(file)}
    lines = list(manifest_lines(store_at(str(out))))
    names = {str(row["id"]): str(row["name"]) for row in handbook.load().axis("roles")}
    chosen = random.Random(2).sample(lines, min(SAMPLED, len(lines)))
    held = 0
    for line in chosen:
        text = _cover(out / line["file"])
        row = rows[int(line["id"])]
        held += row["name"] in text and names[row["role"]] in text
    yield (
        f"{len(lines):,} of {ROWS:,} copies of {len({line['selection'] for line in lines})} "
        f"selections written; {len(lines) - len(wrong):,} have the hash of their row's line; "
        f"{held} of {len(chosen)} sampled show their row's name and role"
    )


def _cover(path: Path) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        return " ".join(str(document[0].get_textpage().get_text_bounded()).split())
    finally:
        document.close()


def _copying(folder: Path) -> float:
    """Processor seconds that copying a copy takes."""
    files = sorted((folder / "many").glob("*.pdf"))[:COPIED]
    (folder / "copied").mkdir()
    spans: list[float] = []
    for number in range(SPANS):
        part = files[number::SPANS]
        start = time.process_time()
        for file in part:
            shutil.copyfile(file, folder / "copied" / file.name)
        spans.append((time.process_time() - start) / len(part))
    shutil.rmtree(folder / "copied")
    return statistics.median(spans)


# ------------------------------------------------------------------------- Typst

# How a book of Typst gets at its learner: by an input, or by a file that only cover and header
# read, the header by way of the cover.
_INPUT = (
    "#let learner_ = sys.inputs.name\n#let cover_(it) = it(learner_)\n#let header_ = learner_\n"
)
_FILE = (
    '#let cover_(it) = { let who = json("learner.json").name; [#metadata(who) <who>]; it(who) }\n'
    "#let header_ = context { query(<who>).first().value }\n"
)


def _compared_with_typst(folder: Path, each: float) -> Iterator[str]:
    try:
        import typst
    except ImportError:
        yield "Typst is not installed (pip install typst)"
        return
    pack = handbook.load()
    book = portable(document_of(pack, select(pack, role="sre", plan="30", day=DAY)))
    fonts = typst.Fonts(
        include_system_fonts=False,
        font_paths=[str(Path(handbook.__file__).parent / "data" / "fonts")],
    )
    for shown in (book, _few(book, folder, fonts)):
        pages, slow, quick = _typst(shown, folder, fonts)
        yield (
            f"Typst {typst.__version__}, {pages} pages, processor time: compiled again for each "
            f"learner {slow * 1000:.0f} ms, {slow / each:.0f} times ours; a compiler used again, "
            f"data read by cover and header alone {quick * 1000:.0f} ms, "
            f"{quick / each:.0f} times ours"
        )


def _typst(book: dict[str, Any], folder: Path, fonts: Any) -> tuple[int, float, float]:
    """Pages, and the processor seconds of a copy, compiled again or by a reused compiler."""
    import typst

    (folder / "fresh.typ").write_text(_personal(book, _INPUT), "utf-8")
    (folder / "expert.typ").write_text(_personal(book, _FILE), "utf-8")
    learner = folder / "learner.json"
    learner.write_text('{"name": "Nobody"}', "utf-8")
    compiler = typst.Compiler(str(folder / "expert.typ"), font_paths=fonts)

    def fresh(name: str) -> None:
        typst.compile(
            str(folder / "fresh.typ"),
            output=str(folder / "fresh.pdf"),
            font_paths=fonts,
            sys_inputs={"name": name},
        )

    def expert(name: str) -> None:
        learner.write_text(json.dumps({"name": name}), "utf-8")
        compiler.compile(output=str(folder / "expert.pdf"))

    slow, quick = _spent(fresh), _spent(expert)
    for made in ("fresh.pdf", "expert.pdf"):
        assert f"Learner {TYPST}" in _cover(folder / made), made
    return pages_of(folder / "fresh.pdf"), slow, quick


def _spent(make: Callable[[str], None]) -> float:
    """Median of the processor seconds a copy takes, after the first two."""
    spans: list[float] = []
    for number in range(1, TYPST + 1):
        start = time.process_time()
        make(f"Learner {number}")
        spans.append(time.process_time() - start)
    return statistics.median(spans[2:])


def _personal(book: dict[str, Any], before: str) -> str:
    """The book with a learner's name on its cover and in its running heads."""
    text = before + to_typst(book)
    cover = text.index("#page(margin: 0pt)[")
    text = text[:cover] + "#page[#cover_(name => text(14pt, name))]\n" + text[cover:]
    text = text.replace("    h(1fr)\n", "    h(1fr)\n    header_\n    h(1fr)\n", 1)
    return text + "".join(f"#metadata(none) <{label}>\n" for label in book.get("missing", ()))


def _few(book: dict[str, Any], folder: Path, fonts: Any) -> dict[str, Any]:
    """The first chapters of a book, some 15 pages; places they name that are gone are empty."""
    import typst

    shown: dict[str, Any] = {**book, "chapters": [], "missing": []}
    for chapter in book["chapters"]:
        shown["chapters"].append(chapter)
        shown["missing"] = []
        while True:
            (folder / "few.typ").write_text(_personal(shown, _INPUT), "utf-8")
            try:
                typst.compile(
                    str(folder / "few.typ"),
                    output=str(folder / "few.pdf"),
                    font_paths=fonts,
                    sys_inputs={"name": "Nobody"},
                )
                break
            except typst.TypstError as problem:
                found = set(re.findall(r"label `<([^>`]+)>` does not exist", str(problem)))
                if not found - set(shown["missing"]):
                    raise
                shown["missing"] += sorted(found - set(shown["missing"]))
        if pages_of(folder / "few.pdf") >= 13:
            break
    return shown
