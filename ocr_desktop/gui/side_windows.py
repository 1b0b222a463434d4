"""The windows beside the main one: results, viewer and check, at most one of each."""

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from ocr_desktop.gui.check_dialog import CheckDialog
from ocr_desktop.gui.check_runner import CheckRequest, CheckRunner
from ocr_desktop.gui.failure import Failure
from ocr_desktop.gui.forget_question import ForgetQuestion
from ocr_desktop.gui.image_list_model import ImageListModel
from ocr_desktop.gui.job_forgetter import ForgottenJob, JobForgetter
from ocr_desktop.gui.results_dialog import ResultsDialog
from ocr_desktop.gui.viewer import Viewer, ViewerEntry
from ocr_desktop.jobs.manager import JobManager


class SideWindows(QObject):
    """Opens and closes them, and passes on what is pressed there. GUI thread only.

    Signals:
        retry_requested: A list of the ids of items of the job whose results are shown.
        tick_requested: A list of the paths of images that are to be read again.
        forgotten: A :class:`ForgottenJob`.
    """

    retry_requested = Signal(object)
    tick_requested = Signal(object)
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

    def show_results(self, job_id: str) -> None:
        """List what became of each image of a job."""
        if self.results is not None:
            self.results.close()
        self.results = ResultsDialog(self._jobs, job_id, self._window)
        self.results.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.results.retry_requested.connect(self.retry_requested)
        self.results.forget_requested.connect(self._ask_to_forget)
        self.results.finished.connect(self._drop_results)
        self.results.show()

    def show_image(self, image_id: int) -> None:
        """Show an image of the list, and its text if it has been read."""
        model = self._model
        ids = model.shown_ids()
        entries = [ViewerEntry(model.image(shown).path, model.outcome(shown)) for shown in ids]
        if self.viewer is None:
            self.viewer = Viewer(self._window)
        self.viewer.show_entries(entries, model.row_of(image_id) or 0)
        self.viewer.show()
        self.viewer.raise_()
        self.viewer.activateWindow()

    def check_results(self, request: CheckRequest) -> None:
        """Check the results of the open folders, and list what is found."""
        if self.check is not None:
            self.check.close()
        self.check = CheckDialog(self._checks, request, self._is_listed, self._window)
        self.check.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.check.tick_requested.connect(self.tick_requested)
        self.check.finished.connect(self._drop_check)
        self.check.show()

    def close_for_run(self) -> None:
        """Close what a new run makes untrue."""
        for window in (self.results, self.check):
            if window is not None:
                window.close()

    def stop(self) -> None:
        """Close them all and end every thread. Calling it twice does no harm."""
        self.close_for_run()
        if self.viewer is not None:
            self.viewer.close()
        self._checks.stop()
        self._forgetter.stop()

    def _is_listed(self, path: str) -> bool:
        return self._model.id_of_path(path) is not None

    @Slot()
    def _drop_results(self) -> None:
        self.results = None

    @Slot()
    def _drop_check(self) -> None:
        self.check = None

    @Slot(str, int)
    def _ask_to_forget(self, job_id: str, images: int) -> None:
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
        if self.results is not None and self.results.job_id == job.job_id:
            self.results.close()
        self.forgotten.emit(job)

    @Slot(object)
    def _show_failure(self, failure: Failure) -> None:
        if self.results is not None:
            self.results.set_forgetting(False)
            self.results.banner.show_failure(failure)
