"""The feed: hands out a job's items in order, one chunk loaded at a time."""

from collections import deque
from collections.abc import Callable, Sequence

from ocr_desktop.domain.items import ImageItem

LoadChunk = Callable[[int, int], Sequence[ImageItem]]
"""``(after, limit)`` -> the next pending items with an id greater than ``after``, in order of id."""


class ItemFeed:
    """Items of one job, in order, each with the number of its next attempt. For one thread.

    The next chunk is loaded as soon as the current one has been handed out, while its last items are still
    being read, so that workers do not idle at the end of a chunk. Items that are to be tried again come after
    the chunk that is being handed out, which gives what troubled them a little time to pass.
    """

    def __init__(self, load: LoadChunk, chunk_size: int) -> None:
        """Load through ``load``, ``chunk_size`` items at a time."""
        self._load = load
        self._chunk_size = chunk_size
        self._chunk: deque[ImageItem] = deque()
        self._again: deque[tuple[ImageItem, int]] = deque()
        self._last_id = -1
        self._exhausted = False

    def next(self) -> tuple[ImageItem, int] | None:
        """Return the next item and the number of the attempt (1 for the first), or None if there is none."""
        if self._chunk:
            return self._chunk.popleft(), 1
        if self._again:
            return self._again.popleft()
        if not self._exhausted:
            self._load_chunk()
        return (self._chunk.popleft(), 1) if self._chunk else None

    def put_back(self, item: ImageItem, attempt: int) -> None:
        """Have the item handed out again, as ``attempt``."""
        self._again.append((item, attempt))

    def _load_chunk(self) -> None:
        self._chunk.extend(self._load(self._last_id, self._chunk_size))
        if self._chunk:
            self._last_id = self._chunk[-1].id
        else:
            self._exhausted = True
