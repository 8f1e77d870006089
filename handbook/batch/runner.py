"""A plan -> copies: every selection laid out once, copies filled from it by all workers.

A journal grows with every chunk: a run that was killed goes on where it stood, and ends with
the same bytes as one that was not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from typing import Any

from ..build.executors import MAX_ATTEMPTS, InlineExecutor, Workers
from ..core.diagnostics import error
from . import journal
from . import pack_archive as luggage
from . import worker as work
from .models import Progress, Reject, Result, Settings
from .plan import Plan
from .reports import write_rejects
from .run_database import RunDatabase
from .storage import Store

# Copies made in one go: enough that talking to a worker costs nothing, few enough to stop at once.
CHUNK = 100


def run(
    plan: Plan, settings: Settings, store: Store, workers: Workers, *, resume: bool = False,
    fail_fast: bool = False, progress: Callable[[Progress], None] = lambda at: None,
    laid: Callable[[str, bytes], None] = lambda key, edition: None,
) -> Result:  # fmt: skip
    """Make every copy of `plan` in `store` by `workers`; `progress` hears how far it is.

    `laid` gets every edition that is laid out, as it travels.

    Raises HandbookError for a store that holds another run, or that cannot be written.
    """
    return _Run(plan, settings, store, workers, fail_fast, progress, laid).run(resume)


@dataclass(slots=True)
class _Job:
    """Something that a worker does, how often it was given to one, and what is done with it."""

    do: Callable[..., Any]
    given: tuple[Any, ...]
    then: Callable[[Any], None]
    tries: int = 1
    # A brand's files do not travel: with one, editions are laid out in this process.
    home: bool = False


@dataclass(slots=True)
class ActiveEdition:
    """An edition that is being filled: as it travels, and the last row that was given out."""

    key: str
    data: bytes
    row: int = 0


class _Run:
    """Gives out jobs, as many as keep all workers busy and no more, so that memory stays flat."""

    def __init__(
        self, plan: Plan, settings: Settings, store: Store, workers: Workers, fail_fast: bool,
        progress: Callable[[Progress], None], laid: Callable[[str, bytes], None],
    ) -> None:  # fmt: skip
        self.plan = plan
        self.ledger: RunDatabase = plan.ledger
        self.settings = settings
        self.store = store
        self.workers = workers
        self.fail_fast = fail_fast
        self.progress = progress
        self.laid = laid
        self.result = Result(rejected=plan.rejected)
        self.running: dict[Future[Any], _Job] = {}
        self.again: deque[_Job] = deque()
        self.waiting: deque[str] = deque()
        self.filling: deque[ActiveEdition] = deque()
        self.layouts = 0
        self.part = 0
        self.luggage: luggage.PackArchive | None = None

    def run(self, resume: bool) -> Result:
        """Make what is missing, then the manifest."""
        self._begin(resume)
        window = (
            1
            if self.workers.count == 1 and self.workers.shares_filesystem
            else self.workers.count * 2
        )
        while True:
            while len(self.running) < window and (job := self._next()):
                hands = InlineExecutor() if job.home else self.workers
                self.running[hands.submit(job.do, *job.given)] = job
            if not self.running:
                break
            finished, _ = wait(self.running, return_when=FIRST_COMPLETED)
            for future in finished:
                self._finished(future, self.running.pop(future))
        write_rejects(self.plan, self.store)
        journal.finish(self.store, self.ledger.manifest())
        return self.result

    def _begin(self, resume: bool) -> None:
        found: list[tuple[int, str]] = []
        for entry in journal.kept(self.store, self.plan.digest, resume):
            found.append(entry)
            if len(found) == 1000:
                self.ledger.made(found)
                found.clear()
        self.ledger.made(found)
        self.result.kept = self.ledger.count("made")
        self.part = journal.next_part(self.store)
        # A place that cannot be written is told before anything is laid out.
        journal.write_part(self.store, self.part, [])
        self.part += 1
        if not self.workers.shares_filesystem and not self.settings.brand:
            self.luggage = luggage.packed(self.settings)
        self.waiting.extend(k for k in self.plan.selections if self.ledger.unmade(k, 0, 1))
        self._tell("")
        self._stop_at_first()

    def _next(self) -> _Job | None:
        """The next thing to do: editions are laid out a little ahead of being filled."""
        if self.again:
            return self.again.popleft()
        ahead = self.layouts + len(self.filling)
        if self.waiting and ahead <= (self.workers.count if self.workers.count > 1 else 0):
            return self._layout(self.waiting.popleft())
        while self.filling:
            edition = self.filling[0]
            orders = self.ledger.unmade(edition.key, edition.row, CHUNK)
            if orders:
                edition.row = orders[-1].line
                # Workers take turns, so that none waits for an edition that another one has.
                self.filling.rotate(-1)
                return self._chunk(edition, orders)
            self.filling.popleft()
        return self._layout(self.waiting.popleft()) if self.waiting else None

    def _layout(self, key: str) -> _Job:
        self.layouts += 1

        def then(made: bytes | str) -> None:
            self.layouts -= 1
            if isinstance(made, bytes):
                self.laid(key, made)
                self.filling.append(ActiveEdition(key, made))
                return
            row = 0
            while orders := self.ledger.unmade(key, row, CHUNK):
                row = orders[-1].line
                self._reject([Reject(order.line, made) for order in orders], "")

        given = (self.plan.selections[key], self.settings, self.luggage)
        return _Job(
            work.lay_out,
            given,
            then,
            home=not self.workers.shares_filesystem and bool(self.settings.brand),
        )

    def _chunk(self, edition: ActiveEdition, orders: list[Any]) -> _Job:
        task = work.FillTask(self.part, edition.key, edition.data, tuple(orders), self.plan.digest)
        self.part += 1
        # Workers that do not reach the store send the tails of copies home.
        if self.store.shares_filesystem and not self.workers.shares_filesystem:
            return _Job(
                work.fill, (task,),
                lambda tails: self._made(work.write(task, tails, self.store), task.key),
            )  # fmt: skip
        return _Job(
            work.fill_and_write, (task, self.store), lambda made: self._made(made, task.key)
        )

    def _finished(self, future: Future[Any], job: _Job) -> None:
        try:
            made = future.result()
        except self.workers.worker_errors as problem:
            if job.tries >= MAX_ATTEMPTS:
                raise error(
                    f"workers die of their work: {type(problem).__name__} {problem}".strip(),
                    hint="is there enough memory? go on with --resume and fewer --jobs",
                ) from None
            self.workers.restart()
            job.tries += 1
            self.again.append(job)
        else:
            job.then(made)

    def _made(self, made: work.Made, key: str) -> None:
        lines, rejects = made
        self.ledger.made(lines)
        self.result.written += len(lines)
        self._reject(rejects, key)

    def _reject(self, rejects: list[Reject], key: str) -> None:
        for reject in rejects:
            self.ledger.reject(reject.line, reject.reason)
        self.result.rejected += len(rejects)
        self._tell(key)
        self._stop_at_first()

    def _tell(self, key: str) -> None:
        stem = self.plan.selections[key].file_stem if key else ""
        done, rejected = self.result.kept + self.result.written, self.result.rejected
        self.progress(Progress(done, rejected, self.plan.copies + self.plan.rejected, stem))

    def _stop_at_first(self) -> None:
        if self.fail_fast and self.result.rejected:
            first = next(self.ledger.rejects())
            raise error(f"row {first.line}: {first.reason}")
