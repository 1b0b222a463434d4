"""Which word is where on a page: a grid of cells, so that no pointer has to look at 3,000 boxes."""

from collections.abc import Sequence

from ocr_desktop.domain.results import Box

_CELLS = 48
"""Cells across and down."""


class WordIndex:
    """Boxes by place. Never changes, so any thread may make and use it.

    Args:
        boxes: In pixels of the upright image; a box is known by its place in this sequence.
        width: Of the image in pixels.
        height: The same.
    """

    def __init__(self, boxes: Sequence[Box], width: int, height: int) -> None:
        """Sort the boxes into the cells."""
        self._boxes = boxes
        self._cell_width = max(1.0, width / _CELLS)
        self._cell_height = max(1.0, height / _CELLS)
        self._cells: dict[tuple[int, int], list[int]] = {}
        for number, (left, top, box_width, box_height) in enumerate(boxes):
            for cell in self._cells_of(left, top, left + box_width, top + box_height):
                self._cells.setdefault(cell, []).append(number)

    def at(self, x: float, y: float, *, slack: float = 0.0) -> int | None:
        """Return the smallest box that holds a point, or else the nearest one within ``slack`` pixels."""
        best: tuple[float, int, int] | None = None
        for number in self._near(x - slack, y - slack, x + slack, y + slack):
            left, top, width, height = self._boxes[number]
            beside = max(left - x, x - left - width, 0.0)
            above = max(top - y, y - top - height, 0.0)
            distance = max(beside, above)
            if distance <= slack:
                best = min(best or (distance, width * height, number), (distance, width * height, number))
        return None if best is None else best[2]

    def within(self, left: float, top: float, right: float, bottom: float) -> set[int]:
        """Return the boxes that may be seen in a part of the page (a few more than those that are)."""
        if right - left >= self._cell_width * _CELLS and bottom - top >= self._cell_height * _CELLS:
            return set(range(len(self._boxes)))
        return self._near(left, top, right, bottom)

    def _near(self, left: float, top: float, right: float, bottom: float) -> set[int]:
        found: set[int] = set()
        for cell in self._cells_of(left, top, right, bottom):
            found.update(self._cells.get(cell, ()))
        return found

    def _cells_of(self, left: float, top: float, right: float, bottom: float) -> list[tuple[int, int]]:
        columns = range(_clamped(left / self._cell_width), _clamped(right / self._cell_width) + 1)
        rows = range(_clamped(top / self._cell_height), _clamped(bottom / self._cell_height) + 1)
        return [(column, row) for column in columns for row in rows]


def _clamped(cell: float) -> int:
    """Boxes beyond the edge of the page, and points beside it, belong to the outermost cells."""
    return min(_CELLS - 1, max(0, int(cell)))
