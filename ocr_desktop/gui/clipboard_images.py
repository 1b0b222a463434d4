"""Paste: files and folders on the clipboard are opened; a copied picture is saved first, so it can be."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage

from ocr_desktop.domain.errors import OutputNotWritableError
from ocr_desktop.domain.naming import printable
from ocr_desktop.gui.background.background_stream import BackgroundStream
from ocr_desktop.gui.messages.failure import Failure
from ocr_desktop.services.pasted_pictures import keep_pasted


class ClipboardImages(QObject):
    """Takes what is on the clipboard. Lives in the GUI thread; pictures are saved on another.

    Signals:
        pasted: A list of paths to open.
        said: A sentence for the status line.
        failed: A :class:`Failure`.
    """

    pasted = Signal(object)
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        """Begin with nothing pasted.

        Args:
            folder: Where pictures are kept; made when the first one comes.
            parent: Qt's parent.
        """
        super().__init__(parent)
        self._folder = folder
        self._streams: list[BackgroundStream] = []
        self._where_kept = ""

    @Slot()
    def paste(self) -> None:
        """Take the files and folders on the clipboard, else the picture, else say that there is none."""
        clipboard = QGuiApplication.clipboard()
        content = clipboard.mimeData()
        paths = [url.toLocalFile() for url in content.urls() if url.isLocalFile()]
        if paths:
            self.pasted.emit(paths)
            return
        picture = clipboard.image() if content.hasImage() else QImage()
        if picture.isNull():
            self.said.emit(self.tr("There is no picture and no file on the clipboard."))
        else:
            self._keep(picture)

    @Slot()
    def say_where_kept(self) -> None:
        """Say where a picture went; to be called once it is in the list, which has sentences of its own."""
        if self._where_kept:
            self.said.emit(self._where_kept)
            self._where_kept = ""

    def stop(self) -> None:
        """Wait until what was pasted is saved. Calling it twice does no harm."""
        for stream in self._streams:
            stream.stop()
        self._streams.clear()

    def _keep(self, picture: QImage) -> None:
        folder, now = self._folder, datetime.now().astimezone()
        stream = BackgroundStream("paste", lambda: _saved(picture, folder, now), self)
        stream.batch.connect(self._open)
        stream.ended.connect(lambda error: self._end(stream, error))
        self._streams.append(stream)
        self.said.emit(self.tr("Saving the picture off the clipboard …"))
        stream.start()

    @Slot(object)
    def _open(self, saved: list[Path]) -> None:
        (path,) = saved
        self._where_kept = self.tr(
            "The picture is kept as “{name}” in “{folder}” until you delete it there."
        ).format(name=path.name, folder=printable(str(path.parent)))
        self.pasted.emit([str(path)])

    def _end(self, stream: BackgroundStream, error: Exception | None) -> None:
        if stream in self._streams:
            self._streams.remove(stream)
        stream.deleteLater()
        if error is not None:
            self.said.emit("")
            self.failed.emit(Failure.of(error))


def _saved(picture: QImage, folder: Path, now: datetime) -> Iterator[Path]:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    # An image, other than a pixmap, may be used on any thread.
    if not picture.save(buffer, "PNG"):  # type: ignore[call-overload]
        raise OutputNotWritableError(
            "The picture on the clipboard could not be saved as PNG.",
            remedy="Save it to a file and open that.",
        )
    yield keep_pasted(folder, bytes(content.data()), now=now)
