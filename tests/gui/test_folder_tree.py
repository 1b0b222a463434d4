"""The tree of folders: what the model tells while a scan streams in, and what choosing a folder does."""

from collections import Counter
from collections.abc import Callable, Collection
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from ocr_desktop.gui.browser.folder_tree_model import FolderTreeModel
from ocr_desktop.gui.main_window import MainWindow
from tests.fakes.engines import NOOP
from tests.gui.conftest import OpenWindow
from tests.gui.person import click, press

MakeImages = Callable[..., list[Path]]


@pytest.fixture
def tree(qtbot: QtBot, qtmodeltester: ModelTester) -> FolderTreeModel:
    del qtbot
    model = FolderTreeModel()
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    return model


def settle(qtbot: QtBot, tree: FolderTreeModel, counts: dict[str, int], tops: Collection[str] = ()) -> None:
    """Set the counts and wait until all of them are shown."""
    tree.set_counts(counts, tops)
    qtbot.waitUntil(lambda: tree.is_settled)


def outline(model: FolderTreeModel, parent: QModelIndex | None = None, depth: int = 0) -> list[str]:
    """Return the tree as lines: dots for the depth, name, count."""
    above = parent or QModelIndex()
    lines: list[str] = []
    for row in range(model.rowCount(above)):
        index = model.index(row, 0, above)
        lines.append(f"{'.' * depth}{index.data()} {model.index(row, 1, above).data()}")
        lines += outline(model, index, depth + 1)
    return lines


def test_folders_come_in_natural_order_with_all_that_is_below_them(
    qtbot: QtBot, tree: FolderTreeModel
) -> None:
    settle(qtbot, tree, {"/in/box 10": 1, "/in/box 2/letters": 4, "/in/box 2": 2}, ["/in"])
    assert outline(tree) == ["All images 7", "in 7", ".box 2 6", "..letters 4", ".box 10 1"]


def test_counts_follow_and_empty_folders_go(qtbot: QtBot, tree: FolderTreeModel) -> None:
    settle(qtbot, tree, {"/in": 1, "/in/a": 2, "/in/b/c": 3}, ["/in"])
    settle(qtbot, tree, {"/in": 1, "/in/a": 5}, ["/in"])
    assert outline(tree) == ["All images 6", "in 6", ".a 5"]
    settle(qtbot, tree, {})
    assert outline(tree) == ["All images 0"]


def test_folders_that_were_opened_stand_side_by_side(qtbot: QtBot, tree: FolderTreeModel) -> None:
    settle(qtbot, tree, {"/x/one/deep": 1, "/y/two": 1, "/z/file": 1}, ["/x/one/", "/y/two", "/z/file/a.png"])
    assert outline(tree) == ["All images 3", "file 1", "one 1", ".deep 1", "two 1"]


def test_a_folder_whose_name_only_begins_alike_is_not_below_it(qtbot: QtBot, tree: FolderTreeModel) -> None:
    settle(qtbot, tree, {"/in/a": 1, "/in/ab": 1}, ["/in/a", "/in/ab"])
    assert outline(tree) == ["All images 2", "a 1", "ab 1"]


def test_thousands_of_folders_are_taken_in_small_steps(qtbot: QtBot) -> None:
    tree = FolderTreeModel()
    tree.set_counts({f"/in/{n // 100}/{n}": 1 for n in range(5000)}, ["/in"])
    assert not tree.is_settled  # the window gets its turn in between
    qtbot.waitUntil(lambda: tree.is_settled, timeout=20_000)
    assert tree.folder_count == 5051
    assert tree.index(0, 1).data() == tree.index(1, 1).data() != "1"
    tree.stop()


@given(
    st.lists(st.dictionaries(st.sampled_from(["/r", "/r/a", "/r/a/b", "/r/c", "/s/d"]), st.integers(1, 9)))
)
def test_totals_add_up_whatever_comes_and_goes(steps: list[dict[str, int]]) -> None:
    tree = FolderTreeModel()
    for counts in steps:
        tree.set_counts(counts, ["/r"])
        while not tree.is_settled:
            tree._work()
        wanted = Counter({"All images": sum(counts.values())})
        for path, count in counts.items():
            for folder in {"/r", path, "/r/a"}:
                if path == folder or path.startswith(folder + "/"):
                    wanted[folder.rpartition("/")[2]] += count
        assert Counter(dict(line.lstrip(".").rsplit(" ", 1) for line in outline(tree))) == {
            name: str(count) for name, count in wanted.items()
        }
    tree.stop()


def open_two_boxes(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> MainWindow:
    make_images(tmp_path / "in" / "box 2" / "deep", 2)
    make_images(tmp_path / "in" / "box 10", 3)
    window = open_window(NOOP, tmp_path / "in")
    panel = window.browser.folders
    qtbot.waitUntil(lambda: panel.isVisible() and panel.folders.folder_count == 4)
    return window


def shown_folders(window: MainWindow) -> set[str]:
    model = window.browser.model
    return {Path(model.image(image_id).path).parent.name for image_id in model.shown_ids()}


def test_a_click_on_a_folder_shows_what_is_in_it_and_below(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    window = open_two_boxes(qtbot, open_window, make_images, tmp_path)
    panel = window.browser.folders
    box = panel.folders.index_of(str(tmp_path / "in" / "box 2"))
    qtbot.waitUntil(lambda: panel.visualRect(box).width() > 20)  # laid out
    qtbot.waitUntil(lambda: panel.indexAt(panel.visualRect(box).center()) == box)

    def choose() -> bool:
        click(panel.viewport(), panel.visualRect(box).center())
        return shown_folders(window) == {"deep"}

    qtbot.waitUntil(choose)
    assert "2 shown" in window.browser.toolbar.count_label.text()
    assert "5" in window.panel.start_button.text()  # ticks are not touched
    press(panel, Qt.Key.Key_Down)
    assert shown_folders(window) == {"box 10"}
    press(panel, Qt.Key.Key_Home)
    assert shown_folders(window) == {"deep", "box 10"}


def test_without_subfolders_there_is_no_tree(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 2)
    window = open_window(NOOP, tmp_path / "in")
    qtbot.waitUntil(lambda: window.browser.folders.folders.folder_count == 1)
    assert not window.browser.folders.isVisible()


def test_the_tree_can_be_put_away_and_then_all_images_are_shown(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    window = open_two_boxes(qtbot, open_window, make_images, tmp_path)
    panel = window.browser.folders
    panel.setCurrentIndex(panel.folders.index_of(str(tmp_path / "in" / "box 10")))
    assert shown_folders(window) == {"box 10"}
    press(window, Qt.Key.Key_F7)
    assert not panel.isVisible()
    assert shown_folders(window) == {"deep", "box 10"}
    press(window, Qt.Key.Key_F7)
    assert panel.isVisible()


def test_a_cleared_list_has_no_folders(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    window = open_two_boxes(qtbot, open_window, make_images, tmp_path)
    panel = window.browser.folders
    panel.setCurrentIndex(panel.folders.index_of(str(tmp_path / "in" / "box 10")))
    window.menus.clear.trigger()
    qtbot.waitUntil(lambda: not panel.isVisible())
    assert panel.folder is None
