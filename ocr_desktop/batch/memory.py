"""The memory policy: what one worker may use, when one is worn out, and when no further image is begun."""

import time
from collections.abc import Callable, Collection, Mapping
from typing import Final

from ocr_desktop.batch.machine_memory import MemorySource

MEGABYTE: Final = 1_000_000

_LEAST_CEILING: Final = 1024 * MEGABYTE
"""A worker may use so much however many there are; a large page needs it."""
_LEAST_MARGIN: Final = 512 * MEGABYTE
"""Between the ceiling and what the operating system refuses."""
_GROWTH_LIMIT: Final = 256 * MEGABYTE
"""A worker that has kept so much more than after its first image is replaced."""
_ITEMS_LIMIT: Final = 2000
"""Images after which a worker is replaced, whatever it looks like."""
_WEAR_LOOK: Final = 0.02
"""Seconds between two looks of a worker at its own memory; a tiny image takes less than that."""

_LOOK: Final = 0.2
"""Seconds between two looks at the memory of workers, and at that of the machine."""
_SECOND_LOOK: Final = 0.03
"""Seconds until a worker that seems to use too much is looked at again."""
_LOOKING_SHARE: Final = 50
"""Looking takes at most one part in so many of a processor, where there are many processes to look at."""

_LEAST_FREE: Final = 256 * MEGABYTE
_LEAST_FREE_SHARE: Final = 20
"""Memory is scarce when less than one part in so many is free."""


def worker_ceiling(megabytes: int | None, *, workers: int, total: int) -> int:
    """Return how many bytes one worker may use, with all that it started.

    Args:
        megabytes: What the user asked for, if anything.
        workers: How many workers the run has.
        total: The memory of the machine in bytes; half of it is shared out.
    """
    if megabytes is not None:
        return megabytes * MEGABYTE
    return max(_LEAST_CEILING, total // 2 // workers)


def data_limit(ceiling: int) -> int:
    """Return the bytes at which the operating system refuses a worker more.

    It is a backstop for what grows between two looks, and counts what is reserved, not what is used: hence
    some more than the ceiling. Engines that are refused memory rarely say so, and we know the reason where it
    is us who end the worker: hence not too little more.
    """
    return ceiling + max(ceiling // 4, _LEAST_MARGIN)


class WearWatch:
    """Tells when a worker has read so much, or kept so much memory, that a fresh one should take over.

    Lives in the worker, which knows when it has given back what it can.
    """

    def __init__(
        self,
        ceiling: int,
        measure: Callable[[], int],
        *,
        items_limit: int = _ITEMS_LIMIT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Watch a worker that may use ``ceiling`` bytes; ``measure`` returns what it uses now."""
        self._growth_limit = min(_GROWTH_LIMIT, ceiling // 2)
        self._items_limit = items_limit
        self._measure = measure
        self._clock = clock
        self._items = 0
        self._after_first = 0
        self._next_look = 0.0

    def note_item(self) -> bool:
        """Note that an item is over and its memory given back; return whether the worker is worn out."""
        self._items += 1
        if self._items >= self._items_limit:
            return True
        now = self._clock()
        if now < self._next_look:
            return False
        self._next_look = now + _WEAR_LOOK
        used = self._measure()
        self._after_first = self._after_first or used
        return used - self._after_first > self._growth_limit


class CeilingWatch:
    """Finds the workers that use more memory than they may. For one thread."""

    def __init__(
        self,
        ceiling: int,
        measure: Callable[[Collection[int]], Mapping[int, int]],
        clock: Callable[[], float] = time.monotonic,
        work_clock: Callable[[], float] = time.thread_time,
    ) -> None:
        """Allow ``ceiling`` bytes; ``measure`` returns what the processes of these ids use, with children."""
        self._work_clock = work_clock
        self._ceiling = ceiling
        self._measure = measure
        self._clock = clock
        self._next_look = 0.0
        self._suspects: set[int] = set()

    @property
    def rest(self) -> float:
        """Seconds until it should look again."""
        return max(0.0, self._next_look - self._clock())

    def find(self, busy: Collection[int]) -> set[int]:
        """Return those of the processes that are over the ceiling, if it is time to look.

        A process counts only when it is over at two looks in a row: for a moment after it has started a
        child, the child seems to have all the memory of its parent.
        """
        if not busy or self._clock() < self._next_look:
            return set()
        begun = self._work_clock()
        over = {pid for pid, used in self._measure(busy).items() if used > self._ceiling}
        found, self._suspects = over & self._suspects, over
        rare_enough = _LOOKING_SHARE * (self._work_clock() - begun)
        pause = _SECOND_LOOK if over - found else max(_LOOK, rare_enough)
        self._next_look = self._clock() + pause
        return found


class ScarcityWatch:
    """Tells whether the machine is short of memory. For one thread."""

    def __init__(self, source: MemorySource, clock: Callable[[], float] = time.monotonic) -> None:
        """Ask ``source``, at most five times a second."""
        self._source = source
        self._clock = clock
        self._next_look = 0.0
        self._is_scarce = False

    @property
    def is_scarce(self) -> bool:
        """Whether no further image should be begun now."""
        now = self._clock()
        if now >= self._next_look:
            memory = self._source()
            self._is_scarce = memory.available < max(_LEAST_FREE, memory.total // _LEAST_FREE_SHARE)
            self._next_look = now + _LOOK
        return self._is_scarce
