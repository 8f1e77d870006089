"""Bodies of Markdown that no one here wrote, built unchanged: `python -m tests.bodies [NAME …]`.

What should be in the PDF is asked of renderers that have nothing to do with our reader:
Python-Markdown for a MkDocs site, GitHub's own cmark-gfm for anything else.  Their HTML is taken
apart into headings, paragraphs, list items, cells and lines of code; each must be found in the
text of the PDF's structure tree, in order.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tarfile
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

CACHE = Path(tempfile.gettempdir()) / "handbook-bodies"


@dataclass(frozen=True)
class Body:
    """An archive of a registry, and the folder of it that is a body of Markdown."""

    name: str
    registry: str
    package: str
    folder: str
    site: bool = False


BODIES = {
    body.name: body
    for body in (
        Body("python-markdown", "pypi", "markdown==3.11.3", "", site=True),
        Body("npm-docs", "npm", "npm@11.21.2", "docs/content"),
        Body("npm-readmes", "npm", "npm@11.21.2", "node_modules"),
    )
}


def fetch(body: Body) -> Path:
    """The body's folder, downloaded once; OSError if the registry cannot be reached."""
    target = CACHE / re.sub(r"\W+", "-", body.package)
    if not target.is_dir():
        with tempfile.TemporaryDirectory() as place:
            command = (
                [
                    sys.executable,
                    "-m",
                    "pip",
                    "download",
                    "-q",
                    "--no-deps",
                    "--no-binary",
                    ":all:",
                    "-d",
                    place,
                    body.package,
                ]
                if body.registry == "pypi"
                else ["npm", "pack", "--silent", "--pack-destination", place, body.package]
            )
            done = subprocess.run(command, capture_output=True, text=True, timeout=300)
            archives = list(Path(place).glob("*.t*gz"))
            if not archives:
                raise OSError(done.stderr.strip()[-400:] or "nothing was downloaded")
            with tarfile.open(archives[0]) as archive:
                # The first releases of 3.10 and 3.11 have no filters.
                safe = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
                archive.extractall(Path(place) / "out", **safe)
            (top,) = (Path(place) / "out").iterdir()
            CACHE.mkdir(parents=True, exist_ok=True)
            subprocess.run(["cp", "-r", str(top), str(target)], check=True)
    return target / body.folder


# ------------------------------------------------------------------ what is expected


@dataclass(frozen=True)
class Unit:
    """A run of text that must be found: its kind, where it was written, the characters."""

    kind: str
    file: str
    text: str


_KINDS = {
    "li": "list item",
    "td": "cell",
    "th": "cell",
    "pre": "code",
    "dt": "term",
    "dd": "list item",
    "h1": "title",
    **{f"h{n}": "heading" for n in range(2, 7)},
}
_SPANS = """
a abbr acronym b bdi bdo big br cite code del dfn em font i input ins kbd label mark q s samp small
span strike strong sub sup tt u var wbr
"""
_INLINE = set(_SPANS.split())
_UNSEEN = {"script", "style", "video", "audio", "iframe", "svg", "object", "head", "canvas", "math"}


class _Units(HTMLParser):
    def __init__(self, file: str) -> None:
        super().__init__(convert_charrefs=True)
        self.file = file
        self.units: list[Unit] = []
        self.stack: list[str] = []
        self.words: list[str] = []
        self.unseen = 0
        # How deep in the notes of a page, which are at its foot here.
        self.notes = 0
        self.language = ""

    def _end(self) -> None:
        text = "".join(self.words)
        self.words = []
        kind = next((_KINDS[tag] for tag in reversed(self.stack) if tag in _KINDS), "paragraph")
        if self.notes:
            kind = "note"
        if kind == "code" and self.language in _DRAWN:
            return
        for line in text.split("\n") if kind == "code" else [text]:
            if kind == "code":
                pattern = _CONSOLE if self.language in ("console", "shell-session") else _PROMPT
                line = pattern.sub("", line)
            if squeezed(line):
                self.units.append(Unit(kind, self.file, line))

    def handle_starttag(self, tag: str, attrs) -> None:
        if tag == "img":
            # Its words are text where it is not in the book, and no text where it is.
            self._end()
        elif tag in _UNSEEN:
            self._end()
            self.unseen += 1
        elif tag not in _INLINE:
            self._end()
            if self.notes or re.search("footnotes?$", dict(attrs).get("class") or ""):
                self.notes += tag in ("div", "section")
            if tag != "hr":
                self.stack.append(tag)
            if tag == "pre":
                self.language = (dict(attrs).get("lang") or "").split(" ")[0]

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self.unseen = max(0, self.unseen - 1)
        elif tag not in _INLINE and tag in self.stack:
            self._end()
            self.notes -= bool(self.notes) and tag in ("div", "section")
            while self.stack.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.words.append(data)

    def close(self) -> None:
        super().close()
        self._end()


def _by_python_markdown(text: str) -> str:
    """As the site itself renders it, but for what calls its own code."""
    import markdown

    extensions = ["abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "meta",
                  "tables", "pymdownx.blocks.html", "pymdownx.keys", "pymdownx.highlight",
                  "pymdownx.superfences"]  # fmt: skip
    settings = {"pymdownx.highlight": {"use_pygments": False}}
    return markdown.markdown(text, extensions=extensions, extension_configs=settings)


def _by_cmark(text: str) -> str:
    import cmarkgfm
    from cmarkgfm.cmark import Options

    options = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
    return cmarkgfm.github_flavored_markdown_to_html(text, options=options)


_FRONT = re.compile(r"\A---[ \t]*\n.*?\n---[ \t]*\n", re.DOTALL)
# What other tools read and never print.
_TOOLS = (
    re.compile(r"\[!(?:note|tip|important|warning|caution)\]", re.IGNORECASE),
    re.compile(r":(?:material|fontawesome|octicons)-[\w-]+:"),
    re.compile(
        r"<sup[^>]*>\s*<a[^>]*(?:footnote-ref|data-footnote-ref)[^>]*>.*?</a>\s*</sup>", re.DOTALL
    ),
    re.compile(r"<a[^>]*(?:footnote-backref|data-footnote-backref)[^>]*>.*?</a>", re.DOTALL),
)


# What a plug-in of a site puts in place of these; `new --from` reports it.
_DESCRIPTION = re.compile(r"^:::[ \t]+\w[\w.]*(?:\n[ \t]+\S.*|\n(?=[ \t]))*", re.MULTILINE)
_NAME_OF_CODE = re.compile(r"(?:\[([^\[\]\n]+)\]|(?<=</a>))\[\w+(?:\.\w+)*\]")
# A prompt is printed next to what is typed; it is not part of the text.
_PROMPT = re.compile(r"^(?:>>>|\.\.\.|\$)(?:[ \t]|$)")
_CONSOLE = re.compile(r"^[$#%](?:[ \t]|$)")
# What is drawn is not text.
_DRAWN = {"mermaid"}


def units(path: Path, file: str, site: bool) -> list[Unit]:
    """What a reader of the file should see."""
    written = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    text = _FRONT.sub("", written)
    html = _by_python_markdown(_DESCRIPTION.sub("", text)) if site else _by_cmark(text)
    html = _NAME_OF_CODE.sub(r"\1", html) if site else html
    for sign in _TOOLS:
        html = sign.sub("", html)
    parser = _Units(file)
    parser.feed(html)
    parser.close()
    return parser.units if site or text != written else _title_first(parser.units)


def _title_first(some: list[Unit]) -> list[Unit]:
    """The first heading, if it is of level 1, is the title, which comes before all else."""
    heading = next((unit for unit in some if unit.kind in ("title", "heading")), None)
    if heading is None or heading.kind != "title":
        return some
    return [heading, *(unit for unit in some if unit is not heading)]


# ------------------------------------------------------------------ what is there

_SIGNS = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "„": '"',
        "‘": "'",
        "’": "'",
        "…": "...",
        "–": "--",
        "—": "---",
        "\u00ad": "",
        "\u200b": "",
        "\ufeff": "",
        "\u200d": "",
        "\ufe0f": "",
        "\u2011": "-",
    }
)


def squeezed(text: str) -> str:
    """The characters alone: no white space, quotes and dashes as a typewriter has them."""
    text = unicodedata.normalize("NFKC", text).translate(_SIGNS)
    return re.sub(r"[\s\x00-\x1f]+", "", text)


@dataclass
class Coverage:
    """How much of a body was found, and what was not."""

    found: Counter[str] = field(default_factory=Counter)
    wanted: Counter[str] = field(default_factory=Counter)
    missing: list[Unit] = field(default_factory=list)
    displaced: list[Unit] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The share of units that were found in order."""
        return sum(self.found.values()) / max(1, sum(self.wanted.values()))


def _match(wanted: str, text: str, at: int) -> int:
    """Where `wanted`, which begins at `at`, ends in `text`; -1 if it is not there.

    Numbers of notes and addresses, which the layout adds, may be between its characters.
    """
    for sign in wanted:
        if at < len(text) and text[at] == sign:
            at += 1
            continue
        digits = re.compile(r"\d{1,4}").match(text, at)
        if not digits or digits.end() >= len(text) or text[digits.end()] != sign:
            return -1
        at = digits.end() + 1
    return at


def _find(wanted: str, text: str, start: int, end: int) -> tuple[int, int]:
    head = wanted[:6]
    # A number may be within the first characters, too.
    pattern = re.compile(r"(?:\d{1,4})?".join(map(re.escape, head)))
    for hit in pattern.finditer(text, start, end):
        stop = _match(wanted, text, hit.start())
        if stop >= 0:
            return hit.start(), stop
    return -1, -1


def coverage(wanted: list[Unit], text: str) -> Coverage:
    """Which units are found in `text` (squeezed), in order."""
    result = Coverage()
    at = 0
    for unit in wanted:
        result.wanted[unit.kind] += 1
        needle = squeezed(unit.text)
        # Short words are everywhere, so they are looked for near by.
        near = 2_000 if len(needle) < 25 else 60_000
        start, stop = _find(needle, text, at, min(len(text), at + near))
        if unit.kind == "note":
            # Notes are at the foot of the page of their mark, before or after what follows.
            back, _ = _find(needle, text, max(0, at - 60_000), len(text))
            result.found[unit.kind] += back >= 0
            result.missing += [unit] if back < 0 else []
            continue
        if start < 0:
            back, _ = _find(needle, text, max(0, at - 60_000), len(text))
            (result.displaced if back >= 0 else result.missing).append(unit)
            continue
        result.found[unit.kind] += 1
        at = stop
    return result


# ------------------------------------------------------------------ the whole way


@dataclass
class Outcome:
    """A body built: its PDF, how much of it was found, what was reported."""

    pdf: bytes
    files: int
    coverage: Coverage
    warnings: list[str]
    seconds: float


def build(body: Body, folder: Path, pack: Path) -> Outcome:
    """Make the pack of a body in `pack`, build it, and look for every unit of its text."""
    from datetime import date

    from handbook.pack.importer import imported_files, read_source
    from handbook.pack.loader import load_pack
    from handbook.pack.scaffold import write_pack
    from handbook.pipeline import phases
    from handbook.select.selection import select
    from tests import pdfread

    found = read_source(folder)
    write_pack(pack, imported_files(found))
    began = time.process_time()
    loaded = load_pack(pack)
    selection = select(loaded, day=date(2026, 12, 1))
    document = phases.document_of(loaded, selection)
    pdf = phases.edition_of(document, selection).fill({})
    seconds = time.process_time() - began
    pages = found.pages()
    wanted = [unit for page in pages for unit in units(page.path, page.name, body.site)]
    text = squeezed(pdfread.structure(pdf).text)
    warnings = [str(one) for one in document.warnings]
    return Outcome(pdf, len(pages), coverage(wanted, text), warnings, seconds)


def outside(pdf: bytes) -> Iterator[str]:
    """Text that leaves its page or runs into the margin's outer half."""
    import pymupdf

    with pymupdf.open(stream=pdf) as document:
        for page in document:
            edge = page.rect
            for block in page.get_text("dict")["blocks"]:
                for line in block.get("lines", ()):
                    left, top, right, bottom = line["bbox"]
                    if left < 20 or right > edge.width - 20 or top < 8 or bottom > edge.height - 8:
                        words = "".join(span["text"] for span in line["spans"])
                        yield f"page {page.number + 1}: {words[:60]!r}"


def main() -> None:
    """Build bodies and print what was found of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=list(BODIES))
    parser.add_argument("--keep", type=Path, help="write packs and PDFs here")
    options = parser.parse_args()
    for name in options.names:
        body = BODIES[name]
        with tempfile.TemporaryDirectory() as place:
            base = options.keep or Path(place)
            base.mkdir(parents=True, exist_ok=True)
            pack = base / name
            if pack.is_dir():
                subprocess.run(["rm", "-r", str(pack)], check=True)
            made = build(body, fetch(body), pack)
            (base / f"{name}.pdf").write_bytes(made.pdf)
        messages = made.coverage
        print(f"{name}: {made.files} files, {len(made.pdf):,} bytes, {made.seconds:.1f} s of CPU")
        print(
            f"  {sum(messages.found.values())} of {sum(messages.wanted.values())} units in order: "
            f"{messages.share:.3%}; {len(messages.displaced)} elsewhere, {len(messages.missing)} missing"
        )
        for kind, count in sorted(messages.wanted.items()):
            print(f"    {kind}: {messages.found[kind]} of {count}")
        for label, some in (("elsewhere", messages.displaced), ("missing", messages.missing)):
            for unit in some[:40]:
                print(f"  {label}: {unit.file}: {unit.kind}: {unit.text.strip()[:110]!r}")
        over = list(outside(made.pdf))
        print(f"  {len(over)} lines outside", *over[:10], sep="\n    ")
        print(f"  {len(made.warnings)} warnings")


if __name__ == "__main__":
    main()
