"""Brings the images of an earlier job into the window, with the states that they are in."""

import os
from collections import deque
from collections.abc import Collection, Iterable, Sequence

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from ocr_desktop.domain.items import FoundImage, ImageItem, ItemRecord
from ocr_desktop.domain.jobs import JobSnapshot
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.background.background_stream import BackgroundStream
from ocr_desktop.gui.images.image_list_model import ImageListModel, ImageUpdate
from ocr_desktop.gui.messages.failure import Failure
from ocr_desktop.gui.results.job_items import all_items
from ocr_desktop.jobs.manager import JobManager


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be opened of a job, and what for."""

    job: JobSnapshot
    item_ids: frozenset[int] | None = None
    """Only these items; None for all."""
    states: frozenset[ItemState] | None = None
    """Only items in these states; None for all."""
    to_resume: bool = True
    """Whether the job is to go on: the images then show the states that they have in it."""
    with_its_options: bool = False
    """Whether the images are to be read with the options of the job; else with today's."""


class OpenedJob(msgspec.Struct, frozen=True, kw_only=True):
    """A job whose images are in the window."""

    opening: Opening
    images: list[FoundImage]
    """In the order of its items."""
    image_ids: list[int | None]
    """The ids of the images in the model."""
    pending: list[int]
    """The ids in the model of those that are still to be read."""

    @property
    def job(self) -> JobSnapshot:
        """The job."""
        return self.opening.job


class JobOpener(QObject):
    """Fills a model with the items of jobs, batch by batch; the store is read on a background thread.

    Jobs are opened one after another, in the order in which they were asked for.

    Signals:
        opened: An :class:`OpenedJob`, when all its images are in the model.
        failed: A :class:`Failure`: a job could not be read.
    """

    opened = Signal(object)
    failed = Signal(object)

    def __init__(self, jobs: JobManager, model: ImageListModel, parent: QObject | None = None) -> None:
        """Start idle."""
        super().__init__(parent)
        self._jobs = jobs
        self._model = model
        self._waiting: deque[Opening] = deque()
        self._stream: BackgroundStream | None = None
        self._opened: OpenedJob | None = None

    def open(self, opening: Opening) -> None:
        """Open a job, once those that were asked for before it are open."""
        self._waiting.append(opening)
        self._work()

    def stop(self) -> None:
        """End the thread. Calling it twice does no harm."""
        self._waiting.clear()
        if self._stream is not None:
            self._stream.stop()

    def _work(self) -> None:
        if self._stream is not None or not self._waiting:
            return
        opening = self._waiting.popleft()
        self._opened = OpenedJob(opening=opening, images=[], image_ids=[], pending=[])
        self._stream = BackgroundStream("job-items", lambda: _wanted(self._jobs, opening), self)
        self._stream.batch.connect(self._add)
        self._stream.ended.connect(self._end)
        self._stream.start()

    @Slot(object)
    def _add(self, entries: Sequence[tuple[FoundImage, ItemRecord]]) -> None:
        opened = self._opened
        assert opened is not None  # noqa: S101 - set for as long as there is a stream
        images = [image for image, _ in entries]
        self._model.add(images)
        ids = [self._model.id_of_path(image.path) for image in images]
        known = [
            (image_id, record)
            for image_id, (_, record) in zip(ids, entries, strict=True)
            if image_id is not None
        ]
        if opened.opening.to_resume:
            self._model.apply(
                ImageUpdate(image_id, record.state, record.outcome) for image_id, record in known
            )
        opened.images.extend(images)
        opened.image_ids.extend(ids)
        opened.pending.extend(image_id for image_id, record in known if not record.state.is_final)

    @Slot(object)
    def _end(self, error: Exception | None) -> None:
        opened, self._opened = self._opened, None
        if self._stream is not None:
            self._stream.deleteLater()
            self._stream = None
        if error is not None:
            self.failed.emit(Failure.of(error))
        else:
            self.opened.emit(opened)
        self._work()


def _wanted(jobs: JobManager, opening: Opening) -> Iterable[tuple[FoundImage, ItemRecord]]:
    """Called on a background thread."""
    for record in all_items(jobs, opening.job.id):
        if _is_in(record.item.id, opening.item_ids) and _is_in(record.state, opening.states):
            folder = _chosen_folder(record.item, opening.job.options.output_dir)
            yield FoundImage(record.item.path, folder, record.item.rotation), record


def _is_in(value: object, wanted: Collection[object] | None) -> bool:
    return wanted is None or value in wanted


def _chosen_folder(item: ImageItem, output_dir: str | None) -> str:
    """Return the folder that an image was chosen through, as far as the job tells.

    It matters where results go into a tree of their own: that tree repeats what lies below this folder.
    """
    folder = os.path.split(item.path)[0]
    if output_dir is None:
        return folder
    below = os.path.relpath(item.output_dir, output_dir)
    if below == os.curdir or not folder.endswith(os.sep + below):
        return folder
    return os.path.normpath(folder[: -len(below)])
