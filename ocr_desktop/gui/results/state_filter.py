"""The row of buttons that chooses which results are listed: all, or those in one state."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.look.appearance import GRID, state_word
from ocr_desktop.gui.look.primary_button import filled_with

_STATES = (None, ItemState.COMPLETED, ItemState.SKIPPED, ItemState.FAILED)
_Role = QPalette.ColorRole


class StateFilter(QWidget):
    """One of them is chosen at any time.

    Signals:
        changed: Another one is.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start with all."""
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        self.buttons: dict[ItemState | None, QPushButton] = {}
        group = QButtonGroup(self)
        for state in _STATES:
            button = QPushButton()
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setToolTip(self._tooltip(state))
            group.addButton(button)
            row.addWidget(button)
            self.buttons[state] = button
        self.buttons[None].setChecked(True)
        self._recolour()
        group.buttonClicked.connect(self.changed)
        group.buttonToggled.connect(self._recolour)

    @property
    def state(self) -> ItemState | None:
        """What is chosen; None for all."""
        return next(state for state, button in self.buttons.items() if button.isChecked())

    def show_counts(self, total: int, counts: Mapping[ItemState, int]) -> None:
        """Say how many there are of each."""
        for state, button in self.buttons.items():
            if state is None:
                button.setText(self.tr("&All ({count})").format(count=total))
            else:
                button.setText(f"{state_word(state)} ({counts.get(state, 0)})")

    def _tooltip(self, state: ItemState | None) -> str:
        if state is None:
            return self.tr("List all images of this run.")
        return self.tr("List these alone: {state}.").format(state=state_word(state))

    def _recolour(self) -> None:
        """Fill the chosen one: some styles hardly show it on a dark background."""
        usual = self.palette()
        filled = QPalette(usual)
        # Darker, as a style may draw buttons lighter than their colour, and the text is to stay readable.
        filled.setColor(_Role.Button, filled_with(usual.color(_Role.Highlight)).darker(125))
        filled.setColor(_Role.ButtonText, QColor("white"))
        for button in self.buttons.values():
            button.setPalette(filled if button.isChecked() else usual)

    # -- Qt

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "buttons"):
            self._recolour()
