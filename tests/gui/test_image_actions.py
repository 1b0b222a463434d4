"""What can be done with the selected images, by the context menu, the menu bar and keys."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QObject, QPoint, Qt, QUrl, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDragLeaveEvent,
    QGuiApplication,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from ocr_desktop.domain.items import ItemOutcome
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.images.image_list_model import ImageUpdate
from ocr_desktop.gui.look.state_text import full_state, short_state
from ocr_desktop.gui.main_window import MainWindow
from tests.fakes.engines import NOOP
from tests.gui.conftest import OpenWindow
from tests.gui.person import click, press, type_text

MakeImages = Callable[..., list[Path]]
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(open_window: OpenWindow, make_images: MakeImages, tmp_path: Path) -> MainWindow:
    make_images(tmp_path / "in", 4)
    window = open_window(NOOP, tmp_path / "in")
    window.activateWindow()
    view = window.browser.view
    click(view.viewport(), view.visualRect(window.browser.model.index(0)).center())
    view.setFocus()
    return window


class OpenedAddresses(QObject):
    """Takes the place of the desktop's file manager."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.paths.append(url.toLocalFile())


@pytest.fixture
def file_manager() -> Iterator[OpenedAddresses]:
    manager = OpenedAddresses()
    QDesktopServices.setUrlHandler("file", manager, "take")  # type: ignore[arg-type]  # PySide takes no bytes
    yield manager
    QDesktopServices.unsetUrlHandler("file")


def open_menu(window: MainWindow) -> QMenu:
    """Open the context menu by the keyboard's menu key."""
    view = window.browser.view
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(1, 1), view.mapToGlobal(QPoint(1, 1)))
    QApplication.sendEvent(view.viewport(), event)
    menus = [menu for menu in view.window().findChildren(QMenu) if menu.isVisible()]
    assert len(menus) == 1
    return menus[0]


def choose(menu: QMenu, word: str) -> None:
    (action,) = (action for action in menu.actions() if word in action.text().replace("&", ""))
    assert action.isEnabled()
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())


def test_r_turns_what_is_selected_and_no_file(window: MainWindow, tmp_path: Path) -> None:
    view, model = window.browser.view, window.browser.model
    files = sorted((tmp_path / "in").iterdir())
    before = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    press(view, Qt.Key.Key_Right, SHIFT)
    press(view, Qt.Key.Key_R)
    assert [model.rotation(image_id) for image_id in range(4)] == [90, 90, 0, 0]
    press(view, Qt.Key.Key_R, SHIFT)
    press(view, Qt.Key.Key_R, SHIFT)
    assert [model.image(image_id).rotation for image_id in range(4)] == [270, 270, 0, 0]
    tooltip = model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert "Turned left by 90°" in tooltip
    assert "file itself is not changed" in tooltip
    assert [hashlib.sha256(file.read_bytes()).hexdigest() for file in files] == before


def test_a_turned_image_is_drawn_turned_with_a_badge(qtbot: QtBot, window: MainWindow) -> None:
    view, model = window.browser.view, window.browser.model
    qtbot.waitUntil(lambda: model.has_thumbnail(0))
    cell = view.visualRect(model.index(0))
    upright = view.viewport().grab(cell).toImage()
    press(view, Qt.Key.Key_R)
    turned = view.viewport().grab(cell).toImage()
    assert turned != upright
    for _ in range(3):
        press(view, Qt.Key.Key_R)
    assert view.viewport().grab(cell).toImage() == upright


def test_r_in_a_search_field_is_a_letter(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F, CTRL)
    field = window.browser.filters.field
    press(field, Qt.Key.Key_R)
    type_text(field, "r")
    press(field, Qt.Key.Key_Delete)
    assert field.text() == "rr"
    assert window.browser.model.rotation(0) == 0
    assert window.browser.model.total == 4


def test_r_within_a_name_that_is_typed_is_a_letter(
    open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 1)
    (tmp_path / "in" / "scan 0000.png").rename(tmp_path / "in" / "arrow.png")
    window = open_window(NOOP, tmp_path / "in")
    view = window.browser.view
    view.setFocus()
    type_text(view, "arr")
    assert window.browser.model.rotation(0) == 0
    assert view.currentIndex().data() == "arrow.png"


def test_del_takes_images_off_the_list_and_leaves_the_files(window: MainWindow, tmp_path: Path) -> None:
    view, model = window.browser.view, window.browser.model
    press(view, Qt.Key.Key_Right, SHIFT)
    press(view, Qt.Key.Key_Delete)
    assert [model.name(image_id) for image_id in model.shown_ids()] == ["scan 0002.png", "scan 0003.png"]
    assert "2" in window.panel.start_button.text()
    assert "stay where they are" in window.status.text()
    assert len(list((tmp_path / "in").glob("*.png"))) == 4


def test_the_paths_are_copied(window: MainWindow, tmp_path: Path) -> None:
    press(window.browser.view, Qt.Key.Key_Right, SHIFT)
    press(window.browser.view, Qt.Key.Key_C, CTRL)
    folder = tmp_path / "in"
    wanted = f"{folder / 'scan 0000.png'}\n{folder / 'scan 0001.png'}"
    assert QGuiApplication.clipboard().text() == wanted


def test_the_folder_is_shown(window: MainWindow, file_manager: OpenedAddresses, tmp_path: Path) -> None:
    press(window.browser.view, Qt.Key.Key_E, CTRL)
    assert file_manager.paths == [str(tmp_path / "in")]


def test_images_are_read_again_although_they_have_a_result(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    model = window.browser.model
    with qtbot.waitSignal(window.run.finished, timeout=20_000):
        click(window.panel.start_button)
    result = tmp_path / "in" / "scan 0000_ocr_results.json"
    before = result.stat().st_mtime_ns
    with qtbot.waitSignal(window.run.finished, timeout=20_000):
        choose(open_menu(window), "Read again")
    assert result.stat().st_mtime_ns > before
    assert window.panel.bar.stats.total == 1
    assert model.ticked == 4  # ticks are for the next run, and stay


def test_the_menu_key_opens_the_menu_on_the_current_image(window: MainWindow) -> None:
    view, model = window.browser.view, window.browser.model
    press(view, Qt.Key.Key_Right)
    menu = open_menu(window)
    cell = view.visualRect(model.index(1))
    assert cell.contains(view.viewport().mapFromGlobal(menu.pos()))
    choose(menu, "Untick selection")
    assert model.ticked_ids() == [0, 2, 3]
    choose(open_menu(window), "Tick selection")
    assert model.ticked == 4
    choose(open_menu(window), "Rotate right")
    assert model.rotation(1) == 90


def test_return_opens_the_image(window: MainWindow) -> None:
    press(window.browser.view, Qt.Key.Key_Return)
    assert window.others.viewer is not None


def test_the_same_actions_are_in_the_menu_bar(window: MainWindow) -> None:
    titles = {action.text(): action.menu() for action in window.menuBar().actions()}
    menu = titles["&Image"]
    assert isinstance(menu, QMenu)
    in_bar = [action.text() for action in menu.actions() if action.text()]
    in_context = [action.text() for action in open_menu(window).actions() if action.text()]
    assert in_bar == in_context
    assert all(action.toolTip() for action in menu.actions() if action.text())


def test_without_images_nothing_can_be_done_with_them(open_window: OpenWindow) -> None:
    images = open_window().browser.images
    assert not any(action.isEnabled() for group in images.groups for action in group)


def test_an_image_without_text_is_not_said_to_be_doubtful() -> None:
    done = ItemState.COMPLETED
    assert short_state(done, 0.0) == "Done, no text"
    assert short_state(done, 0.934) == "Done, 93 %"
    assert short_state(done, None) == "Done"
    assert full_state(done, ItemOutcome(item_id=0, state=done, confidence=0.0)) == "Done, no text was found"


@pytest.mark.parametrize(
    ("state", "details", "wanted"),
    [
        (ItemState.PENDING, None, "Waiting"),
        (ItemState.PROCESSING, None, "Reading"),
        (ItemState.COMPLETED, {"confidence": 0.5}, "Done, 50 % confidence"),
        (ItemState.SKIPPED, {"reason": "It was read already."}, "Skipped: It was read already."),
        (ItemState.FAILED, {"error": "The file is damaged."}, "Failed: The file is damaged."),
    ],
)
def test_each_state_is_told_in_words(
    window: MainWindow, state: ItemState, details: dict[str, object] | None, wanted: str
) -> None:
    model = window.browser.model
    outcome = None if details is None else ItemOutcome(item_id=0, state=state, **details)  # type: ignore[arg-type]
    model.apply([ImageUpdate(0, state, outcome)])
    index = model.index(0)
    assert wanted in index.data(Qt.ItemDataRole.ToolTipRole)
    assert wanted in index.data(Qt.ItemDataRole.AccessibleTextRole)


def test_files_that_are_dragged_over_the_window_are_invited(window: MainWindow, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "in"))])
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    plain = window.browser.grab().toImage()
    window.dragEnterEvent(QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, data, button, keys))
    assert window.browser.grab().toImage() != plain
    window.dragLeaveEvent(QDragLeaveEvent())
    assert window.browser.grab().toImage() == plain
