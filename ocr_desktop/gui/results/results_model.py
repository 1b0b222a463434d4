"""What became of each image of a job, as a table that filters and sorts by itself.

Not through a proxy model: that would call back into Python for each of 100,000 rows, and again to compare.
Many rows are arranged in the background.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QIcon, QPalette

from ocr_desktop.domain.items import ItemRecord
from ocr_desktop.domain.naming import printable
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.background.latest_loader import LatestLoader
from ocr_desktop.gui.look.appearance import faint, marked_icon, state_colour, state_icon, state_word
from ocr_desktop.gui.results.results_order import NO_OUTCOME, Arrangement, Column, arrange, details_of, passes
from ocr_desktop.gui.run.batch_worker import ItemUpdate

AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_COLUMNS = tuple(Column)
ICON = 16
"""Device-independent pixels."""
_AT_ONCE = 2_000
"""Rows that are arranged on the spot."""
_PATIENCE = 250
"""Milliseconds in which further changes are gathered before the rows are arranged anew."""


class ResultsModel(QAbstractTableModel):
    """Items of one job. GUI thread only.

    Signals:
        counts_changed: Items were added, or have changed.
    """

    counts_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self._records: dict[int, ItemRecord] = {}
        self._early: dict[int, ItemUpdate] = {}
        self._shown: list[int] = []
        self._rows: dict[int, int] = {}
        self._states: Counter[ItemState] = Counter()
        self._corrected: dict[int, bool] = {}
        self._wanted = Arrangement()
        self._palette = QPalette()
        self._ratio = 1.0
        self._later = QTimer(self, interval=_PATIENCE, singleShot=True)
        self._later.timeout.connect(self._rearrange)
        self._arranger = LatestLoader("results-order", _arrange, lambda _request, _error: None, self)
        self._arranger.loaded.connect(self._take_order)
        self._cells: dict[Column, Callable[[ItemRecord], str]] = {
            Column.STATE: lambda record: state_word(record.state),
            Column.NAME: lambda record: printable(record.item.name),
            Column.CONFIDENCE: self._confidence,
            Column.SECONDS: self._seconds,
            Column.DETAILS: details_of,
        }
        self._readers: dict[int, Callable[[ItemRecord, Column], object]] = {
            Qt.ItemDataRole.DisplayRole: lambda record, column: self._cells[column](record),
            Qt.ItemDataRole.ToolTipRole: self._tooltip,
            Qt.ItemDataRole.AccessibleTextRole: self._spoken,
            Qt.ItemDataRole.TextAlignmentRole: lambda _record, column: _ALIGNMENTS[column],
            Qt.ItemDataRole.DecorationRole: self._icon,
            Qt.ItemDataRole.ForegroundRole: self._colour,
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
        return self._records[self._shown[row]]

    def record_of(self, item_id: int) -> ItemRecord:
        """Return an item by its id."""
        return self._records[item_id]

    def row_of(self, item_id: int) -> int | None:
        """Return the row of an item; None if it does not pass the filters."""
        return self._rows.get(item_id)

    def shown_ids(self) -> list[int]:
        """Return the ids of the items that pass the filters, in the order of the rows."""
        return list(self._shown)

    def records_in(self, state: ItemState) -> list[ItemRecord]:
        """Return all items in ``state``, in the order of the job."""
        return [record for record in self._records.values() if record.state is state]

    def is_corrected(self, item_id: int) -> bool | None:
        """Whether the text of an item is corrected; None if nobody has looked yet."""
        return self._corrected.get(item_id)

    def set_look(self, palette: QPalette, ratio: float) -> None:
        """Use the colours of a palette, and icons for a device pixel ratio."""
        self._palette, self._ratio = QPalette(palette), ratio
        if self._shown:
            roles = [Qt.ItemDataRole.DecorationRole.value, Qt.ItemDataRole.ForegroundRole.value]
            last = self.index(len(self._shown) - 1, Column.NAME)
            self.dataChanged.emit(self.index(0, Column.STATE), last, roles)

    def set_corrected(self, marks: Mapping[int, bool]) -> None:
        """Mark items whose text is corrected, or not any more."""
        for item_id, is_corrected in marks.items():
            if self._corrected.get(item_id) is not is_corrected and item_id in self._records:
                self._corrected[item_id] = is_corrected
                self._tell_row(item_id)

    def note_correction(self, path: str, *, is_corrected: bool) -> None:
        """Mark an image whose text was corrected, if anybody has looked at its row."""
        known = [item_id for item_id in self._corrected if self._records[item_id].item.path == path]
        self.set_corrected(dict.fromkeys(known, is_corrected))

    def add(self, records: Iterable[ItemRecord]) -> None:
        """Append items."""
        new = [self._newest(record) for record in records]
        self._records.update((record.item.id, record) for record in new)
        self._states.update(record.state for record in new)
        if self._wanted.column is None and not self._later.isActive():
            self._append([record.item.id for record in new if passes(record, self._wanted)])
        else:
            self._arrange_soon()
        self.counts_changed.emit()

    def apply(self, updates: Iterable[ItemUpdate]) -> None:
        """Follow the run of the job."""
        entered = []
        for update in updates:
            record = self._records.get(update.item_id)
            if record is None:
                self._early[update.item_id] = update
                continue
            self._states[record.state] -= 1
            self._states[update.state] += 1
            record = msgspec.structs.replace(record, state=update.state, outcome=update.outcome)
            self._records[update.item_id] = record
            self._corrected.pop(update.item_id, None)
            if update.item_id in self._rows:
                self._tell_row(update.item_id)
            elif passes(record, self._wanted):
                entered.append(update.item_id)
        if not self._later.isActive():
            self._append(entered)
        self.counts_changed.emit()

    def set_filter(self, state: ItemState | None, text: str) -> None:
        """Show only items in ``state`` (None: in any) with ``text`` in their name, whatever the case."""
        self._want(msgspec.structs.replace(self._wanted, state=state, text=text.strip().casefold()))

    def release(self) -> None:
        """Let the thread end by itself. Calling it twice does no harm."""
        self._later.stop()
        self._arranger.release()

    def _newest(self, record: ItemRecord) -> ItemRecord:
        update = self._early.pop(record.item.id, None)
        if update is None:
            return record
        return msgspec.structs.replace(record, state=update.state, outcome=update.outcome)

    def _append(self, ids: Sequence[int]) -> None:
        if ids:
            first = len(self._shown)
            self.beginInsertRows(QModelIndex(), first, first + len(ids) - 1)
            self._shown.extend(ids)
            self._rows.update(zip(ids, range(first, first + len(ids)), strict=True))
            self.endInsertRows()

    def _tell_row(self, item_id: int) -> None:
        row = self._rows.get(item_id)
        if row is not None:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))

    # -- Arranging

    def _want(self, wanted: Arrangement) -> None:
        if wanted != self._wanted:
            self._wanted = wanted
            self._rearrange()

    def _arrange_soon(self) -> None:
        if len(self._records) <= _AT_ONCE:
            self._rearrange()
        elif not self._later.isActive():
            self._later.start()

    @Slot()
    def _rearrange(self) -> None:
        records = list(self._records.values())
        if len(records) <= _AT_ONCE:
            self._arranger.load(None)
            self._show([*arrange(records, self._wanted)])
        else:
            self._arranger.load((records, self._wanted))

    @Slot(object)
    def _take_order(self, answer: "tuple[Arrangement, int, list[int], dict[int, int]] | None") -> None:
        if answer is None or answer[0] != self._wanted:
            return
        self._show(answer[2], answer[3])
        if answer[1] != len(self._records):  # some have come meanwhile
            self._arrange_soon()

    def _show(self, ids: list[int], rows: dict[int, int] | None = None) -> None:
        self.beginResetModel()
        self._shown = ids
        self._rows = {item_id: row for row, item_id in enumerate(ids)} if rows is None else rows
        self.endResetModel()

    # -- Cells

    def _confidence(self, record: ItemRecord) -> str:
        value = (record.outcome or NO_OUTCOME).confidence
        return "" if value is None else self.tr("{percent} %").format(percent=round(100 * value))

    @staticmethod
    def _seconds(record: ItemRecord) -> str:
        return f"{record.outcome.seconds:.1f}" if record.outcome and record.outcome.attempts else ""

    def _tooltip(self, record: ItemRecord, column: Column) -> str:
        if column is not Column.NAME:
            return self._cells[column](record)
        path = printable(record.item.path)
        if not self._corrected.get(record.item.id):
            return path
        return self.tr("{path}\nThe text of this image is corrected.").format(path=path)

    def _spoken(self, record: ItemRecord, column: Column) -> str:
        text = self._cells[column](record)
        if column is Column.NAME and self._corrected.get(record.item.id):
            return self.tr("{name}, corrected").format(name=text)
        return text

    def _icon(self, record: ItemRecord, column: Column) -> QIcon | None:
        if column is Column.STATE:
            return state_icon(record.state, self._palette, ICON, self._ratio)
        if column is Column.NAME and self._corrected.get(record.item.id):
            return marked_icon("mdi6.pencil", faint(self._palette), self._palette, ICON, self._ratio)
        return None

    def _colour(self, record: ItemRecord, column: Column) -> QColor | None:
        return state_colour(record.state, self._palette) if column is Column.STATE else None

    # -- Qt

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        """How many items pass the filters."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: AnyIndex = _ROOT) -> int:
        """The columns are fixed."""
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Titles of the columns."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGNMENTS[Column(section)]
        return self._titles[Column(section)] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """One cell."""
        read = self._readers.get(role)  # a view asks for a dozen roles of each cell
        if read is None or not index.isValid():
            return None
        return read(self._records[self._shown[index.row()]], _COLUMNS[index.column()])

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; by -1 as the job worked."""
        self._want(
            msgspec.structs.replace(
                self._wanted,
                column=Column(column) if column >= 0 else None,
                is_descending=order == Qt.SortOrder.DescendingOrder,
            )
        )


def _alignment(column: Column) -> Qt.AlignmentFlag:
    """Numbers stand on the right, so that their digits are below each other."""
    is_number = column in {Column.CONFIDENCE, Column.SECONDS}
    side = Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


_ALIGNMENTS = {column: _alignment(column) for column in Column}


def _arrange(
    request: tuple[Sequence[ItemRecord], Arrangement],
) -> Iterator[tuple[Arrangement, int, list[int], dict[int, int]]]:
    records, wanted = request
    ids = arrange(records, wanted)
    yield wanted, len(records), ids, {item_id: row for row, item_id in enumerate(ids)}
