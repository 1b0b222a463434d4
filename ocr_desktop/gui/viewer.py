"""The viewer: an image with boxes around its words on the left, its text on the right."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QAction, QCloseEvent, QFontDatabase, QGuiApplication, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSizePolicy,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ocr_desktop.domain.items import ItemOutcome
from ocr_desktop.domain.naming import printable
from ocr_desktop.gui.appearance import GRID, apply_icons
from ocr_desktop.gui.page_loader import LoadedPage, PageLoader, PageRequest
from ocr_desktop.gui.page_view import PageView
from ocr_desktop.gui.pixmap_cache import pixmap_of
from ocr_desktop.gui.reveal import show_in_folder
from ocr_desktop.gui.window_size import resize_within_screen

_MAX_EDGE = 3000
"""Pixels; what a screen shows, and few enough to become a pixmap without a stall."""


class ViewerEntry(msgspec.Struct, frozen=True):
    """One image to look at."""

    path: str
    outcome: ItemOutcome | None
    """How it was read; None if it was not."""


class Viewer(QDialog):
    """Shows one entry of a list, and steps through the list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build the viewer; :meth:`show_entries` fills it."""
        super().__init__(parent, Qt.WindowType.Window)
        self._entries: Sequence[ViewerEntry] = ()
        self._position = 0
        self._loader: PageLoader | None = None
        self.page = PageView()
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName(self.tr("Text"))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.about = QLabel()
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        self.about.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._make_actions()
        splitter = QSplitter()
        splitter.addWidget(self.page)
        splitter.addWidget(self.text)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setSizes([660, 440])
        splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._make_toolbar())
        layout.addWidget(splitter, 1)
        self._refresh_icons()
        resize_within_screen(self, 1100, 760)

    @property
    def entry(self) -> ViewerEntry:
        """What is shown."""
        return self._entries[self._position]

    def show_entries(self, entries: Sequence[ViewerEntry], position: int) -> None:
        """Show the entry at ``position``, and be ready to step to the others."""
        self._entries = entries
        self._go_to(position)

    def stop(self) -> None:
        """End the thread that loads. Calling it twice does no harm."""
        if self._loader is not None:
            self._loader.stop()
            self._loader.deleteLater()
            self._loader = None

    def _make_actions(self) -> None:
        def action(text: str, keys: list[str], act: object, *, checkable: bool = False) -> QAction:
            made = QAction(text, self)
            made.setShortcuts([QKeySequence(key) for key in keys])
            made.setToolTip(f"{text} ({keys[0]})")
            made.setCheckable(checkable)
            (made.toggled if checkable else made.triggered).connect(act)
            self.addAction(made)
            return made

        self.previous = action(self.tr("Previous image"), ["Alt+Left", "PgUp"], lambda: self._step(-1))
        self.next = action(self.tr("Next image"), ["Alt+Right", "PgDown"], lambda: self._step(1))
        self.zoom_in = action(self.tr("Zoom in"), ["Ctrl++", "Ctrl+="], self.page.zoom_in)
        self.zoom_out = action(self.tr("Zoom out"), ["Ctrl+-"], self.page.zoom_out)
        self.fit = action(self.tr("Fit to window"), ["Ctrl+0"], self.page.fit)
        self.actual = action(self.tr("Actual size"), ["Ctrl+1"], self.page.actual_size)
        self.boxes = action(
            self.tr("Show word boxes"), ["Ctrl+B"], self.page.set_boxes_visible, checkable=True
        )
        self.boxes.setChecked(True)
        self.copy = action(self.tr("Copy text"), ["Ctrl+Shift+C"], self._copy)
        self.reveal = action(self.tr("Show in folder"), ["Ctrl+Shift+E"], self._reveal)

    def _make_toolbar(self) -> QWidget:
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(GRID, GRID, 2 * GRID, GRID)
        row.setSpacing(GRID // 2)
        groups = (
            (self.previous, self.next),
            (self.zoom_out, self.zoom_in, self.fit, self.actual, self.boxes),
            (self.copy, self.reveal),
        )
        for group in groups:
            for action in group:
                button = QToolButton()
                button.setDefaultAction(action)
                button.setAutoRaise(True)
                button.setAccessibleName(action.text())
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                row.addWidget(button)
            row.addSpacing(2 * GRID)
        row.addWidget(self.about, 1)
        return bar

    def _step(self, by: int) -> None:
        self._go_to(self._position + by)

    def _go_to(self, position: int) -> None:
        if not 0 <= position < len(self._entries):
            return
        self._position = position
        entry = self.entry
        name = printable(entry.path).replace("\\", "/").rpartition("/")[2]
        self.setWindowTitle(name)
        self.previous.setEnabled(position > 0)
        self.next.setEnabled(position < len(self._entries) - 1)
        self.about.setText(self._describe(entry))
        self.text.clear()
        self.text.setPlaceholderText(self.tr("Loading …"))
        self.page.show_message(self.tr("Loading …"))
        if self._loader is None:
            self._loader = PageLoader(self)
            self._loader.loaded.connect(self._show_page)
        self._loader.load(PageRequest(entry.path, entry.outcome, _MAX_EDGE))

    def _describe(self, entry: ViewerEntry) -> str:
        place = self.tr("{position} of {total}").format(position=self._position + 1, total=len(self._entries))
        outcome = entry.outcome
        if outcome is None or outcome.confidence is None:
            return place
        percent = self.tr("{percent} % confidence").format(percent=round(100 * outcome.confidence))
        return f"{place} · {percent}"

    @Slot(object)
    def _show_page(self, page: LoadedPage) -> None:
        if page.bitmap is None:
            self.page.show_message(page.image_problem)
        else:
            words = page.document.pages[0].words if page.document and page.document.pages else ()
            self.page.show_page(pixmap_of(page.bitmap), page.width, page.height, words)
        if page.request.outcome is None:
            self.text.setPlaceholderText(self.tr("This image has not been read yet."))
        else:
            self.text.setPlaceholderText(page.text_problem or self.tr("No text was found on this image."))
        self.text.setPlainText(page.text)
        self.copy.setEnabled(bool(page.text))

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())

    @Slot()
    def _reveal(self) -> None:
        show_in_folder(self.entry.path)

    def _refresh_icons(self) -> None:
        apply_icons(
            [
                (self.previous, "mdi6.chevron-left"),
                (self.next, "mdi6.chevron-right"),
                (self.zoom_in, "mdi6.magnify-plus-outline"),
                (self.zoom_out, "mdi6.magnify-minus-outline"),
                (self.fit, "mdi6.fit-to-page-outline"),
                (self.actual, "mdi6.numeric-1-box-outline"),
                (self.boxes, "mdi6.vector-square"),
                (self.copy, "mdi6.content-copy"),
                (self.reveal, "mdi6.folder-search-outline"),
            ],
            self.palette(),
        )

    # -- Qt

    def showEvent(self, event: QShowEvent) -> None:
        """Begin at the image, so that the keys act on it."""
        super().showEvent(event)
        self.page.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the thread; it starts again with the next image that is shown."""
        self.stop()
        super().closeEvent(event)

    def done(self, result: int) -> None:
        """Escape ends here without a close event."""
        self.stop()
        super().done(result)

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "reveal"):
            self._refresh_icons()
