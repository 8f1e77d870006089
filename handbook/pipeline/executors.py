"""Run work in this process, in several others, or on the workers of a cluster.

Each way is an executor as `concurrent.futures` has them.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Any

from ..core import plugins
from ..core.diagnostics import error, suggest
from ..core.garbage import search_seldom

# How often a task is tried when the workers that had it die.
MAX_ATTEMPTS = 3
# Seconds to wait for a scheduler to answer, and for its first worker.
PATIENCE = 10
# Seconds that a run continues without a worker before it gives up.
WITHOUT_WORKERS = 60
# How addresses of Dask begin.
DASK = ("tcp", "tls", "ucx", "ws", "wss", "inproc")


class Workers(Executor):
    """An executor that says how many work in it, and whether they see this machine's files."""

    count = 1
    shares_filesystem = True
    # What a future raises when the workers that had its task are gone.
    worker_errors: tuple[type[BaseException], ...] = ()

    def restart(self) -> None:
        """Replace workers that died."""

    def check(self) -> None:
        """Check that there are workers, when none has finished anything for a while.

        Raises:
            HandbookError: If there have been none for too long.
        """


class InlineExecutor(Workers):
    """Runs jobs at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call the function; the future is done."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as problem:
            if not isinstance(problem, Exception):
                raise
            future.set_exception(problem)
        return future


class WorkerDied(Exception):
    """Says that a process ended in the middle of a task."""


class Processes(Workers):
    """Processes of this machine, each behind a pipe of its own.

    A `ProcessPoolExecutor` has one pipe for all answers, which stays open while one process lives:
    where a process ended in the middle of an answer, it waited for the rest for ever.
    """

    worker_errors = (WorkerDied,)

    def __init__(self, count: int) -> None:
        self.count = count
        # A thread for each process gives it tasks, and waits for the answers.
        self._threads = ThreadPoolExecutor(count)
        self._lock = threading.Lock()
        self._idle: list[_Process] = []
        self._alive: set[_Process] = set()
        self._stopped = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Give a task to the next process that is free."""
        return self._threads.submit(self._run, fn, args, kwargs)

    def _run(self, fn: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        process = self._take()
        try:
            answer = process.ask(bytes(ForkingPickler.dumps((fn, args, kwargs))))
        except (EOFError, OSError):
            with self._lock:
                self._alive.discard(process)
            process.kill()
            raise WorkerDied(f"with exit code {process.end()}") from None
        with self._lock:
            self._idle.append(process)
        value, problem, trace = pickle.loads(answer)
        if problem is not None:
            raise problem from RuntimeError(trace)
        return value

    def _take(self) -> _Process:
        """Return a process that is free, or another one: at most one for each thread."""
        with self._lock:
            if self._stopped:
                raise WorkerDied
            if self._idle:
                return self._idle.pop()
            process = _Process()
            self._alive.add(process)
            return process

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes; with `cancel_futures` at once, whatever they are doing."""
        if cancel_futures:
            with self._lock:
                self._stopped = True
                for process in self._alive:
                    # Files appear whole, so none is damaged.
                    process.kill()
        self._threads.shutdown(wait=wait, cancel_futures=cancel_futures)
        for process in self._alive if wait else ():
            process.end()


class _Process:
    """A process that answers tasks through a pipe whose other end it alone holds."""

    def __init__(self) -> None:
        # A fresh process inherits no locks, and is the same on every system.
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_answer, args=(other,), daemon=True)
        self._process.start()
        other.close()

    def ask(self, task: bytes) -> bytes:
        """Return the answer to a task, both pickled.

        Raises:
            EOFError, OSError: If the process ended.
        """
        self._pipe.send_bytes(task)
        return self._pipe.recv_bytes()

    def kill(self) -> None:
        """End the process at once; who waits for its answer learns of it."""
        self._process.kill()

    def end(self) -> int | None:
        """Close the pipe, which ends the process when it is free; return its exit code."""
        self._pipe.close()
        self._process.join()
        return self._process.exitcode


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
            self.client: Any = dask.Client(address, timeout=f"{PATIENCE}s", set_as_default=False)
        except (OSError, ValueError) as problem:
            raise error(
                f"no Dask scheduler answers at {address}: {problem}",
                hint="start one with: dask scheduler; and workers with: dask worker ADDRESS",
                code="executor",
            ) from None
        self._last_seen = time.monotonic()
        try:
            self.client.wait_for_workers(1, timeout=PATIENCE)
        except Exception as problem:
            # Dask raises its own TimeoutError or that of asyncio, by version.
            self.client.close()
            if "timeout" not in f"{type(problem).__name__} {problem}".lower():
                raise
            raise _no_workers(address, PATIENCE) from None
        self.address = address
        self.count = max(1, sum(self.client.nthreads().values()))
        self._pool = self.client.get_executor(pure=False)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Give a task to the scheduler."""
        future: Future[Any] = self._pool.submit(fn, *args, **kwargs)
        return future

    def check(self) -> None:
        """Check that the scheduler still has workers.

        Raises:
            HandbookError: If it has had none for a while, or does not answer.
        """
        try:
            workers = self.client.scheduler_info().get("workers")
        except (OSError, RuntimeError):
            workers = None
        if workers:
            self._last_seen = time.monotonic()
        elif time.monotonic() - self._last_seen > WITHOUT_WORKERS:
            raise _no_workers(self.address, WITHOUT_WORKERS)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the scheduler; what still waits there is dropped."""
        with contextlib.suppress(Exception):
            self._pool.shutdown(wait=False)
        self.client.close()


def _no_workers(address: str, seconds: int) -> Exception:
    return error(
        f"the scheduler at {address} has had no workers for {seconds} seconds",
        hint=f"start them with: dask worker {address}",
        code="executor",
    )


def _cluster(address: str) -> Workers:
    """Return the workers at an address: those of Dask, or of a plug-in."""
    scheme = address.partition("://")[0]
    if scheme in DASK or "://" not in address:
        return Cluster(address)
    if plugins.find(plugins.EXECUTORS, scheme) is None:
        known = {*DASK, *plugins.names(plugins.EXECUTORS)}
        raise error(
            f"--scheduler: unknown kind of address {address!r}",
            hint=suggest(scheme, known),
            code="executor",
        )
    workers: Workers = plugins.call(plugins.EXECUTORS, scheme, address)
    return workers


@contextmanager
def executor(jobs: int, scheduler: str = "") -> Iterator[Workers]:
    """Yield workers: those of the `scheduler` at an address, otherwise `jobs` processes.

    A scheduler is Dask's, or that of a plug-in for the scheme of its address.  When work stops
    early, what is still waiting is dropped.
    """
    pool = _cluster(scheduler) if scheduler else InlineExecutor() if jobs == 1 else Processes(jobs)
    try:
        yield pool
    except BaseException:
        pool.shutdown(cancel_futures=True)
        raise
    pool.shutdown()


def _answer(pipe: Connection) -> None:
    """Answer tasks until the pipe is closed; leave Ctrl-C to the parent, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    search_seldom()
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_exit_with, args=(parent.sentinel,), daemon=True).start()
    with contextlib.suppress(EOFError, OSError):
        while True:
            pipe.send_bytes(_result(pipe.recv_bytes()))


def _result(task: bytes) -> bytes:
    """Return what a task gives: its value, or the exception and where it was raised."""
    try:
        function, args, kwargs = pickle.loads(task)
        return bytes(ForkingPickler.dumps((function(*args, **kwargs), None, "")))
    except Exception as problem:
        trace = traceback.format_exc()
        try:
            data = bytes(ForkingPickler.dumps((None, problem, trace)))
            pickle.loads(data)
        except Exception:
            # An exception that does not travel is replaced by its words.
            return pickle.dumps((None, RuntimeError(f"{type(problem).__name__}: {problem}"), trace))
        return data


def _exit_with(sentinel: Any) -> None:
    connection.wait([sentinel])
    os._exit(1)
