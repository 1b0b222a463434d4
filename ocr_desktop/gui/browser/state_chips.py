"""A row of switches, one for each state, with how many images are in it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QLocale, Qt, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.look.appearance import GRID, state_pixmap, state_word

_STATES: tuple[ItemState | None, ...] = (
    None,
    ItemState.PENDING,
    ItemState.PROCESSING,
    ItemState.COMPLETED,
    ItemState.SKIPPED,
    ItemState.FAILED,
    ItemState.CANCELLED,
)
_PASSING = frozenset({ItemState.PENDING, ItemState.PROCESSING, ItemState.CANCELLED})
"""States whose switch is there only while an image is in them."""
_ICON = 16


class StateChips(QWidget):
    """Pressed ones say which states are shown; none pressed shows all.

    Signals:
        chosen: The choice has changed.
    """

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start with nothing pressed."""
        super().__init__(parent)
        self._is_compact = False
        self._counts: dict[ItemState | None, int] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID // 2)
        self.buttons: dict[ItemState | None, QToolButton] = {}
        for state in _STATES:
            button = QToolButton()
            button.setCheckable(True)
            button.setAutoRaise(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.clicked.connect(self._announce)
            self.buttons[state] = button
            row.addWidget(button)
        self.setAccessibleName(self.tr("Filter by state"))
        self.show_counts(lambda _state: 0)

    @property
    def states(self) -> frozenset[ItemState | None] | None:
        """The states that are to be shown; None for all."""
        pressed = frozenset(state for state, button in self.buttons.items() if button.isChecked())
        return pressed or None

    def release(self) -> None:
        """Show all states again."""
        if self.states is not None:
            for button in self.buttons.values():
                button.setChecked(False)
            self.chosen.emit()

    def show_counts(self, count_of: Callable[[ItemState | None], int]) -> None:
        """Bring the numbers up to date."""
        for state in _STATES:
            count, button = count_of(state), self.buttons[state]
            if self._counts.get(state) != count:
                self._counts[state] = count
                self._name(state)
            is_there = state not in _PASSING or count > 0 or button.isChecked()
            if button.isHidden() == is_there:
                button.setVisible(is_there)

    def set_compact(self, *, compact: bool) -> None:
        """Leave out the words, or bring them back; numbers and icons stay."""
        if compact != self._is_compact:
            self._is_compact = compact
            for state in self.buttons:
                self._name(state)

    def width_with_words(self) -> int:
        """Return the room that the switches take with their words, in pixels."""
        return self._width(compact=False)

    def compact_width(self) -> int:
        """Return the room that they take without."""
        return self._width(compact=True)

    def _width(self, *, compact: bool) -> int:
        shown = [(state, button) for state, button in self.buttons.items() if not button.isHidden()]
        text = sum(
            button.fontMetrics().horizontalAdvance(self._text(state, compact=compact))
            for state, button in shown
        )
        return text + len(shown) * (_ICON + 4 * GRID)

    def refresh_icons(self) -> None:
        """Follow light and dark."""
        for state, button in self.buttons.items():
            button.setIcon(QIcon(state_pixmap(state, self.palette(), _ICON, self.devicePixelRatioF())))

    def _name(self, state: ItemState | None) -> None:
        button = self.buttons[state]
        word = state_word(state)
        button.setText(self._text(state, compact=self._is_compact))
        button.setToolTip(self.tr("Show only images in this state: {state}").format(state=word))
        count = self._counts.get(state, 0)
        button.setAccessibleName(self.tr("{state}, %n image(s)", "", count).format(state=word))

    def _text(self, state: ItemState | None, *, compact: bool) -> str:
        number = QLocale().toString(self._counts.get(state, 0))
        return number if compact else f"{state_word(state)} {number}"

    @Slot()
    def _announce(self) -> None:
        self.chosen.emit()

    # -- Qt

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark; the widget around it is told before this one has its new colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "buttons"):
            self.refresh_icons()
