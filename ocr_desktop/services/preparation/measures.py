"""Cheap measures of a page, from one reduced copy: what the plan of its preparation is chosen by."""

from collections.abc import Callable

import cv2
import msgspec
import numpy as np
from PIL import Image

from ocr_desktop.services.preparation.components import (
    Components,
    Numbers,
    find_components,
    ink_of,
    reduced,
    wholes_of,
)
from ocr_desktop.services.preparation.pixels import Grey, grey_pixels
from ocr_desktop.services.preparation.skew import LineFit, fit_lines

_FEWEST_CHARACTERS = 12
"""With fewer, no height of text is told."""
_USUAL_SIZE = (0.5, 2.0)
"""Components between these multiples of the usual height are taken for characters of the running text."""
_SAME_TONE = 16
"""Grey levels within which paper is of one tone."""
_HALF = 0.5
_MUCH_TALLER = 1.4
"""Ratio of the two heights from which it is looked at which of them is right."""
_GAP = 0.45
"""Gaps that are closed to see what a mark belongs to, as a share of the marks' height."""
_ABOUT = (0.6, 1.7)
"""What is within these multiples of a height is about as tall."""
_GROWN = 1.5
"""A mark that does not grow by this factor once gaps are closed stands alone: dust."""
_MANY, _SOME = 0.4, 0.3
"""Share of the small marks that belong to letters, and share of all marks that are small, in broken print."""
_NEIGHBOURS_OF = 150
"""How many characters are asked where their nearest neighbour is."""
_BAND_HEIGHT = 8
"""Height of the band that a trial reads, in heights of characters: some four lines."""


class PageMeasures(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured on a page."""

    width: int
    height: int
    """Pixels."""
    characters: int
    """Components of the size of characters."""
    text_height: float | None
    """Usual height of a character in pixels, capitals and small letters alike; None with too few of them."""
    fragments: float
    """Share of the marks that are much smaller than that: broken or dotted print, or dust."""
    sideways: float
    """Share of the characters whose nearest neighbour is above or below: high for a page on its side."""
    lines: LineFit | None
    """Skew and uprightness of the lines, for a page on its side as seen once it is turned clockwise."""
    band: tuple[int, int]
    """Rows from and to, where the most characters are: what a trial reads. For a page on its side, as it is
    once turned clockwise."""
    contrast: int
    """Difference in grey between the lightest and darkest of the page, 2 percent left out at each end."""
    midtones: float
    """Share of the page that is not about as light as its commonest grey: ink alone on a printed page, a good
    part of a photograph, a card with a pattern, or a table around the paper."""

    @property
    def megapixels(self) -> float:
        """Size in megapixels."""
        return self.width * self.height / 1e6


def measure_page(image: Image.Image) -> PageMeasures:
    """Measure an image of mode ``L`` or ``RGB``, upright as the file says. Does not change it."""
    return measure_pixels(grey_pixels(image))


def measure_pixels(page: Grey) -> PageMeasures:
    """Measure grey pixels."""
    small, factor = reduced(page)
    contrast, midtones = _tones(small)
    ink = ink_of(small, contrast)
    found = find_components(ink, factor)
    sideways = _sideways(found)
    lies = sideways > _HALF
    lying = found.sideways() if lies else found

    def wholes(reach: float) -> Components:
        boxes = wholes_of(found, ink, factor, reach)
        return boxes.sideways() if lies else boxes

    text_height = _text_height(lying, wholes)
    running = _running_text(lying, text_height)
    return PageMeasures(
        width=page.shape[1],
        height=page.shape[0],
        characters=len(running),
        text_height=text_height,
        fragments=_fragments(lying, text_height),
        sideways=sideways,
        lines=fit_lines(running, text_height) if text_height else None,
        band=_busiest_band(running, text_height),
        contrast=contrast,
        midtones=midtones,
    )


def _tones(small: Grey) -> tuple[int, float]:
    """Return the distance of the darkest and lightest levels, and the share away from the commonest."""
    counts = cv2.calcHist([small], [0], None, [256], [0, 256]).ravel()
    shares = counts.cumsum() / max(float(counts.sum()), 1.0)
    dark, light = (int(np.searchsorted(shares, share)) for share in (0.02, 0.98))
    commonest = int(np.argmax(np.convolve(counts, np.ones(11), mode="same")))
    near = counts[max(0, commonest - _SAME_TONE) : commonest + _SAME_TONE + 1].sum()
    return light - dark, round(1 - float(near / max(counts.sum(), 1.0)), 3)


def _text_height(found: Components, wholes: Callable[[float], Components]) -> float | None:
    """Return the usual height of a character.

    Mostly the median of the components. But broken print falls into several fragments to a letter: if many of
    the small marks belong to something of the height at which half of the squared heights is reached, that is
    the height. And small marks that stand alone are dust, which does not count.
    """
    if len(found) < _FEWEST_CHARACTERS:
        return None
    usual, weighty = float(np.median(found.height)), _weighty_median(found.height)
    if weighty < usual * _MUCH_TALLER:
        return round(usual, 2)
    small = found.height < weighty * _USUAL_SIZE[0]
    whole = wholes(usual * _GAP + 1)
    dust = small & (whole.height < found.height * _GROWN) & (whole.width < found.width * _GROWN)
    kept = small & ~dust
    fits = (whole.height > weighty * _ABOUT[0]) & (whole.height < weighty * _ABOUT[1])
    if kept.any() and np.mean(fits[kept]) > _MANY and np.mean(kept) > _SOME:
        return round(weighty, 2)
    rest = found.height[~dust]
    return round(float(np.median(rest)), 2) if len(rest) >= _FEWEST_CHARACTERS else round(usual, 2)


def _weighty_median(heights: Numbers) -> float:
    """Return the height at which half of the squared heights is reached."""
    ordered = np.sort(heights)
    weights = np.cumsum(np.square(ordered))
    return float(ordered[int(np.searchsorted(weights, weights[-1] / 2))])


def _running_text(found: Components, text_height: float | None) -> Components:
    """Return the characters of the running text."""
    if text_height is None:
        return found
    low, high = _USUAL_SIZE
    return found.only((found.height >= text_height * low) & (found.height <= text_height * high))


def _busiest_band(running: Components, text_height: float | None) -> tuple[int, int]:
    if text_height is None:
        return 0, 0
    tall = text_height * _BAND_HEIGHT
    middles = np.sort(running.centre_y)
    counts = np.searchsorted(middles, middles + tall) - np.arange(len(middles))
    top = float(middles[int(np.argmax(counts))]) - text_height
    return max(0, int(top)), int(top + tall + 2 * text_height)


def _fragments(found: Components, text_height: float | None) -> float:
    if text_height is None:
        return 0.0
    return round(float(np.mean(found.height < text_height * _USUAL_SIZE[0])), 3)


def _sideways(found: Components) -> float:
    """Return the share of characters whose nearest neighbour is above or below, not beside them."""
    if len(found) < _FEWEST_CHARACTERS:
        return 0.0
    step = max(1, len(found) // _NEIGHBOURS_OF)
    x, y = found.centre_x, found.centre_y
    half_x, half_y = found.width / 2, found.height / 2
    # Gaps between the boxes, not distances between the centres: narrow letters stand close in a tall line.
    gap_x = np.abs(x[::step, None] - x) - half_x[::step, None] - half_x
    gap_y = np.abs(y[::step, None] - y) - half_y[::step, None] - half_y
    distance = np.maximum(gap_x, 0) + np.maximum(gap_y, 0)
    asked = np.arange(0, len(found), step)
    # Not itself, and not what overlaps in both directions, such as an accent or a frame.
    distance[np.maximum(gap_x, gap_y) < 0] = np.inf
    distance[np.arange(len(asked)), asked] = np.inf
    nearest = np.argmin(distance, axis=1)
    rows = np.arange(len(asked))
    known = np.isfinite(distance[rows, nearest])
    vertical = gap_y[rows, nearest] > gap_x[rows, nearest]
    return round(float(np.mean(vertical[known])), 3) if known.any() else 0.0
