"""The run that the window is busy with: starts it on a thread, steers it, and says how it goes."""

from collections.abc import Sequence
from enum import Enum, auto

from PySide6.QtCore import QObject, QThread, Signal, Slot

from ocr_desktop.domain.items import FoundImage, JobStats
from ocr_desktop.domain.jobs import JobSnapshot, Progress, Trouble
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import ItemState, JobState
from ocr_desktop.gui.images.image_list_model import ImageUpdate
from ocr_desktop.gui.messages.failure import Failure
from ocr_desktop.gui.run.batch_worker import BatchWorker, ItemUpdate
from ocr_desktop.jobs.manager import JobManager


class RunPhase(Enum):
    """What the window shows of a run."""

    IDLE = auto()
    STARTING = auto()
    """The job is being created: engine, languages and folders are looked at."""
    RUNNING = auto()
    PAUSING = auto()
    """No further image is begun; those in work are finished."""
    PAUSED = auto()
    CANCELLING = auto()
    STOPPING = auto()
    """The run is being interrupted; the rest can be read another time."""


_HELD = frozenset({RunPhase.PAUSING, RunPhase.PAUSED})


class RunController(QObject):
    """At most one run at a time. GUI thread only.

    Signals:
        phase_changed: The new :class:`RunPhase`.
        noticed: Sentences on what was found before the start.
        halted: The :class:`Trouble` because of which the run pauses by itself; after ``phase_changed``.
        images_changed: A list of :class:`ImageUpdate`, by the ids of the window's model.
        reading_changed: A list of the paths that are being read now.
        progressed: A :class:`Progress`.
        finished: The final :class:`JobSnapshot`; either this or ``failed`` ends a run, after the phase is
            idle again and the thread is gone.
        failed: A :class:`Failure`.
    """

    phase_changed = Signal(object)
    noticed = Signal(object)
    halted = Signal(object)
    images_changed = Signal(object)
    reading_changed = Signal(object)
    progressed = Signal(object)
    finished = Signal(object)
    failed = Signal(object)

    def __init__(self, jobs: JobManager, parent: QObject | None = None) -> None:
        """Start idle."""
        super().__init__(parent)
        self._jobs = jobs
        self._phase = RunPhase.IDLE
        self._thread: QThread | None = None
        self._worker: BatchWorker | None = None
        self._job_id: str | None = None
        self._trouble: Trouble | None = None
        self._progress = Progress(stats=JobStats(total=0))
        self._images: tuple[FoundImage, ...] = ()
        self._image_ids: tuple[int | None, ...] = ()
        self._waiting: list[int] = []
        self._reading: dict[int, str] = {}

    @property
    def phase(self) -> RunPhase:
        """What the run is at."""
        return self._phase

    @property
    def is_busy(self) -> bool:
        """Whether there is a run."""
        return self._phase is not RunPhase.IDLE

    @property
    def job_id(self) -> str | None:
        """The id of the current or last job; None before the first one is created."""
        return self._job_id

    @property
    def busy_job_id(self) -> str | None:
        """The id of the job that is running; None if there is no run."""
        return self._job_id if self.is_busy else None

    @property
    def progress(self) -> Progress:
        """How far the current or last run is, as last reported."""
        return self._progress

    @property
    def image_ids(self) -> Sequence[int | None]:
        """The ids in the window's model of the images of the current or last job, by the ids of its items."""
        return self._image_ids

    @property
    def trouble(self) -> Trouble | None:
        """Why the run has paused by itself; None unless it has, and is paused still."""
        return self._trouble

    def image(self, item_id: int) -> FoundImage:
        """Return the image of an item of the current or last job."""
        return self._images[item_id]

    def start(
        self, images: Sequence[FoundImage], image_ids: Sequence[int | None], options: RunOptions
    ) -> None:
        """Run a job over ``images``. Does nothing while another one runs.

        Args:
            images: What to read.
            image_ids: For each of them its id in the window's model; None for one that is not in it.
            options: How.
        """
        if self.is_busy:
            return
        self._waiting = [image_id for image_id in image_ids if image_id is not None]
        self._launch(BatchWorker.for_new_job(self._jobs, images, options), images, image_ids)

    def go_on(self, job_id: str, images: Sequence[FoundImage], image_ids: Sequence[int | None]) -> None:
        """Run what is left of a job that is there. Does nothing while another run is going on.

        Args:
            job_id: The job: interrupted, or one that has waited for its turn.
            images: All its images, in the order of its items.
            image_ids: For each of them its id in the window's model, which shows its state already.
        """
        if self.is_busy:
            return
        self._waiting = []
        self._launch(BatchWorker.for_existing_job(self._jobs, job_id), images, image_ids)

    def _launch(
        self, worker: BatchWorker, images: Sequence[FoundImage], image_ids: Sequence[int | None]
    ) -> None:
        self._images = tuple(images)
        self._image_ids = tuple(image_ids)
        self._reading.clear()
        self._job_id = None
        self._progress = Progress(stats=JobStats(total=len(images), pending=len(images)))
        self._set_phase(RunPhase.STARTING)
        thread = QThread(self)
        thread.setObjectName("batch")
        worker.moveToThread(thread)
        thread.started.connect(worker.run)
        worker.kept.connect(self._keep)
        worker.created.connect(self._note_job)
        worker.noticed.connect(self.noticed)
        worker.halted.connect(self._halt)
        worker.state_changed.connect(self._follow_state)
        worker.items_changed.connect(self._translate)
        worker.progressed.connect(self._follow_progress)
        worker.finished.connect(self._conclude)
        worker.failed.connect(self._conclude)
        self._worker, self._thread = worker, thread
        thread.start()

    @Slot()
    def pause(self) -> None:
        """Begin no further image. Straight to the manager: the worker's thread is busy."""
        if self._phase is RunPhase.RUNNING and self._job_id and self._jobs.pause(self._job_id):
            self._set_phase(RunPhase.PAUSING)

    @Slot()
    def resume(self) -> None:
        """Go on."""
        if self._phase in _HELD and self._job_id and self._jobs.resume(self._job_id):
            self._set_phase(RunPhase.RUNNING)

    @Slot()
    def cancel(self) -> None:
        """Drop what has not begun. Works from the first moment on, also before there is a job."""
        if self._worker is None or self._phase is RunPhase.CANCELLING:
            return
        self._set_phase(RunPhase.CANCELLING)
        self._worker.cancel()

    @Slot()
    def interrupt(self) -> None:
        """Stop the run so that it can be resumed another time."""
        if self._worker is None or self._phase in {RunPhase.CANCELLING, RunPhase.STOPPING}:
            return
        self._set_phase(RunPhase.STOPPING)
        self._worker.interrupt()

    def forget_job(self) -> list[int]:
        """Forget the last job, which is not there any more; return the ids of its images in the model."""
        ids = [image_id for image_id in self._image_ids if image_id is not None]
        self._job_id = None
        self._images = ()
        self._image_ids = ()
        return ids

    def shut_down(self) -> None:
        """Interrupt what runs and wait until its thread is gone; for the end of the program."""
        self.interrupt()
        if self._thread is not None:
            self._thread.quit()
            self._thread.wait()
            self._release()

    def _set_phase(self, phase: RunPhase) -> None:
        if phase is not self._phase:
            self._phase = phase
            if phase not in _HELD:
                self._trouble = None
            self.phase_changed.emit(phase)

    @Slot(str)
    def _note_job(self, job_id: str) -> None:
        self._job_id = job_id
        self.images_changed.emit([ImageUpdate(image_id, ItemState.PENDING) for image_id in self._waiting])
        self._waiting = []

    @Slot(object)
    def _keep(self, places: Sequence[int]) -> None:
        """Let go of images that the job has left out, because only what failed before is read."""
        self._images = tuple(self._images[place] for place in places)
        self._image_ids = tuple(self._image_ids[place] for place in places)
        self._waiting = [image_id for image_id in self._image_ids if image_id is not None]

    @Slot(object)
    def _follow_state(self, state: JobState) -> None:
        if self._phase is RunPhase.STARTING and state is JobState.PROCESSING:
            self._set_phase(RunPhase.RUNNING)

    @Slot(object)
    def _halt(self, trouble: Trouble) -> None:
        """The run pauses by itself; an order that was given meanwhile comes first."""
        if self._phase is RunPhase.RUNNING:
            self._trouble = trouble
            self._set_phase(RunPhase.PAUSING)
            self.halted.emit(trouble)

    @Slot(object)
    def _follow_progress(self, progress: Progress) -> None:
        if self._phase is RunPhase.PAUSING and progress.stats.processing == 0:
            self._set_phase(RunPhase.PAUSED)
        self._progress = progress
        self.progressed.emit(progress)

    @Slot(object)
    def _translate(self, updates: list[ItemUpdate]) -> None:
        """Say it with the ids of the window's model."""
        translated = []
        for update in updates:
            if update.state is ItemState.PROCESSING:
                self._reading[update.item_id] = self._images[update.item_id].path
            else:
                self._reading.pop(update.item_id, None)
            image_id = self._image_ids[update.item_id]
            if image_id is not None:
                translated.append(ImageUpdate(image_id, update.state, update.outcome))
        self.images_changed.emit(translated)
        self.reading_changed.emit(list(self._reading.values()))

    @Slot(object)
    def _conclude(self, end: JobSnapshot | Failure) -> None:
        """The worker has said its last word: let its thread end, and tell once that is so."""
        assert self._thread is not None  # noqa: S101 - set for as long as a worker can signal
        self._thread.quit()
        self._thread.wait()  # at once: nothing but the event loop is left on it
        self._release()
        if isinstance(end, JobSnapshot):
            self._progress = end.progress
            self.progressed.emit(end.progress)
        self._set_phase(RunPhase.IDLE)
        if isinstance(end, JobSnapshot):
            self.finished.emit(end)
        else:
            self.failed.emit(end)

    def _release(self) -> None:
        if self._thread is not None:
            self._thread.deleteLater()
        self._thread = None
        self._worker = None
