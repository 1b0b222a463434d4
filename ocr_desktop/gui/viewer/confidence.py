"""How sure an engine is of a word, as it is shown: a colour, a line and a word each.

Nobody has to tell colours apart: sure words have no line below them, doubtful ones a dashed line, very
doubtful ones a thick one and hatching. Everything here belongs to the GUI thread.
"""

from enum import IntEnum

import msgspec
from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PySide6.QtGui import QBrush, QColor, QPalette, QPen

from ocr_desktop.gui.look.appearance import is_dark
from ocr_desktop.gui.settings.window_settings import WindowSettings

THRESHOLD = WindowSettings().doubtful_below
"""Confidence below which a word is doubtful, unless the user says otherwise."""
_POOR_SHARE = 0.6
"""Of the threshold; a word below it is very doubtful."""
_CONTEXT = "Confidence"


class Tier(IntEnum):
    """How sure."""

    SURE = 0
    DOUBTFUL = 1
    POOR = 2


class TierLook(msgspec.Struct, frozen=True):
    """The look of one tier."""

    word: str
    """Untranslated; :func:`tier_word` translates."""
    light: str
    """Colour of the line on a light background."""
    dark: str
    """The same on a dark one."""
    line: Qt.PenStyle
    """Below the word."""
    width: int
    """Of that line, in device-independent pixels."""
    tint: int
    """How strong the background is coloured, 0..255."""
    pattern: Qt.BrushStyle
    """Over the box on the image."""


_LOOKS = {
    Tier.SURE: TierLook(
        str(QT_TRANSLATE_NOOP("Confidence", "Sure")),
        "#0969da",
        "#58a6ff",
        Qt.PenStyle.NoPen,
        1,
        0,
        Qt.BrushStyle.NoBrush,
    ),
    Tier.DOUBTFUL: TierLook(
        str(QT_TRANSLATE_NOOP("Confidence", "Doubtful")),
        "#9a6700",
        "#d9a13a",
        Qt.PenStyle.DashLine,
        2,
        56,
        Qt.BrushStyle.NoBrush,
    ),
    Tier.POOR: TierLook(
        str(QT_TRANSLATE_NOOP("Confidence", "Very doubtful")),
        "#cf222e",
        "#ff7b72",
        Qt.PenStyle.SolidLine,
        3,
        56,
        Qt.BrushStyle.BDiagPattern,
    ),
}


def tier_of(confidence: float, threshold: float) -> Tier:
    """Return how sure a word of this confidence is, both 0..1."""
    if confidence >= threshold:
        return Tier.SURE
    return Tier.POOR if confidence < threshold * _POOR_SHARE else Tier.DOUBTFUL


def tier_word(tier: Tier) -> str:
    """Return the translated word for a tier."""
    return QCoreApplication.translate(_CONTEXT, _LOOKS[tier].word)


def tier_colour(tier: Tier, palette: QPalette) -> QColor:
    """Return the colour of a tier on the base colour of ``palette``."""
    look = _LOOKS[tier]
    return QColor(look.dark if is_dark(palette) else look.light)


def tier_tint(tier: Tier, palette: QPalette) -> QColor:
    """Return the see-through colour behind a word; transparent for sure ones."""
    colour = tier_colour(tier, palette)
    colour.setAlpha(_LOOKS[tier].tint)
    return colour


def tier_line(tier: Tier, palette: QPalette) -> QPen:
    """Return the pen of the line below a word."""
    look = _LOOKS[tier]
    return QPen(tier_colour(tier, palette), look.width, look.line, Qt.PenCapStyle.FlatCap)


def tier_hatching(tier: Tier, palette: QPalette) -> QBrush:
    """Return the pattern over a box on the image; none for all but very doubtful words."""
    colour = tier_colour(tier, palette)
    colour.setAlpha(110)
    return QBrush(colour, _LOOKS[tier].pattern)


def found_colour(palette: QPalette) -> QColor:
    """Return the colour of what a search has found."""
    return QColor("#c297ff" if is_dark(palette) else "#8250df")
