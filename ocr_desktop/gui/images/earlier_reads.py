"""Finds out in the background which images of the list have been read before, without reading an image."""

import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from PySide6.QtCore import QObject, Signal, Slot

from ocr_desktop.domain.items import FoundImage, ItemOutcome
from ocr_desktop.gui.background.background_stream import BackgroundStream
from ocr_desktop.services.result_scan import ResultScan

Question = tuple[int, FoundImage]
"""An image, with its id."""


class EarlierReads(QObject):
    """Looks for the results of images that no run of this window has touched. GUI thread only.

    Signals:
        found: A list of pairs of id and :class:`ItemOutcome`.
        finished: How many images were found to have been read, since nothing was being looked for.
    """

    found = Signal(object)
    finished = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        """Start idle; results are beside the images, unless somebody says otherwise."""
        super().__init__(parent)
        self._output_dir: str | None = None
        self._waiting = _Waiting()
        self._stream: BackgroundStream | None = None
        self._count = 0

    @property
    def is_active(self) -> bool:
        """Whether results are being looked for."""
        return self._stream is not None

    @property
    def output_dir(self) -> str | None:
        """The folder under which results are looked for; None for beside the images."""
        return self._output_dir

    def set_output_dir(self, output_dir: str | None) -> None:
        """Look there from now on; what was asked before is to be asked again."""
        self._output_dir = output_dir
        self._waiting.clear()

    def ask(self, images: Sequence[Question], roots: Iterable[str]) -> None:
        """Look for the results of these images, after those that wait already.

        Args:
            images: With their ids.
            roots: The folders that all images of the list were chosen through; matters where results go into
                a folder of their own.
        """
        if not self._waiting.put(images, ResultScan(roots, self._output_dir)) or self._stream is not None:
            return
        self._count = 0
        self._begin()

    def prefer(self, images: Sequence[Question]) -> None:
        """Look at these images first, while others wait."""
        if self._stream is not None:
            self._waiting.prefer(images)

    def cancel(self) -> None:
        """Look for nothing any more."""
        self._waiting.clear()

    def stop(self) -> None:
        """End the thread. Calling it twice does no harm."""
        self._waiting.clear()
        if self._stream is not None:
            self._stream.stop()
            self._stream = None

    def _begin(self) -> None:
        waiting = self._waiting
        self._stream = BackgroundStream("earlier-reads", lambda: _look_at_all(waiting), self)
        self._stream.batch.connect(self._take)
        self._stream.ended.connect(self._end)
        self._stream.start()

    @Slot(object)
    def _take(self, seen: list[tuple[int, ItemOutcome] | None]) -> None:
        found = [answer for answer in seen if answer is not None]
        if found:
            self._count += len(found)
            self.found.emit(found)

    @Slot(object)
    def _end(self, _failure: Exception | None) -> None:
        if self._stream is not None:
            self._stream.deleteLater()
            self._stream = None
        if self._waiting:
            self._begin()
        else:
            self.finished.emit(self._count)


class _Waiting:
    """The images that are still to be looked at, the next one first. For any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._images: deque[Question] = deque()
        self._urgent: deque[Question] = deque()
        self._taken: set[int] = set()
        """Those that were looked at since others were added, some of them out of turn."""
        self._scan: ResultScan | None = None

    def __bool__(self) -> bool:
        return bool(self._images)

    def put(self, images: Sequence[Question], scan: ResultScan) -> bool:
        """Add images; all that wait are looked for by ``scan`` now. Return whether any wait."""
        with self._lock:
            self._images.extend(images)
            self._taken.clear()
            self._scan = scan
            return bool(self._images)

    def prefer(self, images: Sequence[Question]) -> None:
        with self._lock:
            self._urgent = deque(image for image in images if image[0] not in self._taken)

    def clear(self) -> None:
        with self._lock:
            self._images.clear()
            self._urgent.clear()
            self._taken.clear()

    def take(self) -> tuple[int, FoundImage, ResultScan] | None:
        with self._lock:
            if self._scan is None or not self._images:
                return None
            while self._images:
                image_id, image = (self._urgent or self._images).popleft()
                if image_id not in self._taken:
                    self._taken.add(image_id)
                    return image_id, image, self._scan
            return None


def _look_at_all(waiting: _Waiting) -> Iterator[tuple[int, ItemOutcome] | None]:
    """Called on a background thread. Yields also where nothing is found, so that a cancel is noticed."""
    while (asked := waiting.take()) is not None:
        image_id, image, scan = asked
        outcome = scan.look(image)
        yield None if outcome is None else (image_id, outcome)
