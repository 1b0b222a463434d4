"""A page as one picture: zooms, fits and pans like the page of the viewer."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QGraphicsPixmapItem, QWidget

from ocr_desktop.gui.viewer.page_view import PageView


class PictureView(PageView):
    """Shows one picture, possibly scaled down."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self._picture = QGraphicsPixmapItem()
        self._picture.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self._scene.addItem(self._picture)

    def show_picture(self, pixmap: QPixmap, width: int, height: int) -> None:
        """Show an image, fitted.

        Args:
            pixmap: The image, possibly scaled down.
            width: Of the upright image, in pixels.
            height: The same.
        """
        self._picture.setPixmap(pixmap)
        self._picture.setScale(width / max(1, pixmap.width()))
        self._begin(QRectF(0, 0, width, height))

    def show_message(self, message: str) -> None:
        """Show a sentence instead of an image."""
        self._picture.setPixmap(QPixmap())
        super().show_message(message)
