"""Which images are shown and in which order: search field, switches for the states, choice of the order."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.browser.state_chips import StateChips
from ocr_desktop.gui.browser.view_actions import ViewActions, order_words
from ocr_desktop.gui.images.image_order import Order
from ocr_desktop.gui.look.appearance import GRID, apply_icons

_DELAY = 150
"""Milliseconds after the last key before a name filter is applied."""
_TEXT_DELAY = 400
"""The same for a search in results, which reads files."""
_ROOMY_FIELD = 24
"""Letters that the search field gets before the switches get their words."""
_NAME, _TEXT = range(2)


class FilterBar(QWidget):
    """One row below the toolbar.

    Signals:
        changed: Something else is searched for, or other states are wanted.
        left: The keyboard is to go on in the grid.
    """

    changed = Signal()
    left = Signal()

    def __init__(self, view_actions: ViewActions, parent: QWidget | None = None) -> None:
        """Build it.

        Args:
            view_actions: Hold the order; the controls here follow them and change them.
            parent: Qt's parent.
        """
        super().__init__(parent)
        self._actions = view_actions
        self.scope = QComboBox()
        self.scope.addItems([self.tr("Name"), self.tr("Text in results")])
        self.scope.setAccessibleName(self.tr("Where to search"))
        self.scope.setToolTip(
            self.tr("Search in the names (Ctrl+F), or in the texts that were read (Ctrl+T).")
        )
        self.field = QLineEdit()
        self.field.setClearButtonEnabled(True)
        self.field.setMinimumWidth(14 * GRID)
        self.field.setMaximumWidth(40 * GRID)
        self.chips = StateChips()
        self.order = QComboBox()
        for order, word in order_words().items():
            self.order.addItem(word, order.value)
        self.order.setAccessibleName(self.tr("Sort by"))
        self.order.setToolTip(self.tr("What the images are sorted by."))
        self._order_label = QLabel(self.tr("Sort b&y"))
        self._order_label.setBuddy(self.order)
        self.direction = QToolButton()
        self.direction.setAutoRaise(True)
        self.direction.setDefaultAction(view_actions.descending)
        self._delay = QTimer(self, interval=_DELAY, singleShot=True)
        self.focus_name = self._focus_action(self.tr("Filter by na&me"), "Ctrl+F", _NAME)
        self.focus_text = self._focus_action(self.tr("Search te&xt of results"), "Ctrl+T", _TEXT)
        self._lay_out()
        self._connect()
        self._follow_order()
        self._follow_scope()
        self.refresh_icons()

    @property
    def needle(self) -> str:
        """What is searched for."""
        return self.field.text().strip()

    @property
    def is_text_wanted(self) -> bool:
        """Whether the search is for a text in results, not for names."""
        return self.scope.currentIndex() == _TEXT

    @property
    def search_actions(self) -> tuple[QAction, QAction]:
        """The actions that go to the search field."""
        return (self.focus_name, self.focus_text)

    @property
    def is_narrowing(self) -> bool:
        """Whether anything is set here that leaves images out."""
        return bool(self.needle) or self.chips.states is not None

    def show_counts(self, count_of: Callable[[ItemState | None], int]) -> None:
        """Bring the numbers of images by state up to date."""
        self.chips.show_counts(count_of)
        self._adapt()

    def clear(self) -> None:
        """Show all images again, at once."""
        self.field.clear()
        self.chips.release()
        self._apply()

    def stop(self) -> None:
        """End the timer."""
        self._delay.stop()

    def refresh_icons(self) -> None:
        """Follow light and dark."""
        self.chips.refresh_icons()
        is_down = self._actions.descending.isChecked()
        icon = "mdi6.sort-descending" if is_down else "mdi6.sort-ascending"
        apply_icons([(self._actions.descending, icon)], self.palette())

    def _focus_action(self, text: str, key: str, scope: int) -> QAction:
        action = QAction(text, self)
        action.setShortcut(key)
        action.triggered.connect(lambda: self._go_to(scope))
        return action

    def _lay_out(self) -> None:
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, 0, 2 * GRID, GRID)
        row.setSpacing(GRID)
        row.addWidget(self.scope)
        row.addWidget(self.field, 4)
        row.addSpacing(GRID)
        row.addWidget(self.chips)
        row.addStretch(1)
        row.addWidget(self._order_label)
        row.addWidget(self.order)
        row.addWidget(self.direction)

    def _connect(self) -> None:
        self.scope.currentIndexChanged.connect(self._follow_scope)
        self.field.textChanged.connect(self._wait)
        self.field.returnPressed.connect(self._apply)
        self._delay.timeout.connect(self.changed)
        self.chips.chosen.connect(self.changed)
        self.order.activated.connect(self._choose_order)
        self._actions.order_changed.connect(self._follow_order)

    @Slot()
    def _wait(self) -> None:
        # A field that was emptied shows everything at once.
        delay = _TEXT_DELAY if self.is_text_wanted else _DELAY
        self._delay.start(delay if self.needle else 0)

    @Slot()
    def _apply(self) -> None:
        self._delay.stop()
        self.changed.emit()

    def _go_to(self, scope: int) -> None:
        self.scope.setCurrentIndex(scope)
        self.field.setFocus()
        self.field.selectAll()

    @Slot()
    def _follow_scope(self) -> None:
        if self.is_text_wanted:
            text, tip = self.tr("Text in results"), self.tr("Show only images whose text has this (Ctrl+T).")
        else:
            text, tip = self.tr("Filter by name"), self.tr("Show only images with this name (Ctrl+F).")
        self.field.setPlaceholderText(text)
        self.field.setAccessibleName(text)
        self.field.setToolTip(tip)
        if self.needle:
            self._apply()

    @Slot(int)
    def _choose_order(self, index: int) -> None:
        order = Order(self.order.itemData(index))
        self._actions.set_order(order, descending=self._actions.descending.isChecked())

    @Slot()
    def _follow_order(self) -> None:
        self.order.setCurrentIndex(self.order.findData(self._actions.order.value))
        self.refresh_icons()

    def _adapt(self) -> None:
        """Leave out words where there is no room for them; their controls tell them by other means."""
        field = self.field.fontMetrics().averageCharWidth() * _ROOMY_FIELD - self.field.minimumWidth()
        words = self.chips.width_with_words() + self._label_width() + max(0, field)
        has_room = self.width() >= self._width_around_words() + words
        self.chips.set_compact(compact=not has_room)
        self._order_label.setVisible(has_room)

    def _label_width(self) -> int:
        return self._order_label.sizeHint().width() + self._row.spacing()

    def _width_around_words(self) -> int:
        """Return what everything but the switches and the label takes at least, in pixels."""
        words = self.chips.minimumSizeHint().width()
        if not self._order_label.isHidden():
            words += self._label_width()
        return self._row.minimumSize().width() - words

    # -- Qt

    def minimumSizeHint(self) -> QSize:
        """Room without the words."""
        width = self._width_around_words() + self.chips.compact_width()
        return QSize(width, super().minimumSizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """From the search field, Esc shows all images again, and the down key leads to the images."""
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
        elif event.key() == Qt.Key.Key_Down and self.field.hasFocus():
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other words may fit."""
        super().resizeEvent(event)
        self._adapt()

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark, and the font."""
        super().changeEvent(event)
        if not hasattr(self, "_delay"):
            return
        if event.type() == QEvent.Type.PaletteChange:
            self.refresh_icons()
        elif event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._adapt()
