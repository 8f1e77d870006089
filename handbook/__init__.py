"""handbook: a folder of Markdown and tables -> a personalised, printable PDF handbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handbook.core.resources import packaged_or_beside

from .__version__ import __version__
from .core.diagnostics import Diagnostic, HandbookError

if TYPE_CHECKING:
    from .document.nodes import Document
    from .pack.model import Pack
    from .theme.brand.model import Brand
    from .theme.print_options import PrintOptions

__all__ = ["Diagnostic", "HandbookError", "__version__", "build", "load", "read"]


def load(folder: str | Path | None = None) -> Pack:
    """The content pack in `folder`, or the one that is shipped.

    Raises HandbookError, whose diagnostics say what is wrong with it, and where.
    """
    from .pack.loader import load_pack

    return load_pack(Path(folder) if folder is not None else shipped_content())


def read(
    pack: Pack,
    *,
    day: date,
    role: str = "",
    path: str = "",
    plan: str = "",
    fields: Iterable[str] = (),
    calendar: Mapping[str, Any] | None = None,
) -> Document:
    """What one handbook says, before any page exists: the tree of handbook.document.nodes.

    `fields` are the names of those that copies fill; the rest means what it means to `build`.
    Raises HandbookError for mistakes in the content or the choice.
    """
    from .pipeline import phases
    from .select.selection import select

    selection = select(
        pack, role=role, path=path, plan=plan, day=day, provided_fields=fields, calendar=calendar
    )
    return phases.document_of(pack, selection)


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
    print_options: PrintOptions | None = None,
    calendar: Mapping[str, Any] | None = None,
    brand: Brand | None = None,
) -> bytes:
    """The PDF of one handbook: the selection's edition with its `fields` filled.

    `day` is the edition's date; `print_options` say how it is printed
    (handbook.theme.print_options); `calendar` dates the plan
    (handbook.select.schedule.schedule.calendar_for); a `brand` comes from
    handbook.theme.brand.loader.load_brand.

    Raises:
        HandbookError: for errors in the content or the choice.
    """
    from .pipeline import phases
    from .select.selection import select
    from .theme.print_options import PLAIN

    given = [name for name, value in (fields or {}).items() if value]
    selection = select(
        pack, role=role, path=path, plan=plan, paper=paper, day=day, provided_fields=given,
        print_options=print_options or PLAIN, calendar=calendar, brand=brand,
    )  # fmt: skip
    return phases.build(pack, selection, fields, theme)


def shipped_content() -> Path:
    """The folder of the content pack that comes with the program."""
    return packaged_or_beside("content")
