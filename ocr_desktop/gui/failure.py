"""A failure as the window shows it: what happened, what to do, and the details for a report."""

import traceback

import msgspec
from PySide6.QtCore import QCoreApplication

from ocr_desktop.domain.errors import KnownError


class Failure(msgspec.Struct, frozen=True):
    """What a banner or dialog needs to know. Safe to hand to any thread."""

    message: str
    """What happened and to what, a whole sentence."""
    remedy: str
    """What to do about it; may be empty."""
    details: str
    """For *Copy details*: the technical side, with the traceback."""

    @property
    def text(self) -> str:
        """Both sentences."""
        return f"{self.message} {self.remedy}".rstrip()

    @classmethod
    def of(cls, error: BaseException) -> "Failure":
        """Describe an exception. The world's doing speaks for itself; ours is named as such."""
        details = "".join(traceback.format_exception(error))
        if isinstance(error, KnownError):
            return cls(error.message, error.remedy, details)
        return cls(
            QCoreApplication.translate("Failure", "Something went wrong inside the program."),
            QCoreApplication.translate(
                "Failure", "Nothing that was already written is lost. Copy the details to report it."
            ),
            details,
        )
