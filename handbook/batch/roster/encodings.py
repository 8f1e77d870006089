"""Find the encoding of a text file: UTF-8 and UTF-16 by their bytes, others by what they spell."""

from __future__ import annotations

import codecs
import itertools
import unicodedata
from collections.abc import Sequence

from ...core.diagnostics import error
from .source import BLOCK, Opener

# Encodings that exports still come in; of two that read a file equally well, the first is taken.
CANDIDATES = (
    "cp1252", "cp1250", "iso8859-2", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257",
    "koi8-r", "mac_roman", "mac_latin2", "cp850", "cp852", "cp437", "cp866",
    "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr",
)  # fmt: skip
# Bytes of lines with other than ASCII characters that are looked at.
SAMPLE = 1 << 15


def check_encoding(name: str) -> str:
    """Return the name of an encoding that was asked for.

    Raises:
        HandbookError: If there is no such encoding of text.
    """
    try:
        return codecs.lookup(name).name if "a".encode(name) else name
    except (LookupError, UnicodeError, TypeError):
        raise error(
            f"--encoding: unknown encoding {name!r}",
            hint="for example utf-8, cp1252, cp1251, iso8859-2, mac_roman, shift_jis",
            code="roster",
        ) from None


def find_encoding(open_file: Opener) -> tuple[str, bool]:
    """Return the encoding of a text file, and whether it is a guess.

    A file in which any line with other than ASCII characters is UTF-8 is taken for UTF-8.
    """
    with open_file() as file:
        start = file.read(4096)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16", False
    odd, even = start[1::2].count(0), start[::2].count(0)
    if max(odd, even) > len(start) // 8:
        return ("utf-16-le" if odd > even else "utf-16-be"), True
    sample: list[bytes] = []
    size = 0
    with open_file() as file:
        while block := file.read(BLOCK):
            block += file.readline()
            if block.isascii():
                continue
            for line in block.split(b"\n"):
                if line.isascii():
                    continue
                if _is_utf_8(line):
                    return "utf-8-sig", False
                if size < SAMPLE:
                    sample.append(line)
                    size += len(line)
    return (_best(sample), True) if sample else ("utf-8-sig", False)


def _is_utf_8(line: bytes) -> bool:
    try:
        return bool(line.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _best(sample: Sequence[bytes]) -> str:
    """Return the encoding in which the words of `sample` look most like names."""
    penalties: dict[str, float] = {}
    for name in CANDIDATES:
        try:
            text = b"\n".join(sample).decode(name)
        except UnicodeDecodeError:
            continue
        penalties[name] = _penalty(text) + (0.5 if name in _MULTIBYTE else 0)
    if not penalties:
        return "cp1252"
    least = min(penalties.values())
    equal = [name for name, penalty in penalties.items() if penalty <= least + 0.01]
    return equal[0] if len(equal) == 1 else _by_library(sample, equal)


_MULTIBYTE = frozenset({"shift_jis", "euc_jp", "gb18030", "big5", "euc_kr"})


def _by_library(sample: Sequence[bytes], names: Sequence[str]) -> str:
    """Choose between encodings that read a sample equally well by the frequency of letters."""
    if "cp1252" in names:
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(b"\n".join(sample), cp_isolation=list(names)).best()
    return best.encoding if best is not None else names[0]


def _penalty(text: str) -> float:
    """Return how unlike names the words with other than ASCII characters are, from 0 upwards."""
    total, words = 0.0, 0
    for word in text.replace(";", " ").replace(",", " ").split():
        if word.isascii():
            continue
        words += 1
        total += _word_penalty(word.strip("\"'.()-"))
    return total / max(1, words)


def _word_penalty(word: str) -> float:
    penalty = 0.0
    foreign = [char for char in word if ord(char) > 127]
    scripts = {unicodedata.name(char, "?").split()[0] for char in word if char.isalpha()}
    for char in foreign:
        category = unicodedata.category(char)
        if char in _TYPOGRAPHIC:
            continue
        if category[0] not in "LM":
            penalty += 1 if category[0] in "PN" else 2
        elif category == "Lo" and "HALFWIDTH" in unicodedata.name(char, ""):
            penalty += 1
    if len(scripts - {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}) > 1:
        penalty += 2
    # Names have few letters with accents; Cyrillic read as Latin has nothing else.
    if "LATIN" in scripts and len(foreign) > max(1, len(word) * 0.5):
        penalty += 2
    for before, after in itertools.pairwise(word):
        if before.islower() and after.isupper() and ord(after) > 127:
            penalty += 1
        if before.isupper() and ord(before) > 127 and after.islower() and "CYRILLIC" in scripts:
            penalty += 0
    if "CYRILLIC" in scripts and word[:1].islower() and any(char.isupper() for char in word[1:]):
        penalty += 2
    # A capital in the middle of small letters, and letters that names hardly have.
    penalty += sum(0.3 for char in foreign if char in _RARE)
    return penalty


# What word processors put into names and notes: O’Neil, “Ann”.
_TYPOGRAPHIC = frozenset("‘’“”–—…")
_RARE = frozenset("ªº×÷ÞþÐðŸ¥ƒﬁﬂµßĦħĸŊŋŦŧЂЃ‚ѓЉЊЌЋЏђљњќћџ") - {"ß"}
