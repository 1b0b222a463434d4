"""Shows where files may be dropped while they are being dragged over the window."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from ocr_desktop.gui.look.appearance import GRID, accent

_RADIUS = 8


class DropHighlight(QWidget):
    """Covers its parent with a frame and a sentence; takes no mouse events."""

    def __init__(self, parent: QWidget) -> None:
        """Start hidden."""
        super().__init__(parent)
        self._covered = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        parent.installEventFilter(self)

    def set_shown(self, *, shown: bool) -> None:
        """Show it, or take it away."""
        self.setGeometry(self._covered.rect())
        self.setVisible(shown)
        self.raise_()

    # -- Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the parent."""
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._covered.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw a veil, a frame, and what a drop does."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = accent(self.palette())
        frame = self.rect().adjusted(GRID, GRID, -GRID, -GRID)
        veil = self.palette().color(QPalette.ColorRole.Window)
        veil.setAlpha(200)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(colour, 2, Qt.PenStyle.DashLine))
        colour.setAlpha(28)
        painter.setBrush(colour)
        painter.drawRoundedRect(frame, _RADIUS, _RADIUS)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        painter.setFont(font)
        text = self.tr("Drop the folders or images here to add them.")
        painter.drawText(frame, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)
