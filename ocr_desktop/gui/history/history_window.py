"""The history: every job with its state, and what can be done about it."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QLocale, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QWidget

from ocr_desktop.domain.jobs import JobSnapshot
from ocr_desktop.gui.background.background_stream import BackgroundStream
from ocr_desktop.gui.history.forget_question import ForgetQuestion
from ocr_desktop.gui.history.history_controls import HistoryControls
from ocr_desktop.gui.history.history_entries import HistoryEntry
from ocr_desktop.gui.history.history_feed import HistoryFeed
from ocr_desktop.gui.history.history_model import HistoryModel
from ocr_desktop.gui.history.job_forgetter import ForgottenJob, JobForgetter
from ocr_desktop.gui.look.window_size import resize_within_screen
from ocr_desktop.gui.messages.failure import Failure
from ocr_desktop.gui.messages.message_banner import MessageBanner
from ocr_desktop.gui.reveal import show_in_folder
from ocr_desktop.gui.run.run_queue import RunQueue
from ocr_desktop.jobs.manager import JobManager
from ocr_desktop.jobs.receipts import Receipts

_LETTERS = 140
"""How wide the window is, in letters, where the screen is wide enough."""


class HistoryWindow(QDialog):
    """Lists all jobs, newest first, and follows the run of the main window; a window of its own.

    Signals:
        resume_requested: The :class:`JobSnapshot` of a job to go on with.
        run_again_requested: The :class:`JobSnapshot` of a job all of whose images are to be read once more,
            and whether with the options of that job (else with today's).
        retry_requested: The :class:`JobSnapshot` of a job whose failed images are to be read once more.
        results_requested: The id of a job.
        forgotten: A :class:`ForgottenJob`.
    """

    resume_requested = Signal(object)
    run_again_requested = Signal(object, bool)
    retry_requested = Signal(object)
    results_requested = Signal(str)
    forgotten = Signal(object)

    def __init__(
        self, jobs: JobManager, receipts: Receipts, queue: RunQueue, parent: QWidget | None = None
    ) -> None:
        """List the jobs; they are fetched in the background.

        Args:
            jobs: The manager.
            receipts: Says where the receipt of a job is.
            queue: What this window runs, and what waits; followed.
            parent: The main window.
        """
        super().__init__(parent, Qt.WindowType.Window)
        self._receipts = receipts
        self._queue = queue
        self._receipt_stream: BackgroundStream | None = None
        self.setWindowTitle(self.tr("History"))
        self.model = HistoryModel(self)
        self.banner = MessageBanner()
        self.controls = HistoryControls(self.model, self.banner, self)
        self._forgetter = JobForgetter(jobs, self)
        self._feed = HistoryFeed(jobs, self)
        self._make_actions()
        self._connect()
        resize_within_screen(self, max(1000, _LETTERS * self.fontMetrics().averageCharWidth()), 620)
        self.reload()

    @property
    def current(self) -> JobSnapshot | None:
        """The job of the current row."""
        index = self.controls.table.currentIndex()
        return self.model.entry(index.row()).job if index.isValid() else None

    @property
    def is_loading(self) -> bool:
        """Whether jobs are being fetched."""
        return self._feed.is_active

    @Slot()
    def reload(self) -> None:
        """Fetch all jobs anew."""
        self.model.clear()
        self._feed.fetch_all()

    def stop(self) -> None:
        """End every thread. Calling it twice does no harm."""
        self._feed.stop()
        if self._receipt_stream is not None:
            self._receipt_stream.stop()
        self._forgetter.stop()

    # -- Building

    def _make_actions(self) -> None:
        """Make what the keys do; the buttons and the menu of the table do the same."""
        for keys, act in (
            (QKeySequence(QKeySequence.StandardKey.Delete), self._forget),
            (QKeySequence(QKeySequence.StandardKey.Refresh), self.reload),
            (QKeySequence(QKeySequence.StandardKey.Find), self.controls.search.setFocus),
        ):
            action = QAction(self)
            action.setShortcut(keys)
            action.triggered.connect(act)
            self.addAction(action)

    def _connect(self) -> None:
        controls = self.controls
        for button, act in (
            (controls.resume_button, self._resume),
            (controls.again_button, self._run_again),
            (controls.retry_button, self._retry),
            (controls.results_button, self._show_results),
            (controls.receipt_button, self._show_receipt),
            (controls.forget_button, self._forget),
            (controls.close_button, self.close),
        ):
            button.clicked.connect(act)
        controls.again_today.triggered.connect(self._run_again)
        controls.again_same.triggered.connect(self._run_again_the_same)
        table = controls.table
        table.activated.connect(self._show_results)
        table.customContextMenuRequested.connect(self._show_menu)
        table.selectionModel().currentRowChanged.connect(self._refresh)
        self.model.modelReset.connect(self._refresh)
        self.model.dataChanged.connect(self._refresh)
        self.model.counts_changed.connect(self._refresh)
        self._feed.fetched.connect(self._take_in)
        self._feed.ended.connect(self._note_end)
        self._forgetter.forgotten.connect(self._conclude_forgetting)
        self._forgetter.failed.connect(self._show_failure)
        run = self._queue.run
        run.phase_changed.connect(self._note_run)
        run.progressed.connect(self._follow_progress)
        self._queue.changed.connect(self._note_queue)

    # -- Fetching

    @Slot(object)
    def _take_in(self, entries: Sequence[HistoryEntry]) -> None:
        if self.model.total == 0:
            self.controls.say("")
        self.model.add(entries)
        table = self.controls.table
        if not table.currentIndex().isValid() and self.model.rowCount():
            table.selectRow(0)

    @Slot(object)
    def _note_end(self, error: Exception | None) -> None:
        if error is not None:
            self._show_failure(Failure.of(error))
        elif self.model.total == 0:
            self.controls.say(self.tr("There is no run yet. Each run is listed here from its start on."))
        self._refresh()

    @Slot()
    def _note_run(self) -> None:
        job_id = self._queue.run.job_id
        if job_id is not None:
            self._feed.note_news({job_id})

    @Slot()
    def _note_queue(self) -> None:
        self._feed.note_news(self._queue.job_ids())
        self._refresh()

    @Slot()
    def _follow_progress(self) -> None:
        run = self._queue.run
        if run.busy_job_id is not None:
            self.model.follow(run.busy_job_id, run.progress)

    # -- Acting

    @Slot()
    def _resume(self) -> None:
        if self.current is not None and self.controls.resume_button.isEnabled():
            self.resume_requested.emit(self.current)

    @Slot()
    def _run_again(self) -> None:
        if self.current is not None:
            self.run_again_requested.emit(self.current, False)

    @Slot()
    def _run_again_the_same(self) -> None:
        if self.current is not None:
            self.run_again_requested.emit(self.current, True)

    @Slot()
    def _retry(self) -> None:
        if self.current is not None and self.controls.retry_button.isEnabled():
            self.retry_requested.emit(self.current)

    @Slot()
    def _show_results(self) -> None:
        if self.current is not None:
            self.results_requested.emit(self.current.id)

    @Slot()
    def _show_receipt(self) -> None:
        job = self.current
        if job is None or (self._receipt_stream is not None and self._receipt_stream.is_alive):
            return
        if self._receipt_stream is not None:
            self._receipt_stream.deleteLater()
        self._receipt_stream = BackgroundStream("receipt", lambda: [self._receipts.path_of(job.id)], self)
        self._receipt_stream.batch.connect(self._reveal)
        self._receipt_stream.ended.connect(self._note_end)
        self._receipt_stream.start()

    @Slot(object)
    def _reveal(self, paths: Sequence[Path]) -> None:
        path = str(paths[0])
        self.controls.say(self.tr("The receipt is “{path}”.").format(path=path))
        show_in_folder(path)

    @Slot()
    def _forget(self) -> None:
        job = self.current
        if job is not None and self.controls.forget_button.isEnabled():
            question = ForgetQuestion(job.stats.total, self)
            question.confirmed.connect(lambda results: self._delete(job.id, results=results))
            question.open()

    def _delete(self, job_id: str, *, results: bool) -> None:
        self.banner.hide()
        self._forgetter.forget(job_id, results=results)
        self.controls.say(self.tr("Forgetting this job …"))
        self._refresh()

    @Slot(object)
    def _conclude_forgetting(self, job: ForgottenJob) -> None:
        self.drop(job.job_id)
        self.controls.say(job.sentence)
        self.forgotten.emit(job)

    def drop(self, job_id: str) -> None:
        """Take a job off the list that has been deleted."""
        self.model.remove(job_id)
        self._refresh()

    @Slot(object)
    def _show_failure(self, failure: Failure) -> None:
        self.controls.say("")
        self.banner.show_failure(failure)
        self._refresh()

    @Slot(QPoint)
    def _show_menu(self, at: QPoint) -> None:
        menu = self.controls.make_menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.controls.table.viewport().mapToGlobal(at))

    # -- Following

    @Slot()
    def _refresh(self) -> None:
        job = self.current
        run = self._queue.run
        is_ours = job is not None and (job.id in self._queue.job_ids() or run.busy_job_id == job.id)
        self.controls.refresh(job, is_ours=is_ours, is_forgetting=self._forgetter.is_busy)
        shown, total = self.model.rowCount(), self.model.total
        number = QLocale().toString
        self.controls.count.setText(
            self.tr("{shown} of {total} runs").format(shown=number(shown), total=number(total))
        )

    # -- Qt

    def closeEvent(self, event: QCloseEvent) -> None:
        """End every thread with the window."""
        self.stop()
        super().closeEvent(event)

    def done(self, result: int) -> None:
        """The same for Esc."""
        self.stop()
        super().done(result)

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "controls"):
            self.controls.refresh_look()
