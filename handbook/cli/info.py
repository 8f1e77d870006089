"""Run the command `handbook info`."""

from __future__ import annotations

import json
import os
import platform
import shutil
from pathlib import Path
from typing import Any

import click

from ..__version__ import __version__
from .options import content_option, echo_json

LIBRARIES = (
    "click", "jinja2", "markdown", "reportlab", "uharfbuzz", "pillow", "pyyaml", "pypdfium2",
    "pikepdf", "openpyxl", "watchfiles",
)  # fmt: skip


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@content_option
def info(as_json: bool, content: Path) -> None:
    """Show versions, folders, validators and settings.

    It also shows where each setting came from.
    """
    report: dict[str, dict[str, Any]] = {
        "versions": _versions(),
        "lock": _lock(),
        "folders": _folders(content),
        "validator": _validator(),
        "settings": _settings(content),
    }
    if as_json:
        echo_json(report, 2)
        return
    for part, rows in report.items():
        click.echo(f"{part}:")
        for key, value in rows.items():
            words = value
            if isinstance(value, dict):
                words = f"{json.dumps(value['value'], ensure_ascii=False)}  ({value['origin']})"
            click.echo(f"  {key:<12} {words}")


def _versions() -> dict[str, str]:
    from importlib import metadata

    versions = {"handbook": __version__, "python": platform.python_version()}
    for name in LIBRARIES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = "not installed"
    return versions


def _lock() -> dict[str, str]:
    """Return the digest of the installed versions, and which of them are not the locked ones."""
    from ..core.lock import dependency_digest, drift

    others = drift()
    return {"digest": dependency_digest(), "differs": ", ".join(others) if others else "no"}


def _folders(content: Path) -> dict[str, str]:
    from ..core.cache import cache_folder
    from ..core.files import allowed_folders, pack_roots
    from ..core.resources import FONTS, THEMES
    from ..pack.settings import user_file

    user = user_file(os.environ)
    there = "there" if user and user.is_file() else "not there"
    return {
        "content": str(content),
        "themes": str(THEMES),
        "fonts": str(FONTS),
        "cache": str(cache_folder()),
        "user file": f"{user} ({there})" if user else "not read",
        "may be read": ", ".join(map(str, (*pack_roots(content), *allowed_folders()))),
    }


def _validator() -> dict[str, str]:
    from ..verify.verapdf import VeraPdfUnavailable, find_engine

    try:
        engine = find_engine()
    except VeraPdfUnavailable as problem:
        return {"java": shutil.which("java") or "not found", "veraPDF": str(problem)}
    return {"java": str(engine.java), "veraPDF": str(engine.jar)}


def _settings(content: Path) -> dict[str, dict[str, Any]]:
    """Return each setting with its value and origin: what `build` would take if no option were
    given.
    """
    from ..pack.settings import KEYS, merged
    from .build import build

    resolved = merged(content)
    usual = {
        param.name: param.get_default(click.Context(build), call=True) for param in build.params
    }
    settings: dict[str, dict[str, Any]] = {}
    for key in KEYS:
        if key in resolved:
            settings[key] = {"value": resolved[key].value, "origin": resolved[key].origin}
        else:
            value = usual.get(key.replace("-", "_"))
            plain = value if isinstance(value, (str, int, float, bool)) else None
            settings[key] = {"value": plain, "origin": "built in"}
    return settings
