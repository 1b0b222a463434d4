"""Progress: rate and time left of a running job."""

import time
from collections import deque
from collections.abc import Callable
from typing import Final

from ocr_desktop.domain.items import JobStats
from ocr_desktop.domain.jobs import Progress

_WINDOW: Final = 30.0
"""Seconds of work that the rate is taken over."""
_SHORTEST: Final = 0.5
"""Seconds of work before a rate is given at all."""


class ProgressMeter:
    """Turns the statistics of a job into progress. The clock stands still while the job is paused.

    The rate is taken over the last 30 seconds of work and counts the images that were read, skips left out:
    they are so quick that they would make the time left a lie.
    """

    def __init__(self, worked: float = 0.0, clock: Callable[[], float] = time.monotonic) -> None:
        """Start the clock.

        Args:
            worked: Seconds of work in earlier runs of the job.
            clock: Gives the time in seconds.
        """
        self._clock = clock
        self._since: float | None = clock()
        self._elapsed = worked
        self._samples: deque[tuple[float, int]] = deque()

    def pause(self) -> None:
        """Stop the clock."""
        self._elapsed = self.elapsed
        self._since = None

    def resume(self) -> None:
        """Let the clock go on."""
        if self._since is None:
            self._since = self._clock()

    @property
    def elapsed(self) -> float:
        """Seconds of work so far."""
        return self._elapsed if self._since is None else self._elapsed + self._clock() - self._since

    def measure(self, stats: JobStats) -> Progress:
        """Return the progress at this moment."""
        elapsed = self.elapsed
        read = stats.completed + stats.failed
        self._samples.append((elapsed, read))
        while len(self._samples) > 2 and self._samples[1][0] < elapsed - _WINDOW:  # noqa: PLR2004 - both ends
            self._samples.popleft()
        began, read_then = self._samples[0]
        rate = (read - read_then) / (elapsed - began) if elapsed - began >= _SHORTEST else None
        return Progress(
            stats=stats,
            elapsed=elapsed,
            rate=rate,
            remaining=stats.remaining / rate if rate else None,
        )
