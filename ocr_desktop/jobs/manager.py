"""The job manager: create, start, pause, resume, cancel, get, list and delete jobs."""

import contextlib
import math
import os
import secrets
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

import filelock
import msgspec

from ocr_desktop.batch.control import JobControl
from ocr_desktop.batch.executor import ExecutorFactory
from ocr_desktop.batch.item_work import settings_of
from ocr_desktop.batch.processor import BatchProcessor, cancel_pending
from ocr_desktop.batch.quick_pass import QuickPass
from ocr_desktop.batch.scratch import remove_scratch
from ocr_desktop.batch.standby_executor import StandbyExecutor
from ocr_desktop.batch.tasks import WorkerSetup
from ocr_desktop.domain.errors import JobBusyError, JobNotFoundError, NothingFoundError
from ocr_desktop.domain.items import FoundImage, ItemRecord
from ocr_desktop.domain.jobs import JobSnapshot, Progress, Trouble
from ocr_desktop.domain.options import MOST_WORKERS, RunOptions
from ocr_desktop.domain.results import Settings
from ocr_desktop.domain.states import ItemState, JobState
from ocr_desktop.jobs.forgetting import Forgotten, Traces, forget_job
from ocr_desktop.jobs.job_locks import JobLocks
from ocr_desktop.jobs.ledger import Listener, RunLedger
from ocr_desktop.jobs.preparation import ensure_ready, prepare_job
from ocr_desktop.jobs.receipts import Receipts
from ocr_desktop.jobs.recovery import recover_jobs
from ocr_desktop.jobs.store import JobRecord, JobStore
from ocr_desktop.services.engines.catalog import EngineCatalog, ResolvedEngine
from ocr_desktop.services.known_results import KnownResults
from ocr_desktop.services.skip_detector import SkipDetector

_STARTABLE: Final = frozenset({JobState.QUEUED, JobState.INTERRUPTED})


class JobManager:
    """The one place that front ends ask for jobs. Every method may be called from any thread.

    Events go to all listeners, on the thread that is in :meth:`start`; see ``domain/events.py``.
    """

    def __init__(
        self,
        store: JobStore,
        locks: JobLocks,
        engines: EngineCatalog,
        make_executor: ExecutorFactory,
        *,
        traces: Traces,
        receipts: Receipts,
        known: KnownResults,
    ) -> None:
        """Bring the collaborators together."""
        self._store = store
        self._locks = locks
        self._traces = traces
        self._receipts = receipts
        self._known = known
        self._engines = engines
        self._make_executor = make_executor
        self._lock = threading.Lock()
        self._runs: dict[str, _Run] = {}
        self._resolved: dict[str, ResolvedEngine] = {}
        self._listeners: tuple[Listener, ...] = ()

    def create(self, images: Sequence[FoundImage], options: RunOptions) -> JobSnapshot:
        """Make a job of images, in their order; item ids count from 0. Blocks for the checks, some seconds.

        Until it is started, cancelled or deleted, or :meth:`close` is called, no other program can run it.
        With ``redo=failed`` it is a job of those images only that failed in an earlier one.

        Raises:
            NothingFoundError: If there are no images, or none of them failed where only such are wanted.
            EngineMissingError: If the engine is not there.
            LanguageMissingError: If it lacks a language.
            OutputNotWritableError: If results cannot be written.
        """
        if not images:
            raise NothingFoundError("There is no image to read.", remedy="Choose a folder with images in it.")
        engine = self._engines.resolve(options)
        if options.output_dir:  # the job may be resumed from another working folder
            options = msgspec.structs.replace(options, output_dir=os.path.abspath(options.output_dir))
        preparation = prepare_job(images, options, self._store, self._locks)
        record = JobRecord(
            id=_new_job_id(),
            state=JobState.QUEUED,
            options=options,
            created_at=datetime.now(UTC),
            notices=preparation.notices,
        )
        self._locks.reserve(record.id)
        self._store.add(record, preparation.items)
        self._resolved[record.id] = engine
        return self.get(record.id)

    def start(self, job_id: str) -> JobSnapshot:
        """Run a queued or interrupted job and return what it came to. Blocks until the run has ended.

        One that another program has cancelled while it waited here is not run.

        Raises:
            OutputNotWritableError: If the output folder is not there any more; the job stays as it is.
            JobBusyError: If the job is running, here or in another program, or has ended for good.
            WorkersBrokenError: If no worker can be started; the job is then interrupted.
        """
        if self._store.get(job_id).state is JobState.QUEUED and self._store.cancel_requested(job_id):
            self.cancel(job_id)
            return self.get(job_id)
        run = self._open_run(job_id)
        try:
            run.ledger.enter(self._process(job_id, run))
            self._receipts.keep(job_id, self._settings(job_id))
        except BaseException:
            self._interrupt_after_failure(job_id, run)
            raise
        finally:
            with self._lock:
                del self._runs[job_id]
            run.lock.release()
        return self.get(job_id)

    def recover(self) -> Sequence[JobSnapshot]:
        """Put jobs in order whose process died, and return them: each is interrupted and can be started.

        Jobs that run in other programs are left alone.
        """
        return [self.get(job_id) for job_id in recover_jobs(self._store, self._locks, self._engines)]

    def resumable(self) -> Sequence[JobSnapshot]:
        """Return the jobs that wait for somebody to go on with them, in the order in which they should.

        These are the interrupted ones, and then those that a program left before it started them: oldest
        first, unless somebody has put them in another order.
        """
        left = [
            record
            for record in reversed(self._store.jobs())
            if record.state in _STARTABLE and not self._locks.is_held(record.id)
        ]
        return [self._snapshot(record) for record in sorted(left, key=_turn)]

    def put_in_order(self, job_ids: Sequence[str]) -> None:
        """Keep the order in which jobs that wait are to be run, for :meth:`resumable`."""
        self._store.put_in_order(job_ids)

    def claim(self, job_id: str) -> bool:
        """Keep a job that waits to go on for this program, as one that was made here.

        Returns False if somebody has it already.
        """
        if self._locks.is_held(job_id):
            return False
        self._locks.reserve(job_id)
        return True

    def close(self) -> None:
        """Let go of the jobs that were made or claimed here and not started."""
        self._locks.release_reserved()

    def pause(self, job_id: str) -> bool:
        """Hold back the next item at once; items in flight finish. False if the job is not processing."""
        run = self._runs.get(job_id)
        return run is not None and run.control.pause()

    def resume(self, job_id: str) -> bool:
        """Let a paused job go on. False if it is not paused."""
        run = self._runs.get(job_id)
        return run is not None and run.control.resume()

    def cancel(self, job_id: str) -> bool:
        """Drop what has not been started; items in flight finish or are killed within 2 s.

        Returns False if the job has ended already. A job that is not running is cancelled on the spot; one
        that runs in another program is cancelled there a moment later.
        """
        run = self._runs.get(job_id)
        if run is not None:
            return run.control.cancel()
        if self._store.get(job_id).state.is_final:
            return False
        lock = self._locks.try_lock(job_id)
        if lock is None:
            self._store.request_cancel(job_id)
            return True
        try:
            return self._cancel_idle(job_id)
        finally:
            lock.release()

    def interrupt(self, job_id: str) -> bool:
        """Stop a run so that it can be started again later; what was not read stays pending."""
        run = self._runs.get(job_id)
        return run is not None and run.control.interrupt()

    def get(self, job_id: str) -> JobSnapshot:
        """Return the job as it is now.

        Raises:
            JobNotFoundError: If there is none of that id.
        """
        return self._snapshot(self._store.get(job_id))

    def list(self) -> list[JobSnapshot]:
        """Return all jobs, newest first."""
        return [self._snapshot(record) for record in self._store.jobs()]

    def newest_first(self) -> Iterator[JobSnapshot]:
        """Yield all jobs, newest first; each is looked at when it is asked for."""
        for record in self._store.jobs():
            with contextlib.suppress(JobNotFoundError):  # deleted since
                yield self._snapshot(record)

    def items(
        self, job_id: str, *, states: Collection[ItemState] | None = None, after: int = -1, limit: int = 500
    ) -> Sequence[ItemRecord]:
        """Return a page of items, in order of id: up to ``limit``, with an id greater than ``after``."""
        return self._store.items(job_id, states=states, after=after, limit=limit)

    def delete(self, job_id: str, *, results: bool = False) -> Forgotten:
        """Forget a job with all its traces; its result files stay unless ``results`` is set. Images stay.

        Blocks for as long as it takes to look at each result file. Returns what became of these.

        Raises:
            JobBusyError: If it is running, here or in another program.
        """
        self._store.get(job_id)
        lock = self._locks.try_lock(job_id)
        if lock is None:
            raise JobBusyError(f"The job “{job_id}” is running.", remedy="Cancel it first.")
        try:
            forgotten = forget_job(self._store, job_id, self._traces, results=results)
            self._resolved.pop(job_id, None)
        finally:
            lock.release()
        self._locks.forget(job_id)
        return forgotten

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Have ``listener`` called with every event of every job; returns what ends that.

        A listener is called on the thread that runs the job, sometimes while orders are held back: it must
        not block, nor wait for a thread that gives orders. It may give orders itself.
        """
        with self._lock:
            self._listeners = (*self._listeners, listener)

        def unsubscribe() -> None:
            with self._lock:
                self._listeners = tuple(other for other in self._listeners if other is not listener)

        return unsubscribe

    def _open_run(self, job_id: str) -> "_Run":
        self._store.get(job_id)
        lock = self._locks.try_lock(job_id)
        if lock is None:
            raise JobBusyError(f"The job “{job_id}” is being run by this or another program.")
        try:
            self._ensure_startable(job_id)
            run = _Run(self._make_ledger(job_id), lock, self._store.get(job_id).trouble)
            # The gate keeps back orders from the moment at which they find the run until it is processing.
            with run.control.gate():
                with self._lock:
                    self._runs[job_id] = run
                run.ledger.enter(JobState.PROCESSING)
        except BaseException:
            with self._lock:
                self._runs.pop(job_id, None)
            lock.release()
            raise
        return run

    def _ensure_startable(self, job_id: str) -> None:
        job = self._store.get(job_id)
        if job.state not in _STARTABLE:
            raise JobBusyError(f"The job “{job_id}” is {job.state.value} and cannot be started.")
        ensure_ready(job, self._store)

    def _process(self, job_id: str, run: "_Run") -> JobState:
        options = self._store.get(job_id).options
        engine = self._resolved.get(job_id) or self._engines.resolve(options)
        self._resolved[job_id] = engine
        remove_scratch(job_id)  # what a run of it left that was killed together with its workers
        setup = WorkerSetup(job_id=job_id, options=options, engine=engine.spec, config=engine.config)
        detector = SkipDetector(options, settings_of(engine.spec.name, engine.config))
        workers = min(options.jobs or _cores(), self._store.stats(job_id).total)
        processor = BatchProcessor(
            job_id=job_id,
            options=options,
            ledger=run.ledger,
            executor=StandbyExecutor(lambda: self._make_executor(setup, workers)),
            control=run.control,
            quick_pass=QuickPass(detector, self._known),
            earlier_trouble=run.earlier_trouble,
        )
        return processor.run()

    def _settings(self, job_id: str) -> Settings | None:
        """Return what shapes the text of a job, if an engine was asked for it in this process."""
        engine = self._resolved.get(job_id)
        return settings_of(engine.spec.name, engine.config) if engine else None

    def _interrupt_after_failure(self, job_id: str, run: "_Run") -> None:
        """Leave the books in order after an error that ended the run: nothing is in work any more."""
        with run.control.ending():
            for record in self._store.items(job_id, states={ItemState.PROCESSING}):
                run.ledger.requeue(record.item.id, 0, "The run was broken off.")
            if self._store.get(job_id).state.is_active:
                run.ledger.enter(JobState.INTERRUPTED)

    def _cancel_idle(self, job_id: str) -> bool:
        """Cancel a job whose lock we hold and that does not run."""
        if self._store.get(job_id).state not in _STARTABLE:
            return False
        ledger = self._make_ledger(job_id)
        cancel_pending(ledger)
        ledger.enter(JobState.CANCELLED)
        self._receipts.keep(job_id, self._settings(job_id))
        return True

    def _make_ledger(self, job_id: str) -> RunLedger:
        return RunLedger(job_id, self._store, lambda: self._listeners)

    def _snapshot(self, record: JobRecord) -> JobSnapshot:
        stats = self._store.stats(record.id)
        run = self._runs.get(record.id)
        known = run.ledger.progress if run else None
        progress = Progress(
            stats=stats,
            elapsed=known.elapsed if known else record.worked,
            rate=known.rate if known else None,
            remaining=known.remaining if known else None,
        )
        return JobSnapshot(
            id=record.id,
            state=record.state,
            options=record.options,
            created_at=record.created_at,
            started_at=record.started_at,
            finished_at=record.finished_at,
            progress=progress,
            trouble=record.trouble,
            notices=record.notices,
        )


class _Run:
    """A job that is running: its books, the orders to it, and the right to run it."""

    def __init__(
        self, ledger: RunLedger, lock: filelock.BaseFileLock, earlier_trouble: Trouble | None
    ) -> None:
        self.ledger = ledger
        self.earlier_trouble = earlier_trouble
        self.lock = lock
        self.control = JobControl(on_state=ledger.note_state)


def _turn(record: JobRecord) -> float:
    """Return what jobs that wait are sorted by: what somebody said; else what has begun comes first."""
    if record.place is not None:
        return record.place
    return -1 if record.state is JobState.INTERRUPTED else math.inf


def _new_job_id() -> str:
    return f"batch_{time.time_ns() // 1_000_000}_{secrets.token_hex(4)}"


def _cores() -> int:
    """Processor cores that this process may use, but not more than there may be workers."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MOST_WORKERS)
