"""Looks for images in the background and streams what it finds, folder by folder, in natural order."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from ocr_desktop.gui.background.background_stream import BackgroundStream
from ocr_desktop.gui.images.image_entry import ImageEntry
from ocr_desktop.services.discovery import find_images


class FolderScanner(QObject):
    """Searches folders, one after the other. Lives in the GUI thread; the disk is read on another.

    Signals:
        found: A list of :class:`ImageEntry`, ready for the list of images.
        folders: Those of the paths of a search that are folders; once for each search.
        problem: A folder that cannot be listed, and why.
        finished: How many images were found; also after ``cancel``.
    """

    found = Signal(object)
    folders = Signal(object)
    problem = Signal(str, str)
    finished = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        """Start idle."""
        super().__init__(parent)
        self._waiting: list[tuple[tuple[str, ...], bool]] = []
        self._stream: BackgroundStream | None = None
        self._abandoned: list[BackgroundStream] = []
        self._count = 0

    @property
    def is_active(self) -> bool:
        """Whether the disk is being searched."""
        return self._stream is not None

    def scan(self, paths: Sequence[str], *, recursive: bool) -> None:
        """Search these folders and files, after those that are waiting."""
        self._waiting.append((tuple(paths), recursive))
        if self._stream is None:
            self._count = 0
            self._next()

    def cancel(self) -> None:
        """Stop searching, at once even where a drive does not answer. What was found stays found."""
        if self._stream is None:
            return
        self._waiting.clear()
        self._drop_stream()
        self.finished.emit(self._count)

    def stop(self) -> None:
        """Stop for good, silently; the thread is gone when this returns."""
        self._waiting.clear()
        self._drop_stream()
        for stream in self._abandoned:
            stream.stop()
        self._abandoned.clear()

    def _next(self) -> None:
        paths, recursive = self._waiting.pop(0)

        def produce() -> Iterable[ImageEntry]:
            self.folders.emit([path for path in paths if Path(path).is_dir()])
            there = [path for path in paths if os.path.lexists(path) or self._miss(path)]
            return map(ImageEntry, find_images(there, recursive=recursive, on_problem=self._report))

        self._stream = BackgroundStream("folder-scan", produce, self)
        self._stream.batch.connect(self._pass_on)
        self._stream.ended.connect(self._end)
        self._stream.start()

    def _report(self, folder: str, error: OSError) -> None:
        """Called on the scanning thread; the signal crosses over by itself."""
        self.problem.emit(folder, error.strerror or str(error))

    def _miss(self, path: str) -> bool:
        """Called on the scanning thread: a folder that was opened some time ago may be gone since."""
        self.problem.emit(path, self.tr("it is not there"))
        return False

    @Slot(object)
    def _pass_on(self, images: list[ImageEntry]) -> None:
        self._count += len(images)
        self.found.emit(images)

    @Slot(object)
    def _end(self, failure: Exception | None) -> None:
        if failure is not None:
            self.problem.emit("", str(failure))
        self._drop_stream()
        if self._waiting:
            self._next()
        else:
            self.finished.emit(self._count)

    def _drop_stream(self) -> None:
        if self._stream is not None:
            self._stream.cancel()
            self._abandoned.append(self._stream)
            self._stream = None
        for stream in [stream for stream in self._abandoned if not stream.is_alive]:
            self._abandoned.remove(stream)
            stream.deleteLater()
