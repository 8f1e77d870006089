"""Run the command `handbook batch`."""

from __future__ import annotations

import json
import os
import pickle
import tempfile
import time
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..core.diagnostics import SHOWN, Diagnostic, error, listed
from ..core.files import no_temporary_room
from ..core.units import counted
from .batch_options import BatchRequest, result_options, roster_options
from .batch_report import progress, report_batch, report_check, report_copy, report_dry_run
from .options import (
    Day,
    brand_option,
    content_option,
    edition_day,
    given,
    jobs_option,
    paper_option,
    report,
    theme_option,
)
from .protection import NO_ARCHIVE, signing_options

if TYPE_CHECKING:
    from ..batch import Plan, Progress, Result, Settings
    from ..batch.open_badges import BadgeRun
    from ..batch.roster import Roster
    from ..batch.storage import Store
    from ..pack.model import Pack


@click.command()
@click.argument("roster", required=False, metavar="ROSTER")
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    help="A folder for the copies, or a URL as in s3://bucket/folder.",
)
@roster_options
@click.option(
    "--name-template",
    "template",
    default="",
    metavar="NAME",
    help="File names, as in {cohort}/{id}-{role}.pdf, from any column.",
)
@result_options
@jobs_option
@click.option(
    "--scheduler",
    default="",
    metavar="ADDRESS",
    help="The Dask scheduler of a cluster to work on, as in tcp://10.0.0.5:8786.",
)
@click.option(
    "--resume", is_flag=True, help="Continue even if none of the folder's copies is on the roster."
)
@click.option("--prune", is_flag=True, help="Delete copies that are no longer on the roster.")
@click.option(
    "--dry-run", is_flag=True, help="Show the first learners and what was guessed; write nothing."
)
@click.option("--fail-fast", is_flag=True, help="Stop at the first rejected row.")
@click.option(
    "--check",
    "checked",
    metavar="DIR",
    help="Compare a folder of copies (or a URL) with its manifest.",
)
@click.option(
    "--copy",
    "query",
    default="",
    metavar="FILE|NUMBER",
    help="With --check: whose copy this is, and whether it is genuine.",
)
@click.option("--skip", multiple=True, metavar="DAY[..DAY]", help="Days without study, for all.")
@paper_option
@theme_option
@brand_option
@click.option(
    "--date",
    "day",
    type=Day(),
    help="The edition's date [default: that of the folder's first run, otherwise today].",
)
@signing_options
@click.option(
    "--password-column",
    default="",
    metavar="COLUMN",
    help="Encrypt each copy with the password in this column; it is then not PDF/A.",
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print the result as JSON, and progress as JSON lines on stderr.",
)
@content_option
@click.option("-q", "--quiet", is_flag=True, help="Show no progress and no notes.")
def batch(**options: Any) -> None:
    """Make a copy for every learner on a roster.

    ROSTER is CSV, XLSX or JSON, or - for standard input.  Repeat the command with a longer or
    corrected roster to make only what is new or has changed.
    """
    request = BatchRequest(**{item.name: options[item.name] for item in fields(BatchRequest)})
    if request.query or request.checked is not None:
        _check(request)
        return
    if request.badge and request.protection.signing is None:
        raise click.UsageError("--badge goes with --sign")
    if request.roster is None or (request.output is None and not request.dry_run):
        raise click.UsageError("name a ROSTER and, with -o, a folder for the copies")
    _Command(request).run()


def _check(request: BatchRequest) -> None:
    from .. import batch as batches
    from ..batch.stores import store_at

    if request.checked is None:
        raise click.UsageError("--copy goes with --check DIR")
    store = store_at(request.checked)
    if request.query:
        report_copy(batches.find_copy(store, request.query), request.as_json)
    else:
        report_check(batches.check(store), request.as_json)


class _Command:
    """One run of the command, from the roster to the report."""

    def __init__(self, request: BatchRequest) -> None:
        from ..batch.stores import store_at
        from ..pack.loader import load_pack

        self.request = request
        self.store = store_at(request.output) if request.output is not None else None
        self.pack: Pack = load_pack(request.content)

    def run(self) -> None:
        """Make the copies, or say what would be made."""
        from .. import batch as batches

        local = self.store is None or self.store.shares_filesystem
        if not local and (self.request.zipped or self.request.groups or self.request.moodle):
            raise click.UsageError(
                "--zip, --zip-by and --moodle need a folder of this machine, not a URL"
            )
        roster = self._roster()
        if self.request.groups:
            batches.check_group(self.request.groups, self.pack, roster.header)
        batches.check_template(self.request.template, self._places(roster))
        self._check_password_column(roster)
        settings = self._settings(self.store)
        plan = self._plan(roster, settings)
        self._notes(roster, plan)
        if self.request.dry_run or self.store is None:
            report_dry_run(plan, settings, roster, self.request.as_json)
            return
        with batches.locked(self.store):
            self._make(plan, settings, self.store)

    def _check_password_column(self, roster: Roster) -> None:
        """Check that the column with the passwords is there, and say what encryption costs."""
        from ..core.diagnostics import suggest

        column = self.request.password_column
        if not column:
            return
        places = self._places(roster)
        if column not in places:
            raise error(
                f"the roster has no column {column!r}", hint=suggest(column, places), code="roster"
            )
        if not self.request.quiet and not self.request.as_json:
            click.echo(NO_ARCHIVE.replace("an encrypted file", "a copy with a password"), err=True)

    def _places(self, roster: Roster) -> list[str]:
        from ..batch.roster import COLUMNS

        return ["row", "stem", *COLUMNS, *self.pack.fields, *filter(None, roster.header)]

    def _roster(self) -> Roster:
        from .. import batch as batches
        from ..batch.roster import RosterOptions, parse_columns, read_roster

        request = self.request
        brand = batches.brand_at(request.brand or "")
        named = parse_columns(
            [f"{key}={name}" for key, name in (brand.columns if brand else {}).items()],
            self.pack.fields,
        )
        options = RosterOptions(
            {**named, **parse_columns(request.columns, self.pack.fields)},
            request.encoding,
            request.sheet,
            request.where,
            self.pack.language,
        )
        return read_roster(str(request.roster), self.pack.fields, options)

    def _settings(self, store: Store | None) -> Settings:
        from .. import batch as batches
        from ..pack.theme_styles import check_styles
        from ..theme.loader import load_theme
        from ..theme.print_options import PHONE, PLAIN, not_on_glass
        from ..theme.print_options import checked as check_print_options

        request = self.request
        # A mistake in what all copies share is reported once, not for each row.
        check_print_options(PLAIN, request.paper)
        if request.paper == PHONE and request.print_run is not None:
            raise not_on_glass("--print-run")
        theme = load_theme(request.theme)
        check_styles(theme, self.pack)
        brand = batches.brand_at(request.brand or "")
        if brand:
            from ..theme.brand.apply import apply_brand

            report(apply_brand(theme, brand).advice)
        day, badge = self._day(store), None
        if request.badge:
            from ..batch.open_badges import badge_run

            badge = badge_run(self.pack, brand, request.protection.signing, day)
        return batches.Settings(
            str(request.content),
            day,
            request.theme,
            request.paper,
            request.template,
            request.skip,
            request.brand or "",
            request.protection,
            request.password_column,
            badge,
        )

    def _day(self, store: Store | None) -> date:
        """Return the date of the run: a folder keeps that of its first run."""
        from .. import batch as batches

        if self.request.day is not None and given("day"):
            return self.request.day
        shared = batches.read_run(store).get("shared") if store is not None else None
        text = shared.get("--date") if isinstance(shared, dict) else None
        try:
            return date.fromisoformat(str(text))
        except ValueError:
            return self.request.day or edition_day()

    def _plan(self, roster: Roster, settings: Settings) -> Plan:
        from .. import batch as batches

        request = self.request
        synonyms = batches.read_synonyms(request.synonyms) if request.synonyms else {}
        rules = batches.ReadingRules(request.dates, roster.spreadsheet, synonyms)
        return batches.plan_run(self.pack, roster, settings, rules)

    def _notes(self, roster: Roster, plan: Plan) -> None:
        """Print what was guessed, what is not used, and which rows are not learners."""
        from .. import batch as batches

        notes = list(roster.notes)
        unused = [name for name in roster.unused if name != self.request.password_column]
        if unused and not self.request.quiet:
            names = listed([repr(name) for name in unused], SHOWN)
            notes.append(f"columns that are not used: {names}")
        for key, reason in batches.without_use(self.pack, roster.used).items():
            notes.append(f"{roster.used[key]!r} chooses nothing: {reason}")
        if "learner" in roster.used and "learner" not in self.pack.fields:
            column = roster.used["learner"]
            notes.append(f"{column!r} is not printed: this handbook has no field 'learner'")
        for kind, count in plan.left_out.items():
            first = plan.left_out_rows[kind]
            place = f"row {first}" if count == 1 else f"the first: row {first}"
            notes.append(f"{counted(count, kind)} left out ({place})")
        for kind, (count, earlier, first) in sorted(plan.repeated.items()):
            verb = ("has", "have") if kind == "id" else ("is the same as", "are the same as")
            what = "the id of an earlier one" if kind == "id" else "an earlier one"
            notes.append(
                f"{counted(count, 'row')} {verb[count > 1]} {what} "
                f"(the first: row {first}, as row {earlier}); each gets a copy"
            )
        if not (plan.copies or plan.rejected or plan.left_out):
            notes.append("the roster has no rows below its header")
        if plan.unchosen:
            rows = counted(plan.unchosen, "row")
            column = roster.used.get("role") or roster.used["path"]
            notes.append(f"complete edition for {rows} with nothing in {column!r}")
        if self.request.quiet:
            # What may print a wrong name or book is reported even with --quiet.
            notes = [note for note in notes if note not in roster.quiet_notes]
        for note in notes:
            text = json.dumps({"note": note}) if self.request.as_json else f"note: {note}"
            click.echo(text, err=True)

    def _make(self, plan: Plan, settings: Settings, store: Store) -> None:
        from .. import batch as batches

        request = self.request
        started = time.perf_counter()
        with _Editions(request.print_run is not None) as editions:
            result = self._run(plan, settings, store, editions)
            if request.print_run is not None:
                batches.write_print_run(
                    self.pack, plan, settings, request.print_run, editions.files
                )
            editions.print_warnings()
        more = self._more(plan, store, settings.badge)
        if not result.written and not result.pruned:
            more["earlier_files"] = []
        files, size = plan.database.total()
        report = {
            "written": result.written,
            "kept": result.kept,
            "rejected": result.rejected,
            "left_out": dict(plan.left_out),
            "former": list(result.former),
            "pruned": list(result.pruned),
            "editions": len(plan.selections),
            "files": files,
            "megabytes": round(size / 1e6, 1),
            "seconds": round(time.perf_counter() - started, 2),
            "folder": store.place,
            **more,
        }
        report_batch(report, request.as_json)
        if result.rejected:
            raise click.exceptions.Exit(1)

    def _more(self, plan: Plan, store: Store, badge: BadgeRun | None) -> dict[str, Any]:
        """Write what is made of the copies; return where it is."""
        from .. import batch as batches

        request, out = self.request, Path(store.place)
        files: list[Path] = [request.print_run] if request.print_run else []
        more: dict[str, Any] = {"print_run": str(request.print_run)} if request.print_run else {}
        if request.groups:
            archives = batches.zip_groups(plan, out, request.groups)
            more["zips"] = [str(path) for path in archives]
            files += archives
        if request.zipped:
            archive = batches.zip_copies(out)
            more["zip"] = str(archive)
            files.append(archive)
        if request.index:
            more["index"] = batches.write_index(self.pack, plan, store)
        if request.handout:
            whole = Path(more.get("zip", "")).name
            more["handout"] = batches.write_handout(plan, store, request.groups, whole)
        if request.moodle:
            batches.write_moodle(plan, out, request.moodle)
            more["moodle"] = str(request.moodle)
            files.append(request.moodle)
        if badge is not None:
            more["badge_key"] = batches.write_badge_key(store, badge)
        names = [more[key] for key in ("index", "handout", "badge_key") if key in more]
        return {**more, "earlier_files": batches.record_files(store, files, names)}

    def _run(self, plan: Plan, settings: Settings, store: Store, editions: _Editions) -> Result:
        from ..batch import RunOptions, run
        from ..pipeline.executors import executor

        request = self.request
        jobs = request.jobs or os.cpu_count() or 1
        shown = "none" if request.quiet else "json" if request.as_json else "bar"
        options = RunOptions(request.resume, request.prune, request.fail_fast)
        last: list[Progress] = []
        with progress(shown, plan.copies + plan.rejected) as show:

            def heard(at: Progress) -> None:
                last[:] = [at]
                show(at)

            try:
                with executor(jobs, request.scheduler) as workers:
                    return run(
                        plan,
                        settings,
                        store,
                        workers,
                        options,
                        progress=heard,
                        laid_out=editions.keep,
                    )
            except KeyboardInterrupt:
                done = last[0].done if last else 0
                problem = error(
                    f"stopped: {done:,} of {plan.copies:,} copies are there",
                    hint="repeat the command to continue",
                )
                click.echo(f"\n{problem}" if shown == "bar" else str(problem), err=True)
                raise click.exceptions.Exit(130) from None


class _Editions:
    """Editions that a run laid out, kept for its print run as long as that takes."""

    def __init__(self, wanted: bool) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="handbook-") if wanted else None
        self.files: dict[str, Path] = {}
        # What the editions do not claim, and why.
        self.warnings: dict[Diagnostic, None] = {}

    def __enter__(self) -> _Editions:
        return self

    def __exit__(self, *problem: object) -> None:
        if self.folder is not None:
            self.folder.cleanup()

    def print_warnings(self) -> None:
        """Print what the editions do not claim."""
        report(self.warnings)

    def keep(self, key: str, edition: bytes) -> None:
        """Note what an edition does not claim; keep it as a file if that is wanted.

        Raises:
            HandbookError: If there is no room for it.
        """
        from ..pipeline.phases import edition_warnings

        _, laid_out = pickle.loads(edition)
        self.warnings |= dict.fromkeys(edition_warnings(laid_out))
        if self.folder is None:
            return
        path = Path(self.folder.name) / key
        try:
            path.write_bytes(edition)
        except OSError as problem:
            raise no_temporary_room(problem) from None
        self.files[key] = path
