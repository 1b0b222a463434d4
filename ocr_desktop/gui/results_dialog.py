"""The results of a job: what became of each image, with the image and its text side by side."""

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ocr_desktop.domain.items import ItemRecord
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.appearance import GRID, apply_icons, state_word
from ocr_desktop.gui.background_stream import BackgroundStream
from ocr_desktop.gui.job_items import all_items
from ocr_desktop.gui.message_banner import MessageBanner
from ocr_desktop.gui.page_loader import LoadedPage, PageLoader, PageRequest
from ocr_desktop.gui.page_view import PageView
from ocr_desktop.gui.pixmap_cache import pixmap_of
from ocr_desktop.gui.results_model import Column, ResultsModel
from ocr_desktop.gui.reveal import show_in_folder
from ocr_desktop.gui.viewer import Viewer, ViewerEntry
from ocr_desktop.gui.window_size import resize_within_screen
from ocr_desktop.jobs.manager import JobManager

_FILTERS = (None, ItemState.COMPLETED, ItemState.SKIPPED, ItemState.FAILED)
_PREVIEW_EDGE = 1400
"""Pixels of the longest edge of the preview."""


class ResultsDialog(QDialog):
    """Lists the items of one job that has ended; a window of its own, not a modal one.

    Signals:
        retry_requested: A list of the ids of the items that failed.
        forget_requested: The id of the job, and how many images it has.
    """

    retry_requested = Signal(object)
    forget_requested = Signal(str, int)

    def __init__(self, jobs: JobManager, job_id: str, parent: QWidget | None = None) -> None:
        """List the items of ``job_id``; they are fetched in the background, page by page."""
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(self.tr("Results"))
        self.job_id = job_id
        self.model = ResultsModel(self)
        self.viewer: Viewer | None = None
        self.banner = MessageBanner()
        self._loader = PageLoader(self)
        self._loader.loaded.connect(self._show_page)
        self.table = self._make_table()
        self.page = PageView()
        self.page.set_boxes_visible(False)
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName(self.tr("Text"))
        self._make_buttons()
        self._lay_out()
        self._refresh_look()
        self._show_current()
        self._stream = BackgroundStream("results", lambda: all_items(jobs, job_id), self)
        self._stream.batch.connect(self.model.add)
        self._stream.ended.connect(self._select_first)
        self.model.counts_changed.connect(self._refresh_counts)
        self._refresh_counts()
        self._stream.start()

    def stop(self) -> None:
        """End every thread. Calling it twice does no harm."""
        self._stream.stop()
        self._loader.stop()
        if self.viewer is not None:
            self.viewer.stop()

    def set_forgetting(self, is_forgetting: bool) -> None:
        """Say that the job is being forgotten, and take no orders about it meanwhile."""
        self._note.setText(self.tr("Forgetting this job …") if is_forgetting else "")
        for button in (self.forget_button, self.retry_button):
            button.setEnabled(not is_forgetting)
        if not is_forgetting:
            self._refresh_counts()

    @property
    def current(self) -> ItemRecord | None:
        """The item of the current row."""
        index = self.table.currentIndex()
        return self.model.record(index.row()) if index.isValid() else None

    # -- Building

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setFrameShape(QFrame.Shape.NoFrame)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setAccessibleName(self.tr("Results by image"))
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + GRID + 2)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        table.setSortingEnabled(True)
        letter = table.fontMetrics().averageCharWidth()
        for column, letters in (
            (Column.STATE, 16),
            (Column.NAME, 30),
            (Column.CONFIDENCE, 15),
            (Column.SECONDS, 12),
        ):
            table.setColumnWidth(column, letters * letter)
        header.setStretchLastSection(True)
        table.selectionModel().currentRowChanged.connect(self._show_current)
        self.model.modelReset.connect(self._show_current)
        table.doubleClicked.connect(self._open_viewer)
        table.activated.connect(self._open_viewer)
        return table

    def _make_buttons(self) -> None:
        self.filters: dict[ItemState | None, QPushButton] = {}
        group = QButtonGroup(self)
        for state in _FILTERS:
            button = QPushButton()
            button.setCheckable(True)
            group.addButton(button)
            self.filters[state] = button
        self.filters[None].setChecked(True)
        group.buttonToggled.connect(self._apply_filter)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search names"))
        self.search.setAccessibleName(self.tr("Search names"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._apply_filter)
        self.view_button = self._button(
            self.tr("&View"),
            self.tr("Open the image with its words and its text (Return)."),
            self._open_viewer,
        )
        self.copy_button = self._button(
            self.tr("&Copy text"), self.tr("Copy the text of this image to the clipboard."), self._copy
        )
        self.reveal_button = self._button(
            self.tr("Show in &folder"), self.tr("Show this image in the file manager."), self._reveal
        )
        self.retry_button = self._button(
            self.tr("&Retry failed"), self.tr("Start a new run with the images that failed."), self._retry
        )
        self.forget_button = self._button(
            self.tr("F&orget this job …"),
            self.tr("Delete the history of this job, and if you like the result files that it wrote."),
            self._forget,
        )
        self.close_button = self._button(self.tr("C&lose"), self.tr("Close the results (Esc)."), self.close)

    @staticmethod
    def _button(text: str, tooltip: str, act: object) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tooltip)
        button.setAutoDefault(False)
        button.clicked.connect(act)
        return button

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(GRID)
        for button in self.filters.values():
            button.setAutoDefault(False)
            top.addWidget(button)
        top.addStretch(1)
        self.search.setMaximumWidth(240)
        top.addWidget(self.search, 1)
        splitter = QSplitter()
        for widget in (self.table, self.page, self.text):
            splitter.addWidget(widget)
        splitter.setSizes([700, 260, 320])
        splitter.setChildrenCollapsible(False)
        bottom = QHBoxLayout()
        bottom.setSpacing(GRID)
        bottom.addWidget(self.retry_button)
        bottom.addWidget(self.forget_button)
        self._note = QLabel()
        bottom.addWidget(self._note)
        bottom.addStretch(1)
        for button in (self.reveal_button, self.copy_button, self.view_button, self.close_button):
            bottom.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID + GRID // 2)
        layout.addWidget(self.banner)
        layout.addLayout(top)
        layout.addWidget(splitter, 1)
        layout.addLayout(bottom)
        resize_within_screen(self, 1280, 760)

    # -- Following

    @Slot()
    def _select_first(self) -> None:
        if not self.table.currentIndex().isValid() and self.model.rowCount():
            self.table.selectRow(0)
        self.table.setFocus()

    @Slot()
    def _refresh_counts(self) -> None:
        for state, button in self.filters.items():
            if state is None:
                button.setText(self.tr("&All ({count})").format(count=self.model.total))
            else:
                count = self.model.count_of(state)
                button.setText(f"{state_word(state)} ({count})")
        self.retry_button.setEnabled(self.model.count_of(ItemState.FAILED) > 0)

    @Slot()
    def _apply_filter(self) -> None:
        state = next((state for state, button in self.filters.items() if button.isChecked()), None)
        self.model.set_filter(state, self.search.text())
        if self.model.rowCount():
            self.table.selectRow(0)

    @Slot()
    def _show_current(self) -> None:
        record = self.current
        for button in (self.view_button, self.copy_button, self.reveal_button):
            button.setEnabled(record is not None)
        self.text.clear()
        if record is None:
            self._loader.load(None)
            self.text.setPlaceholderText("")
            self.page.show_message(self.tr("No image is selected."))
            return
        self._loader.load(PageRequest(record.item.path, record.outcome, _PREVIEW_EDGE))

    @Slot(object)
    def _show_page(self, page: LoadedPage) -> None:
        if page.bitmap is None:
            self.page.show_message(page.image_problem)
        else:
            self.page.show_page(pixmap_of(page.bitmap), page.width, page.height, ())
        self.text.setPlaceholderText(page.text_problem or self.tr("No text was found on this image."))
        self.text.setPlainText(page.text)
        self.copy_button.setEnabled(bool(page.text))

    # -- Acting

    @Slot()
    def _open_viewer(self, _index: QModelIndex | None = None) -> None:
        if not self.table.currentIndex().isValid():
            return
        entries = [ViewerEntry(record.item.path, record.outcome) for record in self.model.shown_records()]
        if self.viewer is None:
            self.viewer = Viewer(self)
        self.viewer.show_entries(entries, self.table.currentIndex().row())
        self.viewer.show()
        self.viewer.raise_()
        self.viewer.activateWindow()

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())

    @Slot()
    def _reveal(self) -> None:
        if self.current is not None:
            show_in_folder(self.current.item.path)

    @Slot()
    def _retry(self) -> None:
        failed = self.model.records_in(ItemState.FAILED)
        self.retry_requested.emit([record.item.id for record in failed])

    @Slot()
    def _forget(self) -> None:
        self.forget_requested.emit(self.job_id, self.model.total)

    def _refresh_look(self) -> None:
        self.model.set_look(self.palette(), self.devicePixelRatioF())
        apply_icons(
            [
                (self.view_button, "mdi6.magnify"),
                (self.copy_button, "mdi6.content-copy"),
                (self.reveal_button, "mdi6.folder-search-outline"),
                (self.retry_button, "mdi6.refresh"),
                (self.forget_button, "mdi6.delete-outline"),
            ],
            self.palette(),
        )

    # -- Qt

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the threads."""
        self.stop()
        super().closeEvent(event)

    def done(self, result: int) -> None:
        """Escape ends here without a close event."""
        self.stop()
        super().done(result)

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "close_button"):
            self._refresh_look()
