"""How late the event loop of a window is: a timer that wants to beat every 2 ms, and notes when it did.

It also notes how much the window's own thread has worked between two beats. On a busy machine a beat is late
because others work; the processor time of the thread says what the window itself is to blame for.
"""

import time

import psutil
from PySide6.QtCore import QElapsedTimer, QEventLoop, QObject, Qt, QTimer

_BEAT = 2
"""Milliseconds."""
_MEMORY_INTERVAL = 100_000_000
"""Nanoseconds between two looks at the memory of the process."""


class Lateness:
    """How late beats were, in milliseconds beyond the time that they were due."""

    def __init__(self, beats: list[float], work: list[float]) -> None:
        """Take over the beats, and the milliseconds of processor time between each two."""
        self._beats = sorted(beats)
        self._work = sorted(work)

    @property
    def longest(self) -> float:
        """The longest time for which the window was deaf."""
        return self._beats[-1] if self._beats else 0.0

    @property
    def percentile_99(self) -> float:
        """Of a hundred beats, one was later than this."""
        return _percentile_99(self._beats)

    @property
    def longest_work(self) -> float:
        """The most processor time that the window's thread took between two beats."""
        return self._work[-1] if self._work else 0.0

    @property
    def work_percentile_99(self) -> float:
        """Between one pair of beats in a hundred, it took more than this."""
        return _percentile_99(self._work)


class Heartbeat(QObject):
    """Beats in the event loop, as long as it exists."""

    def __init__(self) -> None:
        """Start beating."""
        super().__init__()
        self._clock = QElapsedTimer()
        self._clock.start()
        self._beats: list[float] = []
        self._work: list[float] = []
        self._worked = time.thread_time()
        self._process = psutil.Process()
        self._since_memory = 0
        self.peak_megabytes = 0.0
        self._timer = QTimer(self, interval=_BEAT)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def take(self) -> Lateness:
        """Return the beats since the last call."""
        self._beat()
        lateness = Lateness(self._beats, self._work)
        self._beats, self._work = [], []
        return lateness

    def stop(self) -> None:
        """Stop beating."""
        self._timer.stop()

    def _beat(self) -> None:
        elapsed, worked = self._clock.nsecsElapsed(), time.thread_time()
        self._work.append(1000 * (worked - self._worked))
        self._beats.append(max(0.0, elapsed / 1e6 - _BEAT))
        self._since_memory += elapsed
        if self._since_memory >= _MEMORY_INTERVAL:
            self._since_memory = 0
            self.peak_megabytes = max(self.peak_megabytes, self._process.memory_info().rss / 1e6)
        self._worked = time.thread_time()
        self._clock.start()


def _percentile_99(ordered: list[float]) -> float:
    return ordered[int(0.99 * (len(ordered) - 1))] if ordered else 0.0


def turn(seconds: float) -> None:
    """Let the event loop run for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()
