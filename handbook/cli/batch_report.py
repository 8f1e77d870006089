"""Show what `handbook batch` does and has done: progress, reports, a dry run."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from ..core.units import counted
from .options import echo_json

if TYPE_CHECKING:
    from ..batch import Plan, Progress, Settings
    from ..batch.roster import Roster

# Seconds between two lines of progress for programs.
_INTERVAL = 1.0
# How many learners a dry run shows, and how many names of copies that fell away are listed.
_SHOWN = 3
_LISTED = 20


@contextmanager
def progress(shown: str, total: int) -> Iterator[Any]:
    """Yield a function to call with each `Progress`: it draws a bar, prints JSON, or nothing."""
    if shown == "json":
        yield _JsonLines().tell
        return
    hidden = shown == "none" or not sys.stderr.isatty()
    with click.progressbar(
        length=total,
        label="Copies",
        file=sys.stderr,
        hidden=hidden,
        show_pos=True,
        item_show_func=lambda words: words,
    ) as bar:
        start = time.perf_counter()

        def show(at: Progress) -> None:
            rate = (at.done + at.rejected) / max(time.perf_counter() - start, 0.001)
            rejected = f", {at.rejected:,} rejected" if at.rejected else ""
            words = f"{rate:,.0f}/s{rejected} {at.edition}"
            bar.update(at.done + at.rejected - bar.pos, words)

        yield show


class _JsonLines:
    """Progress for programs: a line each second, and one for the end."""

    def __init__(self) -> None:
        self.start = time.perf_counter()
        self.next = 0.0

    def tell(self, at: Progress) -> None:
        """Print how far the run is, if it is time."""
        passed = time.perf_counter() - self.start
        if passed >= self.next or at.done + at.rejected == at.total:
            self.next = passed + _INTERVAL
            line = {
                "done": at.done,
                "rejected": at.rejected,
                "total": at.total,
                "seconds": round(passed, 1),
                "edition": at.edition,
            }
            click.echo(json.dumps(line), err=True)


def report_batch(report: Mapping[str, Any], as_json: bool) -> None:
    """Print what a run made."""
    if as_json:
        echo_json(report)
        return
    kept = f", {counted(report['kept'], 'copy')} kept" if report["kept"] else ""
    click.echo(
        f"{counted(report['written'], 'copy')} written{kept}, "
        f"{counted(report['editions'], 'edition')}, {_megabytes(report['megabytes'])} "
        f"in {counted(report['files'], 'file')}, {report['seconds']} s",
        err=True,
    )
    if report["earlier_files"]:
        names = ", ".join(report["earlier_files"])
        click.echo(f"note: made by an earlier run, and no longer up to date: {names}", err=True)
    _list_files(report["former"], "no longer on the roster and kept (delete them with --prune)")
    _list_files(report["pruned"], "no longer on the roster and deleted")
    if report["rejected"]:
        click.echo(f"{counted(report['rejected'], 'row')} rejected: see rejects.csv", err=True)
    click.echo(report.get("zip", report["folder"]))


def _list_files(files: Sequence[str], what: str) -> None:
    if not files:
        return
    click.echo(f"{counted(len(files), 'copy')} {what}:", err=True)
    for file in files[:_LISTED]:
        click.echo(f"  {file}", err=True)
    if len(files) > _LISTED:
        click.echo(f"  and {len(files) - _LISTED:,} more", err=True)


def _megabytes(size: float) -> str:
    return f"about {size:,.0f} MB" if size >= 10 else f"about {size:.1f} MB"


def report_dry_run(plan: Plan, settings: Settings, roster: Roster, as_json: bool) -> None:
    """Print what a run would make; one edition and one copy are made to measure them."""
    from ..batch import measure

    learners = list(_learners(plan))
    report: dict[str, Any] = {
        "copies": plan.copies,
        "rejected": plan.rejected,
        "editions": len(plan.selections),
        "left_out": dict(plan.left_out),
        "columns": roster.used,
        "notes": roster.notes,
        "learners": learners,
        **measure(plan, settings),
    }
    if as_json:
        rejects = [{"row": r.line, "reason": r.reason} for r in plan.database.rejects()]
        echo_json({**report, "rejects": rejects})
    else:
        _print_learners(roster, learners)
        click.echo(
            f"{counted(plan.copies, 'copy')}, {counted(len(plan.selections), 'edition')}, "
            f"{_megabytes(report['megabytes'])}, about {report['seconds']:,} s on one "
            "processor"
        )
        for line in _reasons(plan):
            click.echo(line, err=True)
    if plan.rejected:
        raise click.exceptions.Exit(1)


def _reasons(plan: Plan) -> Iterator[str]:
    """Yield why rows give no copy: rows with the same reason together."""
    rows: dict[str, list[int]] = {}
    for reject in plan.database.rejects():
        rows.setdefault(reject.reason, []).append(reject.line)
    for reason, lines in rows.items():
        if len(lines) == 1:
            yield f"row {lines[0]}: {reason}"
            continue
        more = f" and {len(lines) - _SHOWN:,} more" if len(lines) > _SHOWN else ""
        yield f"rows {', '.join(map(str, lines[:_SHOWN]))}{more}: {reason}"


def _learners(plan: Plan) -> Iterator[dict[str, str]]:
    """Yield the first learners as their copies will be printed."""
    for job in plan.database.first(_SHOWN):
        selection = plan.selections[job.key]
        fields = {name: text for name, text in job.values.items() if name != "learner"}
        days = {"start": str(selection.schedule.calendar.start)} if selection.schedule else {}
        yield {
            "learner": job.values.get("learner", ""),
            "id": job.id,
            "edition": selection.title,
            **days,
            **fields,
            "file": job.file,
        }


def _print_learners(roster: Roster, learners: Iterable[Mapping[str, str]]) -> None:
    used = ", ".join(f"{key} from {name!r}" for key, name in roster.used.items())
    click.echo(f"Columns: {used}")
    for learner in learners:
        details = [f"{key}: {text}" for key, text in learner.items() if text and key != "learner"]
        click.echo(f"  {learner['learner'] or '(no name)'} | {' | '.join(details)}")


def report_copy(entry: Mapping[str, Any], as_json: bool) -> None:
    """Print whose copy it is; with a learner's name only on the copy, its row and file say so."""
    if as_json:
        echo_json(entry)
        return
    whose = f"row {entry['row']}" + (f", id {entry['id']}" if entry["id"] else "")
    click.echo(f"copy {entry['copy']}: {whose}, {entry['file']}, {entry['selection']}")


def report_check(problems: Sequence[str], as_json: bool) -> None:
    """Print what is wrong with a folder of copies."""
    if as_json:
        echo_json({"wrong": list(problems)})
    else:
        for line in problems:
            click.echo(line)
        result = "every copy is as it was written" if not problems else f"{len(problems)} wrong"
        click.echo(result, err=True)
    if problems:
        raise click.exceptions.Exit(1)
