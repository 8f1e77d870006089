"""Parse options, call, show: a file for each command, with no logic of its own.

In: the command line.  Out: the path written as the last line on standard output, everything else
on standard error.  Exit codes: 0 success, 1 an error in content or options, 2 a usage error.
May import: every other folder; each command is imported only when it is called.
"""

from __future__ import annotations

import atexit
import errno
import gc
import importlib
import os
import re
import shlex
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import click

from ..__version__ import __version__
from ..core.diagnostics import NOWHERE, Diagnostic, HandbookError, suggest
from ..core.files import CONFIG
from ..core.garbage import search_seldom
from .options import report

# Module and function of each command.
COMMANDS = {
    "batch": ("batch", "batch"),
    "brand": ("brand", "brand"),
    "build": ("build", "build"),
    "cache": ("cache", "cache"),
    "check": ("check", "check"),
    "completion": ("completion", "completion"),
    "diff": ("diff", "diff"),
    "explain": ("explain", "explain"),
    "forget": ("forget", "forget"),
    "info": ("info", "info"),
    "list": ("list_", "list_"),
    "new": ("new", "new"),
    "preview": ("preview", "preview"),
    "release": ("release", "release"),
    "schema": ("schema", "schema"),
    "send": ("send", "send"),
    "theme": ("theme", "theme"),
    "verify": ("verify", "verify"),
    "verify-site": ("verify_site", "verify_site"),
}


class _LazyGroup(click.Group):
    """A group that imports a command when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(COMMANDS)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is asked for; suggest the nearest name for an unknown one."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            hint = suggest(args[0], COMMANDS)
            raise click.UsageError(f"no such command {args[0]!r}; {hint}", ctx)
        _refuse_empty(args, ctx)
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of this name."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(f".{module}", __name__), name)
        return command


def _refuse_empty(args: Sequence[str], ctx: click.Context) -> None:
    """Refuse options without a value: most come of a variable that a script has not set."""
    for before, word in pairwise(args):
        name, equals, value = word.partition("=")
        empty = before if not word else name if equals and not value else ""
        if empty.startswith("--") or empty == "-o":
            raise click.UsageError(f"{empty} is empty; give it a value, or leave it out", ctx)


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="handbook")
def main() -> None:
    """Turn a folder of Markdown and tables into a personalised, printable PDF handbook."""


def run(arguments: Sequence[str] | None = None) -> None:
    """Run a command, and turn any exception into one message and an exit code."""
    verbose = any(a in ("-v", "--verbose") for a in (arguments or sys.argv[1:]))
    search_seldom()
    # A process that ends needs no search at all, which made Ctrl-C take half a second.
    atexit.register(gc.freeze)
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    _handle_signals()
    try:
        code = main.main(args=arguments, prog_name="handbook", standalone_mode=False)
        sys.stdout.flush()
        sys.exit(code if isinstance(code, int) else 0)
    except click.ClickException as problem:
        (_misplaced_folder(problem) or problem).show()
        sys.exit(problem.exit_code)
    except click.exceptions.Abort:
        click.echo("interrupted", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # The program that read our output has gone.
        _close_output()
        sys.exit(1)
    except Exception as problem:
        if verbose and not isinstance(problem, HandbookError):
            traceback.print_exc()
        report(_diagnostics(problem))
        sys.exit(1)


def _misplaced_folder(problem: click.ClickException) -> click.UsageError | None:
    """Return the error with a hint if the pack was named without its option."""
    extra = re.fullmatch(r"Got unexpected extra argument \((.+)\)", problem.message)
    ctx = getattr(problem, "ctx", None)
    has_option = any(option.name == "content" for option in ctx.command.params) if ctx else False
    if not (extra and has_option and (Path(extra[1]) / CONFIG).is_file()):
        return None
    hint = f"the content folder is named by --content {shlex.quote(extra[1])}"
    return click.UsageError(f"{problem.message}; {hint}", ctx)


def _diagnostics(problem: Exception) -> Sequence[Diagnostic]:
    """Return what the user reads of an exception."""
    if isinstance(problem, HandbookError):
        return problem.diagnostics
    hint = code = ""
    if isinstance(problem, UnicodeEncodeError) and problem.encoding.startswith("utf-8"):
        name = os.fsencode(problem.object[problem.start : problem.end])
        words = f"a name of a file or a value has bytes that are not UTF-8: {name!a}"
        hint, code = "rename it", "file"
    elif isinstance(problem, UnicodeEncodeError):
        character = problem.object[problem.start : problem.end]
        words = f"the encoding of this terminal ({problem.encoding}) cannot write {character!a}"
        hint = "set PYTHONUTF8=1, or a locale such as C.UTF-8"
    elif isinstance(problem, RecursionError):
        words, hint, code = "something is nested too deeply", "write it flatter", "nesting"
    elif isinstance(problem, MemoryError):
        words, hint, code = "there is not enough memory", "make the input smaller", "limit"
    elif isinstance(problem, ValueError) and "null byte" in str(problem):
        words, hint, code = "a name of a file has the character NUL", "name another file", "file"
    elif isinstance(problem, OSError) and problem.strerror:
        if problem.filename is None and problem.errno in (errno.ENOSPC, errno.EIO, errno.EBADF):
            _close_output()
        full = problem.errno in (errno.ENOSPC, errno.EBADF, errno.EPIPE, errno.EFBIG)
        stream = "standard output" if full else "reading or writing"
        place = stream if problem.filename is None else repr(str(problem.filename))
        words, hint, code = f"{place}: {problem.strerror}", "look at the disk and the path", "file"
    else:
        words = f"unexpected {type(problem).__name__}: {problem}"
        hint = "this is a defect of the program; run again with -v and report it"
    return [Diagnostic.at(NOWHERE, words, hint, code)]


def _close_output() -> None:
    """Send what is still to be written to standard output nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _handle_signals() -> None:
    """Let SIGTERM do what Ctrl-C does, and Ctrl-C work where a script's shell had it ignored."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
