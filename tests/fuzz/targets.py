"""The readers, as functions from bytes to nothing, with the seeds each begins from."""

from __future__ import annotations

import contextlib
import io
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from handbook.core.diagnostics import HandbookError
from handbook.core.images import BrokenPicture

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

    with tempfile.TemporaryDirectory(prefix="handbook-fuzz-") as name:
        path = Path(name, f"p{suffix}")
        path.write_bytes(data)
        size_of(str(path))
        if suffix != ".svg":
            raster(str(path), 0, False)


def svg(data: bytes) -> None:
    """A drawing."""
    _picture(data, ".svg")


def picture(data: bytes) -> None:
    """A picture of pixels."""
    _picture(data, ".png")


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


def pdf(data: bytes, command: str) -> None:
    """A PDF for `verify` and `diff`."""
    from handbook.cli import main

    with tempfile.TemporaryDirectory(prefix="handbook-fuzz-") as name:
        path = Path(name, "a.pdf")
        path.write_bytes(data)
        files = [str(path), str(path)] if command == "diff" else [str(path)]
        main.main([command, *files], standalone_mode=False)


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


def _png() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (9, 9), "red").save(out, "PNG")
    return out.getvalue()


def _books() -> list[bytes]:
    from handbook import build, load

    return [build(load(_small_pack()), day=DAY)]


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
    "svg": (svg, lambda: [*_files("examples/*/*.svg", "content/**/*.svg"), b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0L9 9"/><use href="#a"/></svg>']),
    "picture": (picture, lambda: [_png()]),
    "mkdocs.yml": (lambda data: imported(data, "mkdocs.yml"), lambda: [b"site_name: A\nnav:\n  - Home: index.md\n"]),
    "book.toml": (lambda data: imported(data, "book.toml"), lambda: [b'[book]\ntitle = "A"\nsrc = "src"\n']),
    "SUMMARY.md": (lambda data: imported(data, "src/SUMMARY.md"), lambda: [b"# Summary\n\n- [A](a.md)\n  - [B](b.md)\n"]),
    "diff": (lambda data: pdf(data, "diff"), _books),
    "roster.csv": (lambda data: roster(data, ".csv"), lambda: [b"name,role\nAda,\n", b"\xef\xbb\xbfname;id\nZo\xc3\xab;1\n"]),
    "roster.jsonl": (lambda data: roster(data, ".jsonl"), lambda: [b'{"name": "Ada"}\n', b'[{"name": "Ada"}]']),
    "roster.xlsx": (lambda data: roster(data, ".xlsx"), lambda: _files("tests/**/*.xlsx")),
}  # fmt: skip


def attempt(name: str, data: bytes) -> None:
    """Let a reader have some bytes; anything but a clean error goes on."""
    import click

    target, _ = TARGETS[name]
    clean = (HandbookError, BrokenPicture, click.ClickException, click.exceptions.Exit)
    with contextlib.suppress(*clean, RecursionError):
        target(data)
