"""Hands the news of runs to the grid a slice at a time, so that 100,000 at once do not stop the window."""

from collections import deque
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Slot

from ocr_desktop.gui.images.image_list_model import ImageUpdate

_SLICE = 1_000
"""Updates between two turns of the window; they take a few milliseconds."""


class UpdateFeed(QObject):
    """Keeps the order in which things are put in. GUI thread only.

    What is put in while nothing waits, and is no more than a slice, is handed over at once.
    """

    def __init__(self, apply: Callable[[Sequence[ImageUpdate]], None], parent: QObject | None = None) -> None:
        """Start empty.

        Args:
            apply: Takes in updates.
            parent: Qt's parent.
        """
        super().__init__(parent)
        self._apply = apply
        self._waiting: deque[Callable[[], None]] = deque()
        self._turn = QTimer(self, interval=0, singleShot=True)
        self._turn.timeout.connect(self._hand_over)

    @property
    def is_waiting(self) -> bool:
        """Whether something has not been handed over yet."""
        return bool(self._waiting)

    @Slot(object)
    def put(self, updates: Sequence[ImageUpdate]) -> None:
        """Hand over these updates, after all that was put in before."""
        for first in range(0, len(updates), _SLICE):
            self._put_slice(updates[first : first + _SLICE])

    def call(self, act: Callable[[], None]) -> None:
        """Call ``act`` when all that was put in before has been handed over; at once if that is so."""
        if self._waiting:
            self._waiting.append(act)
        else:
            act()

    def stop(self) -> None:
        """Drop what waits. Calling it twice does no harm."""
        self._turn.stop()
        self._waiting.clear()

    def _put_slice(self, updates: Sequence[ImageUpdate]) -> None:
        if not self._waiting and not self._turn.isActive():
            self._apply(updates)
            if len(updates) == _SLICE:  # there may be more: the window gets a turn first
                self._turn.start()
        else:
            self._waiting.append(lambda: self._apply(updates))

    @Slot()
    def _hand_over(self) -> None:
        if self._waiting:
            self._waiting.popleft()()
        if self._waiting:
            self._turn.start()
