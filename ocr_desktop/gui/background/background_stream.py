"""Runs an iterator on a thread of its own and hands what it yields to the GUI thread in batches."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

_log = logging.getLogger(__name__)

_BATCH = 250
_INTERVAL = 0.1
"""Seconds after which a batch is handed over even if it is small."""


class BackgroundStream(QObject):
    """One run through one iterable. Start, cancel and listen in the GUI thread.

    Signals:
        batch: A list of what was yielded; the first one comes as soon as there is anything.
        ended: None, or the exception that ended it. Comes once, after the last batch; not after ``cancel``.
    """

    batch = Signal(object)
    ended = Signal(object)
    _produced = Signal(object)
    _exhausted = Signal(object)

    def __init__(
        self, name: str, produce: Callable[[], Iterable[object]], parent: QObject | None = None
    ) -> None:
        """Prepare the thread.

        Args:
            name: Of the thread, for logs and debuggers.
            produce: Called on the thread; returns what to go through.
            parent: Qt's parent.
        """
        super().__init__(parent)
        self._cancelled = threading.Event()
        self._waiting: deque[Callable[[], None]] = deque()
        self._turn = QTimer(self, interval=0, singleShot=True)
        self._turn.timeout.connect(self._hand_over)
        # The thread forgets its arguments when it ends. An attribute would close a circle of references,
        # and the end of the stream could then take the object that started it along.
        self._thread = threading.Thread(target=self._run, args=(produce,), name=name, daemon=True)
        # By way of slots of this object: what is on its way when the stream is cancelled stops here.
        self._produced.connect(self._take)
        self._exhausted.connect(self._end)

    @property
    def is_alive(self) -> bool:
        """Whether the thread is there (it may still be, for a while, after ``cancel``)."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def cancel(self) -> None:
        """End early, without waiting; no signal is emitted any more."""
        self._cancelled.set()
        self._waiting.clear()

    def stop(self) -> None:
        """End early, and return once the thread is gone."""
        self.cancel()
        if self._thread.is_alive():
            self._thread.join()

    @Slot(object)
    def _take(self, entries: list[object]) -> None:
        """Queue a batch. Qt delivers all that has piled up in one go; the window gets a turn in between."""
        self._waiting.append(lambda: self.batch.emit(entries))
        self._turn.start()

    @Slot(object)
    def _end(self, failure: Exception | None) -> None:
        self._waiting.append(lambda: self._conclude(failure))
        self._turn.start()

    def _conclude(self, failure: Exception | None) -> None:
        self._thread.join()  # the signal was the last thing that it did
        self.ended.emit(failure)

    @Slot()
    def _hand_over(self) -> None:
        if self._cancelled.is_set():
            self._waiting.clear()
        if not self._waiting:
            return
        self._waiting.popleft()()
        if self._waiting:
            self._turn.start()

    def _run(self, produce: Callable[[], Iterable[object]]) -> None:
        failure: Exception | None = None
        try:
            self._drain(produce())
        except Exception as error:  # noqa: BLE001 - handed to whoever listens
            _log.info("%s ended early: %r", self._thread.name, error)
            failure = error
        if not self._cancelled.is_set():
            self._exhausted.emit(failure)

    def _drain(self, entries: Iterable[object]) -> None:
        waiting: list[object] = []
        handed_over = 0.0
        for entry in entries:
            if self._cancelled.is_set():
                return
            waiting.append(entry)
            now = time.monotonic()
            if len(waiting) >= _BATCH or now - handed_over >= _INTERVAL:
                self._produced.emit(waiting)
                waiting = []
                handed_over = now
        if waiting and not self._cancelled.is_set():
            self._produced.emit(waiting)
