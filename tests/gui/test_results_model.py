"""The table of results: filters, search, sorting."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from ocr_desktop.domain.items import ImageItem, ItemOutcome, ItemRecord
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.results.results_model import ResultsModel
from ocr_desktop.gui.results.results_order import Column


def record(number: int, name: str, state: ItemState, **values: object) -> ItemRecord:
    item = ImageItem(id=number, path=f"/scans/{name}", output_dir="/scans", result_stems=(name,))
    return ItemRecord(item, state, ItemOutcome(item_id=number, state=state, attempts=1, **values))  # type: ignore[arg-type]


RECORDS = [
    record(0, "b.png", ItemState.COMPLETED, confidence=0.5, seconds=2.0),
    record(1, "a.png", ItemState.FAILED, error="It is\ncut off.", seconds=0.25),
    record(2, "C.png", ItemState.COMPLETED, confidence=0.9, seconds=1.0),
    record(3, "d.png", ItemState.SKIPPED, reason="It has a result."),
]


@pytest.fixture
def model(qtbot: QtBot, qtmodeltester: ModelTester) -> ResultsModel:
    del qtbot
    model = ResultsModel()
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    model.add(RECORDS[:2])
    model.add(RECORDS[2:])
    return model


def column(model: ResultsModel, which: Column) -> list[str]:
    return [model.index(row, which).data() for row in range(model.rowCount())]


def test_shows_what_became_of_each(model: ResultsModel) -> None:
    assert column(model, Column.NAME) == ["b.png", "a.png", "C.png", "d.png"]
    assert column(model, Column.CONFIDENCE) == ["50 %", "", "90 %", ""]
    assert column(model, Column.SECONDS) == ["2.0", "0.2", "1.0", "0.0"]
    assert column(model, Column.DETAILS) == ["", "It is cut off.", "", "It has a result."]
    assert model.index(1, Column.STATE).data(Qt.ItemDataRole.DecorationRole) is not None


def test_filters_by_state_and_name(model: ResultsModel) -> None:
    model.set_filter(ItemState.COMPLETED, "")
    assert column(model, Column.NAME) == ["b.png", "C.png"]
    model.set_filter(ItemState.COMPLETED, "c")
    assert column(model, Column.NAME) == ["C.png"]
    model.set_filter(None, "")
    assert model.rowCount() == 4
    assert (model.total, model.count_of(ItemState.COMPLETED)) == (4, 2)


def test_what_comes_later_is_filtered_too(model: ResultsModel) -> None:
    model.set_filter(ItemState.FAILED, "")
    model.add([record(4, "e.png", ItemState.FAILED), record(5, "f.png", ItemState.COMPLETED)])
    assert column(model, Column.NAME) == ["a.png", "e.png"]
    assert [record.item.id for record in model.records_in(ItemState.FAILED)] == [1, 4]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (Column.NAME, ["a.png", "b.png", "C.png", "d.png"]),
        (Column.SECONDS, ["d.png", "a.png", "C.png", "b.png"]),
        (Column.CONFIDENCE, ["a.png", "d.png", "b.png", "C.png"]),
    ],
)
def test_sorts(model: ResultsModel, by: Column, expected: list[str]) -> None:
    model.sort(by)
    assert column(model, Column.NAME) == expected


def test_sorts_back_to_the_order_of_the_job(model: ResultsModel) -> None:
    model.sort(Column.NAME, Qt.SortOrder.DescendingOrder)
    assert column(model, Column.NAME)[0] == "d.png"
    model.sort(-1)
    assert column(model, Column.NAME) == ["b.png", "a.png", "C.png", "d.png"]
