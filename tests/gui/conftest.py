"""What the tests of the window share: a core with fake engines, a window that is always closed, images."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ocr_desktop.bootstrap import Application, build_application
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.gui.app import make_qt_application
from ocr_desktop.gui.main_window import MainWindow
from ocr_desktop.gui.settings.window_settings import WindowSettings, WindowSettingsFile
from ocr_desktop.services.engines.protocol import EngineSpec
from tests.fakes.engines import NOOP

OpenWindow = Callable[..., MainWindow]


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The program's own way of making the Qt application."""
    return make_qt_application()


@pytest.fixture(autouse=True)
def cleared_screen(qapp: QApplication) -> Iterator[None]:
    """Leave no menu and no window of a test to the next one: keys and clicks would go there."""
    yield
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.processEvents()


@pytest.fixture
def make_application(tmp_path: Path) -> Callable[..., Application]:
    """Return a function that builds the core around one fake engine, reading images one by one."""

    def make(engine: EngineSpec = NOOP, *, serial: bool = True) -> Application:
        return build_application(engines=[engine], serial=serial, home=tmp_path / "home")

    return make


@pytest.fixture
def open_window(qtbot: QtBot, make_application: Callable[..., Application]) -> Iterator[OpenWindow]:
    """Return a function that shows the real window, and closes it after the test.

    ``open_window(engine, *paths)``: the paths are opened, and the window is given back once they are listed.
    """
    windows: list[MainWindow] = []

    def open_(
        engine: EngineSpec = NOOP,
        *paths: Path,
        serial: bool = True,
        options: RunOptions | None = None,
    ) -> MainWindow:
        application = make_application(engine, serial=serial)
        if options is not None:
            WindowSettingsFile(application.folders).save(WindowSettings(options=options))
        window = MainWindow(application)
        windows.append(window)
        window.resize(900, 700)
        window.show()
        qtbot.waitExposed(window)
        if paths:
            with qtbot.waitSignal(window.browser.scanner.finished, timeout=10_000):
                window.open_paths([str(path) for path in paths])
        return window

    yield open_
    for window in windows:
        window.quit_now()
    qtbot.waitUntil(lambda: not any(window.isVisible() for window in windows), timeout=20_000)
    for window in windows:
        window.deleteLater()
