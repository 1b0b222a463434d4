"""The list of images in the window: which there are, which are ticked, and how far each one is.

Entries are known by an id that never changes; a row is only where an entry stands at the moment. The name
filter is part of the model, because a proxy model would call back into Python for every row of 100,000.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum
from typing import NamedTuple

import msgspec
from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from ocr_desktop.domain.items import FoundImage, ItemOutcome
from ocr_desktop.domain.naming import printable
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.appearance import state_word
from ocr_desktop.gui.pixmap_cache import CachedThumbnail, PixmapCache

AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_MAX_RANGES = 64
"""Beyond so many separate stretches of rows, one change over all of them is cheaper for the view."""


class ImageRole(IntEnum):
    """Roles of an entry, beside Qt's own."""

    ID = Qt.ItemDataRole.UserRole + 1
    PATH = Qt.ItemDataRole.UserRole + 2
    STATE = Qt.ItemDataRole.UserRole + 3
    CONFIDENCE = Qt.ItemDataRole.UserRole + 4
    THUMBNAIL = Qt.ItemDataRole.UserRole + 5


class ImageUpdate(msgspec.Struct, frozen=True):
    """The news about one image."""

    id: int
    """The entry's id in the model (not the number of the item within a job)."""
    state: ItemState
    outcome: ItemOutcome | None = None
    """Set with a final state."""


class Tile(NamedTuple):
    """What the grid draws of one image."""

    name: str
    is_ticked: bool
    state: ItemState | None
    confidence: float | None
    thumbnail: CachedThumbnail | None


_UNFINISHED = frozenset({ItemState.PENDING, ItemState.PROCESSING})


class _Entry:
    __slots__ = ("id", "image", "is_ticked", "name", "outcome", "state")

    def __init__(self, image_id: int, image: FoundImage, *, is_ticked: bool) -> None:
        self.id = image_id
        self.image = image
        self.name = printable(image.path.replace("\\", "/").rpartition("/")[2])
        self.is_ticked = is_ticked
        self.state: ItemState | None = None
        self.outcome: ItemOutcome | None = None


class ImageListModel(QAbstractListModel):
    """Images by id. GUI thread only.

    Signals:
        counts_changed: The number of images, of ticked ones, or of those in some state has changed.
    """

    counts_changed = Signal()

    def __init__(self, thumbnails: PixmapCache, parent: QObject | None = None) -> None:
        """Start empty.

        Args:
            thumbnails: Where the thumbnail role looks; the model never loads anything itself.
            parent: Qt's parent.
        """
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._entries: dict[int, _Entry] = {}
        self._id_by_path: dict[str, int] = {}
        self._rows: list[int] = []
        self._row_by_id: dict[int, int] = {}
        self._next_id = 0
        self._filter = ""
        self._ticked = 0
        self._states: Counter[ItemState | None] = Counter()
        self._thumbnail_roles = [int(ImageRole.THUMBNAIL)]
        self._tick_roles = [Qt.ItemDataRole.CheckStateRole.value, Qt.ItemDataRole.AccessibleTextRole.value]
        self._state_roles = [
            int(ImageRole.STATE),
            int(ImageRole.CONFIDENCE),
            Qt.ItemDataRole.ToolTipRole.value,
            Qt.ItemDataRole.AccessibleTextRole.value,
        ]
        self._readers: dict[int, Callable[[_Entry], object]] = {
            Qt.ItemDataRole.DisplayRole: lambda entry: entry.name,
            Qt.ItemDataRole.CheckStateRole: _check_state,
            Qt.ItemDataRole.ToolTipRole: self._tooltip,
            Qt.ItemDataRole.AccessibleTextRole: self._spoken,
            ImageRole.ID: lambda entry: entry.id,
            ImageRole.PATH: lambda entry: entry.image.path,
            ImageRole.STATE: lambda entry: entry.state,
            ImageRole.CONFIDENCE: lambda entry: entry.outcome.confidence if entry.outcome else None,
            ImageRole.THUMBNAIL: self._thumbnail,
        }

    # -- What there is

    @property
    def total(self) -> int:
        """How many images there are, shown or not."""
        return len(self._entries)

    @property
    def ticked(self) -> int:
        """How many of them are ticked, shown or not."""
        return self._ticked

    def count_of(self, state: ItemState | None) -> int:
        """Return how many images are in ``state``; None counts those that no run has touched."""
        return self._states[state]

    def id_at(self, row: int) -> int:
        """Return the id of the entry in ``row``."""
        return self._rows[row]

    def row_of(self, image_id: int) -> int | None:
        """Return where an entry stands; None if the filter hides it or it is gone."""
        return self._row_by_id.get(image_id)

    def id_of_path(self, path: str) -> int | None:
        """Return the id of the image at ``path``."""
        return self._id_by_path.get(path)

    def tile(self, row: int) -> Tile:
        """Return all that the grid draws of the entry in ``row``, in one call and without Qt."""
        entry = self._entries[self._rows[row]]
        confidence = entry.outcome.confidence if entry.outcome else None
        thumbnail = self._thumbnails.get(entry.image.path)
        return Tile(entry.name, entry.is_ticked, entry.state, confidence, thumbnail)

    def image(self, image_id: int) -> FoundImage:
        """Return the image of an entry."""
        return self._entries[image_id].image

    def state(self, image_id: int) -> ItemState | None:
        """Return how far an entry is."""
        return self._entries[image_id].state

    def outcome(self, image_id: int) -> ItemOutcome | None:
        """Return how the last run over the entry ended."""
        return self._entries[image_id].outcome

    def has_thumbnail(self, image_id: int) -> bool:
        """Whether the thumbnail of an entry is in memory, made or refused."""
        return self._thumbnails.get(self._entries[image_id].image.path) is not None

    def shown_ids(self) -> Sequence[int]:
        """Return the ids of all rows, in order. Not a copy: only to be read."""
        return self._rows

    def ticked_ids(self) -> list[int]:
        """Return the ids of all ticked entries, in the order in which they were added."""
        return [image_id for image_id, entry in self._entries.items() if entry.is_ticked]

    # -- Changes

    def add(self, images: Iterable[FoundImage]) -> int:
        """Append the images that are not here yet, ticked; return how many those were."""
        new: list[int] = []
        for image in images:
            if image.path not in self._id_by_path:
                self._id_by_path[image.path] = self._next_id
                self._entries[self._next_id] = _Entry(self._next_id, image, is_ticked=True)
                new.append(self._next_id)
                self._next_id += 1
        if not new:
            return 0
        self._ticked += len(new)
        self._states[None] += len(new)
        shown = [image_id for image_id in new if self._passes(self._entries[image_id])]
        if shown:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(shown) - 1)
            self._rows.extend(shown)
            self._row_by_id.update(zip(shown, range(first, len(self._rows)), strict=True))
            self.endInsertRows()
        self.counts_changed.emit()
        return len(new)

    def clear(self) -> None:
        """Remove all images."""
        self.beginResetModel()
        for container in (self._entries, self._id_by_path, self._rows, self._row_by_id, self._states):
            container.clear()
        self._ticked = 0
        self.endResetModel()
        self.counts_changed.emit()

    def set_filter(self, text: str) -> None:
        """Show only images whose name has ``text`` in it, whatever the case; all if it is empty."""
        folded = text.strip().casefold()
        if folded == self._filter:
            return
        self._filter = folded
        self.beginResetModel()
        self._rows = [image_id for image_id, entry in self._entries.items() if self._passes(entry)]
        self._row_by_id = {image_id: row for row, image_id in enumerate(self._rows)}
        self.endResetModel()

    def set_ticked(self, ids: Iterable[int], *, ticked: bool) -> None:
        """Tick or untick some entries."""
        self._tick_where(ids, lambda _: ticked)

    def tick_only(self, wanted: Callable[[ItemState | None], bool]) -> None:
        """Tick the shown entries whose state is wanted, and untick the other shown ones."""
        self._tick_where(self._rows, lambda entry: wanted(entry.state))

    def invert_ticks(self) -> None:
        """Turn every tick of the shown entries round."""
        self._tick_where(self._rows, lambda entry: not entry.is_ticked)

    def apply(self, updates: Iterable[ImageUpdate]) -> None:
        """Take in the news of a run. Entries that have been removed meanwhile are passed over."""
        self._set_states(
            (entry, update.state, update.outcome)
            for update in updates
            if (entry := self._entries.get(update.id)) is not None
        )

    def end_run(self) -> None:
        """Put what a run has left unfinished back to where nothing has happened to it."""
        left = [entry for entry in self._entries.values() if entry.state in _UNFINISHED]
        self._set_states((entry, None, None) for entry in left)

    def forget_results(self, ids: Iterable[int]) -> None:
        """Take it that those of these images that were read have no result any more."""
        entries = (self._entries[image_id] for image_id in ids if image_id in self._entries)
        read = [entry for entry in entries if entry.state is ItemState.COMPLETED]
        self._set_states((entry, None, None) for entry in read)

    def thumbnails_loaded(self, paths: Iterable[str]) -> None:
        """Repaint the images at ``paths``."""
        ids = [self._id_by_path[path] for path in paths if path in self._id_by_path]
        self._announce(ids, self._thumbnail_roles, counts=False)

    def _set_states(self, changes: Iterable[tuple[_Entry, ItemState | None, ItemOutcome | None]]) -> None:
        """Change states, and count once at the end: a run begins and ends with thousands at a time."""
        before: list[ItemState | None] = []
        after: list[ItemState | None] = []
        changed: list[int] = []
        for entry, state, outcome in changes:
            before.append(entry.state)
            after.append(state)
            entry.state = state
            entry.outcome = outcome
            changed.append(entry.id)
        self._states.subtract(Counter(before))
        self._states.update(Counter(after))
        self._announce(changed, self._state_roles)

    def _tick_where(self, ids: Iterable[int], wanted: Callable[[_Entry], bool]) -> None:
        changed: list[int] = []
        for image_id in ids:
            entry = self._entries[image_id]
            ticked = wanted(entry)
            if entry.is_ticked != ticked:
                entry.is_ticked = ticked
                self._ticked += 1 if ticked else -1
                changed.append(image_id)
        self._announce(changed, self._tick_roles)

    def _announce(self, ids: list[int], roles: list[int], *, counts: bool = True) -> None:
        """Emit as few ``dataChanged`` as the rows allow."""
        if not ids:
            return
        rows = sorted(row for row in map(self._row_by_id.get, ids) if row is not None)
        for first, last in coalesce(rows):
            self.dataChanged.emit(self.index(first), self.index(last), roles)
        if counts:
            self.counts_changed.emit()

    def _passes(self, entry: _Entry) -> bool:
        return not self._filter or self._filter in entry.name.casefold()

    # -- Qt

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        """How many images pass the filter."""
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Images can be selected and ticked."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsUserCheckable
            | Qt.ItemFlag.ItemNeverHasChildren
        )

    def roleNames(self) -> dict[int, QByteArray]:
        """Names of the roles."""
        own = {int(role): QByteArray(role.name.lower().encode()) for role in ImageRole}
        return {**super().roleNames(), **own}

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """One aspect of one image."""
        if not index.isValid():
            return None
        read = self._readers.get(role)
        return None if read is None else read(self._entries[self._rows[index.row()]])

    def setData(self, index: AnyIndex, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Tick or untick one image; nothing else can be edited."""
        if not index.isValid() or role != Qt.ItemDataRole.CheckStateRole:
            return False
        # A view hands over the plain number, code the enumeration.
        self.set_ticked([self._rows[index.row()]], ticked=Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def _describe(self, entry: _Entry) -> str:
        """Return the state in words, with what there is to say about it."""
        word = state_word(entry.state)
        outcome = entry.outcome
        if outcome is None:
            return word
        if outcome.state is ItemState.COMPLETED and outcome.confidence is not None:
            return self.tr("{word}, {percent} % confidence").format(
                word=word, percent=round(100 * outcome.confidence)
            )
        detail = outcome.error or outcome.reason
        return f"{word}: {detail}" if detail else word

    def _tooltip(self, entry: _Entry) -> str:
        lines = [printable(entry.image.path), self._describe(entry)]
        thumbnail = self._thumbnails.get(entry.image.path)
        if thumbnail is not None and thumbnail.problem:
            lines.append(thumbnail.problem)
        return "\n".join(lines)

    def _spoken(self, entry: _Entry) -> str:
        tick = self.tr("ticked") if entry.is_ticked else self.tr("not ticked")
        return f"{entry.name}, {tick}, {self._describe(entry)}"

    def _thumbnail(self, entry: _Entry) -> CachedThumbnail | None:
        return self._thumbnails.get(entry.image.path)


def _check_state(entry: _Entry) -> Qt.CheckState:
    return Qt.CheckState.Checked if entry.is_ticked else Qt.CheckState.Unchecked


def coalesce(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Return sorted row numbers as stretches ``(first, last)``; one over all where there are very many."""
    ranges: list[tuple[int, int]] = []
    for row in rows:
        if ranges and row <= ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], row)
        else:
            ranges.append((row, row))
    return ranges if len(ranges) <= _MAX_RANGES else [(ranges[0][0], ranges[-1][1])]
