"""How states look: an icon, a colour and a word each, so that nobody has to tell colours apart.

The colours keep a contrast of at least 4.5:1 on the base colour of a light and of a dark palette. Everything
here belongs to the GUI thread.
"""

from collections.abc import Iterable
from functools import lru_cache

import msgspec
from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QSize
from PySide6.QtGui import QAction, QColor, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QAbstractButton

from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.look.icon_package import qtawesome

GRID = 8
"""Pixels of the layout grid."""
_VEIL = 32
"""Of 255."""

_CONTEXT = "States"


class StateLook(msgspec.Struct, frozen=True):
    """The look of one state."""

    icon: str
    """A name of the icon package."""
    word: str
    """Untranslated; :func:`state_word` translates."""
    light: str
    """Colour on a light background."""
    dark: str
    """Colour on a dark background."""


_NOT_READ = StateLook(
    "mdi6.circle-outline", str(QT_TRANSLATE_NOOP("States", "Not read yet")), "#59636e", "#9198a1"
)
_LOOKS: dict[ItemState | None, StateLook] = {
    None: _NOT_READ,
    ItemState.PENDING: StateLook(
        "mdi6.clock-outline", str(QT_TRANSLATE_NOOP("States", "Waiting")), "#59636e", "#9198a1"
    ),
    ItemState.PROCESSING: StateLook(
        "mdi6.progress-clock", str(QT_TRANSLATE_NOOP("States", "Reading")), "#0969da", "#58a6ff"
    ),
    ItemState.COMPLETED: StateLook(
        "mdi6.check-circle", str(QT_TRANSLATE_NOOP("States", "Done")), "#1a7f37", "#3fb950"
    ),
    ItemState.SKIPPED: StateLook(
        "mdi6.skip-next-circle", str(QT_TRANSLATE_NOOP("States", "Skipped")), "#8f5f00", "#d9a13a"
    ),
    ItemState.FAILED: StateLook(
        "mdi6.alert-circle", str(QT_TRANSLATE_NOOP("States", "Failed")), "#cf222e", "#ff7b72"
    ),
    ItemState.CANCELLED: StateLook(
        "mdi6.cancel", str(QT_TRANSLATE_NOOP("States", "Cancelled")), "#59636e", "#9198a1"
    ),
}


def state_word(state: ItemState | None) -> str:
    """Return the translated word for a state; None is an image that no run has touched."""
    return QCoreApplication.translate(_CONTEXT, _LOOKS[state].word)


def state_colour(state: ItemState | None, palette: QPalette) -> QColor:
    """Return the colour of a state that is readable on ``palette``'s base colour."""
    look = _LOOKS[state]
    return QColor(look.dark if is_dark(palette) else look.light)


def state_pixmap(state: ItemState | None, palette: QPalette, size: int, ratio: float) -> QPixmap:
    """Return the icon of a state, ``size`` device-independent pixels wide, drawn once and then remembered."""
    return _pixmap(_LOOKS[state].icon, state_colour(state, palette).name(), size, ratio)


def plain_pixmap(name: str, colour: QColor, size: int, ratio: float) -> QPixmap:
    """Return any icon of the icon package in one colour, drawn once and then remembered."""
    return _pixmap(name, colour.name(), size, ratio)


def is_dark(palette: QPalette) -> bool:
    """Whether text is lighter than what it stands on."""
    text = palette.color(QPalette.ColorRole.WindowText).lightness()
    return text > palette.color(QPalette.ColorRole.Window).lightness()


def accent(palette: QPalette) -> QColor:
    """Return the one accent colour."""
    return palette.color(QPalette.ColorRole.Accent)


def faint(palette: QPalette) -> QColor:
    """Return a colour for secondary text, readable on window and base."""
    return state_colour(None, palette)


def tint(state: ItemState | None, palette: QPalette) -> QColor:
    """Return a veil in the colour of a state, so thin that text stays readable on it."""
    colour = state_colour(state, palette)
    colour.setAlpha(_VEIL)
    return colour


def apply_icons(targets: Iterable[tuple[QAction | QAbstractButton, str]], palette: QPalette) -> None:
    """Give actions and buttons their icons in the palette's text colour; again whenever that changes."""
    for target, name in targets:
        target.setIcon(icon_of(name, palette))


def icon_of(name: str, palette: QPalette) -> QIcon:
    """Return an icon of the icon package in the palette's text colour."""
    normal = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.ButtonText)
    disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
    selected = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.HighlightedText)
    return _icon(name, normal.name(), disabled.name(), selected.name())


def marked_icon(name: str, colour: QColor, palette: QPalette, size: int, ratio: float) -> QIcon:
    """Return an icon for a row of a table: in a colour, and in that of the text once the row is selected."""
    selected = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.HighlightedText)
    return _marked(name, colour.name(), selected.name(), size, ratio)


def state_icon(state: ItemState | None, palette: QPalette, size: int, ratio: float) -> QIcon:
    """Return the icon of a state for a row of a table, ``size`` device-independent pixels wide."""
    return marked_icon(_LOOKS[state].icon, state_colour(state, palette), palette, size, ratio)


@lru_cache(maxsize=256)
def _icon(name: str, colour: str, disabled: str, selected: str) -> QIcon:
    icon = qtawesome.icon(name, color=colour, color_disabled=disabled, color_selected=selected)
    assert isinstance(icon, QIcon)  # noqa: S101 - the package ships no type information
    return icon


@lru_cache(maxsize=256)
def _pixmap(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    # With the ratio: without it, Qt multiplies by the largest one of all screens on its own account.
    return _icon(name, colour, colour, colour).pixmap(QSize(size, size), ratio)


@lru_cache(maxsize=256)
def _marked(name: str, colour: str, selected: str, size: int, ratio: float) -> QIcon:
    icon = QIcon(_pixmap(name, colour, size, ratio))
    icon.addPixmap(_pixmap(name, selected, size, ratio), QIcon.Mode.Selected)
    return icon
