"""Where the cells of a grid are: plain arithmetic, the same cost for ten cells and for 100,000.

All coordinates are those of the whole content, from its upper left corner, in device-independent pixels.
"""

from PySide6.QtCore import QPoint, QRect, QSize


class GridGeometry:
    """A grid of equal cells, filled line by line.

    Attributes:
        count: How many cells there are.
        cell: The size of each.
        columns: How many are beside each other.
    """

    def __init__(self) -> None:
        """Start without cells."""
        self.count = 0
        self.columns = 1
        self.cell = QSize(1, 1)

    @property
    def lines(self) -> int:
        """How many lines the cells fill."""
        return -(-self.count // self.columns)

    @property
    def height(self) -> int:
        """Height of all lines together."""
        return self.lines * self.cell.height()

    def spread(self, smallest: QSize, width: int) -> bool:
        """Share ``width`` out among as many columns as fit; return whether that changes anything."""
        columns = max(1, width // max(1, smallest.width()))
        cell = QSize(max(smallest.width(), width // columns), max(1, smallest.height()))
        is_new = (columns, cell) != (self.columns, self.cell)
        self.columns, self.cell = columns, cell
        return is_new

    def rect(self, row: int) -> QRect:
        """Return the area of a cell."""
        line, column = divmod(row, self.columns)
        width, height = self.cell.width(), self.cell.height()
        return QRect(column * width, line * height, width, height)

    def row_at(self, point: QPoint) -> int | None:
        """Return the cell at a point; None beside and below the cells."""
        column = point.x() // self.cell.width()
        row = (point.y() // self.cell.height()) * self.columns + column
        is_inside = 0 <= column < self.columns and point.y() >= 0 and row < self.count
        return row if is_inside else None

    def rows_between(self, top: int, bottom: int) -> range:
        """Return the cells of all lines of which a part lies between two heights, the lower one left out."""
        height = self.cell.height()
        first = max(0, top // height) * self.columns
        last = max(0, -(-bottom // height)) * self.columns
        return range(min(first, self.count), max(min(first, self.count), min(last, self.count)))

    def stepped(self, row: int, by: int) -> int:
        """Return where so many cells on from a row is; whole lines keep to the column, and nothing leaves."""
        target = row + by
        if 0 <= target < self.count:
            return target
        column = row % self.columns if abs(by) >= self.columns > 1 else None
        if target < 0:
            return 0 if column is None else column
        return (
            self.count - 1
            if column is None
            else min(self.count - 1, (self.lines - 1) * self.columns + column)
        )

    def ranges_in(self, area: QRect) -> list[tuple[int, int]]:
        """Return the cells that an area touches, as stretches ``(first, last)``."""
        left = max(0, area.left() // self.cell.width())
        right = min(self.columns - 1, area.right() // self.cell.width())
        lines = self.rows_between(area.top(), area.bottom() + 1)
        if left > right or not lines:
            return []
        if (left, right) == (0, self.columns - 1):
            return [(lines[0], lines[-1])]
        starts = range(lines[0] + left, lines[-1] + 1, self.columns)
        return [(start, min(start + right - left, self.count - 1)) for start in starts]
