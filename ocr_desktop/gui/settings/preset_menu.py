"""The small button beside the summary of the options, with which a preset is chosen."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from ocr_desktop.gui.look.appearance import apply_icons
from ocr_desktop.gui.settings.window_settings import Preset


class PresetButton(QToolButton):
    """Opens a menu of the presets.

    Signals:
        chosen: The name of a preset.
        edit_pressed: Presets are to be saved, renamed or deleted.
    """

    chosen = Signal(str)
    edit_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start without presets."""
        super().__init__(parent)
        self.setAutoRaise(True)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("Presets"))
        self.setToolTip(self.tr("Choose options that were saved under a name."))
        self.setMenu(QMenu(self))
        self._refresh_icon()
        self.show_presets((), "")

    def show_presets(self, presets: Sequence[Preset], current: str) -> None:
        """Offer these presets, with a mark at the one that was chosen last."""
        menu = self.menu()
        menu.clear()
        group = QActionGroup(menu)
        for preset in presets:
            action = menu.addAction(preset.name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(preset.name == current)
            action.triggered.connect(partial(self.chosen.emit, preset.name))
            group.addAction(action)
        if not presets:
            menu.addAction(self.tr("No preset has been saved yet.")).setEnabled(False)
        menu.addSeparator()
        menu.addAction(self.tr("&Edit presets …")).triggered.connect(self.edit_pressed)

    def _refresh_icon(self) -> None:
        apply_icons([(self, "mdi6.bookmark-outline")], self.palette())

    # -- Qt

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._refresh_icon()
