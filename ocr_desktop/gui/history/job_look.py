"""How the states of jobs look: an icon, a colour and a word each, and nobody has to tell colours apart."""

import msgspec
from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PySide6.QtGui import QColor, QIcon, QPalette

from ocr_desktop.domain.states import ItemState, JobState
from ocr_desktop.gui.look.appearance import plain_pixmap, state_colour

_CONTEXT = "JobStates"


class _JobLook(msgspec.Struct, frozen=True):
    icon: str
    word: str
    """Untranslated."""
    tone: ItemState
    """The state of an image that has the same colour."""


_LOOKS = {
    JobState.QUEUED: _JobLook(
        "mdi6.clock-outline", str(QT_TRANSLATE_NOOP("JobStates", "Waiting")), ItemState.PENDING
    ),
    JobState.PROCESSING: _JobLook(
        "mdi6.progress-clock", str(QT_TRANSLATE_NOOP("JobStates", "Reading")), ItemState.PROCESSING
    ),
    JobState.PAUSED: _JobLook(
        "mdi6.pause-circle", str(QT_TRANSLATE_NOOP("JobStates", "Paused")), ItemState.SKIPPED
    ),
    JobState.COMPLETED: _JobLook(
        "mdi6.check-circle", str(QT_TRANSLATE_NOOP("JobStates", "Done")), ItemState.COMPLETED
    ),
    JobState.COMPLETED_WITH_ERRORS: _JobLook(
        "mdi6.alert-circle", str(QT_TRANSLATE_NOOP("JobStates", "Done, with failures")), ItemState.FAILED
    ),
    JobState.CANCELLED: _JobLook(
        "mdi6.cancel", str(QT_TRANSLATE_NOOP("JobStates", "Cancelled")), ItemState.CANCELLED
    ),
    JobState.INTERRUPTED: _JobLook(
        "mdi6.progress-alert", str(QT_TRANSLATE_NOOP("JobStates", "Interrupted")), ItemState.SKIPPED
    ),
}


def job_word(state: JobState) -> str:
    """Return the translated word for a state."""
    return QCoreApplication.translate(_CONTEXT, _LOOKS[state].word)


def job_colour(state: JobState, palette: QPalette) -> QColor:
    """Return the colour of a state that is readable on ``palette``'s base colour."""
    return state_colour(_LOOKS[state].tone, palette)


def job_icon(state: JobState, palette: QPalette, size: int, ratio: float) -> QIcon:
    """Return the icon of a state, ``size`` device-independent pixels wide; readable in a chosen row, too."""
    name = _LOOKS[state].icon
    icon = QIcon(plain_pixmap(name, job_colour(state, palette), size, ratio))
    chosen = palette.color(QPalette.ColorRole.HighlightedText)
    icon.addPixmap(plain_pixmap(name, chosen, size, ratio), QIcon.Mode.Selected)
    return icon
