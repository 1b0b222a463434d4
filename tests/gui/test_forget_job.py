"""Forgetting a job from its results: asked first, done in the background, said in the status line."""

from collections.abc import Callable
from pathlib import Path

import filelock
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ocr_desktop.domain.errors import JobNotFoundError
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.history.forget_question import ForgetQuestion
from ocr_desktop.gui.main_window import MainWindow
from ocr_desktop.gui.results.results_dialog import ResultsDialog
from tests.fakes.engines import NOOP
from tests.gui.conftest import OpenWindow
from tests.gui.person import click, press, press_button

MakeImages = Callable[..., list[Path]]


@pytest.fixture
def folder(make_images: MakeImages, tmp_path: Path) -> Path:
    make_images(tmp_path / "in", 3)
    return tmp_path / "in"


@pytest.fixture
def window(qtbot: QtBot, open_window: OpenWindow, folder: Path) -> MainWindow:
    """The window after a run of three images."""
    window = open_window(NOOP, folder)
    with qtbot.waitSignal(window.run.finished, timeout=20_000):
        click(window.panel.start_button)
    return window


def ask(qtbot: QtBot, window: MainWindow) -> tuple[ResultsDialog, ForgetQuestion]:
    """Open the results and press the button that asks."""
    click(window.panel.results_button)
    results = window.others.results
    assert results is not None
    qtbot.waitUntil(lambda: results.model.total == 3)
    click(results.forget_button)
    question = results.findChild(ForgetQuestion)
    assert isinstance(question, ForgetQuestion)
    return results, question


def test_the_results_stay_unless_asked_for(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    job_id = window.run.job_id
    assert job_id is not None
    _, question = ask(qtbot, window)
    assert "3 images" in question.text()
    assert not question.results_box.isChecked()
    with qtbot.waitSignal(window.others.forgotten, timeout=10_000):
        press_button(question, "Forget")
    assert window.others.results is None
    assert window.status.text() == "The job is forgotten; its results stay."
    with pytest.raises(JobNotFoundError):
        window.application.jobs.get(job_id)
    assert len(list(folder.glob("*_ocr_results.json"))) == 3
    assert window.browser.model.count_of(ItemState.COMPLETED) == 3
    assert not window.menus.results.isEnabled()
    assert not window.panel.results_button.isVisible()


def test_the_results_go_too_if_asked_for_but_no_image(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    _, question = ask(qtbot, window)
    press(question.results_box, Qt.Key.Key_Space)
    with qtbot.waitSignal(window.others.forgotten, timeout=10_000):
        press_button(question, "Forget")
    assert window.status.text() == "The job is forgotten, and 6 result files are deleted."
    assert sorted(path.name for path in folder.iterdir()) == [f"scan 000{number}.png" for number in range(3)]
    assert window.browser.model.count_of(None) == 3
    with qtbot.waitSignal(window.run.finished, timeout=20_000):
        click(window.panel.start_button)
    assert window.browser.model.count_of(ItemState.COMPLETED) == 3


def test_a_result_that_was_changed_stays_and_is_named(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    (folder / "scan 0001_ocr_results.txt").write_text("my own words", encoding="utf-8")
    _, question = ask(qtbot, window)
    press(question.results_box, Qt.Key.Key_Space)
    with qtbot.waitSignal(window.others.forgotten, timeout=10_000):
        press_button(question, "Forget")
    assert "5 result files are deleted. 1 result file stays." in window.status.text()
    assert "scan 0001_ocr_results.txt" in window.status.text()
    assert (folder / "scan 0001_ocr_results.txt").read_text(encoding="utf-8") == "my own words"


def test_saying_no_changes_nothing(qtbot: QtBot, window: MainWindow) -> None:
    results, question = ask(qtbot, window)
    press(question, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: results.findChild(ForgetQuestion) is None)
    assert results.isVisible()
    assert window.run.job_id is not None
    assert window.application.jobs.get(window.run.job_id).stats.total == 3


def test_a_job_that_cannot_be_forgotten_says_why(qtbot: QtBot, window: MainWindow) -> None:
    job_id = window.run.job_id
    (lock,) = [path for path in window.application.folders.home.rglob("*.lock") if str(job_id) in path.name]
    results, question = ask(qtbot, window)
    with filelock.FileLock(lock):  # as another program that runs the job
        press_button(question, "Forget")
        qtbot.waitUntil(results.banner.isVisible)
    assert "is running" in results.banner.text
    assert results.forget_button.isEnabled()
    assert results.isVisible()
