"""A line of text that gives way: it has dots where there is no room for all of it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class ElidedLabel(QLabel):
    """Plain text on one line that never asks for more width than there is.

    The tooltip has all of it, unless it was given another.
    """

    def __init__(
        self, parent: QWidget | None = None, *, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight
    ) -> None:
        """Start empty; ``mode`` says where text is left out."""
        super().__init__(parent)
        self._mode = mode
        self._own_tooltip = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    # -- Qt

    def setToolTip(self, text: str) -> None:
        """Show this instead of the text; empty for the text."""
        self._own_tooltip = text
        super().setToolTip(text)

    def minimumSizeHint(self) -> QSize:
        """One line, of any width."""
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - a line is drawn whole
        """Draw as much as there is room for."""
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), self._mode, room.width())
        super().setToolTip(self._own_tooltip or (self.text() if shown != self.text() else ""))
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(room, self.alignment() | Qt.TextFlag.TextSingleLine, shown)
