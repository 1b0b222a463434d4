"""Runs one job on a thread of its own and turns what the job tells into typed Qt signals."""

import logging
import threading
import time
from collections.abc import Callable, Sequence

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from ocr_desktop.domain.errors import JobBusyError, KnownError
from ocr_desktop.domain.events import (
    Event,
    ItemFinished,
    ItemRequeued,
    ItemStarted,
    JobProgressed,
    JobStateChanged,
)
from ocr_desktop.domain.items import FoundImage, ItemOutcome
from ocr_desktop.domain.jobs import JobSnapshot
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.messages.failure import Failure
from ocr_desktop.gui.results.job_items import all_items
from ocr_desktop.jobs.manager import JobManager

_log = logging.getLogger(__name__)

_FLUSH_INTERVAL = 0.1
"""Seconds between two hand-overs to the window; more often would only keep it from painting."""


class ItemUpdate(msgspec.Struct, frozen=True):
    """Where one item of the job stands now."""

    item_id: int
    """Its number within the job."""
    state: ItemState
    outcome: ItemOutcome | None = None
    """Set with a final state."""


class BatchWorker(QObject):
    """One run of one job. To be moved to a QThread whose ``started`` is connected to :meth:`run`.

    Signals:
        kept: The places of the images that the job has kept, if it has left some out; before ``created``.
        created: The job's id, once the job is accepted or found.
        noticed: Sentences on what was found when the job was made; comes before anything is read, if at all.
        state_changed: A :class:`JobState`.
        halted: The :class:`Trouble` because of which the job has paused by itself; after ``state_changed``.
        items_changed: A list of :class:`ItemUpdate`, about ten times a second; the last word on each item, in
            the order in which they were said.
        progressed: A :class:`Progress`.
        finished: The final :class:`JobSnapshot`. Either this or ``failed`` comes, exactly once, and last.
        failed: A :class:`Failure`: the job could not be created, found or run.
    """

    kept = Signal(object)
    created = Signal(str)
    noticed = Signal(object)
    state_changed = Signal(object)
    halted = Signal(object)
    items_changed = Signal(object)
    progressed = Signal(object)
    finished = Signal(object)
    failed = Signal(object)

    def __init__(
        self, jobs: JobManager, obtain: Callable[[], JobSnapshot], images: Sequence[FoundImage] = ()
    ) -> None:
        """Prepare a run. Nothing happens before :meth:`run`.

        Args:
            jobs: The manager; its methods may be called from any thread.
            obtain: Called on the worker's thread; creates the job, or finds one that waits.
            images: Those of a new job, which may leave some out.
        """
        super().__init__()
        self._jobs = jobs
        self._obtain = obtain
        self._images = images
        self._lock = threading.Lock()
        self._job_id: str | None = None
        self._is_cancelled = False
        self._waiting: dict[int, ItemUpdate] = {}
        self._flushed = 0.0

    @classmethod
    def for_new_job(
        cls, jobs: JobManager, images: Sequence[FoundImage], options: RunOptions
    ) -> "BatchWorker":
        """Run a new job over ``images``: item 0 is the first of them, and so on."""
        chosen = tuple(images)
        return cls(jobs, lambda: jobs.create(chosen, options), chosen)

    @classmethod
    def for_existing_job(cls, jobs: JobManager, job_id: str) -> "BatchWorker":
        """Go on with a job that was interrupted, or has waited for its turn."""
        return cls(jobs, lambda: jobs.get(job_id))

    @Slot()
    def run(self) -> None:
        """Create and run the job; blocks until it ends. Never raises."""
        try:
            snapshot = self._run()
        except Exception as error:  # noqa: BLE001 - whatever it is, the run has to end with one signal
            if not isinstance(error, KnownError):
                _log.exception("A run ended with an exception")
            self._flush()
            self.failed.emit(Failure.of(error))
        else:
            self._flush()
            self.finished.emit(snapshot)

    def cancel(self) -> None:
        """Cancel the job, now or as soon as there is one. Any thread; does not wait."""
        with self._lock:
            self._is_cancelled = True
            job_id = self._job_id
        if job_id is not None:
            self._jobs.cancel(job_id)

    def interrupt(self) -> None:
        """Stop the run so that it can be resumed another time. Any thread; does not wait.

        A job of which nothing has been started yet is cancelled instead: there is nothing to go on with.
        """
        with self._lock:
            job_id = self._job_id
        if job_id is None or not self._jobs.interrupt(job_id):
            self.cancel()

    def _run(self) -> JobSnapshot:
        job = self._obtain()
        with self._lock:
            self._job_id = job.id
            is_cancelled = self._is_cancelled
        kept = kept_positions(self._jobs, job, self._images) if self._images else None
        if kept is not None:
            self.kept.emit(kept)
        self.created.emit(job.id)
        if job.notices:
            self.noticed.emit(job.notices)
        if is_cancelled:
            self._jobs.cancel(job.id)
            return self._jobs.get(job.id)
        unsubscribe = self._jobs.subscribe(self._listen)
        try:
            return self._jobs.start(job.id)
        except JobBusyError:
            # Cancelled in the moment between the look at the flag and the start: that is an end as well.
            snapshot = self._jobs.get(job.id)
            if not snapshot.state.is_final:
                raise
            return snapshot
        finally:
            unsubscribe()

    def _listen(self, event: Event) -> None:
        """Called by the manager on the thread that is in :meth:`run`."""
        if event.job_id != self._job_id:
            return
        match event:
            case ItemStarted():
                self._gather(ItemUpdate(event.item_id, ItemState.PROCESSING))
            case ItemRequeued():
                self._gather(ItemUpdate(event.item_id, ItemState.PENDING))
            case ItemFinished():
                outcome = event.outcome
                self._gather(ItemUpdate(outcome.item_id, outcome.state, outcome))
            case JobProgressed():
                self._flush()
                self.progressed.emit(event.progress)
            case JobStateChanged():
                self._flush()
                self.state_changed.emit(event.state)
                if event.trouble is not None:
                    self.halted.emit(event.trouble)
            case _:
                pass

    def _gather(self, update: ItemUpdate) -> None:
        self._waiting.pop(update.item_id, None)  # taken out first, so that it goes to the end of the queue
        self._waiting[update.item_id] = update
        if time.monotonic() - self._flushed >= _FLUSH_INTERVAL:
            self._flush()

    def _flush(self) -> None:
        self._flushed = time.monotonic()
        if self._waiting:
            self.items_changed.emit(list(self._waiting.values()))
            self._waiting.clear()


def kept_positions(jobs: JobManager, job: JobSnapshot, images: Sequence[FoundImage]) -> list[int] | None:
    """Return the places in ``images`` of those that a new job has kept, in the order of its items.

    None if it has kept all; it leaves some out where only what failed before is to be read. Blocks.
    """
    if job.stats.total == len(images):
        return None
    places = {image.path: place for place, image in enumerate(images)}
    return [places[record.item.path] for record in all_items(jobs, job.id)]
