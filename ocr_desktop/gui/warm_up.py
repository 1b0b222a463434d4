"""Gets ready, piece by piece while nothing else is going on, what the main window can be shown without."""

import gc
import importlib
from collections import deque
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QColor, QImage, QPainter

_PAUSE = 50
"""Milliseconds between two steps, in which the window answers."""
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
        imports = (partial(importlib.import_module, name) for name in _MODULES)
        self._left: deque[Callable[[], object]] = deque([_fill_once, *imports])
        self._timer = QTimer(self, interval=_PAUSE)
        self._timer.timeout.connect(self._go_on)
        self._timer.start()

    @property
    def is_done(self) -> bool:
        """Whether everything is ready."""
        return not self._left

    @Slot()
    def _go_on(self) -> None:
        step = self._left.popleft()
        step()
        if not self._left:
            self._timer.stop()
            gc.freeze()  # modules stay; the collector need not look at them again and again


def _fill_once() -> None:
    """Fill a rectangle: for the first one, the Qt binding makes enumerations, which takes some 30 ms."""
    image = QImage(1, 1, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.fillRect(image.rect(), QColor())
    painter.end()
