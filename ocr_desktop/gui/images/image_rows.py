"""Which image stands in which row: all images in order, those of them that are shown, and the way back."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from ocr_desktop.gui.images.image_entry import ImageEntry
from ocr_desktop.gui.images.image_order import Order, place, sort
from ocr_desktop.gui.images.image_query import Query, choose

Stretch = tuple[int, list[int]]
"""Ids that go in before a row."""
_FEW = 20
"""Up to a twentieth of the images is put into its place one by one; more are sorted with all the others."""


class ImageRows:
    """Keeps ids in rows. Knows nothing of Qt; what is to be announced is said by :meth:`plan`.

    Args:
        entries: All images by id; whoever owns them changes them first, and then tells here.
    """

    def __init__(self, entries: Mapping[int, ImageEntry]) -> None:
        """Start empty, in the order of finding."""
        self._entries = entries
        self._all: list[int] = []
        self._shown = self._all  # the same list, as long as there is no query
        self._row_by_id: dict[int, int] = {}
        self._known_rows = 0
        self.query = Query()
        self.order = Order.FOUND
        self.is_descending = False

    @property
    def shown(self) -> Sequence[int]:
        """The ids of all rows. Not a copy: only to be read."""
        return self._shown

    @property
    def is_filtered(self) -> bool:
        """Whether the query can hide an image."""
        return self.query != Query()

    def row_of(self, image_id: int) -> int | None:
        """Return the row of an image; None if it is hidden or gone."""
        self._index()
        return self._row_by_id.get(image_id)

    def rows_of(self, ids: Iterable[int]) -> list[int]:
        """Return the rows of those of these images that are shown, in order."""
        self._index()
        return sorted(row for row in map(self._row_by_id.get, ids) if row is not None)

    def sorted(self, moved: Collection[int] | None = None) -> list[int]:
        """Return the ids of all images in the order that they should have now.

        Args:
            moved: The images that may be in the wrong place; where they are few, the others are not looked
                at. None: any.
        """
        if moved is None or len(moved) > len(self._all) // _FEW:
            return sort(self._entries, self._entries, self.order, descending=self.is_descending)
        others = [image_id for image_id in self._all if image_id not in moved]
        new = sort(moved, self._entries, self.order, descending=self.is_descending)
        return _merged(others, self._stretches(new, others))

    def matching(self, ids: list[int]) -> list[int]:
        """Return those of these ids that pass the query."""
        return choose(map(self._entries.__getitem__, ids), self.query) if self.is_filtered else ids

    def take(self, ids: list[int], shown: list[int] | None = None) -> None:
        """Put all images into this order; ``shown`` are those that are shown, by default what matches."""
        self._all = ids
        if not self.is_filtered:
            self._shown = ids
        else:
            self._shown = self.matching(ids) if shown is None else shown
        self._forget_from(0)

    def filter(self) -> None:
        """Show what passes the query, in the order that is there."""
        self.take(self._all)

    # -- Images that come and go

    def plan(self, new: Sequence[int]) -> list[Stretch]:
        """Take in new ids behind the scenes, and return where they are to be shown, the last place first.

        Each stretch is then to be handed to :meth:`insert`, or all together to :meth:`insert_all`.
        """
        new = sort(new, self._entries, self.order, descending=self.is_descending)
        if self.is_filtered:
            self._all = _merged(self._all, self._stretches(new, self._all))
            new = self.matching(new)
        return self._stretches(new, self._shown)[::-1]

    def insert(self, stretch: Stretch) -> None:
        """Show one stretch of new images."""
        row, ids = stretch
        self._shown[row:row] = ids
        self._forget_from(row)

    def insert_all(self, stretches: Sequence[Stretch]) -> None:
        """Show all stretches of a plan at once."""
        merged = _merged(self._shown, stretches[::-1])
        if not self.is_filtered:
            self._all = merged
        self._shown = merged
        self._forget_from(0)

    def delete(self, first: int, last: int) -> None:
        """Take these rows away."""
        del self._shown[first : last + 1]
        self._row_by_id.clear()
        self._forget_from(0)

    def drop(self, gone: set[int]) -> None:
        """Forget images that are hidden, or not to be announced row by row."""
        self._all = [image_id for image_id in self._all if image_id not in gone]
        if self.is_filtered:
            self._shown = [image_id for image_id in self._shown if image_id not in gone]
        else:
            self._shown = self._all
        self._forget_from(0)

    def clear(self) -> None:
        """Forget all images; query and order stay."""
        self.take([], [])

    def _stretches(self, new: Sequence[int], ids: Sequence[int]) -> list[Stretch]:
        stretches: list[Stretch] = []
        positions = place(new, ids, self._entries, self.order, descending=self.is_descending)
        for image_id, position in zip(new, positions, strict=True):
            if stretches and stretches[-1][0] == position:
                stretches[-1][1].append(image_id)
            else:
                stretches.append((position, [image_id]))
        return stretches

    def _forget_from(self, row: int) -> None:
        """The way back from ids to rows is worked out when somebody asks for it, from here on."""
        if row == 0:
            self._row_by_id.clear()
        self._known_rows = min(self._known_rows, row)

    def _index(self) -> None:
        first = self._known_rows
        if first < len(self._shown):
            self._row_by_id.update(zip(self._shown[first:], range(first, len(self._shown)), strict=True))
            self._known_rows = len(self._shown)


def _merged(ids: Sequence[int], stretches: Sequence[Stretch]) -> list[int]:
    """Return ``ids`` with the stretches, which are in order, put in."""
    merged: list[int] = []
    done = 0
    for position, new in stretches:
        merged.extend(ids[done:position])
        merged.extend(new)
        done = position
    merged.extend(ids[done:])
    return merged
