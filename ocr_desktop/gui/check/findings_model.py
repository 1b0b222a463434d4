"""What a check of results has found, as a table that filters by itself."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QPalette

from ocr_desktop.domain.naming import printable
from ocr_desktop.domain.verification import Finding, FindingKind, VerifyCounts
from ocr_desktop.gui.check.finding_look import kind_colour, kind_icon, kind_word

AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_ICON = 16


class FindingColumn(IntEnum):
    """The columns."""

    KIND = 0
    FILE = 1
    DETAIL = 2


class FindingsModel(QAbstractTableModel):
    """Findings in the order in which they were made. GUI thread only.

    Signals:
        counts_changed: Findings were added, or all were removed.
    """

    counts_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Start empty, showing only problems."""
        super().__init__(parent)
        self._findings: list[Finding] = []
        self._shown: list[Finding] = []
        self._counts: Counter[FindingKind] = Counter()
        self._only_problems = True
        self._places: tuple[str, ...] = ()
        self._palette = QPalette()
        self._ratio = 1.0
        self._cells: dict[FindingColumn, Callable[[Finding], str]] = {
            FindingColumn.KIND: lambda finding: kind_word(finding.kind),
            FindingColumn.FILE: lambda finding: printable(self._below_place(finding.path)),
            FindingColumn.DETAIL: lambda finding: finding.detail.replace("\n", " "),
        }
        self._titles = {
            FindingColumn.KIND: self.tr("Found to be"),
            FindingColumn.FILE: self.tr("File"),
            FindingColumn.DETAIL: self.tr("What was found"),
        }

    @property
    def counts(self) -> VerifyCounts:
        """All findings by kind, shown or not."""
        return VerifyCounts.from_counts(self._counts)

    def finding(self, row: int) -> Finding:
        """Return the finding in ``row``."""
        return self._shown[row]

    def shown(self) -> Sequence[Finding]:
        """Return the findings that pass the filter. Not a copy: only to be read."""
        return self._shown

    def of_kinds(self, kinds: frozenset[FindingKind]) -> list[Finding]:
        """Return all findings of these kinds, shown or not."""
        return [finding for finding in self._findings if finding.kind in kinds]

    def begin(self, places: Iterable[str]) -> None:
        """Forget all findings; those that come are named by their way below these folders."""
        self._places = tuple(place.rstrip(os.sep) for place in places)
        self._findings = []
        self._counts.clear()
        self._rebuild()
        self.counts_changed.emit()

    def add(self, findings: Iterable[Finding]) -> None:
        """Append findings."""
        new = list(findings)
        self._findings.extend(new)
        self._counts.update(finding.kind for finding in new)
        shown = [finding for finding in new if self._passes(finding)]
        if shown:
            first = len(self._shown)
            self.beginInsertRows(QModelIndex(), first, first + len(shown) - 1)
            self._shown.extend(shown)
            self.endInsertRows()
        self.counts_changed.emit()

    def set_only_problems(self, only_problems: bool) -> None:
        """Hide what is sound, or show it too."""
        if only_problems != self._only_problems:
            self._only_problems = only_problems
            self._rebuild()

    def set_look(self, palette: QPalette, ratio: float) -> None:
        """Use the colours of a palette, and icons for a device pixel ratio."""
        self._palette, self._ratio = QPalette(palette), ratio
        if self._shown:
            roles = [Qt.ItemDataRole.DecorationRole.value, Qt.ItemDataRole.ForegroundRole.value]
            last = self.index(len(self._shown) - 1, FindingColumn.KIND)
            self.dataChanged.emit(self.index(0, FindingColumn.KIND), last, roles)

    def _rebuild(self) -> None:
        self.beginResetModel()
        self._shown = [finding for finding in self._findings if self._passes(finding)]
        self.endResetModel()

    def _passes(self, finding: Finding) -> bool:
        return not self._only_problems or finding.kind is not FindingKind.SOUND

    def _below_place(self, path: str) -> str:
        for place in self._places:
            if path.startswith(place + os.sep):
                # With several folders each is named, by the last part of its path.
                above = place if len(self._places) == 1 else place.rpartition(os.sep)[0]
                return path[len(above) + 1 :]
        return path.rpartition(os.sep)[2] if path in self._places else path

    # -- Qt

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        """How many findings pass the filter."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: AnyIndex = _ROOT) -> int:
        """The columns are fixed."""
        return 0 if parent.isValid() else len(FindingColumn)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Titles of the columns."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._titles[FindingColumn(section)]

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """One cell."""
        if not index.isValid():
            return None
        finding, column = self._shown[index.row()], FindingColumn(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cells[column](finding)
        if role == Qt.ItemDataRole.ToolTipRole:
            return printable(finding.path) if column is FindingColumn.FILE else self._cells[column](finding)
        return self._kind_look(finding.kind, role) if column is FindingColumn.KIND else None

    def _kind_look(self, kind: FindingKind, role: int) -> object:
        if role == Qt.ItemDataRole.DecorationRole:
            return kind_icon(kind, self._palette, _ICON, self._ratio)
        if role == Qt.ItemDataRole.ForegroundRole:
            return kind_colour(kind, self._palette)
        return None
