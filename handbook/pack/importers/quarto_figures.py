"""Print the figures of code cells: a picture that a cell shows, or what a figure's author says of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from os.path import relpath
from pathlib import Path

from ...core.i18n import noop, translations_for
from ...core.images import PICTURES
from .model import Book, Page
from .rewriting import indented

_SHOWN = re.compile(
    r"(?<![\w.])(?:\w+::)?\w*graphics\(\s*(?:c\()?[ \t]*((?:[\"'][^\"'\n]+[\"'][,\s]*)+)"
    r"|(?<![\w.])Image\(\s*(?:filename\s*=\s*)?([\"'][^\"'\n]+[\"'])"
)
_QUOTED = re.compile(r"[\"']([^\"'\n]+)[\"']")
_PART = re.compile(r"\"([^\"]*)\"|'([^']*)'|([^\s,\[\]\"'][^,\[\]]*)")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>$@^~|#])")
_KINDS = (("fig", noop("Figure {number}")), ("tbl", noop("Table {number}")))


def cell_figure(
    options: Mapping[str, str], code: str, margin: str, page: Page, book: Book
) -> tuple[str, str]:
    """Return the figure of a cell, and its id or kind if no picture of it is in the sources.

    A picture is one in Pandoc's words.  Instead of one that only running the code would draw there
    is its caption and its description.
    """
    if any(options.get(key, "").casefold() in ("false", "f") for key in ("include", "eval")):
        return "", ""
    for kind, message in _KINDS:
        caption, alt = _words(options.get(f"{kind}-cap", "")), _words(options.get("fig-alt", ""))
        caption = " ".join(filter(None, (caption, _parts(options.get(f"{kind}-subcap", "")))))
        target = _target(kind, options, caption)
        addresses = _pictures(code, page, book) if kind == "fig" else []
        if addresses:
            return indented(margin + _shown(addresses, caption, alt, target, options), margin), ""
        alt = alt if kind == "fig" else ""
        if not (caption or target or alt):
            continue
        language = book.about.get("language") or "en"
        named = uncomputed_name(message, target, language)
        place = f'<a id="{target}"></a>' if target else ""
        escaped = _SPECIAL.sub(r"\\\1", alt)
        described = f"*{escaped}*" if alt else ""
        words = " ".join(filter(None, (caption, described)))
        line = f"{place}**{named}.** {words}".rstrip()
        return margin + line, target or kind
    return "", ""


def uncomputed_name(message: str, target: str, language: str) -> str:
    """Return what a figure is called that has no number: by the name that its author gave it."""
    name = target.partition("-")[2]
    return translations_for(language).gettext(message, number=name).strip()


def kind_of(target: str) -> str:
    """Return the message that names what has such an id."""
    return next((message for kind, message in _KINDS if target.startswith(kind)), _KINDS[0][1])


def _words(value: str) -> str:
    return " ".join(re.sub(r"^[|>][+-]?(?=\s|$)", "", value.strip()).split())


def _parts(value: str) -> str:
    """Return the captions of a figure's parts, lettered: a list of YAML, in lines or brackets."""
    value = value.strip()
    if value.startswith("["):
        captions = [one[0] or one[1] or one[2] for one in _PART.findall(value)]
    elif value.startswith("- "):
        captions = [one.strip().strip("\"'") for one in re.split(r"(?:^|\s)-\s", value)]
    else:
        captions = [] if value in ("", "true", "TRUE") else [value.strip("\"'")]
    named = enumerate(filter(None, (_words(one) for one in captions)))
    return " ".join(f"({chr(ord('a') + n % 26)}) {words}" for n, words in named)


def _target(kind: str, options: Mapping[str, str], caption: str) -> str:
    label = options.get("label", "")
    if not re.fullmatch(r"[\w:.-]+", label):
        return ""
    if label.startswith(f"{kind}-"):
        return label
    # Bookdown names what has a caption by the name of its cell.
    return f"{kind}-{label}" if caption and not re.match(r"(?:fig|tbl)-", label) else ""


def _shown(
    addresses: list[str], caption: str, alt: str, target: str, options: Mapping[str, str]
) -> str:
    width = re.fullmatch(r"\d+(?:\.\d+)?%", options.get("out-width", "").strip("\"'"))
    described = alt.replace('"', "'")
    pieces = [f"#{target}" if target else "", f'fig-alt="{described}"' if described else "",
             f"width={width[0]}" if width else ""]  # fmt: skip
    attributes = " ".join(filter(None, pieces))
    pictures = [f"![]({address.replace(' ', '%20')})" for address in addresses]
    pictures[0] = f"![{caption}{pictures[0][2:]}" + (f"{{{attributes}}}" if attributes else "")
    return "\n\n".join(pictures)


def _pictures(code: str, page: Page, book: Book) -> list[str]:
    """Return the addresses of the pictures that a cell shows, if all are in the sources."""
    addresses: list[str] = []
    for call in _SHOWN.finditer(code):
        for name in _QUOTED.findall(call[1] or call[2]):
            path = _picture(name, page, book)
            if path is None:
                return []
            addresses.append(Path(relpath(path, page.path.parent)).as_posix())
    return addresses


def _picture(name: str, page: Page, book: Book) -> Path | None:
    """Return the picture of a name: a file, or the only one that is so called without its ending."""
    if Path(name).suffix.casefold() in PICTURES:
        for base in (page.path.parent, book.folder, book.sources.root):
            if path := book.sources.file(base / name):
                return path
        return None
    if "pictures" not in book.__dict__:
        named: dict[str, list[Path]] = {}
        for path in book.sources.walk(book.sources.root):
            if path.suffix.casefold() in PICTURES:
                named.setdefault(path.stem, []).append(path)
        book.__dict__["pictures"] = named
    all_named: dict[str, list[Path]] = book.__dict__["pictures"]
    same = sorted(all_named.get(name, ()), key=lambda path: path.suffix != ".svg")
    return same[0] if same and len({path.parent for path in same}) == 1 else None
