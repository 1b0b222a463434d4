"""Which images of the list are shown: by name, state and folder, or by what a search has found."""

import os
from collections.abc import Iterable

import msgspec

from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.images.image_entry import ImageEntry


class Query(msgspec.Struct, frozen=True):
    """What an image must fulfil to be shown. Empty, it shows all."""

    text: str = ""
    """What the name contains, whatever the case; blanks around it do not count."""
    states: frozenset[ItemState | None] | None = None
    """One of these states; None in the set stands for images that no run has touched. None: any state."""
    folder: str | None = None
    """In this folder or anywhere below it. None: any folder."""
    ids: frozenset[int] | None = None
    """One of these entries, for example those whose results contain a text. None: any entry."""

    @property
    def depends_on_states(self) -> bool:
        """Whether news of a run can change which images are shown."""
        return self.states is not None


def choose(entries: Iterable[ImageEntry], query: Query) -> list[int]:
    """Return the ids of the entries that are shown, in the order in which they come.

    One pass for each condition, without a call for each image: somebody may be typing, over 100,000 of them.
    """
    ids, states, needle = query.ids, query.states, query.text.strip().casefold()
    if ids is not None:
        entries = [entry for entry in entries if entry.id in ids]
    if states is not None:
        entries = [entry for entry in entries if entry.state in states]
    if needle:
        entries = [entry for entry in entries if needle in entry.folded]
    if query.folder is not None:
        entries = list(entries)
        folders = _at_or_below(query.folder, {entry.folder for entry in entries})
        entries = [entry for entry in entries if entry.folder in folders]
    return [entry.id for entry in entries]


def _at_or_below(top: str, folders: Iterable[str]) -> frozenset[str]:
    beginning = top if top.endswith(os.sep) else top + os.sep
    return frozenset(folder for folder in folders if folder == top or folder.startswith(beginning))
