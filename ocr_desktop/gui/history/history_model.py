"""The jobs of the history as a table that filters by itself."""

from collections.abc import Callable, Iterable
from enum import Enum, IntEnum, auto

import msgspec
from PySide6.QtCore import (
    QAbstractTableModel,
    QDateTime,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QPalette

from ocr_desktop.domain.jobs import JobSnapshot, Progress
from ocr_desktop.domain.naming import printable
from ocr_desktop.domain.states import JobState
from ocr_desktop.gui.history.history_entries import HistoryEntry
from ocr_desktop.gui.history.job_look import job_colour, job_icon, job_word
from ocr_desktop.gui.look.durations import duration_text

AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_ICON = 16
_NONE = "\N{EN DASH}"


class HistoryColumn(IntEnum):
    """The columns."""

    STATE = 0
    DATE = 1
    FOLDER = 2
    IMAGES = 3
    READ = 4
    SKIPPED = 5
    FAILED = 6
    DURATION = 7


NUMBERS = frozenset(
    {HistoryColumn.IMAGES, HistoryColumn.READ, HistoryColumn.SKIPPED, HistoryColumn.FAILED}
) | {HistoryColumn.DURATION}
"""Columns that are aligned to the right."""


class HistoryFilter(Enum):
    """Which jobs are shown."""

    ALL = auto()
    LEFT = auto()
    """Something is left to be read: waiting, reading, paused or interrupted."""
    FAILURES = auto()
    """Images of it failed."""
    DONE = auto()
    CANCELLED = auto()


_DONE = frozenset({JobState.COMPLETED, JobState.COMPLETED_WITH_ERRORS})
_FILTERS: dict[HistoryFilter, Callable[[JobSnapshot], bool]] = {
    HistoryFilter.ALL: lambda _job: True,
    HistoryFilter.LEFT: lambda job: not job.state.is_final,
    HistoryFilter.FAILURES: lambda job: job.stats.failed > 0,
    HistoryFilter.DONE: lambda job: job.state in _DONE,
    HistoryFilter.CANCELLED: lambda job: job.state is JobState.CANCELLED,
}


class HistoryModel(QAbstractTableModel):
    """Jobs by id, newest first. GUI thread only.

    Signals:
        counts_changed: Jobs were added or removed, or others are shown.
    """

    counts_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Start empty, showing all."""
        super().__init__(parent)
        self._entries: dict[str, HistoryEntry] = {}
        self._shown: list[str] = []
        self._filter = HistoryFilter.ALL
        self._words = ""
        self._palette = QPalette()
        self._ratio = 1.0
        self._cells: dict[HistoryColumn, Callable[[HistoryEntry], str]] = {
            HistoryColumn.STATE: lambda entry: job_word(entry.job.state),
            HistoryColumn.DATE: lambda entry: date_text(entry.job),
            HistoryColumn.IMAGES: lambda entry: _number(entry.job.stats.total),
            HistoryColumn.READ: lambda entry: _number(entry.job.stats.completed),
            HistoryColumn.SKIPPED: lambda entry: _number(entry.job.stats.skipped),
            HistoryColumn.FAILED: lambda entry: _number(entry.job.stats.failed),
            HistoryColumn.DURATION: lambda entry: _duration(entry.job),
            HistoryColumn.FOLDER: lambda entry: printable(entry.folder),
        }
        self._titles = {
            HistoryColumn.STATE: self.tr("State"),
            HistoryColumn.DATE: self.tr("Date"),
            HistoryColumn.IMAGES: self.tr("Images"),
            HistoryColumn.READ: self.tr("Read"),
            HistoryColumn.SKIPPED: self.tr("Skipped"),
            HistoryColumn.FAILED: self.tr("Failed"),
            HistoryColumn.DURATION: self.tr("Duration"),
            HistoryColumn.FOLDER: self.tr("Folder"),
        }

    @property
    def total(self) -> int:
        """How many jobs there are, shown or not."""
        return len(self._entries)

    def entry(self, row: int) -> HistoryEntry:
        """Return the job in ``row``."""
        return self._entries[self._shown[row]]

    def row_of(self, job_id: str) -> int | None:
        """Return where a job stands; None if it is not shown."""
        return self._shown.index(job_id) if job_id in self._shown else None

    def clear(self) -> None:
        """Remove all jobs."""
        self._entries.clear()
        self._rebuild()

    def add(self, entries: Iterable[HistoryEntry]) -> None:
        """Take in jobs as they are now: known ones change in place, older ones come below, new ones above."""
        older: list[HistoryEntry] = []
        oldest = next((self._entries[job_id].job for job_id in reversed(self._entries)), None)
        for entry in entries:
            if entry.job.id in self._entries:
                self._replace(entry)
            elif oldest is None or entry.job.created_at <= oldest.created_at:
                older.append(entry)
            else:
                self._insert(entry)
        self._append(older)
        self.counts_changed.emit()

    def follow(self, job_id: str, progress: Progress) -> None:
        """Show how far a job is."""
        entry = self._entries.get(job_id)
        if entry is not None and entry.job.progress != progress:
            job = msgspec.structs.replace(entry.job, progress=progress)
            self._replace(HistoryEntry(job, entry.folder))

    def remove(self, job_id: str) -> None:
        """Remove a job that has been deleted."""
        row = self.row_of(job_id)
        if self._entries.pop(job_id, None) is None:
            return
        if row is not None:
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._shown[row]
            self.endRemoveRows()
        self.counts_changed.emit()

    def set_filter(self, which: HistoryFilter, words: str) -> None:
        """Show only such jobs, with these words in their date, state or folder."""
        if (which, words.casefold()) != (self._filter, self._words):
            self._filter, self._words = which, words.casefold()
            self._rebuild()

    def set_look(self, palette: QPalette, ratio: float) -> None:
        """Use the colours of a palette, and icons for a device pixel ratio."""
        self._palette, self._ratio = QPalette(palette), ratio
        if self._shown:
            self._announce(0, len(self._shown) - 1)

    def _append(self, entries: list[HistoryEntry]) -> None:
        self._entries.update((entry.job.id, entry) for entry in entries)
        shown = [entry.job.id for entry in entries if self._passes(entry)]
        if shown:
            first = len(self._shown)
            self.beginInsertRows(QModelIndex(), first, first + len(shown) - 1)
            self._shown += shown
            self.endInsertRows()

    def _insert(self, entry: HistoryEntry) -> None:
        """Add a job that is newer than some that are there, which are few, as it has just been made."""
        newer = {job_id: e for job_id, e in self._entries.items() if e.job.created_at > entry.job.created_at}
        rest = {job_id: e for job_id, e in self._entries.items() if job_id not in newer}
        self._entries = {**newer, entry.job.id: entry, **rest}
        if self._passes(entry):
            row = sum(job_id in newer for job_id in self._shown)
            self.beginInsertRows(QModelIndex(), row, row)
            self._shown.insert(row, entry.job.id)
            self.endInsertRows()

    def _replace(self, entry: HistoryEntry) -> None:
        """Change a job in place. One that does not pass the filter any more stays until that is changed."""
        self._entries[entry.job.id] = entry
        row = self.row_of(entry.job.id)
        if row is not None:
            self._announce(row, row)

    def _announce(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(HistoryColumn) - 1))

    def _rebuild(self) -> None:
        self.beginResetModel()
        self._shown = [job_id for job_id, entry in self._entries.items() if self._passes(entry)]
        self.endResetModel()
        self.counts_changed.emit()

    def _passes(self, entry: HistoryEntry) -> bool:
        if not _FILTERS[self._filter](entry.job):
            return False
        columns = (HistoryColumn.FOLDER, HistoryColumn.DATE, HistoryColumn.STATE)
        return not self._words or any(
            self._words in self._cells[column](entry).casefold() for column in columns
        )

    # -- Qt

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        """How many jobs are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: AnyIndex = _ROOT) -> int:
        """The columns are fixed."""
        return 0 if parent.isValid() else len(HistoryColumn)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Titles of the columns."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(HistoryColumn(section))
        return self._titles[HistoryColumn(section)] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """One cell."""
        if not index.isValid():
            return None
        entry, column = self.entry(index.row()), HistoryColumn(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cells[column](entry)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._cells[column](entry) if column is HistoryColumn.FOLDER else None
        return self._state_look(entry.job.state, role) if column is HistoryColumn.STATE else None

    def _state_look(self, state: JobState, role: int) -> object:
        if role == Qt.ItemDataRole.DecorationRole:
            return job_icon(state, self._palette, _ICON, self._ratio)
        if role == Qt.ItemDataRole.ForegroundRole:
            return job_colour(state, self._palette)
        return None


def date_text(job: JobSnapshot) -> str:
    """Return when a job was made, as people write it here."""
    created = QDateTime.fromSecsSinceEpoch(round(job.created_at.timestamp()))
    return QLocale().toString(created, QLocale.FormatType.ShortFormat)


def _alignment(column: HistoryColumn) -> int:
    """Return it as the number that Qt's own checks of a model want."""
    side = Qt.AlignmentFlag.AlignRight if column in NUMBERS else Qt.AlignmentFlag.AlignLeft
    return (side | Qt.AlignmentFlag.AlignVCenter).value


def _number(count: int) -> str:
    return QLocale().toString(count) if count else _NONE


def _duration(job: JobSnapshot) -> str:
    return duration_text(job.progress.elapsed) if job.started_at is not None else _NONE
