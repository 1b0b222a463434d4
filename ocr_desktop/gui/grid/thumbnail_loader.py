"""Loads thumbnails in the background: what is on the screen first, and nothing that has scrolled away.

There is no task for each file of a folder. The view says again and again what it wants now; each such wish
replaces the one before it, so that what was asked for and is no longer visible is dropped from the queue.
"""

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from ocr_desktop.gui.grid.pixmap_cache import PixmapCache
from ocr_desktop.services.thumbnails import Bitmap, Unshowable

_log = logging.getLogger(__name__)

MAX_WAITING = 512
"""Longest queue; a screen at the smallest thumbnail size shows fewer."""
_HURRY = 0.15
"""Seconds: where wishes that have nothing in common follow each other as quickly, somebody flings through."""
_REST = 80
"""Milliseconds for which the view has to come to rest then, before anything is loaded."""
_SLICE = 0.006
"""Seconds of the GUI thread that turning bytes into pixmaps may take in one go."""

Render = Callable[[str, int], Bitmap | Unshowable]
"""Makes the thumbnail of a path for an edge in pixels; called on background threads. Does not raise."""


class _Arrival(msgspec.Struct, frozen=True):
    path: str
    edge: int
    answer: Bitmap | Unshowable


class ThumbnailLoader(QObject):
    """Fills a :class:`PixmapCache` from background threads. Its methods belong to the GUI thread.

    Signals:
        loaded: A list of paths whose thumbnail is now in the cache, made or refused.
    """

    loaded = Signal(object)
    _arrived = Signal()

    def __init__(
        self, render: Render, cache: PixmapCache, *, threads: int | None = None, parent: QObject | None = None
    ) -> None:
        """Start the threads; they wait until something is wanted.

        Args:
            render: Makes one thumbnail.
            cache: Where pixmaps go.
            threads: How many to load with; by default half the processor cores, two to four.
            parent: Qt's parent.
        """
        super().__init__(parent)
        self._render = render
        self._cache = cache
        self._condition = threading.Condition()
        self._waiting: deque[tuple[str, int]] = deque()
        self._in_work: set[tuple[str, int]] = set()
        self._arrivals: deque[_Arrival] = deque()
        self._is_stopping = False
        self._latest: frozenset[str] = frozenset()
        self._wanted_at = 0.0
        self._held: list[tuple[str, int]] = []
        self._rest = QTimer(self, interval=_REST, singleShot=True)
        self._rest.timeout.connect(self._release)
        self._arrived.connect(self._take)
        count = threads or max(2, min(4, (os.cpu_count() or 2) // 2))
        self._allowed = count
        self._threads = [
            threading.Thread(target=self._work, args=(number,), name=f"thumbnails-{number}", daemon=True)
            for number in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def want(self, paths: Sequence[str], edge: int) -> None:
        """Load these thumbnails, the first one first, instead of whatever else was waiting.

        While somebody flings through the images nothing is loaded: it would be gone before it was there, and
        the threads would only keep the window from painting.

        Args:
            paths: Images to show, most urgent first; beyond ``MAX_WAITING`` they are left out.
            edge: Longest edge in device pixels.
        """
        missing = [(path, edge) for path in paths if not self._cache.has(path, edge)]
        now, wanted = time.monotonic(), frozenset(paths)
        is_flung = now - self._wanted_at < _HURRY and self._latest.isdisjoint(wanted) and self._latest
        self._wanted_at, self._latest = now, wanted
        self._held = missing[:MAX_WAITING]
        if is_flung or self._rest.isActive():
            with self._condition:
                self._waiting.clear()
            self._rest.start()
        else:
            self._release()

    @Slot()
    def _release(self) -> None:
        """Let the threads have what is wanted."""
        with self._condition:
            arrived = {(arrival.path, arrival.edge) for arrival in self._arrivals}
            self._waiting.clear()
            self._waiting.extend(
                wish for wish in self._held if wish not in self._in_work and wish not in arrived
            )
            self._condition.notify_all()
        self._held = []

    def set_gentle(self, *, gentle: bool) -> None:
        """Load with one thread only, or with all again.

        While a batch runs, the window, the thread that drives the batch and these share one global lock.
        """
        with self._condition:
            self._allowed = 1 if gentle else len(self._threads)
            self._condition.notify_all()

    @property
    def waiting(self) -> int:
        """How many thumbnails are wanted and not begun."""
        with self._condition:
            return len(self._waiting)

    def stop(self) -> None:
        """Drop what waits, and return once no thread is left. A thumbnail that is being made is finished."""
        self._rest.stop()
        self._held = []
        with self._condition:
            self._is_stopping = True
            self._waiting.clear()
            self._condition.notify_all()
        for thread in self._threads:
            thread.join()
        self._threads = []

    def _work(self, number: int) -> None:
        """Run on background thread ``number`` until the loader is stopped."""
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._is_stopping or self._may_begin(number))
                if self._is_stopping:
                    return
                wish = self._waiting.popleft()
                self._in_work.add(wish)
            path, edge = wish
            try:
                answer = self._render(path, edge)
            except Exception:  # noqa: BLE001 - one image must not cost the thread
                _log.exception("No thumbnail of %r", path)
                answer = Unshowable("No preview could be made of this image.")
            with self._condition:
                self._in_work.discard(wish)
                is_first = not self._arrivals
                self._arrivals.append(_Arrival(path, edge, answer))
                if is_first:  # one wake-up for all that arrive until the GUI thread gets to it
                    self._arrived.emit()

    def _may_begin(self, number: int) -> bool:
        """Whether thread ``number`` has something to do. Called under the lock."""
        return bool(self._waiting) and number < self._allowed

    @Slot()
    def _take(self) -> None:
        """Turn what has arrived into pixmaps, for a few milliseconds at a time."""
        paths: list[str] = []
        deadline = time.perf_counter() + _SLICE
        while time.perf_counter() < deadline:
            with self._condition:
                if not self._arrivals:
                    break
                arrival = self._arrivals.popleft()
            self._cache.put(arrival.path, arrival.edge, arrival.answer)
            paths.append(arrival.path)
        with self._condition:
            is_more = bool(self._arrivals) and not self._is_stopping
        if is_more:
            QTimer.singleShot(0, self, self._take)
        if paths:
            self.loaded.emit(paths)
