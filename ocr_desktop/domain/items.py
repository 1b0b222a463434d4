"""Items: the images of a job, what becomes of them, and the statistics over them."""

import os
from collections.abc import Mapping
from typing import Final

import msgspec

from ocr_desktop.domain.errors import BugError
from ocr_desktop.domain.states import ItemState

ROTATIONS: Final = (0, 90, 180, 270)
"""Degrees clockwise by which a user may have an image turned before it is read."""


class FoundImage(msgspec.Struct, frozen=True, gc=False):
    """An image file that somebody chose, with the folder that it was chosen through."""

    path: str
    """Absolute path, as the operating system spells it (may hold surrogate escapes)."""
    root: str
    """Absolute path of the chosen folder; for a file named by itself, the folder that it is in."""
    rotation: int = 0
    """One of ``ROTATIONS``: how far the user has the upright image turned before it is read; 0 is no hint."""


class ImageItem(msgspec.Struct, frozen=True, gc=False):
    """One image of one job. The id never changes; models and results are keyed by it, not by a row."""

    id: int
    """0, 1, 2, ... in the order in which the job works."""
    path: str
    """Absolute path of the image."""
    output_dir: str
    """Absolute path of the folder that its results go to."""
    result_stems: tuple[str, ...]
    """Names that its result files may begin with, best first; never empty (see ``domain/naming.py``)."""
    rotation: int = 0
    """One of ``ROTATIONS``: how far the upright image is turned before it is read; 0 if nobody said so."""

    @property
    def name(self) -> str:
        """The file name of the image."""
        return os.path.basename(self.path)


class ItemOutcome(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How an item ended. Small: a job of 100,000 items keeps one for each."""

    item_id: int
    state: ItemState
    reason: str = ""
    """Why it was skipped or cancelled, or what to know about a completed item; else empty."""
    error: str = ""
    """What went wrong and what to do, for a failed item; empty otherwise."""
    error_kind: str = ""
    """The sort of failure, for programs: ``ItemError.kind``."""
    stale: bool = False
    """Whether the result that led to a skip was made with other settings or by another engine."""
    confidence: float | None = None
    """Mean confidence of the words, 0..1; None where there is no result."""
    seconds: float = 0.0
    """Time spent on the item in its last attempt."""
    attempts: int = 0
    """How often the item was begun."""
    result_files: tuple[str, ...] = ()
    """Absolute paths of the files written, or found by the skip detector."""
    result_hashes: tuple[str, ...] = ()
    """SHA-256 of each of these files without its correction, if it has one; empty where not known."""
    source_hash: str = ""
    """SHA-256 of the image file as it was read or recognized as read, in hexadecimal; empty if unknown."""


class ItemRecord(msgspec.Struct, frozen=True):
    """What the job store knows about an item."""

    item: ImageItem
    state: ItemState
    outcome: ItemOutcome | None = None
    """Set once the item is in a final state."""


class JobStats(msgspec.Struct, frozen=True, kw_only=True):
    """Items by state. The counters always add up to ``total``."""

    total: int
    pending: int = 0
    processing: int = 0
    completed: int = 0
    failed: int = 0
    skipped: int = 0
    cancelled: int = 0

    @classmethod
    def from_counts(cls, counts: Mapping[ItemState, int]) -> "JobStats":
        """Derive the statistics from how many items are in each state."""
        return cls(
            total=sum(counts.values()),
            **{state.value: counts.get(state, 0) for state in ItemState},
        )

    def __post_init__(self) -> None:
        """Refuse counters that do not add up.

        Raises:
            BugError: If they do not.
        """
        by_state = sum(self.of(state) for state in ItemState)
        if by_state != self.total:
            raise BugError(f"{by_state} items by state, but {self.total} in total.")

    def of(self, state: ItemState) -> int:
        """Return how many items are in ``state``."""
        count: int = getattr(self, state.value)
        return count

    @property
    def done(self) -> int:
        """Items in a final state."""
        return self.completed + self.failed + self.skipped + self.cancelled

    @property
    def remaining(self) -> int:
        """Items that still need work."""
        return self.pending + self.processing
