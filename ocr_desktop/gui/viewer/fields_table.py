"""The table of what is known about one result; each row can be copied."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from ocr_desktop.gui.look.appearance import GRID
from ocr_desktop.gui.viewer.fields import Field

AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class FieldsModel(QAbstractTableModel):
    """Names on the left, values on the right. GUI thread only."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self._fields: Sequence[Field] = ()
        self._titles = (self.tr("Field"), self.tr("Value"))

    @property
    def fields(self) -> Sequence[Field]:
        """The rows."""
        return self._fields

    def show_fields(self, fields: Sequence[Field]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._fields = tuple(fields)
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        """How many there are."""
        return 0 if parent.isValid() else len(self._fields)

    def columnCount(self, parent: AnyIndex = _ROOT) -> int:
        """Name and value."""
        return 0 if parent.isValid() else len(self._titles)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Titles of the columns."""
        is_title = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return self._titles[section] if is_title else None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """One cell."""
        if not index.isValid():
            return None
        field = self._fields[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return field[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return field.value
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{field.name}: {field.value}" if index.column() == 0 else field.value
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        return None


class FieldsTable(QTableView):
    """Shows the fields; Ctrl+C or the context menu copies the values of the rows that are selected."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start empty; fill :attr:`fields`."""
        super().__init__(parent)
        self.fields = FieldsModel(self)
        self.setModel(self.fields)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setTabKeyNavigation(False)
        self.setAlternatingRowColors(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setAccessibleName(self.tr("Fields"))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.verticalHeader().setMinimumSectionSize(self.fontMetrics().height() + GRID)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.copy = self._action(self.tr("&Copy value\tCtrl+C"))
        self.copy.setToolTip(self.tr("Copy the values of the rows that are selected (Ctrl+C)."))
        self.copy.triggered.connect(self._copy_values)
        self.copy_rows = self._action(self.tr("Copy &name and value"))
        self.copy_rows.triggered.connect(self._copy_rows)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.setToolTip(self.tr("Ctrl+C copies the value of the row that is selected."))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy what was chosen; Qt itself would copy one cell, and it may be the name."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy.trigger()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave most of the room to the values."""
        self.setColumnWidth(0, min(self.sizeHintForColumn(0) + GRID, 2 * self.viewport().width() // 5))
        super().resizeEvent(event)

    def _action(self, text: str) -> QAction:
        action = QAction(text, self)
        self.addAction(action)
        return action

    def _chosen(self) -> list[Field]:
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.fields.fields[row] for row in rows]

    @Slot()
    def _copy_values(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(field.value for field in self._chosen()))

    @Slot()
    def _copy_rows(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(f"{name}\t{value}" for name, value in self._chosen()))
