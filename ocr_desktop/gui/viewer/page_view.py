"""A view of one page that zooms, fits and pans; what it draws is up to the views derived from it."""

from enum import Enum, auto

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QCursor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPalette,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget

from ocr_desktop.gui.look.appearance import faint

_STEP = 1.25
_MOST = 8.0
"""Largest magnification of a pixel of the image."""
_LEAST = 0.02


class _Fit(Enum):
    """What the view sees to when it is resized."""

    NONE = auto()
    PAGE = auto()
    WIDTH = auto()


class PageView(QGraphicsView):
    """Shows one page. The scene counts in pixels of the upright image.

    Signals:
        zoomed: The magnification: device-independent pixels for each pixel of the image.
    """

    zoomed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self._scene = QGraphicsScene(self)
        # A few items need no tree of places, and to look after one costs time whenever an item changes.
        self._scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self._fit = _Fit.PAGE
        self._has_picture = False
        self._message = ""
        self._panned_from: QPoint | None = None
        self.setScene(self._scene)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setBackgroundRole(QPalette.ColorRole.Window)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.setAccessibleName(self.tr("Image"))

    @property
    def has_picture(self) -> bool:
        """Whether an image is shown."""
        return self._has_picture

    @property
    def zoom(self) -> float:
        """The magnification."""
        return float(self.transform().m11())

    def show_message(self, message: str) -> None:
        """Show a sentence instead of an image."""
        self._message = message
        self._has_picture = False
        self._scene.setSceneRect(0, 0, 1, 1)
        self.viewport().update()

    def fit(self) -> None:
        """Show the whole image, not magnified beyond its own size; stays so when the view is resized."""
        self._fit = _Fit.PAGE
        self._refit()

    def fit_width(self) -> None:
        """Show the image as wide as the view, from its top; stays so when the view is resized."""
        self._fit = _Fit.WIDTH
        self._refit()
        bar = self.verticalScrollBar()
        bar.setValue(bar.minimum())

    def zoom_in(self) -> None:
        """Magnify by one step."""
        self._zoom_by(_STEP)

    def zoom_out(self) -> None:
        """The reverse."""
        self._zoom_by(1 / _STEP)

    def actual_size(self) -> None:
        """One pixel of the image for each pixel of the view."""
        self._fit = _Fit.NONE
        if self._has_picture:
            self._set_zoom(1.0)

    def _begin(self, area: QRectF) -> None:
        """Show a page that the items have been given already."""
        self._message = ""
        self._has_picture = True
        self._scene.setSceneRect(area)
        if self._fit is _Fit.WIDTH:
            self.fit_width()
        else:
            self.fit()
        self.viewport().update()

    def _refit(self) -> None:
        rect = self.sceneRect()
        if rect.isEmpty() or not self._has_picture or self._fit is _Fit.NONE:
            return
        room = self.viewport().size()
        if self._fit is _Fit.PAGE:
            scale = min(room.width() / rect.width(), room.height() / rect.height(), 1.0)
        else:
            scale = min(self._room_beside_a_bar(room) / rect.width(), _MOST)
        self._set_zoom(max(scale, 0.001))
        if self._fit is _Fit.PAGE:
            self.centerOn(rect.center())

    def _room_beside_a_bar(self, room: QSize) -> int:
        """Return the width that is left where a scroll bar is needed or stands already."""
        bar = self.verticalScrollBar()
        whole = room.width() + (bar.width() if bar.isVisible() else 0)
        rect = self.sceneRect()
        is_tall = rect.height() * whole / rect.width() > room.height()
        return whole - (bar.sizeHint().width() + 1 if is_tall else 0)

    def zoom_to(self, zoom: float) -> None:
        """Magnify to this, or as far as it goes."""
        if self._has_picture:
            self._fit = _Fit.NONE
            self._set_zoom(min(_MOST, max(_LEAST, zoom)))

    def _zoom_by(self, factor: float) -> None:
        self.zoom_to(self.zoom * factor)

    def _set_zoom(self, zoom: float) -> None:
        self.resetTransform()
        self.scale(zoom, zoom)
        self.zoomed.emit(zoom)

    def _pan_to(self, place: QPoint) -> None:
        """Follow the pointer with Space held down."""
        if self._panned_from is not None:
            by = place - self._panned_from
            self._panned_from = place
            sideways, down = self.horizontalScrollBar(), self.verticalScrollBar()
            sideways.setValue(sideways.value() - by.x())
            down.setValue(down.value() - by.y())

    # -- Qt

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel zoom at the pointer; the wheel alone scrolls."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoom_by(_STEP ** (event.angleDelta().y() / 120))
            event.accept()
        else:
            super().wheelEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan with Space held down; Qt itself pans with the button held down."""
        self._pan_to(event.position().toPoint())
        super().mouseMoveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Zoom and pan; leave left and right to the window while there is nothing to scroll to."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        act = {
            Qt.Key.Key_Plus: self.zoom_in,
            Qt.Key.Key_Minus: self.zoom_out,
            Qt.Key.Key_0: self.fit,
            Qt.Key.Key_1: self.actual_size,
            Qt.Key.Key_2: self.fit_width,
        }.get(Qt.Key(event.key()))
        is_sideways = event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right}
        if act is not None and (plain or event.key() == Qt.Key.Key_Plus):
            act()
        elif event.key() == Qt.Key.Key_Space and plain:
            if not event.isAutoRepeat():
                self._panned_from = self.viewport().mapFromGlobal(QCursor.pos())
                self.setMouseTracking(True)
                self.viewport().setMouseTracking(True)
        elif is_sideways and not self.horizontalScrollBar().maximum():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """End panning by Space."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._panned_from = None
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """End panning by Space: its release would not come here any more."""
        self._panned_from = None
        super().focusOutEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stay fitted."""
        super().resizeEvent(event)
        self._refit()

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Draw the sentence that stands in for an image."""
        super().drawForeground(painter, rect)
        if self._message:
            painter.resetTransform()
            painter.setPen(faint(self.palette()))
            area = self.viewport().rect().adjusted(16, 16, -16, -16)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._message)
