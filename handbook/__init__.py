"""handbook: a folder of Markdown and tables -> a personalised, printable PDF handbook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .content import Pack
    from .press import Press

__version__ = "0.1.0"
__all__ = ["__version__", "build", "load"]


def load(folder: str | Path | None = None) -> Pack:
    """The content pack in `folder`, or the one that is shipped.

    Raises HandbookError, whose diagnostics say what is wrong with it, and where.
    """
    from .content import load_pack

    return load_pack(Path(folder) if folder is not None else shipped_content())


def build(
    pack: Pack,
    *,
    day: date,
    role: str = "",
    path: str = "",
    plan: str = "",
    paper: str = "a4",
    theme: str = "default",
    fields: Mapping[str, str] | None = None,
    press: Press | None = None,
    calendar: Mapping[str, Any] | None = None,
) -> bytes:
    """The PDF of one handbook: the selection's edition with its `fields` filled.

    `day` is the edition's date, `press` how it is printed (handbook.press.Press); `calendar` has
    what handbook.schedule.calendar_for asks for, and dates the plan.  Raises HandbookError for
    mistakes in the content or the choice.
    """
    from . import pipeline
    from .press import PLAIN
    from .selection import select

    given = [name for name, value in (fields or {}).items() if value]
    selection = select(
        pack, role=role, path=path, plan=plan, paper=paper, day=day, given=given,
        press=press or PLAIN, calendar=calendar,
    )  # fmt: skip
    return pipeline.build(pack, selection, fields, theme)


def shipped_content() -> Path:
    """The folder of the content pack that comes with the program."""
    here = Path(__file__).parent
    installed = here / "_data" / "content"
    return installed if installed.is_dir() else here.parent / "content"
