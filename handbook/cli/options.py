"""Define the options that several commands share."""

from __future__ import annotations

import functools
import json
import os
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import click

from .. import shipped_content
from ..core.diagnostics import Diagnostic, HandbookError, error, suggest
from ..core.files import CONFIG
from ..core.units import UNITS


class Day(click.ParamType):  # type: ignore[type-arg]
    """A day as YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        """Return the day that is written."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day; write it as 2026-12-01", param, ctx)


class Length(click.ParamType):  # type: ignore[type-arg]
    """A length with its unit, in points."""

    name = "LENGTH"

    def convert(self, value: Any, param: Any, ctx: Any) -> float:
        """Return the length in points."""
        if isinstance(value, float):
            return value
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(pt|mm|cm|in)|0", str(value))
        if not match:
            self.fail(f"{value!r} is not a length; write it as 3mm", param, ctx)
        return float(match[1]) * UNITS[match[2]] if match[1] else 0.0


class Standard(click.ParamType):  # type: ignore[type-arg]
    """A standard that a file may claim; what they are is only looked up when one is named."""

    name = "standard"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name of a standard."""
        if param is not None and value == param.default:
            return value
        from ..pdf.catalog.conformance import CHOICES

        if value not in CHOICES:
            self.fail(f"unknown standard {value!r}; {suggest(value, CHOICES)}", param, ctx)
        return value


class Paper(click.ParamType):  # type: ignore[type-arg]
    """A paper, or several with commas between them; what there are is only looked up if need be."""

    name = "paper"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the names of papers, each once."""
        if param is None or not given(str(param.name)):
            # Mistakes in settings are reported with their file and line.
            return value
        from ..theme.print_options import CHOICES

        names = [name.strip() for name in value.split(",")] if param.name == "papers" else [value]
        for name in names:
            if name not in CHOICES:
                self.fail(f"unknown paper {name!r}; {suggest(name, CHOICES)}", param, ctx)
        return ",".join(dict.fromkeys(names))

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> Any:
        """Return the papers that begin with what is typed."""
        from click.shell_completion import CompletionItem

        from ..theme.print_options import CHOICES

        return [CompletionItem(name) for name in CHOICES if name.startswith(incomplete)]


class FromPack(click.ParamType):  # type: ignore[type-arg]
    """An id from the content pack; a shell can complete it."""

    def __init__(self, axis: str) -> None:
        self.axis = axis
        self.name = "id"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> Any:
        """Return the ids of the pack that begin with what is typed."""
        from click.shell_completion import CompletionItem

        from ..pack.loader import load_pack

        folder = ctx.params.get("content") or _default_folder()
        try:
            rows = load_pack(Path(folder)).axis(self.axis)
        except HandbookError:
            return []
        return [
            CompletionItem(str(row["id"]), help=str(row["name"]))
            for row in rows
            if str(row["id"]).startswith(incomplete)
        ]


def paper_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add the option `--paper`."""
    return click.option(
        "--paper", type=Paper(), default="a4", show_default=True, help="a4, letter, a5 or phone."
    )(command)


def theme_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add the option `--theme`."""
    return click.option(
        "--theme", default="default", show_default=True, help="Theme name or YAML file."
    )(command)


def jobs_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add the option `-j`."""
    return click.option(
        "-j",
        "--jobs",
        type=click.IntRange(1),
        help="Number of processes [default: one for each processor].",
    )(command)


def content_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add --content and --allow-read; with the pack come the settings of other options."""
    content = click.option(
        "--content",
        type=click.Path(path_type=Path),
        metavar="DIR",
        envvar="HANDBOOK_CONTENT",
        is_eager=True,
        callback=_with_settings,
        help="Content folder [default: this one if it has a handbook.yaml, or the bundled one].",
    )
    allow = click.option(
        "--allow-read",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        multiple=True,
        is_eager=True,
        expose_value=False,
        callback=_allow_reading,
        help="Also allow reading content from this folder.",
    )
    return content(allow(command))


def _allow_reading(ctx: click.Context, param: click.Parameter, value: tuple[Path, ...]) -> None:
    """Allow folders for this process and those it starts."""
    from ..core.files import ALLOW_READ

    if value:
        known = [os.environ[ALLOW_READ]] if os.environ.get(ALLOW_READ) else []
        os.environ[ALLOW_READ] = os.pathsep.join([*known, *(str(p.absolute()) for p in value)])


def _with_settings(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path:
    """Return the content folder, whose settings, and those of user file and environment, are taken
    for options that are not given.
    """
    from ..core.limits import limits
    from ..pack.settings import merged, user_file, user_grants

    folder = _default_folder() if value is None else value
    if folder.name == CONFIG and folder.is_file():
        folder = folder.parent
    if not ctx.resilient_parsing:
        for name, granted in user_grants(user_file(os.environ)).items():
            os.environ.setdefault(name, granted)
        limits()
        settings = merged(folder)
        values = {key.replace("-", "_"): setting.value for key, setting in settings.items()}
        ctx.default_map = {**(ctx.default_map or {}), **values}
    return folder


def _default_folder() -> Path:
    """Return the folder we are in if it is a pack, as other tools do; otherwise the bundled one."""
    return Path() if Path(CONFIG).is_file() else shipped_content()


def grouped(**groups: type[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Pass options in groups: `choice=SelectionOptions` takes those named like its fields."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def grouping(**options: Any) -> None:
            group_values = {
                name: group(**{each.name: options.pop(each.name) for each in fields(group)})
                for name, group in groups.items()
            }
            command(**group_values, **options)

        return grouping

    return decorate


def given(*names: str) -> bool:
    """Return whether any of these options was given on the command line, not in a setting."""
    source = click.get_current_context().get_parameter_source
    return any(source(name) is click.core.ParameterSource.COMMANDLINE for name in names)


def brand_option(command: Callable[..., None]) -> Callable[..., None]:
    """Return the option --brand."""
    return click.option(
        "--brand",
        type=click.Path(),
        metavar="FILE",
        help="A brand in the format brand.yml: logo, colours, fonts, contact.",
    )(command)


def edition_day() -> date:
    """Return the date of editions: SOURCE_DATE_EPOCH, or today."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return date.today()
    try:
        return datetime.fromtimestamp(int(epoch), tz=timezone.utc).date()
    except (ValueError, OverflowError, OSError):
        raise error(
            f"SOURCE_DATE_EPOCH is not a day in seconds since 1970: {epoch!r}",
            hint="unset it, or give the edition's date with --date",
            code="option",
        ) from None


def report(diagnostics: Iterable[Diagnostic]) -> None:
    """Print diagnostics on standard error; at a terminal with the line and a caret.

    NO_COLOR and FORCE_COLOR are respected (no-color.org, force-color.org).
    """
    from ..core.excerpt import grouped, source_excerpt

    forced = bool(os.environ.get("FORCE_COLOR"))
    rich = forced or sys.stderr.isatty()
    color = rich and not os.environ.get("NO_COLOR")
    for one in grouped(diagnostics):
        click.echo(source_excerpt(one, color) if rich else str(one), err=True, color=color)


def echo_json(value: Any, indent: int | None = None) -> None:
    """Print a value as JSON, with escapes for what the output's encoding does not have."""
    encoding = (sys.stdout.encoding or "").replace("-", "").casefold()
    text = json.dumps(value, ensure_ascii=encoding != "utf8", indent=indent)
    # Names of files may hold bytes that are not UTF-8.
    click.echo(text.encode("utf-8", "backslashreplace").decode("utf-8"))


def echo_path(path: Path) -> None:
    """Print the path of a file that was written, unless the file was standard output."""
    try:
        written_to = os.path.samestat(path.stat(), os.fstat(sys.stdout.fileno()))
    except (OSError, ValueError):
        written_to = False
    if not written_to:
        click.echo(str(path))


def print_message(words: str, quiet: bool) -> None:
    """Print a message for people on standard error."""
    if not quiet:
        click.echo(words, err=True)
