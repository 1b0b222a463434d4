"""How late the event loop of a window is: a timer that wants to beat every 2 ms, and notes when it did."""

import psutil
from PySide6.QtCore import QElapsedTimer, QEventLoop, QObject, Qt, QTimer

_BEAT = 2
"""Milliseconds."""
_MEMORY_INTERVAL = 100_000_000
"""Nanoseconds between two looks at the memory of the process."""


class Lateness:
    """How late beats were, in milliseconds beyond the time that they were due."""

    def __init__(self, beats: list[float]) -> None:
        """Take over the beats."""
        self._beats = sorted(beats)

    @property
    def longest(self) -> float:
        """The longest time for which the window was deaf."""
        return self._beats[-1] if self._beats else 0.0

    @property
    def percentile_99(self) -> float:
        """Of a hundred beats, one was later than this."""
        return self._beats[int(0.99 * (len(self._beats) - 1))] if self._beats else 0.0


class Heartbeat(QObject):
    """Beats in the event loop, as long as it exists."""

    def __init__(self) -> None:
        """Start beating."""
        super().__init__()
        self._clock = QElapsedTimer()
        self._clock.start()
        self._beats: list[float] = []
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
        beats, self._beats = self._beats, []
        return Lateness(beats)

    def stop(self) -> None:
        """Stop beating."""
        self._timer.stop()

    def _beat(self) -> None:
        elapsed = self._clock.nsecsElapsed()
        self._beats.append(max(0.0, elapsed / 1e6 - _BEAT))
        self._since_memory += elapsed
        if self._since_memory >= _MEMORY_INTERVAL:
            self._since_memory = 0
            self.peak_megabytes = max(self.peak_megabytes, self._process.memory_info().rss / 1e6)
        self._clock.start()


def turn(seconds: float) -> None:
    """Let the event loop run for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()
