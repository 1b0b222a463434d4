"""A long text to look at, put in bit by bit, so that the window does not wait for it."""

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QShowEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from ocr_desktop.gui.look.fixed_font import fixed_font

_LINES = 400
"""Put in at once; takes a few milliseconds."""


class LongText(QPlainTextEdit):
    """Read-only. What it is given is put in once somebody looks at it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Start empty; ``name`` is read out by screen readers."""
        super().__init__(parent)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFont(fixed_font())
        self.setAccessibleName(name)
        self._text = ""
        self._lines: list[str] = []
        self._shown = 0
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._add)

    @property
    def whole_text(self) -> str:
        """What it was given, put in already or not."""
        return self._text

    @property
    def is_whole(self) -> bool:
        """Whether all of it has been put in."""
        return self._shown >= len(self._lines)

    def show_text(self, text: str) -> None:
        """Show another text."""
        if text == self._text:
            return
        self._text = text
        self._lines = text.splitlines()
        self._shown = 0
        self.clear()
        if self.isVisible():
            self._timer.start()

    @Slot()
    def _add(self) -> None:
        part = "\n".join(self._lines[self._shown : self._shown + _LINES])
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(part if not self._shown else f"\n{part}")
        self._shown += _LINES
        if self.is_whole:
            self._timer.stop()

    # -- Qt

    def showEvent(self, event: QShowEvent) -> None:
        """Begin, or go on."""
        super().showEvent(event)
        if not self.is_whole:
            self._timer.start()
