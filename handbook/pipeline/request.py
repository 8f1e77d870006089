"""Define what a build is asked for, and what it yields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.values import frozen

if TYPE_CHECKING:
    from ..core.diagnostics import Diagnostic
    from ..pack.model import Pack
    from ..pdf.edition import Edition
    from ..select.selection import Selection
    from ..theme.print_options import PrintOptions


@frozen
class BuildRequest:
    """An edition as it was requested; `provided_fields` names the fields that have a value.

    With `strict`, the words of the book are compared with those of its source.
    """

    content: Path
    day: date
    role: str
    path: str
    plan: str
    paper: str
    provided_fields: tuple[str, ...]
    print_options: PrintOptions
    calendar: Mapping[str, Any] | None
    theme: str
    attach: bool
    brand: str | None
    draft: bool = False
    strict: bool = False


@frozen
class BuiltEdition:
    """An edition, what it is called, and the warnings for its author."""

    title: str
    words: str
    file_stem: str
    edition: Edition
    advice: tuple[Diagnostic, ...]


def selection_of(pack: Pack, request: BuildRequest) -> Selection:
    """Return the selection that is asked for.

    Raises:
        HandbookError: For an unknown role, path, plan, field.
    """
    from ..core.diagnostics import error, suggest
    from ..select.selection import select

    for name in request.provided_fields:
        # The learner's name is written into the file name, in any case.
        if name not in pack.fields and name != "learner":
            raise error(f"unknown field {name!r}", hint=suggest(name, pack.fields))
    brand = None
    if request.brand is not None:
        from ..theme.brand.loader import load_brand

        brand = load_brand(request.brand)
    return select(
        pack,
        role=request.role,
        path=request.path,
        plan=request.plan,
        paper=request.paper,
        day=request.day,
        provided_fields=request.provided_fields,
        print_options=request.print_options,
        calendar=request.calendar,
        brand=brand,
    )
