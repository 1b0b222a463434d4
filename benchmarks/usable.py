"""Starts the program as a person does, and says when its window has been painted and listens; then quits.

Prints the time (seconds since 1970). Run by ``benchmarks/gui.py``, which knows when it started this process.
"""

import sys
import time

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

from ocr_desktop.__main__ import main
from ocr_desktop.gui import app


class _Watch(QObject):
    """Waits for the first paint of the main window, and for the event loop to turn once after it."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint and isinstance(watched, QMainWindow):
            QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
            QTimer.singleShot(0, self._say)
        return False

    @staticmethod
    def _say() -> None:
        print(time.time(), flush=True)
        QTimer.singleShot(0, QApplication.closeAllWindows)


_make = app.make_qt_application


def _make_watched() -> QApplication:
    qt = _make()
    watch = _Watch(qt)
    qt.installEventFilter(watch)
    return qt


if __name__ == "__main__":
    app.make_qt_application = _make_watched
    sys.exit(main([]))
