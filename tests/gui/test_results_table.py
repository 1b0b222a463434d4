"""The table of results, also with very many rows."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ocr_desktop.domain.items import ImageItem, ItemRecord
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.results.results_model import ResultsModel
from ocr_desktop.gui.results.results_order import Column
from ocr_desktop.gui.results.results_table import ResultsTable

ROWS = 2_000


class CountingModel(ResultsModel):
    """Knows how often a view has asked where a cell is: Qt asks for the columns each time."""

    asked = 0

    def columnCount(self, *arguments: object) -> int:  # noqa: N802 - Qt's name
        """Count, and answer."""
        self.asked += 1
        return super().columnCount(*arguments)  # type: ignore[arg-type]


def records() -> list[ItemRecord]:
    return [
        ItemRecord(
            ImageItem(
                id=number, path=f"/scans/{number % 97}/{number}.png", output_dir="/", result_stems=("a",)
            ),
            ItemState.COMPLETED,
        )
        for number in range(ROWS)
    ]


def test_selecting_all_rows_does_not_look_at_each(qtbot: QtBot) -> None:
    model = CountingModel()
    table = ResultsTable(model)
    qtbot.addWidget(table)
    table.show()
    model.add(records())
    table.grab()
    model.asked = 0
    table.selectAll()
    table.grab()
    assert 0 < model.asked < ROWS
    assert table.selected_ids() == model.shown_ids()
    model.release()
    table.release()


def test_the_selected_images_come_in_the_order_of_the_rows(qtbot: QtBot) -> None:
    model = ResultsModel()
    table = ResultsTable(model)
    qtbot.addWidget(table)
    model.add(records())
    model.sort(Column.NAME, Qt.SortOrder.DescendingOrder)
    qtbot.waitUntil(lambda: model.shown_ids()[0] == ROWS - 1)  # 2 comes before 10, so the last comes first
    table.clearSelection()
    table.selectRow(7)
    table.setSelectionMode(ResultsTable.SelectionMode.MultiSelection)
    for row in (3, 4, 1_500):
        table.selectRow(row)
    shown = model.shown_ids()
    assert table.selected_ids() == [shown[3], shown[4], shown[7], shown[1_500]]
    model.release()
    table.release()
