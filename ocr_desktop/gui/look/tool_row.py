"""A row of tool buttons that drops their words where there is no room for them."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from ocr_desktop.gui.look.appearance import GRID

_WITH_WORDS = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
_ICONS_ONLY = Qt.ToolButtonStyle.ToolButtonIconOnly


class ToolRow(QWidget):
    """Buttons with icon and words, side by side with other controls; icons alone in a narrow window.

    The words stay in the tooltips and in the accessible names.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start empty; fill :attr:`row`, and add the buttons with :meth:`add_button`."""
        super().__init__(parent)
        self._buttons: list[QToolButton] = []
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        self.row.setSpacing(GRID)

    def add_button(self, button: QToolButton) -> None:
        """Append a button whose words may be dropped."""
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolButtonStyle(_WITH_WORDS)
        self._buttons.append(button)
        self.row.addWidget(button)

    @property
    def has_words(self) -> bool:
        """Whether the buttons show their words at the moment."""
        return all(button.toolButtonStyle() == _WITH_WORDS for button in self._buttons)

    def _adapt(self) -> None:
        spare = self.width() - self._width_without_buttons()
        is_roomy = sum(_width(button, _WITH_WORDS) for button in self._buttons) <= spare
        for button in self._buttons:
            button.setToolButtonStyle(_WITH_WORDS if is_roomy else _ICONS_ONLY)

    def _width_without_buttons(self) -> int:
        """Return what everything else in the row takes at least, in pixels."""
        return self.row.minimumSize().width() - sum(
            button.minimumSizeHint().width() for button in self._buttons
        )

    # -- Qt

    def minimumSizeHint(self) -> QSize:
        """Room for the icons."""
        icons = sum(_width(button, _ICONS_ONLY) for button in self._buttons)
        return QSize(self._width_without_buttons() + icons, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Drop the words, or bring them back."""
        super().resizeEvent(event)
        self._adapt()

    def changeEvent(self, event: QEvent) -> None:
        """Another font needs other room."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange} and hasattr(self, "row"):
            self._adapt()


def _width(button: QToolButton, style: Qt.ToolButtonStyle) -> int:
    """Return the width of a button in pixels if it were of ``style``."""
    icon = button.iconSize().width() + 2 * GRID
    if style == _ICONS_ONLY:
        return icon
    return icon + button.fontMetrics().horizontalAdvance(button.text().replace("&", "")) + GRID
