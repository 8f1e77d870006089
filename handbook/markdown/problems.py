"""Collect the diagnostics of reading, some of them warnings in a lenient pack."""

from __future__ import annotations

from ..core.diagnostics import Diagnostic, Severity, Source

# What never stops a build, and what does not stop a draft.
MILD = frozenset({"unprintable", "missing-glyph"})


DRAFTED = frozenset({"missing-image", "broken-image"})


class MarkdownDiagnostics:
    """What is wrong with a book, collected so that all of it is told at once."""

    def __init__(self, lenient: bool = False, draft: bool = False) -> None:
        self.lenient = lenient
        self.draft = draft
        self.found: dict[Diagnostic, None] = {}

    @property
    def errors(self) -> list[Diagnostic]:
        """What stops the build, in order."""
        return sorted(d for d in self.found if d.severity == "error")

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What does not, in order."""
        return tuple(sorted(d for d in self.found if d.severity == "warning"))

    def add(self, source: Source, message: str, hint: str = "", code: str = "") -> None:
        """Note a mistake of the author's; the same one on the same line counts once."""
        mild = self.lenient or code in MILD or (self.draft and code in DRAFTED)
        severity: Severity = "warning" if mild else "error"
        place = (source.file, source.line, source.column)
        self.found[Diagnostic(*place, message, hint, code, severity)] = None
