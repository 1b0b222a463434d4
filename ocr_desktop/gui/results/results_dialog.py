"""The results of a job: what became of each image, with the image and its text side by side."""

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from ocr_desktop.domain.items import ItemRecord
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.background.background_stream import BackgroundStream
from ocr_desktop.gui.look.appearance import GRID, apply_icons
from ocr_desktop.gui.look.window_size import resize_within_screen
from ocr_desktop.gui.messages.failure import Failure
from ocr_desktop.gui.messages.message_banner import MessageBanner
from ocr_desktop.gui.results.export_dialog import ExportDialog
from ocr_desktop.gui.results.job_follower import JobFollower
from ocr_desktop.gui.results.job_items import all_items
from ocr_desktop.gui.results.results_model import ResultsModel
from ocr_desktop.gui.results.results_preview import ResultsPreview
from ocr_desktop.gui.results.results_table import ResultsTable
from ocr_desktop.gui.results.state_filter import StateFilter
from ocr_desktop.gui.reveal import show_in_folder
from ocr_desktop.gui.viewer.correction_saver import SavedCorrection
from ocr_desktop.gui.viewer.entries import LazyEntries, ViewerEntry
from ocr_desktop.jobs.manager import JobManager


class ResultsDialog(QDialog):
    """Lists the items of one job, and follows it while it runs; a window of its own, not a modal one.

    Signals:
        retry_requested: A list of the ids of the items that failed.
        forget_requested: The id of the job, and how many images it has.
        view_requested: A sequence of :class:`ViewerEntry`, and the place of the one to show.
    """

    retry_requested = Signal(object)
    forget_requested = Signal(str, int)
    view_requested = Signal(object, int)

    def __init__(self, jobs: JobManager, job_id: str, parent: QWidget | None = None) -> None:
        """List the items of ``job_id``; they are fetched in the background, page by page."""
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(self.tr("Results"))
        self.job_id = job_id
        self._is_forgetting = False
        self.model = ResultsModel(self)
        self.banner = MessageBanner()
        self.table = ResultsTable(self.model)
        self.preview = ResultsPreview()
        self.page, self.text = self.preview.page, self.preview.text
        self._make_buttons()
        self._lay_out()
        self._refresh_look()
        self._show_current()
        self._follower = JobFollower(jobs, job_id, self)
        self._follower.items_changed.connect(self._follow)
        self._stream = BackgroundStream("results", lambda: all_items(jobs, job_id), self)
        self._stream.batch.connect(self.model.add)
        self._stream.ended.connect(self._conclude)
        self.model.counts_changed.connect(self._refresh_counts)
        self.table.row_changed.connect(self._show_current)
        self.table.opened.connect(self._open_viewer)
        self.preview.text_changed.connect(self._refresh_buttons)
        self._refresh_counts()
        self._stream.start()

    def release(self) -> None:
        """Follow the job no longer, and let every thread end by itself. Calling it twice does no harm."""
        self._follower.stop()
        self._stream.stop()
        self.model.release()
        self.table.release()
        self.preview.release()

    def set_forgetting(self, is_forgetting: bool) -> None:
        """Say that the job is being forgotten, and take no orders about it meanwhile."""
        self._is_forgetting = is_forgetting
        self._note.setText(self.tr("Forgetting this job …") if is_forgetting else "")
        self._refresh_counts()

    def note_correction(self, saved: SavedCorrection) -> None:
        """Show that the text of an image was corrected, or is so no longer."""
        is_corrected = saved.result.document.correction is not None
        self.model.note_correction(saved.order.path, is_corrected=is_corrected)
        if self.current is not None and self.current.item.path == saved.order.path:
            self.preview.show_record(self.current, again=True)

    @property
    def current(self) -> ItemRecord | None:
        """The item of the current row."""
        return self.table.current

    # -- Building

    def _make_buttons(self) -> None:
        self.filter = StateFilter()
        self.filters = self.filter.buttons
        self.filter.changed.connect(self._apply_filter)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search names"))
        self.search.setAccessibleName(self.tr("Search names"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._apply_filter)
        self.view_button = _button(
            self.tr("&View"), self.tr("Open the image with its words and its text (Return).")
        )
        self.copy_button = _button(
            self.tr("&Copy text"), self.tr("Copy the text of this image to the clipboard.")
        )
        self.reveal_button = _button(
            self.tr("Show in &folder"), self.tr("Show this image in the file manager.")
        )
        self.export_button = _button(
            self.tr("&Export …"),
            self.tr("Write the texts of the images that are shown, or selected, in another format."),
        )
        self.retry_button = _button(
            self.tr("&Retry failed"), self.tr("Start a new run with the images that failed.")
        )
        self.forget_button = _button(
            self.tr("F&orget this job …"),
            self.tr("Delete the history of this job, and if you like the result files that it wrote."),
        )
        self.close_button = _button(self.tr("C&lose"), self.tr("Close the results (Esc)."))
        for button, act in (
            (self.view_button, self._open_viewer),
            (self.copy_button, self.preview.copy),
            (self.reveal_button, self._reveal),
            (self.export_button, self._export),
            (self.retry_button, self._retry),
            (self.forget_button, self._forget),
            (self.close_button, self.close),
        ):
            button.clicked.connect(act)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(GRID)
        top.addWidget(self.filter)
        top.addStretch(1)
        self.search.setMaximumWidth(240)
        top.addWidget(self.search, 1)
        splitter = QSplitter()
        splitter.addWidget(self.table)
        splitter.addWidget(self.preview)
        splitter.setSizes([800, 480])
        splitter.setChildrenCollapsible(False)
        bottom = QHBoxLayout()
        bottom.setSpacing(GRID)
        for button in (self.retry_button, self.export_button, self.forget_button):
            bottom.addWidget(button)
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

    @Slot(object)
    def _follow(self, updates: object) -> None:
        before = self.current
        self.model.apply(updates)  # type: ignore[arg-type]
        if self.current is not None and self.current != before:
            self._show_current()

    @Slot(object)
    def _conclude(self, error: Exception | None) -> None:
        if error is not None:
            self.banner.show_failure(Failure.of(error))
        if not self.table.currentIndex().isValid() and self.model.rowCount():
            self.table.selectRow(0)
        self.table.setFocus()

    @Slot()
    def _refresh_counts(self) -> None:
        counts = {state: self.model.count_of(state) for state in ItemState}
        self.filter.show_counts(self.model.total, counts)
        model = self.model
        has_failed = model.count_of(ItemState.FAILED) > 0
        has_results = model.count_of(ItemState.COMPLETED) + model.count_of(ItemState.SKIPPED) > 0
        is_going_on = model.count_of(ItemState.PENDING) + model.count_of(ItemState.PROCESSING) > 0
        self.retry_button.setEnabled(has_failed and not self._is_forgetting)
        self.export_button.setEnabled(has_results and not self._is_forgetting)
        self.forget_button.setEnabled(not is_going_on and not self._is_forgetting)

    @Slot()
    def _apply_filter(self) -> None:
        self.model.set_filter(self.filter.state, self.search.text())

    @Slot()
    def _show_current(self) -> None:
        self.preview.show_record(self.current)
        self._refresh_buttons()

    @Slot()
    def _refresh_buttons(self) -> None:
        for button in (self.view_button, self.reveal_button):
            button.setEnabled(self.current is not None)
        self.copy_button.setEnabled(not self.text.document().isEmpty())

    # -- Acting

    @Slot()
    def _open_viewer(self) -> None:
        if self.table.currentIndex().isValid():
            entries = LazyEntries(self.model.shown_ids(), self._entry_of)
            self.view_requested.emit(entries, self.table.currentIndex().row())

    def _entry_of(self, item_id: int) -> ViewerEntry:
        record = self.model.record_of(item_id)
        return ViewerEntry(record.item.path, record.outcome, record.item.rotation)

    @Slot()
    def _reveal(self) -> None:
        if self.current is not None:
            show_in_folder(self.current.item.path)

    @Slot()
    def _export(self) -> None:
        model, selected = self.model, self.table.selected_ids()
        dialog = ExportDialog(
            record_of=model.record_of, shown=model.shown_ids(), selected=selected, parent=self
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

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
                (self.export_button, "mdi6.export-variant"),
                (self.retry_button, "mdi6.refresh"),
                (self.forget_button, "mdi6.delete-outline"),
            ],
            self.palette(),
        )

    # -- Qt

    def done(self, result: int) -> None:
        """Every way to close the dialog comes by here: let go of the threads."""
        for dialog in self.findChildren(ExportDialog):
            dialog.abandon()
        self.release()
        super().done(result)

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "close_button"):
            self._refresh_look()


def _button(text: str, tooltip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tooltip)
    button.setAutoDefault(False)
    return button
