"""A page in several sizes, cut into tiles: a large scan is drawn from a few small pictures at any zoom."""

import math
from typing import NamedTuple

from PIL import Image
from PySide6.QtGui import QImage

TILE = 512
"""Pixels of the edge of a tile, at its own level."""
_BASE_EDGE = 1024
"""The coarsest level is no larger than this, and is one picture."""
_QUARTER_TURNS = {
    90: Image.Transpose.ROTATE_270,  # Pillow turns the other way round
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


class TileKey(NamedTuple):
    """A tile of a page."""

    level: int
    """0 is full size; each further one half of the one before."""
    column: int
    row: int


class PagePyramid:
    """The sizes of one page. Made in the background, and read from any thread; it never changes.

    Args:
        image: The upright page, in grey or colour.
    """

    def __init__(self, image: Image.Image) -> None:
        """Scale it down, again and again."""
        self.width, self.height = image.size
        self._levels = [image]
        while max(self._levels[-1].size) > _BASE_EDGE:
            self._levels.append(self._levels[-1].reduce(2))
        self.base = picture_of(self._levels[-1])

    @property
    def top(self) -> int:
        """The coarsest level, which ``base`` shows whole."""
        return len(self._levels) - 1

    def level_for(self, zoom: float) -> int:
        """Return the coarsest level that has all the detail that is seen.

        Args:
            zoom: Device pixels for each pixel of the image.
        """
        if zoom >= 1.0:
            return 0
        return min(self.top, int(math.log2(1.0 / zoom) + 0.01))

    def keys_in(self, level: int, left: float, top: float, right: float, bottom: float) -> list[TileKey]:
        """Return the tiles of a level that a part of the page needs; the part in pixels of the full size."""
        edge = TILE << level
        columns, rows = self.size_in_tiles(level)
        return [
            TileKey(level, column, row)
            for row in range(max(0, int(top // edge)), min(rows, math.ceil(bottom / edge)))
            for column in range(max(0, int(left // edge)), min(columns, math.ceil(right / edge)))
        ]

    def size_in_tiles(self, level: int) -> tuple[int, int]:
        """Return how many tiles a level has across and down."""
        width, height = self._levels[level].size
        return math.ceil(width / TILE), math.ceil(height / TILE)

    def tile(self, key: TileKey) -> QImage:
        """Cut out a tile. For threads in the background: takes a few milliseconds."""
        level = self._levels[key.level]
        left, top = key.column * TILE, key.row * TILE
        right, bottom = min(left + TILE, level.width), min(top + TILE, level.height)
        return picture_of(level.crop((left, top, right, bottom)))


def turned(image: Image.Image, degrees: int) -> Image.Image:
    """Return an image turned clockwise by 0, 90, 180 or 270 degrees."""
    turn = _QUARTER_TURNS.get(degrees % 360)
    return image if turn is None else image.transpose(turn)


def picture_of(image: Image.Image) -> QImage:
    """Return an image in the format that Qt draws fastest. Any thread."""
    pixels = image.convert("RGBA").tobytes("raw", "BGRA")
    # The picture only borrows the bytes; the copy has its own.
    return QImage(pixels, image.width, image.height, 4 * image.width, QImage.Format.Format_RGB32).copy()
