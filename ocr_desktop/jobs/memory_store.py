"""Jobs in memory, gone when the program ends."""

import os
import sys
import threading
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import UTC, datetime

import msgspec

from ocr_desktop.domain.errors import JobNotFoundError
from ocr_desktop.domain.items import ImageItem, ItemOutcome, ItemRecord, JobStats
from ocr_desktop.domain.naming import result_name
from ocr_desktop.domain.states import ItemState, JobState, advance_item, advance_job
from ocr_desktop.jobs.store import JobRecord


class MemoryJobStore:
    """Implements ``JobStore``; see there for what each method promises."""

    def __init__(self) -> None:
        """Begin empty."""
        self._lock = threading.Lock()
        self._jobs: dict[str, _Job] = {}

    def add(self, job: JobRecord, items: Sequence[ImageItem]) -> None:
        """Add a job whose items are all pending."""
        with self._lock:
            self._jobs[job.id] = _Job(job, list(items))

    def get(self, job_id: str) -> JobRecord:
        """Return a job."""
        with self._lock:
            return self._job(job_id).record

    def jobs(self) -> list[JobRecord]:
        """Return all jobs, newest first."""
        with self._lock:
            return [job.record for job in reversed(self._jobs.values())]

    def delete(self, job_id: str) -> None:
        """Forget a job and its items."""
        with self._lock:
            self._job(job_id)
            del self._jobs[job_id]

    def set_job_state(self, job_id: str, state: JobState) -> None:
        """Advance a job."""
        with self._lock:
            job = self._job(job_id)
            record = msgspec.structs.replace(job.record, state=advance_job(job.record.state, state))
            if state is JobState.PROCESSING and record.started_at is None:
                record = msgspec.structs.replace(record, started_at=datetime.now(UTC))
            finished_at = None if state.is_active else datetime.now(UTC)
            record = msgspec.structs.replace(record, finished_at=finished_at)
            job.record = record

    def set_item_state(self, job_id: str, item_id: int, state: ItemState) -> None:
        """Advance an item to a state that is not final."""
        with self._lock:
            self._job(job_id).advance(item_id, state)

    def settle(self, job_id: str, outcomes: Collection[ItemOutcome]) -> None:
        """Advance items to their final states, all or none."""
        with self._lock:
            job = self._job(job_id)
            for outcome in outcomes:
                advance_item(job.states[outcome.item_id], outcome.state)
            for outcome in outcomes:
                job.advance(outcome.item_id, outcome.state)
                job.keep(outcome)

    def items(
        self, job_id: str, *, states: Collection[ItemState] | None = None, after: int = -1, limit: int = 500
    ) -> list[ItemRecord]:
        """Return up to ``limit`` items with an id greater than ``after``, in order of id."""
        with self._lock:
            return self._job(job_id).page(states, after, limit)

    def stats(self, job_id: str) -> JobStats:
        """Return how many items are in which state."""
        with self._lock:
            return JobStats.from_counts(self._job(job_id).counts)

    def _job(self, job_id: str) -> "_Job":
        try:
            return self._jobs[job_id]
        except KeyError:
            raise JobNotFoundError(f"There is no job “{job_id}”.") from None


class _Job:
    """One job in memory. Counters follow every change of a state, so that reading them costs nothing."""

    def __init__(self, record: JobRecord, items: list[ImageItem]) -> None:
        self.record = record
        self.items = items
        self.states = [ItemState.PENDING] * len(items)
        self.counts = Counter({ItemState.PENDING: len(items)})
        self._outcomes: list[ItemOutcome | None] = [None] * len(items)
        self._formats = tuple(output.value for output in record.options.formats)

    def advance(self, item_id: int, state: ItemState) -> None:
        current = self.states[item_id]
        self.states[item_id] = advance_item(current, state)
        self.counts[current] -= 1
        self.counts[state] += 1

    def keep(self, outcome: ItemOutcome) -> None:
        """Keep an outcome in little memory: without paths that follow from the item."""
        usual = outcome.result_files == self._usual_files(outcome.item_id)
        self._outcomes[outcome.item_id] = msgspec.structs.replace(
            outcome,
            reason=sys.intern(outcome.reason),
            result_files=_USUAL if usual else outcome.result_files,
        )

    def page(self, states: Collection[ItemState] | None, after: int, limit: int) -> list[ItemRecord]:
        found: list[ItemRecord] = []
        for item_id in range(after + 1, len(self.items)):
            if len(found) >= limit:
                break
            state = self.states[item_id]
            if states is None or state in states:
                found.append(ItemRecord(self.items[item_id], state, self._outcome(item_id)))
        return found

    def _outcome(self, item_id: int) -> ItemOutcome | None:
        outcome = self._outcomes[item_id]
        if outcome is not None and outcome.result_files is _USUAL:
            return msgspec.structs.replace(outcome, result_files=self._usual_files(item_id))
        return outcome

    def _usual_files(self, item_id: int) -> tuple[str, ...]:
        """The result files that an item has unless something was in the way of their names."""
        item = self.items[item_id]
        stem = item.result_stems[0]
        return tuple(
            os.path.join(item.output_dir, result_name(stem, extension)) for extension in self._formats
        )


_USUAL = ("",)
"""Stands for the usual result files of an item; compared by identity."""
