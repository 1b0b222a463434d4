"""The image and the text of the row that is chosen in the results dialog."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSplitter, QWidget

from ocr_desktop.domain.items import ItemRecord
from ocr_desktop.gui.grid.pixmap_cache import pixmap_of
from ocr_desktop.gui.look.fixed_font import fixed_font
from ocr_desktop.gui.results.page_loader import LoadedPage, PageLoader, PageRequest
from ocr_desktop.gui.results.picture_view import PictureView

_EDGE = 1400
"""Pixels of the longest edge of the image."""


class ResultsPreview(QSplitter):
    """Image on the left, text on the right.

    Signals:
        text_changed: There is a text now, or there is none.
    """

    text_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self._record: ItemRecord | None = None
        self._loader = PageLoader(self)
        self._loader.loaded.connect(self._show_page)
        self.page = PictureView()
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setFont(fixed_font())
        self.text.setAccessibleName(self.tr("Text"))
        self.text.setTabChangesFocus(True)
        self.addWidget(self.page)
        self.addWidget(self.text)
        self.setSizes([220, 260])
        self.setChildrenCollapsible(False)

    def show_record(self, record: ItemRecord | None, *, again: bool = False) -> None:
        """Show an item; None for none. One that is shown stays, unless its files are to be read ``again``."""
        if record is not None and record == self._record and not again:
            return
        self._record = record
        self.text.clear()
        if record is None:
            self._loader.load(None)
            self.text.setPlaceholderText("")
            self.page.show_message(self.tr("No image is selected."))
        else:
            if not self.page.has_picture:  # else the image before stays until the next one is there
                self.page.show_message(self.tr("Loading …"))
            self._loader.load(PageRequest(record.item.path, record.outcome, _EDGE, record.item.rotation))
        self.text_changed.emit()

    @Slot()
    def copy(self) -> None:
        """Copy the text to the clipboard."""
        QGuiApplication.clipboard().setText(self.text.toPlainText())

    def release(self) -> None:
        """Let the thread end by itself. Calling it twice does no harm."""
        self._loader.release()

    @Slot(object)
    def _show_page(self, page: LoadedPage) -> None:
        if page.bitmap is None:
            self.page.show_message(page.image_problem)
        else:
            self.page.show_picture(pixmap_of(page.bitmap), page.width, page.height)
        self.text.setPlaceholderText(page.text_problem or self.tr("No text was found on this image."))
        self.text.setPlainText(page.text)
        self.text_changed.emit()
