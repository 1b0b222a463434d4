"""Offers the run that was interrupted when the program ended last time."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QDateTime, QLocale, Signal, Slot
from PySide6.QtWidgets import QWidget

from ocr_desktop.domain.jobs import JobSnapshot
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.background_stream import BackgroundStream
from ocr_desktop.gui.failure import Failure
from ocr_desktop.gui.message_banner import MessageBanner
from ocr_desktop.jobs.manager import JobManager


class ResumeOffer(MessageBanner):
    """A banner with *Resume* and *Discard*. Closing it decides nothing: the next start offers the run again.

    Signals:
        accepted: The :class:`JobSnapshot` of the job to go on with.
        failed: A :class:`Failure`: the jobs could not be looked through, or not be changed.
    """

    accepted = Signal(object)
    failed = Signal(object)

    def __init__(self, jobs: JobManager, parent: QWidget | None = None) -> None:
        """Start hidden; :meth:`look` finds out whether there is anything to offer."""
        super().__init__(ItemState.PROCESSING, parent)
        self._jobs = jobs
        self._job: JobSnapshot | None = None
        self._streams: list[BackgroundStream] = []
        self.resume_button = self.add_button(
            self.tr("Res&ume"), self.tr("Read the images that are left."), self._accept
        )
        self.discard_button = self.add_button(
            self.tr("&Discard"), self.tr("Cancel that run for good. What has been read stays."), self._discard
        )

    @property
    def is_looking(self) -> bool:
        """Whether the jobs are being looked through or changed."""
        return any(stream.is_alive for stream in self._streams)

    def look(self) -> None:
        """Look for an interrupted run in the background, and offer the newest one."""
        self._in_background("recovery", self._find)

    def set_free(self, free: bool) -> None:
        """Say whether the window is free for another run."""
        self.resume_button.setEnabled(free)

    def stop(self) -> None:
        """End every thread. Calling it twice does no harm."""
        for stream in self._streams:
            stream.stop()

    def _find(self) -> Sequence[tuple[JobSnapshot, bool]]:
        """Called on a background thread."""
        self._jobs.recover()
        newest = self._jobs.list()[:1]
        return [(job, job.id == newest[0].id) for job in self._jobs.resumable()[:1]]

    def _cancel(self, job_id: str) -> Sequence[tuple[JobSnapshot, bool]]:
        """Called on a background thread: a job of 100,000 images takes a while."""
        self._jobs.cancel(job_id)
        return []

    def _in_background(self, name: str, act: Callable[[], Sequence[object]]) -> None:
        stream = BackgroundStream(name, act, self)
        stream.batch.connect(self._show_job)
        stream.ended.connect(self._note_end)
        self._streams.append(stream)
        stream.start()

    @Slot(object)
    def _show_job(self, found: Sequence[tuple[JobSnapshot, bool]]) -> None:
        self._job, is_newest = found[0]
        stats = self._job.stats
        if is_newest:
            text = self.tr("The last run was interrupted after {done} of %n image(s).", "", stats.total)
        else:
            text = self.tr("The run of {date} was interrupted after {done} of %n image(s).", "", stats.total)
        created = QDateTime.fromSecsSinceEpoch(round(self._job.created_at.timestamp()))
        date = QLocale().toString(created, QLocale.FormatType.ShortFormat)
        text = text.format(done=QLocale().toString(stats.done), date=date)
        if self._job.trouble is not None:
            text = self.tr("{text} It had paused by itself: {reason}").format(
                text=text, reason=self._job.trouble.message
            )
        self.show_message(text)

    @Slot(object)
    def _note_end(self, error: Exception | None) -> None:
        if error is not None:
            self.failed.emit(Failure.of(error))

    def _accept(self) -> None:
        self.hide()
        self.accepted.emit(self._job)

    def _discard(self) -> None:
        self.hide()
        if self._job is not None:
            job_id = self._job.id
            self._in_background("discard", lambda: self._cancel(job_id))
