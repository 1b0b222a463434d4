"""The table of the results dialog."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from ocr_desktop.domain.items import ItemRecord
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.look.appearance import GRID, state_word
from ocr_desktop.gui.results.correction_marks import CorrectionMarks
from ocr_desktop.gui.results.results_model import ICON, ResultsModel
from ocr_desktop.gui.results.results_order import Column

_PATIENCE = 100
"""Milliseconds that rows have to stay in view before their files are looked at."""
_MOST_KEPT = 1_000
"""Rows that stay selected when the table is sorted or filtered; to find many more again takes too long."""


class ResultsTable(QTableView):
    """Shows a :class:`ResultsModel`, and looks after the marks of the rows that are seen.

    Signals:
        row_changed: Another row is the current one, or none.
        opened: The current row is to be looked at in full.
    """

    row_changed = Signal()
    opened = Signal()

    def __init__(self, model: ResultsModel, parent: QWidget | None = None) -> None:
        """Show ``model``."""
        super().__init__(parent)
        self._results = model
        self._kept_current: int | None = None
        self._kept_selected: Sequence[int] = ()
        self._marks = CorrectionMarks(self)
        self._marks.loaded.connect(model.set_corrected)
        self._later = QTimer(self, interval=_PATIENCE, singleShot=True)
        self._later.timeout.connect(self._look_at_seen)
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(self.tr("Results by image"))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + GRID + 2)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self._fit_columns()
        header.setStretchLastSection(True)
        # WORKAROUND: to draw the title of a column, a header looks whether each row of it is selected, which
        # takes seconds when 100,000 are. With a selection of its own, which stays empty, it does not.
        header.setSelectionModel(QItemSelectionModel(model, header))
        self.selectionModel().currentRowChanged.connect(self.row_changed)
        self.doubleClicked.connect(lambda _index: self.opened.emit())
        model.modelAboutToBeReset.connect(self._keep_place)
        model.modelReset.connect(self._find_place)
        for change in (model.modelReset, model.rowsInserted, model.dataChanged):
            change.connect(self._later.start)
        self.verticalScrollBar().valueChanged.connect(self._later.start)

    def _fit_columns(self) -> None:
        """Give each column what it needs; the rest, as much as possible, is for the reasons."""
        metrics = self.fontMetrics()
        longest = max(metrics.horizontalAdvance(state_word(state)) for state in ItemState)
        self.setColumnWidth(Column.STATE, longest + ICON + 3 * GRID)
        self.setColumnWidth(Column.NAME, 24 * metrics.averageCharWidth())
        for column in (Column.CONFIDENCE, Column.SECONDS):
            self.setColumnWidth(column, self.horizontalHeader().sectionSizeHint(column))

    @property
    def current(self) -> ItemRecord | None:
        """The item of the current row."""
        index = self.currentIndex()
        return self._results.record(index.row()) if index.isValid() else None

    def selected_ids(self) -> Sequence[int]:
        """Return the ids of the items that are selected, in the order of the rows."""
        # By ranges: Qt's own list of the rows takes seconds where there are 100,000.
        ranges = self.selectionModel().selection().toList()
        rows = {row for part in ranges for row in range(part.top(), part.bottom() + 1)}
        return [self._results.record(row).item.id for row in sorted(rows)]

    def release(self) -> None:
        """Let the thread end by itself. Calling it twice does no harm."""
        self._later.stop()
        self._marks.release()

    @Slot()
    def _keep_place(self) -> None:
        current, chosen = self.current, self.selectionModel()
        self._kept_current = current.item.id if current is not None else None
        is_few = sum(part.height() for part in chosen.selection().toList()) <= _MOST_KEPT
        self._kept_selected = self.selected_ids() if is_few else ()

    @Slot()
    def _find_place(self) -> None:
        """Stay at the item that was the current one, wherever it is now; else begin at the top."""
        rows = [row for row in map(self._results.row_of, self._kept_selected) if row is not None]
        kept = self._kept_current
        current = self._results.row_of(kept) if kept is not None else None
        if current is None and self._results.rowCount():
            current, rows = 0, []
        if current is not None:
            self.selectRow(current)
            self._select_too(rows)
        self.row_changed.emit()

    def _select_too(self, rows: Sequence[int]) -> None:
        flags = QItemSelectionModel.SelectionFlag
        for row in rows:
            self.selectionModel().select(self._results.index(row, 0), flags.Select | flags.Rows)

    @Slot()
    def _look_at_seen(self) -> None:
        first = max(0, self.rowAt(0))
        last = self.rowAt(self.viewport().height() - 1)
        last = self._results.rowCount() - 1 if last < 0 else last
        seen = (self._results.record(row) for row in range(first, last + 1))
        self._marks.ask(record for record in seen if self._results.is_corrected(record.item.id) is None)

    # -- Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return opens; Qt's own ``activated`` would come for a single click, too, on some desktops."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other rows are seen."""
        super().resizeEvent(event)
        self._later.start()
