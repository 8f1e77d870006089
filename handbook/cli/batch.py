"""The command `handbook batch`."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .. import shipped_content
from ..core.diagnostics import error
from .options import Day, brand_option, content_option, counted, edition_day, load, tell

if TYPE_CHECKING:
    from ..batch import Plan, Progress, Result, Settings
    from ..batch.storage import Store

# Seconds between two lines of progress for machines.
_OFTEN = 1.0


@click.command()
@click.argument("roster", required=False, metavar="ROSTER")
@click.option("-o", "--output", metavar="DIR", help="A folder for the copies, or a URL as in "
              "s3://bucket/folder.")  # fmt: skip
@click.option("-j", "--jobs", type=click.IntRange(1), help="Processes; else as many as processors.")
@click.option(
    "--scheduler",
    default="",
    metavar="ADDRESS",
    help="The Dask scheduler of a cluster to work on, as in tcp://10.0.0.5:8786.",
)
@click.option("--resume", is_flag=True, help="Go on with a run that was stopped.")
@click.option("--name-template", "template", default="", metavar="NAME",
              help="As in {cohort}/{id}-{role}.pdf")  # fmt: skip
@click.option("--column", "columns", multiple=True, metavar="learner=COLUMN",
              help="Which column is what, where its name does not say.")  # fmt: skip
@click.option("--zip", "zipped", is_flag=True, help="Pack the copies into one archive, too.")
@click.option("--zip-by", "groups", default="", metavar="COLUMN",
              help="An archive for each group, as in cohort.")  # fmt: skip
@click.option("--index", is_flag=True, help="A page (HTML) to hand the copies out from.")
@click.option("--print-run", "press", metavar="FILE",
              type=click.Path(path_type=Path, dir_okay=False),
              help="All copies in one PDF for the press, too.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Say what would be made; write nothing.")
@click.option("--fail-fast", is_flag=True, help="Stop at the first row that gives no copy.")
@click.option("--check", "checked", metavar="DIR", help="Compare a folder of copies (or a URL) "
              "with its manifest.")  # fmt: skip
@click.option("--copy", "asked", default="", metavar="FILE|NUMBER",
              help="With --check: whose copy this is, and whether it is genuine.")  # fmt: skip
@click.option("--skip", multiple=True, metavar="DAY[..DAY]", help="Days without study, for all.")
@click.option("--paper", default="a4", show_default=True, help="a4, letter or a5.")
@click.option("--theme", default="default", show_default=True, help="A theme's name or YAML file.")
@brand_option
@click.option("--date", "day", type=Day(), help="The edition's date, as for build.")
@click.option("--json", "as_json", is_flag=True,
              help="Say the result as JSON, and progress as JSON lines on stderr.")  # fmt: skip
@content_option
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
def batch(
    roster: str | None, output: str | None, jobs: int | None, scheduler: str, resume: bool,
    template: str, columns: tuple[str, ...], zipped: bool, groups: str, index: bool,
    press: Path | None, dry_run: bool, fail_fast: bool,
    checked: str | None, asked: str, skip: tuple[str, ...], paper: str, theme: str,
    brand: str | None, day: date | None, as_json: bool, content: Path | None, quiet: bool,
) -> None:  # fmt: skip
    """Make a copy for every learner of a roster.

    ROSTER is CSV, XLSX or JSON Lines, or - for standard input.
    """
    from .. import batch as batches
    from ..batch.roster import COLUMNS, parse_columns, read_roster
    from ..batch.storage import store_at
    from ..theme.loader import load_theme
    from ..theme.print_options import PLAIN
    from ..theme.print_options import checked as checked_press

    if asked:
        if checked is None:
            raise click.UsageError("--copy goes with --check DIR")
        _report_copy(batches.find_copy(store_at(checked), asked), as_json)
        return
    if checked is not None:
        _report_check(batches.check(store_at(checked)), as_json)
        return
    if roster is None or (output is None and not dry_run):
        raise click.UsageError("name a ROSTER and, with -o, a folder for the copies")
    store = store_at(output) if output is not None else None
    if (zipped or groups) and store is not None and not store.shares_filesystem:
        raise click.UsageError("--zip and --zip-by need a folder of this machine, not a URL")
    pack = load(content)
    if groups:
        batches.check_group(groups, pack)
    known = ["row", "stem", *COLUMNS, *pack.fields]
    batches.check_template(template, known)
    # A mistake in what all copies share is told once, not for each row.
    checked_press(PLAIN, paper)
    load_theme(theme)
    folder = str(content if content is not None else shipped_content())
    settings = batches.Settings(folder, day or edition_day(), theme, paper, template, skip,
                                brand or "")  # fmt: skip
    started = time.perf_counter()
    own = batches.brand_at(brand or "")
    mapped = own.columns if own else {}
    if own and not quiet:
        from ..theme.brand.apply import apply_brand

        tell(apply_brand(load_theme(theme), own).advice)
    named = [*(f"{key}={name}" for key, name in mapped.items()), *columns]
    listed = read_roster(roster, pack.fields, parse_columns(named))
    plan = batches.plan_run(pack, listed, settings)
    for name in listed.ignored if not quiet else ():
        note = f"the column {name!r} means nothing to this handbook"
        click.echo(json.dumps({"note": note}) if as_json else f"note: {note}", err=True)
    if dry_run:
        _report_dry_run(plan, settings, as_json)
        return
    assert store is not None
    workers = jobs or os.cpu_count() or 1
    shown = "none" if quiet else "json" if as_json else "bar"
    with _Editions(press is not None) as editions:
        result = _run_batch(plan, settings, store, workers, scheduler, resume, fail_fast, shown,
                            editions)  # fmt: skip
        if press is not None:
            batches.write_print_run(pack, plan, settings, press, editions.kept)
    archives = batches.zip_groups(plan, Path(store.place), groups) if groups else []
    archive = batches.zip_copies(Path(store.place)) if zipped else None
    beside: dict[str, Any] = {"zip": str(archive)} if archive else {}
    beside |= {"zips": [str(path) for path in archives]} if groups else {}
    beside |= {"index": batches.write_index(pack, plan, store)} if index else {}
    beside |= {"print_run": str(press)} if press else {}
    told = {
        "written": result.written, "kept": result.kept, "rejected": result.rejected,
        "editions": len(plan.selections), "seconds": round(time.perf_counter() - started, 2),
        "folder": store.place, **beside,
    }  # fmt: skip
    _report_batch(told, as_json)
    if result.rejected:
        raise click.exceptions.Exit(1)


class _Editions:
    """Editions that a run laid out, kept for its print run as long as that takes."""

    def __init__(self, wanted: bool) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="handbook-") if wanted else None
        self.kept: dict[str, Path] = {}

    def __enter__(self) -> _Editions:
        return self

    def __exit__(self, *problem: object) -> None:
        if self.folder is not None:
            self.folder.cleanup()

    def keep(self, key: str, edition: bytes) -> None:
        """Keep an edition as a file."""
        if self.folder is not None:
            self.kept[key] = Path(self.folder.name) / key
            self.kept[key].write_bytes(edition)


def _run_batch(
    plan: Plan, settings: Settings, store: Store, jobs: int, scheduler: str, resume: bool,
    fail_fast: bool, shown: str, editions: _Editions,
) -> Result:  # fmt: skip
    from ..batch import run
    from ..build.executors import executor

    last: list[Progress] = []
    with _progress(shown, plan.copies + plan.rejected) as tell:

        def heard(at: Progress) -> None:
            last[:] = [at]
            tell(at)

        try:
            with executor(jobs, scheduler) as workers:
                return run(
                    plan, settings, store, workers, resume=resume, fail_fast=fail_fast,
                    progress=heard, laid=editions.keep,
                )  # fmt: skip
        except KeyboardInterrupt:
            done = last[0].done if last else 0
            problem = error(
                f"stopped: {done:,} of {plan.copies:,} copies are there",
                hint="repeat the command with --resume to go on",
            )
            click.echo(f"\n{problem}" if shown == "bar" else str(problem), err=True)
            raise click.exceptions.Exit(130) from None


@contextmanager
def _progress(shown: str, total: int) -> Iterator[Any]:
    """What to call with each `Progress`: it draws a bar, writes JSON lines, or does nothing."""
    if shown == "json":
        yield _JsonLines().tell
        return
    hidden = shown == "none" or not sys.stderr.isatty()
    with click.progressbar(
        length=total, label="Copies", file=sys.stderr, hidden=hidden, show_pos=True,
        item_show_func=lambda words: words,
    ) as bar:  # fmt: skip
        start = time.perf_counter()

        def tell(at: Progress) -> None:
            rate = (at.done + at.rejected) / max(time.perf_counter() - start, 0.001)
            rejected = f", {at.rejected:,} rejected" if at.rejected else ""
            words = f"{rate:,.0f}/s{rejected} {at.edition}"
            bar.update(at.done + at.rejected - bar.pos, words)

        yield tell


class _JsonLines:
    """Progress for machines: a line a second, and one for the end."""

    def __init__(self) -> None:
        self.start = time.perf_counter()
        self.next = 0.0

    def tell(self, at: Progress) -> None:
        """Write where the run stands, if it is time."""
        passed = time.perf_counter() - self.start
        if passed >= self.next or at.done + at.rejected == at.total:
            self.next = passed + _OFTEN
            told = {
                "done": at.done, "rejected": at.rejected, "total": at.total,
                "seconds": round(passed, 1), "edition": at.edition,
            }  # fmt: skip
            click.echo(json.dumps(told), err=True)


def _report_batch(told: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(told))
        return
    kept = f", {counted(told['kept'], 'copy')} there already" if told["kept"] else ""
    click.echo(
        f"{counted(told['written'], 'copy')} of {counted(told['editions'], 'edition')} in "
        f"{told['seconds']} s{kept}",
        err=True,
    )
    if told["rejected"]:
        click.echo(f"{counted(told['rejected'], 'row')} rejected: see rejects.csv", err=True)
    click.echo(told.get("zip", told["folder"]))


def _report_dry_run(plan: Plan, settings: Settings, as_json: bool) -> None:
    """What a run would come to; one edition and one copy are made to measure them."""
    from ..batch import measure

    told = {
        "copies": plan.copies, "rejected": plan.rejected, "editions": len(plan.selections),
        **measure(plan, settings),
    }  # fmt: skip
    if as_json:
        rejects = [{"row": r.line, "reason": r.reason} for r in plan.ledger.rejects()]
        click.echo(json.dumps({**told, "rejects": rejects}, ensure_ascii=False))
    else:
        click.echo(
            f"{counted(told['copies'], 'copy')} of {counted(told['editions'], 'edition')}, some "
            f"{told['megabytes']:,} MB, about {told['seconds']:,} s on one processor"
        )
        for reject in plan.ledger.rejects():
            click.echo(f"row {reject.line}: {reject.reason}", err=True)
    if plan.rejected:
        raise click.exceptions.Exit(1)


def _report_copy(line: Mapping[str, Any], as_json: bool) -> None:
    """Whose copy it is; with a learner's name only on the copy itself, its row and file say so."""
    if as_json:
        click.echo(json.dumps(line, ensure_ascii=False))
        return
    whose = f"row {line['row']}" + (f", id {line['id']}" if line["id"] else "")
    click.echo(f"copy {line['copy']}: {whose}, {line['file']}, {line['selection']}")


def _report_check(wrong: Sequence[str], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"wrong": list(wrong)}, ensure_ascii=False))
    else:
        for line in wrong:
            click.echo(line)
        click.echo(
            "every copy is as it was written" if not wrong else f"{len(wrong)} wrong", err=True
        )
    if wrong:
        raise click.exceptions.Exit(1)
