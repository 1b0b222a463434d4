"""How far the images of the list are, and how many are how far."""

from collections import Counter
from collections.abc import Iterable

import msgspec

from ocr_desktop.domain.items import ItemOutcome
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.images.image_entry import ImageEntry


class ImageUpdate(msgspec.Struct, frozen=True, gc=False):
    """The news about one image."""

    id: int
    """The entry's id in the model (not the number of the item within a job)."""
    state: ItemState
    outcome: ItemOutcome | None = None
    """Set with a final state."""


Change = tuple[ImageEntry, ItemState | None, ItemOutcome | None]


class StateCounts:
    """Counts images by state; every change of a state goes through here."""

    def __init__(self) -> None:
        """Start with no images."""
        self._counts: Counter[ItemState | None] = Counter()

    def of(self, state: ItemState | None) -> int:
        """Return how many images are in ``state``; None counts those that no run has touched."""
        return self._counts[state]

    def add(self, states: Iterable[ItemState | None]) -> None:
        """Count new images."""
        self._counts.update(states)

    def remove(self, states: Iterable[ItemState | None]) -> None:
        """Count images no more."""
        self._counts.subtract(states)

    def clear(self) -> None:
        """There are no images any more."""
        self._counts.clear()

    def change(self, changes: Iterable[Change]) -> list[int]:
        """Set states, and count once at the end: a run begins and ends with thousands. Return the ids."""
        before: list[ItemState | None] = []
        after: list[ItemState | None] = []
        changed: list[int] = []
        for entry, state, outcome in changes:
            before.append(entry.state)
            after.append(state)
            entry.state = state
            entry.outcome = outcome
            changed.append(entry.id)
        self.remove(before)
        self.add(after)
        return changed
