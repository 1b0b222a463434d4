"""Exceptions that nobody caught, and messages of Qt itself: into the log, and a word to the user."""

import logging
import sys
import threading
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QtMsgType, Signal, Slot, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from ocr_desktop.gui.messages.failure import Failure

_log = logging.getLogger(__name__)
_qt_log = logging.getLogger("qt")

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class ProblemReporter(QObject):
    """Shows one dialog for an exception that nobody caught, on whichever thread. Lives in the GUI thread."""

    _reported = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        """Make a reporter; :meth:`install` puts it to work."""
        super().__init__(parent)
        self._box: QMessageBox | None = None
        self._reported.connect(self._show)  # queued where the exception was on another thread

    def install(self) -> None:
        """Take over Python's hooks and Qt's messages; :meth:`uninstall` gives them back."""
        sys.excepthook = self._handle
        threading.excepthook = self._handle_in_thread
        qInstallMessageHandler(_log_qt_message)

    @staticmethod
    def uninstall() -> None:
        """Give the hooks back."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        qInstallMessageHandler(None)

    @property
    def dialog(self) -> QMessageBox | None:
        """The dialog that is open; None if there is none."""
        return self._box

    def report(self, error: BaseException) -> None:
        """Log an exception and show it. Any thread."""
        _log.error("An exception that nobody caught", exc_info=error)
        self._reported.emit(Failure.of(error))

    def _handle(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        self.report(error.with_traceback(trace))

    def _handle_in_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self.report(arguments.exc_value)

    @Slot(object)
    def _show(self, failure: Failure) -> None:
        if self._box is not None:  # one at a time: whatever comes next is in the log
            return
        box = QMessageBox(
            QMessageBox.Icon.Warning,
            self.tr("OCR Desktop"),
            failure.message,
            QMessageBox.StandardButton.Close,
            QApplication.activeWindow(),
        )
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText(failure.remedy)
        copy = box.addButton(self.tr("Copy &details"), QMessageBox.ButtonRole.ActionRole)
        # Reconnected, so that copying does not close the dialog.
        copy.clicked.disconnect()
        copy.clicked.connect(
            lambda: QGuiApplication.clipboard().setText(f"{failure.text}\n\n{failure.details}")
        )
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.finished.connect(self._forget)
        self._box = box
        box.open()

    @Slot()
    def _forget(self) -> None:
        self._box = None


def _log_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    _qt_log.log(_LEVELS.get(kind, logging.WARNING), "%s: %s", context.category or "qt", message)
