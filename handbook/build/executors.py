"""Where copies are made: in this process, in several beside it, or on the workers of a cluster.

Each is an executor as `concurrent.futures` has them.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import connection
from typing import Any

from ..core import plugins
from ..core.diagnostics import error, suggest

# How often a job is given to others when those who had it die.
MAX_ATTEMPTS = 3
# How long to wait for a scheduler to answer.
PATIENCE = "10s"
# How addresses of Dask begin.
DASK = ("tcp", "tls", "ucx", "ws", "wss", "inproc")


class Workers(Executor):
    """An executor that says how many work in it, and whether they see this machine's files."""

    count = 1
    shares_filesystem = True
    # What a future raises when those who had its job are gone.
    worker_errors: tuple[type[BaseException], ...] = ()

    def restart(self) -> None:
        """Make up for workers that died."""


class InlineExecutor(Workers):
    """Does the work at once, in this process."""

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


class Processes(Workers):
    """Processes of this machine."""

    mishaps = (BrokenProcessPool,)

    def __init__(self, count: int) -> None:
        self.count = count
        self._pool = self._started()

    def _started(self) -> ProcessPoolExecutor:
        # A fresh process inherits no locks, and is the same on every system.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self.count, context, initializer=_begin)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Give a job to the next process that is free."""
        try:
            return self._pool.submit(fn, *args, **kwargs)
        except BrokenProcessPool as problem:
            future: Future[Any] = Future()
            future.set_exception(problem)
            return future

    def revive(self) -> None:
        """Start anew: a pool that lost a process takes no more work."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = self._started()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the processes go; with `cancel_futures` at once, whatever they are doing."""
        if cancel_futures:
            # Files appear whole, so none is harmed by it.
            for process in multiprocessing.active_children():
                process.terminate()
        self._pool.shutdown(wait=wait, cancel_futures=cancel_futures)


class Cluster(Workers):
    """The workers of a Dask scheduler; they see no file of this machine."""

    shares_filesystem = False

    def __init__(self, address: str) -> None:
        try:
            import distributed
            from distributed import comm
        except ImportError:
            raise error(
                "--scheduler needs the package distributed",
                hint="pip install 'handbook[dask]'",
                code="executor",
            ) from None
        dask: Any = distributed
        lost: Any = comm
        self.worker_errors = (dask.KilledWorker, lost.CommClosedError, CancelledError)
        try:
            self.client: Any = dask.Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as problem:
            raise error(
                f"no Dask scheduler answers at {address}: {problem}",
                hint="start one with: dask scheduler; and workers with: dask worker ADDRESS",
                code="executor",
            ) from None
        self.client.wait_for_workers(1)
        self.count = max(1, sum(self.client.nthreads().values()))
        self._pool = self.client.get_executor(pure=False)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Give a job to the scheduler."""
        future: Future[Any] = self._pool.submit(fn, *args, **kwargs)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the scheduler; what still waits there is dropped."""
        with contextlib.suppress(Exception):
            self._pool.shutdown(wait=False)
        self.client.close()


def _cluster(address: str) -> Workers:
    """The workers behind an address: those of Dask, or of another package."""
    scheme = address.partition("://")[0]
    if scheme in DASK or "://" not in address:
        return Cluster(address)
    if plugins.find(plugins.EXECUTORS, scheme) is None:
        known = {*DASK, *plugins.names(plugins.EXECUTORS)}
        raise error(f"nobody makes copies at {address!r}", hint=suggest(scheme, known))
    workers: Workers = plugins.call(plugins.EXECUTORS, scheme, address)
    return workers


@contextmanager
def executor(jobs: int, scheduler: str = "") -> Iterator[Workers]:
    """Workers: of the `scheduler` at an address, else `jobs` processes.

    A scheduler is Dask's, or that of a package which offers the address's scheme.

    When work stops early, what is still waiting is dropped.
    """
    pool = _cluster(scheduler) if scheduler else InlineExecutor() if jobs == 1 else Processes(jobs)
    try:
        yield pool
    except BaseException:
        pool.shutdown(cancel_futures=True)
        raise
    pool.shutdown()


def _begin() -> None:
    """Ctrl-C is for the process that the terminal knows; without it no other goes on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: Any) -> None:
    connection.wait([sentinel])
    os._exit(1)
