"""Draws one picture as large as its place allows, turned as the user wants it read."""

from PySide6.QtCore import QEvent, QPoint, QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from ocr_desktop.gui.grid.turned import badge, turned
from ocr_desktop.gui.look.appearance import GRID, faint, plain_pixmap

_BROKEN_ICON = 64


class PreviewPicture(QWidget):
    """A picture, an icon for one that cannot be shown, or nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self._source: QPixmap | None = None
        self._turned: QPixmap | None = None
        self._degrees = 0
        self._is_broken = False
        self._largest_scale = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(8 * GRID, 8 * GRID)

    @property
    def has_picture(self) -> bool:
        """Whether a picture is shown."""
        return self._source is not None

    @property
    def degrees(self) -> int:
        """How far the picture is turned clockwise."""
        return self._degrees

    @property
    def shape(self) -> QSize:
        """Size of the picture in its own pixels, as it is turned; empty where there is none."""
        return self._turned.size() if self._turned is not None else QSize()

    def show_picture(self, pixmap: QPixmap | None, degrees: int, *, largest_scale: float = 1.0) -> None:
        """Draw another picture.

        Args:
            pixmap: The upright picture; None for nothing.
            degrees: How far to turn it clockwise.
            largest_scale: Device pixels for each of the picture's at most; more for a rough stand-in.
        """
        if pixmap is not self._source or degrees != self._degrees:
            self._turned = turned(pixmap, degrees) if pixmap is not None else None
        self._source = pixmap
        self._degrees = degrees
        self._is_broken = False
        self._largest_scale = largest_scale
        self.update()

    def show_broken(self) -> None:
        """Draw the icon of an image that cannot be shown."""
        self.show_picture(None, 0)
        self._is_broken = True
        self.update()

    # -- Qt

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw the picture in the middle."""
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        if self._is_broken:
            icon = plain_pixmap("mdi6.image-broken-variant", faint(self.palette()), _BROKEN_ICON, ratio)
            size = icon.deviceIndependentSize().toSize()
            painter.drawPixmap(self.rect().center() - QPoint(size.width() // 2, size.height() // 2), icon)
        if self._turned is None:
            return
        shape = self._turned.size()
        room = self.size() * ratio
        scale = min(room.width() / shape.width(), room.height() / shape.height(), self._largest_scale * ratio)
        width = max(1, round(shape.width() * scale / ratio))
        height = max(1, round(shape.height() * scale / ratio))
        target = QRect((self.width() - width) // 2, (self.height() - height) // 2, width, height)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(target, self._turned)
        painter.setPen(faint(self.palette()))
        painter.setOpacity(0.35)
        painter.drawRect(target.adjusted(0, 0, -1, -1))
        painter.setOpacity(1)
        if self._degrees:
            mark = badge(self._degrees, self.palette(), ratio)
            corner = target.topRight() - QPoint(round(mark.width() / ratio) + GRID // 2, -GRID // 2)
            painter.drawPixmap(corner, mark)

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()
