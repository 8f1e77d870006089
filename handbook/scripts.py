"""Text in any script -> glyphs in place: fonts by coverage, both directions, HarfBuzz.

A field's value is unknown until a copy is made, so nothing here knows the layout.  Each
character is set in the first font that has it: the theme's face, the fonts that ship (see
fonts/noto/README.md), those of the extra `cjk`, and at last the system's (`SYSTEM`).
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import uharfbuzz as hb

from .diagnostics import error

CORE = Path(__file__).parent / "fonts" / "noto"
# Fonts of the extra `cjk`: the package, and the file in it.
PACKAGED: tuple[tuple[str, str], ...] = (
    ("cvttf_NotoSansCJK_Regular", "NotoSansCJKtc-Regular.otf"),
)
# Where Debian keeps fonts with Chinese, Japanese and Korean; each is asked, in this order.
SYSTEM: tuple[str, ...] = (
    "/usr/share/fonts-droid-fallback/truetype/DroidSansFallback.ttf",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/usr/share/fonts/truetype/nanum/NanumGothic.ttf",
)
_RIGHT_TO_LEFT = {"R", "AL", "AN", "RLE", "RLO", "RLI"}
_BARE = {"BN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
_JOINERS = {0x200C, 0x200D}
# Signs that steer the text and are not seen.
_IGNORABLE = _JOINERS | {
    0xAD,
    0x61C,
    0x200B,
    0x200E,
    0x200F,
    0x2060,
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
}
_FEATURES = {"liga": False, "clig": False, "dlig": False}


class FontFile:
    """A font file, opened once: its tables, its characters, and HarfBuzz's view of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.key = str(path)
        self.data = path.read_bytes()
        start = struct.unpack(">I", self.data[12:16])[0] if self.data[:4] == b"ttcf" else 0
        self.tables = self._directory(start)
        self.face = hb.Face(hb.Blob(self.data), 0)
        self.font = hb.Font(self.face)
        self.scale = 1000 / self.face.upem
        self._advances: dict[int, float] = {}
        self._plain: dict[str, bool] = {}

    @cached_property
    def characters(self) -> frozenset[int]:
        """The characters that the font has a glyph for."""
        return frozenset(self.face.unicodes)

    @property
    def postscript(self) -> bool:
        """Whether its outlines are PostScript ones (CFF), not TrueType's."""
        return "CFF " in self.tables

    def _directory(self, start: int) -> dict[str, tuple[int, int]]:
        count = struct.unpack(">H", self.data[start + 4 : start + 6])[0]
        found: dict[str, tuple[int, int]] = {}
        for place in range(start + 12, start + 12 + 16 * count, 16):
            tag, _, offset, length = struct.unpack(">4sIII", self.data[place : place + 16])
            found[tag.decode("latin-1")] = (offset, length)
        return found

    def table(self, tag: str) -> bytes:
        """The bytes of a table, empty if the font has none."""
        offset, length = self.tables.get(tag, (0, 0))
        return self.data[offset : offset + length]

    def advance(self, glyph: int) -> float:
        """The width of a glyph, in thousandths of the font size."""
        known = self._advances.get(glyph)
        if known is None:
            known = self._advances[glyph] = float(self.font.get_glyph_h_advance(glyph) * self.scale)
        return known

    def plain(self, text: str) -> bool:
        """Whether each character of `text` is a sign of its own in this font, left to right."""
        known = self._plain
        for char in text:
            if char not in known:
                known[char] = (
                    ord(char) in self.characters
                    and not _extends(char)
                    and unicodedata.bidirectional(char) not in _RIGHT_TO_LEFT | {""}
                )
            if not known[char]:
                return False
        return True

    def has(self, text: str) -> bool:
        """Whether the font has every character of `text`; joiners need no glyph."""
        return all(ord(c) in self.characters or _ignorable(c) for c in text)


class NoGlyph(Exception):
    """No font has the character `char`."""

    def __init__(self, char: str) -> None:
        self.char = char
        super().__init__(char)

    @property
    def words(self) -> str:
        """What is missing, in words."""
        name = unicodedata.name(self.char, "unnamed")
        return f"no font has the character {self.char!r} (U+{ord(self.char):04X} {name})"

    @property
    def hint(self) -> str:
        """What to do about it."""
        name = unicodedata.name(self.char, "")
        if name.startswith(("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO")):
            return "install fonts for Chinese, Japanese and Korean: pip install 'handbook[cjk]'"
        return "write it otherwise, or use a theme whose fonts have it"


class Glyph(NamedTuple):
    """A glyph: its number, its place from the run's left edge (thousandths of the font size)."""

    number: int
    x: float
    y: float


class Cluster(NamedTuple):
    """Characters that have their glyphs in common: mostly one of each."""

    text: str
    glyphs: tuple[Glyph, ...]


class Run(NamedTuple):
    """Clusters of one font in the order of reading, at `x` from the line's left edge.

    `word` is the text of a run that goes from left to right with a glyph for each character.
    """

    font: FontFile
    x: float
    clusters: tuple[Cluster, ...]
    word: str = ""


class Shaped(NamedTuple):
    """A line: runs in the order in which they are read, and its width (thousandths of the size)."""

    runs: tuple[Run, ...]
    width: float


@lru_cache(maxsize=64)
def open_font(path: Path) -> FontFile:
    """The font at `path`, opened once a process; HandbookError if it is none."""
    try:
        return FontFile(path)
    except (struct.error, LookupError, ValueError):
        raise error(
            "the font cannot be read", file=str(path), code="file", hint="take a TTF or OTF file"
        ) from None


@lru_cache(maxsize=1)
def _core() -> tuple[Path, ...]:
    listed = CORE / "fonts.txt"
    names = listed.read_text("utf-8").split() if listed.is_file() else []
    return tuple(CORE / name for name in names)


@lru_cache(maxsize=1)
def _others() -> tuple[Path, ...]:
    """Fonts that may be there: those of the extra, those of the system."""
    found: list[Path] = []
    for package, file in PACKAGED:
        spec = find_spec(package)
        for folder in (spec.submodule_search_locations or []) if spec else []:
            if (Path(folder) / file).is_file():
                found.append(Path(folder) / file)
    return (*found, *(Path(name) for name in SYSTEM if Path(name).is_file()))


def fallback_fonts() -> Iterator[FontFile]:
    """The fonts behind the theme's own, in order; each is opened when it is asked for."""
    for path in (*_core(), *_others()):
        yield open_font(path)


@lru_cache(maxsize=4096)
def drawable(char: str) -> bool:
    """Whether any font that comes along, or that is installed, has the character."""
    if _ignorable(char):
        return True
    own = (open_font(path) for path in sorted(CORE.parent.glob("*/*.ttf")))
    return any(font.has(char) for fonts in (own, fallback_fonts()) for font in fonts)


@lru_cache(maxsize=256)
def shape(text: str, first: FontFile, field: str) -> Shaped:
    """`text` on one line, in `first` where it has the characters.

    Raises HandbookError for a character that no font has, naming the `field` it came from.
    """
    if first.plain(text):
        return _words(text, first)
    try:
        return shape_levels(text, levels(text), first)
    except NoGlyph as problem:
        raise error(
            f"field {field!r}: {problem.words}", hint=problem.hint, code="no-glyph"
        ) from None


def shape_levels(text: str, given: list[int], first: FontFile, language: str = "") -> Shaped:
    """`text`, whose characters have the embedding levels `given`; NoGlyph if no font has one.

    Signs that Chinese and Japanese share, or Serbian and Russian, differ by `language`.
    """
    parts = _parts(text, given, first)
    made = [(level, *_shape(font, words, level % 2 == 1, language)) for font, words, level in parts]
    starts = [0.0] * len(made)
    x = 0.0
    for place in visual([level for level, *_ in made]):
        starts[place] = x
        x += made[place][2]
    runs = tuple(
        Run(font, start, clusters)
        for (font, _, _), (_, clusters, _), start in zip(parts, made, starts, strict=True)
    )
    return Shaped(runs, x)


# ------------------------------------------------------------------- itemisation


@lru_cache(maxsize=4096)
def shape_run(text: str, first: FontFile, backwards: bool, language: str = "") -> Shaped:
    """`text` that runs in one direction; NoGlyph if no font has a character."""
    return shape_levels(text, [int(backwards)] * len(text), first, language)


def _parts(text: str, levels: list[int], first: FontFile) -> list[tuple[FontFile, str, int]]:
    """`text` in stretches of one font and one direction, in the order of reading."""
    parts: list[tuple[FontFile, str, int]] = []
    for start, cluster in _held(text, first):
        level = levels[start]
        last = parts[-1] if parts else None
        common = not any(c.isalpha() or unicodedata.category(c)[0] in "MS" for c in cluster)
        if last and common and last[0].has(cluster):
            font = last[0]
        else:
            font = _font_of(cluster, first)
        if last and last[0] is font and last[2] == level:
            parts[-1] = (font, last[1] + cluster, level)
        else:
            parts.append((font, cluster, level))
    return parts


def _clusters(text: str) -> list[tuple[int, str]]:
    """What a reader takes for one sign, with its place: a letter and its marks stay together."""
    found: list[tuple[int, str]] = []
    for place, char in enumerate(text):
        joined = found and (found[-1][1][-1] == "\u200d" or _extends(char))
        if joined:
            found[-1] = (found[-1][0], found[-1][1] + char)
        else:
            found.append((place, char))
    return found


def _held(text: str, first: FontFile) -> Iterator[tuple[int, str]]:
    """Clusters that some font has whole; marks that no font has with their letter by themselves."""
    for start, cluster in _clusters(text):
        if len(cluster) == 1 or first.has(cluster) or any(f.has(cluster) for f in fallback_fonts()):
            yield start, cluster
        else:
            yield from enumerate(cluster, start)


def _extends(char: str) -> bool:
    code = ord(char)
    emoji = 0x1F3FB <= code <= 0x1F3FF or 0xFE00 <= code <= 0xFE0F
    return unicodedata.category(char) in ("Mn", "Mc", "Me") or code in _JOINERS or emoji


def _ignorable(char: str) -> bool:
    code = ord(char)
    return code in _IGNORABLE or 0xFE00 <= code <= 0xFE0F


def _font_of(cluster: str, first: FontFile) -> FontFile:
    if first.has(cluster):
        return first
    for font in fallback_fonts():
        if font.has(cluster):
            return font
    raise _missing(cluster, first)


def _missing(cluster: str, first: FontFile) -> NoGlyph:
    fonts = (first, *fallback_fonts())
    char = next((c for c in cluster if not any(font.has(c) for font in fonts)), cluster[0])
    return NoGlyph(char)


# --------------------------------------------------------------------- direction


def levels(text: str, base: int | None = None) -> list[int]:
    """The embedding level of each character (UAX #9): odd ones run from right to left.

    `base` is the paragraph's own level, by its first letter if it is not given.
    """
    kinds = {unicodedata.bidirectional(c) for c in text}
    # Characters that Python does not know yet have no direction, and no font either.
    if "" in kinds or not (base or kinds & _RIGHT_TO_LEFT):
        return [base or 0] * len(text)
    from bidi import algorithm

    # Joiners have no direction of their own (rule X9): they go with what stands before them, and
    # so do signs that embed and isolate, which the library does not know in full.
    shown = "".join(c for c in text if unicodedata.bidirectional(c) not in _BARE)
    storage: Any = algorithm.get_empty_storage()
    if base is None:
        base = algorithm.get_base_level(shown)
    storage["base_level"], storage["base_dir"] = base, ("L", "R")[base]
    algorithm.get_embedding_levels(shown, storage)
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    algorithm.resolve_neutral_types(storage, debug=False)
    algorithm.resolve_implicit_levels(storage, debug=False)
    known = iter([int(char["level"]) for char in storage["chars"]])
    found: list[int] = []
    for char in text:
        bare = unicodedata.bidirectional(char) in _BARE
        found.append((found[-1] if found else base) if bare else next(known))
    return found


def visual(levels: list[int]) -> list[int]:
    """The runs of these levels from left to right (UAX #9, rule L2)."""
    order = list(range(len(levels)))
    for level in range(max(levels, default=0), 0, -1):
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and levels[order[end]] >= level:
                end += 1
            order[start:end] = reversed(order[start:end])
            start = max(end, start + 1)
    return order


# ----------------------------------------------------------------------- shaping


def _shape(
    font: FontFile, text: str, backwards: bool, language: str = ""
) -> tuple[tuple[Cluster, ...], float]:
    """The clusters of a run in the order of reading, and its width."""
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if backwards else "ltr"
    if language:
        buffer.language = language
    hb.shape(font.font, buffer, _FEATURES)
    glyphs: dict[int, list[Glyph]] = {}
    x = 0.0
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        if info.codepoint == 0:
            raise _missing(text[info.cluster :][:1], font)
        left, up = x + place.x_offset * font.scale, place.y_offset * font.scale
        glyphs.setdefault(info.cluster, []).append(Glyph(info.codepoint, left, up))
        x += place.x_advance * font.scale
    starts = sorted(glyphs)
    ends = [*starts[1:], len(text)]
    clusters = [
        Cluster(text[start:end], tuple(glyphs[start]))
        for start, end in zip(starts, ends, strict=True)
    ]
    return tuple(clusters), x


def _words(text: str, font: FontFile) -> Shaped:
    """Plain text word by word: words come again and again, and are remembered."""
    runs: list[Run] = []
    x = 0.0
    *words, last = text.split(" ")
    for word in [word + " " for word in words] + ([last] if last else []):
        clusters, width, single = shape_word(word, font)
        runs.append(Run(font, x, clusters, word if single else ""))
        x += width
    return Shaped(tuple(runs), x)


@lru_cache(maxsize=2048)
def shape_word(word: str, font: FontFile) -> tuple[tuple[Cluster, ...], float, bool]:
    """A word's clusters, its width, and whether each is one glyph on the baseline."""
    clusters, width = _shape(font, word, False)
    single = [c.text for c in clusters] == list(word)
    flat = all(len(c.glyphs) == 1 and not c.glyphs[0].y for c in clusters)
    return clusters, width, single and flat
