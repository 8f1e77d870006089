"""Broken PDFs for `verify` and `diff`: bytes changed, or objects of a PDF that stays a PDF."""

from __future__ import annotations

import contextlib
import io
import random
import tempfile
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from handbook.core.diagnostics import HandbookError

ROOT = Path(__file__).parents[2]


@lru_cache(maxsize=1)
def books() -> list[bytes]:
    """Return small PDFs: of this package, written again by qpdf, and of another program."""
    import pikepdf
    from reportlab.pdfgen.canvas import Canvas

    from handbook import build, load

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "handbook.yaml").write_text("title: A\nchapters: [one.md]\n", "utf-8")
        (folder / "one.md").write_text(
            "# A\n\nx [y](https://example.org) and *z*[^a]\n\n- one\n\n| a | b |\n|---|---|\n"
            "| c | d |\n\n[^a]: note\n",
            "utf-8",
        )
        own = build(load(folder), day=date(2026, 12, 1))
    again, other = io.BytesIO(), io.BytesIO()
    with pikepdf.open(io.BytesIO(own)) as pdf:
        pdf.save(again, qdf=True, static_id=True)
    canvas = Canvas(other, invariant=True)
    canvas.drawString(99, 99, "Hello")
    canvas.save()
    return [own, again.getvalue(), other.getvalue()]


def _read(path: Path, other: Path) -> None:
    from handbook.verify.compare import compare
    from handbook.verify.inspect import claims, inspect
    from handbook.verify.listen import listen

    readers: tuple[Callable[[Path], object], ...] = (
        inspect, claims, listen, lambda one: compare(other, one)
    )  # fmt: skip
    for read in readers:
        with contextlib.suppress(HandbookError):
            read(path)


def _written(data: bytes, folder: Path) -> tuple[Path, Path]:
    path, other = folder / "a.pdf", folder / "b.pdf"
    path.write_bytes(data)
    other.write_bytes(books()[0])
    return path, other


def verify_bytes(data: bytes) -> None:
    """A PDF of any bytes for `verify`: its checks, what it claims, what a screen reader says."""
    with tempfile.TemporaryDirectory(prefix="handbook-fuzz-") as name:
        _read(*_written(data, Path(name)))


def diff_bytes(data: bytes) -> None:
    """A PDF of any bytes for `diff`, as the old one and as the new one."""
    from handbook.verify.compare import compare, picture_pairs

    with tempfile.TemporaryDirectory(prefix="handbook-fuzz-") as name:
        path, other = _written(data, Path(name))
        list(picture_pairs(path, other, compare(path, other)))


def objects(data: bytes) -> None:
    """A PDF in which some values of some objects are others; the bytes decide which."""
    import pikepdf

    random_ = random.Random(data)
    with tempfile.TemporaryDirectory(prefix="handbook-fuzz-") as name:
        path, other = _written(random_.choice(books()[:2]), Path(name))
        with pikepdf.open(path, allow_overwriting_input=True) as pdf:
            for _ in range(random_.choice((1, 1, 2, 4))):
                _change(pdf, random_)
            pdf.save(path, static_id=True, fix_metadata_version=False)
        _read(path, other)


def _change(pdf: Any, random_: random.Random) -> None:
    import pikepdf

    holders = [
        one
        for one in pdf.objects
        if isinstance(one, (pikepdf.Dictionary, pikepdf.Array)) and len(one)
    ]
    holder = random_.choice(holders)
    values = [
        None, -1, 0, 2**31, True, pikepdf.Name("/X"), pikepdf.Name("/P"), pikepdf.String("x"),
        pikepdf.String(b"\xfe\xff\xd8\x00"), pikepdf.Array([]), pikepdf.Dictionary(), holder,
        random_.choice(holders), pdf.Root, pikepdf.Array([-1, "x", pikepdf.Name("/P")]),
    ]  # fmt: skip
    value = random_.choice(values)
    if isinstance(holder, pikepdf.Array):
        place = random_.randrange(len(holder))
        if random_.random() < 0.3:
            del holder[place]
        else:
            holder[place] = value
        return
    key = random_.choice(sorted(holder.keys()))
    if value is None or (random_.random() < 0.2 and key != "/Root"):
        del holder[key]
    else:
        holder[key] = value
