"""What to do to a page: each choice follows from a measure, and says so.

How the limits were chosen, and what they are worth, is in docs/performance.md.
"""

from typing import Final

import msgspec

from ocr_desktop.domain.preparation import PreparationStep
from ocr_desktop.services.preparation.measures import PageMeasures

RULES: Final = 1
"""Number of these rules, raised whenever they change: results of other rules were made otherwise."""

FULL_LAYOUT: Final = 3
"""Tesseract's page segmentation that finds columns and blocks; what is not chosen by hand may be changed."""
ONE_BLOCK: Final = 6
"""One block of text, line under line: items and prices of a receipt stay in their rows."""

ENOUGH_TEXT_HEIGHT: Final = 14.0
"""Pixels. Smaller characters are enlarged to this height; beyond it little is gained, and time is lost."""
BEST_TEXT_HEIGHT: Final = 18.0
"""Pixels. Larger characters are reduced to this height: they are read as well, and faster."""
PICTURE_TEXT_HEIGHT: Final = 23.0
"""Height for text on a picture: patterns behind the letters are told from them more easily when larger."""
_NEAR_ENOUGH: Final = (0.8, 1.2)
"""Scaling by a factor within these is not worth the blur."""
_SCALES: Final = (0.25, 2.5)
"""Larger than this, only blur grows."""
_MOST_PIXELS: Final = 9_000_000
"""No page is scaled up beyond this."""
_TINY_SIDE: Final = 200
"""Pixels; a scrap of the screen with less, and too few characters to measure, is doubled."""

_SIDEWAYS: Final = 0.75
"""Share of characters with their neighbour above or below, from which a page lies on its side."""
_SURELY_UPSIDE_DOWN, _SURELY_UPRIGHT = 0.9, 1.1
"""Uprightness below which a page seems to stand on its head, and above which it does not."""
_LEAST_SKEW: Final = 2.0
"""Degrees; the engine follows lines that rise less."""
_LEAST_SHARPNESS: Final = 2.2
"""Characters have to gather on lines this much better than at other angles for the angle to be believed."""

_PAPER_WIDTH: Final = 65
"""A page of fewer heights of characters across is a strip of paper: a sheet takes 75 to 110."""
_PAPER_SHAPE: Final = 1.2
"""Height to width of such a strip at least."""
_PICTURE: Final = 0.22
"""Share of midtones from which a page is a picture with text on it: a card with a pattern, a photograph."""
_PHOTOGRAPH: Final = 0.4
"""Share of midtones from which a strip of paper was photographed, with shadows and a table around it."""
_LINES_OF_TEXT_PER_INCH: Final = 15.0
"""Heights of a character in an inch, for 10-point print: what resolution belongs to a height of text."""
_LOWEST_DPI, _HIGHEST_DPI = 70, 2400
_SIDE: Final = 90
_HEAD: Final = 180


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What to do to a page, and why."""

    turn: int = 0
    """Degrees clockwise: 0, 90, 180 or 270."""
    doubts_turn: bool = False
    """Whether the page may as well stand on its head after that turn: a trial decides."""
    may_be_inverted: bool = False
    """Whether nothing speaks against the page standing on its head, should it be read badly."""
    angle: float = 0.0
    """Degrees clockwise by which the page is straightened."""
    scale: float = 1.0
    level: float = 0.0
    """Height of the characters after scaling if the background is to be divided out, else 0."""
    segmentation: int = FULL_LAYOUT
    resolution: int | None = None
    """Dots per inch that the engine is told."""
    steps: tuple[PreparationStep, ...] = ()


def plan_preparation(
    page: PageMeasures, *, dpi: int | None, segmentation: int, may_turn: bool = True
) -> Plan:
    """Choose what to do to a page.

    Args:
        page: What was measured on it.
        dpi: Resolution as the file says, if it does.
        segmentation: Page segmentation mode as the user wants it; :data:`FULL_LAYOUT` leaves the choice.
        may_turn: Whether the page may be turned; not where the user has said which way up it stands.
    """
    plan = Plan(resolution=dpi)
    if may_turn:
        plan = _with_turn(plan, page)
    if may_turn or page.sideways < _SIDEWAYS:  # the angle of a page on its side is that of the turned page
        plan = _with_angle(plan, page)
    plan = _with_scale(plan, page)
    return _with_segmentation(_with_level(plan, page), page, segmentation)


def _with_turn(plan: Plan, page: PageMeasures) -> Plan:
    uprightness = page.lines.uprightness if page.lines else 1.0
    sure = not _SURELY_UPSIDE_DOWN <= uprightness <= _SURELY_UPRIGHT
    on_head = uprightness < 1
    if page.sideways < _SIDEWAYS:
        return msgspec.structs.replace(
            plan,
            doubts_turn=uprightness < _SURELY_UPSIDE_DOWN,
            may_be_inverted=page.lines is not None and uprightness < _SURELY_UPRIGHT,
        )
    turn = _SIDE + (_HEAD if on_head else 0)
    reason = f"{page.sideways:.0%} of the characters have their neighbour above or below"
    return msgspec.structs.replace(
        plan,
        turn=turn,
        doubts_turn=not sure,
        may_be_inverted=True,
        steps=(*plan.steps, _step("turn", turn, reason)),
    )


def _with_angle(plan: Plan, page: PageMeasures) -> Plan:
    lines = page.lines
    if lines is None or lines.sharpness < _LEAST_SHARPNESS or abs(lines.angle) < _LEAST_SKEW:
        return plan
    step = _step("straighten", lines.angle, f"the lines of text are tilted by {abs(lines.angle):.1f} degrees")
    return msgspec.structs.replace(plan, angle=lines.angle, steps=(*plan.steps, step))


def _with_scale(plan: Plan, page: PageMeasures) -> Plan:
    scale, reason = _scale(page)
    if scale == 1.0:
        return plan
    height = (page.text_height or BEST_TEXT_HEIGHT) * scale
    dpi = min(max(round(height * _LINES_OF_TEXT_PER_INCH), _LOWEST_DPI), _HIGHEST_DPI)
    step = _step("scale", round(scale, 3), reason)
    return msgspec.structs.replace(plan, scale=scale, resolution=dpi, steps=(*plan.steps, step))


def _scale(page: PageMeasures) -> tuple[float, str]:
    if page.text_height is None:
        if min(page.width, page.height) < _TINY_SIDE:
            return 2.0, f"the image is only {page.width} x {page.height} pixels"
        return 1.0, ""
    scale = _wanted_height(page, page.text_height) / page.text_height
    if _NEAR_ENOUGH[0] <= scale <= _NEAR_ENOUGH[1]:
        return 1.0, ""
    room = (_MOST_PIXELS / (page.megapixels * 1e6)) ** 0.5
    scale = min(max(scale, _SCALES[0]), _SCALES[1], max(room, 1.0))
    return scale, f"characters are {page.text_height:.0f} pixels tall"


def _wanted_height(page: PageMeasures, height: float) -> float:
    if page.midtones > _PICTURE and not _is_strip(page):
        return PICTURE_TEXT_HEIGHT
    return min(max(height, ENOUGH_TEXT_HEIGHT), BEST_TEXT_HEIGHT)


def _with_level(plan: Plan, page: PageMeasures) -> Plan:
    if page.text_height is None or page.midtones < _PHOTOGRAPH or not _is_strip(page):
        return plan
    step = _step("level", 1, f"a photographed strip: {page.midtones:.0%} of it are neither paper nor ink")
    return msgspec.structs.replace(plan, level=page.text_height * plan.scale, steps=(*plan.steps, step))


def _with_segmentation(plan: Plan, page: PageMeasures, wanted: int) -> Plan:
    if wanted != FULL_LAYOUT or page.text_height is None or not _is_strip(page):
        return msgspec.structs.replace(plan, segmentation=wanted)
    across = min(page.width, page.height) / page.text_height
    step = _step("segmentation", ONE_BLOCK, f"a strip of paper, {across:.0f} heights of characters wide")
    return msgspec.structs.replace(plan, segmentation=ONE_BLOCK, steps=(*plan.steps, step))


def _is_strip(page: PageMeasures) -> bool:
    """Tell whether the page, once it stands upright, is a long and narrow strip such as a receipt."""
    width, height = page.width, page.height
    if page.sideways >= _SIDEWAYS:
        width, height = height, width
    if page.text_height is None:
        return False
    return width < page.text_height * _PAPER_WIDTH and height > width * _PAPER_SHAPE


def _step(name: str, value: float, reason: str) -> PreparationStep:
    return PreparationStep(name=name, value=value, reason=reason)
