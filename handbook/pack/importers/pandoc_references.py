"""Number what references may name in the pages of Pandoc and Quarto, and list what they cite."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

from ...core.i18n import noop, translations_for
from ...core.slugs import heading_slug
from ...core.values import frozen
from .citations import Bibliography
from .model import Book, Page
from .pandoc_tables import plain_tables
from .quarto_cells import read_cell
from .quarto_figures import cell_figure, kind_of, uncomputed_name
from .rewriting import pieces
from .sources import front_matter

FIGURE = re.compile(
    r"^([ \t]*)!\[((?:[^\[\]\n]|\n(?!\s*\n)|\[[^\[\]]*\])*)\]\(([^()\s]*(?:\([^()]*\)[^()\s]*)*)(?:\s+[\"'][^\"']*[\"'])?\)(?:\{([^{}]*)\})?\\?[ \t]*$",
    re.MULTILINE,
)
_CAPTION = re.compile(r"[ \t]*(?::|Table:)[ \t]+(\S.*)$")
_CAPTION_END = re.compile(r"(?<![ \t])[ \t]*\{([^{}\n]*)\}[ \t]*$")
EQUATION = re.compile(r"^([ \t]*)\$\$([^$]+)\$\$[ \t]*\{#([\w:-]+)[^{}]*\}", re.MULTILINE)
_RULE = re.compile(r"[ \t]*[|:+=-][ \t|:+=-]*")
_NUMBERED_DIV = re.compile(r"^[ \t>]*:{3,}[ \t]*\{[^{}\n]*#((?:fig|tbl)-[\w-]+)", re.MULTILINE)
HEADING = re.compile(r"^(#{1,6})[ \t]+(.*?)[ \t]*(?:\{([^{}\n]*)\})[ \t]*$", re.MULTILINE)

_PLAIN_HEADING = re.compile(r"^#{1,6}[ \t]+([^\s{}][^{}\n]*?)[ \t]*#*[ \t]*$", re.MULTILINE)


@dataclass
class CrossReferences:
    """Numbers, titles and pages by id, and the works that are cited."""

    labels: dict[str, tuple[Page, str]] = field(default_factory=dict)
    bibliography: Bibliography | None = None
    cited: dict[str, list[str]] = field(default_factory=dict)
    listed: bool = False


def prepare_pandoc(book: Book) -> None:
    """Number what references may name, and read the bibliographies."""
    references = CrossReferences()
    book.__dict__["references"] = references
    translate = translations_for(book.about.get("language") or "en").gettext
    counts = {"Figure": 0, "Table": 0, "Equation": 0}
    files: dict[Path, None] = {}
    for page in book.pages():
        text = book.sources.text(page.path)
        front, end = front_matter(text)
        named = front.get("bibliography")
        for name in named if isinstance(named, list) else [named]:
            if isinstance(name, str) and (path := book.sources.file(page.path.parent / name)):
                files[path] = None
        body = "".join(
            _labelled_cell(piece, page, book) if code else piece
            for code, piece in pieces(text[end:])
        )
        _label_page(body, page, references, counts, translate)
        references.listed = references.listed or "#refs" in body
    named = book.settings.get("bibliography")
    for name in named if isinstance(named, list) else [named]:
        if isinstance(name, str) and (path := book.sources.file(book.folder / name)):
            files[path] = None
    if files:
        read = [(path.name, book.sources.text(path)) for path in files]
        references.bibliography = Bibliography(
            read, lambda key: book.report.miss("entries of a bibliography that cannot be read", key)
        )


def _labelled_cell(piece: str, page: Page, book: Book) -> str:
    """Return the figure of a cell of code, and name one that has no number."""
    cell = read_cell(piece)
    if not cell or not cell.executed:
        return ""
    code = "\n".join(cell.lines)
    figure, uncomputed = cell_figure(cell.options, code, cell.fence[1], page, book)
    if "-" in uncomputed:
        language = book.about.get("language") or "en"
        name = uncomputed_name(kind_of(uncomputed), uncomputed, language)
        references: CrossReferences = book.__dict__["references"]
        references.labels[uncomputed] = (page, name)
        return ""
    return "" if uncomputed else f"\n\n{figure}\n\n"


def _label_page(
    body: str,
    page: Page,
    references: CrossReferences,
    counts: dict[str, int],
    translate: Callable[..., str],
) -> None:
    places: list[tuple[int, str, str]] = []
    body = plain_tables(body)
    for match in HEADING.finditer(body):
        if target := label_in(match[3]):
            references.labels[target] = (page, re.sub(r"[*`\[\]]", "", match[2]))
    for match in _PLAIN_HEADING.finditer(body):
        # Without an id of its own a heading has one of its words.
        title = re.sub(r"[*`\[\]]", "", match[1])
        references.labels.setdefault(heading_slug(title), (page, title))
    for match in EQUATION.finditer(body):
        places.append((match.start(), "Equation", match[3]))
    for match in _NUMBERED_DIV.finditer(body):
        kind = "Table" if match[1].startswith("tbl") else "Figure"
        places.append((match.start(), kind, match[1]))
    for match in FIGURE.finditer(body):
        if match[2].strip():
            places.append((match.start(), "Figure", label_in(match[4] or "")))
    lines = body.split("\n")
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    for table_ in captioned_tables(lines):
        places.append((starts[table_.first], "Table", table_.target))
    for _, kind, target in sorted(places):
        counts[kind] += 1
        if target and kind == "Equation":
            references.labels[target] = (page, f"Equation {counts[kind]}")
        elif target:
            message = noop("Table {number}") if kind == "Table" else noop("Figure {number}")
            references.labels[target] = (page, translate(message, number=counts[kind]))


@frozen
class _Table:
    """A table with a caption: the lines of both, and the words."""

    first: int
    end: int
    caption_end: int
    caption: str
    target: str


def captioned_tables(lines: Sequence[str]) -> Iterator[_Table]:
    """Yield the tables that a caption follows, at most one blank line below."""
    after = 0
    for at, line in enumerate(lines):
        match = _CAPTION.match(line)
        if not match or at < 2 or at < after:
            continue
        end = at if lines[at - 1].strip() else at - 1
        first = end
        while first > after and "|" in lines[first - 1]:
            first -= 1
        rules = (one for one in lines[first:end] if "-" in one and _RULE.fullmatch(one))
        if end - first < 2 or next(rules, None) is None:
            continue
        caption_end = at + 1
        while caption_end < len(lines) and lines[caption_end].strip():
            caption_end += 1
        caption = " ".join([match[1], *lines[at + 1 : caption_end]]).strip()
        ending = _CAPTION_END.search(caption)
        target = label_in(ending[1]) if ending else ""
        caption = caption[: ending.start()] if ending else caption
        yield _Table(first, end, caption_end, " ".join(caption.split()), target)
        after = caption_end


def label_in(attributes: str) -> str:
    """Return the id in a list of attributes, or an empty string."""
    match = re.search(r"#([\w:.-]+)", attributes or "")
    return match[1] if match else ""


def reference_list(book: Book) -> str:
    """Return the bibliography of the whole book."""
    references: CrossReferences = book.__dict__["references"]
    if references.bibliography is None:
        return ""
    keys: list[str] = []
    for page in book.pages():
        for key in re.findall(r"@\{?(\w+(?:[:.#$%&+?<>~/-]\w+)*)", book.sources.text(page.path)):
            if key in references.bibliography:
                keys.append(key)
    return "\n".join(f"- {entry}" for entry in references.bibliography.listed(keys))
