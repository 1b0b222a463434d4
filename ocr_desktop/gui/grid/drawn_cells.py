"""Cells of the grid that were drawn and may be drawn again: one call instead of twenty."""

from collections import OrderedDict

from PySide6.QtCore import QSize
from PySide6.QtGui import QPixmap

_MAX_BYTES = 48 * 1024 * 1024
"""Memory for finished cells: several screens of them."""


class DrawnCells:
    """Finished cells by what they show; bounded by bytes, those drawn longest ago go first."""

    def __init__(self) -> None:
        """Start empty."""
        self._size = QSize()
        self._bytes = 0
        self._cells: OrderedDict[object, QPixmap] = OrderedDict()

    def get(self, aspect: object, size: QSize) -> QPixmap | None:
        """Return the cell that shows ``aspect``; forget all if cells are of another size by now."""
        if size != self._size:
            self._size = QSize(size)
            self._cells.clear()
            self._bytes = 0
        return self._cells.get(aspect)

    def put(self, aspect: object, drawn: QPixmap) -> None:
        """Keep a cell that shows ``aspect``."""
        self._cells[aspect] = drawn
        self._bytes += _bytes_of(drawn)
        while self._bytes > _MAX_BYTES:
            _, oldest = self._cells.popitem(last=False)
            self._bytes -= _bytes_of(oldest)


def _bytes_of(pixmap: QPixmap) -> int:
    return 4 * pixmap.width() * pixmap.height()
