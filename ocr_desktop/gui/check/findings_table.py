"""The table of findings, and the row of counts above it."""

from PySide6.QtCore import QEvent, QLocale, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ocr_desktop.domain.verification import FindingKind, VerifyCounts
from ocr_desktop.gui.check.finding_look import kind_colour, kind_pixmap, kind_word
from ocr_desktop.gui.check.findings_model import AnyIndex, FindingColumn, FindingsModel
from ocr_desktop.gui.look.appearance import GRID

_ICON = 16
_COUNTS_IN_A_ROW = 4


class FindingsTable(QTableView):
    """One row for each finding.

    Signals:
        copy_pressed: The keys for copying; the view itself would copy one cell.
    """

    copy_pressed = Signal()

    def __init__(self, model: FindingsModel, parent: QWidget | None = None) -> None:
        """Show ``model``."""
        super().__init__(parent)
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setItemDelegateForColumn(FindingColumn.FILE, _PathDelegate(self))
        self.setAccessibleName(self.tr("Findings"))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + GRID + 2)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        metrics = self.fontMetrics()
        widest = max(metrics.horizontalAdvance(kind_word(kind)) for kind in FindingKind)
        self.setColumnWidth(FindingColumn.KIND, widest + _ICON + 3 * GRID)
        self.setColumnWidth(FindingColumn.FILE, 30 * metrics.averageCharWidth())
        header.setStretchLastSection(True)

    # -- Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the list."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_pressed.emit()
        else:
            super().keyPressEvent(event)


class FindingsCounts(QWidget):
    """How many findings there are of each kind; those of which there are none are left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start with none of any."""
        super().__init__(parent)
        self._labels = {kind: _KindCount(kind) for kind in FindingKind}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * GRID)
        grid.setVerticalSpacing(GRID // 2)
        for place, label in enumerate(self._labels.values()):
            grid.addWidget(label, *divmod(place, _COUNTS_IN_A_ROW))
        grid.setColumnStretch(_COUNTS_IN_A_ROW, 1)

    @property
    def words(self) -> list[str]:
        """What is shown, e.g. ``37 sound``."""
        return [label.text.text() for label in self._labels.values() if not label.isHidden()]

    def show_counts(self, counts: VerifyCounts) -> None:
        """Show these."""
        for kind, label in self._labels.items():
            label.set_count(counts.of(kind))


class _PathDelegate(QStyledItemDelegate):
    def initStyleOption(self, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Leave out the middle of what is too long: a path begins and ends with what matters."""
        super().initStyleOption(option, index)
        option.textElideMode = Qt.TextElideMode.ElideMiddle


class _KindCount(QWidget):
    """An icon, a number and a word."""

    def __init__(self, kind: FindingKind) -> None:
        super().__init__()
        self._kind = kind
        self._icon = QLabel()
        self.text = QLabel()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self._icon)
        layout.addWidget(self.text, 1)
        self._recolour()
        self.hide()

    def set_count(self, count: int) -> None:
        self.text.setText(
            self.tr("{count} {word}").format(
                count=QLocale().toString(count), word=kind_word(self._kind).lower()
            )
        )
        self.setVisible(count > 0)

    def _recolour(self) -> None:
        palette = self.palette()
        self._icon.setPixmap(kind_pixmap(self._kind, palette, _ICON, self.devicePixelRatioF()))
        own = self.text.palette()
        own.setColor(self.text.foregroundRole(), kind_colour(self._kind, palette))
        self.text.setPalette(own)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "text"):
            self._recolour()
