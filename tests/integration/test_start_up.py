"""Starting is quick because little is imported; what is not needed yet comes later."""

import subprocess
import sys

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from ocr_desktop import __version__
from ocr_desktop.gui.warm_up import WarmUp


def imported_after(code: str) -> tuple[set[str], str]:
    """Run some code in a process of its own; return the modules that it has imported, and what it said."""
    program = f"import sys\n{code}\nprint('modules:', *sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    said, _, modules = done.stdout.partition("modules: ")
    return set(modules.split()), said


@pytest.mark.parametrize("arguments", [["--version"], ["--help"]])
def test_the_version_needs_nothing_heavy(arguments: list[str]) -> None:
    modules, said = imported_after(f"from ocr_desktop.__main__ import main\nassert main({arguments}) == 0")
    heavy = {"PySide6", "PIL", "sqlite3", "psutil", "multiprocessing", "tesserocr", "pytesseract"}
    assert not heavy & modules
    if arguments == ["--version"]:
        assert said.strip() == f"ocr-desktop {__version__}"
        assert not {"platformdirs", "rich", "ocr_desktop.services.logs"} & modules
    else:
        assert "Show engines" in said


def test_the_main_window_does_not_wait_for_the_others() -> None:
    modules, _ = imported_after("import ocr_desktop.gui.main_window")
    later = {
        "viewer.viewer_window",
        "results.results_dialog",
        "results.export_dialog",
        "history.history_window",
        "check.check_dialog",
    }
    assert not {f"ocr_desktop.gui.{name}" for name in later} & modules
    assert "ocr_desktop.services.exporters.pdf_export" not in modules
    assert "PySide6.QtOpenGL" not in modules  # nor all the rest of Qt


def test_the_other_windows_are_imported_soon_after(qtbot: QtBot) -> None:
    owner = QObject()
    warm_up = WarmUp(owner)
    qtbot.waitUntil(lambda: warm_up.is_done, timeout=20_000)
    assert "ocr_desktop.gui.viewer.viewer_window" in sys.modules
    owner.deleteLater()
