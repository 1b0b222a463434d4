"""A run outside the window: title with percentage, task bar, notifications, sleep."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from ocr_desktop.bootstrap import Application
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.gui import main_window
from ocr_desktop.gui.desktop.services import Desktop, Mood
from ocr_desktop.gui.main_window import MainWindow
from ocr_desktop.gui.run import run_attention
from ocr_desktop.gui.run.run_controller import RunPhase
from ocr_desktop.gui.settings.window_settings import WindowSettings, WindowSettingsFile
from tests.fakes.engines import BREAKABLE, BROKEN_VARIABLE, MISSING, NOOP, SLOW
from tests.gui.conftest import OpenWindow
from tests.gui.person import click

MakeImages = Callable[..., list[Path]]


class RecordingDesktop:
    """All services of a desktop, writing down what they are asked for."""

    def __init__(self) -> None:
        self.shares: list[tuple[int, int, Mood]] = []
        self.notices: list[tuple[str, str]] = []
        self.is_shown = False
        self.is_awake = False
        self.is_stopped = False

    def show(self, done: int, total: int, mood: Mood) -> None:
        self.shares.append((done, total, mood))
        self.is_shown = True

    def clear(self) -> None:
        self.is_shown = False

    def notify(self, title: str, text: str) -> None:
        self.notices.append((title, text))

    def hold(self, reason: str) -> None:
        assert reason
        self.is_awake = True

    def release(self) -> None:
        self.is_awake = False

    def stop(self) -> None:
        self.is_stopped = True


@pytest.fixture
def desktop(monkeypatch: pytest.MonkeyPatch) -> RecordingDesktop:
    desktop = RecordingDesktop()
    found = Desktop(desktop, desktop, desktop, (desktop,))
    monkeypatch.setattr(main_window, "find_desktop", lambda _window: found)
    return desktop


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody looks at another program."""

    class Application(QGuiApplication):
        @staticmethod
        def applicationState() -> Qt.ApplicationState:  # noqa: N802 - Qt's name
            return Qt.ApplicationState.ApplicationInactive

    monkeypatch.setattr(run_attention, "QGuiApplication", Application)


def run_to_the_end(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.run.finished, timeout=20_000):
        click(window.panel.start_button)


def test_title_and_task_bar_follow_the_run_and_sleep_is_held_off(
    qtbot: QtBot,
    open_window: OpenWindow,
    desktop: RecordingDesktop,
    make_images: MakeImages,
    tmp_path: Path,
) -> None:
    make_images(tmp_path / "in", 12)
    window = open_window(SLOW, tmp_path / "in")
    assert window.windowTitle() == "OCR Desktop"
    click(window.panel.start_button)
    assert window.windowTitle() == "0 % · OCR Desktop"
    assert (desktop.is_shown, desktop.is_awake) == (True, True)
    qtbot.waitUntil(lambda: window.run.progress.stats.done > 0)
    click(window.panel.pause_button)
    assert "Paused at" in window.windowTitle()
    assert desktop.shares[-1][2] is Mood.PAUSED
    qtbot.waitUntil(lambda: window.run.phase is RunPhase.PAUSED)
    assert (desktop.is_shown, desktop.is_awake) == (True, False)  # a person who pauses may go home
    with qtbot.waitSignal(window.run.finished, timeout=20_000):
        click(window.panel.resume_button)
        assert (desktop.is_shown, desktop.is_awake) == (True, True)
    assert (desktop.is_shown, desktop.is_awake) == (False, False)
    assert window.windowTitle() == "OCR Desktop"
    assert all(total == 12 for _, total, _ in desktop.shares)


@pytest.mark.usefixtures("elsewhere")
def test_who_looks_elsewhere_is_told_of_the_end_once(
    qtbot: QtBot,
    open_window: OpenWindow,
    desktop: RecordingDesktop,
    make_images: MakeImages,
    tmp_path: Path,
) -> None:
    make_images(tmp_path / "in", 2)
    window = open_window(NOOP, tmp_path / "in")
    run_to_the_end(qtbot, window)
    assert desktop.notices == [
        ("The run has finished", "2 of 2 images were read, 0 skipped, 0 failed."),
    ]


def test_who_looks_at_the_window_is_not_told(
    qtbot: QtBot,
    open_window: OpenWindow,
    desktop: RecordingDesktop,
    make_images: MakeImages,
    tmp_path: Path,
) -> None:
    make_images(tmp_path / "in", 2)
    window = open_window(NOOP, tmp_path / "in")
    qtbot.waitUntil(window.isActiveWindow)
    run_to_the_end(qtbot, window)
    assert desktop.notices == []


@pytest.fixture
def no_notices(make_application: Callable[..., Application]) -> None:
    """Settings that forbid notifications."""
    WindowSettingsFile(make_application().folders).save(WindowSettings(notify=False))


@pytest.mark.usefixtures("elsewhere", "no_notices")
def test_the_settings_can_forbid_notifications(
    qtbot: QtBot,
    open_window: OpenWindow,
    desktop: RecordingDesktop,
    make_images: MakeImages,
    tmp_path: Path,
) -> None:
    make_images(tmp_path / "in", 2)
    window = open_window(NOOP, tmp_path / "in")
    run_to_the_end(qtbot, window)
    assert desktop.notices == []


@pytest.mark.usefixtures("elsewhere")
def test_a_run_that_is_cancelled_tells_nobody(
    qtbot: QtBot,
    open_window: OpenWindow,
    desktop: RecordingDesktop,
    make_images: MakeImages,
    tmp_path: Path,
) -> None:
    make_images(tmp_path / "in", 12)
    window = open_window(SLOW, tmp_path / "in")
    click(window.panel.start_button)
    qtbot.waitUntil(lambda: window.run.phase is RunPhase.RUNNING)
    with qtbot.waitSignal(window.run.finished, timeout=20_000):
        click(window.panel.cancel_button)
    assert desktop.notices == []


@pytest.mark.usefixtures("elsewhere")
def test_only_the_end_of_the_last_run_of_the_queue_is_told(
    qtbot: QtBot,
    open_window: OpenWindow,
    desktop: RecordingDesktop,
    make_images: MakeImages,
    tmp_path: Path,
) -> None:
    make_images(tmp_path / "a", 6)
    make_images(tmp_path / "b", 2)
    window = open_window(SLOW, tmp_path / "a")
    click(window.panel.start_button)
    with qtbot.waitSignal(window.browser.scanner.finished, timeout=10_000):
        window.open_paths([str(tmp_path / "b")])
    qtbot.waitUntil(window.panel.add_button.isVisible)
    click(window.panel.add_button)
    qtbot.waitUntil(lambda: len(desktop.notices) > 0, timeout=20_000)
    assert desktop.notices[0][1].startswith("2 of 2 images")


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The breakable engine reads nothing."""
    (tmp_path / "broken").touch()
    monkeypatch.setenv(BROKEN_VARIABLE, str(tmp_path / "broken"))


@pytest.mark.usefixtures("elsewhere", "broken")
def test_trouble_and_failure_are_told_too(
    qtbot: QtBot,
    open_window: OpenWindow,
    desktop: RecordingDesktop,
    make_images: MakeImages,
    tmp_path: Path,
) -> None:
    make_images(tmp_path / "in", 14)
    window = open_window(BREAKABLE, tmp_path / "in", options=RunOptions(retries=0, jobs=1))
    with qtbot.waitSignal(window.run.halted, timeout=20_000):
        click(window.panel.start_button)
    assert desktop.notices[0][0] == "The run has paused"
    assert desktop.shares[-1][2] is Mood.TROUBLE
    window.quit_now()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=10_000)
    assert desktop.is_stopped
    other = open_window(MISSING, tmp_path / "in")
    desktop.notices.clear()
    with qtbot.waitSignal(other.run.failed, timeout=20_000):
        click(other.panel.start_button)
    assert desktop.notices[0][0] == "The run did not take place"
