"""The viewer as somebody uses it who reads a page: words, boxes, doubts, search, zoom."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import msgspec
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from ocr_desktop.gui.viewer.confidence import Tier
from ocr_desktop.gui.viewer.entries import ViewerEntry
from ocr_desktop.gui.viewer.fields import Field, describe_image
from ocr_desktop.gui.viewer.fields_table import FieldsModel
from ocr_desktop.gui.viewer.page_pyramid import PagePyramid, TileKey
from ocr_desktop.gui.viewer.viewer_window import Viewer
from ocr_desktop.services.result_reader import read_result
from tests.gui.person import click, press, type_text
from tests.gui.readings import make_reading, read_back

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ShowEntries = Callable[..., Viewer]


@pytest.fixture
def show(qtbot: QtBot) -> Iterator[ShowEntries]:
    """Return a function that shows entries in a viewer, and ends it after the test."""
    viewers: list[Viewer] = []

    def show_(*entries: ViewerEntry, position: int = 0) -> Viewer:
        viewer = Viewer()
        viewers.append(viewer)
        viewer.resize(1000, 700)
        viewer.show()
        qtbot.waitExposed(viewer)
        viewer.show_entries(entries, position)
        qtbot.waitUntil(lambda: viewer.page.has_picture)
        return viewer

    yield show_
    for viewer in viewers:
        viewer.stop()
        viewer.deleteLater()


def place_of(viewer: Viewer, number: int) -> QPoint:
    """Where on the screen the middle of a box is."""
    return viewer.page.mapFromScene(viewer.page.boxes.box(number).center())


def place_in_text(viewer: Viewer, word: str) -> QPoint:
    """Where in the editor the middle of a word is."""
    start = viewer.text.toPlainText().index(word)
    cursor = viewer.text.textCursor()
    cursor.setPosition(start + len(word) // 2)
    return viewer.text.cursorRect(cursor).center()


def test_hovering_a_word_in_the_text_shows_its_box(show: ShowEntries, tmp_path: Path) -> None:
    viewer = show(make_reading(tmp_path))
    QTest.mouseMove(viewer.text.viewport(), place_in_text(viewer, "paid"))
    assert viewer.page.boxes.hovered == 3
    QTest.mouseMove(viewer.text.viewport(), QPoint(5, viewer.text.viewport().height() - 5))
    assert viewer.page.boxes.hovered is None


def test_hovering_a_box_shows_its_word(qtbot: QtBot, show: ShowEntries, tmp_path: Path) -> None:
    viewer = show(make_reading(tmp_path))
    before = viewer.text.grab().toImage()
    QTest.mouseMove(viewer.page.viewport(), place_of(viewer, 3))
    qtbot.waitUntil(lambda: viewer.text.grab().toImage() != before)


def test_a_click_on_a_box_lands_in_the_text(show: ShowEntries, tmp_path: Path) -> None:
    viewer = show(make_reading(tmp_path))
    click(viewer.page.viewport(), place_of(viewer, 4))
    assert viewer.text.textCursor().position() == viewer.text.toPlainText().index("tbe")
    assert viewer.text.hasFocus()
    assert viewer.page.boxes.current == 4


def test_a_drag_is_no_click(show: ShowEntries, tmp_path: Path) -> None:
    viewer = show(make_reading(tmp_path))
    place = place_of(viewer, 4)
    QTest.mousePress(viewer.page.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseRelease(viewer.page.viewport(), Qt.MouseButton.LeftButton, pos=place + QPoint(60, 0))
    assert viewer.text.textCursor().position() == 0


def test_the_caret_shows_its_box_and_scrolls_there(show: ShowEntries, tmp_path: Path) -> None:
    viewer = show(make_reading(tmp_path))
    for _ in range(8):
        viewer.commands.zoom_in.trigger()
    bar = viewer.page.horizontalScrollBar()
    bar.setValue(bar.minimum())
    click(viewer.text.viewport(), place_in_text(viewer, "total"))
    assert viewer.page.boxes.current == 5
    seen = viewer.page.mapToScene(viewer.page.viewport().rect()).boundingRect()
    assert seen.contains(viewer.page.boxes.box(5).center())


def test_f8_goes_from_doubtful_word_to_doubtful_word(show: ShowEntries, tmp_path: Path) -> None:
    viewer = show(make_reading(tmp_path))

    def selected_after(key: Qt.KeyboardModifier) -> str:
        press(viewer, Qt.Key.Key_F8, key)
        return viewer.text.textCursor().selectedText()

    none = Qt.KeyboardModifier.NoModifier
    assert [selected_after(none) for _ in range(4)] == ["amount", "l2.5O", "tbe", "amount"]
    assert [selected_after(SHIFT) for _ in range(2)] == ["tbe", "l2.5O"]
    assert viewer.page.boxes.current == 2
    assert viewer.text.hasFocus()
    assert viewer.legend.count.text() == "3 doubtful words of 6"


def test_a_doubtful_word_is_magnified_until_it_can_be_read(show: ShowEntries, tmp_path: Path) -> None:
    viewer = show(make_reading(tmp_path))
    for _ in range(12):
        viewer.commands.zoom_out.trigger()
    assert viewer.page.boxes.box(1).height() * viewer.page.zoom < 10
    press(viewer, Qt.Key.Key_F8)
    assert viewer.page.boxes.box(1).height() * viewer.page.zoom > 20
    seen = viewer.page.mapToScene(viewer.page.viewport().rect()).boundingRect()
    assert seen.contains(viewer.page.boxes.box(1))
    viewer.commands.actual.trigger()
    press(viewer, Qt.Key.Key_F8)
    assert viewer.page.zoom == 1.0  # it can be read already


def test_a_dash_is_not_magnified_until_nothing_else_is_seen(show: ShowEntries, tmp_path: Path) -> None:
    entry = make_reading(tmp_path, words=(("Total", 0.95), ("-", 0.1), ("12", 0.95)))
    assert entry.outcome is not None
    (file,) = (Path(file) for file in entry.outcome.result_files if file.endswith(".json"))
    document = read_result(str(file))
    page = document.pages[0]
    dash = msgspec.structs.replace(page.words[1], box=(210, 40, 12, 2))
    page = msgspec.structs.replace(page, words=(page.words[0], dash, page.words[2]))
    file.write_bytes(msgspec.json.encode(msgspec.structs.replace(document, pages=(page,))))
    viewer = show(entry)
    viewer.commands.actual.trigger()
    press(viewer, Qt.Key.Key_F8)
    assert viewer.page.boxes.current == 1
    assert viewer.page.zoom == 1.0


def test_the_threshold_says_what_is_doubtful(show: ShowEntries, tmp_path: Path) -> None:
    viewer = show(make_reading(tmp_path))
    viewer.legend.threshold.setValue(30)
    press(viewer, Qt.Key.Key_F8)
    press(viewer, Qt.Key.Key_F8)
    assert viewer.text.textCursor().selectedText() == "l2.5O"
    assert viewer.legend.count.text() == "1 doubtful word of 6"


def test_a_doubtful_word_is_replaced_by_typing(qtbot: QtBot, show: ShowEntries, tmp_path: Path) -> None:
    viewer = show(make_reading(tmp_path))
    for _ in range(2):
        press(viewer, Qt.Key.Key_F8)
    assert viewer.page.boxes.tier(2) is not Tier.SURE
    type_text(viewer.text, "12.50")
    assert viewer.text.toPlainText() == "Total amount 12.50\npaid tbe total\n"
    press(viewer, Qt.Key.Key_F8)
    assert viewer.text.textCursor().selectedText() == "tbe"
    press(viewer, Qt.Key.Key_F8, SHIFT)  # what was typed is beyond doubt
    assert viewer.text.textCursor().selectedText() == "amount"
    qtbot.waitUntil(lambda: viewer.legend.count.text() == "2 doubtful words of 6")
    assert viewer.page.boxes.tier(2) is Tier.SURE  # on the image, too
    click(viewer.page.viewport(), place_of(viewer, 2))
    assert viewer.text.textCursor().position() == viewer.text.toPlainText().index("12.50")


def test_sure_and_doubtful_words_look_different(show: ShowEntries, tmp_path: Path) -> None:
    """Not by colour alone: below a doubtful word is a line that a sure one does not have."""
    viewer = show(make_reading(tmp_path))
    QGuiApplication.processEvents()
    picture = viewer.page.viewport().grab().toImage()

    def line_below(number: int) -> int:
        box = viewer.page.boxes.box(number)
        left, bottom = viewer.page.mapFromScene(box.left(), box.bottom()), 1
        right = viewer.page.mapFromScene(box.right(), box.bottom())
        white = QColor("white").rgb()
        return sum(picture.pixel(x, left.y() + bottom) != white for x in range(left.x() + 4, right.x() - 4))

    width = viewer.page.mapFromScene(viewer.page.boxes.box(2).bottomRight()).x() - place_of(viewer, 2).x()
    assert line_below(0) == 0
    assert 0 < line_below(1) < 2 * width - 8  # dashes
    assert line_below(2) >= 2 * width - 10  # one line
    viewer.commands.boxes.trigger()
    QGuiApplication.processEvents()
    picture = viewer.page.viewport().grab().toImage()
    assert line_below(2) == 0


def test_what_is_found_is_shown_on_the_image_too(show: ShowEntries, tmp_path: Path) -> None:
    viewer = show(make_reading(tmp_path))
    press(viewer, Qt.Key.Key_F, CONTROL)
    bar = viewer.panel.find_bar
    assert bar.field.hasFocus()
    type_text(bar.field, "TOTAL")
    assert viewer.page.boxes.hits == {0, 5}
    assert bar.count.text() == "2 found"
    press(viewer, Qt.Key.Key_F3)
    press(viewer, Qt.Key.Key_F3)
    assert bar.count.text() == "2 of 2"
    assert viewer.text.textCursor().selectionStart() == viewer.text.toPlainText().index("total")
    press(viewer, Qt.Key.Key_F3, SHIFT)
    assert bar.count.text() == "1 of 2"
    type_text(bar.field, "x")
    assert bar.count.text() == "Not found"
    press(bar.field, Qt.Key.Key_Escape)
    assert viewer.isVisible()
    assert not bar.isVisible()
    assert viewer.page.boxes.hits == frozenset()
    assert viewer.text.hasFocus()
    viewer.panel.setCurrentWidget(viewer.panel.json)
    press(viewer, Qt.Key.Key_F3)
    assert viewer.panel.currentWidget() is viewer.panel.text_tab
    assert bar.isVisible()
    viewer.panel.setCurrentWidget(viewer.panel.json)
    press(viewer, Qt.Key.Key_F3)
    assert viewer.panel.currentWidget() is viewer.panel.text_tab


def test_zooms_by_keys_and_wheel_and_fits(show: ShowEntries, tmp_path: Path) -> None:
    viewer = show(make_reading(tmp_path))
    page = viewer.page
    press(viewer, Qt.Key.Key_1, CONTROL)
    assert page.zoom == 1.0
    assert viewer.toolbar.zoom.text() == "100 %"
    press(page, Qt.Key.Key_Plus)
    assert page.zoom == 1.25
    press(page, Qt.Key.Key_Minus)
    press(page, Qt.Key.Key_Minus)
    assert page.zoom == pytest.approx(0.8)
    middle = QPointF(page.viewport().rect().center())
    wheel = QWheelEvent(
        middle,
        page.viewport().mapToGlobal(middle),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        CONTROL,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(page.viewport(), wheel)
    assert page.zoom == pytest.approx(1.0)
    press(viewer, Qt.Key.Key_2, CONTROL)
    assert page.zoom == pytest.approx(page.viewport().width() / 600, rel=0.05)
    press(page, Qt.Key.Key_0)
    assert page.sceneRect().width() * page.zoom <= page.viewport().width()
    assert page.sceneRect().height() * page.zoom <= page.viewport().height()


def test_space_and_the_pointer_pan(show: ShowEntries, tmp_path: Path) -> None:
    viewer = show(make_reading(tmp_path))
    page = viewer.page
    for _ in range(10):
        page.zoom_in()
    bar = page.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    page.setFocus()
    QTest.keyPress(page, Qt.Key.Key_Space)
    page._panned_from = QPoint(200, 200)
    before = bar.value()
    QTest.mouseMove(page.viewport(), QPoint(200, 170))
    assert bar.value() == before + 30
    QTest.keyRelease(page, Qt.Key.Key_Space)
    QTest.mouseMove(page.viewport(), QPoint(200, 100))
    assert bar.value() == before + 30


def test_steps_to_the_images_beside(qtbot: QtBot, show: ShowEntries, tmp_path: Path) -> None:
    entries = [make_reading(tmp_path, f"{name}.png", ((name, 0.9),)) for name in ("one", "two", "three")]
    viewer = show(*entries)
    press(viewer, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: viewer.text.toPlainText() == "two\n")
    press(viewer.page, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: viewer.text.toPlainText() == "three\n")
    assert not viewer.commands.next.isEnabled()
    assert viewer.toolbar.about.text() == "70 % confidence · 3 of 3"
    press(viewer.page, Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: viewer.text.toPlainText() == "two\n")
    viewer.text.setFocus()
    press(viewer.text, Qt.Key.Key_PageDown)  # in the text it moves the caret
    assert viewer.entry == entries[1]


def test_fields_json_and_txt(qtbot: QtBot, show: ShowEntries, tmp_path: Path) -> None:
    entry = make_reading(tmp_path)
    viewer = show(entry)
    assert entry.outcome is not None
    panel = viewer.panel
    panel.setCurrentWidget(panel.fields)
    fields = dict(panel.fields.fields.fields)
    assert fields["Confidence"] == "70.0 %"
    assert fields["Languages"] == "eng, deu"
    assert fields["Resolution"].startswith("600 by 400 pixels")
    assert fields["Corrected"] == "No"
    assert fields["SHA-256 of the image"] == read_back(entry).source.sha256
    assert fields["Page segmentation mode"] == "3"
    row = [field.name for field in panel.fields.fields.fields].index("Engine")

    def copy_engine() -> bool:
        panel.fields.selectRow(row)
        press(panel.fields, Qt.Key.Key_C, CONTROL)
        return QGuiApplication.clipboard().text() == "drawn 1.0"

    qtbot.waitUntil(copy_engine)
    for widget, file in zip((panel.json, panel.txt), entry.outcome.result_files, strict=True):
        panel.setCurrentWidget(widget)
        qtbot.waitUntil(partial(getattr, widget, "is_whole"))
        assert widget.toPlainText().rstrip() == Path(file).read_text("utf-8").rstrip()


def test_the_fields_are_a_sound_model(qtmodeltester: ModelTester, tmp_path: Path) -> None:
    entry = make_reading(tmp_path)
    model = FieldsModel()
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    model.show_fields(describe_image(entry.path, entry.outcome, read_back(entry)))
    assert Field("File", "scan.png") in model.fields
    assert model.rowCount() > 10


def test_pages_are_turned_when_there_are_several(qtbot: QtBot, show: ShowEntries, tmp_path: Path) -> None:
    viewer = show(make_reading(tmp_path, pages=2))
    spin = viewer.toolbar.page
    assert spin.isVisible()
    assert spin.suffix() == " of 2"
    click(viewer.text.viewport(), place_in_text(viewer, "Total"))
    assert spin.value() == 1
    start = viewer.text.toPlainText().rindex("paid")
    cursor = viewer.text.textCursor()
    cursor.setPosition(start)
    viewer.text.setTextCursor(cursor)
    assert spin.value() == 2
    qtbot.waitUntil(lambda: not viewer.page.has_picture)  # its image cannot be shown yet, and it says so


def test_a_large_page_is_sharp_where_it_is_looked_at(qtbot: QtBot, show: ShowEntries, tmp_path: Path) -> None:
    entry = make_reading(tmp_path)
    image = Image.new("L", (6000, 4000), 255)
    image.paste(0, (3000, 2000, 3001, 2001))  # one black pixel, in the middle of a tile
    image.save(entry.path)
    viewer = show(ViewerEntry(entry.path, None))
    viewer.commands.actual.trigger()
    viewer.page.centerOn(3000, 2000)
    place = viewer.page.mapFromScene(3000, 2000)

    def is_black() -> bool:
        return bool(viewer.page.viewport().grab().toImage().pixelColor(place).lightness() < 60)

    qtbot.waitUntil(lambda: viewer.page.is_sharp and is_black())


def test_tiles_put_together_are_the_page() -> None:
    image = Image.effect_noise((1300, 1100), 80)
    pyramid = PagePyramid(image)
    assert pyramid.top == 1
    assert [pyramid.level_for(zoom) for zoom in (2.0, 1.0, 0.6, 0.5, 0.1)] == [0, 0, 0, 1, 1]
    keys = pyramid.keys_in(0, 0, 0, 1300, 1100)
    assert len(keys) == 9
    assert pyramid.keys_in(0, 600, 600, 700, 700) == [TileKey(0, 1, 1)]
    tile = pyramid.tile(TileKey(0, 2, 2))
    assert (tile.width(), tile.height()) == (1300 - 1024, 1100 - 1024)
    assert tile.pixelColor(3, 4).red() == image.getpixel((1027, 1028))


def test_an_image_turned_by_the_user_is_shown_so(show: ShowEntries, tmp_path: Path) -> None:
    entry = make_reading(tmp_path)
    viewer = show(ViewerEntry(entry.path, None, rotation=90))
    assert (viewer.page.sceneRect().width(), viewer.page.sceneRect().height()) == (400, 600)


def test_an_image_that_is_gone_says_so(qtbot: QtBot, show: ShowEntries, tmp_path: Path) -> None:
    entry = make_reading(tmp_path)
    viewer = show(entry, ViewerEntry(str(tmp_path / "gone.png"), None))
    viewer.commands.next.trigger()
    qtbot.waitUntil(lambda: "gone.png" in viewer.page._message)
    assert "not been read" in viewer.text.placeholderText()


def test_copies_the_whole_text(show: ShowEntries, tmp_path: Path) -> None:
    viewer = show(make_reading(tmp_path))
    press(viewer, Qt.Key.Key_C, CONTROL | SHIFT)
    assert QGuiApplication.clipboard().text() == "Total amount l2.5O\npaid tbe total\n"
