"""A grid of equal cells over a flat model: whatever its number of rows, everything about it costs the same.

QListView lays its items out one by one, in batches, and asks the model about each; for 100,000 that takes
seconds, and every batch is felt. Here nothing is laid out: where a cell is follows from its row.

The view keeps its place. When rows come or go, the image at its top stays there. When rows only change places
(another order), it stays at the height where it is.
"""

import math
import time
from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QSize,
    Qt,
    QTimer,
    Slot,
)
from PySide6.QtGui import QAccessible, QHoverEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QWidget

from ocr_desktop.gui.grid.cell_view import AnyIndex, CellView
from ocr_desktop.gui.grid.grid_place import GridPlace, Identities

_PAINT_BUDGET = 0.008
"""Seconds that one painting may take while the view is on the move; the other cells come right after it."""
_MOVING = 0.2
"""Seconds after it was scrolled or filled for which a view counts as being on the move."""
_FEW_PIECES = 200
"""A selection in more pieces is repainted as a whole."""
_Command = QItemSelectionModel.SelectionFlag
_Hint = QAbstractItemView.ScrollHint


class PlainGrid(CellView):
    """Shows a flat model; what mouse and keys do is in :class:`GridView`.

    The delegate's ``paint`` gets the area and the usual flags (selected, under the pointer, with focus).
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self._shown: QAbstractItemModel | None = None
        self._smallest = QSize(100, 100)
        self._hovered: int | None = None
        self._place: GridPlace | None = None
        self._moved = 0.0
        self._owed: set[int] = set()
        self._repay = QTimer(self, interval=0, singleShot=True)
        self._repay.timeout.connect(self._paint_owed)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)

    # -- Geometry

    def set_smallest_cell(self, size: QSize) -> None:
        """Make cells at least so large; what is in the middle of the view stays in sight."""
        rows = self.visible_rows()
        middle = rows[len(rows) // 2] if rows else None
        self._smallest = QSize(size)
        self._arrange()
        if middle is not None:
            self.scrollTo(self.model().index(middle, 0), _Hint.PositionAtCenter)

    def selected_rows(self) -> list[int]:
        """Return the selected rows, in order. Quick, also where all are selected."""
        ranges = sorted(_ranges_of(self.selectionModel().selection()))
        return [row for first, last in ranges for row in range(first, last + 1)]

    def make_current(self, row: int) -> None:
        """Make a row the current one; neither the selection nor the place of the view changes."""
        follows = self.hasAutoScroll()
        self.setAutoScroll(False)
        self.selectionModel().setCurrentIndex(self.model().index(row, 0), _Command.NoUpdate)
        self.setAutoScroll(follows)

    def cell_resized(self, size: QSize) -> None:
        """Cells have another size from now on; for the delegate of a subclass to know."""

    def _arrange(self) -> None:
        """Follow the width, the smallest cell and the number of rows."""
        self._geometry.count = self._count()
        if self._geometry.spread(self._smallest, self.viewport().width()):
            self.cell_resized(self._geometry.cell)
        self.updateGeometries()
        self.viewport().update()

    def _count(self) -> int:
        return 0 if self._shown is None else self._shown.rowCount()

    # -- Rows that come, go and change places

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Show another model."""
        if self._shown is not None:
            self._shown.modelAboutToBeReset.disconnect(self._note_place)
            self._shown.modelReset.disconnect(self._return_to_place)
            self._shown.rowsRemoved.disconnect(self._follow_removal)
        self._shown = model
        super().setModel(model)
        if model is not None:
            model.modelAboutToBeReset.connect(self._note_place)
            model.modelReset.connect(self._return_to_place)
            model.rowsRemoved.connect(self._follow_removal)
        self._arrange()

    def reset(self) -> None:
        """All rows are new."""
        self._hovered = None
        self._geometry.count = self._count()
        super().reset()
        self._moved = time.perf_counter()
        self._arrange()

    @Slot()
    def _return_to_place(self) -> None:
        """Find again what was selected, current and at the top.

        Connected last, because the selection model forgets everything in a reset, too.
        """
        if self._place is not None:
            self._place.restore(self)
            self._place = None

    @Slot()
    def _note_place(self) -> None:
        model = self.model()
        self._place = GridPlace.of(self, model) if isinstance(model, Identities) else None

    def rowsInserted(self, parent: AnyIndex, start: int, end: int) -> None:
        """Make room; what is on the screen stays where it is."""
        super().rowsInserted(parent, start, end)
        self._shift(start, end - start + 1)

    @Slot(QModelIndex, int, int)
    def _follow_removal(self, _parent: QModelIndex, start: int, end: int) -> None:
        self._shift(start, start - end - 1)

    def _shift(self, start: int, by: int) -> None:
        """Rows from ``start`` on have moved down (or, with a negative number, up)."""
        visible = self.visible_rows()
        offset = self.verticalOffset()
        top = visible[0] if visible else 0
        above = self.top_of(top)
        was_full = self._geometry.height - offset > self.viewport().height()
        self._geometry.count = self.model().rowCount()
        self._moved = time.perf_counter()
        self.updateGeometries()
        if offset and start <= top:
            self._hovered = None
            moved = max(start, top + by)
            self.verticalScrollBar().setValue(self._geometry.rect(moved).top() - above)
        if not was_full or by < 0 or (visible and start <= visible[-1]):
            self.viewport().update()

    def dataChanged(self, top_left: AnyIndex, bottom_right: AnyIndex, roles: Sequence[int] = ()) -> None:
        """Repaint what has changed if it is on the screen; nothing changes the size of a cell."""
        visible = self.visible_rows()
        first, last = top_left.row(), bottom_right.row()
        if not visible or last < visible[0] or first > visible[-1]:
            return
        if first == last or QAccessible.isActive():
            super().dataChanged(top_left, bottom_right, roles)
        else:
            self.viewport().update(self._region(max(first, visible[0]), min(last, visible[-1])))

    # -- Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cells on the screen; while they fly past, as many as there is time for."""
        began = time.perf_counter()
        deadline = began + (_PAINT_BUDGET if began - self._moved < _MOVING else math.inf)
        painter = QPainter(self.viewport())
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        dirty, offset, model = event.rect(), self.verticalOffset(), self.model()
        plain = option.state & ~QStyle.StateFlag.State_HasFocus
        current = self.currentIndex().row() if self.hasFocus() or self.viewport().hasFocus() else None
        selection, delegate = self.selectionModel(), self.itemDelegate()
        for row in self.rows_between(dirty.top(), dirty.bottom() + 1):
            area = self._geometry.rect(row).translated(0, -offset)
            index = model.index(row, 0)
            if not area.intersects(dirty) or not index.isValid():
                continue
            if time.perf_counter() > deadline:
                self._owed.add(row)
                continue
            state = plain
            if selection.isSelected(index):
                state |= QStyle.StateFlag.State_Selected
            if row == self._hovered:
                state |= QStyle.StateFlag.State_MouseOver
            if row == current:
                state |= QStyle.StateFlag.State_HasFocus
            option.rect = area
            option.state = state
            delegate.paint(painter, option, index)
        painter.end()
        if self._owed:
            self._repay.start()

    @Slot()
    def _paint_owed(self) -> None:
        """Paint what there was no time for, as far as it is still in sight."""
        owed, self._owed = self._owed, set()
        for row in owed.intersection(self.visible_rows()):
            self.viewport().update(self._region(row, row))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move what is painted already, where that makes the same picture."""
        self._moved = time.perf_counter()
        is_whole = self.devicePixelRatioF().is_integer()
        if is_whole and abs(dy) < self.viewport().height():
            self.viewport().scroll(dx, dy)
        else:
            self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        """Note what the pointer is over; Qt sees to it that both cells are painted again."""
        if isinstance(event, QHoverEvent):
            is_gone = event.type() == QEvent.Type.HoverLeave
            self._hovered = None if is_gone else self._row_at(event.position().toPoint())
        return super().viewportEvent(event)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """Return the part of the viewport that a selection covers."""
        if selection.count() > _FEW_PIECES:
            return QRegion(self.viewport().rect())
        visible = self.visible_rows()
        region = QRegion()
        for top, bottom in _ranges_of(selection) if visible else ():
            first, last = max(top, visible[0]), min(bottom, visible[-1])
            if first <= last:
                region += self._region(first, last)
        return region

    def _region(self, first: int, last: int) -> QRegion:
        """Return the lines of the viewport that some visible rows are in; of a single row its cell."""
        area = self._geometry.rect(first).translated(0, -self.verticalOffset())
        if first != last:
            area |= self._geometry.rect(last).translated(0, -self.verticalOffset())
            area.setLeft(0)
            area.setRight(self.viewport().width())
        return QRegion(area)

    # -- Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width out anew; the image at the top stays there."""
        top = next(iter(self.visible_rows()), None) if self.verticalOffset() else None
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._arrange()
            if top is not None:
                self.scrollTo(self.model().index(top, 0), _Hint.PositionAtTop)


def _ranges_of(selection: QItemSelection) -> list[tuple[int, int]]:
    parts = map(selection.at, range(selection.count()))
    return [(part.top(), part.bottom()) for part in parts]
