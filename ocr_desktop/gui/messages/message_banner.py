"""Messages inside the window, above what they are about: no dialogs to click away."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.look.appearance import GRID, apply_icons, plain_pixmap, state_colour, state_pixmap, tint
from ocr_desktop.gui.messages.failure import Failure

_ICON = 20


class MessageBanner(QWidget):
    """Shows one message at a time, with its buttons and a cross. Hidden while there is none."""

    def __init__(
        self, tone: ItemState = ItemState.FAILED, parent: QWidget | None = None, *, icon: str = ""
    ) -> None:
        """Start hidden.

        Args:
            tone: The state whose icon and colour the message has.
            parent: Qt's parent.
            icon: A name of the icon package, where the icon of the state says something else.
        """
        super().__init__(parent)
        self._tone = tone
        self._icon_name = icon
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
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        self._column.setSpacing(GRID)
        layout = QHBoxLayout()
        layout.setSpacing(GRID)
        self._column.addLayout(layout)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(GRID)
        layout.addLayout(self._actions)
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
        self.show_message(failure.text)

    def show_message(self, text: str) -> None:
        """Show a sentence or two."""
        is_news = text != self._text.text() or self.isHidden()
        self._text.setText(text)
        self.copy_button.setVisible(bool(self._details))
        self.setAccessibleName(text)
        self.show()
        if is_news:  # have it read out, as nothing has taken the focus
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def add_button(self, text: str, tooltip: str, act: Callable[[], None]) -> QPushButton:
        """Add something that can be done about the message."""
        button = QPushButton(text)
        button.setToolTip(tooltip)
        button.clicked.connect(lambda: act())  # noqa: PLW0108 - without the state that Qt passes along
        self._actions.addWidget(button)
        return button

    def add_below(self, widget: QWidget) -> None:
        """Add something below the line with the message, as far in as the message."""
        row = QHBoxLayout()
        row.setContentsMargins(_ICON + GRID, 0, GRID, 0)
        row.addWidget(widget)
        self._column.addLayout(row)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{self._text.text()}\n\n{self._details}")

    def _refresh_icons(self) -> None:
        ratio = self.devicePixelRatioF()
        if self._icon_name:
            colour = state_colour(self._tone, self.palette())
            self._icon.setPixmap(plain_pixmap(self._icon_name, colour, _ICON, ratio))
        else:
            self._icon.setPixmap(state_pixmap(self._tone, self.palette(), _ICON, ratio))
        apply_icons([(self.close_button, "mdi6.close")], self.palette())

    # -- Qt

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - a plain fill
        """Tint the background, so that it is seen without being loud."""
        QPainter(self).fillRect(self.rect(), tint(self._tone, self.palette()))

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._refresh_icons()
