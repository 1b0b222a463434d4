"""The larger picture: under the mouse, while Space is held, and in the pane beside the grid."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from ocr_desktop.domain.items import ItemOutcome
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.browser.hover_preview import HoverPreview
from ocr_desktop.gui.browser.preview_card import PreviewCard
from ocr_desktop.gui.images.image_list_model import ImageUpdate
from ocr_desktop.gui.main_window import MainWindow
from tests.fakes.engines import NOOP
from tests.gui.conftest import OpenWindow
from tests.gui.person import click, press

MakeImages = Callable[..., list[Path]]


def visible_card(hover: HoverPreview) -> PreviewCard:
    assert hover.card is not None
    return hover.card


def open_grid(open_window: OpenWindow, make_images: MakeImages, tmp_path: Path, count: int = 4) -> MainWindow:
    make_images(tmp_path / "in", count)
    window = open_window(NOOP, tmp_path / "in")
    view = window.browser.view
    view.setCurrentIndex(window.browser.model.index(0))
    view.setFocus()
    return window


def rest_on(window: MainWindow, row: int) -> None:
    view = window.browser.view
    centre = view.visualRect(window.browser.model.index(row)).center()
    QTest.mouseMove(view.viewport(), centre - QPoint(3, 3))
    QTest.mouseMove(view.viewport(), centre)


def test_space_held_shows_the_image_and_space_pressed_ticks_it(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    window = open_grid(open_window, make_images, tmp_path)
    view, model, hover = window.browser.view, window.browser.model, window.browser.hover
    QTest.keyPress(view, Qt.Key.Key_Space)
    assert hover.card is None
    qtbot.waitUntil(lambda: hover.card is not None)
    card = visible_card(hover)
    qtbot.waitUntil(lambda: card.picture.shape.width() == 100)
    assert card.name.text() == "scan 0000.png"
    assert "Not read" in card.state.text()
    press(view, Qt.Key.Key_Right)  # another image, still held
    qtbot.waitUntil(lambda: card.picture.shape.width() == 101)
    QTest.keyRelease(view, Qt.Key.Key_Space)  # the way in which some X servers repeat a key that is held
    QTest.keyPress(view, Qt.Key.Key_Space)
    assert card.isVisible()
    QTest.keyRelease(view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not card.isVisible())
    assert model.ticked == 4  # nothing was ticked or unticked by it
    press(view, Qt.Key.Key_Space)
    assert model.ticked_ids() == [0, 2, 3]


def test_space_is_forgotten_when_the_focus_goes(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    window = open_grid(open_window, make_images, tmp_path)
    hover = window.browser.hover
    QTest.keyPress(window.browser.view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: hover.card is not None)
    window.browser.filters.field.setFocus()
    assert hover.card is None
    assert window.browser.model.ticked == 4


def test_the_mouse_rests_on_an_image_and_it_is_shown_beside_it(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    window = open_grid(open_window, make_images, tmp_path)
    view, model, hover = window.browser.view, window.browser.model, window.browser.hover
    failed = ItemOutcome(item_id=1, state=ItemState.FAILED, error="The file is damaged. Scan it again.")
    model.apply([ImageUpdate(1, ItemState.FAILED, failed)])
    rest_on(window, 1)
    assert hover.card is None  # not at once
    qtbot.waitUntil(lambda: hover.card is not None)
    card = visible_card(hover)
    assert hover.image_id == 1
    assert card.state.text() == "Failed: The file is damaged. Scan it again."
    cell = view.visualRect(model.index(1))
    corner = view.viewport().mapTo(window, cell.topLeft())
    assert not card.geometry().intersects(cell.translated(corner - cell.topLeft()))
    assert card.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    click(view.viewport(), cell.center())
    assert hover.card is None  # a click takes it away
    assert model.id_at(view.currentIndex().row()) == 1


def test_the_preview_under_the_mouse_can_be_switched_off(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    window = open_grid(open_window, make_images, tmp_path)
    view, hover = window.browser.view, window.browser.hover
    centre = view.visualRect(window.browser.model.index(1)).center()

    def hint() -> str:
        event = QHelpEvent(QEvent.Type.ToolTip, centre, view.viewport().mapToGlobal(centre))
        QApplication.sendEvent(view.viewport(), event)
        return QToolTip.text()

    assert hint() == ""  # the preview says the same
    window.browser.views.hover_preview.trigger()
    assert "scan 0001.png" in hint()
    QToolTip.hideText()
    rest_on(window, 1)
    qtbot.wait(900)
    assert hover.card is None
    QTest.keyPress(view, Qt.Key.Key_Space)  # Space still does
    qtbot.waitUntil(lambda: hover.card is not None)
    QTest.keyRelease(view, Qt.Key.Key_Space)


def test_the_pane_shows_the_current_image_and_what_is_known_of_it(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    window = open_grid(open_window, make_images, tmp_path)
    view, model, pane = window.browser.view, window.browser.model, window.browser.preview
    assert not pane.isVisible()
    press(window, Qt.Key.Key_F9)
    assert pane.isVisible()
    qtbot.waitUntil(lambda: "100 \N{MULTIPLICATION SIGN} 20 px" in pane.facts.text())
    assert pane.name.text() == "scan 0000.png"
    press(view, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: "101 \N{MULTIPLICATION SIGN} 20 px" in pane.facts.text())
    done = ItemOutcome(item_id=1, state=ItemState.COMPLETED, confidence=0.87)
    model.apply([ImageUpdate(1, ItemState.COMPLETED, done)])
    assert pane.state.text() == "Done, 87 % confidence"
    window.menus.clear.trigger()
    assert not pane.isVisible()
    assert pane.image_id is None


def test_the_buttons_of_the_pane_turn_and_open(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    window = open_grid(open_window, make_images, tmp_path)
    pane = window.browser.preview
    press(window, Qt.Key.Key_F9)
    opening, left, right = pane.buttons
    qtbot.waitUntil(lambda: pane.picture.shape.width() == 100 and right.width() > 0)
    click(right)
    assert pane.picture.shape.height() == 100
    assert "the file itself is not changed" in pane.turn.text()
    click(left)
    assert pane.picture.degrees == 0
    assert not pane.turn.isVisible()
    click(opening)
    assert window.others.viewer is not None


def test_an_image_that_cannot_be_shown_says_why(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 1)
    (tmp_path / "in" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    window = open_window(NOOP, tmp_path / "in")
    pane = window.browser.preview
    press(window, Qt.Key.Key_F9)
    window.browser.view.setCurrentIndex(window.browser.model.index(0))
    qtbot.waitUntil(lambda: "damaged" in pane.picture.toolTip())
    assert not pane.picture.has_picture
    window.browser.view.setCurrentIndex(window.browser.model.index(1))
    qtbot.waitUntil(lambda: pane.picture.has_picture)
    assert pane.picture.toolTip() == ""
