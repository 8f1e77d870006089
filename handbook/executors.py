"""Where copies are made: in this process, or in several beside it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
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


def executor(jobs: int) -> Executor:
    """One that works with `jobs` processes."""
    if jobs == 1:
        return Here()
    # A fresh process inherits no locks, and is the same on every system.
    return ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"))
