"""Errors: one root, split into the world's (``KnownError``) and ours (``BugError``).

A ``KnownError`` says what happened, to what, and what to do; its class carries the exit code of the command
line and whether trying again can help. A bad image is not an exception that ends a batch: the worker turns
an ``ItemError`` into a failed item.
"""

from enum import IntEnum, StrEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """Exit codes of the command line."""

    OK = 0
    SOME_FAILED = 1
    USAGE = 2
    ENGINE_MISSING = 3
    NOTHING_FOUND = 4
    OUTPUT_NOT_WRITABLE = 5
    BUG = 70
    """An internal error (``EX_SOFTWARE`` of sysexits.h)."""
    INTERRUPTED = 130


class OcrDesktopError(Exception):
    """Root of every error that this program raises itself."""

    exit_code: ClassVar[ExitCode] = ExitCode.BUG


class BugError(OcrDesktopError):
    """Our mistake: the program reached a state that it should not."""


class KnownError(OcrDesktopError):
    """The world's doing: a missing file, a full disk, a missing language.

    Args:
        message: What happened and to what, a whole sentence.
        remedy: What the user can do about it, a whole sentence; empty if there is nothing to do.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.SOME_FAILED

    def __init__(self, message: str, *, remedy: str = "") -> None:
        """Keep the two sentences apart; ``str()`` joins them."""
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by its arguments, so that an error survives the way out of a worker process."""
        return _rebuild, (type(self), self.message, self.remedy)

    def __str__(self) -> str:
        """The message and, where there is one, the remedy."""
        return f"{self.message} {self.remedy}".rstrip()


class UsageError(KnownError):
    """An option or argument that makes no sense."""

    exit_code = ExitCode.USAGE


class EngineMissingError(KnownError):
    """No usable OCR engine."""

    exit_code = ExitCode.ENGINE_MISSING


class LanguageMissingError(KnownError):
    """The engine has no data for a language that was asked for."""

    exit_code = ExitCode.ENGINE_MISSING


class NothingFoundError(KnownError):
    """No image to process."""

    exit_code = ExitCode.NOTHING_FOUND


class OutputNotWritableError(KnownError):
    """A result folder in which no file can be made."""

    exit_code = ExitCode.OUTPUT_NOT_WRITABLE


class JobNotFoundError(KnownError):
    """No job of that id."""

    exit_code = ExitCode.USAGE


class JobBusyError(KnownError):
    """The job is running, or has already ended, so it cannot be started or deleted."""

    exit_code = ExitCode.USAGE


class StoreTooNewError(KnownError):
    """The list of jobs was made by a newer version of this program."""

    exit_code = ExitCode.USAGE


class StoreUnusableError(KnownError):
    """The list of jobs can be neither read nor written."""

    exit_code = ExitCode.OUTPUT_NOT_WRITABLE


class WorkersBrokenError(KnownError):
    """Worker processes cannot be started at all."""

    exit_code = ExitCode.ENGINE_MISSING


class Blame(StrEnum):
    """What a failure is put down to, and so what becomes of the rest of the job."""

    IMAGE = "image"
    """The image itself: it fails alone."""
    UNSURE = "unsure"
    """The image, or the world around it: the job pauses when many fail in a row."""
    WORLD = "world"
    """No image can do better until somebody puts it right: the job pauses at once, and the image waits."""


class ItemError(KnownError):
    """Why one image failed. ``kind`` names the sort of failure for programs; ``can_pass`` allows a retry."""

    stop_code: ClassVar[ExitCode] = ExitCode.INTERRUPTED
    """Exit code of a run that this failure stops; it can be resumed."""
    kind: ClassVar[str] = "item"
    can_pass: ClassVar[bool] = False
    blame: ClassVar[Blame] = Blame.IMAGE


class ImageMissingError(ItemError):
    """The image is not there (any more)."""

    kind = "image-missing"


class ImageFolderMissingError(ItemError):
    """The folder of the image is not there (any more): moved, renamed, or on a drive that was unplugged."""

    kind = "image-folder-missing"
    blame = Blame.UNSURE


class ImageUnreadableError(ItemError):
    """The file is empty, damaged, cut off or not an image."""

    kind = "image-unreadable"


class ImageAccessError(ItemError):
    """The operating system refuses to let us read the file."""

    kind = "image-access"
    blame = Blame.UNSURE


class ImageLockedError(ItemError):
    """Another program holds the file, or the drive answered with a passing fault."""

    kind = "image-locked"
    can_pass = True
    blame = Blame.UNSURE


class ImageTooLargeError(ItemError):
    """More pixels than the limit allows."""

    kind = "image-too-large"


class RecognitionError(ItemError):
    """The engine gave up on the image."""

    kind = "recognition"
    blame = Blame.UNSURE


class EngineUnusableError(ItemError):
    """The engine could be used when the job was made, and cannot be opened any more."""

    stop_code = ExitCode.ENGINE_MISSING
    kind = "engine"
    blame = Blame.UNSURE


class OutOfMemoryError(ItemError):
    """Reading the image took more memory than one worker may use, or than there is."""

    kind = "out-of-memory"
    blame = Blame.UNSURE


class ResultWriteError(ItemError):
    """The result could not be written."""

    stop_code = ExitCode.OUTPUT_NOT_WRITABLE
    kind = "result-write"
    blame = Blame.UNSURE


class DiskFullError(ResultWriteError):
    """There is no space left for results, or the user's share of it is used up."""

    kind = "disk-full"
    blame = Blame.WORLD


class OutputMissingError(ResultWriteError):
    """The folder that results go to is not there any more."""

    kind = "output-missing"
    blame = Blame.WORLD


class ResultLockedError(ResultWriteError):
    """The result file stayed locked by another program through all attempts to write it."""

    kind = "result-locked"
    can_pass = True


class NameTakenError(ResultWriteError):
    """A result of some other image took the name first, between the look and the writing."""

    kind = "name-taken"
    can_pass = True
    blame = Blame.IMAGE


class WorkerLostError(ItemError):
    """The worker process died while it had the image."""

    kind = "worker-lost"
    can_pass = True
    blame = Blame.UNSURE


class ItemTimeoutError(ItemError):
    """The image took longer than the time limit."""

    kind = "timeout"
    blame = Blame.UNSURE


class UnexpectedItemError(ItemError):
    """An exception nobody foresaw, while one image was being worked on."""

    kind = "unexpected"
    blame = Blame.UNSURE


def _rebuild(cls: type[KnownError], message: str, remedy: str) -> KnownError:
    return cls(message, remedy=remedy)
