"""Opens every window of the program, in every main state; for tests of what must hold in all of them."""

from collections.abc import Callable
from pathlib import Path

import msgspec
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ocr_desktop.domain.options import RunOptions
from ocr_desktop.gui.history.forget_question import ForgetQuestion
from ocr_desktop.gui.main_window import MainWindow
from ocr_desktop.gui.results.export_dialog import ExportDialog
from ocr_desktop.gui.run.quit_question import QuitQuestion
from ocr_desktop.gui.run.run_controller import RunPhase
from ocr_desktop.gui.settings.settings_dialog import SettingsDialog
from ocr_desktop.services.engines.protocol import EngineSpec
from tests.fakes.engines import MISSING, NOOP, SLOW
from tests.gui.conftest import OpenWindow
from tests.gui.person import click

_PATIENCE = 20_000
"""Milliseconds."""


class Tour(msgspec.Struct):
    """What the windows are opened with."""

    qtbot: QtBot
    open_window: OpenWindow
    folder: Path
    """With images in it, and in a subfolder of it."""

    def main(self, engine: EngineSpec = NOOP) -> MainWindow:
        """Return the main window with the folder opened in it."""
        return self.open_window(engine, self.folder, options=RunOptions(retries=0))

    def started(self) -> MainWindow:
        """Return the main window with a run that is going on."""
        window = self.main(SLOW)
        click(window.panel.start_button)
        self.qtbot.waitUntil(lambda: window.run.phase is RunPhase.RUNNING, timeout=_PATIENCE)
        return window

    def finished(self) -> MainWindow:
        """Return the main window after a run."""
        window = self.main()
        with self.qtbot.waitSignal(window.run.finished, timeout=_PATIENCE):
            click(window.panel.start_button)
        return window

    def active(self, window: QWidget | None) -> QWidget:
        """Return a window once it is seen, and has the keys."""
        assert window is not None
        self.qtbot.waitExposed(window)
        window.activateWindow()
        self.qtbot.waitUntil(lambda: QApplication.activeWindow() is window, timeout=_PATIENCE)
        return window


def _empty(tour: Tour) -> QWidget:
    return tour.open_window()


def _loaded(tour: Tour) -> QWidget:
    return tour.main()


def _running(tour: Tour) -> QWidget:
    return tour.started()


def _paused(tour: Tour) -> QWidget:
    window = tour.started()
    click(window.panel.pause_button)
    tour.qtbot.waitUntil(lambda: window.run.phase is RunPhase.PAUSED, timeout=_PATIENCE)
    return window


def _finished(tour: Tour) -> QWidget:
    return tour.finished()


def _refused(tour: Tour) -> QWidget:
    window = tour.main(MISSING)
    with tour.qtbot.waitSignal(window.run.failed, timeout=_PATIENCE):
        click(window.panel.start_button)
    return window


def _results(tour: Tour) -> QWidget:
    window = tour.finished()
    click(window.panel.results_button)
    results = window.others.results
    assert results is not None
    tour.qtbot.waitUntil(lambda: results.model.total > 0, timeout=_PATIENCE)
    return results


def _forget(tour: Tour) -> QWidget:
    results = _results(tour)
    click(results.forget_button)  # type: ignore[attr-defined]
    question = results.findChild(ForgetQuestion)
    assert isinstance(question, ForgetQuestion)
    return question


def _export(tour: Tour) -> QWidget:
    results = _results(tour)
    click(results.export_button)  # type: ignore[attr-defined]
    dialog = results.findChild(ExportDialog)
    assert isinstance(dialog, ExportDialog)
    return dialog


def _viewer(tour: Tour) -> QWidget:
    window = tour.finished()
    window.others.show_image(0)
    return tour.active(window.others.viewer)


def _check(tour: Tour) -> QWidget:
    window = tour.finished()
    window.menus.check.trigger()
    check = window.others.check
    assert check is not None
    tour.qtbot.waitUntil(check.again_button.isVisible, timeout=_PATIENCE)
    return check


def _history(tour: Tour) -> QWidget:
    window = tour.finished()
    window.menus.history.trigger()
    return tour.active(window.others.history)


def _quit(tour: Tour) -> QWidget:
    window = tour.started()
    window.close()
    question = window.findChild(QuitQuestion)
    assert isinstance(question, QuitQuestion)
    return question


def _settings(page: int) -> Callable[[Tour], QWidget]:
    def open_(tour: Tour) -> QWidget:
        window = tour.main()
        click(window.panel.options_button)
        dialog = window.findChild(SettingsDialog)
        assert isinstance(dialog, SettingsDialog)
        languages = dialog.controls["languages"]
        tour.qtbot.waitUntil(lambda: languages.list.count() == 2, timeout=_PATIENCE)  # type: ignore[attr-defined]
        dialog.page_list.setCurrentRow(page)
        return dialog

    return open_


def _preset_name(tour: Tour) -> QWidget:
    dialog = _settings(0)(tour)
    dialog.presets.save_action.trigger()  # type: ignore[attr-defined]
    return dialog


EVERY_WINDOW: dict[str, Callable[[Tour], QWidget]] = {
    "empty": _empty,
    "loaded": _loaded,
    "running": _running,
    "paused": _paused,
    "finished": _finished,
    "refused": _refused,
    "results": _results,
    "forget question": _forget,
    "export": _export,
    "viewer": _viewer,
    "check": _check,
    "history": _history,
    "quit question": _quit,
    "settings of reading": _settings(0),
    "settings of results": _settings(1),
    "settings of work": _settings(2),
    "settings of the window": _settings(3),
    "name of a preset": _preset_name,
}
"""Name -> what opens it."""
