"""The table of the results dialog."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from ocr_desktop.domain.items import ItemRecord
from ocr_desktop.gui.look.appearance import GRID
from ocr_desktop.gui.results.correction_marks import CorrectionMarks
from ocr_desktop.gui.results.results_model import ResultsModel
from ocr_desktop.gui.results.results_order import Column

_PATIENCE = 100
"""Milliseconds that rows have to stay in view before their files are looked at."""


class ResultsTable(QTableView):
    """Shows a :class:`ResultsModel`, and looks after the marks of the rows that are seen.

    Signals:
        row_changed: Another row is the current one, or none.
    """

    row_changed = Signal()

    def __init__(self, model: ResultsModel, parent: QWidget | None = None) -> None:
        """Show ``model``."""
        super().__init__(parent)
        self._results = model
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
        letter = self.fontMetrics().averageCharWidth()
        widths = ((Column.STATE, 16), (Column.NAME, 30), (Column.CONFIDENCE, 15), (Column.SECONDS, 12))
        for column, letters in widths:
            self.setColumnWidth(column, letters * letter)
        header.setStretchLastSection(True)
        self.selectionModel().currentRowChanged.connect(self.row_changed)
        model.modelReset.connect(self.row_changed)
        for change in (model.modelReset, model.rowsInserted, model.dataChanged):
            change.connect(self._later.start)
        self.verticalScrollBar().valueChanged.connect(self._later.start)

    @property
    def current(self) -> ItemRecord | None:
        """The item of the current row."""
        index = self.currentIndex()
        return self._results.record(index.row()) if index.isValid() else None

    def selected_ids(self) -> Sequence[int]:
        """Return the ids of the items that are selected, in the order of the rows."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._results.record(row).item.id for row in rows]

    def stop(self) -> None:
        """End the thread. Calling it twice does no harm."""
        self._later.stop()
        self._marks.stop()

    @Slot()
    def _look_at_seen(self) -> None:
        first = max(0, self.rowAt(0))
        last = self.rowAt(self.viewport().height() - 1)
        last = self._results.rowCount() - 1 if last < 0 else last
        seen = (self._results.record(row) for row in range(first, last + 1))
        self._marks.ask(record for record in seen if self._results.is_corrected(record.item.id) is None)

    # -- Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other rows are seen."""
        super().resizeEvent(event)
        self._later.start()
