"""Which ticked images a run could be started with: those that are in no run yet."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QObject, Qt, QTimer, Signal, Slot

from ocr_desktop.gui.images.image_list_model import ImageListModel
from ocr_desktop.gui.run.run_queue import RunQueue

_PATIENCE = 150
"""Milliseconds for which ticks are gathered before they are counted during a run."""


class TickedImages(QObject):
    """Counts them. While nothing runs, these are all ticked ones, and that costs nothing. GUI thread only.

    Signals:
        changed: The number has changed.
    """

    changed = Signal()

    def __init__(self, model: ImageListModel, queue: RunQueue, parent: QObject | None = None) -> None:
        """Begin to follow the ticks and the queue."""
        super().__init__(parent)
        self._model = model
        self._queue = queue
        self._taken: frozenset[int] = frozenset()
        self._free = model.ticked
        self._timer = QTimer(self, interval=_PATIENCE, singleShot=True)
        self._timer.timeout.connect(self._count)
        model.counts_changed.connect(self._follow_counts)
        model.dataChanged.connect(self._follow_ticks)
        queue.changed.connect(self._follow_queue)
        queue.taken_changed.connect(self._follow_queue)
        self._ticked = model.ticked

    @property
    def free(self) -> int:
        """How many ticked images are in no run, as last counted."""
        return self._free

    def free_ids(self) -> list[int]:
        """Return the ids of the ticked images that are in no run, in the order of the list."""
        ids = self._model.ticked_ids()
        taken = self._queue.taken_ids()
        return [image_id for image_id in ids if image_id not in taken] if taken else ids

    def stop(self) -> None:
        """Count no more. Calling it twice does no harm."""
        self._timer.stop()

    @Slot()
    def _follow_counts(self) -> None:
        if self._model.ticked != self._ticked:
            self._ticked = self._model.ticked
            self._look()

    def _follow_ticks(self, _first: QModelIndex, _last: QModelIndex, roles: Sequence[int]) -> None:
        if self._taken and Qt.ItemDataRole.CheckStateRole.value in roles:
            self._look()

    @Slot()
    def _follow_queue(self) -> None:
        self._taken = self._queue.taken_ids()
        self._count()

    def _look(self) -> None:
        """Count at once where that is free; else when the hand that ticks has come to rest."""
        if not self._taken:
            self._count()
        elif not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _count(self) -> None:
        free = len(self.free_ids()) if self._taken else self._model.ticked
        if free != self._free:
            self._free = free
            self.changed.emit()
