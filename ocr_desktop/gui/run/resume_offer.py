"""Offers what was left when the program ended last time: interrupted runs, and those that waited."""

from collections.abc import Callable, Sequence

import msgspec
from PySide6.QtCore import QDateTime, QLocale, Signal, Slot
from PySide6.QtWidgets import QWidget

from ocr_desktop.domain.jobs import JobSnapshot
from ocr_desktop.domain.states import ItemState, JobState
from ocr_desktop.gui.background.background_stream import BackgroundStream
from ocr_desktop.gui.messages.failure import Failure
from ocr_desktop.gui.messages.message_banner import MessageBanner
from ocr_desktop.jobs.manager import JobManager


class _Left(msgspec.Struct, frozen=True):
    """What was left."""

    jobs: tuple[JobSnapshot, ...]
    """In the order in which they are to go on; not empty."""
    is_last_run: bool
    """Whether no run has begun after the first of them."""


class ResumeOffer(MessageBanner):
    """A banner with *Resume* and *Discard*. Closing it decides nothing: the next start offers the runs again.

    Signals:
        accepted: A tuple of the :class:`JobSnapshot` of each job to go on with, in their order.
        history_pressed: Somebody wants to see them one by one.
        failed: A :class:`Failure`: the jobs could not be looked through, or not be changed.
    """

    accepted = Signal(object)
    history_pressed = Signal()
    failed = Signal(object)

    def __init__(self, jobs: JobManager, parent: QWidget | None = None) -> None:
        """Start hidden; :meth:`look` finds out whether there is anything to offer."""
        super().__init__(ItemState.PROCESSING, parent)
        self._jobs = jobs
        self._left: tuple[JobSnapshot, ...] = ()
        self._is_last_run = False
        self._streams: list[BackgroundStream] = []
        self.resume_button = self.add_button("", self.tr("Read the images that are left."), self._accept)
        self.history_button = self.add_button(
            self.tr("Show &history"),
            self.tr("Decide about each of the runs in the history (Ctrl+H)."),
            self.history_pressed.emit,
        )
        self.discard_button = self.add_button("", "", self._discard)

    @property
    def is_looking(self) -> bool:
        """Whether the jobs are being looked through or changed."""
        return any(stream.is_alive for stream in self._streams)

    def look(self) -> None:
        """Look in the background for runs that were left, and offer them."""
        self._in_background("recovery", self._find)

    def set_free(self, free: bool) -> None:
        """Say whether the window is free for another run."""
        self.resume_button.setEnabled(free)

    def stop(self) -> None:
        """End every thread. Calling it twice does no harm."""
        for stream in self._streams:
            stream.stop()

    def _find(self) -> Sequence[_Left]:
        """Called on a background thread."""
        self._jobs.recover()
        left = self._jobs.resumable()
        if not left:
            return []
        newest = next((job for job in self._jobs.list() if job.state is not JobState.QUEUED), None)
        return [_Left(tuple(left), newest is None or newest.id == left[0].id)]

    def _cancel(self, job_ids: Sequence[str]) -> Sequence[_Left]:
        """Called on a background thread: a job of 100,000 images takes a while."""
        for job_id in job_ids:
            self._jobs.cancel(job_id)
        return []

    def _in_background(self, name: str, act: Callable[[], Sequence[object]]) -> None:
        stream = BackgroundStream(name, act, self)
        stream.batch.connect(self._show_left)
        stream.ended.connect(self._note_end)
        self._streams.append(stream)
        stream.start()

    def drop(self, job_id: str) -> None:
        """Offer a job no longer: somebody has gone on with it, or deleted it."""
        left = tuple(job for job in self._left if job.id != job_id)
        if left == self._left:
            return
        is_last_run = self._is_last_run and self._left[0].id != job_id
        self._left, was_shown = left, self.isVisible()
        if not left:
            self.hide()
        elif was_shown:
            self._show_left([_Left(left, is_last_run)])

    @Slot(object)
    def _show_left(self, found: Sequence[_Left]) -> None:
        self._left, self._is_last_run = found[0].jobs, found[0].is_last_run
        first, more = self._left[0], len(self._left) - 1
        text = self._describe(first, is_last_run=self._is_last_run)
        if first.trouble is not None:
            text = self.tr("{text} It had paused by itself: {reason}").format(
                text=text, reason=first.trouble.message
            )
        if more:
            others = self.tr("%n more run(s) were left.", "", more)
            text = f"{text} {others}"
        self.resume_button.setText(
            self.tr("Res&ume all ({count})").format(count=more + 1) if more else self.tr("Res&ume")
        )
        self.discard_button.setText(self.tr("&Discard all") if more else self.tr("&Discard"))
        self.discard_button.setToolTip(
            self.tr("Cancel those runs for good. What has been read stays.")
            if more
            else self.tr("Cancel that run for good. What has been read stays.")
        )
        self.history_button.setVisible(bool(more))
        self.show_message(text)

    def _describe(self, job: JobSnapshot, *, is_last_run: bool) -> str:
        stats = job.stats
        if job.state is JobState.QUEUED:
            text = self.tr("The run of {date} over %n image(s) has not been begun.", "", stats.total)
        elif is_last_run:
            text = self.tr("The last run was interrupted after {done} of %n image(s).", "", stats.total)
        else:
            text = self.tr("The run of {date} was interrupted after {done} of %n image(s).", "", stats.total)
        created = QDateTime.fromSecsSinceEpoch(round(job.created_at.timestamp()))
        date = QLocale().toString(created, QLocale.FormatType.ShortFormat)
        return text.format(done=QLocale().toString(stats.done), date=date)

    @Slot(object)
    def _note_end(self, error: Exception | None) -> None:
        if error is not None:
            self.failed.emit(Failure.of(error))

    def _accept(self) -> None:
        self.hide()
        self.accepted.emit(self._left)

    def _discard(self) -> None:
        self.hide()
        job_ids = [job.id for job in self._left]
        if job_ids:
            self._in_background("discard", lambda: self._cancel(job_ids))
