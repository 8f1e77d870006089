"""A plan -> copies: every selection laid out once, copies filled from it on all processors.

A journal grows with every chunk: a run that was killed goes on where it stood, and ends with
the same bytes as one that was not.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from pathlib import Path
from typing import Any

from ..diagnostics import error
from .journal import Journal
from .orders import WORK, Order, Plan, Reject, Result, Settings
from .work import Made, fill, lay_out

# Copies made in one go by a process: enough that talking to it costs nothing.
CHUNK = 100


def run(
    plan: Plan, settings: Settings, out: Path, pool: Executor, *, resume: bool = False,
    fail_fast: bool = False, progress: Callable[[int, int], None] = lambda done, rejects: None,
) -> Result:  # fmt: skip
    """Make every copy of `plan` below `out`, on the processes of `pool`.

    `progress` hears how many copies are done and how many were rejected.  Raises HandbookError
    for a folder that holds another run, or that cannot be written.
    """
    journal = Journal(out, plan.digest, resume)
    result = Result(kept=len(journal.done), rejects=list(plan.rejects))
    todo = [order for order in plan.orders if order.line not in journal.done]
    progress(result.kept, len(result.rejects))
    _stop_at_first(result.rejects if fail_fast else [])
    for made, rejects in _made(todo, plan, settings, out, pool):
        journal.add(made)
        result.written += len(made)
        result.rejects += rejects
        progress(result.kept + result.written, len(result.rejects))
        _stop_at_first(result.rejects if fail_fast else [])
    journal.finish()
    return result


def _stop_at_first(rejects: Sequence[Reject]) -> None:
    if rejects:
        first = min(rejects, key=lambda reject: reject.line)
        raise error(f"row {first.line}: {first.reason}")


def _made(
    todo: Sequence[Order], plan: Plan, settings: Settings, out: Path, pool: Executor
) -> Iterator[Made]:
    """The manifest lines of the copies and the rejects, chunk by chunk as they are finished."""
    work = out / WORK
    waiting: dict[str, list[Order]] = {}
    for order in todo:
        waiting.setdefault(order.key, []).append(order)
    running: dict[Future[Any], str] = {}
    # Few selections are laid out ahead, so that memory does not grow with their number.
    keys = iter(list(waiting))
    ahead = (os.cpu_count() or 1) + 1

    def lay_out_next() -> None:
        for key in keys:
            running[pool.submit(lay_out, plan.selections[key], settings, str(work / key))] = key
            return

    for _ in range(ahead):
        lay_out_next()
    while running:
        finished, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in finished:
            key = running.pop(future)
            if key:
                lay_out_next()
                problem = future.result()
                orders = waiting.pop(key)
                if problem:
                    yield [], [Reject(order.line, problem) for order in orders]
                    continue
                for start in range(0, len(orders), CHUNK):
                    part = orders[start : start + CHUNK]
                    job = pool.submit(fill, str(work / key), part, str(out), plan.digest)
                    running[job] = ""
            else:
                yield future.result()
