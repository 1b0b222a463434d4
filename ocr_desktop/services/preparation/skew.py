"""Skew of the lines of text, and which way up they stand, from the edges of character-like components.

Both come from how sharply edges gather on lines. Turned by the right angle, the lower edges of characters
fall on few baselines (Baird, "The skew angle of printed documents", 1987: projections of component edges).
And as Latin, Greek and Cyrillic letters rarely descend but often ascend, lower edges gather more sharply than
upper edges; on a page that is upside down it is the other way round.
"""

import math

import msgspec
import numpy as np
import numpy.typing as npt

from ocr_desktop.services.preparation.components import Components, Numbers

MOST_SKEW = 15.0
"""Degrees; pages are searched up to this angle."""
_COARSE, _FINE = 0.5, 0.05
"""Degrees from one angle to the next, first over the whole range, then around the best."""
_BIN_SHARE = 0.25
"""Width of the bins that edges are gathered in, as a share of the height of characters."""
_MOST_POINTS = 800
_FEWEST = 12
"""With fewer characters nothing is said about angles."""


class LineFit(msgspec.Struct, frozen=True):
    """How the characters of a page gather on lines."""

    angle: float
    """Degrees by which the lines rise to the right; turning the page clockwise by it makes them level."""
    sharpness: float
    """How much better the edges gather at this angle than at the others: 1 is no better."""
    uprightness: float
    """Gathering of lower edges against upper edges: above 1 for upright text, below 1 for upside-down."""


def fit_lines(characters: Components, height: float) -> LineFit | None:
    """Find the angle at which the characters gather on lines; None where there are too few of them.

    Args:
        characters: Components of about the size of characters.
        height: Their usual height in pixels.
    """
    if len(characters) < _FEWEST:
        return None
    step = max(1, math.ceil(len(characters) / _MOST_POINTS))
    x = characters.centre_x[::step]
    lower, upper = characters.bottom[::step], characters.top[::step]
    size = max(1.0, height * _BIN_SHARE)
    coarse = np.arange(-MOST_SKEW, MOST_SKEW + _COARSE / 2, _COARSE)
    apart = 2 * (float(np.ptp(x)) + float(np.ptp(lower)) + height)  # upper edges into bins of their own
    both = np.concatenate([x, x]), np.concatenate([lower, upper + np.float32(apart)])
    gathering = np.array([_gathering(*both, angle, size) for angle in coarse])
    best = float(coarse[int(np.argmax(gathering))])
    fine = np.arange(best - _COARSE, best + _COARSE + _FINE / 2, _FINE)
    # Bins shifted by half of one, too, so that the result does not hang on where a bin begins.
    score_lower = np.array([_smooth_gathering(x, lower, a, size) for a in fine])
    score_upper = np.array([_smooth_gathering(x, upper, a, size) for a in fine])
    at = _middle_of_peak(score_lower + score_upper)
    usual = float(np.median(gathering))
    return LineFit(
        angle=round(float(fine[at]), 2),
        sharpness=round(float(gathering.max()) / usual, 3) if usual else 1.0,
        uprightness=round(float(score_lower[at] / max(score_upper[at], 1.0)), 3),
    )


def _gathering(x: Numbers, y: Numbers, degrees: float, size: float) -> float:
    """Return the sum of the squared counts of the bins."""
    return float(np.square(_bins(x, y, degrees, size, 0.0)).sum())


def _smooth_gathering(x: Numbers, y: Numbers, degrees: float, size: float) -> float:
    return sum(float(np.square(_bins(x, y, degrees, size, shift)).sum()) for shift in (0.0, 0.5))


def _bins(x: Numbers, y: Numbers, degrees: float, size: float, shift: float) -> npt.NDArray[np.float64]:
    # Lines that rise to the right go to smaller y with growing x.
    level = (y + x * math.tan(math.radians(degrees))) / size + shift
    whole = np.floor(level).astype(np.int64)
    return np.bincount(whole - whole.min()).astype(np.float64)


def _middle_of_peak(scores: npt.NDArray[np.float64]) -> int:
    """Return the middle of those next to the best that are nearly as good: peaks are flat on short lines."""
    best = int(np.argmax(scores))
    enough = scores >= scores[best] * 0.98
    first = last = best
    while first > 0 and enough[first - 1]:
        first -= 1
    while last < len(scores) - 1 and enough[last + 1]:
        last += 1
    return (first + last) // 2
