"""Run the command `handbook build`."""

from __future__ import annotations

import gc
import hashlib
import os
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..core.diagnostics import Diagnostic, HandbookError, error
from ..core.units import counted
from ..core.values import frozen
from ..theme.print_options import PrintOptions
from .options import (
    Day,
    FromPack,
    Length,
    Standard,
    brand_option,
    content_option,
    echo_path,
    edition_day,
    given,
    grouped,
    paper_option,
    print_message,
    report,
    theme_option,
)
from .protection import NO_ARCHIVE, password_option, signing_options

if TYPE_CHECKING:
    from ..pdf.protection import Protection
    from ..pipeline.edition_cache import EditionCache
    from ..pipeline.request import BuildRequest

OUTPUT = Path("output")


@frozen
class SelectionOptions:
    """The options that select an edition and its reader."""

    role: str
    path: str
    plan: str
    learner: str
    fields: tuple[str, ...]
    paper: str
    day: date | None
    theme: str
    brand: str | None


@frozen
class Dates:
    """The learner's calendar."""

    start: date | None
    hours: float
    days: str
    skip: tuple[str, ...]
    exam: date | None
    country: str
    ics: str | None


@frozen
class Output:
    """The options for the output."""

    output: str | None
    every: bool
    attach_data: bool
    png: bool
    pages: str
    strict: bool
    draft: bool
    no_cache: bool
    quiet: bool
    verbose: bool


@click.command()
@click.option("--role", type=FromPack("roles"), default="", help="The learner's role.")
@click.option("--path", type=FromPack("paths"), default="", help="The learning path.")
@click.option("--plan", type=FromPack("plans"), default="", help="The study plan.")
@click.option("--learner", default="", metavar="NAME", help="The learner's name.")
@click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="NAME=VALUE",
    help='Another value of the learner\'s, such as cohort="Spring 2027".',
)
@click.option("--start", type=Day(), help="First day of study; dates the plan's sessions.")
@click.option(
    "--hours", type=float, default=0.0, help="Study hours per week [default: the plan's pace]."
)
@click.option(
    "--days", default="", metavar="mon,wed,sat", help="Study days [default: Monday to Friday]."
)
@click.option("--skip", multiple=True, metavar="DAY[..DAY]", help="Days without study.")
@click.option("--exam", type=Day(), help="Day of the exam; all sessions are before it.")
@click.option(
    "--country", default="", metavar="CODE", help="Skip this country's public holidays: IN, DE …"
)
@click.option("--ics", metavar="FILE", help="Also write the dates as a calendar file.")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="File to write, - for standard output; with --all, a folder.",
)
@click.option("--all", "every", is_flag=True, help="Build every role with its suggested path.")
@paper_option
@click.option(
    "--date", "day", type=Day(), help="Edition date [default: SOURCE_DATE_EPOCH, or today]."
)
@theme_option
@brand_option
@click.option(
    "--duplex",
    is_flag=True,
    help="Two-sided printing: inner and outer margins, chapters on right-hand pages.",
)
@click.option(
    "--bleed",
    type=Length(),
    default="0",
    metavar="LENGTH",
    help="Extend colour beyond the trimmed edge, such as 3mm.",
)
@click.option("--marks", is_flag=True, help="Add crop marks.")
@click.option("--booklet", is_flag=True, help="Two pages to a side, to be folded and stapled.")
@click.option(
    "--signature",
    type=int,
    default=0,
    metavar="PAGES",
    help="Fold a booklet in sections of this many pages, such as 32.",
)
@click.option("--large-print", is_flag=True, help="18-point text.")
@click.option("--grayscale", is_flag=True, help="Greyscale, for a black-and-white printer.")
@click.option("--form", is_flag=True, help="Make checkboxes form fields, to be ticked on screen.")
@click.option(
    "--standard",
    type=Standard(),
    metavar="ua1|ua2",
    default="ua1",
    show_default=True,
    help="PDF/UA-1 with PDF/A-2a, or PDF/UA-2 with PDF/A-4 (PDF 2.0).",
)
@click.option("--attach-data", is_flag=True, help="Attach the tables as files (PDF/A-3).")
@click.option("--png", is_flag=True, help="Also write the pages as images.")
@click.option("--pages", default="", metavar="1-4", help="Pages that --png writes.")
@signing_options
@password_option
@click.option("--strict", is_flag=True, help="Treat warnings as errors.")
@click.option("--draft", is_flag=True, help="Print a box where an image is missing or broken.")
@click.option("--no-cache", is_flag=True, help="Neither use nor update the cache.")
@content_option
@click.option("-q", "--quiet", is_flag=True, help="Print only the path written.")
@click.option("-v", "--verbose", is_flag=True, help="Print size and time, and tracebacks.")
@grouped(choice=SelectionOptions, dates=Dates, print_options=PrintOptions, output=Output)
def build(
    choice: SelectionOptions,
    dates: Dates,
    print_options: PrintOptions,
    output: Output,
    content: Path,
    protection: Protection,
) -> None:
    """Build a handbook for a role, a path and a plan.

    Without a role, path or plan, it is the complete edition.
    """
    from ..core.cache import open_cache
    from ..pipeline.edition_cache import EditionCache
    from ..pipeline.request import BuildRequest

    began = time.perf_counter()
    _check_usage(choice, dates, print_options, output)
    for target in (output.output, dates.ics):
        _spare_sources(target, content)
    editions = EditionCache(content, None if output.no_cache else open_cache(), share=True)
    values = _values(choice)
    request = BuildRequest(
        content,
        choice.day or edition_day(),
        choice.role,
        choice.path,
        choice.plan,
        choice.paper,
        tuple(sorted(values)),
        print_options,
        _calendar(dates),
        choice.theme,
        output.attach_data,
        choice.brand,
        output.draft,
        output.strict,
    )
    if protection.password:
        print_message(NO_ARCHIVE, output.quiet)
    if output.every:
        _build_all(editions, request, output, protection)
        return
    # One book, after which the process ends: no search for garbage pays.
    gc.set_threshold(10_000_000)
    built = editions.edition(request)
    _advise(built.advice, output)
    print_message(f"{built.title}: {built.words}", output.quiet)
    if choice.learner and "learner" not in built.edition.fields:
        print_message(
            "note: no page of this handbook has a place for the learner's name; see 'fields' in "
            "docs/authoring.md",
            output.quiet,
        )
    values = built.edition.with_copy_number(values)
    data = b"".join(protection.copy(built.edition, values))
    if output.verbose:
        click.echo(f"{len(data):,} bytes in {time.perf_counter() - began:.2f} s", err=True)
    pictures: list[tuple[str, bytes]] = []
    if output.png:
        from ..pdf.rasterize import page_pictures

        pictures = list(page_pictures(built.edition.fill(values), output.pages))
    _deliver(data, output.output, built.file_stem, choice.learner, pictures)
    if dates.ics:
        _write_calendar(editions, request, choice.learner, Path(dates.ics))


def _check_usage(
    choice: SelectionOptions, dates: Dates, print_options: PrintOptions, output: Output
) -> None:
    """Raise UsageError for options that do not go together."""
    target = output.output
    if output.every and (choice.role or choice.path or choice.learner or choice.fields):
        raise click.UsageError(
            "--all builds every role: leave out --role, --path, --learner and --field"
        )
    if output.every and target is not None and (target == "-" or target.endswith(".pdf")):
        raise click.UsageError("--all writes several files: name a folder with -o")
    if output.png and (output.every or target == "-"):
        raise click.UsageError("--png writes the pages of one handbook, next to its file")
    if output.pages and not output.png:
        raise click.UsageError("--pages needs --png")
    if given("signature") and not print_options.booklet:
        raise click.UsageError("--signature needs --booklet")
    if given("signature") and print_options.signature < 4:
        raise click.UsageError("--signature is a number of pages: 16, 20, 24 …")
    if dates.start is None and given("hours", "days", "skip", "exam", "country", "ics"):
        raise click.UsageError("--hours, --days, --skip, --exam, --country and --ics need --start")


def _spare_sources(target: str | None, folder: Path) -> None:
    """Raise HandbookError for an output that would replace a file the book is made of."""
    path = Path(target or "")
    written = path.suffix.lower() in (".pdf", ".ics")
    if target in (None, "", "-") or written or not path.is_file():
        return
    if folder.resolve() in path.resolve().parents:
        raise error(
            f"the output {target!r} is a file of the content folder; it is left as it is",
            hint=f"name another file, such as {path.with_suffix('.pdf').name}",
            code="exists",
        )


def _advise(warnings: Iterable[Diagnostic], output: Output) -> None:
    """Print warnings; with --strict, stop at them."""
    if warnings and output.strict:
        raise HandbookError(*(replace(d, severity="error") for d in sorted(warnings)))
    if not output.quiet and (warnings := list(warnings)):
        report(warnings)
        click.echo(counted(len(warnings), "warning"), err=True)


def _deliver(
    data: bytes,
    output: str | None,
    stem: str,
    learner: str,
    pictures: Sequence[tuple[str, bytes]],
) -> None:
    from ..core.files import write_whole

    if output == "-":
        if sys.stdout is None:
            raise error("standard output is closed", hint="name a file with -o", code="unwritable")
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    suffix = f"_{_file_name(learner)}" if learner else ""
    path = Path(output) if output else OUTPUT / f"{stem}{suffix}.pdf"
    if path.is_dir():
        path = path / f"{stem}{suffix}.pdf"
    for name, picture in pictures:
        write_whole(path.with_suffix("") / name, picture)
    write_whole(path, data)
    echo_path(path)


def _file_name(learner: str) -> str:
    """Return a learner's name for a file name; one without a letter becomes a digest."""
    from ..core.slugs import file_slug

    if any(map(str.isalnum, learner)):
        return file_slug(learner)
    return "copy-" + hashlib.sha256(learner.encode("utf-8", "replace")).hexdigest()[:8]


def _build_all(
    editions: EditionCache, request: BuildRequest, output: Output, protection: Protection
) -> None:
    """Build every role's handbook; nothing is written before all warnings are out."""
    from ..core.files import write_whole
    from ..pipeline.edition_cache import build_editions
    from ..select.selection import all_roles

    folder = Path(output.output) if output.output else OUTPUT
    written: list[Path] = []
    requests = [
        replace(request, role=role, provided_fields=(), calendar=None)
        for role in all_roles(editions.pack())
    ]
    shown = not output.quiet and sys.stderr.isatty()
    making = build_editions(editions, requests, os.cpu_count() or 1)
    with click.progressbar(
        making, len(requests), "Building", file=sys.stderr, hidden=not shown
    ) as bar:
        built = list(bar)
    _advise({warning for one in built for warning in one.advice}, output)
    for one in built:
        path = folder / f"{one.file_stem}.pdf"
        if not shown:
            print_message(one.words, output.quiet)
        write_whole(path, b"".join(protection.copy(one.edition, {})))
        written.append(path)
    for path in written:
        click.echo(str(path))


def _calendar(dates: Dates) -> dict[str, Any] | None:
    """Return what the options say of the learner's calendar, with the holidays of a country."""
    from ..select.schedule.holidays import public_holidays

    if dates.start is None:
        return None
    if (dates.hours or given("hours")) and not 0.5 <= dates.hours <= 100:
        raise click.UsageError("--hours is from 0.5 to 100 hours a week")
    return {
        "start": dates.start,
        "hours": dates.hours,
        "days": dates.days,
        "skip": dates.skip,
        "exam": dates.exam,
        "holidays": public_holidays(dates.country, dates.start) if dates.country else [],
    }


def _write_calendar(
    editions: EditionCache, request: BuildRequest, learner: str, path: Path
) -> None:
    from ..core.files import write_whole
    from ..core.i18n import translations_for
    from ..core.slugs import file_slug
    from ..pipeline.request import selection_of
    from ..select.schedule.ical import schedule_to_ical

    pack = editions.pack()
    selection = selection_of(pack, request)
    assert selection.schedule is not None
    assert selection.plan is not None
    key = f"{file_slug(pack.title)}/{selection.plan['id']}/{file_slug(learner) if learner else ''}"
    words = translations_for(pack.language)
    title = f"{pack.title}: {words.gettext('{plan} plan', plan=selection.plan['name'])}"
    data = schedule_to_ical(
        selection.schedule, title=title, key=key, stamp=selection.date, words=words
    )
    write_whole(path, data)
    echo_path(path)


def _values(choice: SelectionOptions) -> dict[str, str]:
    """Return the learner's own values by field."""
    values = {"learner": choice.learner} if choice.learner.strip() else {}
    for each in choice.fields:
        name, equals, value = each.partition("=")
        if not equals:
            raise click.UsageError(f"--field {each!r}: write it as NAME=VALUE")
        if not value.strip():
            raise click.UsageError(f"--field {name} is empty; give it a value, or leave it out")
        values[name] = value
    return values
