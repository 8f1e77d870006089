"""What a second process does is what the first would have done, and its end is never a loss."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from handbook.core import second_process
from handbook.core.second_process import shared

COUNT = 40

pytestmark = pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="only Linux has it")


@pytest.fixture(autouse=True)
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Share work also where there is one processor, or where pytest has threads."""
    monkeypatch.setattr(second_process, "_can_share", lambda: True)


def listed(numbers: Iterator[int]) -> bytes:
    return b" ".join(b"%d" % number for number in numbers) or b"-"


@pytest.fixture(autouse=True)
def no_child_is_left() -> Iterator[None]:
    """What other tests left in this process does not count."""
    before = children()
    yield
    assert children() <= before


def children() -> set[str]:
    """The numbers of this process's children."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # The fields after the name, which may have spaces: state, parent.
            if int(stat.read_text().rpartition(")")[2].split()[1]) == os.getpid():
                found.add(stat.parent.name)
    return found


def test_each_job_is_done_once() -> None:
    own: list[int] = []
    answer = shared(COUNT, own.append, listed)
    other = [] if answer == b"-" else [int(number) for number in answer.split()]
    assert sorted([*own, *other]) == list(range(COUNT))


def test_what_a_second_process_leaves_is_done_here() -> None:
    def fail(numbers: Iterator[int]) -> bytes:
        next(numbers, None)
        raise MemoryError

    def die(numbers: Iterator[int]) -> bytes:
        next(numbers, None)
        os.kill(os.getpid(), signal.SIGKILL)
        return b""

    for other in (fail, die):
        own: list[int] = []
        assert shared(COUNT, own.append, other) == b""
        assert sorted(own) == list(range(COUNT))


def test_an_error_and_ctrl_c_end_both() -> None:
    def wait(numbers: Iterator[int]) -> bytes:
        signal.pause()
        return b""

    for problem in (ValueError, KeyboardInterrupt):

        def own(number: int, problem: type[BaseException] = problem) -> None:
            raise problem

        with pytest.raises(problem):
            shared(COUNT, own, wait)


def test_a_system_that_makes_no_process_does_all_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> int:
        raise BlockingIOError("no more processes")

    own: list[int] = []
    monkeypatch.setattr(os, "fork", refused)
    assert shared(COUNT, own.append, listed) == b""
    assert own == list(range(COUNT))


def test_a_process_with_threads_is_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("copied"))
    own: list[int] = []
    assert shared(COUNT, own.append, listed) == b""
    done.set()
    thread.join()
    assert own == list(range(COUNT))
