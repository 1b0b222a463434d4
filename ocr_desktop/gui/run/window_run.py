"""The part of the main window that has to do with runs: starts, queues, steers and resumes them."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from ocr_desktop.bootstrap import Application
from ocr_desktop.domain.items import FoundImage
from ocr_desktop.domain.jobs import JobSnapshot
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.browser.image_browser import ImageBrowser
from ocr_desktop.gui.history.job_forgetter import ForgottenJob
from ocr_desktop.gui.images.ticked_images import TickedImages
from ocr_desktop.gui.messages.message_area import MessageArea
from ocr_desktop.gui.run.job_opener import JobOpener, OpenedJob, Opening
from ocr_desktop.gui.run.run_controller import RunController, RunPhase
from ocr_desktop.gui.run.run_display import RunDisplay
from ocr_desktop.gui.run.run_panel import RunPanel
from ocr_desktop.gui.run.run_queue import RunQueue, WaitingRun
from ocr_desktop.gui.run.run_quitting import RunQuitting
from ocr_desktop.gui.settings.options_summary import reading_anew
from ocr_desktop.gui.side_windows import SideWindows


class WindowRun(QObject):
    """Brings the run, the queue and what shows them together. GUI thread only.

    Signals:
        changed: What can be done about runs may have changed.
        said: A sentence for the status line.
        ended: A run has ended, whichever way.
    """

    changed = Signal()
    said = Signal(str)
    ended = Signal()

    def __init__(
        self,
        application: Application,
        *,
        browser: ImageBrowser,
        panel: RunPanel,
        messages: MessageArea,
        others: SideWindows,
        options: Callable[[], RunOptions],
        window: QWidget,
    ) -> None:
        """Connect them.

        Args:
            application: The core of the program.
            browser: The images.
            panel: The buttons and the progress.
            messages: The banners.
            others: The windows beside the main one.
            options: Asked how to read, whenever a run is added.
            window: The main window.
        """
        super().__init__(window)
        self._jobs = application.jobs
        self._receipts = application.receipts
        self._browser = browser
        self._panel = panel
        self._messages = messages
        self._others = others
        self._options = options
        self._again: set[int] = set()
        self.run = RunController(application.jobs, self)
        self.display = RunDisplay(self.run, browser, panel, messages, window)
        self.queue = RunQueue(application.jobs, self.run, self)
        self.opener = JobOpener(application.jobs, browser.model, self)
        self.quitting = RunQuitting(self.run, self.queue, window)
        self.ticked = TickedImages(browser.model, self.queue, self)
        self._connect()

    def _connect(self) -> None:
        panel, run, queue = self._panel, self.run, self.queue
        panel.start_pressed.connect(self.start)
        panel.pause_pressed.connect(run.pause)
        panel.resume_pressed.connect(run.resume)
        panel.cancel_pressed.connect(run.cancel)
        panel.results_pressed.connect(self.show_results)
        panel.queue_row.moved.connect(queue.move)
        panel.queue_row.removed.connect(queue.remove)
        panel.queue_row.go_on_pressed.connect(queue.go_on)
        queue.changed.connect(self._show_queue)
        queue.starting.connect(self._make_room_for_next)
        queue.images_changed.connect(self.display.feed.put)
        queue.failed.connect(self._messages.show_failure)
        run.phase_changed.connect(self.changed)
        run.images_changed.connect(self._others.look_again)
        self.display.ended.connect(self._others.look_again)
        self.ticked.changed.connect(self.changed)
        self.display.said.connect(self.said)
        self.display.ended.connect(self.ended)
        self.display.ended.connect(self.quitting.close_if_quitting)
        self._messages.resume_pressed.connect(run.resume)
        self._messages.offer.accepted.connect(self.resume_jobs)
        self._messages.offer.history_pressed.connect(self.show_history)
        self._messages.offer.failed.connect(self._messages.show_failure)
        self.opener.opened.connect(self._use_opened)
        self.opener.failed.connect(self._messages.show_failure)
        self._others.retry_requested.connect(self.retry_items)
        self._others.tick_requested.connect(self._tick_again)
        self._others.resume_requested.connect(self.resume_job)
        self._others.run_again_requested.connect(self.run_again)
        self._others.retry_job_requested.connect(self.retry_failed)
        self._others.forgotten.connect(self._note_forgotten)

    # -- What can be done

    @Slot()
    def start(self) -> None:
        """Read the ticked images: at once, or after the runs that are there already."""
        ids = self.ticked.free_ids()
        if ids:
            options = self._options()
            if self._again and self._again.issuperset(ids):
                options = reading_anew(options)
            self._start(self._browser.model.images(ids), ids, options)

    @Slot(object)
    def read_again(self, ids: Sequence[int]) -> None:
        """Read these images, even if they have a result; those that are in a run already stay in that one."""
        taken = self.queue.taken_ids()
        free = [image_id for image_id in ids if image_id not in taken]
        if free:
            self._start(self._browser.model.images(free), free, reading_anew(self._options()))
        else:
            self.said.emit(self.tr("The selected images are being read already."))

    @Slot()
    def toggle_pause(self) -> None:
        """Pause, or go on after a pause."""
        if self.run.phase is RunPhase.RUNNING:
            self.run.pause()
        else:
            self.run.resume()

    @Slot()
    def show_results(self) -> None:
        """List what became of each image of the current or last run."""
        if self.run.job_id is not None:
            self._others.show_results(self.run.job_id)

    @Slot(object)
    def resume_jobs(self, jobs: Sequence[JobSnapshot]) -> None:
        """Go on with these jobs, one after another."""
        self.said.emit(self.tr("Opening the images of the run …"))
        for job in jobs:
            self.opener.open(Opening(job=job))

    @Slot(object)
    def resume_job(self, job: JobSnapshot) -> None:
        """Go on with a job."""
        self.resume_jobs([job])

    @Slot(object, bool)
    def run_again(self, job: JobSnapshot, with_its_options: bool) -> None:
        """Read all images of a job once more, with its options or with today's."""
        self.opener.open(Opening(job=job, to_resume=False, with_its_options=with_its_options))

    @Slot(object)
    def retry_failed(self, job: JobSnapshot) -> None:
        """Read those images of a job that failed once more, with today's options."""
        failed = frozenset({ItemState.FAILED})
        self.opener.open(Opening(job=job, states=failed, to_resume=False))

    @Slot(object)
    def retry_items(self, item_ids: Sequence[int]) -> None:
        """Read some images of the job whose results are shown once more, with today's options."""
        results = self._others.results
        if results is not None:
            job = self._jobs.get(results.job_id)
            self.opener.open(Opening(job=job, item_ids=frozenset(item_ids), to_resume=False))

    @property
    def can_add(self) -> bool:
        """Whether there are ticked images that are in no run yet."""
        return self.ticked.free > 0

    def stop(self) -> None:
        """End every thread. Calling it twice does no harm."""
        self.ticked.stop()
        self.opener.stop()
        self.queue.stop()
        self.run.shut_down()
        self.display.feed.stop()

    @Slot()
    def show_history(self) -> None:
        """List all jobs, and what can be done about them."""
        self._others.show_history(self._receipts, self.queue)

    # -- Following

    def _start(self, images: Sequence[FoundImage], ids: Sequence[int | None], options: RunOptions) -> None:
        """Start, once a correction that is being made is saved or dropped."""
        self._others.ask_first(lambda: self._start_now(images, ids, options))

    def _start_now(
        self, images: Sequence[FoundImage], ids: Sequence[int | None], options: RunOptions
    ) -> None:
        self._again.clear()
        if self.run.is_busy:
            self.queue.add(images, ids, options)
            return
        self._make_room()
        self.run.start(images, ids, options)

    @Slot(object)
    def _use_opened(self, opened: OpenedJob) -> None:
        """The images of an earlier job are there: do with them what was asked for."""
        self._browser.note_places(image.root for image in opened.images)
        if not opened.opening.to_resume:
            options = opened.job.options if opened.opening.with_its_options else self._options()
            self._start(opened.images, opened.image_ids, options)
            return
        self._messages.offer.drop(opened.job.id)
        if opened.job.id in self.queue.job_ids() or opened.job.id == self.run.busy_job_id:
            return  # asked for twice
        if self.run.is_busy:
            self.queue.add_existing(
                WaitingRun.of(opened.job, opened.images, opened.image_ids, opened.pending)
            )
        else:
            self._others.ask_first(lambda: self._go_on(opened))

    def _go_on(self, opened: OpenedJob) -> None:
        self._make_room()
        self.run.go_on(opened.job.id, opened.images, opened.image_ids)

    def _make_room(self) -> None:
        """Take away what was said about the run before."""
        self.display.make_room()
        self._others.close_for_run()

    @Slot()
    def _make_room_for_next(self) -> None:
        """The same, but nobody may have seen why the run before did not work, nor have closed its results."""
        self.display.make_room(keep_failure=True)

    @Slot()
    def _show_queue(self) -> None:
        queue = self.queue
        self._panel.queue_row.show_runs(queue.waiting, is_adding=queue.is_adding, is_held=queue.is_held)
        self.changed.emit()

    @Slot(object)
    def _tick_again(self, paths: Sequence[str]) -> None:
        """Tick these images and no others."""
        model = self._browser.model
        ids = {image_id for path in paths if (image_id := model.id_of_path(path)) is not None}
        model.set_ticked([image_id for image_id in model.ticked_ids() if image_id not in ids], ticked=False)
        model.set_ticked(ids, ticked=True)
        self._again = ids
        self.said.emit(self.tr("%n image(s) ticked to be read again.", "", len(ids)))

    @Slot(object)
    def _note_forgotten(self, job: ForgottenJob) -> None:
        self._messages.offer.drop(job.job_id)
        if job.job_id == self.run.job_id:
            self.display.forget_job(with_results=job.with_results)
            self.changed.emit()
        self.said.emit(job.sentence)
