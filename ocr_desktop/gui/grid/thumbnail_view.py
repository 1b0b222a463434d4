"""The grid of thumbnails: which ones it wants, and what keys and clicks do to the ticks."""

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from ocr_desktop.gui.grid.grid_view import GridView
from ocr_desktop.gui.grid.thumbnail_delegate import ThumbnailDelegate
from ocr_desktop.gui.images.image_list_model import ImageListModel

SMALLEST_EDGE = 96
LARGEST_EDGE = 400
DEFAULT_EDGE = 160
HOLD_DELAY = 400
"""Milliseconds that Space has to be down to show an image large instead of ticking it."""
_REPEAT = 40
"""Milliseconds between two events of a key that is being held are fewer than these."""
_TYPING = 1000
"""Milliseconds after a letter in which the next one belongs to the same name."""
_AHEAD = 2
"""Screens of thumbnails to ask for below the visible ones; above, half as many."""


class ThumbnailView(GridView):
    """Shows an :class:`ImageListModel`. It costs the same for 100 and 100,000 images.

    Signals:
        wanted: A list of rows to load thumbnails for, most urgent first, after scrolling has settled.
        opened: The row of an image that was double-clicked, or Return was pressed on.
        menu_requested: The place on the screen where a context menu is wanted.
        space_held: Space has been held down for a while; pressed shortly, it ticks.
        space_released: It has been let go after that.
    """

    wanted = Signal(object)
    opened = Signal(int)
    menu_requested = Signal(QPoint)
    space_held = Signal()
    space_released = Signal()

    def __init__(self, model: ImageListModel, parent: QWidget | None = None) -> None:
        """Show ``model``."""
        super().__init__(parent)
        self._images = model
        self._has_tooltips = True
        self._is_space_down = False
        self._delegate = ThumbnailDelegate(model, DEFAULT_EDGE, self)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # no reflow when it appears
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)  # Tab leads to the next control; the arrow keys lead to images
        self.setDragEnabled(False)
        self.setAcceptDrops(False)  # the window takes what is dropped, wherever it is dropped
        self.setItemDelegate(self._delegate)
        self.setModel(model)
        self.setAccessibleName(self.tr("Images"))
        self.setAccessibleDescription(
            self.tr(
                "Thumbnails of the images. Space ticks or unticks and, held down, shows the image large; "
                "Return opens the image and its text."
            )
        )
        self._hold = QTimer(self, interval=HOLD_DELAY, singleShot=True)
        self._hold.timeout.connect(self.space_held)
        # WORKAROUND: some X servers report a key that is held as let go and pressed again, over and over,
        # without a mark on it.
        self._letting_go = QTimer(self, interval=_REPEAT, singleShot=True)
        self._letting_go.timeout.connect(self._end_hold)
        self._typing = QTimer(self, interval=_TYPING, singleShot=True)
        self._settle = QTimer(self, interval=20, singleShot=True)
        self._settle.timeout.connect(self._announce_wanted)
        self.verticalScrollBar().valueChanged.connect(self._schedule)
        model.rowsInserted.connect(self._schedule)
        model.rowsRemoved.connect(self._schedule)
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
        self._delegate.set_edge(edge)
        self.set_smallest_cell(self._delegate.smallest_cell(self.fontMetrics()))
        self._schedule()

    def set_tooltips(self, *, wanted: bool) -> None:
        """Show tooltips over the images, or not, because something else tells the same."""
        self._has_tooltips = wanted

    def cell_resized(self, size: QSize) -> None:
        """Cells have another size from now on."""
        self._delegate.set_cell(size)

    def stop(self) -> None:
        """Ask for nothing any more."""
        self._settle.stop()
        self._hold.stop()
        self._letting_go.stop()
        self._typing.stop()

    def selected_ids(self) -> list[int]:
        """Return the ids of the selected images, in the order in which they are shown."""
        return [self._images.id_at(row) for row in self.selected_rows()]

    @Slot()
    def toggle_selection(self) -> None:
        """Tick the selected images if any of them is not ticked, else untick them all."""
        ids = self.selected_ids()
        if not ids and self.currentIndex().isValid():
            ids = [self._images.id_at(self.currentIndex().row())]
        self._images.toggle(ids)

    @Slot()
    def _schedule(self) -> None:
        """Say soon what is wanted. Not connected as ``start``: that would take a number for milliseconds."""
        if not self._settle.isActive():
            self._settle.start()

    @Slot()
    def _announce_wanted(self) -> None:
        if not self.isVisible():
            return
        height = self.viewport().height()
        visible = self.visible_rows()
        below = self.rows_between(height, height * (1 + _AHEAD))
        above = self.rows_between(-height * _AHEAD // 2, 0)
        nearby = [row for row in (*below, *reversed(above)) if row not in visible]
        self.wanted.emit([*visible, *nearby])

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(index.row())

    @Slot()
    def _end_hold(self) -> None:
        self._is_space_down = False
        self._hold.stop()
        self._letting_go.stop()
        self.space_released.emit()

    # -- Qt

    def event(self, event: QEvent) -> bool:
        """A letter within a name that is being typed is not a shortcut."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
            if is_plain and event.text().isprintable() and event.text() and self._typing.isActive():
                event.accept()
                return True
        return super().event(event)

    def keyboardSearch(self, search: str) -> None:
        """Go to the image whose name begins with what is typed."""
        self._typing.start()
        super().keyboardSearch(search)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks when it is let go, unless it was held; Return opens; the rest is Qt's."""
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            if self._letting_go.isActive():
                self._letting_go.stop()
            elif not event.isAutoRepeat():
                self._is_space_down = True
                self._hold.start()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space that was pressed shortly ticks; held, it showed the image and no longer does."""
        if event.key() != Qt.Key.Key_Space or not self._is_space_down:
            super().keyReleaseEvent(event)
        elif not event.isAutoRepeat():
            if self._hold.isActive():
                self._hold.stop()
                self._is_space_down = False
                self.toggle_selection()
            else:
                self._letting_go.start()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Space that is let go elsewhere does nothing here."""
        super().focusOutEvent(event)
        if self._is_space_down:
            self._end_hold()

    def viewportEvent(self, event: QEvent) -> bool:
        """Leave out tooltips where they are not wanted."""
        if event.type() == QEvent.Type.ToolTip and not self._has_tooltips:
            return True
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Have a menu shown: under the mouse, or on the current image for the keyboard's menu key."""
        position = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            cell = self.visualRect(self.currentIndex())
            position = self.viewport().mapToGlobal(cell.center())
        self.menu_requested.emit(position)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other rows may be visible now."""
        super().resizeEvent(event)
        self._schedule()

    def changeEvent(self, event: QEvent) -> None:
        """A larger font needs larger cells."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange} and hasattr(self, "_settle"):
            self.set_edge(self.edge)
