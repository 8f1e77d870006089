"""Format citations and a bibliography: BibTeX and CSL JSON, read and set by citeproc-py."""

from __future__ import annotations

import json
import re
import tempfile
import unicodedata
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

_FIELD = {
    "journaltitle": "journal",
    "location": "address",
    "date": "year",
    "institution": "institution",
}
_TYPES = {"online": "misc", "software": "misc", "electronic": "misc", "dataset": "misc", "report": "techreport",
          "thesis": "phdthesis", "www": "misc", "manual": "manual", "mvbook": "book", "collection": "book"}  # fmt: skip
_YEAR = re.compile(r"(?i)(?<![\w-])(year\s*=\s*)[{\"]([^{}\"\n]*)[}\"]")
# The end of a line within a value: names are split by "and" with spaces alone.
_CONTINUED = re.compile(r"(?<![ \t])[ \t]*\n[ \t]*(?=\S)(?![\w-]+[ \t]*=|[})@])")
_MARKS = {"'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304",
          ".": "\u0307", "c": "\u0327", "H": "\u030b", "k": "\u0328", "r": "\u030a", "u": "\u0306", "v": "\u030c"}  # fmt: skip
_SIGN, _LETTER = r"""(['`^"~=.]|[cHkruv](?![A-Za-z]))""", r"(\\[ij]|[A-Za-z])"
_ACCENT = re.compile(
    rf"\{{\\{_SIGN}\{{{_LETTER}\}}\}}|\{{\\{_SIGN}[ ]*{_LETTER}\}}"
    rf"|\\{_SIGN}\{{{_LETTER}\}}|\\{_SIGN}[ ]*{_LETTER}"
)
# Commands that are characters or names; of others with words in braces, the words are printed.
_SIGNS = {"ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å",
          "AA": "Å", "i": "ı", "j": "ȷ", "dh": "ð", "th": "þ", "ldots": "…", "dots": "…", "textellipsis": "…",
          "textendash": "–", "textemdash": "—", "textquoteleft": "‘", "textquoteright": "’", "textquotedblleft": "“",
          "textquotedblright": "”", "textquotesingle": "'", "texttrademark": "™", "textregistered": "®",
          "copyright": "©", "textdegree": "°", "textmu": "µ", "textasciitilde": "~",
          "textunderscore": "_", "slash": "/",
          **dict.fromkeys(("bf", "it", "em", "sc", "rm", "tt", "sf", "sl", "bfseries", "itshape", "scshape"), "")}  # fmt: skip
_COMMAND = re.compile(r"\$[^$\n]*\$|\\([A-Za-z]+)[*]?(?:\{\}|[ \t]+(?=\w)|\\?(?=[ \t]))?|\\\\|---")
_HREF = re.compile(r"\\href[ \t]*\{[^{}]*\}(?=[ \t]*\{)")
_ENTRY = re.compile(r"@(\w+)[ \t]*\{[ \t]*([^,\s}]+)[ \t]*,")


class Bibliography:
    """The works that a book cites, in the author-date style of "Cite them right"."""

    def __init__(self, sources: Sequence[tuple[str, str]], broken: Callable[[str], None]) -> None:
        """`sources` are names and texts of files; `broken` receives those that cannot be read."""
        self.entries: dict[str, Any] = {}
        self._book: Any = None
        for name, text in sources:
            try:
                self.entries |= (
                    _csl(text)
                    if name.endswith((".json", ".yaml", ".yml"))
                    else _bibtex(text, broken)
                )
            except Exception:
                # Whatever a parser makes of a broken file, the keys are printed then.
                broken(name)

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def cite(self, items: Sequence[tuple[str, str, str]], in_text: bool = False) -> str:
        """Return a citation of works: each its key, the words before it and those after it."""
        from citeproc import Citation, CitationItem

        parts: list[str] = []
        for key, prefix, suffix in items:
            citation = Citation([CitationItem(key)])
            self._bibliography().register(citation)
            words = _plain(str(self._bibliography().cite(citation, lambda item: None)))
            words = words.removeprefix("(").removesuffix(")")
            parts.append(f"{prefix} {words}{suffix}".strip())
        joined = "; ".join(parts)
        author, comma, year = joined.rpartition(", ")
        if in_text and comma:
            return f"{author} ({year})"
        return f"({joined})"

    def listed(self, keys: Sequence[str]) -> list[str]:
        """Return the entries of the bibliography for these keys, as a list of Markdown."""
        from citeproc import Citation, CitationItem

        self._book = None
        for key in dict.fromkeys(keys):
            self._bibliography().register(Citation([CitationItem(key)]))
        self._bibliography().sort()
        return [_markdown(str(entry)) for entry in self._bibliography().bibliography()]

    def _bibliography(self) -> Any:
        if self._book is None:
            from citeproc import CitationStylesBibliography, CitationStylesStyle, formatter

            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                style = CitationStylesStyle("harvard-cite-them-right", validate=False)
                self._book = CitationStylesBibliography(style, self.entries, formatter.html)
        return self._book


def _csl(text: str) -> dict[str, Any]:
    from citeproc.source.json import CiteProcJSON

    data = json.loads(text)
    data = data.get("references") if isinstance(data, dict) else data
    return dict(CiteProcJSON(data))


def _bibtex(text: str, broken: Callable[[str], None]) -> dict[str, Any]:
    """Return the entries; each is read for itself, so that a broken one does not spoil the others."""
    from citeproc.source.bibtex import BibTeX

    starts = [match.start() for match in _ENTRY.finditer(text)]
    works: dict[str, Any] = {}
    strings = "\n".join(re.findall(r"^@string\s*\{.*\}\s*$", text, re.MULTILINE | re.IGNORECASE))
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder) / "entry.bib"
        for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
            match = _ENTRY.match(text, start)
            if not match or match[1].casefold() in ("string", "comment", "preamble"):
                continue
            entry = _whole(_usual(text[start:end]))
            if not entry:
                broken(match[2])
                continue
            path.write_text(f"{strings}\n{entry}", encoding="utf-8")
            try:
                # Its keys are in lower case.
                entries = list(dict(BibTeX(str(path), encoding="utf-8")).values())
                entries[0]["key"] = entries[0].key = match[2]
                works[match[2]] = entries[0]
            except Exception:
                broken(match[2])
    return works


def _usual(entry: str) -> str:
    """Return an entry of BibLaTeX with the names of BibTeX."""
    entry = _ENTRY.sub(lambda m: f"@{_TYPES.get(m[1].casefold(), m[1])}{{{m[2]},", entry, count=1)
    for name, usual in _FIELD.items():
        entry = re.sub(
            rf"^(\s*){name}(\s*=)", rf"\1{usual}\2", entry, flags=re.MULTILINE | re.IGNORECASE
        )
    entry = _CONTINUED.sub(" ", _ACCENT.sub(_accented, entry))
    entry = _COMMAND.sub(_printed, _HREF.sub("", entry))
    entry = re.sub(r"(?i)(?<![\w-])(month\s*=\s*)(\d+)", r"\1{\2}", entry)
    entry = _YEAR.sub(_year, entry)
    if not _YEAR.search(entry):
        # The parser takes no month without a year.
        entry = re.sub(r"(?i)(?<![\w-])month(\s*=)", r"during\1", entry)
    return re.sub(
        r"(?im)^[ \t]*(?:abstract|file|note|keywords|annote)\s*=\s*\{(?:[^{}]|\{[^{}]*\})*\},?[ \t]*\n",
        "",
        entry,
    )


def _year(match: re.Match[str]) -> str:
    """Return the field of a year: of "2010 - 2025" the first; "n.d." is none."""
    year = re.search(r"\d{4}", match[2])
    return f"{match[1]}{{{year[0]}}}" if year else f"when = {{{match[2]}}}"


def _printed(match: re.Match[str]) -> str:
    """Return what a command of TeX prints outside of formulas; the words in its braces remain."""
    command, name = match[0], match[1]
    if name is None:
        return "—" if command == "---" else " " if command == "\\\\" else command
    if name in _SIGNS:
        return _SIGNS[name]
    if match.string[match.end() : match.end() + 1] == "{":
        return ""
    return name + (" " if command[-1] in " \t\\" else "")


def _accented(match: re.Match[str]) -> str:
    """Return a letter that TeX writes with its accent apart (`{\\'{e}}`) as one character."""
    sign, letter = (group for group in match.groups() if group is not None)
    return unicodedata.normalize("NFC", letter.removeprefix("\\") + _MARKS[sign])


def _whole(entry: str) -> str:
    """Return an entry up to its last brace, or nothing: for an open one the parser waits for ever."""
    depth = 0
    for match in re.finditer(r"\\.|[{}]", entry, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if match[0] == "}" and depth <= 0:
            return entry[: match.end()] if depth == 0 else ""
    return ""


def _plain(words: str) -> str:
    return re.sub(r"<[^<>]+>", "", words).replace("&amp;", "&").replace("&#x27;", "'")


def _markdown(words: str) -> str:
    words = re.sub(r"(?<!\()\bhttps?://[^\s<>]+[^\s<>.,;)]", lambda match: f"<{match[0]}>", words)
    return " ".join(words.split())
