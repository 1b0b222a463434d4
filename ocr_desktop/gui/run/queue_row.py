"""What waits for the end of the run: a line, and below it, if opened, the list of the runs."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QMenu,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.look.appearance import GRID, apply_icons, state_pixmap
from ocr_desktop.gui.run.queue_model import QueueModel
from ocr_desktop.gui.run.run_queue import WaitingRun

_ICON = 16
_MOST_LINES = 5
"""Runs that are seen at a time; beyond it the list scrolls."""


class QueueRow(QWidget):
    """Hidden while nothing waits. Shows what it is told and says what is pressed.

    Signals:
        moved: The row of a run, and by how many places it is to be moved.
        removed: The id of a job that is not to wait any more.
        go_on_pressed: The next run is to start, after one that could not be run.
    """

    moved = Signal(int, int)
    removed = Signal(str)
    go_on_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start hidden."""
        super().__init__(parent)
        self.model = QueueModel(self)
        self._icon = QLabel()
        self.sentence = QLabel()
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.list = self._make_list()
        self._make_buttons()
        self._lay_out()
        self._make_actions()
        self._refresh_icons()
        self._set_open(is_open=False)
        self.hide()

    def show_runs(self, runs: Sequence[WaitingRun], *, is_adding: bool, is_held: bool) -> None:
        """Show what waits.

        Args:
            runs: The runs, the next one first.
            is_adding: Whether one more is being prepared.
            is_held: Whether the next one waits to be started by hand.
        """
        chosen = self._chosen()
        self.model.show_runs(runs)
        row = self.model.row_of(chosen) if chosen else None
        if runs:
            self.list.setCurrentIndex(self.model.index(row or 0))
        self.sentence.setText(self._describe(runs, is_adding=is_adding, is_held=is_held))
        self.sentence.setToolTip(self.sentence.text())
        self.go_on_button.setVisible(is_held and bool(runs))
        self.open_button.setVisible(bool(runs))
        if not runs:
            self._set_open(is_open=False)
        self._fit()
        self._refresh_buttons()
        self.setVisible(bool(runs) or is_adding)

    def _describe(self, runs: Sequence[WaitingRun], *, is_adding: bool, is_held: bool) -> str:
        if not runs:
            return self.tr("Adding a run to the queue …") if is_adding else ""
        if len(runs) == 1:
            text = self.tr("Next: {run}").format(run=self.model.describe(runs[0]))
        else:
            text = self.tr("%n runs wait; next: {run}", "", len(runs)).format(
                run=self.model.describe(runs[0])
            )
        if is_held:
            text = self.tr("{text}. It waits because the last run could not be done.").format(text=text)
        return text

    # -- Building

    def _make_list(self) -> QListView:
        view = QListView()
        view.setModel(self.model)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setUniformItemSizes(True)
        view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setAccessibleName(self.tr("Runs that wait"))
        view.setToolTip(self.tr("Alt+Up and Alt+Down move a run, Delete removes it."))
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._show_menu)
        view.selectionModel().currentChanged.connect(self._refresh_buttons)
        return view

    def _make_buttons(self) -> None:
        self.open_button = self._button(self.tr("Show queue"), "")
        self.open_button.setCheckable(True)
        self.open_button.toggled.connect(self._toggle)
        self.go_on_button = self._button(self.tr("Start &next"), self.tr("Start the run that waits first."))
        self.go_on_button.clicked.connect(self.go_on_pressed)
        self.up_button = self._button(self.tr("Move up"), self.tr("Have this run earlier (Alt+Up)."))
        self.up_button.clicked.connect(self._move_up)
        self.down_button = self._button(self.tr("Move down"), self.tr("Have this run later (Alt+Down)."))
        self.down_button.clicked.connect(self._move_down)
        self.remove_button = self._button(
            self.tr("Remove"), self.tr("Take this run out of the queue (Delete). No image is touched.")
        )
        self.remove_button.clicked.connect(self._remove)

    @staticmethod
    def _button(text: str, tooltip: str) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tooltip)
        button.setAutoDefault(False)
        return button

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(GRID)
        for widget in (self._icon, self.sentence, self.go_on_button, self.open_button):
            line.addWidget(widget, 1 if widget is self.sentence else 0)
        buttons = QVBoxLayout()
        buttons.setSpacing(GRID // 2)
        for button in (self.up_button, self.down_button, self.remove_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._below = QWidget()
        below = QHBoxLayout(self._below)
        below.setContentsMargins(_ICON + GRID, 0, 0, 0)
        below.setSpacing(GRID)
        below.addWidget(self.list, 1)
        below.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(line)
        column.addWidget(self._below)

    def _make_actions(self) -> None:
        """Make what the keys and the menu of the list do."""
        self._actions = [
            self._action(self.tr("Move up"), "Alt+Up", self._move_up),
            self._action(self.tr("Move down"), "Alt+Down", self._move_down),
            self._action(self.tr("Remove from the queue"), QKeySequence.StandardKey.Delete, self._remove),
        ]

    def _action(self, text: str, key: str | QKeySequence.StandardKey, act: object) -> QAction:
        action = QAction(text, self.list)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(act)
        self.list.addAction(action)
        return action

    # -- Acting

    def _chosen(self) -> str | None:
        index = self.list.currentIndex()
        return self.model.run(index.row()).job.id if index.isValid() else None

    @Slot()
    def _move_up(self) -> None:
        self._move(-1)

    @Slot()
    def _move_down(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        row = self.list.currentIndex().row()
        if row >= 0 and 0 <= row + by < self.model.rowCount():
            self.moved.emit(row, by)

    @Slot()
    def _remove(self) -> None:
        job_id = self._chosen()
        if job_id is not None:
            self.removed.emit(job_id)

    @Slot(QPoint)
    def _show_menu(self, at: QPoint) -> None:
        if self._chosen() is not None:
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addActions(self._actions)
            menu.popup(self.list.viewport().mapToGlobal(at))

    @Slot(bool)
    def _toggle(self, is_open: bool) -> None:
        self._set_open(is_open=is_open)

    def _set_open(self, *, is_open: bool) -> None:
        self.open_button.setChecked(is_open)
        self.open_button.setText(self.tr("Hide queue") if is_open else self.tr("Show queue"))
        self.open_button.setToolTip(
            self.tr("Hide the runs that wait.")
            if is_open
            else self.tr("See the runs that wait, move or remove them.")
        )
        self._below.setVisible(is_open)

    def _fit(self) -> None:
        """Give the list room for its runs, up to a limit, and never less than its buttons take."""
        lines = max(1, min(self.model.rowCount(), _MOST_LINES))
        line = max(self.list.sizeHintForRow(0), self.fontMetrics().height())
        buttons = 3 * self.up_button.sizeHint().height() + GRID
        self.list.setFixedHeight(max(lines * line + GRID // 2, buttons))

    @Slot()
    def _refresh_buttons(self) -> None:
        row, rows = self.list.currentIndex().row(), self.model.rowCount()
        self.up_button.setEnabled(row > 0)
        self.down_button.setEnabled(0 <= row < rows - 1)
        self.remove_button.setEnabled(row >= 0)

    def _refresh_icons(self) -> None:
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(state_pixmap(ItemState.PENDING, self.palette(), _ICON, ratio))
        apply_icons(
            [
                (self.open_button, "mdi6.tray-full"),
                (self.go_on_button, "mdi6.play"),
                (self.up_button, "mdi6.arrow-up"),
                (self.down_button, "mdi6.arrow-down"),
                (self.remove_button, "mdi6.close"),
            ],
            self.palette(),
        )

    # -- Qt

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark, and larger fonts."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "remove_button"):
            self._refresh_icons()
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_below"):
            self._fit()
