"""Connected components of a page that look like characters: the base of most measures.

They are found on a reduced copy, thresholded against the mean of the neighbourhood, so that shadows, coloured
paper and cards on a dark table play no role. Boxes are in pixels of the full-size page.
"""

import math
from typing import TypeAlias

import cv2
import msgspec
import numpy as np
import numpy.typing as npt

from ocr_desktop.services.preparation.pixels import Grey

_ENOUGH_PIXELS = 950_000
"""Pages are reduced by the largest whole number that leaves so many pixels to be measured."""
_NEIGHBOURHOOD = 31
"""Side of the square, in pixels of the reduced page, whose mean decides what is ink."""
_INK_SHARE = 0.12
"""By how much of the page's contrast ink has to be darker than its neighbourhood."""
_LOWEST_INK = 6
_SMALLEST_HEIGHT, _SMALLEST_WIDTH = 5, 2
"""Pixels of the reduced page; what is smaller is dust."""
_LARGEST_SHARE = 8
"""A character is at most an eighth of the page in width and height."""
_WIDEST, _TALLEST = 3.0, 8.0
"""Width to height, and height to width, of a character at most."""
_THINNEST = 0.12
"""Least share of its box that a character fills."""

Numbers: TypeAlias = npt.NDArray[np.float32]
_HALF = np.float32(0.5)


class Components(msgspec.Struct, frozen=True):
    """Boxes of what looks like characters, in pixels of the full-size page; arrays of the same length."""

    left: Numbers
    top: Numbers
    width: Numbers
    height: Numbers

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.left)

    @property
    def bottom(self) -> Numbers:
        """Lower edges."""
        return self.top + self.height

    @property
    def centre_x(self) -> Numbers:
        """Middles between left and right."""
        return self.left + self.width * _HALF

    @property
    def centre_y(self) -> Numbers:
        """Middles between top and bottom."""
        return self.top + self.height * _HALF

    def only(self, keep: npt.NDArray[np.bool_]) -> "Components":
        """Return those that are marked."""
        return Components(self.left[keep], self.top[keep], self.width[keep], self.height[keep])

    def sideways(self) -> "Components":
        """Return the components as they lie once the page is turned by 90 degrees clockwise.

        The origin moves: coordinates are right up to a shift.
        """
        return Components(-(self.top + self.height), self.left, self.height, self.width)


def reduction(width: int, height: int) -> int:
    """Return by which whole number a page is reduced to be measured."""
    return max(1, math.isqrt(width * height // _ENOUGH_PIXELS))


def reduced(page: Grey) -> tuple[Grey, int]:
    """Return the page reduced to measuring size, and by which factor."""
    factor = reduction(page.shape[1], page.shape[0])
    if factor == 1:
        return page, 1
    size = (max(1, page.shape[1] // factor), max(1, page.shape[0] // factor))
    return np.asarray(cv2.resize(page, size, interpolation=cv2.INTER_AREA), dtype=np.uint8), factor


def ink_of(page: Grey, contrast: int) -> Grey:
    """Return a mask, 255 where a page of measuring size is darker than its neighbourhood."""
    depth = max(_LOWEST_INK, round(contrast * _INK_SHARE))
    kind, method = cv2.THRESH_BINARY_INV, cv2.ADAPTIVE_THRESH_MEAN_C
    return np.asarray(cv2.adaptiveThreshold(page, 255, method, kind, _NEIGHBOURHOOD, depth), dtype=np.uint8)


def wholes_of(found: Components, ink: Grey, factor: int, reach: float) -> Components:
    """Return, for each component, the box of all that lies together with it once gaps are closed.

    Args:
        found: Components of the mask.
        ink: The mask.
        factor: By which the page was reduced for it.
        reach: Widest gap that is closed, in pixels of the full-size page.
    """
    side = max(2, round(reach / factor))
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    row = np.clip(found.centre_y / factor, 0, ink.shape[0] - 1).astype(np.intp)
    column = np.clip(found.centre_x / factor, 0, ink.shape[1] - 1).astype(np.intp)
    number = labels[row, column]
    boxes = np.asarray(stats[:, :4], dtype=np.float32)[number] * factor
    # Where a ring has nothing in its middle, its own box stands.
    own = np.stack([found.left, found.top, found.width, found.height], axis=1)
    boxes[number == 0] = own[number == 0]
    return Components(*(boxes[:, index] for index in range(4)))


def find_components(ink: Grey, factor: int) -> Components:
    """Return what looks like characters.

    Args:
        ink: Mask of a page of measuring size, see :func:`ink_of`.
        factor: By which the page was reduced for it.
    """
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    boxes = np.asarray(stats[1:], dtype=np.float32)
    left, top, width, height, area = (boxes[:, column] for column in range(5))
    rows, columns = ink.shape
    keep = (
        (np.maximum(width, height) >= _SMALLEST_HEIGHT)
        & (np.minimum(width, height) >= _SMALLEST_WIDTH)
        & (height <= rows / _LARGEST_SHARE + _SMALLEST_HEIGHT)
        & (width <= columns / _LARGEST_SHARE + _SMALLEST_HEIGHT)
        & (width <= height * _TALLEST)
        & (height <= width * _TALLEST)
        & (area >= width * height * _THINNEST)
    )
    return Components(*(column[keep] * factor for column in (left, top, width, height)))
