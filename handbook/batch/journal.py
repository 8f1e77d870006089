"""Keep what has been written in files of the store that outlast the run, one for each chunk.

An entry names its run (all that its copies share) and the inputs of its copy, so that a later run
knows which copies it can keep.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ..core.diagnostics import error
from .models import FORMER, MANIFEST, RUN
from .storage import WORK, Store, is_inside

FOLDER = f"{WORK}/journal"


def part_name(number: int) -> str:
    """Return the file of a chunk."""
    return f"{FOLDER}/{number:08}.jsonl"


def plan_name(number: int) -> str:
    """Return the file with the names of the copies that a chunk is about to write."""
    return f"{FOLDER}/{number:08}.plan"


def next_part(store: Store) -> int:
    """Return the first number that no chunk has."""
    numbers = [name[len(FOLDER) + 1 :].partition(".")[0] for name in store.names(FOLDER)]
    return max([int(number) for number in numbers if number.isdecimal()], default=-1) + 1


def read_run(store: Store) -> dict[str, Any]:
    """Return what is written about the run of a folder; nothing for a folder without one."""
    try:
        value = json.loads(store.read(RUN))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def recorded_files(store: Store) -> dict[str, str]:
    """Return the other files that a run made of its copies, with their SHA-256."""
    files = read_run(store).get("files")
    entries = files.items() if isinstance(files, dict) else ()
    return {
        name: str(facts["sha256"])
        for name, facts in entries
        if is_inside(name) and isinstance(facts, dict) and "sha256" in facts
    }


def write_run(store: Store, run: dict[str, Any]) -> None:
    """Write what all copies of the folder share."""
    store.write(RUN, [json.dumps(run, indent=1, sort_keys=True).encode() + b"\n"])


def check_run(store: Store, shared: dict[str, str]) -> None:
    """Check that a folder is empty or holds copies of the same run.

    Raises:
        HandbookError: If they share something else; the message says what.
    """
    before = read_run(store).get("shared")
    if not isinstance(before, dict) or before == shared:
        return
    names = [name for name in shared if before.get(name) != shared[name]]
    raise error(
        f"this folder holds copies made with another {' and another '.join(names)}",
        at=store.place,
        hint="repeat the command as it was, or choose another folder with -o",
        code="batch-folder",
    )


def entries(store: Store) -> Iterator[dict[str, Any]]:
    """Yield the entries of all copies that runs wrote into the folder, former ones too."""
    parts = [name for name in store.names(FOLDER) if name.endswith(".jsonl")]
    for name in [MANIFEST, FORMER, *parts]:
        try:
            for text in store.lines(name):
                try:
                    entry = json.loads(text)
                except ValueError:
                    # A file that was damaged by others: its copies are made again.
                    continue
                if not isinstance(entry, dict) or not is_inside(entry.get("file")):
                    continue
                if {"sha256", "bytes", "run"} <= entry.keys() and isinstance(entry["bytes"], int):
                    yield entry
        except FileNotFoundError:
            continue


def planned(store: Store) -> Iterator[str]:
    """Yield the names of copies that an earlier run was about to write."""
    for name in store.names(FOLDER):
        if name.endswith(".plan"):
            for line in store.lines(name):
                if line.endswith("\n") and is_inside(line[:-1]):
                    yield line[:-1]


def write_plan(store: Store, number: int, files: Iterable[str]) -> None:
    """Record copies before they are written, so that a stopped run leaves none unknown."""
    text = "".join(f"{file}\n" for file in files)
    store.write(plan_name(number), [text.encode("utf-8", "replace")])


def restart(
    store: Store, kept: Iterable[bytes], former: Iterable[bytes], due: Iterable[str], part: int
) -> None:
    """Leave only the entries that still hold, before any file is written over.

    Otherwise an entry could outlive its file when the run is stopped.  `due` are files of
    earlier runs that this one writes again.
    """
    store.write_long(part_name(part), grouped(kept))
    write_plan(store, part, due)
    write_former(store, former)
    for name in [MANIFEST, *store.names(FOLDER)]:
        if name not in (part_name(part), plan_name(part)):
            store.remove(name)


def write_former(store: Store, former: Iterable[bytes]) -> None:
    """Write the entries of copies that fell away; no file if there are none."""
    lines = list(former)
    if lines:
        store.write_long(FORMER, grouped(lines))
    else:
        store.remove(FORMER)


def finish(store: Store, lines: Iterable[bytes]) -> None:
    """Write the manifest, when all copies are there; then remove what only the run needed."""
    store.write_long(MANIFEST, grouped(lines))
    store.remove(WORK)


def grouped(lines: Iterable[bytes], size: int = 1000) -> Iterator[bytes]:
    """Yield lines in groups, so that each is worth a call."""
    group: list[bytes] = []
    for line in lines:
        group.append(line)
        if len(group) == size:
            yield b"".join(group)
            group.clear()
    yield b"".join(group)


def write_part(store: Store, number: int, lines: Sequence[str]) -> None:
    """Remember copies that are in the store."""
    store.write(part_name(number), ["".join(lines).encode("utf-8", "replace")])
