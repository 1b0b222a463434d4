"""The steps of a preparation. Each takes pixels and returns new ones; none changes what it was given."""

import math

import cv2
import numpy as np

from ocr_desktop.services.preparation.box_map import BoxMap
from ocr_desktop.services.preparation.pixels import Grey

_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
_MUCH_SMALLER = 0.8
"""A page that shrinks below this share is averaged first: a warp would skip pixels."""
_WHITE = 255
_BACKGROUND_SIDE = 1.7
"""Side of the square whose lightest pixel is the background, in heights of characters."""
_BACKGROUND_SCALE = 4
"""The background is found on a copy that is smaller by this factor."""


def turned(page: Grey, degrees: int) -> Grey:
    """Turn a page clockwise by 0, 90, 180 or 270 degrees, without a loss."""
    return page if degrees == 0 else np.asarray(cv2.rotate(page, _TURNS[degrees]), dtype=np.uint8)


def reshaped(page: Grey, scale: float, angle: float) -> tuple[Grey, BoxMap]:
    """Scale a page and turn it clockwise by a small angle, in one go, so that it is sampled only once.

    The result is large enough to hold the whole page; what the turn uncovers takes the colour of its edge.

    Args:
        page: The page.
        scale: Factor by which it grows.
        angle: Degrees clockwise.
    """
    height, width = page.shape
    if not angle:
        return _scaled(page, scale)
    radians = math.radians(angle)
    cosine, sine = scale * math.cos(radians), scale * math.sin(radians)
    new_width = math.ceil(width * abs(cosine) + height * abs(sine))
    new_height = math.ceil(height * abs(cosine) + width * abs(sine))
    # Corner coordinates: the middle of the page falls on the middle of the new one.
    dx = new_width / 2 - (cosine * width / 2 - sine * height / 2)
    dy = new_height / 2 - (sine * width / 2 + cosine * height / 2)
    # OpenCV counts from the middles of pixels.
    shift_x = dx + (cosine - sine - 1) / 2
    shift_y = dy + (sine + cosine - 1) / 2
    matrix = np.array([[cosine, -sine, shift_x], [sine, cosine, shift_y]])
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    if scale < _MUCH_SMALLER:  # warping takes no averages: pixels would fall through
        page, first = _scaled(page, scale)
        result, second = reshaped(page, 1.0, angle)
        return result, _after(first, second)
    pixels = cv2.warpAffine(
        page, matrix, (new_width, new_height), flags=method, borderMode=cv2.BORDER_REPLICATE
    )
    area = scale * scale
    back = BoxMap(
        width=width,
        height=height,
        xx=cosine / area,
        xy=sine / area,
        x0=-(cosine * dx + sine * dy) / area,
        yx=-sine / area,
        yy=cosine / area,
        y0=-(-sine * dx + cosine * dy) / area,
    )
    return np.asarray(pixels, dtype=np.uint8), back


def _scaled(page: Grey, scale: float) -> tuple[Grey, BoxMap]:
    height, width = page.shape
    if scale == 1:
        return page, BoxMap(width=width, height=height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    pixels = np.asarray(cv2.resize(page, size, interpolation=method), dtype=np.uint8)
    return pixels, BoxMap(width=width, height=height, xx=width / size[0], yy=height / size[1])


def _after(first: BoxMap, second: BoxMap) -> BoxMap:
    """Return the map of a page that was mapped twice: back through the second, then through the first."""
    x0, y0 = first.point(second.x0, second.y0)
    return BoxMap(
        width=first.width,
        height=first.height,
        xx=first.xx * second.xx + first.xy * second.yx,
        xy=first.xx * second.xy + first.xy * second.yy,
        x0=x0,
        yx=first.yx * second.xx + first.yy * second.yx,
        yy=first.yx * second.xy + first.yy * second.yy,
        y0=y0,
    )


def levelled(page: Grey, text_height: float) -> Grey:
    """Divide the background out: shadows, patterns and coloured paper become white.

    The background is the lightest grey around each place, wider than a stroke, without specks of light.

    Args:
        page: The page.
        text_height: Height of a character in pixels.
    """
    height, width = page.shape
    size = max(1, width // _BACKGROUND_SCALE), max(1, height // _BACKGROUND_SCALE)
    small = cv2.resize(page, size, interpolation=cv2.INTER_AREA)
    side = max(3, round(text_height * _BACKGROUND_SIDE / _BACKGROUND_SCALE)) | 1
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((side, side), np.uint8)), side)
    background = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(page, background, scale=_WHITE), dtype=np.uint8)
