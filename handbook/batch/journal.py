"""What has been written so far: files in the store that outlast the run, one for each chunk.

Every line names its run: roster, content and choices by their digest.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from ..core.diagnostics import error
from .models import MANIFEST
from .storage import WORK, Store

FOLDER = f"{WORK}/journal"


def part_name(number: int) -> str:
    """The file of a chunk."""
    return f"{FOLDER}/{number:08}.jsonl"


def next_part(store: Store) -> int:
    """The first number that no chunk has."""
    numbers = [name[len(FOLDER) + 1 :].partition(".")[0] for name in store.names(FOLDER)]
    return max([int(number) for number in numbers if number.isdecimal()], default=-1) + 1


def kept(store: Store, run: str, resume: bool) -> Iterator[tuple[int, str]]:
    """The manifest lines of copies that are there as they were written, by their rows.

    Raises HandbookError for the copies of another run, and, without `resume`, of any.
    """
    parts = store.names(FOLDER)
    manifest = _lines(store, MANIFEST)
    first = next(manifest, None)
    if (parts or first) and not resume:
        raise error(
            "this folder holds the copies of an earlier run",
            at=store.place,
            hint="go on with --resume, or choose another folder with -o",
            code="batch-folder",
        )
    for name in parts:
        yield from _intact(store, _lines(store, name), run)
    if first:
        yield from _intact(store, [first, *()], run)
        yield from _intact(store, manifest, run)


def _lines(store: Store, name: str) -> Iterator[str]:
    try:
        yield from store.lines(name)
    except FileNotFoundError:
        return


def _intact(store: Store, lines: Iterable[str], run: str) -> Iterator[tuple[int, str]]:
    for text in lines:
        try:
            line = json.loads(text)
        except ValueError:
            # A manifest that was spoilt by other hands: its copies are made again.
            continue
        if line["run"] != run:
            raise error(
                "this folder holds a run of another roster, content or choice",
                at=store.place,
                hint="repeat the first command exactly, or choose another folder with -o",
                code="batch-folder",
            )
        if store.intact(str(line["file"]), int(line["bytes"]), str(line["sha256"])):
            yield int(line["row"]), text


def finish(store: Store, lines: Iterable[bytes]) -> None:
    """The manifest, when all copies are there; then the workshop is swept."""
    store.write_long(MANIFEST, grouped(lines))
    store.remove(WORK)


def grouped(lines: Iterable[bytes], size: int = 1000) -> Iterator[bytes]:
    """Lines in pieces, so that each is worth a call."""
    piece: list[bytes] = []
    for line in lines:
        piece.append(line)
        if len(piece) == size:
            yield b"".join(piece)
            piece.clear()
    yield b"".join(piece)


def write_part(store: Store, number: int, lines: Sequence[str]) -> None:
    """Remember copies that are in the store."""
    store.write(part_name(number), ["".join(lines).encode("utf-8", "replace")])
