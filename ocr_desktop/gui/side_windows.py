"""The windows beside the main one: results, viewer, check and history, at most one of each.

Their modules are imported when they are first needed, so that the main window is there sooner;
``warm_up.py`` sees to it that this has happened by then.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from ocr_desktop.gui.background.latest_loader import wait_for_released
from ocr_desktop.gui.check.check_runner import CheckRequest, CheckRunner
from ocr_desktop.gui.history.job_forgetter import ForgottenJob, JobForgetter
from ocr_desktop.gui.images.image_list_model import ImageListModel
from ocr_desktop.gui.messages.failure import Failure
from ocr_desktop.gui.run.run_queue import RunQueue
from ocr_desktop.gui.settings.window_settings import WindowSettings
from ocr_desktop.gui.viewer.entries import LazyEntries, ViewerEntry
from ocr_desktop.jobs.manager import JobManager
from ocr_desktop.jobs.receipts import Receipts

if TYPE_CHECKING:
    from ocr_desktop.gui.check.check_dialog import CheckDialog
    from ocr_desktop.gui.history.history_window import HistoryWindow
    from ocr_desktop.gui.results.results_dialog import ResultsDialog
    from ocr_desktop.gui.viewer.correction_saver import SavedCorrection
    from ocr_desktop.gui.viewer.viewer_window import Viewer


class SideWindows(QObject):
    """Opens and closes them, and passes on what is pressed there. GUI thread only.

    Signals:
        retry_requested: A list of the ids of items of the job whose results are shown.
        tick_requested: A list of the paths of images that are to be read again.
        resume_requested, run_again_requested, retry_job_requested: Pressed in the history; see there.
        forgotten: A :class:`ForgottenJob`.
    """

    retry_requested = Signal(object)
    tick_requested = Signal(object)
    resume_requested = Signal(object)
    run_again_requested = Signal(object, bool)
    retry_job_requested = Signal(object)
    forgotten = Signal(object)

    def __init__(self, jobs: JobManager, model: ImageListModel, window: QWidget) -> None:
        """Start with none of them.

        Args:
            jobs: The manager.
            model: The images of the main window.
            window: The main window.
        """
        super().__init__(window)
        self._jobs = jobs
        self._model = model
        self._window = window
        self._checks = CheckRunner(self)
        self._forgetter = JobForgetter(jobs, self)
        self._forgetter.forgotten.connect(self._conclude_forgetting)
        self._forgetter.failed.connect(self._show_failure)
        self.results: ResultsDialog | None = None
        self.viewer: Viewer | None = None
        self.check: CheckDialog | None = None
        self.history: HistoryWindow | None = None
        self._doubtful_below = WindowSettings().doubtful_below

    def use_settings(self, settings: WindowSettings) -> None:
        """Take what was remembered."""
        self._doubtful_below = settings.doubtful_below

    def note_settings(self, settings: WindowSettings) -> WindowSettings:
        """Return the settings with what is to be remembered of these windows."""
        if self.viewer is not None:
            self._doubtful_below = self.viewer.link.threshold
        return msgspec.structs.replace(settings, doubtful_below=self._doubtful_below)

    def show_results(self, job_id: str) -> None:
        """List what became of each image of a job."""
        from ocr_desktop.gui.results.results_dialog import ResultsDialog  # noqa: PLC0415 - see above

        if self.results is not None and self.results.job_id == job_id:
            self.results.raise_()
            self.results.activateWindow()
            return
        if self.results is not None:
            self.results.close()
        self.results = ResultsDialog(self._jobs, job_id, self._window)
        self.results.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.results.retry_requested.connect(self.retry_requested)
        self.results.forget_requested.connect(self._ask_to_forget)
        self.results.view_requested.connect(self.show_entries)
        self.results.finished.connect(self._drop_results)
        self.results.show()

    def show_image(self, image_id: int) -> None:
        """Show an image of the list, and its text if it has been read."""
        model = self._model
        self.show_entries(LazyEntries(list(model.shown_ids()), self._entry_of), model.row_of(image_id) or 0)

    @Slot(object, int)
    def show_entries(self, entries: Sequence[ViewerEntry], position: int) -> None:
        """Show images in the viewer, beginning with the one at ``position``."""
        from ocr_desktop.gui.viewer.viewer_window import Viewer  # noqa: PLC0415 - see above

        if self.viewer is None:
            self.viewer = Viewer(self._window)
            self.viewer.saved.connect(self._note_correction)
            self.viewer.legend.set_threshold(self._doubtful_below)
        self.viewer.show_entries(entries, position)
        self.viewer.show()
        self.viewer.raise_()
        self.viewer.activateWindow()

    def check_results(self, request: CheckRequest) -> None:
        """Check the results of the open folders, and list what is found."""
        from ocr_desktop.gui.check.check_dialog import CheckDialog  # noqa: PLC0415 - see above

        if self.check is not None:
            self.check.close()
        self.check = CheckDialog(self._checks, request, self._is_listed, self._window)
        self.check.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.check.tick_requested.connect(self.tick_requested)
        self.check.finished.connect(self._drop_check)
        self.check.show()

    def show_history(self, receipts: Receipts, queue: RunQueue) -> None:
        """List all jobs, and what can be done about them.

        Args:
            receipts: Says where the receipt of a job is.
            queue: What the main window runs.
        """
        from ocr_desktop.gui.history.history_window import HistoryWindow  # noqa: PLC0415 - see above

        if self.history is None:
            history = HistoryWindow(self._jobs, receipts, queue, self._window)
            history.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            history.resume_requested.connect(self.resume_requested)
            history.run_again_requested.connect(self.run_again_requested)
            history.retry_requested.connect(self.retry_job_requested)
            history.results_requested.connect(self.show_results)
            history.forgotten.connect(self._conclude_forgetting)
            history.finished.connect(self._drop_history)
            self.history = history
        self.history.show()
        self.history.raise_()
        self.history.activateWindow()

    def close_for_run(self) -> None:
        """Close what a new run makes untrue. Results stay: they follow the run if it is theirs."""
        if self.check is not None:
            self.check.close()

    @property
    def has_unsaved(self) -> bool:
        """Whether there is a correction that is not saved."""
        return self.viewer is not None and self.viewer.is_dirty

    def ask_first(self, then: Callable[[], object]) -> None:
        """Do ``then`` once no correction can be lost by it: at once, or when the user has said so."""
        if self.viewer is not None and self.viewer.is_dirty:
            self.viewer.leave(then)
        else:
            then()

    @Slot()
    def look_again(self) -> None:
        """Have the viewer show what has become of its image since."""
        if self.viewer is not None and self.viewer.isVisible():
            self.viewer.look_again()

    def stop(self) -> None:
        """Close them all and end every thread. Calling it twice does no harm."""
        self.close_for_run()
        if self.results is not None:
            self.results.close()
        if self.history is not None:
            self.history.close()
        if self.viewer is not None:
            self.viewer.done(0)
            self.viewer.stop()
        wait_for_released()
        self._checks.stop()
        self._forgetter.stop()

    def _is_listed(self, path: str) -> bool:
        return self._model.id_of_path(path) is not None

    def _entry_of(self, image_id: int) -> ViewerEntry:
        """Return an image as it is now; one that has left the list meanwhile has no path."""
        try:
            image = self._model.image(image_id)
        except KeyError:
            return ViewerEntry("", None)
        return ViewerEntry(image.path, self._model.outcome(image_id), image.rotation)

    @Slot(object)
    def _note_correction(self, saved: "SavedCorrection") -> None:
        if self.results is not None:
            self.results.note_correction(saved)

    @Slot()
    def _drop_results(self) -> None:
        self.results = None

    @Slot()
    def _drop_check(self) -> None:
        self.check = None

    @Slot()
    def _drop_history(self) -> None:
        self.history = None

    @Slot(str, int)
    def _ask_to_forget(self, job_id: str, images: int) -> None:
        from ocr_desktop.gui.history.forget_question import ForgetQuestion  # noqa: PLC0415 - see above

        assert self.results is not None  # noqa: S101 - the signal is its
        question = ForgetQuestion(images, self.results)
        question.confirmed.connect(lambda results: self._forget(job_id, results=results))
        question.open()

    def _forget(self, job_id: str, *, results: bool) -> None:
        if self.results is not None:
            self.results.set_forgetting(True)
        self._forgetter.forget(job_id, results=results)

    @Slot(object)
    def _conclude_forgetting(self, job: ForgottenJob) -> None:
        if self.history is not None:
            self.history.drop(job.job_id)
        if self.results is not None and self.results.job_id == job.job_id:
            self.results.close()
        self.forgotten.emit(job)

    @Slot(object)
    def _show_failure(self, failure: Failure) -> None:
        if self.results is not None:
            self.results.set_forgetting(False)
            self.results.banner.show_failure(failure)
