"""A run that pauses by itself: said in a banner, resumed there, said again where it was left; and notices."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ocr_desktop.bootstrap import Application
from ocr_desktop.domain.items import FoundImage
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import ItemState, JobState
from ocr_desktop.gui.main_window import MainWindow
from ocr_desktop.gui.run.run_controller import RunPhase
from tests.fakes.engines import BREAKABLE, BROKEN_VARIABLE, NOOP, SLOW
from tests.gui.conftest import OpenWindow
from tests.gui.person import click, press

MakeImages = Callable[..., list[Path]]
MakeApplication = Callable[..., Application]
OPTIONS = RunOptions(retries=0, jobs=1)


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that keeps the breakable engine from reading, for as long as it is there."""
    path = tmp_path / "broken"
    path.touch()
    monkeypatch.setenv(BROKEN_VARIABLE, str(path))
    return path


@pytest.fixture
def halted(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path, broken: Path
) -> MainWindow:
    """The window with a run of 14 images that has paused by itself."""
    assert broken.exists()
    make_images(tmp_path / "in", 14)
    window = open_window(BREAKABLE, tmp_path / "in", options=OPTIONS)
    with qtbot.waitSignal(window.run.halted, timeout=20_000):
        click(window.panel.start_button)
    qtbot.waitUntil(lambda: window.run.phase is RunPhase.PAUSED)
    return window


def test_a_run_that_pauses_by_itself_says_why_and_how_far_it_came(halted: MainWindow) -> None:
    banner = halted.messages.trouble
    assert banner.isVisible()
    assert banner.text.startswith("Paused after 0 of 14 images. 10 images in a row could not be read.")
    assert "The engine is broken." in banner.text
    assert banner.accessibleName() == banner.text
    assert "paused by itself" in banner.accessibleDescription()
    assert halted.panel.headline.text() == "Paused because of a problem"
    assert halted.panel.resume_button.isVisible()
    assert banner.resume_button.isEnabled()


def test_resume_in_the_banner_goes_on_and_takes_it_away(
    qtbot: QtBot, halted: MainWindow, broken: Path
) -> None:
    broken.unlink()
    with qtbot.waitSignal(halted.run.finished, timeout=20_000):
        click(halted.messages.trouble.resume_button)
        assert not halted.messages.trouble.isVisible()
        assert halted.run.phase is RunPhase.RUNNING
    assert halted.browser.model.count_of(ItemState.COMPLETED) == 14
    assert not halted.messages.trouble.isVisible()


def test_it_says_so_again_while_the_trouble_lasts(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path, broken: Path
) -> None:
    assert broken.exists()
    make_images(tmp_path / "in", 101)  # after a resume the engine gets ten times as many chances
    window = open_window(BREAKABLE, tmp_path / "in", options=OPTIONS)
    with qtbot.waitSignal(window.run.halted, timeout=20_000):
        click(window.panel.start_button)
    qtbot.waitUntil(lambda: window.run.phase is RunPhase.PAUSED)
    with qtbot.waitSignal(window.run.halted, timeout=20_000):
        press(window, Qt.Key.Key_F6)
        assert not window.messages.trouble.isVisible()
    qtbot.waitUntil(lambda: window.run.phase is RunPhase.PAUSED)
    assert "100 images in a row" in window.messages.trouble.text
    assert window.messages.trouble.isVisible()


def test_a_message_that_was_closed_stays_closed_and_the_run_paused(halted: MainWindow, broken: Path) -> None:
    click(halted.messages.trouble.close_button)
    assert not halted.messages.trouble.isVisible()
    assert halted.run.phase is RunPhase.PAUSED
    assert halted.panel.resume_button.isVisible()


def test_cancelling_a_halted_run_takes_the_message_away(qtbot: QtBot, halted: MainWindow) -> None:
    with qtbot.waitSignal(halted.run.finished, timeout=20_000):
        click(halted.panel.cancel_button)
    assert not halted.messages.trouble.isVisible()
    assert "Cancelled" in halted.panel.headline.text()


def test_a_pause_that_somebody_asked_for_is_no_trouble(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 12)
    window = open_window(SLOW, tmp_path / "in")
    click(window.panel.start_button)
    qtbot.waitUntil(lambda: window.run.phase is RunPhase.RUNNING)
    click(window.panel.pause_button)
    qtbot.waitUntil(lambda: window.run.phase is RunPhase.PAUSED)
    assert not window.messages.trouble.isVisible()
    assert window.panel.headline.text() == "Paused"


def test_quitting_in_trouble_and_coming_back_says_why_it_had_stopped(
    qtbot: QtBot, halted: MainWindow, open_window: OpenWindow, broken: Path
) -> None:
    halted.quit_now()
    qtbot.waitUntil(lambda: not halted.isVisible(), timeout=10_000)
    job_id = halted.run.job_id
    assert job_id is not None
    assert halted.application.jobs.get(job_id).state is JobState.INTERRUPTED
    halted.application.close()
    broken.unlink()
    window = open_window(BREAKABLE)
    qtbot.waitUntil(window.messages.offer.isVisible)
    assert window.messages.offer.text.startswith(
        "The last run was interrupted after 0 of 14 images. It had paused by itself: 10 images in a row"
    )
    with qtbot.waitSignal(window.run.finished, timeout=20_000):
        click(window.messages.offer.resume_button)
    assert window.browser.model.count_of(ItemState.COMPLETED) == 14
    assert not window.messages.trouble.isVisible()


def shared_names(make_images: MakeImages, folder: Path, *, copies: bool = False) -> None:
    """Two images of one name and two kinds, which is noticed before the start; maybe a copy too."""
    first, second = make_images(folder, 2)
    second.rename(folder / "scan 0000.jpg")
    if copies:
        (folder / "copy.png").write_bytes(first.read_bytes())


def test_a_notice_before_the_start_is_a_line_above_the_images(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    shared_names(make_images, tmp_path / "in")
    window = open_window(NOOP, tmp_path / "in")
    with qtbot.waitSignal(window.run.finished, timeout=20_000):
        click(window.panel.start_button)
    notices = window.messages.notices
    assert notices.isVisible()
    assert "share" in notices.text
    assert "scan 0000" in notices.text
    assert not notices.more_button.isVisible()
    click(notices.close_button)
    assert not notices.isVisible()


def test_several_notices_open_as_a_list_and_go_with_the_next_start(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    shared_names(make_images, tmp_path / "in", copies=True)
    window = open_window(NOOP, tmp_path / "in")
    with qtbot.waitSignal(window.run.finished, timeout=20_000):
        click(window.panel.start_button)
    notices = window.messages.notices
    assert notices.more_button.text() == "Show &all (2)"
    assert not notices.list.isVisible()
    click(notices.more_button)
    assert notices.list.isVisible()
    assert notices.text == "2 notices before the start:"
    assert notices.list.height() < window.height() // 2
    click(notices.more_button)
    assert not notices.list.isVisible()
    assert "share" in notices.text
    (tmp_path / "in" / "copy.png").unlink()
    (tmp_path / "in" / "scan 0000.jpg").unlink()
    window.menus.clear.trigger()
    with qtbot.waitSignal(window.browser.scanner.finished, timeout=10_000):
        window.open_paths([str(tmp_path / "in")])
    with qtbot.waitSignal(window.run.finished, timeout=20_000):
        click(window.panel.start_button)
    assert not notices.isVisible()


def test_notices_are_kept_with_the_job_and_shown_when_it_is_resumed(
    qtbot: QtBot,
    open_window: OpenWindow,
    make_application: MakeApplication,
    make_images: MakeImages,
    tmp_path: Path,
) -> None:
    shared_names(make_images, tmp_path / "in")
    application = make_application()
    images = [FoundImage(str(path), str(path.parent)) for path in sorted((tmp_path / "in").iterdir())]
    job = application.jobs.create(images, RunOptions())
    assert job.notices
    application.store.set_job_state(job.id, JobState.PROCESSING)
    application.close()
    window = open_window()
    qtbot.waitUntil(window.messages.offer.isVisible)
    with qtbot.waitSignal(window.run.finished, timeout=20_000):
        click(window.messages.offer.resume_button)
    assert window.messages.notices.text == job.notices[0]
