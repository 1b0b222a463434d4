"""Images that were read in an earlier session are shown as done, and the first keys go to the grid."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.main_window import MainWindow
from ocr_desktop.gui.run.run_controller import RunPhase
from ocr_desktop.gui.settings.settings_dialog import SettingsDialog
from ocr_desktop.gui.settings.window_settings import WindowSettings
from tests.fakes.engines import NOOP, SLOW
from tests.gui.conftest import OpenWindow
from tests.gui.person import click, press, type_text

MakeImages = Callable[..., list[Path]]
CTRL = Qt.KeyboardModifier.ControlModifier


def read_some(qtbot: QtBot, window: MainWindow, rows: list[int]) -> None:
    """Read the images in these rows, and close the window."""
    model = window.browser.model
    model.set_ticked(model.ticked_ids(), ticked=False)
    model.set_ticked([model.id_at(row) for row in rows], ticked=True)
    with qtbot.waitSignal(window.run.finished, timeout=20_000):
        click(window.panel.start_button)
    window.quit_now()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=10_000)
    window.application.close()


def done(window: MainWindow) -> int:
    return window.browser.model.count_of(ItemState.COMPLETED)


def test_a_folder_shows_what_was_read_before(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 5)
    read_some(qtbot, open_window(NOOP, tmp_path / "in"), [1, 2])
    window = open_window(NOOP, tmp_path / "in")
    model = window.browser.model
    qtbot.waitUntil(lambda: done(window) == 2)
    assert "Done" in model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert model.tile(1).confidence is not None
    qtbot.waitUntil(lambda: not window.browser.earlier.is_active)
    assert window.status.text().startswith("2 images were read before")
    press(window, Qt.Key.Key_U, CTRL)
    assert window.panel.start_button.text().endswith("(3)")
    press(window, Qt.Key.Key_T, CTRL)  # their texts can be searched
    field = window.browser.filters.field
    type_text(field, "no such words in any of them")
    press(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.browser.search.is_active)
    assert window.browser.search.has_results
    press(field, Qt.Key.Key_Escape)
    assert window.status.text() == ""  # what was found is no longer what is shown


def test_what_a_run_says_counts_for_more_and_a_cancelled_one_takes_nothing_away(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 6)
    read_some(qtbot, open_window(NOOP, tmp_path / "in"), [4, 5])
    window = open_window(SLOW, tmp_path / "in")
    model = window.browser.model
    qtbot.waitUntil(lambda: done(window) == 2)
    images = [(image_id, model.state(image_id)) for image_id in model.shown_ids()]
    window.runs.read_again([image_id for image_id, state in images if state is ItemState.COMPLETED])
    qtbot.waitUntil(lambda: window.run.phase is RunPhase.RUNNING, timeout=10_000)
    with qtbot.waitSignal(window.run.finished, timeout=20_000):
        window.run.interrupt()
    qtbot.waitUntil(lambda: done(window) == 2, timeout=10_000)
    assert model.count_of(None) == 4


def test_another_output_folder_is_looked_through(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 3)
    options = RunOptions(output_dir=str(tmp_path / "out"))
    read_some(qtbot, open_window(NOOP, tmp_path / "in", options=options), [0])
    window = open_window(NOOP, tmp_path / "in", options=options)
    qtbot.waitUntil(lambda: done(window) == 1)
    window.edit_options()
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    dialog.chosen.emit(WindowSettings())  # results are to go beside the images again
    dialog.close()
    assert done(window) == 0


def test_keys_work_at_once_after_a_folder_was_opened(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 3)
    window = open_window(NOOP, tmp_path / "in")
    assert window.focusWidget() is window.browser.view
    press(window.browser.view, Qt.Key.Key_Space)
    assert window.browser.model.ticked == 2
    with qtbot.waitSignal(window.run.finished, timeout=20_000):
        press(window, Qt.Key.Key_F5)


def test_the_width_of_a_pane_is_kept(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in" / "a", 1)
    make_images(tmp_path / "in" / "b", 1)
    window = open_window(NOOP, tmp_path / "in")
    qtbot.waitUntil(window.browser.folders.isVisible)
    before = window.browser.folders.width()
    handle = window.browser.splitter.handle(1)
    middle = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(handle, middle + QPoint(60, 0))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=middle + QPoint(60, 0))
    width = window.browser.folders.width()
    assert width > before + 20
    press(window, Qt.Key.Key_F7)
    press(window, Qt.Key.Key_F7)
    assert window.browser.folders.width() == width
    window.close()
    window.application.close()
    again = open_window(NOOP, tmp_path / "in")
    qtbot.waitUntil(lambda: again.browser.folders.width() == width)


def test_a_folder_that_is_not_there_is_named_and_a_folder_becomes_a_recent_one(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    window = open_window(NOOP, tmp_path / "gone")
    assert str(tmp_path / "gone") in window.browser.empty.sentence
    assert str(tmp_path / "gone") in window.status.text()
    (image, _) = make_images(tmp_path / "in", 2)
    for path in (image, tmp_path / "in"):
        with qtbot.waitSignal(window.browser.scanner.finished, timeout=10_000):
            window.open_paths([str(path)])
    window.menus.recent_menu.aboutToShow.emit()
    texts = [action.text() for action in window.menus.recent_menu.actions()]
    assert texts == [str(tmp_path / "in")]
