"""The list of images in the window, and all that changes it: scans, ticks, runs, filter and order.

Filter and order are part of the model, because a proxy model would call back into Python for every row of
100,000. Ticks are a set of ids: whatever is ticked, one image or all, costs a few milliseconds, and how many
there are is known at any time.

An order or a filter by state or confidence would make rows jump with every result of a run. So rows stay
where they are, and go to their new places together: when the run ends, and while it goes on at most every
three seconds. The same holds for dates and sizes that come in from the disk.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable

import msgspec
from PySide6.QtCore import QModelIndex, QObject, QTimer, Signal, Slot

from ocr_desktop.domain.items import FoundImage, ItemOutcome
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.grid.pixmap_cache import PixmapCache
from ocr_desktop.gui.images.file_facts import FileFactsReader
from ocr_desktop.gui.images.image_entry import FileFacts, ImageEntry
from ocr_desktop.gui.images.image_order import Order
from ocr_desktop.gui.images.image_query import Query
from ocr_desktop.gui.images.image_roles import (
    ROTATION_ROLES,
    STATE_ROLES,
    THUMBNAIL_ROLES,
    ImageRole,
    Tile,
)
from ocr_desktop.gui.images.image_states import Change, ImageUpdate
from ocr_desktop.gui.images.row_ranges import MAX_RANGES, stretches_of
from ocr_desktop.gui.images.tickable_images import TickableImages

__all__ = ["ImageListModel", "ImageRole", "ImageUpdate", "Order", "Query", "Tile"]

_CALM = 3_000
"""Milliseconds between two times that rows change places because of what a run tells."""
_UNFINISHED = frozenset({ItemState.PENDING, ItemState.PROCESSING})


class ImageListModel(TickableImages):
    """Images by id, and their changes. GUI thread only.

    Signals:
        folders_changed: What :meth:`folder_counts` returns has changed.
    """

    folders_changed = Signal()

    def __init__(self, thumbnails: PixmapCache, parent: QObject | None = None) -> None:
        """Start empty.

        Args:
            thumbnails: Where the thumbnail role looks; the model never loads anything itself.
            parent: Qt's parent.
        """
        super().__init__(thumbnails, parent)
        self._next_id = 0
        self._is_reordering = False
        self._moved: set[int] = set()
        self._calm = QTimer(self, interval=_CALM, singleShot=True)
        self._calm.timeout.connect(self._calm_down)
        self._facts = FileFactsReader(self)
        self._facts.read.connect(self._take_facts)
        self._facts.finished.connect(self._calm_down)

    def stop(self) -> None:
        """End every thread and timer; for the end of the program."""
        self._calm.stop()
        self._facts.stop()

    # -- Images that come and go

    def add(self, images: Iterable[FoundImage | ImageEntry]) -> int:
        """Put the images that are not here yet where the order says, ticked; return how many those were.

        Args:
            images: What was found; many are better made into entries on another thread, which takes most of
                the time. Such entries belong to this model from now on, and get an id.
        """
        entries = (image if isinstance(image, ImageEntry) else ImageEntry(image) for image in images)
        new = [self._enter(entry) for entry in entries if entry.image.path not in self._id_by_path]
        if not new:
            return 0
        ids = [entry.id for entry in new]
        self._ticked.update(ids)
        self._states.add([None] * len(new))
        self._folders.update(entry.folder for entry in new)
        stretches = self._rows.plan(ids)
        if len(stretches) > MAX_RANGES:
            self._reset(lambda: self._rows.insert_all(stretches))
        else:
            for row, some in stretches:
                self.beginInsertRows(QModelIndex(), row, row + len(some) - 1)
                self._rows.insert((row, some))
                self.endInsertRows()
        self._ask_for_facts(new)
        self._tell_of_all()
        return len(new)

    def remove(self, ids: Iterable[int]) -> None:
        """Take images off the list; their files stay where they are, and a run that reads them goes on."""
        gone = self._entries.keys() & set(ids)
        if not gone:
            return
        ranges = stretches_of(self._rows.rows_of(gone))
        if len(ranges) > MAX_RANGES:
            self._reset(lambda: self._rows.drop(gone))
        for first, last in reversed(ranges) if len(ranges) <= MAX_RANGES else ():
            self.beginRemoveRows(QModelIndex(), first, last)
            self._rows.delete(first, last)
            self.endRemoveRows()
        self._rows.drop(gone)
        entries = [self._entries.pop(image_id) for image_id in gone]
        for entry in entries:
            del self._id_by_path[entry.image.path]
        self._states.remove(entry.state for entry in entries)
        self._folders = self._folders - Counter(entry.folder for entry in entries)
        self._ticked -= gone
        self._moved -= gone
        self._tell_of_all()

    def clear(self) -> None:
        """Remove all images."""
        self._facts.cancel()
        self._reset(self._forget_all)
        self._tell_of_all()

    # -- What is shown, and where

    def set_query(self, query: Query) -> None:
        """Show only the images that pass ``query``."""
        if query != self._rows.query:
            self._rows.query = query
            self._reset(self._rows.filter)

    def set_order(self, order: Order, *, descending: bool = False) -> None:
        """Sort; an order that needs dates or sizes is complete once the disk has told them."""
        if (order, descending) == (self.order, self.is_descending):
            return
        self._rows.order, self._rows.is_descending = order, descending
        self._facts.cancel()
        self._ask_for_facts(self._entries.values())
        self._rearrange()

    @property
    def is_reordering(self) -> bool:
        """Whether the reset that goes on changes nothing but the order."""
        return self._is_reordering

    @Slot()
    def _calm_down(self) -> None:
        """Put the rows in order whose place may have changed."""
        self._rearrange(self._moved)

    def _rearrange(self, moved: Collection[int] | None = None) -> None:
        """Put rows where they belong by now: all of them, or those that may be in the wrong place."""
        self._calm.stop()
        ordered = self._rows.sorted(moved)
        self._moved.clear()
        shown = self._rows.matching(ordered)
        if shown == self._rows.shown:
            self._rows.take(ordered, shown)
            return
        self._is_reordering = True
        self._reset(lambda: self._rows.take(ordered, shown))
        self._is_reordering = False

    def _rearrange_soon(self, moved: Iterable[int]) -> None:
        self._moved.update(moved)
        if not self._calm.isActive():
            self._calm.start()

    def _ask_for_facts(self, entries: Iterable[ImageEntry]) -> None:
        if self.order.needs_facts:
            self._facts.ask([entry for entry in entries if entry.facts is None])

    @Slot(object)
    def _take_facts(self, answers: Iterable[tuple[int, FileFacts]]) -> None:
        known = [(image_id, facts) for image_id, facts in answers if image_id in self._entries]
        for image_id, facts in known:
            self._entries[image_id].facts = facts
        self._rearrange_soon(image_id for image_id, _ in known)

    # -- What is known of images

    def rotate(self, ids: Iterable[int], degrees: int) -> None:
        """Turn images clockwise, by a multiple of 90 degrees: a hint for reading; files are not touched."""
        changed = self._entries.keys() & set(ids) if degrees % 360 else set()
        for entry in map(self._entries.__getitem__, changed):
            turned = (entry.rotation + degrees) % 360
            entry.image = msgspec.structs.replace(entry.image, rotation=turned)
        self._announce(changed, ROTATION_ROLES, counts=False)

    def apply(self, updates: Iterable[ImageUpdate]) -> None:
        """Take in the news of a run. Entries that have been removed meanwhile are passed over."""
        entries = self._entries
        self._set_states(
            (entry, update.state, update.outcome)
            for update in updates
            if (entry := entries.get(update.id)) is not None
        )

    def take_earlier(self, found: Iterable[tuple[int, ItemOutcome]]) -> None:
        """Take in that images were read before; what a run says of an image counts for more."""
        entries = self._entries
        self._set_states(
            (entry, outcome.state, outcome)
            for image_id, outcome in found
            if (entry := entries.get(image_id)) is not None and entry.state is None
        )

    def forget_earlier(self) -> None:
        """Know no longer of any image that it was read before, but for what runs have told."""
        entries = self._entries.values()
        earlier = [entry for entry in entries if entry.outcome is not None and entry.outcome.item_id < 0]
        self._set_states((entry, None, None) for entry in earlier)

    def end_run(self) -> list[int]:
        """Put what a run has left unfinished back to where nothing has happened, and sort; return its ids."""
        left = [entry for entry in self._entries.values() if entry.state in _UNFINISHED]
        self._set_states((entry, None, None) for entry in left)
        if self._calm.isActive():
            self._calm_down()
        return [entry.id for entry in left]

    def forget_results(self, ids: Iterable[int]) -> None:
        """Take it that those of these images that were read have no result any more."""
        entries = (self._entries[image_id] for image_id in ids if image_id in self._entries)
        read = [entry for entry in entries if entry.state is ItemState.COMPLETED]
        self._set_states((entry, None, None) for entry in read)

    def thumbnails_loaded(self, paths: Iterable[str]) -> None:
        """Repaint the images at ``paths``."""
        ids = [self._id_by_path[path] for path in paths if path in self._id_by_path]
        self._announce(ids, THUMBNAIL_ROLES, counts=False)

    def _set_states(self, changes: Iterable[Change]) -> None:
        changed = self._states.change(changes)
        if changed and (self.order.depends_on_states or self.query.depends_on_states):
            self._rearrange_soon(changed)
        self._announce(changed, STATE_ROLES)

    def _enter(self, entry: ImageEntry) -> ImageEntry:
        entry.id = self._next_id
        self._entries[entry.id] = entry
        self._id_by_path[entry.image.path] = entry.id
        self._next_id += 1
        return entry

    def _forget_all(self) -> None:
        for container in (
            self._entries,
            self._id_by_path,
            self._ticked,
            self._moved,
            self._states,
            self._folders,
        ):
            container.clear()
        self._rows.clear()

    def _reset(self, change: Callable[[], None]) -> None:
        self.beginResetModel()
        change()
        self.endResetModel()

    def _tell_of_all(self) -> None:
        self.counts_changed.emit()
        self.folders_changed.emit()
