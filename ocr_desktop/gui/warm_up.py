"""Imports, piece by piece while nothing else is going on, what the main window can be shown without."""

import gc
import importlib
from collections import deque

from PySide6.QtCore import QObject, QTimer, Slot

_PAUSE = 50
"""Milliseconds between two modules, in which the window answers."""
_MODULES = (
    "ocr_desktop.gui.check.check_dialog",
    "ocr_desktop.gui.viewer.page_pyramid",
    "ocr_desktop.gui.viewer.word_boxes",
    "ocr_desktop.gui.viewer.page_canvas",
    "ocr_desktop.gui.viewer.viewed_page",
    "ocr_desktop.gui.viewer.correction_editor",
    "ocr_desktop.gui.viewer.corrector",
    "ocr_desktop.gui.viewer.text_panel",
    "ocr_desktop.gui.viewer.viewer_window",
    "ocr_desktop.services.exporters.catalog",
    "ocr_desktop.gui.results.export_dialog",
    "ocr_desktop.gui.results.results_model",
    "ocr_desktop.gui.results.results_dialog",
    "ocr_desktop.gui.history.history_model",
    "ocr_desktop.gui.history.history_window",
    "ocr_desktop.gui.settings.settings_opener",
)
"""Parts before what is made of them, so that no step takes long."""


class WarmUp(QObject):
    """Makes the first opening of each window as quick as the second."""

    def __init__(self, parent: QObject) -> None:
        """Begin as soon as the event loop runs."""
        super().__init__(parent)
        self._left = deque(_MODULES)
        self._timer = QTimer(self, interval=_PAUSE)
        self._timer.timeout.connect(self._go_on)
        self._timer.start()

    @property
    def is_done(self) -> bool:
        """Whether everything has been imported."""
        return not self._left

    @Slot()
    def _go_on(self) -> None:
        importlib.import_module(self._left.popleft())
        if not self._left:
            self._timer.stop()
            gc.freeze()  # modules stay; the collector need not look at them again and again
