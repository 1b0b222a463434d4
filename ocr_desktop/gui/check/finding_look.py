"""How the findings of a check look: an icon, a colour and a word for each kind."""

import msgspec
from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PySide6.QtGui import QColor, QIcon, QPalette, QPixmap

from ocr_desktop.domain.states import ItemState
from ocr_desktop.domain.verification import FindingKind
from ocr_desktop.gui.look.appearance import marked_icon, plain_pixmap, state_colour

_CONTEXT = "Findings"


class _Look(msgspec.Struct, frozen=True):
    icon: str
    """A name of the icon package."""
    word: str
    """Untranslated."""
    tone: ItemState | None
    """The state whose colour it has."""


_LOOKS = {
    FindingKind.SOUND: _Look(
        "mdi6.check-circle", str(QT_TRANSLATE_NOOP("Findings", "Sound")), ItemState.COMPLETED
    ),
    FindingKind.MISSING: _Look(
        "mdi6.help-circle", str(QT_TRANSLATE_NOOP("Findings", "Missing")), ItemState.PROCESSING
    ),
    FindingKind.DAMAGED: _Look(
        "mdi6.alert-circle", str(QT_TRANSLATE_NOOP("Findings", "Damaged")), ItemState.FAILED
    ),
    FindingKind.STALE: _Look(
        "mdi6.history", str(QT_TRANSLATE_NOOP("Findings", "Out of date")), ItemState.SKIPPED
    ),
    FindingKind.ORPHANED: _Look("mdi6.link-off", str(QT_TRANSLATE_NOOP("Findings", "Orphaned")), None),
    FindingKind.LEFTOVER: _Look("mdi6.broom", str(QT_TRANSLATE_NOOP("Findings", "Left over")), None),
    FindingKind.UNREADABLE: _Look(
        "mdi6.eye-off-outline", str(QT_TRANSLATE_NOOP("Findings", "Unreadable")), ItemState.FAILED
    ),
}


def kind_word(kind: FindingKind) -> str:
    """Return the translated word for a kind."""
    return QCoreApplication.translate(_CONTEXT, _LOOKS[kind].word)


def kind_colour(kind: FindingKind, palette: QPalette) -> QColor:
    """Return the colour of a kind that is readable on ``palette``'s base colour."""
    return state_colour(_LOOKS[kind].tone, palette)


def kind_icon(kind: FindingKind, palette: QPalette, size: int, ratio: float) -> QIcon:
    """Return the icon of a kind for a row of a table, ``size`` device-independent pixels wide."""
    return marked_icon(_LOOKS[kind].icon, kind_colour(kind, palette), palette, size, ratio)


def kind_pixmap(kind: FindingKind, palette: QPalette, size: int, ratio: float) -> QPixmap:
    """Return the icon of a kind, ``size`` device-independent pixels wide."""
    return plain_pixmap(_LOOKS[kind].icon, kind_colour(kind, palette), size, ratio)
