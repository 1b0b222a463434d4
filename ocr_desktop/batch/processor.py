"""The batch processor: drives the items of one job through an executor, from one thread.

It owns no state that could disagree with the store: what an item's state is, the store says; whether an item
may be started, the job control says. Between the two it only decides what happens next.
"""

import logging
import time
from collections.abc import Callable, Collection, Sequence
from typing import Final, Protocol

from ocr_desktop.batch.control import JobControl, Order
from ocr_desktop.batch.failure_watch import FailureWatch
from ocr_desktop.batch.feed import ItemFeed, Supply
from ocr_desktop.batch.quick_pass import QuickPass
from ocr_desktop.batch.standby_executor import StandbyExecutor
from ocr_desktop.batch.tasks import Completion, ItemTask
from ocr_desktop.domain.errors import Blame, WorkersBrokenError
from ocr_desktop.domain.items import ImageItem, ItemOutcome, JobStats
from ocr_desktop.domain.jobs import Trouble
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import ItemState, JobState

_log = logging.getLogger(__name__)

_TICK: Final = 0.1
"""Seconds between two reports of progress, and the longest the loop waits for anything."""
_CANCEL_GRACE: Final = 0.8
"""Seconds that items in flight get to finish after a cancel, before their workers are killed."""
_CANCEL_PAGE: Final = 1000
"""Items that are cancelled in one commit."""
_RETRY_WAIT: Final = 0.2
"""Seconds before the second attempt; twice as long before the third, and so on."""
_CANCELLED_WAITING: Final = "Cancelled before it was started."
_CANCELLED_IN_FLIGHT: Final = "Cancelled while it was being read."


class JobLedger(Protocol):
    """Where the processor reads and writes the states of a job's items. It also tells the listeners."""

    def pending(self, after: int, limit: int) -> Sequence[ImageItem]:
        """Return the next pending items with an id greater than ``after``."""
        ...

    def begin(self, item_id: int, attempt: int) -> None:
        """``pending -> processing``."""
        ...

    def requeue(self, item_id: int, attempt: int, error: str) -> None:
        """``processing -> pending``, after an attempt that failed or was interrupted."""
        ...

    def settle(self, outcomes: Collection[ItemOutcome]) -> None:
        """Commit final states, then announce them."""
        ...

    def pass_over(self, outcomes: Collection[ItemOutcome]) -> None:
        """Commit pending items that need no work in final states, then announce them."""
        ...

    def stats(self) -> JobStats:
        """Return the statistics of the job."""
        ...

    def report(self) -> None:
        """Announce pauses that happened since the last call, and the progress."""
        ...

    def cancel_requested(self) -> bool:
        """Whether another process asked for the job to be cancelled."""
        ...


class BatchProcessor:
    """Runs one job once. Make a new one for each run."""

    def __init__(
        self,
        *,
        job_id: str,
        options: RunOptions,
        ledger: JobLedger,
        executor: StandbyExecutor,
        control: JobControl,
        quick_pass: QuickPass,
        earlier_trouble: Trouble | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Bring the collaborators together; nothing starts yet."""
        self._job_id = job_id
        self._options = options
        self._ledger = ledger
        self._executor = executor
        self._control = control
        self._clock = clock
        self._quick_pass = quick_pass
        self._feed = ItemFeed(ledger.pending, options.chunk_size, self._pass_over_known)
        self._watch = FailureWatch(earlier_trouble)
        self._next_report = 0.0

    def run(self) -> JobState:
        """Work until every item has ended or the job is told to stop; return the state that the job ends in.

        Blocks. Afterwards no worker is left, and the control refuses further orders.

        Raises:
            WorkersBrokenError: If no worker can be started.
        """
        with self._executor:
            self._control.attach(self._executor.wake)
            try:
                self._work()
                self._end_in_flight()
            finally:
                self._control.attach(lambda: None)  # the executor is about to go
                self._quick_pass.end()
        with self._control.ending() as order:
            return self._end(order)

    def _work(self) -> None:
        try:
            while not self._control.stops and self._has_work():
                self._settle(self._executor.collect(_TICK))
                self._report_in_time()
        except WorkersBrokenError:
            # The orders to stop may be why they broke: a terminal sends Ctrl-C to the workers, too.
            if not self._control.stops:
                raise

    def _has_work(self) -> bool:
        """Start what can be started, and tell whether anything is left to wait for."""
        self._start_items()
        if self._executor.running == 0 and self._ledger.stats().pending == 0:
            self._ask_at_the_end()
        return self._executor.running > 0 or self._ledger.stats().pending > 0

    def _ask_at_the_end(self) -> None:
        """Pause once more where the last failures are hardly the images' fault."""
        trouble = self._watch.last_trouble()
        if trouble is not None:
            self._read_again(self._watch.take_row(), trouble)

    def _start_items(self) -> None:
        """Start items as long as a worker is idle; the workers are called in for the first that needs one."""
        while self._executor.idle > 0 or not self._executor.is_called_in:
            with self._control.gate() as is_open:
                supply = self._feed.fill(self._clock()) if is_open else Supply.NONE
                if supply is Supply.AT_HAND and self._executor.idle > 0:
                    self._start_next()
            if supply is Supply.NONE:
                return
            if supply is Supply.AT_HAND:
                self._executor.call_in()
            else:  # a whole slice of a chunk was passed over
                self._report_in_time()

    def _pass_over_known(self, items: Sequence[ImageItem]) -> Sequence[ImageItem]:
        """Settle those of some items that are known to be read already, and return the rest."""
        outcomes = self._quick_pass.sift(items)
        if not outcomes:
            return items
        self._ledger.pass_over(outcomes)
        passed = {outcome.item_id for outcome in outcomes}
        return [item for item in items if item.id not in passed]

    def _start_next(self) -> None:
        upcoming = self._feed.next(self._clock())
        if upcoming is not None:
            self._start(*upcoming)

    def _start(self, item: ImageItem, attempt: int) -> None:
        self._ledger.begin(item.id, attempt)
        token = attempt_token(self._job_id, item.id, attempt)
        self._executor.submit(ItemTask(item=item, attempt=attempt, token=token))

    def _settle(self, completions: Sequence[Completion]) -> None:
        final: list[Completion] = []
        for completion in completions:
            self._log_failure(completion)
            final += self._judge(completion)
        self._commit(final)
        self._quick_pass.learn(completions)

    def _judge(self, completion: Completion) -> list[Completion]:
        """Have the item read again where that can help; return what is over for good."""
        task, attempt = completion.task, completion.attempt
        if attempt.outcome.state is not ItemState.FAILED:
            has_read = attempt.outcome.state is ItemState.COMPLETED
            return [*(self._watch.passed() if has_read else ()), completion]
        if attempt.blame is Blame.WORLD:
            self._read_again([completion], attempt.trouble)
            return []
        if attempt.can_pass and task.attempt <= self._options.retries:
            self._ledger.requeue(task.item.id, task.attempt, attempt.outcome.error)
            self._feed.put_back(task.item, task.attempt + 1, self._clock() + _RETRY_WAIT * task.attempt)
            return []
        final = self._watch.failed(completion)
        trouble = self._watch.trouble()
        if trouble is not None:
            self._read_again(self._watch.take_row(), trouble)
        return final

    def _read_again(self, completions: Sequence[Completion], trouble: Trouble | None) -> None:
        """Pause because of ``trouble``; the items wait for the resume, as if they had not been begun."""
        if trouble is not None and self._control.halt(trouble):
            _log.warning("Job %s pauses by itself: %s", self._job_id, trouble.kind)
        for completion in completions:
            task = completion.task
            self._ledger.requeue(task.item.id, task.attempt, completion.attempt.outcome.error)
            self._feed.put_back(task.item, 1, self._clock())

    def _commit(self, completions: Sequence[Completion]) -> None:
        if completions:
            self._ledger.settle([completion.attempt.outcome for completion in completions])

    def _log_failure(self, completion: Completion) -> None:
        task, attempt = completion.task, completion.attempt
        if attempt.details:
            _log.error("Item %d of job %s failed:\n%s", task.item.id, self._job_id, attempt.details)
        elif attempt.outcome.state is ItemState.FAILED:
            kind, number = attempt.outcome.error_kind, task.attempt
            _log.info("Item %d of job %s failed at attempt %d: %s", task.item.id, self._job_id, number, kind)

    def _report_in_time(self) -> None:
        if self._clock() >= self._next_report:
            self._ledger.report()
            if self._ledger.cancel_requested():
                self._control.cancel()
            self._next_report = self._clock() + _TICK

    def _end_in_flight(self) -> None:
        """Let items in flight finish for a moment, and kill the workers of those that do not."""
        deadline = self._clock() + _CANCEL_GRACE
        while self._executor.running > 0 and self._clock() < deadline:
            self._settle(self._executor.collect(min(_TICK, max(0.0, deadline - self._clock()))))
        self._end_held_back()
        for task in self._executor.abandon():
            if self._control.order is Order.CANCEL:
                self._ledger.settle([cancelled_outcome(task.item, _CANCELLED_IN_FLIGHT, task.attempt)])
            else:
                self._ledger.requeue(task.item.id, task.attempt, "Stopped while it was being read.")

    def _end_held_back(self) -> None:
        """Settle the failures that nothing has followed; after an interrupt they wait."""
        held = self._watch.release()
        if self._control.order is Order.INTERRUPT:
            self._read_again(held, None)
        else:
            self._commit(held)

    def _end(self, order: Order) -> JobState:
        if order is Order.CANCEL:
            cancel_pending(self._ledger)
            return JobState.CANCELLED
        stats = self._ledger.stats()
        if stats.remaining > 0:
            return JobState.INTERRUPTED
        return JobState.COMPLETED_WITH_ERRORS if stats.failed else JobState.COMPLETED


def attempt_token(job_id: str, item_id: int, attempt: int) -> str:
    """Return what is part of the names of an attempt's temporary files, so that they can be found later."""
    return f"{job_id}-{item_id}-{attempt}"


def cancel_pending(ledger: JobLedger) -> None:
    """Cancel all items that have not been started."""
    after = -1
    while items := ledger.pending(after, _CANCEL_PAGE):
        ledger.settle([cancelled_outcome(item) for item in items])
        after = items[-1].id


def cancelled_outcome(item: ImageItem, reason: str = _CANCELLED_WAITING, attempts: int = 0) -> ItemOutcome:
    """Return how an item ended that was cancelled; by default before it was started."""
    return ItemOutcome(item_id=item.id, state=ItemState.CANCELLED, reason=reason, attempts=attempts)
