"""Commands: parse options, call, show.  No logic.

The path written is the last line on standard output; everything else goes to
standard error.  Exit codes: 0 done, 1 something is wrong with the content or
the choice, 2 the command was used wrongly.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import __version__, shipped_content
from .diagnostics import Diagnostic, HandbookError, error, suggest
from .units import UNITS

if TYPE_CHECKING:
    from .content import Pack
    from .document import Document
    from .selection import Selection

OUTPUT = Path("output")


class _Day(click.ParamType):  # type: ignore[type-arg]
    """A day as YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day; write it as 2026-12-01", param, ctx)


class _Length(click.ParamType):  # type: ignore[type-arg]
    """A length with its unit, in points."""

    name = "LENGTH"

    def convert(self, value: Any, param: Any, ctx: Any) -> float:
        if isinstance(value, float):
            return value
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(pt|mm|cm|in)|0", str(value))
        if not match:
            self.fail(f"{value!r} is not a length; write it as 3mm", param, ctx)
        return float(match[1]) * UNITS[match[2]] if match[1] else 0.0


class _FromPack(click.ParamType):  # type: ignore[type-arg]
    """An id from the content pack; a shell can complete it."""

    def __init__(self, axis: str) -> None:
        self.axis = axis
        self.name = "id"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> Any:
        """The ids of the pack that begin with what is typed."""
        from click.shell_completion import CompletionItem

        from .content import load_pack

        folder = ctx.params.get("content") or shipped_content()
        try:
            rows = load_pack(Path(folder)).axis(self.axis)
        except HandbookError:
            return []
        return [
            CompletionItem(str(row["id"]), help=str(row["name"]))
            for row in rows
            if str(row["id"]).startswith(incomplete)
        ]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="handbook")
def main() -> None:
    """Turn a folder of Markdown and tables into a personalised, printable PDF handbook."""


def _content_option(command: Callable[..., None]) -> Callable[..., None]:
    return click.option(
        "--content", type=click.Path(path_type=Path), metavar="DIR",
        help="The content pack; without it, the one that is shipped.",
    )(command)  # fmt: skip


@main.command()
@click.option("--role", type=_FromPack("roles"), default="", help="The learner's role.")
@click.option("--path", type=_FromPack("paths"), default="", help="The learning path.")
@click.option("--plan", type=_FromPack("plans"), default="", help="The study plan.")
@click.option("--learner", default="", metavar="NAME", help="Whose copy this is.")
@click.option("--field", "fields", multiple=True, metavar="NAME=VALUE",
              help="What else is the learner's own, as in cohort=\"Spring 2027\".")  # fmt: skip
@click.option("--start", type=_Day(), help="Date the plan's sessions from this day on.")
@click.option("--hours", type=float, default=0.0, help="Hours a week; else the plan's own pace.")
@click.option(
    "--days", default="", metavar="mon,wed,sat", help="Study days; else Monday to Friday."
)
@click.option("--skip", multiple=True, metavar="DAY[..DAY]", help="Days without study.")
@click.option("--exam", type=_Day(), help="The day of the exam: all is done before it.")
@click.option("--country", default="", metavar="CODE", help="Leave out public holidays: IN, DE …")
@click.option("--ics", "ics", metavar="FILE", help="Write the dates as a calendar, too.")
@click.option("-o", "--output", metavar="FILE", help="Where to write; - for standard output; "
              "with --all, a folder.")  # fmt: skip
@click.option("--all", "every", is_flag=True, help="Every role with its suggested path.")
@click.option("--paper", default="a4", show_default=True, help="a4, letter or a5.")
@click.option("--date", "day", type=_Day(), help="The edition's date; else SOURCE_DATE_EPOCH, "
              "else today.")  # fmt: skip
@click.option("--theme", default="default", show_default=True, help="A theme's name or YAML file.")
@click.option("--duplex", is_flag=True, help="For printing on both sides: inner and outer margins, "
              "chapters on right-hand pages.")  # fmt: skip
@click.option("--bleed", type=_Length(), default="0", metavar="LENGTH",
              help="Let colour run over the trimmed edge, as in 3mm.")  # fmt: skip
@click.option("--marks", is_flag=True, help="Add crop marks.")
@click.option("--booklet", is_flag=True, help="Two pages to a side, to be folded and stapled.")
@click.option("--signature", type=int, default=0, metavar="PAGES",
              help="Fold a booklet in parts of so many pages, as in 32.")  # fmt: skip
@click.option("--large-print", is_flag=True, help="Text of 18 points.")
@click.option("--mono", is_flag=True, help="Greys, for a printer without colour.")
@click.option("--form", is_flag=True, help="Boxes can be ticked on screen.")
@click.option("--attach-data", is_flag=True, help="Put the tables into the PDF (PDF/A-3).")
@click.option("--png", is_flag=True, help="Write the pages as pictures, too.")
@click.option("--pages", default="", metavar="1-4", help="Which pages --png writes.")
@click.option("--strict", is_flag=True, help="Take warnings as errors.")
@_content_option
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but the path written.")
@click.option("-v", "--verbose", is_flag=True, help="Say size and time; after a defect, where.")
def build(
    role: str, path: str, plan: str, learner: str, fields: tuple[str, ...], start: date | None,
    hours: float, days: str, skip: tuple[str, ...], exam: date | None, country: str,
    ics: str | None,
    output: str | None, every: bool, paper: str,
    day: date | None, theme: str, duplex: bool, bleed: float, marks: bool, booklet: bool,
    signature: int, large_print: bool, mono: bool, form: bool, attach_data: bool,
    png: bool, pages: str, strict: bool, content: Path | None,
    quiet: bool, verbose: bool,
) -> None:  # fmt: skip
    """Build a handbook: for a role, a path, a plan, or (without any) the complete one."""
    from .press import Press
    from .render import page_pictures
    from .selection import all_selections, select

    began = time.perf_counter()
    if every and (role or path or learner or fields):
        raise click.UsageError(
            "--all builds every role: leave out --role, --path, --learner and --field"
        )
    if png and (every or output == "-"):
        raise click.UsageError("--png writes the pages of one handbook, beside its file")
    if pages and not png:
        raise click.UsageError("--pages goes with --png")
    if signature and not booklet:
        raise click.UsageError("--signature goes with --booklet")
    pack = _load(content)
    press = Press(duplex, bleed, marks, booklet, signature, large_print, mono, form)
    values = _values(pack, learner, fields)
    if start is None and (hours or days or skip or exam or country or ics):
        raise click.UsageError("--hours, --days, --skip, --exam, --country and --ics need --start")
    calendar = _calendar(start, hours, days, skip, exam, country) if start else None
    common: dict[str, Any] = {"plan": plan, "paper": paper, "day": day or _edition_day()}
    if every:
        chosen = all_selections(pack, press=press, **common)
    else:
        common |= {"given": values, "press": press, "calendar": calendar}
        chosen = [select(pack, role=role, path=path, **common)]
    job = _Job(pack, values, theme, attach_data, quiet)
    job.advise(chosen, strict)
    if every:
        _build_all(job, chosen, Path(output) if output else OUTPUT)
    else:
        _say(f"{pack.title}: {chosen[0].words}", quiet)
        data = job.copy(chosen[0])
        if verbose:
            click.echo(f"{len(data):,} bytes in {time.perf_counter() - began:.2f} s", err=True)
        pictures = list(page_pictures(data, pages)) if png else []
        _deliver(data, output, chosen[0], learner, pictures)
        if ics:
            _write_calendar(pack, chosen[0], learner, Path(ics))


@dataclass(frozen=True)
class _Job:
    """What all copies of one command share."""

    pack: Pack
    values: Mapping[str, str]
    theme: str
    attach: bool
    quiet: bool
    documents: dict[str, Document] = field(default_factory=dict)

    def copy(self, selection: Selection) -> bytes:
        """The PDF of one selection."""
        from . import pipeline

        document = self.documents.pop(selection.stem)
        return pipeline.edition_of(document, selection, self.theme, self.attach).fill(self.values)

    def advise(self, chosen: Sequence[Selection], strict: bool) -> None:
        """Print what authors should hear of, once each; with `strict`, stop there."""
        from . import pipeline

        found: set[Diagnostic] = set()
        for selection in chosen:
            document = pipeline.document_of(self.pack, selection)
            self.documents[selection.stem] = document
            found |= set(pipeline.advice_of(document, self.theme))
        if found and strict:
            raise HandbookError(*(replace(d, severity="error") for d in sorted(found)))
        if not self.quiet:
            for diagnostic in sorted(found):
                click.echo(str(diagnostic), err=True)


def _deliver(
    data: bytes,
    output: str | None,
    selection: Selection,
    learner: str,
    pictures: Sequence[tuple[str, bytes]],
) -> None:
    from .output import write_whole

    if output == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    own = f"_{_file_name(learner)}" if learner else ""
    path = Path(output) if output else OUTPUT / f"{selection.stem}{own}.pdf"
    if path.is_dir():
        path = path / f"{selection.stem}{own}.pdf"
    for name, picture in pictures:
        write_whole(path.with_suffix("") / name, picture)
    write_whole(path, data)
    click.echo(str(path))


def _file_name(learner: str) -> str:
    """A learner's name in a file name; a name without a Latin letter is told by a digest."""
    from .selection import slug

    if any(char.isascii() and char.isalnum() for char in learner):
        return slug(learner)
    return "copy-" + hashlib.sha256(learner.encode("utf-8", "replace")).hexdigest()[:8]


def _build_all(job: _Job, chosen: Sequence[Selection], folder: Path) -> None:
    from .output import write_whole

    written: list[Path] = []
    shown = not job.quiet and sys.stderr.isatty()
    label = "Building"
    with click.progressbar(list(chosen), label=label, file=sys.stderr, hidden=not shown) as bar:
        for selection in bar:
            path = folder / f"{selection.stem}.pdf"
            if not shown:
                _say(f"{selection.words}", job.quiet)
            write_whole(path, job.copy(selection))
            written.append(path)
    for path in written:
        click.echo(str(path))


@main.command()
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
@click.option("--skip", multiple=True, metavar="DAY[..DAY]", help="Days without study, for all.")
@click.option("--paper", default="a4", show_default=True, help="a4, letter or a5.")
@click.option("--theme", default="default", show_default=True, help="A theme's name or YAML file.")
@click.option("--date", "day", type=_Day(), help="The edition's date, as for build.")
@click.option("--json", "as_json", is_flag=True, help="Say the result as JSON.")
@_content_option
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
def batch(
    roster: str | None, output: Path | None, jobs: int | None, resume: bool, template: str,
    columns: tuple[str, ...], zipped: bool, dry_run: bool, fail_fast: bool, checked: Path | None,
    skip: tuple[str, ...], paper: str, theme: str, day: date | None, as_json: bool,
    content: Path | None, quiet: bool,
) -> None:  # fmt: skip
    """Make a copy for every learner of a ROSTER: CSV, XLSX, JSON Lines, or - for standard input."""
    from . import batch as batches
    from .roster import COLUMNS, parse_columns, read_roster

    if checked is not None:
        _report_check(batches.check(checked), as_json)
        return
    if roster is None or (output is None and not dry_run):
        raise click.UsageError("name a ROSTER and, with -o, a folder for the copies")
    pack = _load(content)
    known = ["row", "stem", *COLUMNS, *pack.fields]
    batches.check_template(template, known)
    folder = str(content if content is not None else shipped_content())
    settings = batches.Settings(folder, day or _edition_day(), theme, paper, template, skip)
    listed = read_roster(roster, pack.fields, parse_columns(columns))
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
    from . import batch as batches
    from .executors import executor

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


@main.command("list")
@click.argument("what", type=click.Choice(["roles", "paths", "plans", "chapters", "facts"]))
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--due", is_flag=False, flag_value="today", default="", metavar="[DATE]",
              help="Of facts, those due for another check at a date (today).")  # fmt: skip
@_content_option
def list_(what: str, as_json: bool, due: str, content: Path | None) -> None:
    """List what a pack has: roles, paths, plans, chapters, or facts with their checks."""
    if due and what != "facts":
        raise click.UsageError("--due goes with 'list facts'")
    pack = _load(content)
    rows = _facts(pack, due) if what == "facts" else _listing(pack, what)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    width = max((len(str(next(iter(row.values())))) for row in rows), default=0)
    for row in rows:
        first, *rest = [str(value) for value in row.values() if value not in ("", None)]
        click.echo(f"{first:<{width}}  {'  '.join(rest)}".rstrip())


def _listing(pack: Pack, what: str) -> list[dict[str, Any]]:
    if what == "chapters":
        return [{"id": c.id, "title": c.title, "file": c.file} for c in pack.chapters]
    keys = {"roles": ("id", "name", "path"), "paths": ("id", "name"), "plans": ("id", "name")}
    return [
        {key: str(row[key]) for key in keys[what] if row.get(key) is not None}
        for row in pack.axis(what)
    ]


def _facts(pack: Pack, due: str) -> list[dict[str, Any]]:
    from .content import facts

    found = facts(pack)
    if due:
        limit = _edition_day() if due == "today" else _Day().convert(due, None, None)
        found = [fact for fact in found if fact.review_by <= limit]
    return [
        {
            "fact": fact.name,
            "checked": fact.checked.isoformat(),
            "review_by": fact.review_by.isoformat(),
            "sources": " ".join(fact.sources),
            "place": str(fact.source),
        }
        for fact in found
    ]


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option("--profile", "profiles", multiple=True, metavar="NAME",
              help="ua1, 2a, 3a …; else PDF/UA-1 and what the file claims.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def verify(files: tuple[Path, ...], profiles: tuple[str, ...], as_json: bool) -> None:
    """Check PDFs: with veraPDF where it is to be had, and with checks of our own."""
    from .verify import format_json, format_reports
    from .verify import verify as verify_files

    missing = [file for file in files if not file.is_file()]
    if missing:
        raise HandbookError(*(Diagnostic(str(f), 0, 0, "there is no such file") for f in missing))
    reports = verify_files(files, profiles)
    click.echo(format_json(reports) if as_json else format_reports(reports))
    if not all(report.passed for report in reports):
        raise click.exceptions.Exit(1)


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that teaches a shell to complete this command."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(main, {}, "handbook", "_HANDBOOK_COMPLETE").source())


def _calendar(
    start: date, hours: float, days: str, skip: Sequence[str], exam: date | None, country: str
) -> dict[str, Any]:
    """What the options say of the learner's calendar, with the holidays of a country."""
    from .free_days import public_holidays

    if not 0 <= hours <= 100:
        raise click.UsageError("--hours is from 0.5 to 100 hours a week")
    free = public_holidays(country, start) if country else []
    return {
        "start": start, "hours": hours, "days": days, "skip": skip, "exam": exam, "holidays": free
    }  # fmt: skip


def _write_calendar(pack: Pack, selection: Selection, learner: str, path: Path) -> None:
    from .calendar_file import calendar_file
    from .output import write_whole
    from .selection import slug

    assert selection.schedule is not None
    assert selection.plan is not None
    key = f"{slug(pack.title)}/{selection.plan['id']}/{slug(learner) if learner else ''}"
    title = f"{pack.title}: {selection.plan['name']} plan"
    data = calendar_file(selection.schedule, title=title, key=key, stamp=selection.date)
    write_whole(path, data)
    click.echo(str(path))


def _values(pack: Pack, learner: str, fields: Sequence[str]) -> dict[str, str]:
    """The learner's own values by field; only fields that the pack knows."""
    values = {"learner": learner} if learner else {}
    for given in fields:
        name, equals, value = given.partition("=")
        if not equals:
            raise click.UsageError(f"--field {given!r}: write it as NAME=VALUE")
        if name not in pack.fields:
            raise error(f"unknown field {name!r}", hint=suggest(name, pack.fields))
        values[name] = value
    return {name: value for name, value in values.items() if value.strip()}


def _load(content: Path | None) -> Pack:
    from .content import load_pack

    return load_pack(content if content is not None else shipped_content())


def _edition_day() -> date:
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return date.today()
    try:
        return datetime.fromtimestamp(int(epoch), tz=timezone.utc).date()
    except (ValueError, OverflowError, OSError):
        raise error(
            f"SOURCE_DATE_EPOCH is not a number of seconds: {epoch!r}",
            hint="unset it, or give the edition's date with --date",
        ) from None


def _say(words: str, quiet: bool) -> None:
    if not quiet:
        click.echo(words, err=True)


def run(arguments: Sequence[str] | None = None) -> None:
    """The console script: runs a command, and turns whatever goes wrong into one message."""
    verbose = any(a in ("-v", "--verbose") for a in (arguments or sys.argv[1:]))
    try:
        code = main.main(args=arguments, prog_name="handbook", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except HandbookError as problem:
        for diagnostic in problem.diagnostics:
            click.echo(str(diagnostic), err=True)
        sys.exit(1)
    except click.exceptions.Abort:
        click.echo("interrupted", err=True)
        sys.exit(130)
    except click.ClickException as problem:
        problem.show()
        sys.exit(problem.exit_code)
    except BrokenPipeError:
        # Whoever read our output has gone; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as problem:
        if verbose:
            traceback.print_exc()
        click.echo(
            f"error: unexpected {type(problem).__name__}: {problem}\n"
            "  hint: this is a defect of the program; run again with -v and report it",
            err=True,
        )
        sys.exit(1)
