"""What became of each image of a job, as a table that filters and sorts by itself.

Not through a proxy model: that would call back into Python for each of 100,000 rows, and again to compare.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QPalette

from ocr_desktop.domain.items import ItemOutcome, ItemRecord
from ocr_desktop.domain.naming import printable
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.appearance import state_colour, state_pixmap, state_word

AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_ICON = 16
_NO_OUTCOME = ItemOutcome(item_id=-1, state=ItemState.PENDING)


class Column(IntEnum):
    """The columns."""

    STATE = 0
    NAME = 1
    CONFIDENCE = 2
    SECONDS = 3
    DETAILS = 4


class ResultsModel(QAbstractTableModel):
    """Items of one job. GUI thread only.

    Signals:
        counts_changed: Items were added.
    """

    counts_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self._records: list[ItemRecord] = []
        self._shown: list[ItemRecord] = []
        self._states: Counter[ItemState] = Counter()
        self._state: ItemState | None = None
        self._text = ""
        self._sorted_by: tuple[Column, Qt.SortOrder] | None = None
        self._palette = QPalette()
        self._ratio = 1.0
        self._cells: dict[Column, Callable[[ItemRecord], str]] = {
            Column.STATE: lambda record: state_word(record.state),
            Column.NAME: lambda record: printable(record.item.name),
            Column.CONFIDENCE: self._confidence,
            Column.SECONDS: self._seconds,
            Column.DETAILS: _details,
        }
        self._titles = {
            Column.STATE: self.tr("State"),
            Column.NAME: self.tr("Name"),
            Column.CONFIDENCE: self.tr("Confidence"),
            Column.SECONDS: self.tr("Seconds"),
            Column.DETAILS: self.tr("Reason"),
        }

    @property
    def total(self) -> int:
        """How many items there are, shown or not."""
        return len(self._records)

    def count_of(self, state: ItemState) -> int:
        """Return how many items are in ``state``."""
        return self._states[state]

    def record(self, row: int) -> ItemRecord:
        """Return the item in ``row``."""
        return self._shown[row]

    def shown_records(self) -> list[ItemRecord]:
        """Return the items that pass the filters, in the order of the rows."""
        return list(self._shown)

    def records_in(self, state: ItemState) -> list[ItemRecord]:
        """Return all items in ``state``, in the order of the job."""
        return [record for record in self._records if record.state is state]

    def set_look(self, palette: QPalette, ratio: float) -> None:
        """Use the colours of a palette, and icons for a device pixel ratio."""
        self._palette, self._ratio = QPalette(palette), ratio
        if self._shown:
            roles = [Qt.ItemDataRole.DecorationRole.value, Qt.ItemDataRole.ForegroundRole.value]
            last = self.index(len(self._shown) - 1, Column.STATE)
            self.dataChanged.emit(self.index(0, Column.STATE), last, roles)

    def add(self, records: Iterable[ItemRecord]) -> None:
        """Append items."""
        new = list(records)
        self._records.extend(new)
        self._states.update(record.state for record in new)
        shown = [record for record in new if self._passes(record)]
        if shown and self._sorted_by is None:
            first = len(self._shown)
            self.beginInsertRows(QModelIndex(), first, first + len(shown) - 1)
            self._shown.extend(shown)
            self.endInsertRows()
        elif shown:
            self._rebuild()
        self.counts_changed.emit()

    def set_filter(self, state: ItemState | None, text: str) -> None:
        """Show only items in ``state`` (None: in any) with ``text`` in their name, whatever the case."""
        wanted = (state, text.strip().casefold())
        if wanted != (self._state, self._text):
            self._state, self._text = wanted
            self._rebuild()

    def _rebuild(self) -> None:
        self.beginResetModel()
        self._shown = [record for record in self._records if self._passes(record)]
        self._order()
        self.endResetModel()

    def _passes(self, record: ItemRecord) -> bool:
        if self._state is not None and record.state is not self._state:
            return False
        return not self._text or self._text in record.item.name.casefold()

    def _order(self) -> None:
        if self._sorted_by is not None:
            column, order = self._sorted_by
            self._shown.sort(key=_SORT_KEYS[column], reverse=order == Qt.SortOrder.DescendingOrder)

    def _confidence(self, record: ItemRecord) -> str:
        value = (record.outcome or _NO_OUTCOME).confidence
        return "" if value is None else self.tr("{percent} %").format(percent=round(100 * value))

    @staticmethod
    def _seconds(record: ItemRecord) -> str:
        return f"{record.outcome.seconds:.1f}" if record.outcome and record.outcome.attempts else ""

    # -- Qt

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        """How many items pass the filters."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: AnyIndex = _ROOT) -> int:
        """The columns are fixed."""
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Titles of the columns."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(Column(section))
        return self._titles[Column(section)] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """One cell."""
        if not index.isValid():
            return None
        record, column = self._shown[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cells[column](record)
        if role == Qt.ItemDataRole.ToolTipRole:
            return printable(record.item.path) if column is Column.NAME else self._cells[column](record)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        return self._state_look(record.state, role) if column is Column.STATE else None

    def _state_look(self, state: ItemState, role: int) -> object:
        if role == Qt.ItemDataRole.DecorationRole:
            return state_pixmap(state, self._palette, _ICON, self._ratio)
        if role == Qt.ItemDataRole.ForegroundRole:
            return state_colour(state, self._palette)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; by -1 as the job worked."""
        self._sorted_by = (Column(column), order) if column >= 0 else None
        self._rebuild()


def _alignment(column: Column) -> Qt.AlignmentFlag:
    """Numbers stand on the right, so that their digits are below each other."""
    is_number = column in {Column.CONFIDENCE, Column.SECONDS}
    side = Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _details(record: ItemRecord) -> str:
    outcome = record.outcome or _NO_OUTCOME
    return (outcome.error or outcome.reason).replace("\n", " ")


_SORT_KEYS: dict[Column, Callable[[ItemRecord], str | float]] = {
    Column.STATE: lambda record: record.state.value,
    Column.NAME: lambda record: record.item.name.casefold(),
    Column.CONFIDENCE: lambda record: (record.outcome or _NO_OUTCOME).confidence or -1.0,
    Column.SECONDS: lambda record: (record.outcome or _NO_OUTCOME).seconds,
    Column.DETAILS: _details,
}
