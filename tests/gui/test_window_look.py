"""What is seen: in narrow windows, in dark ones, on dense screens, with nothing to show."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionViewItem, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from ocr_desktop.domain.items import FoundImage
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.grid.pixmap_cache import PixmapCache
from ocr_desktop.gui.grid.thumbnail_delegate import ThumbnailDelegate
from ocr_desktop.gui.images.image_list_model import ImageListModel, ImageUpdate
from ocr_desktop.gui.look.appearance import state_pixmap
from ocr_desktop.gui.look.tool_row import ToolRow
from ocr_desktop.gui.look.window_size import resize_within_screen
from ocr_desktop.gui.run.run_controller import RunPhase
from tests.fakes.engines import NOOP, SLOW
from tests.gui.conftest import OpenWindow
from tests.gui.person import click, type_text

MakeImages = Callable[..., list[Path]]


@pytest.fixture
def dark(qapp: QApplication) -> Iterator[QPalette]:
    before = QPalette(qapp.palette())
    palette = QPalette(QColor("#3a3d41"), QColor("#2b2e32"))
    qapp.setPalette(palette)
    yield palette
    qapp.setPalette(before)


def test_a_filter_that_nothing_passes_says_so(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 2)
    browser = open_window(NOOP, tmp_path / "in").browser
    with qtbot.waitSignal(browser.model.modelReset):
        type_text(browser.filters.field, "zzz")
    assert browser.empty.isVisible()
    assert browser.empty.sentence == "No image has “zzz” in its name."
    assert not browser.empty.button.isVisible()
    with qtbot.waitSignal(browser.model.modelReset):
        browser.filters.field.clear()
    assert browser.view.isVisible()


def test_a_cleared_list_invites_again(
    open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 2)
    window = open_window(NOOP, tmp_path / "in")
    window.menus.clear.trigger()
    assert window.browser.model.total == 0
    assert "Drop" in window.browser.empty.sentence
    assert window.browser.empty.button.isVisible()


def test_the_images_being_read_are_named(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 40)
    window = open_window(SLOW, tmp_path / "in", serial=False, options=RunOptions(jobs=2))
    click(window.panel.start_button)
    qtbot.waitUntil(lambda: window.status.text().startswith("Reading scan 00"), timeout=20_000)
    click(window.panel.pause_button)
    qtbot.waitUntil(lambda: window.run.phase is RunPhase.PAUSED)
    assert window.status.text() == ""


def test_a_narrow_row_drops_the_words_of_its_buttons(qtbot: QtBot) -> None:
    row = ToolRow()
    qtbot.addWidget(row)
    for text in ("&One button", "Another button"):
        button = QToolButton()
        button.setText(text)
        row.add_button(button)
    row.resize(600, 40)
    row.show()
    qtbot.waitExposed(row)
    seen = [row.has_words]
    for width in (row.minimumSizeHint().width(), 600):
        row.resize(width, 40)
        seen.append(row.has_words)
    assert seen == [True, False, True]


def test_a_window_is_never_larger_than_its_screen(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    resize_within_screen(widget, 100_000, 300)
    assert widget.width() < widget.screen().availableGeometry().width()
    assert widget.height() == 300


def test_every_text_of_a_dark_window_is_light(
    open_window: OpenWindow, make_images: MakeImages, tmp_path: Path, dark: QPalette
) -> None:
    make_images(tmp_path / "in", 1)
    window = open_window(NOOP, tmp_path / "in")
    wanted = dark.color(QPalette.ColorRole.WindowText)
    for label in (window.status, window.browser.toolbar.count_label, window.panel.headline):
        assert label.palette().color(label.foregroundRole()) == wanted


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_icons_keep_their_size_on_dense_screens(qapp: QApplication, ratio: float) -> None:
    pixmap = state_pixmap(ItemState.FAILED, qapp.palette(), 16, ratio)
    assert pixmap.deviceIndependentSize().toSize() == QSize(16, 16)
    assert pixmap.width() == round(16 * ratio)


def test_a_cell_is_drawn_anew_when_its_image_has_changed(qtbot: QtBot) -> None:
    model = ImageListModel(PixmapCache())
    model.add([FoundImage("/scans/a.png", "/scans")])
    delegate = ThumbnailDelegate(model, 100)
    widget = QWidget()
    qtbot.addWidget(widget)

    def painted(state: QStyle.StateFlag = QStyle.StateFlag.State_Enabled) -> QImage:
        option = QStyleOptionViewItem()
        option.initFrom(widget)
        option.widget = widget
        option.rect = QRect(0, 0, 140, 180)
        option.state = state
        canvas = QPixmap(140, 180)
        canvas.fill(Qt.GlobalColor.white)
        painter = QPainter(canvas)
        delegate.paint(painter, option, model.index(0))
        painter.end()
        return canvas.toImage()

    first = painted()
    assert painted() == first
    assert painted(QStyle.StateFlag.State_Enabled | QStyle.StateFlag.State_Selected) != first
    model.apply([ImageUpdate(0, ItemState.FAILED)])
    failed = painted()
    assert failed != first
    model.set_ticked([0], ticked=False)
    assert painted() != failed
