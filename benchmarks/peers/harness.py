"""Our book against the peers', side by side in one run: `python -m benchmarks peers`."""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import handbook
from handbook.pipeline.phases import document_of
from handbook.select.selection import select

from .portable import portable
from .tools import PEERS, ROOT, Peer, Program
from .words import shortcomings, words_of_book, words_of_pdf

DAY = date(2026, 11, 24)
ROLE, OTHER = "sre", "cloud-engineer"
# The chapter that an author edits.
EDITED = "chapters/24-security.md"
ROUNDS = 7
# A tool that takes this many times Typst's time is measured in fewer rounds.
SLOW = 10.0
SLOW_ROUNDS = 2
REPEATS = 3
LAUNCH = Path(__file__).with_name("launch.py")


@dataclass
class Contest:
    """One way to make the book: a command, and what must be put in place before each run."""

    name: str
    command: Callable[[int], list[str]]
    target: Path
    before: Callable[[], object] = lambda: None
    environment: dict[str, str] = field(default_factory=dict)
    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    inside: float = 0.0

    def run(self) -> None:
        """Run once, as a whole process, and note what it took."""
        self.before()
        command = self.command(len(self.wall))
        said = _checked([sys.executable, "-I", "-S", str(LAUNCH), *command], self.environment)
        line = next(line for line in said.splitlines() if line.startswith("LAUNCHED"))
        wall, processor, memory = map(float, line.split()[1:])
        self.wall.append(wall)
        self.processor.append(processor)
        self.memory.append(memory)


def report(names: Sequence[str] = ()) -> list[str]:
    """The table in Markdown; only of the peers that are named, if any (Typst is always there)."""
    with tempfile.TemporaryDirectory() as name:
        return _report(names, Path(name))


def _report(names: Sequence[str], folder: Path) -> list[str]:
    pack = handbook.load()
    book = portable(document_of(pack, select(pack, role=ROLE, day=DAY)))
    held = words_of_book(book)
    ours = _ours(folder)
    for contest in ours:
        contest.run()
    own_words = words_of_pdf(ours[0].target)
    entered, notes = list(ours), []
    wanted = [
        peer
        for peer in PEERS
        if not names or peer is PEERS[0] or any(name.lower() in peer.name.lower() for name in names)
    ]
    for peer in wanted:
        problem, contest = _entered(peer, folder, book, held, own_words)
        if contest is None:
            notes.append(f"{peer.name} takes no part: {problem}")
        else:
            entered.append(contest)
            _tell(f"{contest.name}: holds the text ({sum(held.values()):,} words)")
    _run_rounds(entered)
    for peer in wanted:
        for contest in entered:
            if contest.name.startswith(f"{peer.name} "):
                contest.inside = _inside(
                    peer.repeated(_book(peer, folder), contest.target, REPEATS)
                )
    ours[0].inside = _inside([sys.executable, "-c", _OURS_INSIDE, str(ours[0].target)])
    return [*_table(entered), "", *_conditions(held), *notes]


def _entered(
    peer: Peer | Program,
    folder: Path,
    book: dict[str, object],
    held: Counter[str],
    ours: Counter[str],
) -> tuple[str, Contest | None]:
    """A peer that has made the book once and whose PDF holds its text, or the reason why not."""
    problem = peer.install()
    if problem:
        return problem, None
    source = _book(peer, folder)
    source.write_text(peer.write(book), "utf-8")
    target = folder / f"{peer.name}.pdf"
    contest = Contest(f"{peer.name} {peer.version}", lambda n: peer.command(source, target), target)
    try:
        contest.run()
    except subprocess.CalledProcessError as failed:
        return str(failed.stderr).strip().splitlines()[-1], None
    problem = shortcomings(words_of_pdf(target), held, ours)
    return problem, None if problem else contest


def _book(peer: Peer | Program, folder: Path) -> Path:
    return folder / f"{peer.name}{peer.suffix}"


# -------------------------------------------------------------------------- ours


def _ours(folder: Path) -> list[Contest]:
    """Four ways to come to a book: nothing, content, all but one chapter, the edition known."""
    target = folder / "ours.pdf"
    cache = folder / "cache"
    known = folder / "known"
    edited = folder / "edited" / "content"
    for part in ("content", "templates"):
        shutil.copytree(ROOT / part, edited.parent / part)
    chapter = edited / EDITED
    text = chapter.read_text("utf-8")

    def command(role: str, *more: str) -> list[str]:
        options = ["--role", role, "--date", DAY.isoformat(), "-q", "-o", str(target)]
        return [sys.executable, "-m", "handbook", "build", *options, *more]

    def nothing() -> None:
        shutil.rmtree(cache, ignore_errors=True)

    def after(name: str, *build: str) -> Callable[[], None]:
        """The cache as a build has left it; `name` is that of a copy."""
        before = known / name

        def put() -> None:
            nothing()
            if not before.is_dir():
                _checked(command(*build), environment)
                shutil.copytree(cache, before)
            else:
                shutil.copytree(before, cache)

        return put

    unedited = after("unedited", ROLE, "--content", str(edited))

    def edit() -> None:
        chapter.write_text(text, "utf-8")
        unedited()
        chapter.write_text(text + "\nOne more paragraph.\n", "utf-8")

    environment = {"XDG_CACHE_HOME": str(cache), "PYTHONPATH": str(ROOT)}
    warm = after("edition", ROLE, "--learner", "Asha Rao")
    return [
        Contest("handbook, first build", lambda n: command(ROLE), target, nothing, environment),
        Contest(
            "handbook, another role",
            lambda n: command(ROLE),
            target,
            after("content", OTHER),
            environment,
        ),
        Contest(
            "handbook, one chapter edited",
            lambda n: command(ROLE, "--content", str(edited)),
            target,
            edit,
            environment,
        ),
        Contest(
            "handbook, a warm copy",
            lambda n: command(ROLE, "--learner", f"Learner {n}"),
            target,
            warm,
            environment,
        ),
    ]


_OURS_INSIDE = f"""
import datetime, sys, time
import handbook
for _ in range({REPEATS}):
    start = time.perf_counter()
    pack = handbook.load()
    data = handbook.build(pack, role={ROLE!r}, day=datetime.date.fromisoformat({str(DAY)!r}))
    open(sys.argv[1], "wb").write(data)
    print(time.perf_counter() - start)
"""


# ------------------------------------------------------------------- measuring


def _run_rounds(entered: Sequence[Contest]) -> None:
    """Everyone in turn, round after round, so that a machine that slows down slows all."""
    typst = next(contest for contest in entered if contest.name.startswith("Typst"))
    slow = {c.name for c in entered if c.wall[0] > SLOW * typst.wall[0]}
    for contest in entered:
        # The first run was a rehearsal: it read the files that others find in memory.
        contest.wall, contest.processor, contest.memory = [], [], []
    for number in range(ROUNDS):
        _tell(f"round {number + 1} of {ROUNDS}")
        for contest in entered:
            if contest.name not in slow or number < SLOW_ROUNDS:
                contest.run()


def _inside(command: list[str]) -> float:
    """The median time of making the book in a process that has made it before, if there is one."""
    if not command:
        return 0.0
    said = _checked(command, {"PYTHONPATH": str(ROOT)} if command[0] == sys.executable else {})
    times = [float(line) for line in said.splitlines() if line.replace(".", "", 1).isdigit()]
    return statistics.median(times[1:])


def _checked(command: list[str], environment: dict[str, str]) -> str:
    # An installed package is compiled; otherwise each run would compile ours again.
    shell = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**shell, **environment}
    )
    return done.stdout


def _tell(words: str) -> None:
    print(words, file=sys.stderr)


# ----------------------------------------------------------------------- telling


def _table(entered: Sequence[Contest]) -> list[str]:
    typst = next(contest for contest in entered if contest.name.startswith("Typst"))
    lines = [
        "| | whole process, ms | against Typst | processor, ms | again, in one process, ms "
        "| memory, MiB | file, KB | pages |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for contest in sorted(entered, key=lambda c: statistics.median(c.wall)):
        ratios = sorted(a / b for a, b in zip(contest.wall, typst.wall, strict=False))
        cells = (
            contest.name,
            _spread([1000 * t for t in contest.wall]),
            f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})",
            f"{1000 * statistics.median(contest.processor):,.0f}",
            f"{1000 * contest.inside:,.0f}" if contest.inside else "",
            f"{statistics.median(contest.memory):,.0f}",
            f"{contest.target.stat().st_size / 1000:,.0f}",
            str(pages_of(contest.target)),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):,.0f} ({min(values):,.0f} to {max(values):,.0f})"


def pages_of(path: Path) -> int:
    """How many pages a PDF has."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        return len(document)
    finally:
        document.close()


def _conditions(held: Counter[str]) -> list[str]:
    load = os.getloadavg()[0]
    return [
        f"{platform.machine()}, {os.cpu_count()} processors, load {load:.1f} at the end, "
        f"{platform.system()}, Python {platform.python_version()}, {time.strftime('%B %Y')}; "
        f"{ROUNDS} rounds ({SLOW_ROUNDS} of what takes more than {SLOW:.0f} times Typst's time); "
        f"medians, with least and most; {sum(held.values()):,} words."
    ]
