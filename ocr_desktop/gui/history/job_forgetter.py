"""Forgets a job in the background: a job of 100,000 images with its results takes a while."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from ocr_desktop.gui.background.background_stream import BackgroundStream
from ocr_desktop.gui.messages.failure import Failure
from ocr_desktop.jobs.forgetting import Forgotten
from ocr_desktop.jobs.manager import JobManager


class ForgottenJob(msgspec.Struct, frozen=True):
    """A job that is not there any more."""

    job_id: str
    with_results: bool
    """Whether its results were to go too."""
    sentence: str
    """What was done, for the user."""


class JobForgetter(QObject):
    """One job at a time. Lives in the GUI thread.

    Signals:
        forgotten: The :class:`ForgottenJob`.
        failed: A :class:`Failure`: the job could not be deleted.
    """

    forgotten = Signal(object)
    failed = Signal(object)

    def __init__(self, jobs: JobManager, parent: QObject | None = None) -> None:
        """Start idle."""
        super().__init__(parent)
        self._jobs = jobs
        self._stream: BackgroundStream | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a job is being forgotten."""
        return self._stream is not None

    def forget(self, job_id: str, *, results: bool) -> None:
        """Begin; does nothing while another job is being forgotten."""
        if self._stream is not None:
            return

        def delete() -> Sequence[Forgotten]:
            return [self._jobs.delete(job_id, results=results)]

        def tell(batch: Sequence[Forgotten]) -> None:
            sentence = (
                self._removed(batch[0]) if results else self.tr("The job is forgotten; its results stay.")
            )
            self.forgotten.emit(ForgottenJob(job_id, results, sentence))

        self._stream = BackgroundStream("forget-job", delete, self)
        self._stream.batch.connect(tell)
        self._stream.ended.connect(self._end)
        self._stream.start()

    def stop(self) -> None:
        """Wait for the thread to end; what it does is not left half done. Calling it twice does no harm."""
        if self._stream is not None:
            self._stream.stop()

    def _removed(self, became: Forgotten) -> str:
        """Say in a sentence or two what became of the results."""
        done = self.tr("The job is forgotten, and %n result file(s) deleted.", "", became.results_removed)
        if not became.results_kept:
            return done
        stay = self.tr("%n result file(s) stay(s).", "", became.results_kept)
        why = became.kept[0].sentence if became.kept else ""
        return f"{done} {stay} {why}".rstrip()

    @Slot(object)
    def _end(self, error: Exception | None) -> None:
        if self._stream is not None:
            self._stream.deleteLater()
            self._stream = None
        if error is not None:
            self.failed.emit(Failure.of(error))
