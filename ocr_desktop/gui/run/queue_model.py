"""The runs that wait, as a list: one line each."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from ocr_desktop.domain.naming import printable
from ocr_desktop.gui.run.run_queue import WaitingRun

AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class QueueModel(QAbstractListModel):
    """Shows what it is told, the next run first. GUI thread only."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self._runs: tuple[WaitingRun, ...] = ()

    def run(self, row: int) -> WaitingRun:
        """Return the run in ``row``."""
        return self._runs[row]

    def row_of(self, job_id: str) -> int | None:
        """Return where a job stands, or None if it does not wait."""
        return next((row for row, run in enumerate(self._runs) if run.job.id == job_id), None)

    def describe(self, run: WaitingRun) -> str:
        """Return a run in a few words: its images and their folder."""
        text = self.tr("%n image(s) in “{folder}”", "", run.left)
        return text.format(folder=folder_words(run.folder))

    def show_runs(self, runs: Sequence[WaitingRun]) -> None:
        """Show these."""
        if tuple(runs) != self._runs:
            self.beginResetModel()
            self._runs = tuple(runs)
            self.endResetModel()

    # -- Qt

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        """How many runs wait."""
        return 0 if parent.isValid() else len(self._runs)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The line of a run."""
        if not index.isValid():
            return None
        run = self._runs[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return f"{index.row() + 1}.  {self.describe(run)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return printable(run.folder)
        return None


def folder_words(folder: str) -> str:
    """Return the last part of a folder's path, or all of it where there is no part."""
    return printable(folder.replace("\\", "/").rstrip("/").rpartition("/")[2] or folder)
