"""The window's entry point: makes the Qt application, shows the main window, runs until it is closed."""

import gc
import signal
import sys
from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from ocr_desktop import __version__
from ocr_desktop.bootstrap import Application
from ocr_desktop.gui.look.theme import use_system_colours
from ocr_desktop.gui.main_window import MainWindow
from ocr_desktop.gui.messages.problem_reporter import ProblemReporter
from ocr_desktop.gui.translation import install_translation
from ocr_desktop.gui.warm_up import WarmUp

_SIGNAL_CHECK = 250
"""Milliseconds between two chances for Python to notice Ctrl-C while Qt's event loop runs."""
_SWITCH_INTERVAL = 0.0001
"""Seconds."""
_COLLECTOR_THRESHOLDS = (20_000, 20, 50)
"""New objects before a pass over the youngest, such passes before one over the next generation, and so on."""


def run_window(application: Application, paths: Sequence[str]) -> int:
    """Show the window until it is closed, and return the exit code.

    Args:
        application: The core of the program.
        paths: Folders and files to open at once.
    """
    qt = make_qt_application()
    reporter = ProblemReporter(qt)
    reporter.install()
    window = MainWindow(application)
    previous = signal.signal(signal.SIGINT, lambda _number, _frame: window.quit_now())
    heartbeat = QTimer(interval=_SIGNAL_CHECK)
    heartbeat.timeout.connect(lambda: None)
    heartbeat.start()
    try:
        window.show()
        window.activateWindow()  # where no window manager does it, shortcuts would wait for a click
        WarmUp(window)
        if paths:
            window.open_paths(paths)
        return qt.exec()
    finally:
        heartbeat.stop()
        signal.signal(signal.SIGINT, previous)
        window.stop()
        reporter.uninstall()


def make_qt_application() -> QApplication:
    """Return the Qt application, named so that the desktop can tell it; there is only ever one."""
    # A background thread in Python code keeps the window waiting for up to this long whenever the window has
    # let go of the global lock, which each call into Qt does. The default of 5 ms is felt as stutter.
    sys.setswitchinterval(_SWITCH_INTERVAL)
    # A full pass of Python's collector over all modules took 63 ms here. What is there now stays anyway, so
    # it is taken out of its sight; and it looks at long-lived objects less often.
    gc.set_threshold(*_COLLECTOR_THRESHOLDS)
    gc.collect()
    gc.freeze()
    existing = QApplication.instance()
    qt = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    qt.setApplicationName("ocr-desktop")
    qt.setApplicationDisplayName("OCR Desktop")
    qt.setApplicationVersion(__version__)
    qt.setDesktopFileName("ocr-desktop")
    install_translation(qt)
    use_system_colours()
    return qt
