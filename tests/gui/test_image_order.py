"""Which images are shown and in which order, also while they come and go, and while a run tells of them."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from ocr_desktop.domain.items import FoundImage, ItemOutcome
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.grid.pixmap_cache import PixmapCache
from ocr_desktop.gui.images.image_entry import FileFacts, ImageEntry
from ocr_desktop.gui.images.image_list_model import ImageListModel, ImageRole, ImageUpdate, Order, Query
from ocr_desktop.gui.images.image_rows import ImageRows


def found(*names: str) -> list[FoundImage]:
    return [FoundImage(path=f"/scans/{name}", root="/scans") for name in names]


@pytest.fixture
def model(qtbot: QtBot, qtmodeltester: ModelTester) -> ImageListModel:
    del qtbot
    model = ImageListModel(PixmapCache())
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    return model


def names(model: ImageListModel) -> list[str]:
    return [model.image(image_id).path.removeprefix("/scans/") for image_id in model.shown_ids()]


def done(image_id: int, confidence: float) -> ImageUpdate:
    outcome = ItemOutcome(item_id=image_id, state=ItemState.COMPLETED, confidence=confidence)
    return ImageUpdate(image_id, ItemState.COMPLETED, outcome)


def test_names_in_both_directions(model: ImageListModel) -> None:
    model.add(found("b/2.png", "b/10.png", "a/1.png", "a/10.png"))
    model.set_order(Order.NAME)
    assert names(model) == ["a/1.png", "b/2.png", "b/10.png", "a/10.png"]
    model.set_order(Order.NAME, descending=True)
    assert names(model) == ["b/10.png", "a/10.png", "b/2.png", "a/1.png"]
    model.set_order(Order.FOUND)
    assert names(model) == ["b/2.png", "b/10.png", "a/1.png", "a/10.png"]


def test_a_folder_comes_before_what_is_in_it(model: ImageListModel) -> None:
    model.add(found("box 10/1.png", "box 2/b.png", "box 2/sub/1.png", "box 2/a.png", "z.png"))
    model.set_order(Order.FOLDER)
    assert names(model) == ["z.png", "box 2/a.png", "box 2/b.png", "box 2/sub/1.png", "box 10/1.png"]


def test_images_that_are_found_later_go_where_they_belong(model: ImageListModel) -> None:
    model.set_order(Order.NAME)
    model.add(found("m.png"))
    model.add(found("z.png", "a.png", "n.png"))
    assert names(model) == ["a.png", "m.png", "n.png", "z.png"]
    model.set_query(Query(text="N"))  # all of them end in png
    model.add(found("b.tif", "c.png"))
    assert names(model) == ["a.png", "c.png", "m.png", "n.png", "z.png"]
    model.set_query(Query())
    assert names(model) == ["a.png", "b.tif", "c.png", "m.png", "n.png", "z.png"]


def test_a_batch_that_goes_everywhere_is_one_reset(model: ImageListModel, qtbot: QtBot) -> None:
    model.set_order(Order.NAME)
    model.add(found(*(f"{number}.png" for number in range(0, 1_000, 2))))
    with qtbot.assertNotEmitted(model.rowsInserted), qtbot.waitSignal(model.modelReset):
        model.add(found(*(f"{number}.png" for number in range(1, 1_000, 2))))
    assert names(model) == [f"{number}.png" for number in range(1_000)]
    assert [model.row_of(image_id) for image_id in (0, 500, 999)] == [0, 1, 999]


def test_the_query_joins_its_conditions(model: ImageListModel) -> None:
    model.add(found("a/1.png", "a/sub/1.png", "ab/1.png", "a/2.png"))
    model.set_query(Query(folder="/scans/a"))
    assert names(model) == ["a/1.png", "a/sub/1.png", "a/2.png"]
    model.set_query(Query(folder="/scans/a", text=" 1.PNG "))
    assert names(model) == ["a/1.png", "a/sub/1.png"]
    model.apply([done(0, 0.5)])
    model.set_query(Query(folder="/scans/a", states=frozenset({None})))
    assert names(model) == ["a/sub/1.png", "a/2.png"]
    model.set_query(Query(ids=frozenset({2, 3}), states=frozenset({None})))
    assert names(model) == ["ab/1.png", "a/2.png"]
    model.set_query(Query(states=frozenset({ItemState.FAILED})))
    assert names(model) == []


def test_the_least_certain_first_and_the_unread_last(model: ImageListModel) -> None:
    model.add(found("a.png", "b.png", "c.png", "d.png"))
    model.apply([done(0, 0.9), done(2, 0.4)])
    model.set_order(Order.CONFIDENCE)
    assert names(model) == ["c.png", "a.png", "b.png", "d.png"]
    model.set_order(Order.CONFIDENCE, descending=True)
    assert names(model) == ["a.png", "c.png", "b.png", "d.png"]


def test_rows_do_not_jump_while_a_run_goes_on(model: ImageListModel, qtbot: QtBot) -> None:
    model.add(found("a.png", "b.png", "c.png"))
    model.set_order(Order.STATE)
    with qtbot.assertNotEmitted(model.modelReset, wait=200):
        model.apply([ImageUpdate(2, ItemState.FAILED), ImageUpdate(0, ItemState.PENDING)])
    assert names(model) == ["a.png", "b.png", "c.png"]
    model.end_run()
    assert names(model) == ["c.png", "a.png", "b.png"]
    model.apply([ImageUpdate(1, ItemState.FAILED)])
    with qtbot.waitSignal(model.modelReset, timeout=10_000):  # after a while, also in the middle of a run
        pass
    assert names(model) == ["b.png", "c.png", "a.png"]


def test_a_filter_by_state_waits_for_a_calm_moment_too(model: ImageListModel) -> None:
    model.add(found("a.png", "b.png"))
    model.set_query(Query(states=frozenset({None})))
    model.apply([ImageUpdate(0, ItemState.FAILED)])
    assert names(model) == ["a.png", "b.png"]
    model.end_run()
    assert names(model) == ["b.png"]


def test_dates_and_sizes_come_from_the_disk(model: ImageListModel, tmp_path: Path, qtbot: QtBot) -> None:
    sizes = {"a.png": 30, "b.png": 10, "c.png": 20}
    for age, (name, size) in enumerate(sizes.items()):
        (tmp_path / name).write_bytes(b"x" * size)
        os.utime(tmp_path / name, (1_000 + age, 1_000 + age))
    paths = [str(tmp_path / name) for name in (*sizes, "gone.png")]
    model.add(FoundImage(path=path, root=str(tmp_path)) for path in paths[1:])
    model.set_order(Order.SIZE)

    def shown() -> list[str]:
        return [model.name(image_id) for image_id in model.shown_ids()]

    qtbot.waitUntil(lambda: shown() == ["b.png", "c.png", "gone.png"])
    model.add([FoundImage(path=paths[0], root=str(tmp_path))])
    qtbot.waitUntil(lambda: shown() == ["b.png", "c.png", "a.png", "gone.png"])
    model.set_order(Order.DATE, descending=True)
    qtbot.waitUntil(lambda: shown() == ["c.png", "b.png", "a.png", "gone.png"])
    model.stop()


def test_removing_forgets_all_about_an_image(model: ImageListModel, qtbot: QtBot) -> None:
    model.add(found("a.png", "sub/b.png", "c.png", "d.png"))
    model.apply([ImageUpdate(1, ItemState.FAILED)])
    with qtbot.waitSignals([model.counts_changed, model.folders_changed]):
        model.remove([1, 2, 77])
    assert names(model) == ["a.png", "d.png"]
    assert (model.total, model.ticked, model.ticked_ids()) == (2, 2, [0, 3])
    assert (model.count_of(ItemState.FAILED), model.count_of(None)) == (0, 2)
    assert model.folder_counts() == {"/scans": 2}
    assert model.id_of_path("/scans/c.png") is None
    assert model.row_of(3) == 1
    assert model.add(found("c.png")) == 1  # found again: a new entry
    assert model.row_of(4) == 2


def test_removing_very_many_is_one_reset(model: ImageListModel, qtbot: QtBot) -> None:
    model.add(found(*(f"{number}.png" for number in range(1_000))))
    with qtbot.assertNotEmitted(model.rowsRemoved), qtbot.waitSignal(model.modelReset):
        model.remove(range(0, 1_000, 2))
    assert names(model) == [f"{number}.png" for number in range(1, 1_000, 2)]


def test_a_hidden_image_can_be_removed(model: ImageListModel) -> None:
    model.add(found("a.png", "b.png"))
    model.set_query(Query(text="a"))
    model.remove([1])
    model.set_query(Query(text=""))
    assert names(model) == ["a.png"]


def test_images_are_counted_by_folder(model: ImageListModel) -> None:
    model.add(found("a.png", "sub/b.png", "sub/c.png"))
    assert model.folder_counts() == {"/scans": 1, "/scans/sub": 2}
    model.remove([1, 2])
    assert model.folder_counts() == {"/scans": 1}
    model.clear()
    assert model.folder_counts() == {}


def test_a_rotation_is_a_hint_that_adds_up(model: ImageListModel, qtbot: QtBot) -> None:
    model.add(found("a.png", "b.png"))
    with qtbot.waitSignal(model.dataChanged):
        model.rotate([0, 77], 90)
    model.rotate([0], -180)
    assert (model.rotation(0), model.image(0).rotation, model.tile(0).rotation) == (270, 270, 270)
    assert model.index(0).data(ImageRole.ROTATION) == 270
    assert model.rotation(1) == 0
    model.rotate([0], 90)
    assert model.image(0) == found("a.png")[0]


def test_toggling_ticks_all_unless_they_are(model: ImageListModel) -> None:
    model.add(found("a.png", "b.png", "c.png"))
    model.set_ticked([0], ticked=False)
    model.toggle([0, 1])
    assert model.ticked_ids() == [0, 1, 2]
    model.toggle([0, 1])
    assert model.ticked_ids() == [2]


def test_ticks_of_many_are_one_change(model: ImageListModel) -> None:
    model.add(found(*(f"{number}.png" for number in range(5_000))))
    changes: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last, _roles: changes.append((first.row(), last.row())))
    model.set_ticked(model.shown_ids(), ticked=False)
    assert changes == [(0, 4_999)]
    assert (model.ticked, model.is_ticked(7)) == (0, False)


Order_ = st.sampled_from(Order)
Image = st.tuples(st.sampled_from("ab"), st.integers(0, 12), st.sampled_from([0.1, 0.5, None]))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(Image, max_size=25), max_size=4), Order_, st.booleans(), st.sampled_from(["", "1"]))
def test_rows_are_the_same_however_they_came(
    batches: list[list[tuple[str, int, float | None]]], order: Order, descending: bool, text: str
) -> None:
    """Merged batch by batch, or sorted and filtered at once; and whatever moved is found again."""
    entries: dict[int, ImageEntry] = {}
    grown = ImageRows(entries)
    grown.order, grown.is_descending, grown.query = order, descending, Query(text=text)
    grown.filter()
    for batch in batches:
        new: list[int] = []
        for folder, number, value in batch:
            entry = ImageEntry(FoundImage(path=f"/{folder}/{number}.png", root="/"), len(entries))
            _set_value(entry, value)
            entries[entry.id] = entry
            new.append(entry.id)
        for stretch in grown.plan(new):
            grown.insert(stretch)
    _check(grown, entries, order, descending)
    for entry in list(entries.values())[::25]:
        _set_value(entry, 0.3)
    ordered = grown.sorted(moved={*list(entries)[::25]})
    grown.take(ordered)
    _check(grown, entries, order, descending)


def _set_value(entry: ImageEntry, value: float | None) -> None:
    if value is not None:
        entry.facts = FileFacts(value, int(100 * value))
        entry.state = ItemState.FAILED if value < 0.3 else ItemState.COMPLETED
        entry.outcome = ItemOutcome(item_id=0, state=ItemState.COMPLETED, confidence=value)


def _check(rows: ImageRows, entries: dict[int, ImageEntry], order: Order, descending: bool) -> None:
    at_once = ImageRows(entries)
    at_once.order, at_once.is_descending, at_once.query = order, descending, rows.query
    at_once.take(list(entries))
    at_once.take(at_once.sorted())
    assert list(rows.shown) == list(at_once.shown)
    assert [rows.row_of(image_id) for image_id in rows.shown] == list(range(len(rows.shown)))
