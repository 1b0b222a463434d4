"""One page of the settings: rows of label, control, help, and what is wrong with the value."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from ocr_desktop.domain.options import SettingInfo
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.look.appearance import GRID, faint, state_colour
from ocr_desktop.gui.settings.setting_controls import SettingControl
from ocr_desktop.gui.settings.setting_words import setting_text


class SettingRow(QWidget):
    """One setting, with its help always in sight.

    Signals:
        changed: The name of the setting, whose value is another one now.
    """

    changed = Signal(str)

    def __init__(self, info: SettingInfo, control: SettingControl) -> None:
        """Lay the setting out around its control."""
        super().__init__()
        self.info = info
        self.control = control
        self.help = _wrapped(setting_text(info.help))
        self.problem = _wrapped("")
        self.problem.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        if not control.has_own_label:
            label = QLabel(setting_text(info.label))
            label.setBuddy(control.field)
            layout.addWidget(label)
        layout.addWidget(control)
        layout.addWidget(self.problem)
        layout.addWidget(self.help)
        control.changed.connect(lambda: self.changed.emit(info.name))
        self._recolour()

    def show_problem(self, sentence: str) -> None:
        """Say what is wrong with the value; nothing if it is right."""
        is_news = bool(sentence) and sentence != self.problem.text()
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        description = f"{sentence} {setting_text(self.info.help)}".strip()
        self.control.field.setAccessibleDescription(description)
        if is_news:
            QAccessible.updateAccessibility(QAccessibleEvent(self.problem, QAccessible.Event.Alert))

    def _recolour(self) -> None:
        palette = self.palette()
        _colour(self.help, faint(palette))
        _colour(self.problem, state_colour(ItemState.FAILED, palette))

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "problem"):
            self._recolour()


class SettingsPage(QScrollArea):
    """Rows that belong together; scrolls where they need more room than there is."""

    def __init__(self, title: str, rows: Sequence[SettingRow]) -> None:
        """Show the rows one below the other."""
        super().__init__()
        self.title = title
        self.rows = tuple(rows)
        self.setAccessibleName(title)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(GRID, 0, 2 * GRID, GRID)
        layout.setSpacing(2 * GRID)
        for row in self.rows:
            layout.addWidget(row)
        layout.addStretch(1)
        self.setWidget(content)
        self._content = content
        self.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)

    def fit_width(self) -> None:
        """Be at least as wide as the rows need, so that nothing is ever cut off at the side."""
        bar = self.verticalScrollBar().sizeHint().width()
        self.setMinimumWidth(self._content.minimumSizeHint().width() + bar)


def _wrapped(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def _colour(label: QLabel, colour: QColor) -> None:
    palette = label.palette()
    palette.setColor(label.foregroundRole(), colour)
    label.setPalette(palette)
