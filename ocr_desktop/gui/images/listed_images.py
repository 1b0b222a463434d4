"""What can be asked of the list of images, by a view and by everybody else; changes are in its subclass.

Entries are known by an id that never changes; a row is only where an entry stands at the moment.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, islice

from PySide6.QtCore import QAbstractListModel, QByteArray, QModelIndex, QObject, QPersistentModelIndex, Qt

from ocr_desktop.domain.items import FoundImage, ItemOutcome
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.grid.pixmap_cache import CachedThumbnail, PixmapCache
from ocr_desktop.gui.images.image_entry import ImageEntry, spoken, tooltip_of
from ocr_desktop.gui.images.image_order import Order
from ocr_desktop.gui.images.image_query import Query
from ocr_desktop.gui.images.image_roles import ImageRole, Tile
from ocr_desktop.gui.images.image_rows import ImageRows
from ocr_desktop.gui.images.image_states import StateCounts

AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_FLAGS = (
    Qt.ItemFlag.ItemIsEnabled
    | Qt.ItemFlag.ItemIsSelectable
    | Qt.ItemFlag.ItemIsUserCheckable
    | Qt.ItemFlag.ItemNeverHasChildren
)


class ListedImages(QAbstractListModel):
    """Images by id, to be read. GUI thread only."""

    def __init__(self, thumbnails: PixmapCache, parent: QObject | None = None) -> None:
        """Start empty.

        Args:
            thumbnails: Where the thumbnail role looks; the model never loads anything itself.
            parent: Qt's parent.
        """
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._entries: dict[int, ImageEntry] = {}
        self._id_by_path: dict[str, int] = {}
        self._rows = ImageRows(self._entries)
        self._ticked: set[int] = set()
        self._states = StateCounts()
        self._folders: Counter[str] = Counter()
        self._readers: dict[int, Callable[[ImageEntry], object]] = {
            Qt.ItemDataRole.DisplayRole: lambda entry: entry.name,
            Qt.ItemDataRole.CheckStateRole: self._check_state,
            Qt.ItemDataRole.ToolTipRole: self._tooltip,
            Qt.ItemDataRole.AccessibleTextRole: self._spoken,
            ImageRole.ID: lambda entry: entry.id,
            ImageRole.PATH: lambda entry: entry.image.path,
            ImageRole.STATE: lambda entry: entry.state,
            ImageRole.CONFIDENCE: lambda entry: entry.confidence,
            ImageRole.THUMBNAIL: lambda entry: self._thumbnails.get(entry.image.path),
            ImageRole.ROTATION: lambda entry: entry.rotation,
        }

    # -- The list

    @property
    def total(self) -> int:
        """How many images there are, shown or not."""
        return len(self._entries)

    @property
    def ticked(self) -> int:
        """How many of them are ticked, shown or not."""
        return len(self._ticked)

    @property
    def query(self) -> Query:
        """Which images are shown."""
        return self._rows.query

    @property
    def order(self) -> Order:
        """What they are sorted by."""
        return self._rows.order

    @property
    def is_descending(self) -> bool:
        """Whether the order is turned round."""
        return self._rows.is_descending

    def count_of(self, state: ItemState | None) -> int:
        """Return how many images are in ``state``; None counts those that no run has touched."""
        return self._states.of(state)

    def folder_counts(self) -> Mapping[str, int]:
        """Return how many images are in each folder, not counting those in its subfolders."""
        return self._folders

    def id_at(self, row: int) -> int:
        """Return the id of the entry in ``row``."""
        return self._rows.shown[row]

    def row_of(self, image_id: int) -> int | None:
        """Return where an entry stands; None if the query hides it or it is gone."""
        return self._rows.row_of(image_id)

    def id_of_path(self, path: str) -> int | None:
        """Return the id of the image at ``path``."""
        return self._id_by_path.get(path)

    def shown_ids(self) -> Sequence[int]:
        """Return the ids of all rows, in order. Not a copy: only to be read."""
        return self._rows.shown

    def ticked_ids(self) -> list[int]:
        """Return the ids of all ticked entries, in the order in which they were added."""
        return sorted(self._ticked)

    def tile(self, row: int) -> Tile:
        """Return all that the grid draws of the entry in ``row``, in one call and without Qt."""
        entry = self._entries[self._rows.shown[row]]
        image = entry.image
        thumbnail = self._thumbnails.get(image.path)
        is_ticked = entry.id in self._ticked
        return Tile(entry.name, is_ticked, entry.state, entry.confidence, thumbnail, image.rotation)

    # -- One image

    def image(self, image_id: int) -> FoundImage:
        """Return the image of an entry, with the rotation that the user has chosen."""
        return self._entries[image_id].image

    def images(self, ids: Iterable[int]) -> list[FoundImage]:
        """Return the images of many entries, as :meth:`image` does."""
        entries = self._entries
        return [entries[image_id].image for image_id in ids]

    def name(self, image_id: int) -> str:
        """Return the file name of an entry, fit to be shown."""
        return self._entries[image_id].name

    def rotation(self, image_id: int) -> int:
        """Return by how many degrees clockwise an entry is turned before it is read."""
        return self._entries[image_id].rotation

    def state(self, image_id: int) -> ItemState | None:
        """Return how far an entry is."""
        return self._entries[image_id].state

    def outcome(self, image_id: int) -> ItemOutcome | None:
        """Return how the last run over the entry ended."""
        return self._entries[image_id].outcome

    def is_ticked(self, image_id: int) -> bool:
        """Whether an entry is ticked."""
        return image_id in self._ticked

    def has(self, image_id: int) -> bool:
        """Whether an entry is still in the list."""
        return image_id in self._entries

    def thumbnail(self, image_id: int) -> CachedThumbnail | None:
        """Return the thumbnail of an entry, if it is in memory."""
        return self._thumbnails.get(self._entries[image_id].image.path)

    def results(self) -> dict[int, Sequence[str]]:
        """Return the ids of all images with results that are known here, and the result files of each."""
        return {
            entry.id: entry.outcome.result_files
            for entry in self._entries.values()
            if entry.outcome is not None and entry.outcome.result_files
        }

    def untouched(self) -> list[tuple[int, FoundImage]]:
        """Return the ids of the images of which nothing is known, and the images, as they were added."""
        entries = self._entries
        return [(image_id, entry.image) for image_id, entry in entries.items() if entry.state is None]

    def roots(self) -> set[str]:
        """Return the folders that the images were chosen through."""
        return {entry.image.root for entry in self._entries.values()}

    def has_thumbnail(self, image_id: int) -> bool:
        """Whether the thumbnail of an entry is in memory, made or refused."""
        return self._thumbnails.get(self._entries[image_id].image.path) is not None

    # -- Qt

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        """How many images are shown."""
        return 0 if parent.isValid() else len(self._rows.shown)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Images can be selected and ticked."""
        return _FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def roleNames(self) -> dict[int, QByteArray]:
        """Names of the roles."""
        own = {int(role): QByteArray(role.name.lower().encode()) for role in ImageRole}
        return {**super().roleNames(), **own}

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """One aspect of one image."""
        if not index.isValid():
            return None
        read = self._readers.get(role)
        return None if read is None else read(self._entries[self._rows.shown[index.row()]])

    def match(
        self,
        start: AnyIndex,
        role: int,
        value: object,
        hits: int = 1,
        flags: Qt.MatchFlag = Qt.MatchFlag.MatchStartsWith | Qt.MatchFlag.MatchWrap,
    ) -> list[QModelIndex]:
        """Find names for somebody who types their beginning into a view; Qt would ask for each of 100,000."""
        if role != Qt.ItemDataRole.DisplayRole or not flags & Qt.MatchFlag.MatchStartsWith or hits < 1:
            return super().match(start, role, value, hits, flags)
        beginning = str(value).casefold()
        rows, shown, entries = start.row(), self._rows.shown, self._entries
        order = chain(range(rows, len(shown)), range(rows if flags & Qt.MatchFlag.MatchWrap else 0))
        found = (row for row in order if entries[shown[row]].folded.startswith(beginning))
        return [self.index(row) for row in islice(found, hits)]

    def _check_state(self, entry: ImageEntry) -> Qt.CheckState:
        return Qt.CheckState.Checked if entry.id in self._ticked else Qt.CheckState.Unchecked

    def _tooltip(self, entry: ImageEntry) -> str:
        thumbnail = self._thumbnails.get(entry.image.path)
        return tooltip_of(entry, thumbnail.problem if thumbnail is not None else "")

    def _spoken(self, entry: ImageEntry) -> str:
        return spoken(entry, is_ticked=entry.id in self._ticked)
