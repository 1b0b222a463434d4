"""One image of the list in the window, and what is said of it in words."""

import os
import sys

import msgspec
from PySide6.QtCore import QCoreApplication

from ocr_desktop.domain.items import FoundImage, ItemOutcome
from ocr_desktop.domain.naming import printable
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.grid.turned import turn_text
from ocr_desktop.gui.look.state_text import full_state
from ocr_desktop.services.natural_order import folded_key


class FileFacts(msgspec.Struct, frozen=True, gc=False):
    """What the disk says of an image file."""

    modified: float
    """Seconds since 1970."""
    size: int
    """Bytes."""


class ImageEntry:
    """An image with all that the list knows about it. Small: there are 100,000 of them.

    May be made on any thread, and then belongs to the list that it is given to.
    """

    __slots__ = ("facts", "folded", "folder", "id", "image", "key", "name", "outcome", "state")

    def __init__(self, image: FoundImage, image_id: int = -1) -> None:
        """Take in an image that no run has touched; the list gives it its id."""
        self.id = image_id
        self.image = image
        folder, _, file_name = image.path.rpartition(os.sep)
        self.folder = sys.intern(folder)  # one string for all of a folder
        self.name = printable(file_name)
        folded = self.name.casefold()
        self.folded = self.name if folded == self.name else folded  # one string where that will do
        self.key = folded_key(folded)
        self.state: ItemState | None = None
        self.outcome: ItemOutcome | None = None
        self.facts: FileFacts | None = None

    @property
    def rotation(self) -> int:
        """Degrees clockwise by which the image is turned before it is read."""
        return self.image.rotation

    @property
    def confidence(self) -> float | None:
        """Mean confidence of the last result, 0..1; None where there is none."""
        return self.outcome.confidence if self.outcome is not None else None


def tooltip_of(entry: ImageEntry, problem: str) -> str:
    """Return the path, the state, and what else there is to know; ``problem`` is why there is no preview."""
    lines = (
        printable(entry.image.path),
        full_state(entry.state, entry.outcome),
        turn_text(entry.rotation),
        problem,
    )
    return "\n".join(line for line in lines if line)


def spoken(entry: ImageEntry, *, is_ticked: bool) -> str:
    """Return what a screen reader says of an image."""
    tick = (
        QCoreApplication.translate("ImageEntry", "ticked")
        if is_ticked
        else QCoreApplication.translate("ImageEntry", "not ticked")
    )
    parts = (entry.name, tick, full_state(entry.state, entry.outcome), turn_text(entry.rotation))
    return ", ".join(part for part in parts if part)
