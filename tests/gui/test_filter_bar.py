"""Narrowing the grid down, and sorting it: by name, by state, by text in results, by keys and by mouse."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.browser.filter_bar import FilterBar
from ocr_desktop.gui.browser.view_actions import ViewActions
from ocr_desktop.gui.images.image_order import Order
from ocr_desktop.gui.look.appearance import state_pixmap
from ocr_desktop.gui.look.theme import theme_palette
from ocr_desktop.gui.main_window import MainWindow
from ocr_desktop.gui.settings.window_settings import Theme
from tests.fakes.engines import NOOP, RAISING
from tests.gui.conftest import OpenWindow
from tests.gui.person import click, press, type_text

MakeImages = Callable[..., list[Path]]
CTRL = Qt.KeyboardModifier.ControlModifier


def shown(window: MainWindow) -> list[str]:
    model = window.browser.model
    return [model.name(image_id) for image_id in model.shown_ids()]


def run_to_the_end(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.run.finished, timeout=20_000):
        click(window.panel.start_button)


def search_texts(window: MainWindow, text: str) -> None:
    """Do it by keys alone: Ctrl+T, the text, Return."""
    press(window, Qt.Key.Key_T, CTRL)
    field = window.browser.filters.field
    assert field.hasFocus()
    type_text(field, text)
    press(field, Qt.Key.Key_Return)


def test_keys_lead_to_both_kinds_of_search(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 2)
    window = open_window(NOOP, tmp_path / "in")
    filters = window.browser.filters
    press(window, Qt.Key.Key_T, CTRL)
    assert filters.field.hasFocus()
    assert filters.field.placeholderText() == "Text in results"
    press(window, Qt.Key.Key_F, CTRL)
    assert filters.field.placeholderText() == "Filter by name"
    type_text(filters.field, "0001")
    press(filters.field, Qt.Key.Key_Return)  # at once, without waiting for a rest
    assert shown(window) == ["scan 0001.png"]
    assert "1 shown" in window.browser.toolbar.count_label.text()


@pytest.mark.logs_errors
def test_switches_show_the_images_of_some_states_and_their_numbers(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 5, marked={1, 3})
    window = open_window(RAISING, tmp_path / "in")
    chips = window.browser.filters.chips
    assert "5" in chips.buttons[None].text()
    window.browser.model.set_ticked([4], ticked=False)
    run_to_the_end(qtbot, window)
    failed, done = chips.buttons[ItemState.FAILED], chips.buttons[ItemState.COMPLETED]
    assert "2" in failed.text()
    assert "2" in done.text()
    click(failed)
    assert shown(window) == ["scan 0001.png", "scan 0003.png"]
    press(chips.buttons[None], Qt.Key.Key_Space)
    assert shown(window) == ["scan 0001.png", "scan 0003.png", "scan 0004.png"]
    click(failed)
    click(chips.buttons[None])
    assert len(shown(window)) == 5


def test_the_texts_of_results_are_searched(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 12)
    window = open_window(NOOP, tmp_path / "in")
    search_texts(window, "105X20")
    assert "no text to search" in window.browser.empty.sentence
    click(window.browser.empty.clear_button)
    assert len(shown(window)) == 12
    run_to_the_end(qtbot, window)
    search_texts(window, "105X20")  # whatever the case
    qtbot.waitUntil(lambda: shown(window) == ["scan 0005.png"])
    window.browser.filters.field.clear()
    qtbot.waitUntil(lambda: len(shown(window)) == 12)
    search_texts(window, "no such text")
    qtbot.waitUntil(lambda: "“no such text”" in window.browser.empty.sentence)
    assert window.browser.empty.isVisible()


def test_results_that_come_in_during_a_search_are_found_too(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 3)
    window = open_window(NOOP, tmp_path / "in")
    search_texts(window, "102x20")
    assert shown(window) == []
    run_to_the_end(qtbot, window)
    qtbot.waitUntil(lambda: shown(window) == ["scan 0002.png"], timeout=10_000)


def test_a_search_replaces_the_one_before_it(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 6)
    window = open_window(NOOP, tmp_path / "in")
    run_to_the_end(qtbot, window)
    search = window.browser.search
    search_texts(window, "x20")
    assert search.is_active
    search_texts(window, "104x20")
    qtbot.waitUntil(lambda: not search.is_active)
    assert shown(window) == ["scan 0004.png"]
    assert window.status.text().startswith("1 image")
    search_texts(window, "x20")  # the window closes in the middle of it


def test_the_order_is_chosen_in_the_row_and_in_the_menu(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    make_images(folder, 3)
    (folder / "scan 0001.png").rename(folder / "a 10.png")
    (folder / "scan 0002.png").rename(folder / "a 9.png")
    window = open_window(NOOP, folder)
    filters, views = window.browser.filters, window.browser.views
    filters.order.setFocus()
    type_text(filters.order, "Na")
    assert views.order is Order.NAME
    assert shown(window) == ["a 9.png", "a 10.png", "scan 0000.png"]
    click(filters.direction)
    assert shown(window) == ["scan 0000.png", "a 10.png", "a 9.png"]
    views.orders[Order.FOUND].trigger()
    assert filters.order.currentText() == "As found"
    assert views.descending.isChecked()


def test_order_panes_and_size_are_kept(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 2)
    window = open_window(NOOP, tmp_path / "in")
    views = window.browser.views
    views.orders[Order.NAME].trigger()
    views.descending.trigger()
    press(window, Qt.Key.Key_F9)
    views.hover_preview.trigger()
    window.browser.toolbar.size_slider.setValue(200)
    assert window.browser.preview.isVisible()
    window.close()
    again = open_window(NOOP, tmp_path / "in")
    assert shown(again) == ["scan 0001.png", "scan 0000.png"]
    assert again.browser.preview.isVisible()
    assert not again.browser.views.hover_preview.isChecked()
    assert again.browser.view.edge == 200


def test_keys_change_the_size_of_thumbnails(
    open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 2)
    window = open_window(NOOP, tmp_path / "in")
    before = window.browser.view.edge
    press(window, Qt.Key.Key_Plus, CTRL)
    assert window.browser.view.edge > before
    press(window, Qt.Key.Key_Minus, CTRL)
    assert window.browser.view.edge == before


@pytest.mark.parametrize("width", [1400, None])
def test_a_narrow_row_keeps_the_numbers_and_drops_the_words(qtbot: QtBot, width: int | None) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    bar = FilterBar(ViewActions(owner))
    bar.chips.show_counts(lambda _state: 123)
    layout = QVBoxLayout(owner)
    layout.addWidget(bar)
    owner.show()
    qtbot.waitExposed(owner)
    owner.resize(width or layout.minimumSize().width(), 80)
    text = bar.chips.buttons[ItemState.FAILED].text()
    assert text == ("Failed 123" if width else "123")
    bar.stop()


def test_the_slowest_key_does_not_wait_for_a_search(
    open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    """What is typed is applied after a rest only, so that typing never stutters."""
    make_images(tmp_path / "in", 2)
    window = open_window(NOOP, tmp_path / "in")
    type_text(window.browser.filters.field, "zzz")
    assert len(shown(window)) == 2


def test_esc_shows_all_again_and_the_down_key_leads_to_the_images(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 3)
    window = open_window(NOOP, tmp_path / "in")
    window.activateWindow()
    press(window, Qt.Key.Key_F, CTRL)
    field, view = window.browser.filters.field, window.browser.view
    type_text(field, "0001")
    press(field, Qt.Key.Key_Return)
    press(field, Qt.Key.Key_Down)
    assert view.hasFocus()
    press(window, Qt.Key.Key_F, CTRL)
    press(field, Qt.Key.Key_Escape)
    assert len(shown(window)) == 3
    assert view.hasFocus()


def test_the_switches_follow_light_and_dark_at_once(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    filters = FilterBar(ViewActions(window))
    QVBoxLayout(window).addWidget(filters)
    window.show()
    for theme in (Theme.DARK, Theme.LIGHT, Theme.DARK):
        palette = theme_palette(theme)
        window.setPalette(palette)
        for state, button in filters.chips.buttons.items():
            drawn = button.icon().pixmap(16).toImage()
            assert drawn == state_pixmap(state, palette, 16, filters.devicePixelRatioF()).toImage()
    filters.stop()
