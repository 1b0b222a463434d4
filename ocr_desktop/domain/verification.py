"""Verification: what a check of images and their result files can find."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec


class FindingKind(StrEnum):
    """How an image, a result file or a receipt was found."""

    SOUND = "sound"
    """Everything that belongs to the image is there, whole, and made of the image as it is now."""
    MISSING = "missing"
    """An image without a result; in a receipt also an image or result file that is gone."""
    DAMAGED = "damaged"
    """A result file or receipt that is cut off, was changed, or does not fit what lies beside it."""
    STALE = "stale"
    """The image has changed since it was read."""
    ORPHANED = "orphaned"
    """A result file whose image is not there."""
    LEFTOVER = "leftover"
    """A temporary file of this program that a crash left behind."""
    UNREADABLE = "unreadable"
    """An image, folder or receipt that cannot be read, so that nothing can be said about it."""


class Finding(msgspec.Struct, frozen=True):
    """What was found at one place."""

    kind: FindingKind
    path: str
    """Absolute path of the image, or of a file or folder without one (may hold surrogate escapes)."""
    detail: str
    """A whole sentence, or several, for people; printable."""


class VerifyCounts(msgspec.Struct, frozen=True, kw_only=True):
    """Findings by kind."""

    sound: int = 0
    missing: int = 0
    damaged: int = 0
    stale: int = 0
    orphaned: int = 0
    leftover: int = 0
    unreadable: int = 0

    @classmethod
    def from_counts(cls, counts: Mapping[FindingKind, int]) -> "VerifyCounts":
        """Derive the counts from how many findings there are of each kind, e.g. in a ``Counter``."""
        return cls(**{kind.value: counts.get(kind, 0) for kind in FindingKind})

    def of(self, kind: FindingKind) -> int:
        """Return how many findings are of ``kind``."""
        count: int = getattr(self, kind.value)
        return count

    @property
    def total(self) -> int:
        """All findings."""
        return sum(self.of(kind) for kind in FindingKind)

    @property
    def problems(self) -> int:
        """The findings that are not sound."""
        return self.total - self.sound
