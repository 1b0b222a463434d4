"""The ticks of the images in the list, and how views are told of changes to some of them."""

from collections.abc import Callable, Collection, Iterable

from PySide6.QtCore import Qt, Signal

from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.images.image_roles import TICK_ROLES
from ocr_desktop.gui.images.listed_images import AnyIndex, ListedImages
from ocr_desktop.gui.images.row_ranges import coalesce

_MANY = 2_000
"""Beyond so many changed entries, it is not worth while to look up which rows they are in."""


class TickableImages(ListedImages):
    """Images by id that can be ticked. GUI thread only.

    Signals:
        counts_changed: The number of images, of ticked ones, or of those in some state has changed.
    """

    counts_changed = Signal()

    def set_ticked(self, ids: Iterable[int], *, ticked: bool) -> None:
        """Tick or untick some entries."""
        chosen = self._entries.keys() & ids
        self._take_ticks(self._ticked | chosen if ticked else self._ticked - chosen)

    def toggle(self, ids: Collection[int]) -> None:
        """Tick these entries if any of them is not ticked, else untick them all."""
        self.set_ticked(ids, ticked=not self._ticked.issuperset(ids))

    def tick_only(self, wanted: Callable[[ItemState | None], bool]) -> None:
        """Tick the shown entries whose state is wanted, and untick the other shown ones."""
        states = {state for state in (None, *ItemState) if wanted(state)}
        shown, entries = self._rows.shown, self._entries
        chosen = {image_id for image_id in shown if entries[image_id].state in states}
        self._take_ticks(self._ticked.difference(shown) | chosen)

    def invert_ticks(self) -> None:
        """Turn every tick of the shown entries round."""
        self._take_ticks(self._ticked.symmetric_difference(self._rows.shown))

    def _take_ticks(self, ticked: set[int]) -> None:
        changed = ticked ^ self._ticked
        self._ticked = ticked
        self._announce(changed, TICK_ROLES)

    def _announce(self, ids: Collection[int], roles: list[int], *, counts: bool = True) -> None:
        """Emit as few ``dataChanged`` as the rows allow."""
        if not ids:
            return
        last = self.rowCount() - 1
        ranges = coalesce(self._rows.rows_of(ids)) if len(ids) < _MANY else [(0, last)]
        for first, end in ranges if last >= 0 else ():
            self.dataChanged.emit(self.index(first), self.index(end), roles)
        if counts:
            self.counts_changed.emit()

    # -- Qt

    def setData(self, index: AnyIndex, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Tick or untick one image; nothing else can be edited."""
        if not index.isValid() or role != Qt.ItemDataRole.CheckStateRole:
            return False
        # A view hands over the plain number, code the enumeration.
        self.set_ticked([self.id_at(index.row())], ticked=Qt.CheckState(value) == Qt.CheckState.Checked)
        return True
