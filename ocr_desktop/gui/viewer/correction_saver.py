"""Saves corrections in the background, one after the other."""

from collections import deque
from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from ocr_desktop.gui.background.background_stream import BackgroundStream
from ocr_desktop.gui.messages.failure import Failure
from ocr_desktop.services.corrections import Corrected, remove_correction, save_correction


class SaveOrder(msgspec.Struct, frozen=True):
    """What to save."""

    path: str
    """The image."""
    result_files: tuple[str, ...]
    text: str | None
    """The corrected text; None takes the correction back."""


class SavedCorrection(msgspec.Struct, frozen=True):
    """What was saved."""

    order: SaveOrder
    result: Corrected


class CorrectionSaver(QObject):
    """GUI thread only; the work is done elsewhere.

    Signals:
        saved: A :class:`SavedCorrection`.
        failed: A :class:`SaveOrder` and a :class:`Failure`.
    """

    saved = Signal(object)
    failed = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        """Start idle."""
        super().__init__(parent)
        self._orders: deque[SaveOrder] = deque()
        self._stream: BackgroundStream | None = None

    @property
    def is_busy(self) -> bool:
        """Whether something is being saved."""
        return self._stream is not None

    def save(self, order: SaveOrder) -> None:
        """Save this after what is waiting already."""
        self._orders.append(order)
        self._begin()

    def stop(self) -> None:
        """Wait for what is being saved, and save what is waiting. Calling it twice does no harm."""
        if self._stream is not None:
            self._stream.stop()
            self._release()
        while self._orders:
            _carry_out(self._orders.popleft())

    def _begin(self) -> None:
        if self._stream is None and self._orders:
            order = self._orders[0]
            stream = BackgroundStream("correction", lambda: [_carry_out(order)], self)
            stream.batch.connect(self._note)
            stream.ended.connect(self._end)
            self._stream = stream
            stream.start()

    def _release(self) -> None:
        if self._stream is not None:
            self._orders.popleft()
            self._stream.deleteLater()
            self._stream = None

    @Slot(object)
    def _note(self, results: Sequence[Corrected]) -> None:
        self._result = results[0]

    @Slot(object)
    def _end(self, error: Exception | None) -> None:
        order = self._orders[0]
        self._release()
        if error is None:
            self.saved.emit(SavedCorrection(order, self._result))
        else:
            self.failed.emit(order, Failure.of(error))
        self._begin()


def _carry_out(order: SaveOrder) -> Corrected:
    if order.text is None:
        return remove_correction(order.result_files)
    return save_correction(order.result_files, order.text)
