"""The page of the viewer: sharp at every zoom, and each word answers to the pointer."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from ocr_desktop.domain.results import Word
from ocr_desktop.gui.viewer.page_picture import PagePicture
from ocr_desktop.gui.viewer.page_pyramid import PagePyramid
from ocr_desktop.gui.viewer.page_view import PageView
from ocr_desktop.gui.viewer.tile_maker import TileMaker
from ocr_desktop.gui.viewer.word_boxes import WordBoxes
from ocr_desktop.gui.viewer.word_index import WordIndex

_SLACK = 3.0
"""Device-independent pixels by which the pointer may miss a box."""
_READABLE = 12.0
"""Device-independent pixels; lower boxes hold letters that cannot be made out."""
_COMFORTABLE = 26.0
"""What such a box is magnified to."""
_ROOM = 48
"""Device-independent pixels kept around a word that is scrolled to."""


class PageCanvas(PageView):
    """Shows one page from tiles, with its words.

    Signals:
        hovered: The number of the word that the pointer is on, or None.
        clicked: The number of a word.
    """

    hovered = Signal(object)
    clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self._maker = TileMaker(self)
        self._tiled = PagePicture(self._maker)
        self._maker.made.connect(self._tiled.add_tile)
        self.boxes = WordBoxes()
        self.boxes.setZValue(1)
        self._scene.addItem(self._tiled)
        self._scene.addItem(self.boxes)
        self._pressed_at: QPoint | None = None
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)

    @property
    def is_sharp(self) -> bool:
        """Whether all tiles that were drawn last had all their detail."""
        return self._tiled.is_sharp

    @property
    def word_count(self) -> int:
        """How many boxes there are."""
        return len(self.boxes.words)

    def show_pyramid(self, pyramid: PagePyramid, words: Sequence[Word], index: WordIndex) -> None:
        """Show a page, fitted."""
        self._tiled.show_page(pyramid)
        area = QRectF(0, 0, pyramid.width, pyramid.height)
        self.boxes.show_words(words, area, index)
        self._begin(area)

    def show_message(self, message: str) -> None:
        """Show a sentence instead of an image."""
        self._tiled.show_page(None)
        self.boxes.show_words((), QRectF(), WordIndex((), 1, 1))
        super().show_message(message)

    def bring_into_view(self, number: int) -> None:
        """Scroll so that a word is seen; not at all if it is."""
        if self.has_picture:
            self.ensureVisible(self.boxes.box(number), _ROOM, _ROOM)

    def make_readable(self, number: int) -> None:
        """Magnify until a word can be read, if it is too small for that, and scroll there."""
        if not self.has_picture:
            return
        box = self.boxes.box(number)
        height = max(box.height(), self.boxes.median_height)  # a dash is flat, and large enough nevertheless
        if height * self.zoom < _READABLE:
            self.zoom_to(_COMFORTABLE / max(1.0, height))
            self.centerOn(box.center())
        self.bring_into_view(number)

    def stop(self) -> None:
        """End the thread that cuts tiles. Calling it twice does no harm."""
        self._maker.stop()

    def _word_at(self, place: QPoint) -> int | None:
        if not self.has_picture:
            return None
        at = self.mapToScene(place)
        return self.boxes.index.at(at.x(), at.y(), slack=_SLACK / self.zoom)

    def _hover(self, number: int | None) -> None:
        if number != self.boxes.hovered:
            self.boxes.hover(number)
            self.hovered.emit(number)

    # -- Qt

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where, to tell a click from a drag."""
        is_left = event.button() == Qt.MouseButton.LeftButton
        self._pressed_at = event.position().toPoint() if is_left else None
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a word."""
        super().mouseReleaseEvent(event)
        place, pressed_at = event.position().toPoint(), self._pressed_at
        self._pressed_at = None
        if pressed_at is None or (place - pressed_at).manhattanLength() >= QApplication.startDragDistance():
            return
        number = self._word_at(place)
        if number is not None:
            self.clicked.emit(number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell which word the pointer is on."""
        super().mouseMoveEvent(event)
        if not event.buttons():
            number = self._word_at(event.position().toPoint())
            shape = Qt.CursorShape.OpenHandCursor if number is None else Qt.CursorShape.PointingHandCursor
            if self.viewport().cursor().shape() != shape:
                self.viewport().setCursor(shape)
            self._hover(number)

    def leaveEvent(self, event: QEvent) -> None:
        """No word any more."""
        super().leaveEvent(event)
        self._hover(None)
