"""Define what a build is asked for, and what it yields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..core.diagnostics import Diagnostic
    from ..pack.model import Pack
    from ..pdf.edition import Edition
    from ..select.selection import Selection
    from ..theme.print_options import PrintOptions


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class BuiltEdition:
    """An edition, what it is called, and what its author should hear of."""

    title: str
    words: str
    file_stem: str
    edition: Edition
    advice: tuple[Diagnostic, ...]


def selection_of(pack: Pack, wish: BuildRequest) -> Selection:
    """Return the selection that is wished for.

    Raises:
        HandbookError: For an unknown role, path, plan, field.
    """
    from ..core.diagnostics import error, suggest
    from ..select.selection import select

    for name in wish.provided_fields:
        # The learner's name is written into the file name, in any case.
        if name not in pack.fields and name != "learner":
            raise error(f"unknown field {name!r}", hint=suggest(name, pack.fields))
    brand = None
    if wish.brand is not None:
        from ..theme.brand.loader import load_brand

        brand = load_brand(wish.brand)
    return select(
        pack,
        role=wish.role,
        path=wish.path,
        plan=wish.plan,
        paper=wish.paper,
        day=wish.day,
        provided_fields=wish.provided_fields,
        print_options=wish.print_options,
        calendar=wish.calendar,
        brand=brand,
    )
