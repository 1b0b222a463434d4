"""The ledger of one run: writes what happens to the store first, and then tells the listeners."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Collection, Sequence

from ocr_desktop.domain.events import (
    Event,
    ItemFinished,
    ItemRequeued,
    ItemStarted,
    JobProgressed,
    JobStateChanged,
)
from ocr_desktop.domain.items import ImageItem, ItemOutcome, JobStats
from ocr_desktop.domain.jobs import Progress, Trouble
from ocr_desktop.domain.states import ItemState, JobState
from ocr_desktop.jobs.progress import ProgressMeter
from ocr_desktop.jobs.store import JobStore

_log = logging.getLogger(__name__)

Listener = Callable[[Event], None]


class RunLedger:
    """Implements the processor's ``JobLedger`` over the store and the listeners.

    Called from the thread that drives the job, except :meth:`note_state` and :attr:`progress`.
    """

    def __init__(self, job_id: str, store: JobStore, listeners: Callable[[], Sequence[Listener]]) -> None:
        """Keep the books of ``job_id``; ``listeners`` is asked anew for each event."""
        self._job_id = job_id
        self._store = store
        self._listeners = listeners
        self._sequence = 0
        self._lock = threading.Lock()
        self._unannounced: deque[tuple[JobState, Trouble | None]] = deque()
        self._meter = ProgressMeter(store.get(job_id).worked)
        self._progress = self._meter.measure(store.stats(job_id))

    @property
    def progress(self) -> Progress:
        """The progress as it was last reported. May be read from any thread."""
        return self._progress

    def note_state(self, state: JobState, trouble: Trouble | None) -> None:
        """Commit a pause or resume at once; it is announced by the thread that drives the job.

        Called from any thread, under the lock of the job control.
        """
        self._store.set_job_state(self._job_id, state, trouble=trouble)
        with self._lock:
            self._unannounced.append((state, trouble))
            if state is JobState.PAUSED:
                self._meter.pause()
            else:
                self._meter.resume()

    def enter(self, state: JobState) -> None:
        """Commit a state of the job and announce it, with the progress before it where the job has ended."""
        self._announce_states()
        if not state.is_active:
            self.report()
        worked = None if state.is_active else self._progress.elapsed
        self._store.set_job_state(self._job_id, state, worked=worked)
        self._tell(JobStateChanged(job_id=self._job_id, sequence=self._next(), state=state))

    def pending(self, after: int, limit: int) -> Sequence[ImageItem]:
        """Return the next pending items with an id greater than ``after``."""
        records = self._store.items(self._job_id, states={ItemState.PENDING}, after=after, limit=limit)
        return [record.item for record in records]

    def begin(self, item_id: int, attempt: int) -> None:
        """``pending -> processing``."""
        self._announce_states()
        self._store.set_item_state(self._job_id, item_id, ItemState.PROCESSING)
        event = ItemStarted(job_id=self._job_id, sequence=self._next(), item_id=item_id, attempt=attempt)
        self._tell(event)

    def requeue(self, item_id: int, attempt: int, error: str) -> None:
        """``processing -> pending``."""
        self._store.set_item_state(self._job_id, item_id, ItemState.PENDING)
        self._tell(
            ItemRequeued(
                job_id=self._job_id, sequence=self._next(), item_id=item_id, attempt=attempt, error=error
            )
        )

    def settle(self, outcomes: Collection[ItemOutcome]) -> None:
        """Commit final states, then announce them."""
        self._store.settle(self._job_id, outcomes)
        for outcome in outcomes:
            self._tell(ItemFinished(job_id=self._job_id, sequence=self._next(), outcome=outcome))

    def pass_over(self, outcomes: Collection[ItemOutcome]) -> None:
        """Commit items that need no work, through ``processing`` in one step, then announce them."""
        self._announce_states()
        self._store.settle(self._job_id, outcomes, begin=True)
        for outcome in outcomes:
            item_id = outcome.item_id
            self._tell(ItemStarted(job_id=self._job_id, sequence=self._next(), item_id=item_id, attempt=1))
            self._tell(ItemFinished(job_id=self._job_id, sequence=self._next(), outcome=outcome))

    def stats(self) -> JobStats:
        """Return the statistics of the job."""
        return self._store.stats(self._job_id)

    def report(self) -> None:
        """Announce pauses that happened since the last call, and the progress."""
        self._announce_states()
        with self._lock:
            self._progress = self._meter.measure(self.stats())
        self._tell(JobProgressed(job_id=self._job_id, sequence=self._next(), progress=self._progress))

    def cancel_requested(self) -> bool:
        """Whether another process asked for the job to be cancelled."""
        return self._store.cancel_requested(self._job_id)

    def _announce_states(self) -> None:
        while True:
            with self._lock:
                if not self._unannounced:
                    return
                state, trouble = self._unannounced.popleft()
            self._tell(
                JobStateChanged(job_id=self._job_id, sequence=self._next(), state=state, trouble=trouble)
            )

    def _next(self) -> int:
        self._sequence += 1
        return self._sequence

    def _tell(self, event: Event) -> None:
        for listener in self._listeners():
            try:
                listener(event)
            except Exception:  # noqa: BLE001 - a listener's mistake must not cost the batch; it is logged
                _log.exception("A listener failed at %s", type(event).__name__)
