"""The runs that wait until the one that is going on has ended, and the start of the next one."""

import logging
import os
from collections import deque
from collections.abc import Callable, Collection, Sequence

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from ocr_desktop.domain.items import FoundImage
from ocr_desktop.domain.jobs import JobSnapshot
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.background.background_stream import BackgroundStream
from ocr_desktop.gui.images.image_list_model import ImageUpdate
from ocr_desktop.gui.messages.failure import Failure
from ocr_desktop.gui.run.batch_worker import kept_positions
from ocr_desktop.gui.run.run_controller import RunController, RunPhase
from ocr_desktop.jobs.manager import JobManager

_log = logging.getLogger(__name__)


class WaitingRun(msgspec.Struct, frozen=True):
    """A job that is there and has not begun, or is to go on."""

    job: JobSnapshot
    images: tuple[FoundImage, ...]
    """All its images, in the order of its items."""
    image_ids: tuple[int | None, ...]
    """For each of them its id in the window's model; None for one that is not in it."""
    pending: tuple[int, ...]
    """The ids in the model of those that are still to be read."""
    folder: str
    """The folder that its images were chosen through; of several, the one above them all."""

    @classmethod
    def of(
        cls,
        job: JobSnapshot,
        images: Sequence[FoundImage],
        image_ids: Sequence[int | None],
        pending: Sequence[int] | None = None,
    ) -> "WaitingRun":
        """Gather what is known of a job; all its images are to be read if ``pending`` is not given."""
        if pending is None:
            pending = [image_id for image_id in image_ids if image_id is not None]
        folder = common_folder({image.root for image in images})
        return cls(job, tuple(images), tuple(image_ids), tuple(pending), folder)

    @property
    def left(self) -> int:
        """Images that are still to be read."""
        return self.job.stats.remaining


class RunQueue(QObject):
    """Runs one after another, in the order in which they were added or moved. GUI thread only.

    A run that waits is a job in the store already, and kept for this program: when the program ends, it is
    offered at the next start.

    Signals:
        changed: Something else waits, or in another order, or the queue is held or goes on.
        starting: The next run is about to start by itself.
        taken_changed: The images that are in the current run have changed; see :meth:`taken_ids`.
        images_changed: A list of :class:`ImageUpdate` for images that wait, or do not wait any more.
        failed: A :class:`Failure`: a run could not be added or removed.
    """

    changed = Signal()
    starting = Signal()
    taken_changed = Signal()
    images_changed = Signal(object)
    failed = Signal(object)

    def __init__(self, jobs: JobManager, run: RunController, parent: QObject | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self._jobs = jobs
        self._run = run
        self._waiting: list[WaitingRun] = []
        self._orders: deque[tuple[str, Callable[[], Sequence[object]]]] = deque()
        self._stream: BackgroundStream | None = None
        self._adding: deque[frozenset[int]] = deque()
        self._taken: frozenset[int] | None = None
        self._is_held = False
        run.phase_changed.connect(self._follow_phase)
        run.finished.connect(self._follow_end)
        run.failed.connect(self._follow_failure)

    @property
    def run(self) -> RunController:
        """The run whose end is waited for."""
        return self._run

    @property
    def waiting(self) -> Sequence[WaitingRun]:
        """What waits, the next one first. Not a copy: only to be read."""
        return self._waiting

    @property
    def is_adding(self) -> bool:
        """Whether a run is being added: engine, languages and folders are looked at."""
        return bool(self._adding)

    @property
    def is_held(self) -> bool:
        """Whether the next run does not start by itself, because the one before it could not be run."""
        return self._is_held

    def taken_ids(self) -> frozenset[int]:
        """Return the ids in the model of the images that are in the current run, or wait for theirs."""
        if self._taken is None:
            taken = set(self._run.image_ids) if self._run.is_busy else set()
            taken.update(*(run.pending for run in self._waiting), *self._adding)
            taken.discard(None)
            self._taken = frozenset(image_id for image_id in taken if image_id is not None)
        return self._taken

    def job_ids(self) -> frozenset[str]:
        """Return the ids of the jobs that wait."""
        return frozenset(run.job.id for run in self._waiting)

    def add(self, images: Sequence[FoundImage], image_ids: Sequence[int | None], options: RunOptions) -> None:
        """Make a job of these images in the background, and let it wait for its turn."""
        chosen, ids = tuple(images), tuple(image_ids)

        def make() -> Sequence[object]:
            job = self._jobs.create(chosen, options)
            kept = kept_positions(self._jobs, job, chosen)
            if kept is None:
                return [WaitingRun.of(job, chosen, ids)]
            return [WaitingRun.of(job, [chosen[place] for place in kept], [ids[place] for place in kept])]

        self._adding.append(frozenset(image_id for image_id in ids if image_id is not None))
        self._order("queue-add", make)
        self._note_change()

    def add_existing(self, waiting: WaitingRun) -> None:
        """Let a job of an earlier time wait for its turn."""
        job_id = waiting.job.id
        self._order("queue-claim", lambda: [] if self._jobs.claim(job_id) else [job_id])
        self._append(waiting)

    def move(self, row: int, by: int) -> int:
        """Move a run ``by`` places, as far as there are any; return where it is then."""
        to = min(max(row + by, 0), len(self._waiting) - 1)
        self._waiting.insert(to, self._waiting.pop(row))
        self._keep_order()
        self._note_change()
        return to

    def remove(self, job_id: str) -> None:
        """Cancel a run that waits; it stays in the history."""
        gone = [run for run in self._waiting if run.job.id == job_id]
        self._waiting = [run for run in self._waiting if run.job.id != job_id]
        for run in gone:
            self._order("queue-remove", lambda: self._cancel(job_id))
            self.images_changed.emit([ImageUpdate(image_id, ItemState.CANCELLED) for image_id in run.pending])
        self._note_change()

    def cancel_all(self) -> None:
        """Cancel every run that waits."""
        for job_id in [run.job.id for run in self._waiting]:
            self.remove(job_id)

    def hold(self) -> None:
        """Start nothing by itself from now on; for the end of the program."""
        self._is_held = True
        self._note_change()

    @Slot()
    def go_on(self) -> None:
        """Start the next run, after the queue was held."""
        self._is_held = False
        self._note_change()
        self._start_next()

    def stop(self) -> None:
        """Finish what has been ordered, and end every thread. Calling it twice does no harm."""
        if self._stream is not None:
            self._stream.stop()
            self._stream = None
        while self._orders:
            name, act = self._orders.popleft()
            try:
                act()
            except Exception:  # noqa: BLE001 - nobody is left to be told
                _log.exception("%s did not work at the end of the program", name)

    def _keep_order(self) -> None:
        """Should the program end now, the runs are offered in this order at the next start."""
        job_ids = [run.job.id for run in self._waiting]

        def keep() -> Sequence[object]:
            self._jobs.put_in_order(job_ids)
            return []

        self._order("queue-order", keep)

    def _append(self, run: WaitingRun) -> None:
        self._waiting.append(run)
        self._note_change()
        self.images_changed.emit([ImageUpdate(image_id, ItemState.PENDING) for image_id in run.pending])
        self._start_next()

    def _start_next(self) -> None:
        if self._is_held or self._run.is_busy or not self._waiting:
            return
        run = self._waiting.pop(0)
        self.starting.emit()
        self._run.go_on(run.job.id, run.images, run.image_ids)
        self._note_change()

    def _note_change(self) -> None:
        self._taken = None
        self.changed.emit()

    # -- In the background: one order after another, so that runs come in the order in which they were added

    def _order(self, name: str, act: Callable[[], Sequence[object]]) -> None:
        self._orders.append((name, act))
        self._work()

    def _work(self) -> None:
        if self._stream is not None or not self._orders:
            return
        name, act = self._orders.popleft()
        self._stream = BackgroundStream(name, act, self)
        self._stream.batch.connect(self._take_in)
        self._stream.ended.connect(self._end_adding if name == "queue-add" else self._end_order)
        self._stream.start()

    def _cancel(self, job_id: str) -> Sequence[object]:
        """Called on a background thread: a job of 100,000 images takes a while."""
        self._jobs.cancel(job_id)
        return []

    @Slot(object)
    def _take_in(self, made: Sequence[object]) -> None:
        for entry in made:
            if isinstance(entry, WaitingRun):
                self._adding.popleft()
                self._append(entry)
            else:  # another program has it already
                self._waiting = [run for run in self._waiting if run.job.id != entry]
                self._note_change()

    @Slot(object)
    def _end_adding(self, error: Exception | None) -> None:
        if error is not None:
            self._adding.popleft()
            self._note_change()
        self._end_order(error)

    @Slot(object)
    def _end_order(self, error: Exception | None) -> None:
        if self._stream is not None:
            self._stream.deleteLater()
            self._stream = None
        if error is not None:
            self.failed.emit(Failure.of(error))
        self._work()

    # -- Following the run

    @Slot(object)
    def _follow_phase(self, phase: RunPhase) -> None:
        if phase in {RunPhase.STARTING, RunPhase.IDLE}:
            self._taken = None
            self.taken_changed.emit()
        if phase is RunPhase.RUNNING and self._is_held:
            self._is_held = False
            self.changed.emit()

    @Slot(object)
    def _follow_end(self, _snapshot: JobSnapshot) -> None:
        for run in self._waiting:  # the end of a run has put back all that was not read
            self.images_changed.emit([ImageUpdate(image_id, ItemState.PENDING) for image_id in run.pending])
        self._start_next()

    @Slot(object)
    def _follow_failure(self, _failure: Failure) -> None:
        """What kept that run from working may well keep the next one, too: somebody has to look first."""
        self._is_held = self._is_held or bool(self._waiting)
        for run in self._waiting:
            self.images_changed.emit([ImageUpdate(image_id, ItemState.PENDING) for image_id in run.pending])
        self._note_change()


def common_folder(folders: Collection[str]) -> str:
    """Return the folder above all of these, or one of them if they have none in common."""
    try:
        return os.path.commonpath(folders)
    except ValueError:  # on several drives, or there is none
        return next(iter(folders), "")
