"""Where copies are made: in this process, or in several beside it."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any


class Here(Executor):
    """An executor that does the work at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do it; the future is done."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as problem:
            if not isinstance(problem, Exception):
                raise
            future.set_exception(problem)
        return future


@contextmanager
def executor(jobs: int) -> Iterator[Executor]:
    """One that works with `jobs` processes; what is still waiting is dropped when work stops."""
    if jobs == 1:
        yield Here()
        return
    # A fresh process inherits no locks, and is the same on every system.
    pool = ProcessPoolExecutor(
        jobs, multiprocessing.get_context("spawn"), initializer=_leave_interrupts
    )
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _leave_interrupts() -> None:
    """Ctrl-C is for the process that the terminal knows; the others finish their chunk."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
