"""The job store: jobs and the states of their items. Behind this protocol jobs live in memory or on disk."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from ocr_desktop.domain.items import ImageItem, ItemOutcome, ItemRecord, JobStats
from ocr_desktop.domain.jobs import Trouble
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import ItemState, JobState


class JobRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A job without its items."""

    id: str
    state: JobState
    options: RunOptions
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    worked: float = 0.0
    """Seconds of work in all runs so far, pauses left out; kept up to date when a run ends."""
    trouble: Trouble | None = None
    """Why the job paused by itself, or had done so when it was interrupted."""
    notices: tuple[str, ...] = ()
    """What was found when the job was made and the user should know; whole sentences."""
    place: int | None = None
    """Where it stands among those that wait, if somebody has put them in order."""


class JobStore(Protocol):
    """Keeps jobs. Every method may be called from any thread, and is a transaction of its own.

    Every method that takes a job id raises ``JobNotFoundError`` for an unknown one, and every change of a
    state goes through the state machine.
    """

    def add(self, job: JobRecord, items: Sequence[ImageItem]) -> None:
        """Add a job whose items, with ids 0, 1, 2, ..., are all pending."""
        ...

    def get(self, job_id: str) -> JobRecord:
        """Return a job."""
        ...

    def jobs(self) -> list[JobRecord]:
        """Return all jobs, newest first."""
        ...

    def delete(self, job_id: str) -> None:
        """Forget a job and its items."""
        ...

    def set_job_state(
        self, job_id: str, state: JobState, *, worked: float | None = None, trouble: Trouble | None = None
    ) -> None:
        """Advance a job; also notes when it began and ended and, if given, the seconds of work so far.

        The trouble is kept with a pause and while the job is interrupted after it.
        """
        ...

    def put_in_order(self, job_ids: Sequence[str]) -> None:
        """Keep the order in which these jobs are to be run; those that are not there are passed over."""
        ...

    def request_cancel(self, job_id: str) -> None:
        """Leave word for the process that runs the job; every run begins with no such word."""
        ...

    def cancel_requested(self, job_id: str) -> bool:
        """Whether such word was left since the run began."""
        ...

    def set_item_state(self, job_id: str, item_id: int, state: ItemState) -> None:
        """Advance an item to a state that is not final."""
        ...

    def settle(self, job_id: str, outcomes: Collection[ItemOutcome], *, begin: bool = False) -> None:
        """Advance items to their final states, all or none.

        Args:
            job_id: The job that they belong to.
            outcomes: How they ended.
            begin: Whether they are pending, and begin with the same step.
        """
        ...

    def items(
        self, job_id: str, *, states: Collection[ItemState] | None = None, after: int = -1, limit: int = 500
    ) -> list[ItemRecord]:
        """Return up to ``limit`` items with an id greater than ``after``, in order of id."""
        ...

    def failed_paths(self) -> set[str]:
        """Return the paths of the images that failed in any job."""
        ...

    def stats(self, job_id: str) -> JobStats:
        """Return how many items are in which state."""
        ...
