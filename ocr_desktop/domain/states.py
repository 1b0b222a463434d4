"""The state machine of items and jobs: the only judge of a transition."""

from enum import StrEnum

from ocr_desktop.domain.errors import BugError


class ItemState(StrEnum):
    """Where one image stands within its job."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether nothing more happens to the item in this job."""
        return not _ITEM_TRANSITIONS[self]


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    PROCESSING = "processing"
    PAUSED = "paused"
    COMPLETED = "completed"
    COMPLETED_WITH_ERRORS = "completed_with_errors"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"

    @property
    def is_final(self) -> bool:
        """Whether the job has ended for good (an interrupted job can still be resumed)."""
        return not _JOB_TRANSITIONS[self]

    @property
    def is_active(self) -> bool:
        """Whether a process is working on the job or holds it paused."""
        return self in {JobState.PROCESSING, JobState.PAUSED}


class IllegalTransitionError(BugError):
    """A state change that the state machine does not allow."""


def advance_item(current: ItemState, target: ItemState) -> ItemState:
    """Return ``target`` if an item may go there from ``current``.

    Raises:
        IllegalTransitionError: If it may not.
    """
    if target not in _ITEM_TRANSITIONS[current]:
        raise IllegalTransitionError(f"An item cannot go from {current} to {target}.")
    return target


def advance_job(current: JobState, target: JobState) -> JobState:
    """Return ``target`` if a job may go there from ``current``.

    Raises:
        IllegalTransitionError: If it may not.
    """
    if target not in _JOB_TRANSITIONS[current]:
        raise IllegalTransitionError(f"A job cannot go from {current} to {target}.")
    return target


_ITEM_TRANSITIONS: dict[ItemState, frozenset[ItemState]] = {
    ItemState.PENDING: frozenset({ItemState.PROCESSING, ItemState.CANCELLED}),
    # Back to pending: a retry, or a resume after the process died.
    ItemState.PROCESSING: frozenset(
        {
            ItemState.PENDING,
            ItemState.COMPLETED,
            ItemState.FAILED,
            ItemState.SKIPPED,
            ItemState.CANCELLED,
        }
    ),
    ItemState.COMPLETED: frozenset(),
    ItemState.FAILED: frozenset(),
    ItemState.SKIPPED: frozenset(),
    ItemState.CANCELLED: frozenset(),
}

_JOB_ENDS = frozenset({JobState.COMPLETED, JobState.COMPLETED_WITH_ERRORS, JobState.CANCELLED})

_JOB_TRANSITIONS: dict[JobState, frozenset[JobState]] = {
    JobState.QUEUED: frozenset({JobState.PROCESSING, JobState.CANCELLED}),
    JobState.PROCESSING: _JOB_ENDS | {JobState.PAUSED, JobState.INTERRUPTED},
    # A paused job ends by itself when the items that were in flight were its last ones.
    JobState.PAUSED: _JOB_ENDS | {JobState.PROCESSING, JobState.INTERRUPTED},
    JobState.INTERRUPTED: frozenset({JobState.PROCESSING, JobState.CANCELLED}),
    JobState.COMPLETED: frozenset(),
    JobState.COMPLETED_WITH_ERRORS: frozenset(),
    JobState.CANCELLED: frozenset(),
}
