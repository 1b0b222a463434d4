"""A view of equal cells in lines: where each is, and what Qt asks of every view about that."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize
from PySide6.QtWidgets import QAbstractItemView, QWidget

from ocr_desktop.gui.grid.grid_geometry import GridGeometry

AnyIndex = QModelIndex | QPersistentModelIndex
_Hint = QAbstractItemView.ScrollHint


class CellView(QAbstractItemView):
    """Knows the place of every row from its number; a subclass fills the geometry and paints."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start with no cells."""
        super().__init__(parent)
        self._geometry = GridGeometry()

    @property
    def cell(self) -> QSize:
        """The size of every cell."""
        return self._geometry.cell

    @property
    def columns(self) -> int:
        """How many cells are beside each other."""
        return self._geometry.columns

    def visible_rows(self) -> range:
        """Return the rows of which at least a part is on the screen."""
        return self.rows_between(0, self.viewport().height())

    def rows_between(self, top: int, bottom: int) -> range:
        """Return the rows between two heights of the viewport; these may be beyond its edges."""
        offset = self.verticalOffset()
        return self._geometry.rows_between(top + offset, bottom + offset)

    def top_of(self, row: int) -> int:
        """Return the height in the viewport at which a row begins."""
        return self._geometry.rect(row).top() - self.verticalOffset()

    # -- What Qt asks of every view

    def visualRect(self, index: AnyIndex) -> QRect:
        """Return the cell of an index, in the viewport."""
        if not index.isValid():
            return QRect()
        return self._geometry.rect(index.row()).translated(0, -self.verticalOffset())

    def indexAt(self, point: QPoint) -> QModelIndex:
        """Return what is at a point of the viewport."""
        row = self._row_at(point)
        return QModelIndex() if row is None else self.model().index(row, 0)

    def _row_at(self, point: QPoint) -> int | None:
        return self._geometry.row_at(point + QPoint(0, self.verticalOffset()))

    def scrollTo(self, index: AnyIndex, hint: QAbstractItemView.ScrollHint = _Hint.EnsureVisible) -> None:
        """Bring an index into sight."""
        if not index.isValid():
            return
        area, height = self.visualRect(index), self.viewport().height()
        bar = self.verticalScrollBar()
        at_top, at_bottom = area.top(), area.bottom() + 1 - height
        by = 0
        if hint == _Hint.PositionAtTop or (hint == _Hint.EnsureVisible and area.top() < 0):
            by = at_top
        elif hint == _Hint.PositionAtBottom:
            by = at_bottom
        elif hint == _Hint.PositionAtCenter:
            by = (at_top + at_bottom) // 2
        elif at_bottom > 0:
            by = min(at_bottom, at_top)
        bar.setValue(bar.value() + by)

    def horizontalOffset(self) -> int:
        """Nothing scrolls sideways."""
        return 0

    def verticalOffset(self) -> int:
        """How far the content is scrolled up, in pixels."""
        return self.verticalScrollBar().value()

    def isIndexHidden(self, _index: AnyIndex) -> bool:
        """No row is hidden."""
        return False

    def updateGeometries(self) -> None:
        """Let the scroll bar span all lines."""
        height = self.viewport().height()
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self._geometry.height - height))
        bar.setPageStep(height)
        bar.setSingleStep(max(1, self._geometry.cell.height() // 3))
        super().updateGeometries()
