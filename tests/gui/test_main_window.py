"""The real window, doing what a person does: open, tick, start, pause, resume, cancel, read, quit."""

import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from pytestqt.qtbot import QtBot

from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.main_window import MainWindow
from ocr_desktop.gui.run.quit_question import QuitQuestion
from ocr_desktop.gui.run.run_controller import RunPhase
from tests.fakes.engines import CRASHING, MISSING, NOOP, RAISING, SLOW
from tests.gui.conftest import OpenWindow
from tests.gui.person import click, double_click, press, press_button, type_text

MakeImages = Callable[..., list[Path]]


def click_checkbox(window: MainWindow, row: int) -> None:
    view = window.browser.view
    cell = view.visualRect(window.browser.model.index(row))
    delegate = view.itemDelegate()
    area = delegate.check_area(cell)  # type: ignore[attr-defined]
    click(view.viewport(), area.center())


def run_to_the_end(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.run.finished, timeout=20_000):
        click(window.panel.start_button)


def results_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*_ocr_results*.json"))


def test_an_empty_window_says_what_to_do(open_window: OpenWindow) -> None:
    window = open_window()
    assert window.browser.empty.isVisible()
    assert "Drop" in window.browser.empty.sentence
    assert not window.panel.start_button.isEnabled()


def test_an_empty_folder_says_so(open_window: OpenWindow, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    window = open_window(NOOP, tmp_path / "in")
    assert "No images" in window.browser.empty.sentence


def test_ticks_by_mouse_and_keys_count_on_the_button(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 8)
    window = open_window(NOOP, tmp_path / "in")
    view, panel = window.browser.view, window.panel
    assert "8" in panel.start_button.text()
    click_checkbox(window, 1)
    assert "7" in panel.start_button.text()
    view.setFocus()
    view.setCurrentIndex(window.browser.model.index(2))
    press(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    press(view, Qt.Key.Key_Space)  # unticks both that are selected
    assert window.browser.model.ticked_ids() == [0, 4, 5, 6, 7]
    press(view, Qt.Key.Key_Space)
    assert window.browser.model.ticked == 7
    press(window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert window.browser.model.ticked_ids() == [1]
    press(window, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert "8" in panel.start_button.text()
    window.browser.ticks.tick_none.trigger()
    assert not panel.start_button.isEnabled()
    assert "0 of 8" in window.browser.toolbar.count_label.text()


def test_reads_exactly_what_is_ticked_and_shows_the_states(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 4)
    window = open_window(NOOP, tmp_path / "in")
    click_checkbox(window, 2)
    run_to_the_end(qtbot, window)
    model = window.browser.model
    done = ItemState.COMPLETED
    assert [model.state(image_id) for image_id in range(4)] == [done, done, None, done]
    assert results_in(tmp_path / "in") == [f"scan {n:04d}_ocr_results.json" for n in (0, 1, 3)]
    assert model.tile(0).confidence == pytest.approx(0.9)
    assert window.panel.bar.stats.completed == 3
    assert window.panel.results_button.isVisible()


def test_a_second_run_skips(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 2)
    window = open_window(NOOP, tmp_path / "in")
    run_to_the_end(qtbot, window)
    run_to_the_end(qtbot, window)
    assert window.browser.model.count_of(ItemState.SKIPPED) == 2
    assert window.panel.bar.stats.skipped == 2


def test_pause_resume_and_cancel_by_the_buttons(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 12)
    window = open_window(SLOW, tmp_path / "in")
    panel = window.panel
    click(panel.start_button)
    assert not panel.start_button.isVisible()
    qtbot.waitUntil(lambda: window.run.phase is RunPhase.RUNNING)
    click(panel.pause_button)
    assert "Pausing" in panel.headline.text()
    qtbot.waitUntil(lambda: window.run.phase is RunPhase.PAUSED)
    assert "Paused" in panel.headline.text()
    click(panel.resume_button)
    assert window.run.phase is RunPhase.RUNNING
    with qtbot.waitSignal(window.run.finished, timeout=10_000):
        click(panel.cancel_button)
        assert "Cancelling" in panel.headline.text()
    assert "Cancelled" in panel.headline.text()
    assert window.browser.model.count_of(ItemState.PENDING) == 0
    assert window.browser.model.count_of(ItemState.CANCELLED) > 0
    assert panel.start_button.isVisible()


def test_the_keys_steer_the_run_too(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 12)
    window = open_window(SLOW, tmp_path / "in")
    press(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: window.run.phase is RunPhase.RUNNING)
    press(window, Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: window.run.phase is RunPhase.PAUSED)
    press(window, Qt.Key.Key_F6)
    assert window.run.phase is RunPhase.RUNNING
    with qtbot.waitSignal(window.run.finished, timeout=10_000):
        press(window, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)


def test_a_refused_run_is_explained_in_the_window(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 1)
    window = open_window(MISSING, tmp_path / "in")
    with qtbot.waitSignal(window.run.failed, timeout=10_000):
        click(window.panel.start_button)
    assert window.messages.failure.isVisible()
    assert window.messages.failure.text == "The missing engine is not here. Get it."
    assert window.browser.model.state(0) is None
    assert window.panel.start_button.isEnabled()
    click(window.messages.failure.copy_button)
    assert "EngineMissingError" in QGuiApplication.clipboard().text()
    click(window.messages.failure.close_button)
    assert not window.messages.failure.isVisible()


@pytest.mark.logs_errors
def test_results_list_filter_show_text_and_retry(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 4, marked={2})
    window = open_window(RAISING, tmp_path / "in", options=RunOptions(retries=0))
    run_to_the_end(qtbot, window)
    click(window.panel.results_button)
    results = window.others.results
    assert results is not None
    qtbot.waitUntil(lambda: results.model.total == 4)
    qtbot.waitUntil(lambda: "100x20" in results.text.toPlainText())
    assert results.page.has_picture
    click(results.filters[ItemState.FAILED])
    assert results.model.rowCount() == 1
    assert results.current is not None
    assert results.current.item.id == 2
    qtbot.waitUntil(lambda: results.text.toPlainText() == "")
    click(results.filters[None])
    type_text(results.search, "0003")
    assert results.model.shown_ids() == [3]
    with qtbot.waitSignal(window.run.finished, timeout=10_000):
        click(results.retry_button)
    assert window.panel.bar.stats.total == 1
    assert window.browser.model.state(2) is ItemState.FAILED


def test_a_double_click_opens_the_viewer_with_words_and_text(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "a", 2)
    make_images(tmp_path / "b", 1)  # an image of the same name with other content would be mixed up by name
    window = open_window(NOOP, tmp_path / "a", tmp_path / "b")
    run_to_the_end(qtbot, window)
    view = window.browser.view
    cell = view.visualRect(window.browser.model.index(1))
    double_click(view.viewport(), cell.center())
    viewer = window.others.viewer
    assert viewer is not None
    qtbot.waitUntil(lambda: viewer.text.toPlainText() == "101x20\n")
    qtbot.waitUntil(lambda: viewer.page.has_picture)
    assert viewer.page.word_count == 1
    viewer.commands.copy.trigger()
    assert QGuiApplication.clipboard().text() == "101x20\n"
    viewer.commands.next.trigger()
    qtbot.waitUntil(lambda: viewer.text.toPlainText() == "100x20\n")
    assert viewer.entry.path == str(tmp_path / "b" / "scan 0000.png")
    assert not viewer.commands.next.isEnabled()
    press(viewer, Qt.Key.Key_Escape)
    assert not viewer.isVisible()


def test_the_viewer_opens_from_the_results(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 2)
    window = open_window(NOOP, tmp_path / "in")
    run_to_the_end(qtbot, window)
    window.menus.results.trigger()
    results = window.others.results
    assert results is not None
    qtbot.waitUntil(lambda: results.model.rowCount() == 2)
    cell = results.table.visualRect(results.model.index(1, 1))
    double_click(results.table.viewport(), cell.center())
    viewer = window.others.viewer
    assert viewer is not None
    qtbot.waitUntil(lambda: viewer.text.toPlainText() == "101x20\n")


def test_an_image_that_was_not_read_says_so(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 1)
    window = open_window(NOOP, tmp_path / "in")
    window.others.show_image(0)
    viewer = window.others.viewer
    assert viewer is not None
    qtbot.waitUntil(lambda: viewer.page.has_picture)
    assert "not been read" in viewer.text.placeholderText()


def test_dropped_folders_and_files_are_opened(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "a", 2)
    (single,) = make_images(tmp_path / "b", 1)
    window = open_window()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a")), QUrl.fromLocalFile(str(single))])
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    with warnings.catch_warnings():
        # From Qt 6.12 on it takes fractions of a pixel; older ones know only this.
        warnings.simplefilter("ignore", DeprecationWarning)
        enter = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, data, button, keys)
    window.dragEnterEvent(enter)
    assert enter.isAccepted()
    with qtbot.waitSignal(window.browser.scanner.finished, timeout=10_000):
        window.dropEvent(QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, button, keys))
    assert window.browser.model.total == 3


def test_the_name_filter_narrows_the_grid(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 12)
    window = open_window(NOOP, tmp_path / "in")
    with qtbot.waitSignal(window.browser.model.modelReset):
        type_text(window.browser.filters.field, "001")
    assert window.browser.model.rowCount() == 3  # 0001, 0010, 0011
    assert "12" in window.panel.start_button.text()


def question(window: MainWindow) -> QuitQuestion:
    box = window.findChild(QuitQuestion)
    assert isinstance(box, QuitQuestion)
    return box


def test_quitting_during_a_run_asks_and_then_ends_it(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 30)
    window = open_window(SLOW, tmp_path / "in")
    click(window.panel.start_button)
    qtbot.waitUntil(lambda: window.run.phase is RunPhase.RUNNING)
    assert not window.close()
    press_button(question(window), "Keep")
    assert window.run.phase is RunPhase.RUNNING
    qtbot.waitUntil(lambda: window.findChild(QuitQuestion) is None)
    assert not window.close()
    press_button(question(window), "Cancel")
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=10_000)
    assert not window.run.is_busy
    assert len(results_in(tmp_path / "in")) < 30


def test_a_worker_process_that_dies_costs_one_image(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 4, marked={1})
    options = RunOptions(retries=0, jobs=1)
    window = open_window(CRASHING, tmp_path / "in", serial=False, options=options)
    with qtbot.waitSignal(window.run.finished, timeout=60_000):
        click(window.panel.start_button)
    model = window.browser.model
    assert [model.state(image_id) for image_id in range(4)].count(ItemState.COMPLETED) == 3
    assert model.state(1) is ItemState.FAILED
    assert "with failures" in window.panel.headline.text()
