"""Shows what a scan of the disk finds: in the list, in words, and in the empty window."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction

from ocr_desktop.domain.naming import printable
from ocr_desktop.gui.browser.empty_state import EmptyState
from ocr_desktop.gui.images.folder_scanner import FolderScanner
from ocr_desktop.gui.images.image_entry import ImageEntry
from ocr_desktop.gui.images.image_list_model import ImageListModel


class ScanDisplay(QObject):
    """Listens to the scanner. GUI thread only.

    Signals:
        status: A sentence for the status line.
    """

    status = Signal(str)

    def __init__(
        self, scanner: FolderScanner, model: ImageListModel, empty: EmptyState, parent: QObject | None = None
    ) -> None:
        """Begin to listen.

        Args:
            scanner: Looks for images.
            model: Takes them.
            empty: What is seen while there are none.
            parent: Qt's parent.
        """
        super().__init__(parent)
        self._scanner = scanner
        self._model = model
        self._empty = empty
        self._problems = 0
        self._last_problem = ""
        self.stop_scan = QAction(self.tr("&Stop looking for images"), self)
        self.stop_scan.setShortcut("Esc")
        self.stop_scan.setToolTip(self.tr("Keep what was found so far (Esc)"))
        self.stop_scan.setEnabled(False)
        self.stop_scan.triggered.connect(scanner.cancel)
        scanner.found.connect(self._add)
        scanner.problem.connect(self._note_problem)
        scanner.finished.connect(self._conclude)

    def begin(self) -> None:
        """Say that a scan begins."""
        self._problems = 0
        self.stop_scan.setEnabled(True)
        self._empty.say(self.tr("Looking for images …"))
        self.status.emit(self.tr("Looking for images …"))

    @Slot(object)
    def _add(self, images: list[ImageEntry]) -> None:
        self._model.add(images)
        self.status.emit(self.tr("Looking for images … {count} found").format(count=self._model.total))

    @Slot(str, str)
    def _note_problem(self, folder: str, reason: str) -> None:
        self._problems += 1
        self._last_problem = self.tr("“{folder}” could not be opened: {reason}.").format(
            folder=printable(folder), reason=reason
        )
        self.status.emit(self._last_problem)

    @Slot(int)
    def _conclude(self, found: int) -> None:
        self.stop_scan.setEnabled(False)
        if found == 0 and self._problems:
            self._empty.say(self._last_problem)
            self.status.emit(self._last_problem)
        elif found == 0:
            self._empty.say(self.tr("No images were found there. Drop another folder here, or open one."))
            self.status.emit(self.tr("No images were found."))
        elif self._problems:
            self.status.emit(self.tr("%n image(s) found; some folders could not be opened.", "", found))
        else:
            self.status.emit(self.tr("%n image(s) found.", "", found))
