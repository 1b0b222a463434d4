"""Asks for a folder or for images to open, in the platform's own dialog."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from ocr_desktop.services.discovery import IMAGE_EXTENSIONS


class FileChoice(QObject):
    """Asks, and says what was chosen. GUI thread only.

    Signals:
        chosen: A list of paths.
    """

    chosen = Signal(object)

    def __init__(self, recent_folders: Callable[[], Sequence[str]], window: QWidget) -> None:
        """Begin with nothing asked.

        Args:
            recent_folders: The first of them is where a folder is looked for.
            window: Over which the dialogs open.
        """
        super().__init__(window)
        self._recent_folders = recent_folders
        self._window = window

    @Slot()
    def choose_folder(self) -> None:
        """Ask for a folder."""
        recent = self._recent_folders()
        start = recent[0] if recent else ""
        title = self.tr("Open a folder with images")
        folder = QFileDialog.getExistingDirectory(self._window, title, start)
        if folder:
            self.chosen.emit([folder])

    @Slot()
    def choose_files(self) -> None:
        """Ask for images."""
        patterns = " ".join(f"*{extension}" for extension in sorted(IMAGE_EXTENSIONS))
        files, _ = QFileDialog.getOpenFileNames(
            self._window,
            self.tr("Open images"),
            "",
            ";;".join((self.tr("Images ({patterns})").format(patterns=patterns), self.tr("All files (*)"))),
        )
        if files:
            self.chosen.emit(files)
