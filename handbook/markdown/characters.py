"""Replace characters that cannot be printed before a chapter is parsed, and report each.

Lines keep their numbers.  Zero-width spaces, word joiners and soft hyphens stay: they say where a
line may end, and show nothing themselves.
"""

from __future__ import annotations

import re
import unicodedata
import xml.etree.ElementTree as etree
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import quote

from ..core.patterns import late
from ..fonts.fallback import MissingGlyph, drawable
from .elements import Finding
from .foreign_syntax import CODE, lines_with_fences

# What Windows-1252 means by U+0080 to U+009F, which no font has; five of them mean nothing.
_WINDOWS = {
    code: bytes([code]).decode("cp1252")
    for code in range(0x80, 0xA0)
    if code not in (0x81, 0x85, 0x8D, 0x8F, 0x90, 0x9D)
}
# Other line ends are spaces, as the numbers of lines would not match otherwise; U+1680 is one.
_LINE_ENDS = dict.fromkeys((0x0B, 0x0C, 0x85, 0x1680, 0x2028, 0x2029), " ")
_REMOVED = dict.fromkeys(
    (
        *range(9),
        *range(0x0E, 0x20),
        0x7F,
        0x81,
        0x8D,
        0x8F,
        0x90,
        0x9D,
        0x180E,
        # Invisible operators of formulas, old directions, annotations.
        *range(0x2061, 0x2065),
        *range(0x206A, 0x2070),
        0xFEFF,
        *range(0xFFF9, 0xFFFC),
        *range(0xD800, 0xE000),
        *range(0xFDD0, 0xFDF0),
        # Two codes at the end of each plane are not characters.
        *(plane + code for plane in range(0, 0x110000, 0x10000) for code in (0xFFFE, 0xFFFF)),
        # Tags, and selectors of forms that no font here has.
        0xE0001,
        *range(0xE0020, 0xE0080),
        *range(0xE0100, 0xE01F0),
    ),
    "",
)
_PLANES = range(0x10000, 0x110000, 0x10000)
_REPLACED: dict[int, str] = {**_WINDOWS, **_LINE_ENDS, **_REMOVED}
# The same characters in stretches, which compile quickly, and the one put in for lost characters.
_ANY = late(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u1680\u180e\u2028\u2029\u2061-\u2064\u206a-\u206f"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffd-\uffff"
    + "".join(f"{chr(plane + 0xFFFE)}-{chr(plane + 0xFFFF)}" for plane in _PLANES)
    + "\U000e0001\U000e0020-\U000e007f\U000e0100-\U000e01ef]"
)
_HINT = "an editor can show invisible characters; delete it, or type what was meant"
_REFERENCE = late(r"&#(?:[xX]0*([0-9a-fA-F]{1,6})|0*(\d{1,7}));")
_EMOJI = "\U0001f000"
_ADDRESS = late(
    r"\]\(\s*(?:<[^<>\n]*|[^()\s]*)|\b(?:href|src)\s*=\s*(?:\"[^\"\n]*|'[^'\n]*)"
    r"|(?m:^[ \t>]*\[[^\]\n]+\]:[ \t]*\S*)|\b(?:https?|ftp)://[^\s<>\"')\]]*"
)
# More characters without a glyph, in one file, are one message.
MOST_REPORTED = 4
_JOINER = "\u2060"


def replace_unprintable(text: str, missing_glyphs: bool) -> tuple[str, list[Finding]]:
    """Return `text` without characters that cannot be printed, and a finding for each.

    With `missing_glyphs`, a character that no font has is replaced by its number or name;
    otherwise layout reports it as an error.
    """
    findings: list[Finding] = []
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if "&#" in text:
        text = _REFERENCE.sub(_control_reference, text)
    if _ANY.search(text):
        for number, line in enumerate(text.split("\n")):
            for char in sorted(set(_ANY.findall(line))):
                findings.append(Finding(number, _message(char), _HINT, "unprintable-character"))
        text = text.translate(_REPLACED)
    if missing_glyphs:
        text = _without_missing_glyphs(text, findings)
    return text, findings


def _control_reference(match: re.Match[str]) -> str:
    """Return a numeric reference to a replaced character as that character."""
    code = int(match[1], 16) if match[1] else int(match[2])
    return chr(code) if code in _REPLACED else match[0]


def _message(char: str) -> str:
    code = ord(char)
    if char == "\ufffd":
        return "U+FFFD replaces a character that was lost when the file was converted"
    if code in _WINDOWS:
        return f"U+{code:04X} is a control character; printed as {_WINDOWS[code]!r}, as on Windows"
    control = unicodedata.category(char) in ("Cc", "Cs")
    name = unicodedata.name(char, "a control character" if control else "no character")
    became = "printed as a space" if code in _LINE_ENDS else "left out"
    return f"U+{code:04X} ({name}) cannot be printed; {became}"


def _without_missing_glyphs(text: str, findings: list[Finding]) -> str:
    missing = _undrawable(text)
    if not missing:
        return text
    text = _encoded_addresses(text, missing)
    labels = {char: _label(char) for char in missing if char in text}
    if not labels:
        return text
    lines = text.split("\n")
    many = _many_missing(labels)
    for hint, chars in many.items():
        number = next(n for n, line in enumerate(lines) if any(char in line for char in chars))
        findings.append(_many(number, chars, labels, hint))
    grouped = {char for chars in many.values() for char in chars}
    for char, label in labels.items():
        for number, line in enumerate(lines if char not in grouped else ()):
            if char in line:
                findings.append(_missing(number, char, label))
    # A selector of the character's form is removed with it.
    characters = late(f"([{''.join(map(re.escape, labels))}])\ufe0f?")
    return characters.sub(lambda match: _apart(match, labels), text)


def _encoded_addresses(text: str, missing: Sequence[str]) -> str:
    """Return text with these characters percent-encoded in addresses, which lead where they did."""
    chars = late(f"[{''.join(map(re.escape, missing))}]")

    def encoded(match: re.Match[str]) -> str:
        return chars.sub(lambda one: quote(one[0]), match[0])

    lines: list[str] = []
    for _, line, in_code in lines_with_fences(text.split("\n")):
        if not in_code and chars.search(line):
            line = "".join(
                part if is_code else _ADDRESS.sub(encoded, part)
                for is_code, part in _code_and_prose(line)
            )
        lines.append(line)
    return "\n".join(lines)


def _code_and_prose(line: str) -> Iterator[tuple[bool, str]]:
    place = 0
    for match in CODE.finditer(line):
        yield False, line[place : match.start()]
        yield True, match[0]
        place = match.end()
    yield False, line[place:]


def replace_referenced(elements: Iterable[tuple[etree.Element, int]]) -> list[Finding]:
    """Replace characters that no font has and that a text names: `&#x23F5;`.

    `elements` are those of a chapter that has been read, each with its line.
    """
    findings: list[Finding] = []

    def printable(words: str, line: int) -> str:
        for char in () if words.isascii() else _undrawable(words):
            label = _label(char)
            words = words.replace(f"{char}\ufe0f", label).replace(char, label)
            findings.append(_missing(line, char, label))
        return words

    for element, line in elements:
        element.text = element.text and printable(element.text, line)
        element.tail = element.tail and printable(element.tail, line)
        for name in ("alt", "title") if element.attrib else ():
            if words := element.get(name):
                element.set(name, printable(words, line))
    return findings


def _undrawable(text: str) -> list[str]:
    return [char for char in sorted(set(text)) if char > "\u0180" and not drawable(char)]


def _label(char: str) -> str:
    """Return what is printed for a character: the name of an emoji, the number of another."""
    name = unicodedata.name(char, "")
    return f"[{name.lower()}]" if name and char >= _EMOJI else f"[U+{ord(char):04X}]"


def _many_missing(labels: Mapping[str, str]) -> dict[str, list[str]]:
    """Return characters of which there are too many to report each, by what to do about them."""
    alike: dict[str, list[str]] = {}
    for char, label in labels.items():
        if label.startswith("[U+"):
            alike.setdefault(MissingGlyph(char).hint, []).append(char)
    return {hint: chars for hint, chars in alike.items() if len(chars) > MOST_REPORTED}


def _many(line: int, chars: Sequence[str], labels: Mapping[str, str], hint: str) -> Finding:
    first = ", ".join(map(repr, chars[:3]))
    message = (
        f"no font has {len(chars):,} characters of this file, such as {first}; "
        f"their numbers are printed, as in {labels[chars[0]]}"
    )
    return Finding(line, message, hint, "missing-glyph")


def _missing(line: int, char: str, label: str) -> Finding:
    message = f"no font has the character {char!r}; {label} is printed"
    return Finding(line, message, MissingGlyph(char).hint, "missing-glyph")


def _apart(match: re.Match[str], labels: Mapping[str, str]) -> str:
    """Return the label of a character, which makes no link with what is next to it."""
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    left = _JOINER if before and before in "]!" else ""
    right = _JOINER if after and (after in "[({:" or after in labels) else ""
    return left + labels[match[1]] + right
