"""Define what a check finds."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..core.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A finding about a pack, with the names of the selections it concerns, none for all.

    `scope` says the same in words: "for role=sre", "for 3 of 40 selections".
    """

    diagnostic: Diagnostic
    selections: tuple[str, ...] = ()
    scope: str = ""

    def with_selections(self) -> Diagnostic:
        """Return the diagnostic with the selections it concerns in its message."""
        one = self.diagnostic
        return replace(one, message=f"{one.message} ({self.scope})") if self.scope else one
