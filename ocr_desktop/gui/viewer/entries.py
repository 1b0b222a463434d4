"""What the viewer steps through."""

from collections.abc import Callable, Sequence
from typing import overload

import msgspec

from ocr_desktop.domain.items import ItemOutcome


class ViewerEntry(msgspec.Struct, frozen=True):
    """One image to look at."""

    path: str
    outcome: ItemOutcome | None
    """How it was read; None if it was not."""
    rotation: int = 0
    """Degrees clockwise by which the user has the image turned before it is read."""


class LazyEntries(Sequence[ViewerEntry]):
    """Entries that are made when they are asked for: a list of 100,000 costs nothing, and is never old.

    Args:
        keys: One for each entry.
        make: Makes the entry of a key.
    """

    def __init__(self, keys: Sequence[int], make: Callable[[int], ViewerEntry]) -> None:
        """Keep the keys."""
        self._keys = keys
        self._make = make

    def __len__(self) -> int:
        """How many there are."""
        return len(self._keys)

    @overload
    def __getitem__(self, position: int) -> ViewerEntry: ...
    @overload
    def __getitem__(self, position: slice) -> "LazyEntries": ...
    def __getitem__(self, position: int | slice) -> "ViewerEntry | LazyEntries":
        """Make one, or take a part of the sequence."""
        if isinstance(position, slice):
            return LazyEntries(self._keys[position], self._make)
        return self._make(self._keys[position])
