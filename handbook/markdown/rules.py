"""State which problems of a pack are warnings, and where its pages are looked up."""

from __future__ import annotations

from pathlib import Path

from ..core.values import frozen

# Codes that never stop a build, and codes that do not stop a draft.
ALWAYS_WARNINGS = frozenset(
    {
        "diagram-engine",
        "unprintable",
        "unprintable-character",
        "missing-glyph",
        "foreign-syntax",
        "unused-note",
        "lost-text",
        "doubled-text",
    }
)
DRAFT_WARNINGS = frozenset({"missing-image", "broken-image"})


@frozen
class Rules:
    """How strictly a pack is read; `folder` is where its pages are looked up.

    With `coverage`, the words of each chapter are compared with those of its source.
    """

    lenient: bool = False
    draft: bool = False
    folder: Path | None = None
    coverage: bool = False

    def is_warning(self, code: str) -> bool:
        """Return whether a problem with this code does not stop the build."""
        drafted = self.draft and code in DRAFT_WARNINGS
        return self.lenient or drafted or code in ALWAYS_WARNINGS
