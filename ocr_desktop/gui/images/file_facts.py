"""Asks the disk for date and size of image files, in the background and only when somebody wants to know."""

import contextlib
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from ocr_desktop.gui.background.background_stream import BackgroundStream
from ocr_desktop.gui.images.image_entry import FileFacts, ImageEntry


class FileFactsReader(QObject):
    """Asks about one list of files after the other. Lives in the GUI thread; the disk is asked on another.

    Signals:
        read: A list of pairs of id and :class:`FileFacts`; files that cannot be asked about are left out.
        finished: Nothing is waiting any more; not after ``cancel``.
    """

    read = Signal(object)
    finished = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Start idle."""
        super().__init__(parent)
        self._waiting: deque[Sequence[ImageEntry]] = deque()
        self._stream: BackgroundStream | None = None
        self._abandoned: list[BackgroundStream] = []

    @property
    def is_active(self) -> bool:
        """Whether the disk is being asked."""
        return self._stream is not None

    def ask(self, entries: Sequence[ImageEntry]) -> None:
        """Ask about the files of these images, after those that are waiting."""
        if entries:
            self._waiting.append(entries)
            if self._stream is None:
                self._next()

    def cancel(self) -> None:
        """Ask no more, at once even where a drive does not answer."""
        self._waiting.clear()
        self._drop_stream()

    def stop(self) -> None:
        """Ask no more; the threads are gone when this returns."""
        self.cancel()
        for stream in self._abandoned:
            stream.stop()
        self._abandoned.clear()

    def _next(self) -> None:
        entries = list(chain.from_iterable(self._waiting))
        self._waiting.clear()
        self._stream = BackgroundStream("file-facts", lambda: _ask_disk(entries), self)
        self._stream.batch.connect(self.read)
        self._stream.ended.connect(self._end)
        self._stream.start()

    @Slot(object)
    def _end(self, _failure: Exception | None) -> None:
        self._drop_stream()
        if self._waiting:
            self._next()
        else:
            self.finished.emit()

    def _drop_stream(self) -> None:
        if self._stream is not None:
            self._stream.cancel()
            self._abandoned.append(self._stream)
            self._stream = None
        for stream in [stream for stream in self._abandoned if not stream.is_alive]:
            self._abandoned.remove(stream)
            stream.deleteLater()


def _ask_disk(entries: Sequence[ImageEntry]) -> Iterator[tuple[int, FileFacts]]:
    for entry in entries:
        with contextlib.suppress(OSError):  # gone, or not to be looked at: its place is at the end
            about = Path(entry.image.path).stat()
            yield entry.id, FileFacts(about.st_mtime, about.st_size)
