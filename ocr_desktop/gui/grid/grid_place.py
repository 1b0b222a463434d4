"""Where a grid view stands, said by what does not change in a reset: the ids of images."""

from typing import TYPE_CHECKING, Protocol, Self, runtime_checkable

import msgspec
from PySide6.QtCore import QItemSelection, QItemSelectionModel

from ocr_desktop.gui.images.row_ranges import stretches_of

if TYPE_CHECKING:
    from ocr_desktop.gui.grid.plain_grid import PlainGrid

_MAX_KEPT = 20_000
"""A selection of more images is not put together again."""
_MAX_PIECES = 500
"""Nor one in more pieces: Qt would take seconds."""


@runtime_checkable
class Identities(Protocol):
    """A model whose entries have ids that outlive a reset."""

    @property
    def is_reordering(self) -> bool:
        """Whether the reset that goes on changes nothing but the order."""

    def id_at(self, row: int) -> int:
        """Return the id of the entry in ``row``."""

    def row_of(self, image_id: int) -> int | None:
        """Return the row of an entry; None if it has none."""


class GridPlace(msgspec.Struct, frozen=True):
    """What was selected, current and on the screen."""

    model: Identities
    selected: tuple[int, ...]
    current: int | None
    anchors: tuple[tuple[int, int], ...]
    """Entries, and their heights in the viewport: the first that is still there stays at its height."""

    @classmethod
    def of(cls, view: "PlainGrid", model: Identities) -> Self:
        """Take down how things are."""
        visible, rows, current = view.visible_rows(), view.selected_rows(), view.currentIndex().row()
        anchors = []
        if not model.is_reordering:
            anchors += [current] if current in visible else []
            anchors += [visible[0]] if visible and view.verticalOffset() else []
        return cls(
            model=model,
            selected=tuple(model.id_at(row) for row in rows) if len(rows) <= _MAX_KEPT else (),
            current=model.id_at(current) if current >= 0 else None,
            anchors=tuple((model.id_at(row), view.top_of(row)) for row in anchors),
        )

    def restore(self, view: "PlainGrid") -> None:
        """Let the view stand where it stood."""
        model, selection = view.model(), QItemSelection()
        rows = sorted(row for row in map(self.model.row_of, self.selected) if row is not None)
        pieces = stretches_of(rows)
        for first, last in pieces if len(pieces) <= _MAX_PIECES else ():
            selection.select(model.index(first, 0), model.index(last, 0))
        view.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        current = self.model.row_of(self.current) if self.current is not None else None
        if current is not None:
            view.make_current(current)
        for image_id, top in self.anchors:
            row = self.model.row_of(image_id)
            if row is not None:
                bar = view.verticalScrollBar()
                bar.setValue(bar.value() + view.top_of(row) - top)
                return
