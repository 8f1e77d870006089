"""A roster -> a copy for each learner, a manifest of what was written, and what was rejected.

Every selection is laid out once, in a process of its own, and kept as a file; then copies are
filled from it in chunks, on all processors.  A journal grows with every chunk: a run that was
killed goes on where it stood, and ends with the same bytes as one that was not.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import pickle
import re
import shutil
import time
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from . import __version__
from .assemble import template_folders
from .content import Pack, load_pack
from .diagnostics import HandbookError, error, suggest
from .free_days import public_holidays
from .output import write_whole
from .pdf.edition import Edition
from .pipeline import document_of, edition_of
from .roster import Roster, RosterRow
from .selection import Selection, select, slug

MANIFEST = "manifest.jsonl"
REJECTS = "rejects.csv"
WORK = ".handbook"
JOURNAL = "journal.jsonl"
# Copies made in one go by a process: enough that talking to it costs nothing.
CHUNK = 100
# A file's name has at most 255 bytes on most systems; the rest is for what is put before it.
LONGEST_NAME = 150
CHOICES = ("role", "path", "plan", "start", "hours", "days", "exam", "country")


@dataclass(frozen=True, slots=True)
class Settings:
    """What all copies of a run share."""

    content: str
    day: date
    theme: str = "default"
    paper: str = "a4"
    template: str = ""
    skip: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """A copy to be made: its row, its edition, its values, and its file below the output folder."""

    line: int
    key: str
    values: Mapping[str, str]
    file: str
    id: str


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that gives no copy, by its number, and why."""

    line: int
    reason: str


@dataclass(slots=True)
class Plan:
    """What a roster comes to, before anything is written."""

    orders: list[Order] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    selections: dict[str, Selection] = field(default_factory=dict)
    digest: str = ""


@dataclass(slots=True)
class Result:
    """What a run did."""

    written: int = 0
    kept: int = 0
    rejects: list[Reject] = field(default_factory=list)


# -------------------------------------------------------------------------- plan


def plan_run(pack: Pack, roster: Roster, settings: Settings) -> Plan:
    """Every row as an order or a reject; nothing is laid out yet."""
    plan = Plan()
    known: dict[tuple[Any, ...], Selection | str] = {}
    taken: dict[str, int] = {}
    for row in roster.rows:
        try:
            plan.orders.append(_order(pack, row, settings, plan, known, taken))
        except HandbookError as problem:
            plan.rejects.append(Reject(row.line, _reason(problem)))
    rows = [(o.line, o.key, sorted(o.values.items()), o.file) for o in plan.orders]
    same = (__version__, settings.theme, settings.paper, settings.day, settings.skip, rows)
    state = hashlib.sha256(repr(same).encode("utf-8", "replace"))
    for path in _sources(pack, settings.theme):
        state.update(path.read_bytes())
    plan.digest = state.hexdigest()[:16]
    return plan


def _sources(pack: Pack, theme: str) -> list[Path]:
    """The files that decide what copies look like: content, templates, a theme of one's own."""
    folders = [pack.folder, *template_folders(pack)]
    found = {path for folder in folders for path in folder.rglob("*") if path.is_file()}
    own = Path(theme)
    return [*sorted(found), *([own] if own.is_file() else [])]


def _order(
    pack: Pack, row: RosterRow, settings: Settings, plan: Plan,
    known: dict[tuple[Any, ...], Selection | str], taken: dict[str, int],
) -> Order:  # fmt: skip
    if row.problem:
        raise error(row.problem)
    values = {name: text for name, text in row.values.items() if name in pack.fields}
    if not values.get("learner") and "learner" in pack.fields:
        raise error("the row has no name")
    choice = (*(row.values.get(key, "") for key in CHOICES), frozenset(values))
    if choice not in known:
        known[choice] = _selection(pack, row.values, values, settings)
    selection = known[choice]
    if isinstance(selection, str):
        raise error(selection)
    key = hashlib.sha256(repr((*choice[:-1], sorted(values))).encode()).hexdigest()[:16]
    plan.selections.setdefault(key, selection)
    file = file_name(settings.template, row, selection)
    # Some file systems take A.pdf and a.pdf for the same file.
    folded = unicodedata.normalize("NFKC", file).casefold()
    if folded in taken:
        raise error(f"its file {file!r} is that of row {taken[folded]} already")
    taken[folded] = row.line
    return Order(row.line, key, values, file, row.values.get("id", ""))


def _selection(
    pack: Pack, given: Mapping[str, str], values: Mapping[str, str], settings: Settings
) -> Selection | str:
    try:
        return select(
            pack, role=given.get("role", ""), path=given.get("path", ""),
            plan=given.get("plan", ""), paper=settings.paper, day=settings.day, given=values,
            calendar=_calendar(given, settings),
        )  # fmt: skip
    except HandbookError as problem:
        return _reason(problem)


def _calendar(given: Mapping[str, str], settings: Settings) -> dict[str, Any] | None:
    start = _day(given, "start")
    if start is None:
        return None
    hours = given.get("hours", "")
    if hours and not re.fullmatch(r"\d{1,2}([.,]\d+)?", hours):
        raise error(f"{hours!r} is no number of hours")
    country = given.get("country", "")
    return {
        "start": start, "hours": float(hours.replace(",", ".") or 0),
        "days": given.get("days", ""), "skip": settings.skip, "exam": _day(given, "exam"),
        "holidays": public_holidays(country, start) if country else (),
    }  # fmt: skip


def _day(given: Mapping[str, str], key: str) -> date | None:
    text = given.get(key, "")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise error(f"{text!r} is not a day; write it as 2026-12-01") from None


def _reason(problem: HandbookError) -> str:
    first = problem.diagnostics[0]
    return f"{first.message} ({first.hint})" if first.hint else first.message


# ------------------------------------------------------------------------- names

_PLACE = re.compile(r"\{(\w[\w-]*)\}")


def file_name(template: str, row: RosterRow, selection: Selection) -> str:
    """The file of a row below the output folder: never outside of it, whatever the row says."""
    values = {
        "role": str(selection.role["id"]) if selection.role else "",
        "path": str(selection.path["id"]) if selection.path else "",
        "plan": str(selection.plan["id"]) if selection.plan else "",
        **row.values, "row": f"{row.line:05}", "stem": selection.stem,
    }  # fmt: skip
    pattern = template or ("{id}-{learner}.pdf" if row.values.get("id") else "{row}-{learner}.pdf")
    filled = [_PLACE.sub(lambda m: _part(values.get(m[1], "")), p) for p in pattern.split("/")]
    parts = [_safe(part) for part in filled]
    *folders, name = [part for part in parts if part] or [f"{row.line:05}"]
    stem = name.removesuffix(".pdf").strip("-. ") or f"{row.line:05}"
    # A folder called x.pdf would stand in the way of a file of that name.
    return "/".join([*(part.replace(".pdf", "-pdf") for part in folders), _short(stem) + ".pdf"])


def check_template(template: str, known: Sequence[str]) -> None:
    """Raise HandbookError if a name template asks for what no roster has."""
    for name in _PLACE.findall(template):
        if name not in known:
            raise error(f"--name-template: unknown place {{{name}}}", hint=suggest(name, known))
    if template.startswith("/") or ".." in template.split("/"):
        raise error("--name-template: copies stay below the output folder", hint="leave out ..")


def _part(value: str) -> str:
    """A value as part of a name: letters of any script with their marks, digits, else dashes."""
    text = unicodedata.normalize("NFC", value)
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" or c in ".@-" else " " for c in text)
    return "-".join(kept.split()).strip("-.")


def _safe(part: str) -> str:
    part = "".join(c for c in part if c.isprintable() and c not in '/\\:*?"<>|').strip(" .")
    device = re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", part)
    return _short(f"_{part}" if device else part)


def _short(name: str) -> str:
    raw = name.encode("utf-8", "replace")
    if len(raw) <= LONGEST_NAME:
        return name
    mark = hashlib.sha256(raw).hexdigest()[:8]
    return raw[: LONGEST_NAME - 9].decode("utf-8", "ignore") + "-" + mark


# --------------------------------------------------------------------------- run


def run(
    plan: Plan, settings: Settings, out: Path, pool: Executor, *, resume: bool = False,
    fail_fast: bool = False, progress: Callable[[int, int], None] = lambda done, rejects: None,
) -> Result:  # fmt: skip
    """Make every copy of `plan` below `out`, on the processes of `pool`.

    `progress` hears how many copies are done and how many were rejected.  Raises HandbookError
    for a folder that holds another run, or that cannot be written.
    """
    journal = _Journal(out, plan.digest, resume)
    result = Result(kept=len(journal.done), rejects=list(plan.rejects))
    todo = [order for order in plan.orders if order.line not in journal.done]
    progress(result.kept, len(result.rejects))
    _stop_at_first(result.rejects if fail_fast else [])
    for made, rejects in _made(todo, plan, settings, out, pool):
        journal.add(made)
        result.written += len(made)
        result.rejects += rejects
        progress(result.kept + result.written, len(result.rejects))
        _stop_at_first(result.rejects if fail_fast else [])
    journal.finish()
    return result


def _stop_at_first(rejects: Sequence[Reject]) -> None:
    if rejects:
        first = min(rejects, key=lambda reject: reject.line)
        raise error(f"row {first.line}: {first.reason}")


Made = tuple[list[dict[str, Any]], list[Reject]]


def _made(
    todo: Sequence[Order], plan: Plan, settings: Settings, out: Path, pool: Executor
) -> Iterator[Made]:
    """The manifest lines of the copies and the rejects, chunk by chunk as they are finished."""
    work = out / WORK
    waiting: dict[str, list[Order]] = {}
    for order in todo:
        waiting.setdefault(order.key, []).append(order)
    running: dict[Future[Any], str] = {}
    # Few selections are laid out ahead, so that memory does not grow with their number.
    keys = iter(list(waiting))
    ahead = (os.cpu_count() or 1) + 1

    def lay_out() -> None:
        for key in keys:
            running[pool.submit(_lay_out, plan.selections[key], settings, str(work / key))] = key
            return

    for _ in range(ahead):
        lay_out()
    while running:
        finished, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in finished:
            key = running.pop(future)
            if key:
                lay_out()
                problem = future.result()
                orders = waiting.pop(key)
                if problem:
                    yield [], [Reject(order.line, problem) for order in orders]
                    continue
                for start in range(0, len(orders), CHUNK):
                    part = orders[start : start + CHUNK]
                    job = pool.submit(_fill, str(work / key), part, str(out), plan.digest)
                    running[job] = ""
            else:
                yield future.result()


@lru_cache(maxsize=2)
def _pack(content: str) -> Pack:
    return load_pack(Path(content))


def _lay_out(selection: Selection, settings: Settings, target: str) -> str:
    """Lay an edition out and keep it as a file; what is wrong, if it cannot be done."""
    try:
        document = document_of(_pack(settings.content), selection)
        edition = edition_of(document, selection, settings.theme)
        write_whole(Path(target), pickle.dumps((selection.stem, edition)), sync=False)
    except HandbookError as problem:
        return _reason(problem)
    return ""


@lru_cache(maxsize=3)
def _edition(path: str, run: str) -> tuple[str, Edition]:
    """The edition kept at `path` by the run of this digest."""
    stem, edition = pickle.loads(Path(path).read_bytes())
    return stem, edition


def _fill(path: str, orders: Sequence[Order], out: str, run: str) -> Made:
    """Fill and write the copies of one edition; a manifest line, or a reason, for each."""
    stem, edition = _edition(path, run)
    lines: list[dict[str, Any]] = []
    rejects: list[Reject] = []
    for order in orders:
        try:
            data = edition.fill(order.values)
        except HandbookError as problem:
            rejects.append(Reject(order.line, _reason(problem)))
            continue
        write_whole(Path(out) / order.file, data, sync=False, workshop=Path(out) / WORK)
        lines.append(
            {
                "row": order.line, "id": order.id, "selection": stem, "file": order.file,
                "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(),
                "edition": edition.identifier.hex(), "tool": f"handbook {__version__}", "run": run,
            }
        )  # fmt: skip
    return lines, rejects


# ----------------------------------------------------------------------- journal


class _Journal:
    """What has been written so far; with `resume`, of the run before, too.

    Every line names its run: roster, content and choices by their digest.
    """

    def __init__(self, out: Path, digest: str, resume: bool) -> None:
        self.out = out
        self.path = out / WORK / JOURNAL
        self.run = digest
        self.done: dict[int, dict[str, Any]] = {}
        before = [path for path in (self.path, out / MANIFEST) if path.is_file()]
        if before and not resume:
            raise error(
                "this folder holds the copies of an earlier run", file=str(out),
                hint="go on with --resume, or choose another folder with -o",
            )  # fmt: skip
        if before:
            self._read(before[0])
        write_whole(self.path, "".join(map(_json, self.done.values())).encode())
        self.file = self.path.open("ab")

    def _read(self, path: Path) -> None:
        for text in path.read_text("utf-8", "replace").split("\n"):
            try:
                line = json.loads(text)
            except ValueError:
                # The line that was being written when the run was killed.
                continue
            if line["run"] != self.run:
                raise error(
                    "this folder holds a run of another roster, content or choice",
                    file=str(self.out),
                    hint="repeat the first command exactly, or choose another folder with -o",
                )
            self._keep(line)

    def _keep(self, line: dict[str, Any]) -> None:
        file = self.out / str(line["file"])
        there = file.is_file() and file.stat().st_size == line["bytes"]
        if there and hashlib.sha256(file.read_bytes()).hexdigest() == line["sha256"]:
            self.done[int(line["row"])] = line

    def add(self, lines: Sequence[dict[str, Any]]) -> None:
        """Remember copies that are on the disk."""
        for line in lines:
            self.done[int(line["row"])] = line
            self.file.write(_json(line).encode())
        self.file.flush()

    def finish(self) -> None:
        """The manifest, in the order of the roster; the workshop is swept."""
        ordered = [self.done[row] for row in sorted(self.done)]
        write_whole(self.out / MANIFEST, "".join(map(_json, ordered)).encode())
        self.file.close()
        shutil.rmtree(self.path.parent)


def _json(line: Mapping[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False) + "\n"


# ------------------------------------------------------------------ what is left


def measure(plan: Plan, settings: Settings) -> dict[str, int]:
    """How large and how long a run will be, from one edition and one copy made to see."""
    if not plan.orders:
        return {"megabytes": 0, "seconds": 0}
    order = plan.orders[0]
    start = time.perf_counter()
    document = document_of(_pack(settings.content), plan.selections[order.key])
    edition = edition_of(document, plan.selections[order.key], settings.theme)
    laid = time.perf_counter()
    size = len(edition.fill(order.values))
    filled = time.perf_counter()
    seconds = (laid - start) * len(plan.selections) + (filled - laid) * len(plan.orders)
    return {"megabytes": round(size * len(plan.orders) / 1e6), "seconds": max(1, round(seconds))}


def write_rejects(rejects: Sequence[Reject], roster: Roster, out: Path) -> None:
    """rejects.csv: the rows as they were, with number and reason; no file if there are none."""
    path = out / REJECTS
    if not rejects:
        path.unlink(missing_ok=True)
        return
    raw = {row.line: row.raw for row in roster.rows}
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["row", "reason", *roster.header])
    for reject in sorted(rejects, key=lambda reject: reject.line):
        writer.writerow([reject.line, reject.reason, *raw[reject.line]])
    write_whole(path, text.getvalue().encode("utf-8", "replace"))


def check(out: Path) -> list[str]:
    """What is wrong with a folder of copies, by its manifest."""
    manifest = out / MANIFEST
    if not manifest.is_file():
        raise error("there is no manifest", file=str(out), hint="name the folder that was -o")
    wrong: list[str] = []
    known: set[str] = set()
    for text in manifest.read_text("utf-8").splitlines():
        line = json.loads(text)
        known.add(str(line["file"]))
        file = out / str(line["file"])
        if not file.is_file():
            wrong.append(f"{line['file']}: missing (row {line['row']})")
        elif hashlib.sha256(file.read_bytes()).hexdigest() != line["sha256"]:
            wrong.append(f"{line['file']}: changed since it was written (row {line['row']})")
    extra = sorted(
        path.relative_to(out).as_posix()
        for path in out.rglob("*.pdf")
        if path.relative_to(out).as_posix() not in known
    )
    return wrong + [f"{name}: not in the manifest" for name in extra]


def zip_copies(out: Path) -> Path:
    """All copies and the manifest in one archive, the same bytes for the same copies."""
    names = [json.loads(t)["file"] for t in (out / MANIFEST).read_text("utf-8").splitlines()]
    path = out / f"{slug(out.resolve().name)}.zip"
    # Written where it will stand, as a provider's archive does not fit into memory.
    unfinished = path.with_name(f".{path.name}")
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_STORED) as archive:
            for name in [*names, MANIFEST]:
                info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                archive.writestr(info, (out / name).read_bytes())
        unfinished.replace(path)
    except OSError as problem:
        unfinished.unlink(missing_ok=True)
        raise error(f"cannot write the archive: {problem.strerror}", file=str(path)) from None
    return path
