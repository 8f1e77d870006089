"""Check words against the project's own list, if it has one.

`words.txt` in the pack (or the file that `check: {words: …}` names) has words as this project
spells them, one a line.  A word of the text that is written otherwise is reported: another case
(Github for GitHub), or a slip of the keyboard away.  With `complete: true` the list has every word
there is, and any other is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..core.diagnostics import Diagnostic, Source, nearest
from ..core.files import is_file, outside
from ..core.yaml_source import SourcedDict, read_text
from ..document.nodes import Code, Link, Text, inlines_of, walk, walk_inlines
from ..markdown.syntax import mistyped
from ..pack.model import Pack
from .selections import SelectionMatrix

WORDS = "words.txt"
SHORTEST = 6
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_ENDINGS = ("s", "es", "ed", "d", "ing", "ly", "’s", "'s", "er", "r")


def misspelt(pack: Pack, matrix: SelectionMatrix) -> Iterator[Diagnostic]:
    """Yield a warning for each word, once a line, that is not as the project spells it."""
    settings: SourcedDict = pack.config.get("check") or SourcedDict({}, Source(), {})
    path = pack.folder / str(settings.get("words") or WORDS)
    at = settings.value_at("words") if "words" in settings else Source(str(path))
    if reason := outside(path, (pack.folder,)):
        message = f"the list of words {path.name!r} {reason}"
        yield Diagnostic.at(at, message, "move it into the pack", "outside")
        return
    if not is_file(path):
        if "words" in settings:
            message = f"the list of words {str(settings['words'])!r} does not exist"
            yield Diagnostic.at(at, message, "", "words-file")
        return
    lines = read_text(path, str(path)).splitlines()
    listed = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    judge = _SpellingChecker(listed, bool(settings.get("complete")))
    reported: set[tuple[Source, str]] = set()
    for source, word in _words(matrix):
        if (source, word) not in reported and (better := judge.wrong(word)) is not None:
            reported.add((source, word))
            hint = (
                f"did you mean {better!r}?" if better else f"if it is right, add it to {path.name}"
            )
            yield Diagnostic.at(
                source, f"{word!r} is not in the list of words", hint, "spelling", "warning"
            )


class _SpellingChecker:
    """Says of a word whether the project spells it otherwise."""

    def __init__(self, listed: list[str], complete: bool) -> None:
        self.words = {word for line in listed for word in _WORD.findall(line)}
        self.folded = {word.casefold(): word for word in sorted(self.words)}
        self.names = {w for w in self.words if not w.islower() and not w.istitle()}
        self.complete = complete
        self._known: dict[str, str | None] = {}

    def wrong(self, word: str) -> str | None:
        """Return None for a right word, otherwise the right one, or "" if there is none near."""
        if word not in self._known:
            self._known[word] = self._judge(word)
        return self._known[word]

    def _judge(self, word: str) -> str | None:
        known = self.folded.get(word.casefold())
        if known is not None:
            # A name has its own capitals; any other word may begin a sentence or be in capitals.
            return known if known in self.names and word != known and not word.isupper() else None
        stems = (word.casefold().removesuffix(end) for end in _ENDINGS)
        if any(stem in self.folded for stem in stems):
            return None
        if self.complete:
            return nearest(word, self.words)
        if len(word) < SHORTEST:
            return None
        near = mistyped(word, [w for w in self.folded if len(w) >= SHORTEST])
        return self.folded[near] if near else None


def _words(matrix: SelectionMatrix) -> Iterator[tuple[Source, str]]:
    for variant in matrix.variants():
        if variant.read is None:
            continue
        for block in walk(variant.read.document.chapters[0].blocks):
            for inlines in inlines_of(block):
                for inline in walk_inlines(inlines):
                    if isinstance(inline, Text) and not isinstance(inline, (Code, Link)):
                        for word in _WORD.findall(inline.text):
                            yield block.source, word
