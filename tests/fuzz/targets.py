"""The readers, as functions from bytes to nothing, with the seeds each begins from."""

from __future__ import annotations

import contextlib
import gzip
import io
import tempfile
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from handbook.core.diagnostics import HandbookError
from handbook.core.images import BrokenPicture

from . import pdfs

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "examples" / "kitchen"
DAY = date(2026, 12, 1)


def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="handbook-fuzz-"))


def _pack(files: dict[str, bytes]) -> None:
    """Read a pack of these files, in one selection, to its document."""
    from handbook.pack.loader import load_pack
    from handbook.pipeline.phases import document_of
    from handbook.select.selection import select

    with tempfile.TemporaryDirectory(prefix="handbook-fuzz-") as name:
        folder = Path(name)
        for path, data in {
            "handbook.yaml": b"title: A\nchapters: [one.md]\n",
            "one.md": b"# A\n\nx\n",
            **files,
        }.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        pack = load_pack(folder)
        document_of(pack, select(pack, day=DAY))


def config(data: bytes) -> None:
    """handbook.yaml."""
    _pack({"handbook.yaml": data})


def table(data: bytes) -> None:
    """A table in YAML."""
    _pack({"tables/roles.yaml": data, "one.md": b"# A\n\n{{ roles }}\n"})


def csv_table(data: bytes) -> None:
    """A table in CSV."""
    _pack({"tables/t.csv": data, "one.md": b"# A\n\n{% for r in t %}{{ r }}{% endfor %}\n"})


def front_matter(data: bytes) -> None:
    """A chapter's front matter."""
    _pack({"one.md": b"---\n" + data + b"\n---\n# A\n\nx\n"})


def template(data: bytes) -> None:
    """A chapter with templates."""
    _pack({"one.md": b"# A\n\n{{ " + data + b" }}\n"})


def handbook_dialect(data: bytes) -> None:
    """A chapter in the handbook's own dialect."""
    _pack(
        {
            "one.md": b"# A\n\n" + data,
            "handbook.yaml": b"title: A\nchapters: [one.md]\ntemplates: false\n",
        }
    )


def github_dialect(data: bytes) -> None:
    """A chapter in GitHub's dialect."""
    _pack(
        {
            "one.md": b"# A\n\n" + data,
            "handbook.yaml": b"title: A\ndialect: gfm\nlenient: true\nchapters: [one.md]\ntemplates: false\n",
        }
    )


def theme(data: bytes) -> None:
    """A theme."""
    from handbook.theme.loader import load_theme

    with tempfile.TemporaryDirectory(prefix="handbook-fuzz-") as name:
        path = Path(name, "t.yaml")
        path.write_bytes(b"extends: default\n" + data)
        made = load_theme(str(path))
        for style in made.text_styles():
            made.style(style)
        made.faces()


def brand(data: bytes) -> None:
    """A brand file."""
    from handbook.theme.brand.apply import apply_brand
    from handbook.theme.brand.loader import load_brand
    from handbook.theme.loader import load_theme

    with tempfile.TemporaryDirectory(prefix="handbook-fuzz-") as name:
        path = Path(name, "_brand.yml")
        path.write_bytes(data)
        apply_brand(load_theme(), load_brand(str(path)))


def _picture(data: bytes, suffix: str) -> None:
    from handbook.core.images import raster, size_of
    from handbook.core.svg import load_svg, shape_objects

    with tempfile.TemporaryDirectory(prefix="handbook-fuzz-") as name:
        path = Path(name, f"p{suffix}")
        path.write_bytes(data)
        size_of(str(path))
        if suffix.startswith(".svg"):
            load_svg(str(path))
            shape_objects(str(path))
        else:
            raster(str(path), 100, False)


def svg(data: bytes) -> None:
    """A drawing."""
    _picture(data, ".svg")


def packed_svg(data: bytes) -> None:
    """A packed drawing."""
    _picture(gzip.compress(data, 1, mtime=0), ".svgz")


def picture(data: bytes) -> None:
    """A picture of pixels."""
    suffixes = {b"\xff\xd8": ".jpg", b"GI": ".gif", b"RI": ".webp"}
    _picture(data, suffixes.get(data[:2], ".png"))


def built(data: bytes) -> None:
    """A chapter, as far as the finished PDF."""
    from handbook import build, load

    with tempfile.TemporaryDirectory(prefix="handbook-fuzz-") as name:
        folder = Path(name)
        folder.joinpath("handbook.yaml").write_bytes(
            b"title: A\nlenient: true\nchapters: [one.md]\ntemplates: false\n"
        )
        folder.joinpath("one.md").write_bytes(b"# A\n\n" + data)
        build(load(folder), day=DAY)


def formula(data: bytes) -> None:
    """A formula, as far as the finished PDF."""
    built(b"$$\n" + data + b"\n$$\n")


def diagram(data: bytes) -> None:
    """A diagram, as far as the finished PDF."""
    built(b"```mermaid\n" + data + b"\n```\n")


def page(data: bytes, name: str) -> None:
    """A page in the Markdown of another tool."""
    files = {"mkdocs": "docs/index.md", "mdbook": "src/a.md", "plain": "a.md"}
    imported(data, files[name])


def imported(data: bytes, name: str) -> None:
    """A site that another tool made, with one file of any bytes."""
    from handbook.cli import main

    with tempfile.TemporaryDirectory(prefix="handbook-fuzz-") as place:
        folder = Path(place, "site")
        (folder / "src").mkdir(parents=True)
        (folder / "docs").mkdir()
        for page in ("src/a.md", "docs/index.md", "a.md"):
            (folder / page).write_text("# A\n\nx\n", "utf-8")
        (folder / name).write_bytes(data)
        main.main(
            ["new", str(Path(place, "new")), "--from", str(folder), "-q"], standalone_mode=False
        )


def roster(data: bytes, suffix: str) -> None:
    """A roster, row by row."""
    from handbook.cli import main

    with tempfile.TemporaryDirectory(prefix="handbook-fuzz-") as name:
        path = Path(name, f"r{suffix}")
        path.write_bytes(data)
        main.main(
            ["batch", str(path), "--dry-run", "-q", "--content", str(_small_pack())],
            standalone_mode=False,
        )


def sheet_of(workbook: bytes) -> bytes:
    """Return the XML of a workbook's first sheet."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


def sheet(data: bytes) -> None:
    """A roster as a workbook, in which only the sheet was changed."""
    seed = ROOT / "tests" / "batch" / "exports" / "workday.xlsx"
    out = io.BytesIO()
    with zipfile.ZipFile(seed) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, data if name == "xl/worksheets/sheet1.xml" else old.read(name))
    roster(out.getvalue(), ".xlsx")


def manifest(data: bytes) -> None:
    """A manifest that something else wrote."""
    from handbook.cli import main

    with tempfile.TemporaryDirectory(prefix="handbook-fuzz-") as name:
        Path(name, "manifest.jsonl").write_bytes(data)
        main.main(["batch", "--check", name], standalone_mode=False)


def settings(data: bytes) -> None:
    """A user's settings, and those of a pack."""
    from handbook.pack.settings import pack_settings, user_grants, user_settings

    with tempfile.TemporaryDirectory(prefix="handbook-fuzz-") as name:
        path = Path(name, "settings.yaml")
        path.write_bytes(data)
        for read in (user_settings, user_grants):
            with contextlib.suppress(HandbookError):
                read(path)
        lines = data.decode("utf-8", "replace").replace("\n", "\n  ")
        Path(name, "handbook.yaml").write_text(f"title: A\nsettings:\n  {lines}\n", "utf-8")
        pack_settings(Path(name))


_SMALL: list[Path] = []


def _small_pack() -> Path:
    if not _SMALL:
        folder = _folder()
        (folder / "handbook.yaml").write_text("title: A\nchapters: [one.md]\n", "utf-8")
        (folder / "one.md").write_text("# A\n\nx\n", "utf-8")
        _SMALL.append(folder)
    return _SMALL[0]


def _files(*patterns: str) -> list[bytes]:
    return [path.read_bytes() for pattern in patterns for path in sorted(ROOT.glob(pattern))][:40]


def _pictures() -> list[bytes]:
    from PIL import Image

    found: list[bytes] = []
    for kind, mode in (
        ("PNG", "RGB"),
        ("PNG", "P"),
        ("PNG", "LA"),
        ("JPEG", "RGB"),
        ("JPEG", "CMYK"),
        ("GIF", "P"),
        ("WEBP", "RGBA"),
    ):
        out = io.BytesIO()
        Image.new(mode, (19, 9), 3).save(out, kind)
        found.append(out.getvalue())
    return found


def _drawings() -> list[bytes]:
    own = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0L9 9"/><g transform="rotate(9)"><use href="#a"/></g><text x="1" y="2" font-size="9">a</text></svg>'
    return [*_files("examples/**/*.svg", "content/**/*.svg", "tests/**/*.svg"), own]


Target = Callable[[bytes], None]
# Each reader with its seeds.
TARGETS: dict[str, tuple[Target, Callable[[], list[bytes]]]] = {
    "handbook.yaml": (config, lambda: _files("examples/*/handbook.yaml", "content/handbook.yaml")),
    "table": (table, lambda: _files("content/tables/*.yaml")),
    "csv": (csv_table, lambda: [b"id,name\na,Ada\n", b'id;"na me"\n"a\nb",c\n']),
    "front matter": (front_matter, lambda: [b"title: A\nid: a\nmatter: front\ndepth: 2", b"only: role=sre\nwhen: role"]),
    "template": (template, lambda: [b"1 + 1", b"'x'|center(9)", b"book.title ~ 'x' * 9", b"[1, 2]|map('string')|join(', ')"]),
    "handbook dialect": (handbook_dialect, lambda: _files("examples/*/*.md", "content/*.md")),
    "github dialect": (github_dialect, lambda: _files("README.md", "docs/*.md", "examples/*/*.md")),
    "theme": (theme, lambda: [b"text: {body: {size: 9, leading: 12}}", b"colors: {ink: '#112233'}\npage: {top: 20mm}", b"grid: 7\nx: $grid * 2"]),
    "brand": (brand, lambda: [*_files("handbook/data/brand.yaml"), b"meta: {name: A}\ncolor: {palette: {a: '#112233'}, primary: a}"]),
    "svg": (svg, _drawings),
    "svgz": (packed_svg, _drawings),
    "picture": (picture, _pictures),
    "build": (built, lambda: _files("examples/*/*.md", "tests/book/chapters/*.md")),
    "formula": (formula, lambda: [rb"\frac{a}{b} + \sum_{i=1}^n \sqrt[3]{x_i}", rb"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}"]),
    "diagram": (diagram, lambda: [b"flowchart LR\n  A[One] --> B{Two}\n  B -->|yes| C((3))", b"sequenceDiagram\n  A->>B: hi\n  B-->>A: ho"]),
    "page of MkDocs": (lambda data: page(data, "mkdocs"), lambda: [b'!!! note "A"\n    x\n\n=== "T"\n\n    x\n\n--8<-- "a.md"\n\n[a](index.md#a){.b}\n', *_files("docs/*.md")]),
    "page of mdBook": (lambda data: page(data, "mdbook"), lambda: [b"{{#include a.md:2:3}}\n\n{{#title x}}\n\n```rust\n# fn a() {}\n```\n", *_files("docs/*.md")]),
    "mkdocs.yml": (lambda data: imported(data, "mkdocs.yml"), lambda: [b"site_name: A\nnav:\n  - Home: index.md\n  - Part:\n    - index.md\nplugins: [literate-nav]\nmarkdown_extensions:\n  - pymdownx.snippets: {base_path: [docs]}\n"]),
    "book.toml": (lambda data: imported(data, "book.toml"), lambda: [b'[book]\ntitle = "A"\nsrc = "src"\nauthors = ["B"]\nlanguage = "en"\n[output.html]\nx = 1\n']),
    "SUMMARY.md": (lambda data: imported(data, "src/SUMMARY.md"), lambda: [b"# Summary\n\n- [A](a.md)\n  - [B](b.md)\n\n# Part\n\n[C](c.md)\n"]),
    "_config.yml": (lambda data: imported(data, "_config.yml"), lambda: [b"title: A\ncollections: {docs: {output: true}}\nexclude: [x]\ndefaults:\n  - scope: {path: ''}\n    values: {layout: a}\n"]),
    "_quarto.yml": (lambda data: imported(data, "_quarto.yml"), lambda: [b"project: {type: book}\nbook:\n  title: A\n  chapters:\n    - a.md\n    - part: B\n      chapters: ['*.md']\n  appendices: [a.md]\nbibliography: a.bib\n"]),
    "docusaurus.config.js": (lambda data: imported(data, "docusaurus.config.js"), lambda: [b"module.exports = {title: 'A', presets: [['classic', {docs: {path: 'docs', sidebarPath: './sidebars.js'}}]]};\n"]),
    ".gitbook.yaml": (lambda data: imported(data, ".gitbook.yaml"), lambda: [b"root: ./docs/\nstructure:\n  readme: index.md\n  summary: SUMMARY.md\n"]),
    "verify": (pdfs.verify_bytes, pdfs.books),
    "diff": (pdfs.diff_bytes, pdfs.books),
    "objects of a PDF": (pdfs.objects, lambda: [bytes([n]) * 12 for n in range(40)]),
    "manifest": (manifest, lambda: [b'{"file": "a.pdf", "sha256": "0", "bytes": 1}\n', b'{"handbook": 1}\n{}\n[]\n']),
    "settings": (settings, lambda: [b"theme: default\npaper: a4\nlimits: {yaml-depth: 9}\nallow-read: [x]\n", b"role: sre\nplan: 30\n"]),
    "roster.csv": (lambda data: roster(data, ".csv"), lambda: [b"name,role\nAda,\n", b"\xef\xbb\xbfname;id\nZo\xc3\xab;1\n", *_files("tests/batch/exports/*.csv")]),
    "roster.json": (lambda data: roster(data, ".json"), lambda: [b'[{"name": "Ada"}]', *_files("tests/batch/exports/*.json")]),
    "roster.jsonl": (lambda data: roster(data, ".jsonl"), lambda: [b'{"name": "Ada"}\n', b'{"name": {"first": "A"}}\n{"name": null}\n']),
    "roster.xlsx": (lambda data: roster(data, ".xlsx"), lambda: _files("tests/batch/exports/*.xlsx")),
    "sheet of a workbook": (sheet, lambda: [sheet_of(data) for data in _files("tests/batch/exports/*.xlsx")]),
}  # fmt: skip


def attempt(name: str, data: bytes) -> None:
    """Let a reader have some bytes; anything but a clean error goes on."""
    import click

    target, _ = TARGETS[name]
    clean = (HandbookError, BrokenPicture, click.ClickException, click.exceptions.Exit)
    with contextlib.suppress(*clean, RecursionError):
        target(data)
