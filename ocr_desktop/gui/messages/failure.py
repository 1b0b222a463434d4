"""A failure as the window shows it: what happened, what to do, and the details for a report."""

import re
import traceback
from enum import Enum, auto

import msgspec
from PySide6.QtCore import QCoreApplication

from ocr_desktop.domain.errors import (
    EngineMissingError,
    KnownError,
    LanguageMissingError,
    NothingFoundError,
    OutputNotWritableError,
)

_FOR_THE_TERMINAL = re.compile(r" \(--[^)]*\)")
"""The name of an option, which says nothing to somebody in front of the window."""


class Cure(Enum):
    """What the window can open that may help."""

    NONE = auto()
    OPTIONS = auto()
    """How images are read: engine, languages, folders."""


_CURED_BY_OPTIONS = (EngineMissingError, LanguageMissingError, NothingFoundError, OutputNotWritableError)


class Failure(msgspec.Struct, frozen=True):
    """What a banner or dialog needs to know. Safe to hand to any thread."""

    message: str
    """What happened and to what, a whole sentence."""
    remedy: str
    """What to do about it; may be empty."""
    details: str
    """For *Copy details*: the technical side, with the traceback."""
    cure: Cure = Cure.NONE

    @property
    def text(self) -> str:
        """Both sentences."""
        return f"{self.message} {self.remedy}".rstrip()

    @classmethod
    def of(cls, error: BaseException) -> "Failure":
        """Describe an exception. The world's doing speaks for itself; ours is named as such."""
        details = "".join(traceback.format_exception(error))
        if isinstance(error, KnownError):
            cure = Cure.OPTIONS if isinstance(error, _CURED_BY_OPTIONS) else Cure.NONE
            return cls(error.message, _remedy(error), details, cure)
        return cls(
            QCoreApplication.translate("Failure", "Something went wrong inside the program."),
            QCoreApplication.translate(
                "Failure", "Nothing that was already written is lost. Copy the details to report it."
            ),
            details,
        )


def _remedy(error: KnownError) -> str:
    remedy = _FOR_THE_TERMINAL.sub("", error.remedy)
    if isinstance(error, LanguageMissingError):
        choose = QCoreApplication.translate(
            "Failure", "Or choose another language or engine in the settings."
        )
        return f"{remedy} {choose}".lstrip()
    return remedy
