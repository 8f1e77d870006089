"""Check prose against the style that a project sets itself, if it sets one.

`check: {style: …}` in handbook.yaml says how long a sentence may be, which share of a chapter's
sentences may have a semicolon, a colon or a passive, and which words to avoid, with better ones.
Tables are left out but for the words: their cells are notes, not sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..core.diagnostics import Diagnostic, Source
from ..core.yaml_source import SourcedDict
from ..document.nodes import (
    Block,
    Code,
    Formula,
    Inlines,
    LineBreak,
    Paragraph,
    Table,
    Text,
    children,
    inlines_of,
    walk_inlines,
)
from ..pack.model import Pack
from .selections import SelectionMatrix

# The place of a text, its words, and whether it is prose.
_Passage = tuple[Source, str, bool]
# Shares of this few sentences say nothing.
FEW = 20
_END = re.compile(r"[.!?…][\"”’)\]]*(?=\s+[\"“‘(\[]*[A-Z0-9À-Þ])")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|Dr|Mr|Mrs|No|pp?|[A-Z])\.)$")
_WORD = re.compile(r"[^\W_]+(?:[-’'./][^\W_]+)*")
_IRREGULAR = (
    "bought|brought|built|caught|chosen|cut|done|drawn|driven|found|given|held|hidden|kept|known|"
    "laid|left|led|lost|made|met|paid|put|read|run|said|seen|sent|set|shown|sold|spent|split|"
    "taken|taught|told|thought|thrown|understood|won|written"
)
_PASSIVE = re.compile(
    rf"\b(?:is|are|was|were|be|been|being)\s+(?:not\s+|\w+ly\s+)?(?:\w+ed|{_IRREGULAR})\b"
)
# A colon inside a sentence; not one that ends a label ("Expected:") or leads to a list.
_COLON = re.compile(r"(?<!\S)(?:\S+ ){3}\S+: ")
_SHARES = {
    "semicolons": ("have a semicolon", re.compile(";"), "make two sentences of one"),
    "colons": ("have a colon", _COLON, "say it in one sentence, or in two"),
    "passive": ("are in the passive", _PASSIVE, "say who does it"),
}


@dataclass(frozen=True)
class Sentence:
    """A sentence, and the place of its block."""

    source: Source
    text: str

    @property
    def words(self) -> int:
        """Return how many words it has."""
        return len(_WORD.findall(self.text))


def style_findings(pack: Pack, matrix: SelectionMatrix) -> Iterator[Diagnostic]:
    """Yield a warning for whatever is not in the style that the pack sets itself."""
    style: SourcedDict = pack.config["check"]["style"]
    english = pack.language.lower().partition("-")[0] == "en"
    for variants in _variants(matrix):
        texts = list(dict.fromkeys(text for variant in variants for text in variant))
        yield from _long(_prose(texts), style)
        yield from _avoided([(source, text) for source, text, _ in texts], style)
        # Shares are those of the reader who gets most of the chapter.
        yield from _shares(max(map(_prose, variants), key=len), style, english)


def _variants(matrix: SelectionMatrix) -> Iterator[list[list[_Passage]]]:
    """Yield what each selection gets of a chapter, chapter by chapter."""
    passages: dict[str, list[list[_Passage]]] = {}
    for variant in matrix.variants():
        if variant.read is not None:
            blocks = variant.read.document.chapters[0].blocks
            passages.setdefault(variant.chapter.id, []).append(list(_walk(blocks, True)))
    yield from passages.values()


def _prose(pieces: list[_Passage]) -> list[Sentence]:
    return [one for source, text, prose in pieces if prose for one in sentences(source, text)]


def _walk(blocks: tuple[Block, ...], prose: bool) -> Iterator[_Passage]:
    for block in blocks:
        for inlines in inlines_of(block):
            yield block.source, _text(inlines), prose and isinstance(block, Paragraph)
        yield from _walk(tuple(children(block)), prose and not isinstance(block, Table))


def _text(inlines: Inlines) -> str:
    """Return the words; code and formulas are words whose characters are not looked at."""
    parts: list[str] = []
    for inline in walk_inlines(inlines):
        if isinstance(inline, (Code, Formula)):
            parts.append("Code")
        elif isinstance(inline, Text):
            parts.append(inline.text)
        elif isinstance(inline, LineBreak):
            parts.append(" ")
    return " ".join("".join(parts).split())


def sentences(source: Source, text: str) -> Iterator[Sentence]:
    """Yield the sentences of a paragraph."""
    begin = 0
    for match in _END.finditer(text):
        if not _ABBREVIATION.search(text[begin : match.end()]):
            yield Sentence(source, text[begin : match.end()].strip())
            begin = match.end()
    if text[begin:].strip():
        yield Sentence(source, text[begin:].strip())


def _warning(at: Source, message: str, hint: str, code: str) -> Diagnostic:
    return Diagnostic.at(at, message, hint, code, "warning")


def _opening(text: str) -> str:
    return repr(" ".join(text.split()[:5]) + " …")


def _long(prose: list[Sentence], style: SourcedDict) -> Iterator[Diagnostic]:
    most = int(style.get("sentence") or 0)
    for one in prose:
        if most and one.words > most:
            message = f"a sentence of {one.words} words, more than {most}: {_opening(one.text)}"
            yield _warning(one.source, message, "make two of it", "style-sentence")


def _shares(prose: list[Sentence], style: SourcedDict, english: bool) -> Iterator[Diagnostic]:
    for key, (what, pattern, hint) in _SHARES.items():
        if key not in style or len(prose) < FEW or (key == "passive" and not english):
            continue
        matches = [one for one in prose if pattern.search(one.text)]
        share = round(100 * len(matches) / len(prose))
        if share > style[key]:
            at = matches[0].source
            lines = dict.fromkeys(one.source.line for one in matches if one.source.file == at.file)
            places = ", ".join(map(str, list(lines)[:8]))
            yield _warning(
                at,
                f"{share} % of the chapter's {len(prose)} sentences {what}, "
                f"more than {style[key]} %",
                f"{hint} (first lines: {places})",
                f"style-{key}",
            )


def _avoided(texts: list[tuple[Source, str]], style: SourcedDict) -> Iterator[Diagnostic]:
    avoid: SourcedDict | None = style.get("avoid")
    if avoid and "" in avoid:
        hint = "write the word before the colon"
        yield _warning(avoid.key_at(""), "a word to avoid is empty", hint, "style-word")
    if not avoid or not any(avoid):
        return
    better = {str(word).casefold(): str(instead) for word, instead in avoid.items() if word}
    longest_first = sorted(better, key=len, reverse=True)
    pattern = re.compile(
        r"(?<![\w-])(?:" + "|".join(map(re.escape, longest_first)) + r")(?![\w-])", re.IGNORECASE
    )
    for source, text in texts:
        for word in dict.fromkeys(match.casefold() for match in pattern.findall(text)):
            hint = f"write {better[word]!r}" if better[word] else "say it otherwise"
            yield _warning(source, f"a word to avoid: {word!r}", hint, "style-word")
