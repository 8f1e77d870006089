"""Let a second process, a copy of this one, do part of a list of jobs.

Which process does a job is decided while they work: each takes the next one when it is free.  So
nothing may depend on it, and nothing is lost if there is no second process.  A copy that fails, for
whatever reason, leaves its jobs to this process, which then meets the same error itself.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import Executor

# Numbers of jobs go through a pipe, as this many bytes each; it must hold all of them at once.
_WIDTH = 2
MOST_JOBS = 10_000
# With more that runs or waits for each processor, a copy costs more than it saves.
BUSY = 1.5
# One works while the other waits for the interpreter.
THREADS = 2


def shared(
    count: int,
    here: Callable[[int], None],
    other: Callable[[Iterator[int]], bytes],
    first: Callable[[], object] = lambda: None,
) -> bytes:
    """Call `here` with each number below `count`, or let a second process call `other` with some.

    Return what `other` returned there; nothing if all was done here.  This process calls `first`
    before it takes a number.
    """
    if not 1 < count <= MOST_JOBS or not _can_share():
        first()
        for number in range(count):
            here(number)
        return b""
    queue = _Queue(count)
    try:
        second = _SecondProcess(lambda: other(iter(queue)))
        try:
            done = set()
            first()
            for number in queue:
                here(number)
                done.add(number)
            answer = second.answer()
        finally:
            second.end()
    finally:
        queue.close()
    for number in sorted(set(range(count)) - done) if not answer else ():
        here(number)
    return answer


@contextmanager
def in_background(work: Callable[[], object]) -> Iterator[None]:
    """Call `work` in a second process while the `with` block runs; here and first if there is none.

    What the work is for must not be needed: it is lost if the second process or the block fails.
    """
    if not _can_share():
        work()
        yield
        return

    def do() -> bytes:
        work()
        return b""

    second = _SecondProcess(do)
    try:
        yield
        second.answer()
    finally:
        second.end()


@contextmanager
def spare_threads() -> Iterator[Executor | None]:
    """Yield threads for work without the interpreter (compressing); None if they do not help.

    They have ended when the `with` block has, so that a copy of this process is safe again.
    """
    if not _can_share():
        yield None
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(THREADS) as threads:
        yield threads


def _can_share() -> bool:
    """Return whether a copy of this process is safe, as it has one thread, and of use."""
    try:
        processors = len(os.sched_getaffinity(0))
        if processors < 2 or os.getloadavg()[0] > processors * BUSY:
            return False
        return len(os.listdir("/proc/self/task")) == 1
    except (AttributeError, OSError):
        # Another system than Linux, where threads of libraries are not seen.
        return False


class _Queue:
    """The numbers of jobs, each to be taken once, by whichever process is first."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._exit, entrance = os.pipe()
        os.write(entrance, b"".join(n.to_bytes(_WIDTH, "big") for n in range(count)))
        os.close(entrance)

    def __iter__(self) -> Iterator[int]:
        while number := os.read(self._exit, _WIDTH):
            yield int.from_bytes(number, "big")

    def close(self) -> None:
        os.close(self._exit)


class _SecondProcess:
    """A copy of this process that writes what `work` returns to a file without a name."""

    def __init__(self, work: Callable[[], bytes]) -> None:
        self._file = os.memfd_create("answer")
        self._running = 0
        with suppress(OSError):
            self._running = os.fork()
            if not self._running:
                self._work(work)

    def _work(self, work: Callable[[], bytes]) -> None:
        """Write the answer, and end without doing anything that is the first process's to do."""
        try:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            with open(self._file, "wb", closefd=False) as file:
                file.write(work())
            os._exit(0)
        finally:
            os._exit(1)

    def answer(self) -> bytes:
        """Wait for the copy's answer; return nothing if it failed."""
        if not self._running:
            return b""
        _, status = os.waitpid(self._running, 0)
        self._running = 0
        if status:
            return b""
        with open(self._file, "rb", closefd=False) as file:
            file.seek(0)
            return file.read()

    def end(self) -> None:
        """End the copy if it still runs."""
        if self._running:
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(self._running, signal.SIGKILL)
                os.waitpid(self._running, 0)
        os.close(self._file)
