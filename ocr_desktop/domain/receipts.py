"""Receipts: what a finished job leaves behind, so that it can be told later whether all of it is still true.

A receipt is JSON Lines in UTF-8 with camelCase names: a header, a line for each image, and a footer with the
numbers and a SHA-256 of all bytes before it. The hash finds accidents and careless changes; whoever means to
forge a receipt can compute a new one. The JSON Schema of a line is in ``resources/schemas`` (generated from
these classes).
"""

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any, Final

import msgspec
from msgspec import UNSET, Meta, UnsetType

from ocr_desktop.domain.errors import BugError
from ocr_desktop.domain.naming import printable
from ocr_desktop.domain.results import Settings, Unit
from ocr_desktop.domain.states import ItemState, JobState

RECEIPT_SCHEMA_ID: Final = "urn:ocr-desktop:schema:receipt:1"

Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
_Count = Annotated[int, Meta(ge=0)]


class ReceiptHeader(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The first line: which job it was."""

    schema: str = RECEIPT_SCHEMA_ID
    job_id: str
    status: JobState
    program_version: str
    created_at: str
    """ISO 8601, as are the other two."""
    started_at: str | None
    """None for a job that was cancelled before it began."""
    finished_at: str | None
    images: Annotated[int, Meta(ge=0)]
    """How many the job was given, as its list of jobs knows; there is a line for each."""
    options: dict[str, Any]
    """The options of the job, by name."""
    settings: Settings | None
    """What shapes the text; None where no engine was asked for it."""


class ReceiptFile(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One result file."""

    path: str
    """Absolute; for people where ``rawPath`` is there."""
    raw_path: bytes | UnsetType = UNSET
    """The exact path, in Base64, where it holds what is no text."""
    sha256: Sha256 | None
    """None if it is not known."""


class ReceiptItem(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What became of one image."""

    id: Annotated[int, Meta(ge=0)]
    path: str
    """Absolute path of the image; for people where ``rawPath`` is there."""
    raw_path: bytes | UnsetType = UNSET
    """The exact path, in Base64, where it holds what is no text."""
    status: ItemState
    reason: str | None
    """Why it was skipped or cancelled, or what to know about its result."""
    error: str | None
    """What went wrong, for a failed image."""
    error_kind: str | None
    """The sort of failure, for programs."""
    sha256: Sha256 | None
    """Of the image as it was read, or was known from an earlier reading; None if it is not known."""
    results: tuple[ReceiptFile, ...]
    confidence: Unit | None
    rotation: Annotated[int, Meta(gt=0, lt=360)] | UnsetType = UNSET
    """Degrees clockwise by which the user had the upright image turned; only where that was done."""


class ReceiptStats(msgspec.Struct, frozen=True, kw_only=True):
    """How many images came to what."""

    total: _Count
    completed: _Count
    skipped: _Count
    failed: _Count
    cancelled: _Count

    @classmethod
    def from_counts(cls, counts: Mapping[ItemState, int]) -> "ReceiptStats":
        """Derive the numbers from how many lines there are of each state, e.g. in a ``Counter``.

        Raises:
            BugError: If there are images of a state that is not final.
        """
        stats = cls(total=sum(counts.values()), **{state.value: counts.get(state, 0) for state in _FINAL})
        if not stats.adds_up:
            raise BugError("A receipt is made only of a job whose images are all in a final state.")
        return stats

    @property
    def adds_up(self) -> bool:
        """Whether every image is accounted for."""
        return self.total == self.completed + self.skipped + self.failed + self.cancelled


class ReceiptFooter(msgspec.Struct, frozen=True, kw_only=True):
    """The last line: the numbers, and what seals the lines before it."""

    stats: ReceiptStats
    sha256: Sha256
    """Of all bytes before this line."""


class ReceiptTally:
    """Counts the lines for images while they go by."""

    def __init__(self) -> None:
        """Begin with none."""
        self._counts: Counter[ItemState] = Counter()

    def add(self, item: ReceiptItem) -> None:
        """Count one more."""
        self._counts[item.status] += 1

    @property
    def stats(self) -> ReceiptStats:
        """The numbers so far.

        Raises:
            BugError: If there are images of a state that is not final.
        """
        return ReceiptStats.from_counts(self._counts)


def split_path(path: str) -> tuple[str, bytes | UnsetType]:
    """Return a path as text, and its exact form where the text is not exact."""
    shown = printable(path)
    return shown, UNSET if shown == path else path.encode("utf-8", "surrogatepass")


def exact_path(line: ReceiptItem | ReceiptFile) -> str:
    """Return the path of an image or result file as the operating system spells it.

    Raises:
        UnicodeDecodeError: If somebody has changed the line.
    """
    return line.path if line.raw_path is UNSET else line.raw_path.decode("utf-8", "surrogatepass")


_FINAL: Final = tuple(state for state in ItemState if state.is_final)
