"""The command `handbook batch`."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from .. import shipped_content
from .options import Day, brand_option, content_option, edition_day, load


@click.command()
@click.argument("roster", required=False, metavar="ROSTER")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The folder for the copies.")
@click.option("-j", "--jobs", type=click.IntRange(1), help="Processes; else as many as processors.")
@click.option("--resume", is_flag=True, help="Go on with a run that was stopped.")
@click.option("--name-template", "template", default="", metavar="NAME",
              help="As in {cohort}/{id}-{role}.pdf")  # fmt: skip
@click.option("--column", "columns", multiple=True, metavar="learner=COLUMN",
              help="Which column is what, where its name does not say.")  # fmt: skip
@click.option("--zip", "zipped", is_flag=True, help="Pack the copies into one archive, too.")
@click.option("--dry-run", is_flag=True, help="Say what would be made; write nothing.")
@click.option("--fail-fast", is_flag=True, help="Stop at the first row that gives no copy.")
@click.option("--check", "checked", type=click.Path(path_type=Path), metavar="DIR",
              help="Compare a folder of copies with its manifest.")  # fmt: skip
@click.option("--copy", "asked", default="", metavar="FILE|NUMBER",
              help="With --check: whose copy this is, and whether it is genuine.")  # fmt: skip
@click.option("--skip", multiple=True, metavar="DAY[..DAY]", help="Days without study, for all.")
@click.option("--paper", default="a4", show_default=True, help="a4, letter or a5.")
@click.option("--theme", default="default", show_default=True, help="A theme's name or YAML file.")
@brand_option
@click.option("--date", "day", type=Day(), help="The edition's date, as for build.")
@click.option("--json", "as_json", is_flag=True, help="Say the result as JSON.")
@content_option
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
def batch(
    roster: str | None, output: Path | None, jobs: int | None, resume: bool, template: str,
    columns: tuple[str, ...], zipped: bool, dry_run: bool, fail_fast: bool, checked: Path | None,
    asked: str, skip: tuple[str, ...], paper: str, theme: str, brand: str | None, day: date | None,
    as_json: bool,
    content: Path | None, quiet: bool,
) -> None:  # fmt: skip
    """Make a copy for every learner of a ROSTER: CSV, XLSX, JSON Lines, or - for standard input."""
    from .. import batch as batches
    from ..roster import COLUMNS, parse_columns, read_roster

    if asked:
        if checked is None:
            raise click.UsageError("--copy goes with --check DIR")
        _report_copy(batches.find_copy(checked, asked), as_json)
        return
    if checked is not None:
        _report_check(batches.check(checked), as_json)
        return
    if roster is None or (output is None and not dry_run):
        raise click.UsageError("name a ROSTER and, with -o, a folder for the copies")
    pack = load(content)
    known = ["row", "stem", *COLUMNS, *pack.fields]
    batches.check_template(template, known)
    folder = str(content if content is not None else shipped_content())
    settings = batches.Settings(folder, day or edition_day(), theme, paper, template, skip,
                                brand or "")  # fmt: skip
    own = batches.brand_at(brand or "")
    mapped = own.columns if own else {}
    named = [*(f"{key}={name}" for key, name in mapped.items()), *columns]
    listed = read_roster(roster, pack.fields, parse_columns(named))
    plan = batches.plan_run(pack, listed, settings)
    for name in listed.ignored if not quiet else ():
        click.echo(f"note: the column {name!r} means nothing to this handbook", err=True)
    if dry_run:
        _report_dry_run(batches, plan, settings, as_json)
        return
    assert output is not None
    started = time.perf_counter()
    result = _run_batch(plan, settings, output, jobs or os.cpu_count() or 1, resume, fail_fast,
                        quiet or as_json)  # fmt: skip
    batches.write_rejects(result.rejects, listed, output)
    archive = batches.zip_copies(output) if zipped else None
    told = {
        "written": result.written, "kept": result.kept, "rejected": len(result.rejects),
        "editions": len(plan.selections), "seconds": round(time.perf_counter() - started, 2),
        "folder": str(output), **({"zip": str(archive)} if archive else {}),
    }  # fmt: skip
    _report_batch(told, as_json)
    if result.rejects:
        raise click.exceptions.Exit(1)


def _run_batch(
    plan: Any, settings: Any, output: Path, jobs: int, resume: bool, fail_fast: bool, quiet: bool
) -> Any:
    from .. import batch as batches
    from ..executors import executor

    total = len(plan.orders) + len(plan.rejects)
    shown = not quiet and sys.stderr.isatty()
    with click.progressbar(length=total, label="Copies", file=sys.stderr, hidden=not shown) as bar:

        def progress(done: int, rejects: int) -> None:
            bar.label = f"Copies ({rejects} rejected)" if rejects else "Copies"
            bar.update(done + rejects - bar.pos)

        with executor(jobs) as pool:
            return batches.run(
                plan, settings, output, pool, resume=resume, fail_fast=fail_fast, progress=progress
            )


def _report_batch(told: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(told))
        return
    kept = f", {told['kept']:,} were there already" if told["kept"] else ""
    click.echo(
        f"{told['written']:,} copies of {told['editions']} editions in {told['seconds']} s{kept}",
        err=True,
    )
    if told["rejected"]:
        click.echo(f"{told['rejected']:,} rows rejected: see rejects.csv", err=True)
    click.echo(told.get("zip", told["folder"]))


def _report_dry_run(batches: Any, plan: Any, settings: Any, as_json: bool) -> None:
    """What a run would come to; one edition and one copy are made to measure them."""
    told = {
        "copies": len(plan.orders), "rejected": len(plan.rejects), "editions": len(plan.selections),
        **batches.measure(plan, settings),
    }  # fmt: skip
    if as_json:
        rejects = [{"row": r.line, "reason": r.reason} for r in plan.rejects]
        click.echo(json.dumps({**told, "rejects": rejects}, ensure_ascii=False))
    else:
        click.echo(
            f"{told['copies']:,} copies of {told['editions']} editions, some "
            f"{told['megabytes']:,} MB, about {told['seconds']:,} s on one processor"
        )
        for reject in plan.rejects:
            click.echo(f"row {reject.line}: {reject.reason}", err=True)
    if plan.rejects:
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
