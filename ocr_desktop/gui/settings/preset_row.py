"""The row above the settings in which presets are chosen, saved, renamed and deleted."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.look.appearance import GRID, apply_icons, state_colour
from ocr_desktop.gui.settings.presets import (
    MAX_NAME,
    find_preset,
    name_problem,
    preset_words,
    renamed_preset,
    with_preset,
    without_preset,
)
from ocr_desktop.gui.settings.window_settings import Preset


class PresetRow(QWidget):
    """Keeps the presets; what is saved in one is asked for when it is saved.

    Signals:
        chosen: The :class:`RunOptions` of the preset that was chosen.
    """

    chosen = Signal(object)

    def __init__(
        self, presets: Sequence[Preset], current: str, read_options: Callable[[], RunOptions | None]
    ) -> None:
        """Show the presets.

        Args:
            presets: Those that there are.
            current: The name of the one that was chosen last; empty for none.
            read_options: Returns the present options, or None if they make no sense.
        """
        super().__init__()
        self._presets = tuple(presets)
        self._current = current if find_preset(presets, current) else ""
        self._read_options = read_options
        self._old_name = ""
        self._make_controls()
        self._lay_out()
        self._connect()
        self._refresh_look()
        self.refresh()

    @property
    def presets(self) -> tuple[Preset, ...]:
        """The presets as they are now."""
        return self._presets

    @property
    def current(self) -> str:
        """The name of the chosen preset; empty for none."""
        return self._current

    @Slot()
    def refresh(self) -> None:
        """Say which preset is chosen, and whether something has been changed since."""
        options = self._read_options()
        preset = find_preset(self._presets, self._current)
        is_changed = preset is not None and preset.options != options
        with QSignalBlocker(self.box):
            self.box.clear()
            self.box.addItem(self.tr("No preset"), "")
            for known in self._presets:
                words = known.name
                if known is preset:
                    words = preset_words(self._presets, known.name, options)
                self.box.addItem(words, known.name)
            self.box.setCurrentIndex(max(0, self.box.findData(self._current)))
        has_preset = preset is not None
        self.update_action.setEnabled(is_changed and options is not None)
        self.save_action.setEnabled(options is not None)
        self.rename_action.setEnabled(has_preset)
        self.delete_action.setEnabled(has_preset)

    # -- Building

    def _make_controls(self) -> None:
        self.box = QComboBox()
        self.box.setAccessibleName(self.tr("Preset"))
        self.box.setAccessibleDescription(self.tr("Options that were saved under a name."))
        self.box.setToolTip(self.tr("Choose options that were saved under a name."))
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(16)
        self.menu = QMenu(self)
        self.save_action = self.menu.addAction(self.tr("&Save as a new preset …"))
        self.update_action = self.menu.addAction(self.tr("&Keep the changes in this preset"))
        self.rename_action = self.menu.addAction(self.tr("&Rename this preset …"))
        self.delete_action = self.menu.addAction(self.tr("&Delete this preset"))
        self.menu_button = QToolButton()
        self.menu_button.setText(self.tr("&Manage"))
        self.menu_button.setToolTip(self.tr("Save, rename or delete presets."))
        self.menu_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.menu_button.setMenu(self.menu)
        self.name = _NameField()
        self.name.setMaxLength(MAX_NAME)
        self.name.setPlaceholderText(self.tr("Name of the preset"))
        self.name.setAccessibleName(self.tr("Name of the preset"))
        self.keep_button = QPushButton(self.tr("Sa&ve preset"))
        self.drop_button = QPushButton(self.tr("Do&n't save"))
        for button in (self.keep_button, self.drop_button):
            button.setAutoDefault(False)
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.hide()

    def _lay_out(self) -> None:
        label = QLabel(self.tr("Pre&set"))
        label.setBuddy(self.box)
        first = QHBoxLayout()
        first.setSpacing(GRID)
        first.addWidget(label)
        first.addWidget(self.box, 1)
        first.addWidget(self.menu_button)
        self._naming = QWidget()
        self._naming.hide()
        second = QHBoxLayout(self._naming)
        second.setContentsMargins(0, 0, 0, 0)
        second.setSpacing(GRID)
        second.addWidget(self.name, 1)
        second.addWidget(self.keep_button)
        second.addWidget(self.drop_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addLayout(first)
        layout.addWidget(self._naming)
        layout.addWidget(self.problem)

    def _connect(self) -> None:
        self.box.activated.connect(self._choose)
        self.save_action.triggered.connect(lambda: self._ask_name(""))
        self.rename_action.triggered.connect(lambda: self._ask_name(self._current))
        self.update_action.triggered.connect(self._update)
        self.delete_action.triggered.connect(self._delete)
        self.name.accepted.connect(self._keep)
        self.name.rejected.connect(self._stop_naming)
        self.keep_button.clicked.connect(self._keep)
        self.drop_button.clicked.connect(self._stop_naming)

    # -- Acting

    @Slot(int)
    def _choose(self, row: int) -> None:
        self._current = str(self.box.itemData(row) or "")
        preset = find_preset(self._presets, self._current)
        if preset is not None:
            self.chosen.emit(preset.options)
        self.refresh()

    def _ask_name(self, old: str) -> None:
        self._old_name = old
        self.name.setText(old)
        self.name.selectAll()
        self._naming.show()
        self.name.setFocus()

    @Slot()
    def _keep(self) -> None:
        name = self.name.text().strip()
        problem = name_problem(self._presets, name, old=self._old_name)
        options = self._read_options()
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        if problem or options is None:
            return
        if self._old_name:
            self._presets = renamed_preset(self._presets, self._old_name, name)
        else:
            self._presets = with_preset(self._presets, Preset(name=name, options=options))
        self._current = name
        self._stop_naming()
        self.refresh()

    @Slot()
    def _stop_naming(self) -> None:
        self.box.setFocus()
        self._naming.hide()
        self.problem.hide()

    @Slot()
    def _update(self) -> None:
        options = self._read_options()
        if options is not None:
            self._presets = with_preset(self._presets, Preset(name=self._current, options=options))
            self.refresh()

    @Slot()
    def _delete(self) -> None:
        self._presets = without_preset(self._presets, self._current)
        self._current = ""
        self._stop_naming()
        self.refresh()

    def _refresh_look(self) -> None:
        palette = self.palette()
        own = self.problem.palette()
        own.setColor(self.problem.foregroundRole(), state_colour(ItemState.FAILED, palette))
        self.problem.setPalette(own)
        icons: list[tuple[QAction | QToolButton, str]] = [
            (self.menu_button, "mdi6.bookmark-outline"),
            (self.save_action, "mdi6.bookmark-plus-outline"),
            (self.update_action, "mdi6.bookmark-check-outline"),
            (self.rename_action, "mdi6.rename-outline"),
            (self.delete_action, "mdi6.delete-outline"),
        ]
        apply_icons(icons, palette)

    # -- Qt

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "problem"):
            self._refresh_look()


class _NameField(QLineEdit):
    """A field whose Return and Escape do not reach the dialog around it.

    Signals:
        accepted: Return was pressed.
        rejected: Escape was pressed.
    """

    accepted = Signal()
    rejected = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep the two keys for the name."""
        key = event.key()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.accepted.emit()
        elif key == Qt.Key.Key_Escape:
            self.rejected.emit()
        else:
            super().keyPressEvent(event)
