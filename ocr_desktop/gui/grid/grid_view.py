"""A grid for 100,000 images: the cells of :class:`PlainGrid`, and what mouse and keys do on them."""

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, Slot
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from ocr_desktop.gui.grid.cell_view import AnyIndex
from ocr_desktop.gui.grid.plain_grid import PlainGrid
from ocr_desktop.gui.grid.rubber_band import RubberBand

__all__ = ["AnyIndex", "GridView"]

_Command = QItemSelectionModel.SelectionFlag
_Move = QAbstractItemView.CursorAction


class GridView(PlainGrid):
    """Shows a flat model. Subclasses say how large a cell has to be, and set a delegate."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self._pointer = QPoint()
        self._dragged = _Command.ClearAndSelect
        self._band = RubberBand(self.viewport())
        self._band.pulled.connect(self._pull)

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Select what the rubber band touches, or from one cell to another along the lines.

        Args:
            rect: In the viewport. Its corners are the two cells, one of which is the current one.
            command: What to do with the cells.
        """
        model = self.model()
        if self._band.is_active:
            ranges = self._geometry.ranges_in(self._band.area)
        elif command & _Command.Current:
            ranges = self._range_between(rect)
        else:
            row = self._row_at(rect.center())
            ranges = [] if row is None else [(row, row)]
        selection = QItemSelection()
        for first, last in ranges:
            selection.select(model.index(first, 0), model.index(last, 0))
        self.selectionModel().select(selection, command)

    def _range_between(self, rect: QRect) -> list[tuple[int, int]]:
        """Return the rows from the current one to the one at the opposite corner of ``rect``."""
        end = self.currentIndex().row()
        area = self._geometry.rect(max(0, end)).translated(0, -self.verticalOffset())
        left, right = sorted((rect.left(), rect.right()))
        top, bottom = sorted((rect.top(), rect.bottom()))
        x = right if area.left() <= left <= area.right() else left
        y = bottom if area.top() <= top <= area.bottom() else top
        start = self._row_at(QPoint(x, y))
        known = [row for row in (start, end) if row is not None and row >= 0]
        return [(min(known), max(known))] if known else []

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A rubber band may begin, wherever the button is pressed."""
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            at = event.position().toPoint()
            self._band.press(at + QPoint(0, self.verticalOffset()))
            self._dragged = _Command.ClearAndSelect
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                index = self.indexAt(at)
                is_taken_out = index.isValid() and not self.selectionModel().isSelected(index)
                self._dragged = _Command.Current | (_Command.Deselect if is_taken_out else _Command.Select)
            elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._dragged = _Command.SelectCurrent

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Stretch the rubber band."""
        self._pointer = event.position().toPoint()
        if event.buttons() & Qt.MouseButton.LeftButton and self._stretch():
            return
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Keep what the rubber band has selected."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._band.release()
            self.viewport().update()
        super().mouseReleaseEvent(event)

    def _stretch(self) -> bool:
        """Let the rubber band follow the pointer; return whether there is one."""
        offset = QPoint(0, self.verticalOffset())
        if not self._band.move(self._pointer + offset, self._pointer):
            return False
        self.setState(QAbstractItemView.State.DragSelectingState)
        self.setSelection(self._band.area.translated(-offset), self._dragged)
        self.viewport().update()
        return True

    @Slot(int)
    def _pull(self, by: int) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + by)
        self._stretch()

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, _modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Return where an arrow key, Home, End or a page key leads from the current index."""
        grid, current = self._geometry, self.currentIndex().row()
        if grid.count == 0:
            return QModelIndex()
        if current < 0:
            return self.model().index(0, 0)
        page = max(1, self.viewport().height() // grid.cell.height()) * grid.columns
        steps = {
            _Move.MoveLeft: -1,
            _Move.MovePrevious: -1,
            _Move.MoveRight: 1,
            _Move.MoveNext: 1,
            _Move.MoveUp: -grid.columns,
            _Move.MoveDown: grid.columns,
            _Move.MovePageUp: -page,
            _Move.MovePageDown: page,
            _Move.MoveHome: -current,
            _Move.MoveEnd: grid.count - 1 - current,
        }
        return self.model().index(grid.stepped(current, steps[action]), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rubber band over the cells."""
        super().paintEvent(event)
        if self._band.is_active:
            painter = QPainter(self.viewport())
            self._band.draw(painter, self.verticalOffset())
            painter.end()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """The rubber band does not move along with the cells."""
        super().scrollContentsBy(dx, dy)
        if self._band.is_active:
            self.viewport().update()
