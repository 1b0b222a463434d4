"""The check of results as a person does it: from the keys to the images that are read again."""

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import ItemState
from ocr_desktop.domain.verification import Finding, FindingKind
from ocr_desktop.gui.check import check_runner
from ocr_desktop.gui.check.check_dialog import CheckDialog
from ocr_desktop.gui.check.check_runner import CheckRequest, CheckRunner
from ocr_desktop.gui.check.findings_model import FindingColumn
from ocr_desktop.gui.main_window import MainWindow
from tests.fakes.engines import NOOP, SLOW
from tests.gui.conftest import OpenWindow
from tests.gui.person import click, press

MakeImages = Callable[..., list[Path]]
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def read_all(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.run.finished, timeout=20_000):
        click(window.panel.start_button)


def check(qtbot: QtBot, window: MainWindow) -> CheckDialog:
    """Press the keys for the check, and wait for its end."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    press(window, Qt.Key.Key_R, CTRL | SHIFT)
    dialog = window.others.check
    assert dialog is not None
    qtbot.waitUntil(dialog.again_button.isVisible, timeout=20_000)
    return dialog


def damage(folder: Path) -> None:
    """Of six images that were read: spoil all but the first, and leave something behind."""
    (folder / "scan 0001_ocr_results.json").unlink()
    (folder / "scan 0001_ocr_results.txt").unlink()
    cut = folder / "scan 0002_ocr_results.json"
    cut.write_bytes(cut.read_bytes()[:200])
    Image.new("L", (300, 20), 255).save(folder / "scan 0003.png")
    (folder / "scan 0004.png").unlink()
    (folder / "scan 0005_ocr_results.txt").write_text("cut off", encoding="utf-8")
    (folder / ".ocr-desktop-left.tmp").touch()


def shown(dialog: CheckDialog) -> dict[str, str]:
    """Files and kinds, as they are read in the table."""
    model = dialog.model
    return {
        model.index(row, FindingColumn.FILE).data(): model.index(row, FindingColumn.KIND).data()
        for row in range(model.rowCount())
    }


def test_nothing_can_be_checked_in_an_empty_window(open_window: OpenWindow) -> None:
    window = open_window()
    assert not window.menus.check.isEnabled()
    press(window, Qt.Key.Key_R, CTRL | SHIFT)
    assert window.others.check is None


def test_results_that_are_all_sound_are_called_so(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 3)
    window = open_window(NOOP, tmp_path / "in")
    read_all(qtbot, window)
    dialog = check(qtbot, window)
    assert not dialog.isModal()
    assert dialog.headline.text() == "All 3 results are sound."
    assert not dialog.table.isVisible()
    assert not dialog.tick_button.isEnabled()
    click(dialog.only_problems)
    assert dialog.table.isVisible()
    assert shown(dialog) == {f"scan 000{number}.png": "Sound" for number in range(3)}


def test_what_is_wrong_is_listed_copied_and_read_again(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    make_images(folder, 6)
    window = open_window(NOOP, folder)
    read_all(qtbot, window)
    damage(folder)
    dialog = check(qtbot, window)
    assert {name: kind for name, kind in shown(dialog).items() if name.endswith(".png")} == {
        "scan 0001.png": "Missing",
        "scan 0002.png": "Damaged",
        "scan 0003.png": "Out of date",
        "scan 0005.png": "Damaged",
    }
    assert "Orphaned" in shown(dialog).values()
    assert dialog.counts.words[:4] == ["1 sound", "1 missing", "2 damaged", "1 out of date"]
    assert "need a look" in dialog.headline.text()
    press(dialog.table, Qt.Key.Key_Home, CTRL)
    assert "scan 0001.png" in dialog.detail.text()
    press(dialog.table, Qt.Key.Key_C, CTRL)
    copied = QGuiApplication.clipboard().text()
    assert f"Missing\t{folder / 'scan 0001.png'}\t" in copied
    assert "Sound" not in copied
    assert "(4)" in dialog.tick_button.text()
    click(dialog.tick_button)
    assert window.browser.model.ticked_ids() == [1, 2, 3, 5]
    assert window.status.text() == "4 images are ticked to be read again."
    read_all(qtbot, window)
    assert window.others.check is None  # its findings are of before
    model = window.browser.model
    assert [model.state(image_id) for image_id in (1, 2, 3, 5)] == [ItemState.COMPLETED] * 4
    again = check(qtbot, window)
    assert set(shown(again).values()).isdisjoint({"Missing", "Damaged", "Out of date"})


def test_with_other_images_ticked_too_those_are_skipped(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    make_images(folder, 3)
    window = open_window(NOOP, folder)
    read_all(qtbot, window)
    for path in folder.glob("scan 0001_ocr_results.*"):
        path.unlink()
    click(check(qtbot, window).tick_button)
    window.browser.model.set_ticked([0], ticked=True)
    read_all(qtbot, window)
    model = window.browser.model
    assert (model.state(0), model.state(1)) == (ItemState.SKIPPED, ItemState.COMPLETED)


def test_results_under_an_output_folder_are_checked_there(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in" / "deep", 2)
    options = RunOptions(output_dir=str(tmp_path / "out"))
    window = open_window(NOOP, tmp_path / "in", options=options)
    read_all(qtbot, window)
    assert check(qtbot, window).headline.text() == "All 2 results are sound."


def test_a_folder_with_nothing_in_it_says_so(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    dialog = check(qtbot, open_window(NOOP, tmp_path / "in"))
    assert "nothing to check" in dialog.headline.text()


def test_a_cleared_list_and_a_run_leave_nothing_to_check(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 8)
    window = open_window(SLOW, tmp_path / "in")
    dialog = check(qtbot, window)
    assert dialog.isVisible()
    with qtbot.waitSignal(window.run.finished, timeout=20_000):
        click(window.panel.start_button)
        assert window.others.check is None
        assert not window.menus.check.isEnabled()
        click(window.panel.cancel_button)
    assert window.menus.check.isEnabled()
    window.menus.clear.trigger()
    assert not window.menus.check.isEnabled()


class Held:
    """A check that yields one finding, and the next only when it is let go."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.go = threading.Event()
        self.error: Exception | None = None

    def __call__(self, paths: Sequence[str], *, recursive: bool, output_dir: str | None) -> Iterator[Finding]:
        del recursive, output_dir
        yield Finding(FindingKind.MISSING, f"{paths[0]}/a.png", "It has no result.")
        self.begun.set()
        self.go.wait(10)
        if self.error is not None:
            raise self.error
        yield Finding(FindingKind.SOUND, f"{paths[0]}/b.png", "It is sound.")


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    """A check that takes as long as the test likes; our own function, not a library's."""
    held = Held()
    monkeypatch.setattr(check_runner, "verify", held)
    yield held
    held.go.set()


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[CheckRunner]:
    del qtbot
    runner = CheckRunner()
    yield runner
    runner.stop()


@pytest.fixture
def dialog(qtbot: QtBot, runner: CheckRunner, held: Held) -> CheckDialog:
    """The dialog in the middle of a check, one finding in."""
    dialog = CheckDialog(runner, CheckRequest(("/scans",), True, None), lambda _path: True)
    qtbot.addWidget(dialog)
    dialog.show()
    assert held.begun.wait(10)
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 1)
    return dialog


def test_findings_are_seen_while_the_check_goes_on(qtbot: QtBot, dialog: CheckDialog, held: Held) -> None:
    assert dialog.progress.isVisible()
    assert dialog.headline.text() == "Checking … 1 looked at so far"
    assert not dialog.again_button.isVisible()
    held.go.set()
    qtbot.waitUntil(dialog.again_button.isVisible)
    assert dialog.headline.text() == "1 of 2 needs a look."
    assert not dialog.progress.isVisible()


def test_stop_keeps_what_was_found_and_says_that_it_is_not_all(
    qtbot: QtBot, dialog: CheckDialog, runner: CheckRunner, held: Held
) -> None:
    click(dialog.stop_button)
    assert not runner.is_active
    assert dialog.headline.text() == "The check was stopped before its end. So far: 1 of 1 needs a look."
    with qtbot.assertNotEmitted(runner.found, wait=200):
        held.go.set()
    assert dialog.model.counts.total == 1
    assert dialog.again_button.isVisible()


def test_closing_in_the_middle_ends_the_thread(dialog: CheckDialog, runner: CheckRunner, held: Held) -> None:
    press(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert not runner.is_active
    held.go.set()
    runner.stop()  # that nothing is left is looked at after each test


def test_a_check_that_breaks_off_says_why(qtbot: QtBot, dialog: CheckDialog, held: Held) -> None:
    held.error = OSError("the drive is gone")
    held.go.set()
    qtbot.waitUntil(dialog.banner.isVisible)
    assert "stopped before its end" in dialog.headline.text()
    assert dialog.model.counts.total == 1


def test_checking_again_begins_anew(qtbot: QtBot, dialog: CheckDialog, held: Held) -> None:
    held.go.set()
    qtbot.waitUntil(dialog.again_button.isVisible)
    click(dialog.again_button)
    qtbot.waitUntil(dialog.again_button.isVisible)
    assert dialog.model.counts.total == 2
    assert "(1)" in dialog.tick_button.text()
