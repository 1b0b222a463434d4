"""Failure, said well: what happened, to what, what to do, and the button that does it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from ocr_desktop.domain.errors import LanguageMissingError, OutputNotWritableError, WorkersBrokenError
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.messages.failure import Cure, Failure
from ocr_desktop.gui.messages.failure_banner import FailureBanner
from ocr_desktop.gui.run.run_controller import RunPhase
from tests.fakes.disks import fill, small_disk
from tests.fakes.engines import NOOP
from tests.gui.conftest import OpenWindow
from tests.gui.person import click

MakeImages = Callable[..., list[Path]]


def test_a_missing_language_says_how_to_get_it_and_opens_the_options(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 2)
    window = open_window(NOOP, tmp_path / "in", options=RunOptions(languages=("fra",)))
    with qtbot.waitSignal(window.run.failed, timeout=20_000):
        click(window.panel.start_button)
    banner = window.messages.failure
    assert banner.isVisible()
    assert "no data for" in banner.text
    assert banner.text.endswith("Or choose another language or engine in the settings.")
    assert banner.options_button.isVisible()
    assert window.browser.model.count_of(None) == 2
    click(banner.options_button)
    qtbot.waitUntil(lambda: any(dialog.isVisible() for dialog in window.findChildren(QDialog)))


def test_copy_details_has_the_traceback_that_the_message_has_not(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 2)
    window = open_window(NOOP, tmp_path / "in", options=RunOptions(languages=("fra",)))
    with qtbot.waitSignal(window.run.failed, timeout=20_000):
        click(window.panel.start_button)
    banner = window.messages.failure
    assert "Traceback" not in banner.text
    click(banner.copy_button)
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith(banner.text)
    assert "Traceback" in copied


def test_what_is_meant_for_the_terminal_is_left_out() -> None:
    error = OutputNotWritableError("It cannot be.", remedy="Choose another folder (--output-dir), or none.")
    failure = Failure.of(error)
    assert failure.text == "It cannot be. Choose another folder, or none."
    assert failure.cure is Cure.OPTIONS
    assert Failure.of(LanguageMissingError("None.")).text.startswith("None. Or choose")


def test_the_options_are_offered_only_where_they_help(qtbot: QtBot) -> None:
    banner = FailureBanner()
    qtbot.addWidget(banner)
    banner.show_failure(Failure.of(WorkersBrokenError("No worker starts.")))
    assert not banner.options_button.isVisible()
    banner.show_failure(Failure.of(ZeroDivisionError()))
    assert banner.text.startswith("Something went wrong inside the program.")
    assert not banner.options_button.isVisible()
    banner.show_failure(Failure.of(OutputNotWritableError("No.")))
    assert banner.options_button.isVisible()


def test_a_full_disk_pauses_the_run_and_resume_goes_on_when_there_is_space(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 6)
    with small_disk(tmp_path / "disk", 512) as disk:
        out = disk / "out"
        out.mkdir()
        filler = fill(disk, leave=24)
        options = RunOptions(output_dir=str(out), retries=0, jobs=1)
        window = open_window(NOOP, tmp_path / "in", options=options)
        with qtbot.waitSignal(window.run.halted, timeout=20_000):
            click(window.panel.start_button)
        qtbot.waitUntil(lambda: window.run.phase is RunPhase.PAUSED)
        banner = window.messages.trouble
        done = window.run.progress.stats.completed
        assert banner.text.startswith(f"Paused after {done} of 6 images. The disk is full:")
        assert "Free some space, then resume" in banner.text
        assert window.browser.model.count_of(ItemState.FAILED) == 0
        click(banner.copy_button)
        assert "disk-full" in QGuiApplication.clipboard().text()
        filler.unlink()
        with qtbot.waitSignal(window.run.finished, timeout=20_000):
            click(banner.resume_button)
        assert window.browser.model.count_of(ItemState.COMPLETED) == 6
        assert not banner.isVisible()
