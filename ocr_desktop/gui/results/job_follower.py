"""What becomes of the items of one job while it runs, handed to the GUI thread a few times a second."""

import threading

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from ocr_desktop.domain.events import Event, ItemFinished, ItemRequeued, ItemStarted
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.run.batch_worker import ItemUpdate
from ocr_desktop.jobs.manager import JobManager

_INTERVAL = 200
"""Milliseconds."""


class JobFollower(QObject):
    """Follows one job until it is stopped. GUI thread only.

    Signals:
        items_changed: A list of :class:`ItemUpdate`, the latest of each item.
    """

    items_changed = Signal(object)

    def __init__(self, jobs: JobManager, job_id: str, parent: QObject | None = None) -> None:
        """Begin to follow."""
        super().__init__(parent)
        self._job_id = job_id
        self._lock = threading.Lock()
        self._waiting: dict[int, ItemUpdate] = {}
        self._unsubscribe = jobs.subscribe(self._listen)
        self._timer = QTimer(self, interval=_INTERVAL)
        self._timer.timeout.connect(self._hand_over)
        self._timer.start()

    def stop(self) -> None:
        """Follow no longer. Calling it twice does no harm."""
        self._timer.stop()
        self._unsubscribe()

    def _listen(self, event: Event) -> None:
        """Called by the manager on the thread of the run."""
        if event.job_id != self._job_id:
            return
        update = None
        match event:
            case ItemStarted():
                update = ItemUpdate(event.item_id, ItemState.PROCESSING)
            case ItemRequeued():
                update = ItemUpdate(event.item_id, ItemState.PENDING)
            case ItemFinished():
                update = ItemUpdate(event.outcome.item_id, event.outcome.state, event.outcome)
            case _:
                return
        with self._lock:
            self._waiting[update.item_id] = update

    @Slot()
    def _hand_over(self) -> None:
        with self._lock:
            updates, self._waiting = list(self._waiting.values()), {}
        if updates:
            self.items_changed.emit(updates)
