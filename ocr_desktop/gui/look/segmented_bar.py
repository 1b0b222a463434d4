"""A progress bar in segments: done, skipped, failed, in work; the rest is the empty track."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ocr_desktop.domain.items import JobStats
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.look.appearance import faint, state_colour

_HEIGHT = 10
_ORDER = (ItemState.COMPLETED, ItemState.SKIPPED, ItemState.FAILED, ItemState.PROCESSING)


class SegmentedBar(QWidget):
    """Shows the statistics of a job. Colours alone tell nothing here: the counts stand beside it in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self._stats = JobStats(total=0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Progress"))

    @property
    def stats(self) -> JobStats:
        """What is shown."""
        return self._stats

    def set_stats(self, stats: JobStats) -> None:
        """Show other statistics."""
        if stats == self._stats:
            return
        self._stats = stats
        self.setAccessibleDescription(
            self.tr("{done} of {total} images are done with.").format(done=stats.done, total=stats.total)
        )
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        self.update()

    # -- Qt

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(240, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - it is small enough to draw whole
        """Draw the track and the segments on it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(self.rect())
        outline = QPainterPath()
        outline.addRoundedRect(track, track.height() / 2, track.height() / 2)
        painter.setClipPath(outline)
        empty = QColor(faint(self.palette()))
        empty.setAlpha(48)
        painter.fillRect(track, empty)
        left = track.left()
        for state in _ORDER:
            share = self._stats.of(state) / self._stats.total if self._stats.total else 0.0
            width = track.width() * share
            painter.fillRect(
                QRectF(left, track.top(), width, track.height()), state_colour(state, self.palette())
            )
            left += width
        painter.setPen(Qt.PenStyle.NoPen)
        painter.end()
