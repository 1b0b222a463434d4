"""Runs a check of results on a background thread, one at a time."""

from collections.abc import Iterable

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from ocr_desktop.domain.verification import Finding
from ocr_desktop.gui.background.background_stream import BackgroundStream
from ocr_desktop.services.verifier import verify


class CheckRequest(msgspec.Struct, frozen=True):
    """What is to be checked."""

    places: tuple[str, ...]
    """Folders, and images that were opened by themselves."""
    recursive: bool
    output_dir: str | None
    """Folder that results go to, if not beside the images."""


class CheckRunner(QObject):
    """Lives in the GUI thread, longer than what shows its findings; the disk is read on another.

    Signals:
        found: A list of :class:`Finding`.
        ended: None, or the exception that ended the check; not after ``cancel``.
    """

    found = Signal(object)
    ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        """Start idle."""
        super().__init__(parent)
        self._stream: BackgroundStream | None = None
        self._abandoned: list[BackgroundStream] = []

    @property
    def is_active(self) -> bool:
        """Whether a check is going on."""
        return self._stream is not None

    def start(self, request: CheckRequest) -> None:
        """Begin a check; one that is going on is dropped."""
        self.cancel()

        def produce() -> Iterable[Finding]:
            return verify(request.places, recursive=request.recursive, output_dir=request.output_dir)

        self._stream = BackgroundStream("result-check", produce, self)
        self._stream.batch.connect(self.found)
        self._stream.ended.connect(self._end)
        self._stream.start()

    def cancel(self) -> None:
        """Stop, at once even where a drive does not answer; nothing is said any more."""
        if self._stream is not None:
            self._stream.cancel()
            self._abandoned.append(self._stream)
            self._stream = None
        for stream in [stream for stream in self._abandoned if not stream.is_alive]:
            self._abandoned.remove(stream)
            stream.deleteLater()

    def stop(self) -> None:
        """Stop for good; the thread is gone when this returns. Calling it twice does no harm."""
        self.cancel()
        for stream in self._abandoned:
            stream.stop()
        self._abandoned.clear()

    @Slot(object)
    def _end(self, error: Exception | None) -> None:
        self.cancel()
        self.ended.emit(error)
