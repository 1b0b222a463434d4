"""From pixels of a prepared page back to pixels of the upright image."""

import math

import msgspec

from ocr_desktop.domain.results import Box


class BoxMap(msgspec.Struct, frozen=True):
    """An affine map: ``x = xx * x' + xy * y' + x0`` and ``y = yx * x' + yy * y' + y0``.

    Primed is the prepared page, plain the upright image. Both count from the outer corner at the top left, so
    that the middle of the first pixel is at 0.5.
    """

    width: int
    height: int
    """Size of the upright image in pixels; boxes are clipped to it."""
    xx: float = 1.0
    xy: float = 0.0
    x0: float = 0.0
    yx: float = 0.0
    yy: float = 1.0
    y0: float = 0.0

    @property
    def is_identity(self) -> bool:
        """Whether boxes stay as they are."""
        return (self.xx, self.xy, self.x0, self.yx, self.yy, self.y0) == (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Map a point of the prepared page."""
        return self.xx * x + self.xy * y + self.x0, self.yx * x + self.yy * y + self.y0

    def back(self, x: float, y: float) -> tuple[float, float]:
        """Map a point of the upright image to the prepared page."""
        area = self.xx * self.yy - self.xy * self.yx
        x, y = x - self.x0, y - self.y0
        return (self.yy * x - self.xy * y) / area, (self.xx * y - self.yx * x) / area

    def box(self, box: Box) -> Box:
        """Map a box of the prepared page to the smallest box of the upright image that holds it.

        Edges are rounded to whole pixels outwards, but for what is mere rounding of the map itself.
        """
        if self.is_identity:
            return box
        left, top, width, height = box
        corners = [self.point(x, y) for x in (left, left + width) for y in (top, top + height)]
        xs, ys = zip(*corners, strict=True)
        x0, x1 = _outwards(min(xs), max(xs), self.width)
        y0, y1 = _outwards(min(ys), max(ys), self.height)
        return x0, y0, x1 - x0, y1 - y0


_ROUNDING = 0.01
"""Pixels by which an edge may lie outside a whole pixel without reaching into the next."""


def _outwards(low: float, high: float, size: int) -> tuple[int, int]:
    first, last = math.floor(low + _ROUNDING), math.ceil(high - _ROUNDING)
    return min(max(first, 0), size), min(max(last, first, 0), size)
