"""The news of runs reaches the grid in order, and never so much at once that the window stands still."""

from collections.abc import Sequence

from pytestqt.qtbot import QtBot

from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.images.image_list_model import ImageUpdate
from ocr_desktop.gui.images.update_feed import UpdateFeed


def updates(first: int, count: int, state: ItemState = ItemState.PENDING) -> list[ImageUpdate]:
    return [ImageUpdate(number, state) for number in range(first, first + count)]


def test_a_few_are_handed_over_at_once(qtbot: QtBot) -> None:
    del qtbot
    got: list[Sequence[ImageUpdate]] = []
    feed = UpdateFeed(got.append)
    feed.put(updates(0, 3))
    feed.put([])
    assert [len(part) for part in got] == [3]
    assert not feed.is_waiting


def test_many_come_in_slices_and_in_order(qtbot: QtBot) -> None:
    got: list[ImageUpdate] = []
    sizes: list[int] = []
    said: list[str] = []

    def apply(part: Sequence[ImageUpdate]) -> None:
        sizes.append(len(part))
        got.extend(part)

    feed = UpdateFeed(apply)
    feed.put(updates(0, 10_500))
    assert len(got) == 1_000
    feed.put(updates(0, 2, ItemState.PROCESSING))
    feed.call(lambda: said.append(f"end after {len(got)}"))
    feed.put(updates(5, 1, ItemState.COMPLETED))
    qtbot.waitUntil(lambda: not feed.is_waiting)
    assert max(sizes) == 1_000
    assert [update.id for update in got] == [*range(10_500), 0, 1, 5]
    assert got[-1].state is ItemState.COMPLETED
    assert said == ["end after 10502"]
    feed.call(lambda: said.append("at once"))
    assert said[-1] == "at once"


def test_what_waits_is_dropped_at_the_end(qtbot: QtBot) -> None:
    del qtbot
    got: list[Sequence[ImageUpdate]] = []
    feed = UpdateFeed(got.append)
    feed.put(updates(0, 5_000))
    feed.stop()
    feed.stop()
    assert len(got) == 1
    assert not feed.is_waiting
