"""A message inside the window, above what it is about: no dialog to click away."""

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.appearance import GRID, apply_icons, state_colour, state_pixmap
from ocr_desktop.gui.failure import Failure

_ICON = 20


class MessageBanner(QWidget):
    """Shows one failure at a time, with *Copy details* and a cross. Hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start hidden."""
        super().__init__(parent)
        self._details = ""
        self._icon = QLabel()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.copy_button = QPushButton(self.tr("Copy &details"))
        self.copy_button.setToolTip(self.tr("Copy the message and its technical details to the clipboard."))
        self.copy_button.clicked.connect(self._copy)
        self.close_button = QToolButton()
        self.close_button.setAutoRaise(True)
        self.close_button.setToolTip(self.tr("Close this message."))
        self.close_button.setAccessibleName(self.tr("Close message"))
        self.close_button.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)
        layout.addWidget(self.copy_button)
        layout.addWidget(self.close_button)
        self._refresh_icons()
        self.hide()

    @property
    def text(self) -> str:
        """What is shown."""
        return self._text.text()

    def show_failure(self, failure: Failure) -> None:
        """Show what happened and what to do."""
        self._details = failure.details
        self._text.setText(failure.text)
        self.copy_button.setVisible(bool(failure.details))
        self.setAccessibleName(failure.text)
        self.show()

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{self._text.text()}\n\n{self._details}")

    def _refresh_icons(self) -> None:
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(state_pixmap(ItemState.FAILED, self.palette(), _ICON, ratio))
        apply_icons([(self.close_button, "mdi6.close")], self.palette())

    # -- Qt

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - a plain fill
        """Tint the background, so that it is seen without being loud."""
        tint = QColor(state_colour(ItemState.FAILED, self.palette()))
        tint.setAlpha(32)
        QPainter(self).fillRect(self.rect(), tint)

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._refresh_icons()
