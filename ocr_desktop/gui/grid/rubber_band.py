"""The rubber band of a grid: from where the button was pressed to the pointer, also beyond the edge."""

from PySide6.QtCore import QObject, QPoint, QRect, QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionRubberBand, QWidget

_TICK = 16
"""Milliseconds between two steps of scrolling by itself."""
_MAX_STEP = 120
"""Pixels of the fastest step."""


class RubberBand(QObject):
    """Holds the band in coordinates of the content. Knows nothing of items.

    Signals:
        pulled: By how many pixels the view has to scroll, because the pointer is beyond its edge.
    """

    pulled = Signal(int)

    def __init__(self, viewport: QWidget) -> None:
        """Be idle."""
        super().__init__(viewport)
        self._viewport = viewport
        self._origin: QPoint | None = None
        self._end = QPoint()
        self._pull = QTimer(self, interval=_TICK)
        self._pull.timeout.connect(self._pull_once)
        self._overshoot = 0
        self.is_active = False

    def press(self, at: QPoint) -> None:
        """The button was pressed here; a band begins once the pointer has moved far enough."""
        self._origin = at
        self._end = at

    def move(self, to: QPoint, in_viewport: QPoint) -> bool:
        """Follow the pointer; return whether there is a band."""
        if self._origin is None:
            return False
        self._end = to
        far = (to - self._origin).manhattanLength() >= QApplication.startDragDistance()
        self.is_active = self.is_active or far
        self._overshoot = _beyond(in_viewport.y(), self._viewport.height())
        if self.is_active and self._overshoot:
            if not self._pull.isActive():
                self._pull.start()
        else:
            self._pull.stop()
        return self.is_active

    def release(self) -> None:
        """There is no band any more."""
        self._origin = None
        self.is_active = False
        self._pull.stop()

    @property
    def area(self) -> QRect:
        """What it spans."""
        origin = self._origin or self._end
        left, right = sorted((origin.x(), self._end.x()))
        top, bottom = sorted((origin.y(), self._end.y()))
        return QRect(QPoint(left, top), QPoint(right, bottom))

    def draw(self, painter: QPainter, offset: int) -> None:
        """Draw it on the viewport, whose content is scrolled by ``offset``."""
        option = QStyleOptionRubberBand()
        option.initFrom(self._viewport)
        option.opaque = False
        option.rect = self.area.translated(0, -offset)
        style = self._viewport.style()
        style.drawControl(QStyle.ControlElement.CE_RubberBand, option, painter, self._viewport)

    def _pull_once(self) -> None:
        self.pulled.emit(max(-_MAX_STEP, min(_MAX_STEP, self._overshoot)))


def _beyond(y: int, height: int) -> int:
    """Return by how much a height is above (negative) or below a viewport; 0 inside."""
    return y if y < 0 else max(0, y - height + 1)
