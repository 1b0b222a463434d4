"""The bar to find a text with: what to look for, how many there are, to the next and to the one before."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from ocr_desktop.gui.look.appearance import GRID, apply_icons


class FindBar(QWidget):
    """Hidden until it is asked for.

    Signals:
        wanted: The text to look for; empty to look for nothing.
        stepped: 1 for the next hit, -1 for the one before.
    """

    wanted = Signal(str)
    stepped = Signal(int)

    def __init__(self, find_previous: QAction, find_next: QAction, parent: QWidget | None = None) -> None:
        """Start hidden.

        Args:
            find_previous: For a button.
            find_next: The same.
            parent: Qt's parent.
        """
        super().__init__(parent)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Find in this text"))
        self.field.setAccessibleName(self.tr("Find in this text"))
        self.field.setToolTip(self.tr("Every place is shown on the image too. Return goes to the next one."))
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self.wanted)
        self.count = QLabel()
        self.close_button = QToolButton()
        self.close_button.setAutoRaise(True)
        self.close_button.setToolTip(self.tr("Close the search (Esc)"))
        self.close_button.setAccessibleName(self.tr("Close the search"))
        self.close_button.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        row.setSpacing(GRID // 2)
        row.addWidget(self.field, 1)
        row.addWidget(self.count)
        for action in (find_previous, find_next):
            button = QToolButton()
            button.setDefaultAction(action)
            button.setAutoRaise(True)
            button.setAccessibleName(action.text())
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
        self.close_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row.addWidget(self.close_button)
        self.refresh_icons()
        self.hide()

    @Slot()
    def begin(self) -> None:
        """Show the bar, ready to type."""
        if self.isHidden():
            self.show()
            self.wanted.emit(self.field.text())
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def show_count(self, position: int | None, total: int) -> None:
        """Say at which of how many places the caret is; from 0, None before the first step."""
        if not self.field.text().strip():
            self.count.setText("")
        elif not total:
            self.count.setText(self.tr("Not found"))
        elif position is None:
            self.count.setText(self.tr("%n found", "", total))
        else:
            self.count.setText(self.tr("{number} of {total}").format(number=position + 1, total=total))

    def refresh_icons(self) -> None:
        """Follow light and dark."""
        apply_icons([(self.close_button, "mdi6.close")], self.palette())

    # -- Qt

    def setVisible(self, visible: bool) -> None:
        """Look for nothing while hidden."""
        super().setVisible(visible)
        if not visible:
            self.wanted.emit("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return goes on, Shift+Return back, Escape closes the bar and not the window."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.stepped.emit(-1 if is_back else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)
