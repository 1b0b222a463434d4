"""The languages of the text: which there are, which are wanted, in which order, and how to get more."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ocr_desktop.domain.options import SettingInfo
from ocr_desktop.gui.look.appearance import GRID, apply_icons
from ocr_desktop.gui.settings.setting_controls import SettingControl
from ocr_desktop.services.engines.languages import LanguageInfo, describe_languages, how_to_get_more
from ocr_desktop.services.engines.protocol import EngineStatus

_CODE = Qt.ItemDataRole.UserRole
_FEW = 10
"""As many languages are found by looking; for more there is a search field."""
_ROWS = 6


class LanguagesControl(SettingControl):
    """Ticked languages stand on top, in the order in which they are given to the engine."""

    def __init__(self, info: SettingInfo) -> None:
        """Show nothing but what is chosen, until :meth:`show_engines` says what there is."""
        self.list = _LanguageList(self)
        column = QWidget()
        super().__init__(info, column)
        column.setAccessibleName("")
        column.setFocusProxy(self.list)
        self.list.setAccessibleName(self.tr("Languages, the most frequent one first"))
        self._chosen: list[str] = []
        self._known: dict[str, LanguageInfo] = {}
        self._is_known = False
        self._make_controls()
        self._lay_out(column)
        self._connect()
        self._refresh_icons()
        self._refresh()

    def value(self) -> object:
        """Return the codes of the ticked languages, in their order."""
        return tuple(self._chosen)

    def set_value(self, value: object) -> None:
        """Tick these languages and no others."""
        self._chosen = [str(code) for code in value] if isinstance(value, (tuple, list)) else []
        self._fill()

    def problem(self) -> str:
        """Ask for at least one language."""
        return "" if self._chosen else self.tr("Tick at least one language.")

    def show_engines(self, statuses: Sequence[EngineStatus]) -> None:
        """Say which languages there are, and how to get more."""
        self._is_known = True
        self._known = {info.code: info for info in describe_languages(statuses)}
        ways = how_to_get_more(statuses)
        self._more_text.setText(
            "\n\n".join(
                self.tr("{engine}: {sentence}").format(engine=engine, sentence=sentence)
                for engine, sentence in ways.items()
            )
        )
        self.more_button.setEnabled(bool(ways))
        self.filter.setVisible(len(self._known) > _FEW)
        self._fill()

    def move_current(self, step: int) -> None:
        """Move the current language up (-1) or down (1) among the ticked ones."""
        code = self._current_code()
        if code not in self._chosen:
            return
        place = self._chosen.index(code)
        target = place + step
        if 0 <= target < len(self._chosen):
            self._chosen.insert(target, self._chosen.pop(place))
            self._fill()
            self.changed.emit()

    # -- Building

    def _make_controls(self) -> None:
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("Find a language"))
        self.filter.setAccessibleName(self.tr("Find a language"))
        self.filter.setClearButtonEnabled(True)
        self.filter.hide()
        self.up_button = QPushButton(self.tr("More fre&quent"))
        self.up_button.setToolTip(self.tr("Move the language up (Alt+Up)."))
        self.down_button = QPushButton(self.tr("&Less frequent"))
        self.down_button.setToolTip(self.tr("Move the language down (Alt+Down)."))
        self.more_button = QPushButton(self.tr("&Get more …"))
        self.more_button.setToolTip(self.tr("Show how to get more languages."))
        self.more_button.setCheckable(True)
        self.more_button.setEnabled(False)
        self._more_text = QLabel()
        self._more_text.setTextFormat(Qt.TextFormat.PlainText)
        self._more_text.setWordWrap(True)
        self._more_text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._more_text.setAccessibleName(self.tr("How to get more languages"))
        self.copy_button = QPushButton(self.tr("Co&py"))
        self.copy_button.setToolTip(self.tr("Copy these sentences to the clipboard."))
        for button in (self.up_button, self.down_button, self.more_button, self.copy_button):
            button.setAutoDefault(False)

    def _lay_out(self, column: QWidget) -> None:
        buttons = QVBoxLayout()
        buttons.setSpacing(GRID)
        for button in (self.up_button, self.down_button, self.more_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        beside = QHBoxLayout()
        beside.setSpacing(GRID)
        beside.addWidget(self.list, 1)
        beside.addLayout(buttons)
        self._more = QWidget()
        self._more.hide()
        more = QHBoxLayout(self._more)
        more.setContentsMargins(0, 0, 0, 0)
        more.setSpacing(GRID)
        more.addWidget(self._more_text, 1)
        more.addWidget(self.copy_button, alignment=Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.filter)
        layout.addLayout(beside)
        layout.addWidget(self._more)

    def _connect(self) -> None:
        self.list.itemChanged.connect(self._follow_tick)
        self.list.currentRowChanged.connect(self._refresh)
        self.filter.textChanged.connect(self._fill)
        self.up_button.clicked.connect(lambda: self.move_current(-1))
        self.down_button.clicked.connect(lambda: self.move_current(1))
        self.more_button.toggled.connect(self._more.setVisible)
        self.copy_button.clicked.connect(self._copy)

    # -- Following

    @Slot(QListWidgetItem)
    def _follow_tick(self, item: QListWidgetItem) -> None:
        code = item.data(_CODE)
        is_ticked = item.checkState() == Qt.CheckState.Checked
        if is_ticked == (code in self._chosen):
            return
        if is_ticked:
            self._chosen.append(code)
        else:
            self._chosen.remove(code)
        QTimer.singleShot(0, self, self._fill)  # not while the list is still busy with the click
        self.changed.emit()

    @Slot()
    def _fill(self) -> None:
        """Show the ticked languages in their order, then the others by name."""
        current = self._current_code()
        needle = self.filter.text().casefold()
        others = [code for code in self._known if code not in self._chosen]
        self.list.blockSignals(True)
        self.list.clear()
        for code in (*self._chosen, *others):
            if code not in self._chosen and needle not in self._words(code).casefold():
                continue
            item = QListWidgetItem(self._words(code), self.list)
            item.setData(_CODE, code)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            is_chosen = code in self._chosen
            item.setCheckState(Qt.CheckState.Checked if is_chosen else Qt.CheckState.Unchecked)
            if code == current:
                self.list.setCurrentItem(item)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
        self.list.blockSignals(False)
        self._refresh()

    def _words(self, code: str) -> str:
        info = self._known.get(code)
        if info is None:
            sentence = self.tr("{code}: not installed") if self._is_known else self.tr("{code}")
            return sentence.format(code=code)
        return self.tr("{name} ({code}): {engines}").format(
            name=info.name, code=code, engines=", ".join(info.engines)
        )

    def _current_code(self) -> str:
        row = self.list.currentRow()
        return str(self.list.item(row).data(_CODE)) if row >= 0 else ""

    @Slot()
    def _refresh(self) -> None:
        code = self._current_code()
        place = self._chosen.index(code) if code in self._chosen else -1
        self.up_button.setEnabled(place > 0)
        self.down_button.setEnabled(0 <= place < len(self._chosen) - 1)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._more_text.text())

    def _refresh_icons(self) -> None:
        apply_icons(
            [
                (self.up_button, "mdi6.arrow-up"),
                (self.down_button, "mdi6.arrow-down"),
                (self.copy_button, "mdi6.content-copy"),
            ],
            self.palette(),
        )

    # -- Qt

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "copy_button"):
            self._refresh_icons()


class _LanguageList(QListWidget):
    """A list in which Alt+Up and Alt+Down move the current language."""

    def __init__(self, control: LanguagesControl) -> None:
        super().__init__()
        self._control = control
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._adapt()

    def _adapt(self) -> None:
        self.setFixedHeight(_ROWS * (self.fontMetrics().height() + GRID // 2) + 2 * self.frameWidth())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the current language, or do what a list does."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        key = Qt.Key(event.key())
        if event.modifiers() == Qt.KeyboardModifier.AltModifier and key in steps:
            self._control.move_current(steps[key])
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Another font needs other room."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._adapt()
