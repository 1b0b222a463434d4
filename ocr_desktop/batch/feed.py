"""The feed: hands out a job's items in order, one chunk loaded at a time."""

import heapq
from collections import deque
from collections.abc import Callable, Sequence
from enum import Enum, auto
from typing import Final, NamedTuple

from ocr_desktop.domain.items import ImageItem

LoadChunk = Callable[[int, int], Sequence[ImageItem]]
"""``(after, limit)`` -> the next pending items with an id greater than ``after``, in order of id."""

Sift = Callable[[Sequence[ImageItem]], Sequence[ImageItem]]
"""Settles what it can of some items, and returns the rest, in order."""

_SLICE: Final = 50
"""Items that are sifted at a time: orders to the job wait meanwhile, which takes long on a network drive."""


class Supply(Enum):
    """Whether there is an item to hand out."""

    AT_HAND = auto()
    MORE = auto()
    """Not of those that were looked at last, but there may be more."""
    NONE = auto()
    """Not now; perhaps later one that was put back."""


class _Again(NamedTuple):
    """An item that waits to be tried again; ordered by time."""

    not_before: float
    item_id: int
    attempt: int
    item: ImageItem


class ItemFeed:
    """Items of one job, in order, each with the number of its next attempt. For one thread.

    The next chunk is loaded as soon as the current one has been handed out, while its last items are still
    being read, so that workers do not idle at the end of a chunk. Items that are to be tried again come after
    the chunk that is being handed out, and not before a time of their own: what troubled them needs time to
    pass.
    """

    def __init__(self, load: LoadChunk, chunk_size: int, sift: Sift = lambda items: items) -> None:
        """Load through ``load``, ``chunk_size`` items at a time; hand out what ``sift`` leaves of them."""
        self._load = load
        self._chunk_size = chunk_size
        self._sift = sift
        self._loaded: deque[ImageItem] = deque()
        """Of the chunk, what has not been sifted."""
        self._at_hand: deque[ImageItem] = deque()
        self._again: list[_Again] = []
        self._last_id = -1
        self._exhausted = False

    def fill(self, now: float) -> Supply:
        """See that an item is at hand; sifts one slice of a chunk at most, and tells what came of it."""
        if self._at_hand or self._has_again(now):
            return Supply.AT_HAND
        if not self._loaded and not self._load_chunk():
            return Supply.NONE
        count = min(_SLICE, len(self._loaded))
        self._at_hand.extend(self._sift([self._loaded.popleft() for _ in range(count)]))
        return Supply.AT_HAND if self._at_hand else Supply.MORE

    def next(self, now: float) -> tuple[ImageItem, int] | None:
        """Return the next item and the number of the attempt (1 for the first), or None if there is none.

        Args:
            now: The time; an item that was put back does not come before its own.
        """
        while (supply := self.fill(now)) is Supply.MORE:
            pass
        if supply is Supply.NONE:
            return None
        if self._at_hand:
            return self._at_hand.popleft(), 1
        again = heapq.heappop(self._again)
        return again.item, again.attempt

    def put_back(self, item: ImageItem, attempt: int, not_before: float) -> None:
        """Have the item handed out again, as ``attempt``, once ``not_before`` has come."""
        heapq.heappush(self._again, _Again(not_before, item.id, attempt, item))

    def _load_chunk(self) -> bool:
        if self._exhausted:
            return False
        self._loaded.extend(self._load(self._last_id, self._chunk_size))
        if not self._loaded:
            self._exhausted = True
            return False
        self._last_id = self._loaded[-1].id
        return True

    def _has_again(self, now: float) -> bool:
        return bool(self._again) and self._again[0].not_before <= now
