"""Events: what a job tells its listeners, frozen and in order.

Within a job ``sequence`` counts 1, 2, 3, ... Listeners are called on the thread that drives the job, one
event at a time; an event never carries more than one item, so that a run stays linear in its length.
"""

import msgspec

from ocr_desktop.domain.items import ItemOutcome
from ocr_desktop.domain.jobs import Progress, Trouble
from ocr_desktop.domain.states import JobState


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Root of all events."""

    job_id: str
    sequence: int


class JobStateChanged(Event, frozen=True, kw_only=True):
    """The job entered a state. The last event of every run is one with a final or interrupted state."""

    state: JobState
    trouble: Trouble | None = None
    """Why the job paused by itself; None for every other change."""


class ItemStarted(Event, frozen=True, kw_only=True):
    """A worker was given the item (``pending -> processing``)."""

    item_id: int
    attempt: int
    """1 for the first attempt."""


class ItemRequeued(Event, frozen=True, kw_only=True):
    """An attempt failed in a way that can pass; the item waits again (``processing -> pending``)."""

    item_id: int
    attempt: int
    """The attempt that failed."""
    error: str


class ItemFinished(Event, frozen=True, kw_only=True):
    """The item reached a final state. Sent after the store holds it."""

    outcome: ItemOutcome


class JobProgressed(Event, frozen=True, kw_only=True):
    """Where the job stands; sent at most ten times a second, also while no item ends."""

    progress: Progress
