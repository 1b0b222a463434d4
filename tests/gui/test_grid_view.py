"""The grid: where cells are, what clicks, keys and the rubber band select, how the view keeps its place."""

import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from ocr_desktop.domain.items import FoundImage
from ocr_desktop.gui.grid.grid_view import AnyIndex, GridView
from ocr_desktop.gui.grid.pixmap_cache import PixmapCache
from ocr_desktop.gui.images.image_list_model import ImageListModel, Order, Query
from tests.gui.person import click, press

CELL = QSize(100, 80)
PLAIN = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Painted(QStyledItemDelegate):
    """Notes which rows are painted, and how."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[int, QStyle.StateFlag] = {}

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        del painter
        self.rows[index.row()] = option.state


def found(*numbers: int) -> list[FoundImage]:
    return [FoundImage(path=f"/scans/{number}.png", root="/scans") for number in numbers]


MakeGrid = Callable[[int], GridView]


@pytest.fixture
def make_grid(qtbot: QtBot) -> MakeGrid:
    """Return a function that shows a grid of four columns and five whole lines."""

    def make(count: int) -> GridView:
        model = ImageListModel(PixmapCache())
        model.add(found(*range(count)))
        view = GridView()
        model.setParent(view)
        view.setModel(model)
        view.set_smallest_cell(CELL)
        view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        qtbot.addWidget(view)
        view.show()
        margins = view.size() - view.viewport().size()
        view.resize(QSize(430, 400) + margins)
        qtbot.waitExposed(view)
        qtbot.waitUntil(lambda: view.viewport().size() == QSize(430, 400))
        assert view.columns == 4
        return view

    return make


def model_of(view: GridView) -> ImageListModel:
    model = view.model()
    assert isinstance(model, ImageListModel)
    return model


def middle(view: GridView, row: int) -> QPoint:
    return view.visualRect(view.model().index(row, 0)).center()


def drag(view: GridView, start: QPoint, end: QPoint, keys: Qt.KeyboardModifier = PLAIN) -> None:
    target = view.viewport()
    QTest.mousePress(target, Qt.MouseButton.LeftButton, keys, start)
    for step in range(1, 11):
        QTest.mouseMove(target, start + (end - start) * step / 10)
    QTest.mouseRelease(target, Qt.MouseButton.LeftButton, keys, end)


def test_every_cell_is_found_at_its_place(make_grid: MakeGrid) -> None:
    view = make_grid(103)
    for row in (0, 3, 4, 50, 102):
        view.scrollTo(view.model().index(row, 0))
        assert view.indexAt(middle(view, row)).row() == row
        assert row in view.visible_rows()
    assert not view.indexAt(middle(view, 102) + QPoint(107, 0)).isValid()  # the last line is not full
    assert not view.indexAt(QPoint(429, 10)).isValid()  # beside the last column


def test_the_scroll_bar_spans_all_lines(make_grid: MakeGrid) -> None:
    view = make_grid(103)
    assert view.verticalScrollBar().maximum() == 26 * 80 - 400
    model_of(view).remove(range(50, 103))
    assert view.verticalScrollBar().maximum() == 13 * 80 - 400
    model_of(view).clear()
    assert view.verticalScrollBar().maximum() == 0


def test_only_what_is_in_sight_is_painted(make_grid: MakeGrid, qtbot: QtBot) -> None:
    view = make_grid(5_000)
    painted = Painted()
    view.setItemDelegate(painted)
    painted.setParent(view)
    view.verticalScrollBar().setValue(80 * 100)
    painted.rows.clear()
    view.setCurrentIndex(view.model().index(405, 0))
    view.setFocus()
    qtbot.waitUntil(lambda: 405 in painted.rows)
    view.viewport().repaint()
    assert set(painted.rows) == set(range(400, 420))
    selected = QStyle.StateFlag.State_Selected
    assert [row for row, state in painted.rows.items() if state & selected] == [405]


class Slow(Painted):
    """Takes as long as a delegate that has to draw a cell anew on a busy machine."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        super().paint(painter, option, index)
        time.sleep(0.004)


def test_scrolling_does_not_wait_for_cells_that_are_slow_to_draw(make_grid: MakeGrid, qtbot: QtBot) -> None:
    view = make_grid(5_000)
    slow = Slow()
    view.setItemDelegate(slow)
    slow.setParent(view)
    view.viewport().update()
    qtbot.waitUntil(lambda: bool(slow.rows))
    slow.rows.clear()
    view.verticalScrollBar().setValue(80 * 100)
    view.viewport().repaint()
    assert 0 < len(slow.rows) < 20
    qtbot.waitUntil(lambda: set(range(400, 420)) <= set(slow.rows))  # the others come right after it


def test_arrow_and_page_keys_move_on_the_grid(make_grid: MakeGrid) -> None:
    view = make_grid(103)
    view.setFocus()
    view.setCurrentIndex(view.model().index(1, 0))
    key = Qt.Key
    ways = [
        (key.Key_Down, 5),
        (key.Key_Right, 6),
        (key.Key_PageDown, 26),
        (key.Key_Up, 22),
        (key.Key_Left, 21),
        (key.Key_PageUp, 1),
        (key.Key_Up, 1),
        (key.Key_End, 102),
        (key.Key_Right, 102),
        (key.Key_PageDown, 102),
        (key.Key_Up, 98),
        (key.Key_Right, 99),
        (key.Key_Down, 102),  # below it the line is empty: its last image is next
        (key.Key_Home, 0),
        (key.Key_Left, 0),
    ]
    for pressed, row in ways:
        press(view, pressed)
        assert view.currentIndex().row() == row
        assert view.selected_rows() == [row]
        assert row in view.visible_rows()


def test_shift_takes_all_from_one_image_to_the_other(make_grid: MakeGrid) -> None:
    view = make_grid(103)
    click(view.viewport(), middle(view, 6))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, SHIFT, middle(view, 13))
    assert view.selected_rows() == list(range(6, 14))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, SHIFT, middle(view, 1))
    assert view.selected_rows() == list(range(1, 7))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, CTRL, middle(view, 15))
    assert view.selected_rows() == [*range(1, 7), 15]
    click(view.viewport(), middle(view, 9))
    view.setFocus()
    for pressed in (Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Left):
        press(view, pressed, SHIFT)
    assert view.selected_rows() == list(range(9, 12))  # 9, 13, 12, 11
    press(view, Qt.Key.Key_End, SHIFT)
    assert view.selected_rows() == list(range(9, 103))


def test_a_rubber_band_takes_what_it_touches(make_grid: MakeGrid) -> None:
    view = make_grid(103)
    drag(view, middle(view, 1), middle(view, 10))
    assert view.selected_rows() == [1, 2, 5, 6, 9, 10]
    drag(view, middle(view, 15), middle(view, 12), CTRL)
    assert view.selected_rows() == [1, 2, 5, 6, 9, 10, 12, 13, 14, 15]
    drag(view, QPoint(428, 5), middle(view, 3))  # from beside the cells
    assert view.selected_rows() == [3]
    click(view.viewport(), QPoint(428, 5))
    assert view.selected_rows() == []


def test_a_rubber_band_scrolls_on_beyond_the_edge(make_grid: MakeGrid, qtbot: QtBot) -> None:
    view = make_grid(1_000)
    target = view.viewport()
    QTest.mousePress(target, Qt.MouseButton.LeftButton, PLAIN, middle(view, 0))
    QTest.mouseMove(target, middle(view, 7))
    QTest.mouseMove(target, QPoint(428, 460))
    qtbot.waitUntil(lambda: view.verticalOffset() > 1_000)
    QTest.mouseRelease(target, Qt.MouseButton.LeftButton, PLAIN, QPoint(428, 460))
    rows = view.selected_rows()
    assert rows == list(range(rows[-1] + 1))
    assert len(rows) > 50
    stopped = view.verticalOffset()
    qtbot.wait(60)
    assert view.verticalOffset() == stopped


def test_select_all_is_one_stretch(make_grid: MakeGrid) -> None:
    view = make_grid(20_000)
    view.selectAll()
    assert view.selected_rows() == list(range(20_000))
    assert view.visualRegionForSelection(view.selectionModel().selection()).boundingRect().height() >= 400


def test_typing_finds_a_name(make_grid: MakeGrid) -> None:
    view = make_grid(500)
    view.setFocus()
    for letter in "321":
        press(view, Qt.Key(ord(letter)))
    assert view.currentIndex().row() == 321


def test_new_images_above_do_not_move_what_is_in_sight(make_grid: MakeGrid) -> None:
    view = make_grid(1_000)
    model = model_of(view)
    model.set_order(Order.NAME, descending=True)
    view.verticalScrollBar().setValue(80 * 30 + 17)
    row = view.visible_rows()[0]
    before = model.id_at(row), view.top_of(row)
    model.add(found(5_000, 5_001, 5_002, 5_003, 6_000, 6_001, 6_002, 6_003))
    row = view.visible_rows()[0]
    assert (model.id_at(row), view.top_of(row)) == before
    model.remove([model.id_at(row) for row in range(8)])
    row = view.visible_rows()[0]
    assert (model.id_at(row), view.top_of(row)) == before


def test_the_current_image_stays_in_sight_through_the_filter(make_grid: MakeGrid) -> None:
    view = make_grid(1_000)
    model = model_of(view)
    view.setCurrentIndex(model.index(777, 0))
    chosen = model.id_at(777)
    model.set_query(Query(text="7"))
    assert model.id_at(view.currentIndex().row()) == chosen
    assert view.selected_rows() == [view.currentIndex().row()]
    assert view.currentIndex().row() in view.visible_rows()
    model.set_query(Query(text=""))
    assert view.currentIndex().row() == 777
    assert 777 in view.visible_rows()


def test_another_order_keeps_height_and_selection(make_grid: MakeGrid) -> None:
    view = make_grid(1_000)
    model = model_of(view)
    view.setCurrentIndex(model.index(500, 0))
    view.verticalScrollBar().setValue(80 * 40)
    model.set_order(Order.NAME, descending=True)
    assert view.verticalOffset() == 80 * 40
    assert view.selected_rows() == [499]
    assert view.currentIndex().row() == 499


def test_a_narrower_view_has_fewer_columns_and_keeps_the_place(make_grid: MakeGrid, qtbot: QtBot) -> None:
    view = make_grid(1_000)
    view.verticalScrollBar().setValue(80 * 100)
    view.resize(view.width() - 200, view.height())
    qtbot.waitUntil(lambda: view.columns == 2)
    assert view.cell.width() == 115
    assert view.visible_rows()[0] == 400


def test_larger_cells_keep_the_middle_in_sight(make_grid: MakeGrid) -> None:
    view = make_grid(1_000)
    view.verticalScrollBar().setValue(80 * 100)
    rows = view.visible_rows()
    view.set_smallest_cell(QSize(200, 160))
    assert rows[len(rows) // 2] in view.visible_rows()


def test_changes_out_of_sight_are_not_painted(make_grid: MakeGrid, qtbot: QtBot) -> None:
    view = make_grid(1_000)
    painted = Painted()
    view.setItemDelegate(painted)
    painted.setParent(view)
    view.viewport().repaint()
    painted.rows.clear()
    model_of(view).set_ticked(range(500, 600), ticked=False)
    model_of(view).set_ticked([6], ticked=False)
    qtbot.waitUntil(lambda: bool(painted.rows))
    assert 6 in painted.rows
    assert max(painted.rows) < 20


def test_an_empty_grid_answers(make_grid: MakeGrid) -> None:
    view = make_grid(0)
    view.setFocus()
    for pressed in (Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_PageDown):
        press(view, pressed)
    assert not view.currentIndex().isValid()
    assert view.visible_rows() == range(0)
    drag(view, QPoint(10, 10), QPoint(100, 100))
    assert view.visualRect(view.model().index(3, 0)) == QRect()
