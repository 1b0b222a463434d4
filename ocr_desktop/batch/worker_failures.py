"""What is said of an attempt whose worker died or was killed."""

import signal
from typing import Final

import msgspec

from ocr_desktop.batch.item_work import failed_attempt
from ocr_desktop.batch.memory import MEGABYTE
from ocr_desktop.batch.tasks import Completion, ItemTask
from ocr_desktop.domain.errors import ItemTimeoutError, OutOfMemoryError, WorkerLostError, WorkersBrokenError
from ocr_desktop.domain.naming import display_name

_SHORT_OF_MEMORY: Final = (
    "If it happens again, the machine may be short of memory: use fewer workers, or scale the image down."
)
_DAMAGED: Final = (
    "If it happens again, the image may be damaged: save it anew with another program, or leave it out."
)
_GIVEN_UP: Final = (
    "If it happens again, the image may be damaged, or need more memory than one worker may use: save it "
    "anew with another program, scale it down, or raise “Memory per worker” (--worker-memory)."
)
_ENDS: Final = {
    "SIGKILL": ("was killed, by the system or by another program", _SHORT_OF_MEMORY),
    "SIGTERM": ("was ended, by the system or by another program", "Start the job again to have it read."),
    "SIGABRT": ("gave up without saying why", _GIVEN_UP),
    "SIGSEGV": ("crashed", _DAMAGED),
    "SIGBUS": ("crashed", _DAMAGED),
    "SIGFPE": ("crashed", _DAMAGED),
    "SIGILL": ("crashed", "If it happens with every image, install the program again."),
}
_UNKNOWN_END: Final = ("ended unexpectedly", _GIVEN_UP)


def lost_worker(task: ItemTask, exit_code: int | None, seconds: float) -> Completion:
    """The worker died by itself, or somebody killed it."""
    cause = describe_exit(exit_code)
    what, remedy = _ENDS.get(cause, _UNKNOWN_END)
    name = display_name(task.item.path)
    error = WorkerLostError(f"The process that read “{name}” {what} ({cause}).", remedy=remedy)
    return Completion(task, failed_attempt(task, error, seconds))


def late_worker(task: ItemTask, limit: float, seconds: float) -> Completion:
    """The worker was killed after ``limit`` seconds."""
    error = ItemTimeoutError(
        f"“{display_name(task.item.path)}” took longer than the time limit of {limit:g} s.",
        remedy="Raise the time limit, or scale the image down.",
    )
    return Completion(task, failed_attempt(task, error, seconds))


def greedy_worker(task: ItemTask, ceiling: int, seconds: float, *, was_worn: bool) -> Completion:
    """The worker was killed because it used more than ``ceiling`` bytes.

    One that was worn out had much of that before the image came, so the image gets another attempt.
    """
    error = OutOfMemoryError(
        f"“{display_name(task.item.path)}” needed more than the {ceiling // MEGABYTE:,} MB of memory that "
        "one worker may use.",
        remedy="Raise “Memory per worker” (--worker-memory), use fewer workers, or scale the image down.",
    )
    attempt = failed_attempt(task, error, seconds)
    return Completion(task, msgspec.structs.replace(attempt, can_pass=was_worn))


def workers_end_early(exit_code: int | None) -> WorkersBrokenError:
    """Several workers in a row ended before they were ready."""
    return WorkersBrokenError(
        f"Worker processes end before they can begin ({describe_exit(exit_code)}).",
        remedy="Install the program again, or run “ocr-desktop doctor” to see what is missing.",
    )


def workers_cannot_start(error: OSError) -> WorkersBrokenError:
    """The operating system refuses a further process."""
    return WorkersBrokenError(
        f"A worker process could not be started ({error.strerror or error}).",
        remedy="Use fewer workers (--jobs), or close other programs.",
    )


def describe_exit(exit_code: int | None) -> str:
    """Return how a process ended: the name of a signal, or its exit code."""
    if exit_code is None:
        return "it does not answer"
    if exit_code < 0:
        try:
            return signal.Signals(-exit_code).name
        except ValueError:
            return f"signal {-exit_code}"
    return f"exit code {exit_code}"
