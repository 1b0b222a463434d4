"""Brings the images of an earlier job into the window, with the states that they are in."""

import os
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject, Signal, Slot

from ocr_desktop.domain.items import FoundImage, ImageItem, ItemRecord
from ocr_desktop.domain.jobs import JobSnapshot
from ocr_desktop.gui.background_stream import BackgroundStream
from ocr_desktop.gui.failure import Failure
from ocr_desktop.gui.image_list_model import ImageListModel, ImageUpdate
from ocr_desktop.gui.job_items import all_items
from ocr_desktop.jobs.manager import JobManager


class JobOpener(QObject):
    """Fills a model with the items of a job, batch by batch; the store is read on a background thread.

    Signals:
        opened: The job's id, when all its images are in the model; see :attr:`images` and :attr:`image_ids`.
        failed: A :class:`Failure`: the job could not be read.
    """

    opened = Signal(str)
    failed = Signal(object)

    def __init__(self, jobs: JobManager, model: ImageListModel, parent: QObject | None = None) -> None:
        """Start idle."""
        super().__init__(parent)
        self._jobs = jobs
        self._model = model
        self._job: JobSnapshot | None = None
        self._stream: BackgroundStream | None = None
        self.images: list[FoundImage] = []
        """Those of the job, in the order of its items."""
        self.image_ids: list[int | None] = []
        """The ids of :attr:`images` in the model."""

    def open(self, job: JobSnapshot) -> None:
        """Begin; does nothing while a job is being opened."""
        if self._stream is not None:
            return
        self._job = job
        self.images, self.image_ids = [], []
        self._stream = BackgroundStream("job-items", lambda: _batches(self._jobs, job), self)
        self._stream.batch.connect(self._add)
        self._stream.ended.connect(self._end)
        self._stream.start()

    def stop(self) -> None:
        """End the thread. Calling it twice does no harm."""
        if self._stream is not None:
            self._stream.stop()

    @Slot(object)
    def _add(self, entries: Sequence[tuple[FoundImage, ItemRecord]]) -> None:
        images = [image for image, _ in entries]
        self._model.add(images)
        ids = [self._model.id_of_path(image.path) for image in images]
        self._model.apply(
            ImageUpdate(image_id, record.state, record.outcome)
            for image_id, (_, record) in zip(ids, entries, strict=True)
            if image_id is not None
        )
        self.images += images
        self.image_ids += ids

    @Slot(object)
    def _end(self, error: Exception | None) -> None:
        if self._stream is not None:
            self._stream.deleteLater()
            self._stream = None
        if error is not None:
            self.failed.emit(Failure.of(error))
        elif self._job is not None:
            self.opened.emit(self._job.id)


def _batches(jobs: JobManager, job: JobSnapshot) -> Iterable[tuple[FoundImage, ItemRecord]]:
    """Called on a background thread."""
    for record in all_items(jobs, job.id):
        folder = _chosen_folder(record.item, job.options.output_dir)
        yield FoundImage(record.item.path, folder), record


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
