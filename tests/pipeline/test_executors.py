"""Workers: a process that dies takes its own task with it, and no run waits for it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from handbook.core.diagnostics import HandbookError, error
from handbook.pipeline.executors import Processes, WorkerDied, executor

# Answers of some megabytes, so that processes are mostly ended in the middle of one.
INTERRUPTED = """
import random, time
from handbook.pipeline.executors import executor

if __name__ == "__main__":
    random.seed(1)
    for _ in range(6):
        try:
            with executor(2) as workers:
                futures = [workers.submit(bytes, 20_000_000) for _ in range(20)]
                futures[0].result()
                time.sleep(random.random() / 20)
                raise KeyboardInterrupt
        except KeyboardInterrupt:
            done = sum(future.done() and not future.cancelled() for future in futures)
            print(done < 20, all(future.done() for future in futures))
"""


def _fail(words: str) -> None:
    raise error(words, hint="try another")


def test_runs_that_are_interrupted_end() -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], check=True, capture_output=True, text=True, timeout=300
    )
    assert done.stdout.splitlines() == ["True True"] * 6
    assert not done.stderr


def test_a_process_that_dies_takes_only_its_task() -> None:
    with executor(2) as workers:
        assert isinstance(workers, Processes)
        dying = workers.submit(os._exit, 3)
        others = [workers.submit(bytes, n) for n in range(20)]
        with pytest.raises(WorkerDied, match="exit code 3"):
            dying.result()
        assert [len(other.result()) for other in others] == list(range(20))
        assert workers.submit(sum, (1, 2)).result() == 3


def test_an_exception_comes_back_whole() -> None:
    with executor(2) as workers:
        with pytest.raises(HandbookError, match="no such thing") as raised:
            workers.submit(_fail, "no such thing").result()
        assert raised.value.diagnostics[0].hint == "try another"
        assert "_fail" in str(raised.value.__cause__)
        with pytest.raises(ZeroDivisionError):
            workers.submit(divmod, 1, 0).result()


def test_what_cannot_travel_is_an_error_and_the_workers_go_on() -> None:
    with executor(2) as workers:
        with pytest.raises(Exception, match="pickle"):
            workers.submit(lambda: 1).result()
        with pytest.raises(Exception, match="pickle"):
            workers.submit(memoryview, b"x").result()
        assert workers.submit(sum, (1, 2)).result() == 3


def test_processes_end_with_their_executor() -> None:
    with executor(2) as workers:
        numbers = {workers.submit(os.getpid).result() for _ in range(4)}
    for number in numbers:
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)
