"""A page as a picture, with boxes around its words; zooms, fits and pans."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPalette, QPen, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsItem,
    QGraphicsPixmapItem,
    QGraphicsScene,
    QGraphicsView,
    QStyleOptionGraphicsItem,
    QWidget,
)

from ocr_desktop.domain.results import Word
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.appearance import faint, state_colour

DOUBTFUL = 0.6
"""Confidence below which a word is marked as doubtful."""
_STEP = 1.25
_MOST = 8.0
"""Largest magnification of a pixel of the image."""


class PageView(QGraphicsView):
    """Shows one page. The scene counts in pixels of the upright image, as the boxes of words do.

    Signals:
        zoomed: The magnification: device-independent pixels for each pixel of the image.
    """

    zoomed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self._scene = QGraphicsScene(self)
        self._picture = QGraphicsPixmapItem()
        self._picture.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self._boxes = _WordBoxes()
        self._boxes.setZValue(1)
        self._scene.addItem(self._picture)
        self._scene.addItem(self._boxes)
        self._is_fitted = True
        self._message = ""
        self.setScene(self._scene)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setBackgroundRole(QPalette.ColorRole.Window)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.setAccessibleName(self.tr("Image"))

    @property
    def word_count(self) -> int:
        """How many boxes there are."""
        return self._boxes.count

    @property
    def has_picture(self) -> bool:
        """Whether an image is shown."""
        return not self._picture.pixmap().isNull()

    def show_page(self, pixmap: QPixmap, width: int, height: int, words: Sequence[Word]) -> None:
        """Show an image, fitted, with boxes around its words.

        Args:
            pixmap: The image, possibly scaled down.
            width: Of the upright image, in pixels.
            height: The same.
            words: Their boxes.
        """
        self._message = ""
        self._picture.setPixmap(pixmap)
        self._picture.setScale(width / max(1, pixmap.width()))
        self._boxes.show_words(words, QRectF(0, 0, width, height))
        self._scene.setSceneRect(0, 0, width, height)
        self.fit()
        self.viewport().update()

    def show_message(self, message: str) -> None:
        """Show a sentence instead of an image."""
        self._message = message
        self._picture.setPixmap(QPixmap())
        self._boxes.show_words((), QRectF())
        self._scene.setSceneRect(0, 0, 1, 1)
        self.viewport().update()

    def set_boxes_visible(self, visible: bool) -> None:
        """Show or hide the boxes."""
        self._boxes.setVisible(visible)

    def fit(self) -> None:
        """Show the whole image, not magnified beyond its own size; stays so when the view is resized."""
        self._is_fitted = True
        rect = self.sceneRect()
        if rect.isEmpty() or not self.has_picture:
            return
        room = self.viewport().size()
        scale = min(room.width() / rect.width(), room.height() / rect.height(), 1.0)
        self._set_zoom(max(scale, 0.001))
        self.centerOn(rect.center())

    def zoom_in(self) -> None:
        """Magnify by one step."""
        self._zoom_by(_STEP)

    def zoom_out(self) -> None:
        """The reverse."""
        self._zoom_by(1 / _STEP)

    def actual_size(self) -> None:
        """One pixel of the image for each pixel of the view."""
        self._is_fitted = False
        self._set_zoom(1.0)

    def _zoom_by(self, factor: float) -> None:
        if not self.has_picture:
            return
        self._is_fitted = False
        self._set_zoom(min(_MOST, max(0.02, self.transform().m11() * factor)))

    def _set_zoom(self, zoom: float) -> None:
        self.resetTransform()
        self.scale(zoom, zoom)
        self.zoomed.emit(zoom)

    # -- Qt

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel zoom at the pointer; the wheel alone scrolls."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoom_by(_STEP ** (event.angleDelta().y() / 120))
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave left and right to the window while there is nothing to scroll to."""
        is_sideways = event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right}
        if is_sideways and not self.horizontalScrollBar().maximum():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stay fitted."""
        super().resizeEvent(event)
        if self._is_fitted:
            self.fit()

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Draw the sentence that stands in for an image."""
        super().drawForeground(painter, rect)
        if self._message:
            painter.resetTransform()
            painter.setPen(faint(self.palette()))
            area = self.viewport().rect().adjusted(16, 16, -16, -16)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._message)


class _WordBoxes(QGraphicsItem):
    """All boxes in one item: a page has a thousand of them."""

    def __init__(self) -> None:
        super().__init__()
        self._area = QRectF()
        self._sure: list[QRectF] = []
        self._doubtful: list[QRectF] = []

    @property
    def count(self) -> int:
        return len(self._sure) + len(self._doubtful)

    def show_words(self, words: Sequence[Word], area: QRectF) -> None:
        self.prepareGeometryChange()
        self._area = area
        self._sure = [QRectF(*word.box) for word in words if word.confidence >= DOUBTFUL]
        self._doubtful = [QRectF(*word.box) for word in words if word.confidence < DOUBTFUL]
        self.update()

    def boundingRect(self) -> QRectF:
        return self._area

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        del option, widget
        # Scans are light whatever the window is, so the colours are those for a light background.
        light = QPalette(QColor("white"))
        for rects, state in ((self._sure, ItemState.PROCESSING), (self._doubtful, ItemState.FAILED)):
            outline = state_colour(state, light)
            outline.setAlpha(170)
            pen = QPen(outline, 1)
            pen.setCosmetic(True)
            fill = QColor(outline)
            fill.setAlpha(22)
            painter.setPen(pen)
            painter.setBrush(fill)
            painter.drawRects(rects)
