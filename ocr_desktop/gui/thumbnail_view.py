"""The grid of thumbnails: which rows are on the screen, and what keys and clicks do to the ticks."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QContextMenuEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QMenu, QWidget

from ocr_desktop.gui.image_list_model import ImageListModel
from ocr_desktop.gui.thumbnail_delegate import ThumbnailDelegate

AnyIndex = QModelIndex | QPersistentModelIndex

SMALLEST_EDGE = 96
LARGEST_EDGE = 400
DEFAULT_EDGE = 160
_LAYOUT_BATCH = 250
"""Rows that Qt lays out before it lets the event loop run; it asks the model, in Python, about each."""
_AHEAD = 2
"""Screens of thumbnails to ask for below the visible ones; above, half as many."""


class ThumbnailView(QListView):
    """Shows an :class:`ImageListModel`. With a fixed cell size it costs the same for 100 and 100,000 images.

    Signals:
        wanted: A list of rows to load thumbnails for, most urgent first, after scrolling has settled.
        opened: The row of an image that was double-clicked, or Return was pressed on.
    """

    wanted = Signal(object)
    opened = Signal(int)

    def __init__(self, model: ImageListModel, parent: QWidget | None = None) -> None:
        """Show ``model``."""
        super().__init__(parent)
        self._images = model
        self._anchor: int | None = None
        self._delegate = ThumbnailDelegate(model, DEFAULT_EDGE, self)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(_LAYOUT_BATCH)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionRectVisible(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # no reflow when it appears
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setDragEnabled(False)
        self.setAcceptDrops(False)  # the window takes what is dropped, wherever it is dropped
        self.setItemDelegate(self._delegate)
        self.setModel(model)
        self.setAccessibleName(self.tr("Images"))
        self.setAccessibleDescription(
            self.tr("Thumbnails of the images. Space ticks or unticks, Return opens the image and its text.")
        )
        self._settle = QTimer(self, interval=20, singleShot=True)
        self._settle.timeout.connect(self._announce_wanted)
        self.verticalScrollBar().valueChanged.connect(self._schedule)
        self.verticalScrollBar().rangeChanged.connect(self._return_to_anchor)
        model.rowsInserted.connect(self._schedule)
        model.modelReset.connect(self._schedule)
        self.doubleClicked.connect(self._open)
        self.set_edge(DEFAULT_EDGE)

    @property
    def edge(self) -> int:
        """Edge of a thumbnail, in device-independent pixels."""
        return self._delegate.edge

    @property
    def device_edge(self) -> int:
        """Edge of a thumbnail, in pixels of the screen."""
        return round(self._delegate.edge * self.devicePixelRatioF())

    def set_edge(self, edge: int) -> None:
        """Show thumbnails of another size, keeping the image in the middle of the view in sight."""
        rows = self.visible_rows()
        self._delegate.set_edge(edge)
        self._spread()
        self.verticalScrollBar().setSingleStep(self.gridSize().height() // 3)
        self._anchor = rows[len(rows) // 2] if rows else None
        self._return_to_anchor()
        self._schedule()

    def visible_rows(self) -> range:
        """Return the rows of which at least a part is on the screen."""
        return self._rows_between(0, self.viewport().height())

    def stop(self) -> None:
        """Ask for nothing any more."""
        self._settle.stop()

    def selected_ids(self) -> list[int]:
        """Return the ids of the selected images."""
        return [self._images.id_at(index.row()) for index in self.selectionModel().selectedIndexes()]

    @Slot()
    def toggle_selection(self) -> None:
        """Tick the selected images if any of them is not ticked, else untick them all."""
        indexes = self.selectionModel().selectedIndexes() or [self.currentIndex()]
        rows = [index.row() for index in indexes if index.isValid()]
        is_all_ticked = all(
            Qt.CheckState(self._images.index(row).data(Qt.ItemDataRole.CheckStateRole))
            == Qt.CheckState.Checked
            for row in rows
        )
        self._images.set_ticked([self._images.id_at(row) for row in rows], ticked=not is_all_ticked)

    @Slot()
    def _schedule(self) -> None:
        """Say soon what is wanted. Not connected as ``start``: that would take a number for milliseconds."""
        if not self._settle.isActive():
            self._settle.start()

    @Slot()
    def _return_to_anchor(self) -> None:
        """Scroll back to where the view was before its cells changed, once Qt has laid out that far."""
        if self._anchor is None:
            return
        cell, height = self.gridSize(), self.viewport().height()
        columns = max(1, self.viewport().width() // cell.width())
        target = max(0, (self._anchor // columns) * cell.height() - (height - cell.height()) // 2)
        bar = self.verticalScrollBar()
        if bar.maximum() >= target:
            self._anchor = None
            bar.setValue(target)

    def _spread(self) -> None:
        """Share the width out among as many columns as fit."""
        cell = self._delegate.smallest_cell(self.fontMetrics())
        # One pixel less: Qt begins a new line when the last column ends exactly at the border.
        room = self.viewport().width() - 1
        columns = max(1, room // cell.width())
        size = QSize(max(cell.width(), room // columns), cell.height())
        if size != self.gridSize():
            self._delegate.set_cell(size)
            self.setGridSize(size)

    def _rows_between(self, top: int, bottom: int) -> range:
        """Return the rows that lie between two heights of the viewport.

        Computed from the fixed grid: Qt only knows the items that it has laid out already.
        """
        cell = self.gridSize()
        if cell.isEmpty() or self._images.rowCount() == 0:
            return range(0)
        columns = max(1, self.viewport().width() // cell.width())
        offset = self.verticalOffset()
        first = max(0, (top + offset) // cell.height()) * columns
        last = ((bottom + offset - 1) // cell.height() + 1) * columns
        return range(first, max(first, min(last, self._images.rowCount())))

    @Slot()
    def _announce_wanted(self) -> None:
        if not self.isVisible():
            return
        height = self.viewport().height()
        visible = self.visible_rows()
        below = self._rows_between(height, height * (1 + _AHEAD))
        above = self._rows_between(-height * _AHEAD // 2, 0)
        nearby = [row for row in (*below, *reversed(above)) if row not in visible]
        self.wanted.emit([*visible, *nearby])

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(index.row())

    # -- Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks, Return opens; the rest is Qt's."""
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            self.toggle_selection()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the selected images."""
        ids = self.selected_ids()
        if not ids:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, ticked in ((self.tr("Tick selection"), True), (self.tr("Untick selection"), False)):
            action = QAction(text, menu)
            action.triggered.connect(
                lambda _=False, ticked=ticked: self._images.set_ticked(ids, ticked=ticked)
            )
            menu.addAction(action)
        menu.addSeparator()
        opening = QAction(self.tr("Open image and text"), menu)
        opening.triggered.connect(lambda: self._open(self.currentIndex()))
        menu.addAction(opening)
        menu.popup(event.globalPos())

    def dataChanged(self, top_left: AnyIndex, bottom_right: AnyIndex, roles: Sequence[int] = ()) -> None:
        """Repaint if what has changed is on the screen; nothing here changes the size of a cell.

        Without QListView's own part, which goes through all the rows to measure them again.
        """
        visible = self.visible_rows()
        if visible and top_left.row() <= visible[-1] and bottom_right.row() >= visible[0]:
            QAbstractItemView.dataChanged(self, top_left, bottom_right, roles)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other rows may be visible now."""
        self._spread()
        super().resizeEvent(event)
        self._schedule()

    def changeEvent(self, event: QEvent) -> None:
        """A larger font needs larger cells."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange} and hasattr(self, "_settle"):
            self.set_edge(self.edge)
