"""The list of images: counts, ticks, filter, states, and what it tells the view."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from ocr_desktop.domain.items import FoundImage, ItemOutcome
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.grid.pixmap_cache import PixmapCache
from ocr_desktop.gui.images.image_list_model import ImageListModel, ImageRole, ImageUpdate, Query
from ocr_desktop.gui.images.row_ranges import coalesce

CHECK = Qt.ItemDataRole.CheckStateRole


def found(*names: str) -> list[FoundImage]:
    return [FoundImage(path=f"/scans/{name}", root="/scans") for name in names]


@pytest.fixture
def model(qtbot: QtBot, qtmodeltester: ModelTester) -> ImageListModel:
    del qtbot
    model = ImageListModel(PixmapCache())
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    return model


def names(model: ImageListModel) -> list[str]:
    return [model.index(row).data() for row in range(model.rowCount())]


def changed_rows(model: ImageListModel) -> list[tuple[int, int, tuple[int, ...]]]:
    changes: list[tuple[int, int, tuple[int, ...]]] = []

    def note(first: QModelIndex, last: QModelIndex, roles: Sequence[int]) -> None:
        changes.append((first.row(), last.row(), tuple(roles)))

    model.dataChanged.connect(note)
    return changes


def outcome(item_id: int, state: ItemState, **values: object) -> ItemOutcome:
    return ItemOutcome(item_id=item_id, state=state, **values)  # type: ignore[arg-type]


def test_every_operation_keeps_the_model_sound(model: ImageListModel) -> None:
    model.add(found("a.png", "b.png", "c.png"))
    model.set_query(Query(text="B"))
    model.add(found("bb.png", "d.png"))
    assert names(model) == ["b.png", "bb.png"]
    model.set_query(Query(text=""))
    model.apply([ImageUpdate(2, ItemState.PROCESSING)])
    model.clear()
    assert names(model) == []


def test_new_images_are_ticked_and_counted(model: ImageListModel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(model.counts_changed):
        assert model.add(found("a.png", "b.png")) == 2
    assert (model.total, model.ticked, model.count_of(None)) == (2, 2, 2)
    assert model.ticked_ids() == [0, 1]


def test_an_image_is_listed_once(model: ImageListModel) -> None:
    model.add(found("a.png"))
    assert model.add(found("a.png", "b.png")) == 1
    assert names(model) == ["a.png", "b.png"]


def test_ids_are_never_used_again(model: ImageListModel) -> None:
    model.add(found("a.png", "b.png"))
    model.clear()
    model.add(found("c.png"))
    assert model.id_at(0) == 2
    model.apply([ImageUpdate(0, ItemState.COMPLETED)])  # late news about an image that is gone
    assert model.count_of(ItemState.COMPLETED) == 0


def test_a_click_on_the_checkbox_unticks(model: ImageListModel) -> None:
    model.add(found("a.png", "b.png"))
    changes = changed_rows(model)
    assert model.setData(model.index(1), Qt.CheckState.Unchecked.value, CHECK)
    assert model.ticked == 1
    assert Qt.CheckState(model.index(1).data(CHECK)) == Qt.CheckState.Unchecked
    assert [change[:2] for change in changes] == [(1, 1)]
    assert CHECK in changes[0][2]


def test_nothing_else_can_be_edited(model: ImageListModel) -> None:
    model.add(found("a.png"))
    assert not model.setData(model.index(0), "b.png", Qt.ItemDataRole.EditRole)


def test_setting_a_tick_that_is_set_tells_nobody(model: ImageListModel, qtbot: QtBot) -> None:
    model.add(found("a.png"))
    with qtbot.assertNotEmitted(model.dataChanged), qtbot.assertNotEmitted(model.counts_changed):
        model.set_ticked([0], ticked=True)


def test_inverting_acts_on_what_is_shown(model: ImageListModel) -> None:
    model.add(found("a1.png", "a2.png", "b.png"))
    model.set_ticked([0], ticked=False)
    model.set_query(Query(text="a"))
    model.invert_ticks()
    assert model.ticked_ids() == [0, 2]


def test_ticking_only_what_failed(model: ImageListModel) -> None:
    model.add(found("a.png", "b.png", "c.png"))
    model.apply([ImageUpdate(1, ItemState.FAILED, outcome(1, ItemState.FAILED, error="No."))])
    model.tick_only(lambda state: state is ItemState.FAILED)
    assert model.ticked_ids() == [1]


def test_states_are_counted_and_described(model: ImageListModel) -> None:
    model.add(found("a.png", "b.png", "c.png"))
    model.apply(
        [
            ImageUpdate(0, ItemState.COMPLETED, outcome(0, ItemState.COMPLETED, confidence=0.934)),
            ImageUpdate(1, ItemState.FAILED, outcome(1, ItemState.FAILED, error="It is cut off.")),
            ImageUpdate(2, ItemState.PROCESSING),
        ]
    )
    assert [model.count_of(state) for state in (ItemState.COMPLETED, ItemState.FAILED, None)] == [1, 1, 0]
    assert "93 %" in model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert "It is cut off." in model.index(1).data(Qt.ItemDataRole.ToolTipRole)
    assert model.index(1).data(ImageRole.STATE) == ItemState.FAILED
    assert model.tile(0).confidence == pytest.approx(0.934)
    assert "c.png" in model.index(2).data(Qt.ItemDataRole.AccessibleTextRole)


def test_news_of_neighbours_is_one_change(model: ImageListModel) -> None:
    model.add(found(*(f"{number}.png" for number in range(10))))
    changes = changed_rows(model)
    model.apply([ImageUpdate(image_id, ItemState.PROCESSING) for image_id in (3, 4, 5, 8)])
    assert [change[:2] for change in changes] == [(3, 5), (8, 8)]
    assert all(CHECK not in change[2] for change in changes)


def test_a_hidden_image_changes_no_row(model: ImageListModel) -> None:
    model.add(found("a.png", "b.png"))
    model.set_query(Query(text="a"))
    changes = changed_rows(model)
    model.apply([ImageUpdate(1, ItemState.COMPLETED)])
    assert changes == []
    assert model.count_of(ItemState.COMPLETED) == 1


def test_the_end_of_a_run_frees_what_it_left(model: ImageListModel) -> None:
    model.add(found("a.png", "b.png", "c.png"))
    states = (ItemState.PENDING, ItemState.PROCESSING, ItemState.COMPLETED)
    model.apply([ImageUpdate(image_id, state) for image_id, state in enumerate(states)])
    model.end_run()
    assert [model.state(image_id) for image_id in range(3)] == [None, None, ItemState.COMPLETED]


def test_very_many_stretches_become_one() -> None:
    assert coalesce([]) == []
    assert coalesce([1, 2, 3, 7]) == [(1, 3), (7, 7)]
    assert coalesce(list(range(0, 1000, 2))) == [(0, 998)]


def test_a_name_that_is_no_text_is_still_shown(model: ImageListModel) -> None:
    model.add([FoundImage(path="/scans/\udcff.png", root="/scans")])
    assert names(model) == ["\ufffd.png"]
