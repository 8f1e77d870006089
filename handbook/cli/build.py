"""The command `handbook build`."""

from __future__ import annotations

import gc
import hashlib
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .. import shipped_content
from ..core.diagnostics import Diagnostic, HandbookError
from .options import (
    Day,
    FromPack,
    Length,
    brand_option,
    content_option,
    counted,
    edition_day,
    given,
    say,
    tell,
)
from .protection import NO_ARCHIVE, password_option, signing_options

if TYPE_CHECKING:
    from ..pdf.protection import Protection
    from ..pipeline.edition_cache import EditionCache
    from ..pipeline.request import BuildRequest

OUTPUT = Path("output")


@click.command()
@click.option("--role", type=FromPack("roles"), default="", help="The learner's role.")
@click.option("--path", type=FromPack("paths"), default="", help="The learning path.")
@click.option("--plan", type=FromPack("plans"), default="", help="The study plan.")
@click.option("--learner", default="", metavar="NAME", help="Whose copy this is.")
@click.option("--field", "fields", multiple=True, metavar="NAME=VALUE",
              help="What else is the learner's own, as in cohort=\"Spring 2027\".")  # fmt: skip
@click.option("--start", type=Day(), help="Date the plan's sessions from this day on.")
@click.option("--hours", type=float, default=0.0, help="Hours a week; else the plan's own pace.")
@click.option(
    "--days", default="", metavar="mon,wed,sat", help="Study days; else Monday to Friday."
)
@click.option("--skip", multiple=True, metavar="DAY[..DAY]", help="Days without study.")
@click.option("--exam", type=Day(), help="The day of the exam: all is done before it.")
@click.option("--country", default="", metavar="CODE", help="Leave out public holidays: IN, DE …")
@click.option("--ics", "ics", metavar="FILE", help="Write the dates as a calendar, too.")
@click.option("-o", "--output", metavar="FILE", help="Where to write; - for standard output; "
              "with --all, a folder.")  # fmt: skip
@click.option("--all", "every", is_flag=True, help="Every role with its suggested path.")
@click.option("--paper", default="a4", show_default=True, help="a4, letter or a5.")
@click.option("--date", "day", type=Day(), help="The edition's date; else SOURCE_DATE_EPOCH, "
              "else today.")  # fmt: skip
@click.option("--theme", default="default", show_default=True, help="A theme's name or YAML file.")
@brand_option
@click.option("--duplex", is_flag=True, help="For printing on both sides: inner and outer margins, "
              "chapters on right-hand pages.")  # fmt: skip
@click.option("--bleed", type=Length(), default="0", metavar="LENGTH",
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
@signing_options
@password_option
@click.option("--strict", is_flag=True, help="Take warnings as errors.")
@click.option("--draft", is_flag=True, help="Where a picture is missing or broken, print a box.")
@click.option("--no-cache", is_flag=True, help="Use nothing of an earlier build, and keep nothing.")
@content_option
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but the path written.")
@click.option("-v", "--verbose", is_flag=True, help="Say size and time; after a defect, where.")
def build(
    role: str, path: str, plan: str, learner: str, fields: tuple[str, ...], start: date | None,
    hours: float, days: str, skip: tuple[str, ...], exam: date | None, country: str,
    ics: str | None,
    output: str | None, every: bool, paper: str,
    day: date | None, theme: str, brand: str | None,
    duplex: bool, bleed: float, marks: bool, booklet: bool,
    signature: int, large_print: bool, mono: bool, form: bool, attach_data: bool,
    png: bool, pages: str, strict: bool, draft: bool, no_cache: bool, content: Path | None,
    quiet: bool, verbose: bool, protection: Protection,
) -> None:  # fmt: skip
    """Build a handbook for a role, a path and a plan.

    Without any of these, it is the complete one.
    """
    from ..core.cache import open_cache
    from ..pipeline.edition_cache import EditionCache
    from ..pipeline.request import BuildRequest
    from ..theme.print_options import PrintOptions

    began = time.perf_counter()
    if every and (role or path or learner or fields):
        raise click.UsageError(
            "--all builds every role: leave out --role, --path, --learner and --field"
        )
    if every and output is not None and (output == "-" or output.endswith(".pdf")):
        raise click.UsageError("--all writes several files: name a folder with -o")
    if png and (every or output == "-"):
        raise click.UsageError("--png writes the pages of one handbook, beside its file")
    if pages and not png:
        raise click.UsageError("--pages goes with --png")
    if given("signature") and not booklet:
        raise click.UsageError("--signature goes with --booklet")
    press = PrintOptions(duplex, bleed, marks, booklet, signature, large_print, mono, form)
    if start is None and given("hours", "days", "skip", "exam", "country", "ics"):
        raise click.UsageError("--hours, --days, --skip, --exam, --country and --ics need --start")
    calendar = _calendar(start, hours, days, skip, exam, country) if start else None
    folder = content if content is not None else shipped_content()
    known = EditionCache(folder, None if no_cache else open_cache())
    values = _values(learner, fields)
    wish = BuildRequest(
        folder, day or edition_day(), role, path, plan, paper, tuple(sorted(values)), press,
        calendar, theme, attach_data, brand, draft, strict,
    )  # fmt: skip
    if protection.password:
        say(NO_ARCHIVE, quiet)
    if every:
        _build_all(known, wish, quiet, strict, Path(output) if output else OUTPUT, protection)
        return
    # One book, after which the process ends: no search for garbage pays.
    gc.set_threshold(10_000_000)
    made = known.edition(wish)
    _advise(made.advice, strict, quiet)
    say(f"{made.title}: {made.words}", quiet)
    if learner and "learner" not in made.edition.fields:
        say("note: no page of this handbook has a place for the learner's name; see 'fields' in "
            "docs/authoring.md", quiet)  # fmt: skip
    values = made.edition.with_copy_number(values)
    data = b"".join(protection.copy(made.edition, values))
    if verbose:
        click.echo(f"{len(data):,} bytes in {time.perf_counter() - began:.2f} s", err=True)
    pictures: list[tuple[str, bytes]] = []
    if png:
        from ..pdf.rasterize import page_pictures

        pictures = list(page_pictures(made.edition.fill(values), pages))
    _deliver(data, output, made.file_stem, learner, pictures)
    if ics:
        _write_calendar(known, wish, learner, Path(ics))


def _advise(found: Iterable[Diagnostic], strict: bool, quiet: bool) -> None:
    """Print what authors should hear of; with `strict`, stop there."""
    if found and strict:
        raise HandbookError(*(replace(d, severity="error") for d in sorted(found)))
    if not quiet and (found := list(found)):
        tell(found)
        click.echo(counted(len(found), "warning"), err=True)


def _deliver(
    data: bytes,
    output: str | None,
    stem: str,
    learner: str,
    pictures: Sequence[tuple[str, bytes]],
) -> None:
    from ..core.files import write_whole

    if output == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    own = f"_{_file_name(learner)}" if learner else ""
    path = Path(output) if output else OUTPUT / f"{stem}{own}.pdf"
    if path.is_dir():
        path = path / f"{stem}{own}.pdf"
    for name, picture in pictures:
        write_whole(path.with_suffix("") / name, picture)
    write_whole(path, data)
    click.echo(str(path))


def _file_name(learner: str) -> str:
    """A learner's name in a file name; a name without a Latin letter is told by a digest."""
    from ..core.files import slug

    if any(char.isascii() and char.isalnum() for char in learner):
        return slug(learner)
    return "copy-" + hashlib.sha256(learner.encode("utf-8", "replace")).hexdigest()[:8]


def _build_all(
    known: EditionCache,
    wish: BuildRequest,
    quiet: bool,
    strict: bool,
    folder: Path,
    protection: Protection,
) -> None:
    """Every role's handbook, with nothing written before all advice is out."""
    from ..core.files import write_whole
    from ..select.selection import all_roles

    written: list[Path] = []
    wishes = [
        replace(wish, role=role, provided_fields=(), calendar=None)
        for role in all_roles(known.pack())
    ]
    shown = not quiet and sys.stderr.isatty()
    with click.progressbar(wishes, label="Building", file=sys.stderr, hidden=not shown) as bar:
        made = [known.edition(one) for one in bar]
    _advise({found for one in made for found in one.advice}, strict, quiet)
    for one in made:
        path = folder / f"{one.file_stem}.pdf"
        if not shown:
            say(one.words, quiet)
        write_whole(path, b"".join(protection.copy(one.edition, {})))
        written.append(path)
    for path in written:
        click.echo(str(path))


def _calendar(
    start: date, hours: float, days: str, skip: Sequence[str], exam: date | None, country: str
) -> dict[str, Any]:
    """What the options say of the learner's calendar, with the holidays of a country."""
    from ..select.schedule.holidays import public_holidays

    if not 0 <= hours <= 100:
        raise click.UsageError("--hours is from 0.5 to 100 hours a week")
    free = public_holidays(country, start) if country else []
    return {
        "start": start, "hours": hours, "days": days, "skip": skip, "exam": exam, "holidays": free
    }  # fmt: skip


def _write_calendar(known: EditionCache, wish: BuildRequest, learner: str, path: Path) -> None:
    from ..core.files import slug, write_whole
    from ..core.i18n import translations_for
    from ..pipeline.request import selection_of
    from ..select.schedule.ical import calendar_file

    pack = known.pack()
    selection = selection_of(pack, wish)
    assert selection.schedule is not None
    assert selection.plan is not None
    key = f"{slug(pack.title)}/{selection.plan['id']}/{slug(learner) if learner else ''}"
    words = translations_for(pack.language)
    title = f"{pack.title}: {words.gettext('{plan} plan', plan=selection.plan['name'])}"
    data = calendar_file(
        selection.schedule, title=title, key=key, stamp=selection.date, words=words
    )
    write_whole(path, data)
    click.echo(str(path))


def _values(learner: str, fields: Sequence[str]) -> dict[str, str]:
    """The learner's own values by field."""
    values = {"learner": learner} if learner else {}
    for each in fields:
        name, equals, value = each.partition("=")
        if not equals:
            raise click.UsageError(f"--field {each!r}: write it as NAME=VALUE")
        values[name] = value
    return {name: value for name, value in values.items() if value.strip()}
