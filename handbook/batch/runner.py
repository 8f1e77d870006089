"""Make the copies of a plan: every selection is laid out once, all workers fill copies from it.

A journal grows with every chunk: a run that was killed continues where it stopped, and ends with
the same bytes as one that was not.  Copies of an earlier roster that are the same are kept.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Any

from ..core.diagnostics import error
from ..core.values import frozen, record
from ..pipeline.edition_series import by_likeness
from ..pipeline.executors import MAX_ATTEMPTS, InlineExecutor, Workers
from . import journal, worker
from .filenames import folded_name
from .models import CopyJob, Progress, Reject, Result, Settings
from .pack_archive import PackArchive, packed
from .plan import Plan
from .reports import write_rejects
from .run_database import RunDatabase, entry_text, files_of
from .storage import Store

# Copies made at once: enough that talking to a worker costs nothing, few enough to stop quickly.
CHUNK = 100
# Seconds after which workers that finish nothing are asked whether they are still there.
PATIENCE = 20.0


@frozen
class RunOptions:
    """How a run is carried out, not what it makes."""

    # Go on even if no copy of the folder is on the roster any more.
    resume: bool = False
    # Delete copies that are no longer on the roster.
    prune: bool = False
    fail_fast: bool = False


def run(
    plan: Plan,
    settings: Settings,
    store: Store,
    workers: Workers,
    options: RunOptions | None = None,
    *,
    progress: Callable[[Progress], None] = lambda at: None,
    laid_out: Callable[[str, bytes], None] = lambda key, edition: None,
) -> Result:
    """Make every copy of `plan` that `store` does not have; return how many there were.

    `progress` is called after each chunk, `laid_out` with every edition that is laid out.

    Raises:
        HandbookError: If the store holds another run, cannot be written, or lost copies.
    """
    options = options or RunOptions()
    return _Run(plan, settings, store, workers, options, progress, laid_out).run()


@record
class _Task:
    """Something that a worker does, how often it was tried, and what happens with the result."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    then: Callable[[Any], None]
    tries: int = 1
    # A brand's files do not travel: with one, editions are laid out in this process.
    inline: bool = False


@record
class ActiveEdition:
    """An edition that is being filled: as it travels, and the last row that was handed out."""

    key: str
    data: bytes
    row: int = 0


class _Run:
    """Hands out tasks: enough to keep all workers busy and no more, so that memory stays flat."""

    def __init__(
        self,
        plan: Plan,
        settings: Settings,
        store: Store,
        workers: Workers,
        options: RunOptions,
        progress: Callable[[Progress], None],
        laid_out: Callable[[str, bytes], None],
    ) -> None:
        self.plan = plan
        self.database: RunDatabase = plan.database
        self.settings = settings
        self.store = store
        self.workers = workers
        self.options = options
        self.progress = progress
        self.laid_out = laid_out
        self.result = Result(rejected=plan.rejected)
        self.running: dict[Future[Any], _Task] = {}
        self.repeated: deque[_Task] = deque()
        self.waiting: deque[str] = deque()
        self.filling: deque[ActiveEdition] = deque()
        self.layouts = 0
        self.part = 0
        self.archive: PackArchive | None = None

    def run(self) -> Result:
        """Make what is missing, check that all of it is there, then write the manifest."""
        self._begin()
        alone = self.workers.count == 1 and self.workers.shares_filesystem
        window = 1 if alone else self.workers.count * 2
        while True:
            while len(self.running) < window and (task := self._next()):
                executor = InlineExecutor() if task.inline else self.workers
                self.running[executor.submit(task.function, *task.arguments)] = task
            if not self.running:
                break
            finished, _ = wait(self.running, PATIENCE, return_when=FIRST_COMPLETED)
            if not finished:
                self.workers.check()
            for future in finished:
                self._finished(future, self.running.pop(future))
        self._check_written()
        self._former()
        write_rejects(self.plan, self.store)
        journal.finish(self.store, self.database.manifest())
        return self.result

    # ------------------------------------------------------------------- beginning

    def _begin(self) -> None:
        journal.check_run(self.store, self.plan.shared)
        earlier = self._keep()
        self.result.kept = self.database.count("copies")
        if earlier and not self.result.kept and not (self.options.resume or self.options.prune):
            raise error(
                f"this folder holds {earlier:,} copies, and none of them is on this roster",
                at=self.store.place,
                hint="choose another folder with -o; or say --resume to add to it, --prune to "
                "replace them",
                code="batch-folder",
            )
        if earlier and not self.plan.copies and not self.options.resume:
            raise error(
                f"no row of this roster gives a copy, so --prune would delete all {earlier:,} of "
                "this folder",
                at=self.store.place,
                hint="look at the roster and at --where; to delete them all, say --resume too",
                code="batch-folder",
            )
        self.part = journal.next_part(self.store)
        # A place that cannot be written is reported before anything is laid out.
        run = {
            **journal.read_run(self.store), "language": self.plan.language,
            "shared": self.plan.shared,
        }  # fmt: skip
        journal.write_run(self.store, run)
        former = (entry.encode("utf-8", "replace") for _, entry in self.database.former())
        journal.restart(
            self.store, self.database.manifest(), former, self.database.due(), self.part
        )
        self.part += 1
        due = (s for s in self.plan.selections.items() if self.database.pending(s[0], 0, 1))
        self.waiting.extend(key for key, _ in by_likeness(due))
        if self.waiting and not self.workers.shares_filesystem and not self.settings.brand:
            self.archive = packed(self.settings)
        self._tell("")
        self._stop_at_first()

    def _keep(self) -> int:
        """Sort the copies of earlier runs into those to keep and those that fell away."""
        count = 0
        chunk: list[tuple[int, str]] = []
        for entry in journal.entries(self.store):
            count += 1
            line = self._line_for(entry)
            if line:
                chunk.append((line, entry_text({**entry, "row": line})))
            if len(chunk) == 1000:
                self.database.add_copies(chunk)
                chunk.clear()
        self.database.add_copies(chunk)
        for file in journal.planned(self.store):
            if self.database.row_of_file(folded_name(file)):
                self.database.add_due(file)
            elif not self.database.is_former(file):
                # A run was stopped after it wrote this copy and before it wrote that it did.
                self._remove_unknown(file)
        return count

    def _remove_unknown(self, file: str) -> None:
        badge = self.settings.badge
        for name in (file, *(badge.names(file) if badge else ())):
            self.store.remove(name)

    def _line_for(self, entry: dict[str, Any]) -> int:
        """Return the row that an earlier copy is for, if it is as this run would make it."""
        file = str(entry["file"])
        line = self.database.row_of_file(folded_name(file))
        intact = all(self.store.intact(*facts) for facts in files_of(entry))
        if not line:
            if intact:
                self.database.add_former(file, entry_text(entry))
            return 0
        same = entry.get("inputs") == self.database.inputs_of(line)
        if same and entry["run"] == self.plan.digest and intact:
            return line
        self.database.add_due(file)
        return 0

    # ----------------------------------------------------------------------- tasks

    def _next(self) -> _Task | None:
        """Return what to do next: editions are laid out a little ahead of being filled."""
        if self.repeated:
            return self.repeated.popleft()
        ahead = self.layouts + len(self.filling)
        if self.waiting and ahead <= (self.workers.count if self.workers.count > 1 else 0):
            return self._layout(self.waiting.popleft())
        while self.filling:
            edition = self.filling[0]
            jobs = self.database.pending(edition.key, edition.row, CHUNK)
            if jobs:
                edition.row = jobs[-1].line
                # Workers take turns, so that none waits for an edition that another one has.
                self.filling.rotate(-1)
                return self._chunk(edition, jobs)
            self.filling.popleft()
        return self._layout(self.waiting.popleft()) if self.waiting else None

    def _layout(self, key: str) -> _Task:
        self.layouts += 1

        def then(data: bytes | str) -> None:
            self.layouts -= 1
            if isinstance(data, bytes):
                self.laid_out(key, data)
                self.filling.append(ActiveEdition(key, data))
                return
            row = 0
            while jobs := self.database.pending(key, row, CHUNK):
                row = jobs[-1].line
                self._reject([Reject(job.line, data) for job in jobs], "")

        arguments = (self.plan.selections[key], self.settings, self.archive)
        inline = not self.workers.shares_filesystem and bool(self.settings.brand)
        return _Task(worker.lay_out, arguments, then, inline=inline)

    def _chunk(self, edition: ActiveEdition, jobs: list[CopyJob]) -> _Task:
        task = worker.FillTask(
            self.part,
            edition.key,
            edition.data,
            tuple(jobs),
            self.plan.digest,
            self.settings.protection,
            self.settings.badge,
        )
        self.part += 1
        # Workers that do not reach the store send back what they add to the edition.
        if self.store.shares_filesystem and not self.workers.shares_filesystem:
            return _Task(
                worker.fill,
                (task,),
                lambda updates: self._written(worker.write(task, updates, self.store), task.key),
            )
        return _Task(
            worker.fill_and_write,
            (task, self.store),
            lambda written: self._written(written, task.key),
        )

    def _finished(self, future: Future[Any], task: _Task) -> None:
        try:
            value = future.result()
        except self.workers.worker_errors as problem:
            if task.tries >= MAX_ATTEMPTS:
                raise error(
                    f"workers died {task.tries} times while working on the same copies: "
                    f"{type(problem).__name__} {problem}".strip(),
                    hint="is there enough memory? repeat the command with fewer --jobs",
                    code="batch-run",
                ) from None
            self.workers.restart()
            task.tries += 1
            self.repeated.append(task)
        else:
            task.then(value)

    def _written(self, written: worker.Written, key: str) -> None:
        entries, rejects = written
        self.database.add_copies(entries)
        self.result.written += len(entries)
        self._reject(rejects, key)

    def _reject(self, rejects: list[Reject], key: str) -> None:
        for reject in rejects:
            self.database.reject(reject.line, reject.reason)
        self.result.rejected += len(rejects)
        self._tell(key)
        self._stop_at_first()

    def _tell(self, key: str) -> None:
        stem = self.plan.selections[key].file_stem if key else ""
        done, rejected = self.result.kept + self.result.written, self.result.rejected
        self.progress(Progress(done, rejected, self.plan.copies + self.plan.rejected, stem))

    def _stop_at_first(self) -> None:
        if self.options.fail_fast and self.result.rejected:
            first = next(self.database.rejects())
            raise error(f"row {first.line}: {first.reason}", code="roster-row")

    # ------------------------------------------------------------------------ end

    def _check_written(self) -> None:
        """Check that every copy is in the store, whatever happened to it meanwhile.

        Raises:
            HandbookError: If copies are missing, or one has another size than was written.
        """
        missing = self.store.missing((name, size) for name, size, _ in self.database.files())
        total = self.database.count("copies")
        if missing:
            raise error(
                f"{len(missing):,} of {total:,} copies are no longer there as they were written, "
                f"the first is {missing[0]!r}",
                at=self.store.place,
                hint="something else changed the folder; repeat the command to make them again",
                code="store",
            )
        if total + self.result.rejected != self.plan.copies + self.plan.rejected:
            raise error(
                f"{total:,} copies are there and {self.result.rejected:,} rows were rejected, of "
                f"{self.plan.copies + self.plan.rejected:,}",
                at=self.store.place,
                hint="repeat the command to make the others",
                code="store",
            )

    def _former(self) -> None:
        """Delete copies that fell away, or list them."""
        former = [(file, entry) for file, entry in self.database.former()]
        files = tuple(file for file, _ in former)
        if not self.options.prune:
            self.result.former = files
            journal.write_former(self.store, _encoded(entry for _, entry in former))
            return
        for _, entry in former:
            for name, *_ in files_of(json.loads(entry)):
                self.store.remove(name)
        self.database.drop_former()
        self.store.remove_empty_folders()
        journal.write_former(self.store, [])
        self.result.pruned = files


def _encoded(lines: Iterable[str]) -> Iterator[bytes]:
    for line in lines:
        yield line.encode("utf-8", "replace")
