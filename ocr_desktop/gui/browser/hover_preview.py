"""Shows an image larger while the mouse rests on it, or while Space is held down.

The preview is a part of the window that takes no mouse events, and stands beside the cell, never on it. So it
is never in the way, and no window system has a say in where it goes.
"""

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QMouseEvent, QPixmap

from ocr_desktop.gui.browser.preview_card import PreviewCard
from ocr_desktop.gui.browser.preview_source import LargePreview, PreviewSource, Render
from ocr_desktop.gui.grid.pixmap_cache import pixmap_of
from ocr_desktop.gui.grid.thumbnail_view import ThumbnailView
from ocr_desktop.gui.grid.turned import is_on_its_side
from ocr_desktop.gui.images.image_list_model import ImageListModel
from ocr_desktop.gui.look.appearance import GRID
from ocr_desktop.services.thumbnails import Bitmap

HOVER_DELAY = 600
"""Milliseconds that the mouse has to rest on an image."""
_LARGEST = 560
"""Pixels that a preview under the mouse may be wide and high."""
_WORTHWHILE = 1.25
"""How much larger than the thumbnail a preview under the mouse has to be to be shown."""


class HoverPreview(QObject):
    """Watches the grid and decides when the card is shown. GUI thread only."""

    def __init__(
        self, view: ThumbnailView, model: ImageListModel, render: Render, parent: QObject | None = None
    ) -> None:
        """Begin to watch.

        Args:
            view: The grid.
            model: Its images.
            render: Makes previews, in the background.
            parent: Qt's parent.
        """
        super().__init__(parent)
        self._view = view
        self._model = model
        self._is_hover_wanted = True
        self._is_held = False
        self._image_id: int | None = None
        self._loaded: tuple[str, QPixmap] | None = None
        self._card: PreviewCard | None = None
        self._source = PreviewSource("hover-preview", render, self)
        self._source.loaded.connect(self._take)
        self._rest = QTimer(self, interval=HOVER_DELAY, singleShot=True)
        self._rest.timeout.connect(self._show_hovered)
        self._place = QPoint()
        view.viewport().installEventFilter(self)
        view.space_held.connect(self._hold)
        view.space_released.connect(self.hide)
        view.verticalScrollBar().valueChanged.connect(self._dismiss_hover)
        view.selectionModel().currentChanged.connect(self._follow_current)
        model.modelReset.connect(self.hide)
        model.rowsRemoved.connect(self.hide)
        model.dataChanged.connect(self._follow_change)
        self.set_hover(wanted=True)

    @property
    def card(self) -> PreviewCard | None:
        """What is on the screen; None while nothing is."""
        return self._card if self._card is not None and self._card.isVisible() else None

    @property
    def image_id(self) -> int | None:
        """The image that is shown."""
        return self._image_id

    def set_hover(self, *, wanted: bool) -> None:
        """Show images under the mouse, or only those for which Space is held."""
        self._is_hover_wanted = wanted
        self._view.set_tooltips(wanted=not wanted)
        self._dismiss_hover()

    @Slot()
    def hide(self) -> None:
        """Take the preview away."""
        self._rest.stop()
        self._is_held = False
        self._image_id = None
        self._loaded = None
        self._source.want(None)
        if self._card is not None:
            self._card.hide()

    def stop(self) -> None:
        """End thread and timer."""
        self.hide()
        self._source.stop()

    @Slot()
    def _hold(self) -> None:
        self._rest.stop()
        self._is_held = True
        self._follow_current()

    @Slot()
    def _follow_current(self) -> None:
        index = self._view.currentIndex()
        if self._is_held and index.isValid():
            self._show(self._model.id_at(index.row()))
        else:
            self._dismiss_hover()

    @Slot()
    def _show_hovered(self) -> None:
        index = self._view.indexAt(self._place)
        if index.isValid() and self._view.underMouse() and not self._is_held:
            self._show(self._model.id_at(index.row()))

    @Slot()
    def _dismiss_hover(self) -> None:
        self._rest.stop()
        if not self._is_held and self._image_id is not None:
            self.hide()

    def _show(self, image_id: int) -> None:
        row = self._model.row_of(image_id)
        if row is None:
            return
        if self._card is None or self._card.parentWidget() is not self._view.window():
            self._card = PreviewCard(self._view.window())
        cell = self._view.visualRect(self._model.index(row))
        shape = self._shape_of(image_id)
        place = self._place_in_grid(shape) if self._is_held else self._place_beside(cell, shape)
        if place is None:
            return
        if image_id != self._image_id:
            self._image_id = image_id
            self._loaded = None
            self._source.want(self._model.image(image_id).path)
        self._draw()
        self._card.setGeometry(place)
        self._card.show()
        self._card.raise_()

    def _shape_of(self, image_id: int) -> QSize:
        """Return width and height of the turned thumbnail; empty if there is none."""
        thumbnail = self._model.thumbnail(image_id)
        if thumbnail is None:
            return QSize()
        shape = QSize(thumbnail.width, thumbnail.height)
        return shape.transposed() if is_on_its_side(self._model.rotation(image_id)) else shape

    def _draw(self) -> None:
        """Show what there is of the picture by now."""
        assert self._card is not None  # noqa: S101 - made just before
        assert self._image_id is not None  # noqa: S101 - set just before
        self._card.describe(self._model, self._image_id)
        degrees = self._model.rotation(self._image_id)
        thumbnail = self._model.thumbnail(self._image_id)
        if self._loaded is not None:
            self._card.picture.show_picture(self._loaded[1], degrees)
        elif thumbnail is not None and thumbnail.pixmap is not None:
            self._card.picture.show_picture(thumbnail.pixmap, degrees, largest_scale=8)
        else:
            self._card.picture.show_picture(None, 0)

    @Slot(object)
    def _take(self, preview: LargePreview) -> None:
        if self._image_id is None or self._card is None or not self._model.has(self._image_id):
            return
        if isinstance(preview.answer, Bitmap):
            self._loaded = (preview.path, pixmap_of(preview.answer))
            self._draw()
        else:
            self._card.picture.show_broken()
            self._card.turn.setText(preview.answer.reason)
            self._card.turn.show()

    @Slot()
    def _follow_change(self) -> None:
        if self.card is not None and self._image_id is not None and self._model.has(self._image_id):
            self._draw()

    def _place_in_grid(self, shape: QSize) -> QRect:
        """Return the place of a large preview: in the middle of the grid."""
        assert self._card is not None  # noqa: S101 - it is about to be shown
        viewport = self._view.viewport()
        corner = viewport.mapTo(self._view.window(), QPoint(0, 0))
        room = QRect(corner, viewport.size()).adjusted(2 * GRID, 2 * GRID, -2 * GRID, -2 * GRID)
        place = QRect(QPoint(0, 0), self._card.size_for(shape, room.size()))
        place.moveCenter(room.center())
        return place

    def _place_beside(self, cell: QRect, shape: QSize) -> QRect | None:
        """Return a place left or right of a cell; None where there is no room for more than the thumbnail."""
        assert self._card is not None  # noqa: S101 - it is about to be shown
        window = self._view.window()
        at = QRect(self._view.viewport().mapTo(window, cell.topLeft()), cell.size())
        room_left = at.left() - 2 * GRID
        room_right = window.width() - at.right() - 2 * GRID
        room = QSize(
            min(_LARGEST, max(room_left, room_right)),
            min(_LARGEST + 8 * GRID, window.height() - 4 * GRID),
        )
        if min(room.width(), room.height()) < _WORTHWHILE * self._view.edge:
            return None
        size = self._card.size_for(shape, room)
        left = at.right() + GRID if room_right >= room_left else at.left() - GRID - size.width()
        top = at.center().y() - size.height() // 2
        top = max(2 * GRID, min(top, window.height() - size.height() - 2 * GRID))
        return QRect(QPoint(left, top), size)

    # -- Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice where the mouse rests; nothing is taken away from the grid."""
        kind = event.type()
        if isinstance(event, QMouseEvent) and kind == QEvent.Type.MouseMove:
            self._move(event.position(), event.buttons())
        elif kind in {QEvent.Type.Leave, QEvent.Type.Wheel, QEvent.Type.MouseButtonPress}:
            self._dismiss_hover()
        return super().eventFilter(watched, event)

    def _move(self, position: QPointF, buttons: Qt.MouseButton) -> None:
        self._place = position.toPoint()
        index = self._view.indexAt(self._place)
        is_same = index.isValid() and self._model.id_at(index.row()) == self._image_id
        if is_same:
            return
        self._dismiss_hover()
        if self._is_hover_wanted and index.isValid() and not buttons and not self._is_held:
            self._rest.start()
