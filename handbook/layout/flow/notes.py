"""Place footnotes at the feet of pages, and what is left of them on the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...core.values import frozen
from .flowables import Flowable, drawn_height, fitting

# Above the first footnote, and between two of them (points).
NOTE_RULE = 12.0
NOTE_GAP = 3.0
# A note above this share of a page's height may continue on the next page, and this much of a page
# with text is left for notes that do.
LONG_NOTE = 0.3
CONTINUED_NOTES = 0.5


@frozen
class NotePlacer:
    """Places the notes of pages `height` high (points)."""

    height: float
    notes: Mapping[str, list[Flowable]]

    def least_height(self, names: Sequence[str]) -> float:
        """Return the height that notes need at least, without the rule above them."""
        notes = self.notes
        return sum(self._least(notes[name]) + NOTE_GAP for name in names if name in notes)

    def _least(self, note: Sequence[Flowable]) -> float:
        """Return the height of a note or, of a long one, that of its first lines."""
        height = drawn_height(note)
        if height <= self.height * LONG_NOTE:
            return height
        tall = next((n for n, f in enumerate(note, 1) if f.height and not f.keep_with_next), 1)
        return min(height, drawn_height(note[:tall]))

    def has_long(self, names: Sequence[str]) -> bool:
        """Return whether one of these notes may continue on the next page."""
        return any(
            drawn_height(self.notes.get(name, ())) > self.height * LONG_NOTE for name in names
        )

    def continued_height(self, continued: Sequence[Flowable]) -> float:
        """Return the height to leave for notes that began on the page before."""
        if not continued:
            return 0.0
        return min(drawn_height(continued) + NOTE_RULE, self.height * CONTINUED_NOTES)

    def place(
        self, continued: Sequence[Flowable], names: Sequence[str], used: float, has_text: bool
    ) -> tuple[list[Flowable], list[Flowable]]:
        """Return the notes at a page's foot, and what goes to the next page's.

        `used` is the height of the page's text.
        """
        notes = list(continued)
        for name in names:
            flowables = self.notes.get(name, [])
            if flowables:
                flowables[-1].after = NOTE_GAP
            notes += flowables
        available = self.height - used - NOTE_RULE
        if drawn_height(notes) <= available + NOTE_GAP:
            return notes, []
        count, good = fitting(notes, available)
        count = good or (0 if has_text else max(count, 1))
        if not count or not any(flowable.height for flowable in notes[:count]):
            halves = notes[count].split(available) if not has_text else None
            if halves:
                notes = [*notes[:count], *halves, *notes[count + 1 :]]
            count = 0 if has_text else count + 1
        return notes[:count], notes[count:]
