"""The image and the text of the row that is chosen in the results dialog."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSplitter, QWidget

from ocr_desktop.domain.items import ItemRecord
from ocr_desktop.gui.grid.pixmap_cache import pixmap_of
from ocr_desktop.gui.results.page_loader import LoadedPage, PageLoader, PageRequest
from ocr_desktop.gui.results.page_view import PageView

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
        self._loader = PageLoader(self)
        self._loader.loaded.connect(self._show_page)
        self.page = PageView()
        self.page.set_boxes_visible(False)
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName(self.tr("Text"))
        self.text.setTabChangesFocus(True)
        self.addWidget(self.page)
        self.addWidget(self.text)
        self.setSizes([260, 320])
        self.setChildrenCollapsible(False)

    def show_record(self, record: ItemRecord | None) -> None:
        """Show an item; None for none."""
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

    def stop(self) -> None:
        """End the thread. Calling it twice does no harm."""
        self._loader.stop()

    @Slot(object)
    def _show_page(self, page: LoadedPage) -> None:
        if page.bitmap is None:
            self.page.show_message(page.image_problem)
        else:
            self.page.show_page(pixmap_of(page.bitmap), page.width, page.height, ())
        self.text.setPlaceholderText(page.text_problem or self.tr("No text was found on this image."))
        self.text.setPlainText(page.text)
        self.text_changed.emit()
