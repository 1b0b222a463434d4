"""Thumbnails in the window: the bounded cache, the loader's threads, and which rows are asked for."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from ocr_desktop.domain.items import FoundImage
from ocr_desktop.gui.grid.pixmap_cache import PixmapCache
from ocr_desktop.gui.grid.thumbnail_loader import MAX_WAITING, ThumbnailLoader
from ocr_desktop.gui.grid.thumbnail_view import ThumbnailView
from ocr_desktop.gui.images.image_list_model import ImageListModel
from ocr_desktop.services.thumbnails import Bitmap, ThumbnailStore, Unshowable

MakeLoader = Callable[..., ThumbnailLoader]


def bitmap(edge: int) -> Bitmap:
    return Bitmap(edge, edge, bytes([1, 2, 3, 255]) * edge * edge)


@pytest.fixture
def cache(qtbot: QtBot) -> PixmapCache:
    del qtbot
    return PixmapCache()


@pytest.fixture
def make_loader(cache: PixmapCache) -> Iterator[MakeLoader]:
    loaders: list[ThumbnailLoader] = []

    def make(render: Callable[[str, int], Bitmap | Unshowable], threads: int = 1) -> ThumbnailLoader:
        loaders.append(ThumbnailLoader(render, cache, threads=threads))
        return loaders[-1]

    yield make
    for loader in loaders:
        loader.stop()


class Gate:
    """A renderer that notes what it is asked for, and waits until it is let go."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.began = threading.Event()
        self.paths: list[str] = []

    def __call__(self, path: str, edge: int) -> Bitmap:
        self.paths.append(path)
        self.began.set()
        self.open.wait(10)
        return bitmap(edge)


def test_a_pixmap_has_the_colours_of_its_bytes(cache: PixmapCache) -> None:
    cache.put("a", 4, bitmap(4))
    entry = cache.get("a")
    assert entry is not None
    assert entry.pixmap is not None
    colour = entry.pixmap.toImage().pixelColor(2, 2)
    assert (colour.red(), colour.green(), colour.blue()) == (3, 2, 1)


def test_the_cache_drops_what_was_used_longest_ago(qtbot: QtBot) -> None:
    del qtbot
    cache = PixmapCache(max_bytes=3 * 40_000 + 5_000)
    for name in "abc":
        cache.put(name, 100, bitmap(100))
    cache.get("a")
    cache.put("d", 100, bitmap(100))
    assert cache.get("b") is None
    assert cache.get("a") is not None
    assert cache.bytes <= 3 * 40_000 + 5_000
    cache.put("a", 10, bitmap(10))  # replaced, not counted twice
    cache.clear()
    assert (cache.bytes, len(cache)) == (0, 0)


def test_a_broken_image_is_broken_at_any_size(cache: PixmapCache) -> None:
    cache.put("a", 100, Unshowable("No."))
    cache.put("b", 100, bitmap(100))
    assert cache.has("a", 200)
    assert not cache.has("b", 200)


def test_loads_what_is_wanted(qtbot: QtBot, cache: PixmapCache, make_loader: MakeLoader) -> None:
    loader = make_loader(lambda _path, edge: bitmap(edge), threads=2)
    done: list[str] = []
    loader.loaded.connect(done.extend)
    loader.want(["a", "b", "c"], 8)
    qtbot.waitUntil(lambda: sorted(done) == ["a", "b", "c"])
    assert all(cache.has(path, 8) for path in "abc")


def test_what_scrolled_away_is_dropped(qtbot: QtBot, cache: PixmapCache, make_loader: MakeLoader) -> None:
    gate = Gate()
    loader = make_loader(gate)
    loader.want([f"old {number}" for number in range(100)], 8)
    assert gate.began.wait(10)
    loader.want(["new 1", "new 2"], 8)
    qtbot.waitUntil(lambda: loader.waiting == 2)
    gate.open.set()
    qtbot.waitUntil(lambda: cache.has("new 2", 8))
    assert gate.paths == ["old 0", "new 1", "new 2"]


def test_nothing_is_loaded_while_somebody_flings_through(
    qtbot: QtBot, cache: PixmapCache, make_loader: MakeLoader
) -> None:
    asked: list[str] = []

    def render(path: str, edge: int) -> Bitmap:
        asked.append(path)
        return bitmap(edge)

    loader = make_loader(render)
    loader.want(["screen 0"], 8)
    qtbot.waitUntil(lambda: cache.has("screen 0", 8))
    for screen in range(1, 30):
        loader.want([f"screen {screen}"], 8)
        assert loader.waiting == 0
    qtbot.waitUntil(lambda: cache.has("screen 29", 8))
    assert asked == ["screen 0", "screen 29"]
    loader.want(["screen 29", "screen 30"], 8)  # a line further: at once
    qtbot.waitUntil(lambda: asked[-1] == "screen 30")


def test_nothing_is_loaded_twice(qtbot: QtBot, cache: PixmapCache, make_loader: MakeLoader) -> None:
    gate = Gate()
    loader = make_loader(gate)
    loader.want(["a", "b"], 8)
    assert gate.began.wait(10)
    loader.want(["a", "b"], 8)  # a is in work
    gate.open.set()
    qtbot.waitUntil(lambda: cache.has("b", 8))
    loader.want(["a", "b"], 8)  # both are in the cache
    assert loader.waiting == 0
    assert gate.paths == ["a", "b"]


def test_the_queue_is_bounded(make_loader: MakeLoader) -> None:
    gate = Gate()
    loader = make_loader(gate)
    loader.want([str(number) for number in range(5_000)], 8)
    assert loader.waiting <= MAX_WAITING
    gate.open.set()


@pytest.mark.logs_errors
def test_an_exception_costs_one_thumbnail(qtbot: QtBot, cache: PixmapCache, make_loader: MakeLoader) -> None:
    def render(path: str, edge: int) -> Bitmap:
        if path == "bad":
            raise RuntimeError("a bug")
        return bitmap(edge)

    loader = make_loader(render)
    loader.want(["bad", "good"], 8)
    qtbot.waitUntil(lambda: cache.has("good", 8))
    entry = cache.get("bad")
    assert entry is not None
    assert entry.problem


def test_stopping_waits_for_no_queue(make_loader: MakeLoader) -> None:
    gate = Gate()
    loader = make_loader(gate)
    loader.want([str(number) for number in range(50)], 8)
    assert gate.began.wait(10)
    gate.open.set()
    loader.stop()
    assert len(gate.paths) < 50
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("thumbnails-")]


@pytest.fixture
def view(qtbot: QtBot, cache: PixmapCache) -> ThumbnailView:
    model = ImageListModel(cache)
    view = ThumbnailView(model)
    model.setParent(view)
    qtbot.addWidget(view)
    view.resize(800, 600)
    view.show()
    return view


def add_many(view: ThumbnailView, count: int) -> None:
    model = view.model()
    assert isinstance(model, ImageListModel)
    model.add(FoundImage(path=f"/scans/{number}.png", root="/scans") for number in range(count))


def test_the_visible_rows_are_those_that_qt_shows(qtbot: QtBot, view: ThumbnailView) -> None:
    add_many(view, 500)
    for share in (0.0, 0.37, 1.0):
        bar = view.verticalScrollBar()
        qtbot.waitUntil(lambda: view.verticalScrollBar().maximum() > 1_000)
        bar.setValue(round(bar.maximum() * share))
        rows = view.visible_rows()
        area = view.viewport().rect()
        assert view.visualRect(view.model().index(rows[0], 0)).intersects(area)
        assert view.visualRect(view.model().index(rows[-1], 0)).intersects(area)
        if rows[0] > 0:
            assert not view.visualRect(view.model().index(rows[0] - 1, 0)).intersects(area)
        if rows[-1] < 499:
            assert not view.visualRect(view.model().index(rows[-1] + 1, 0)).intersects(area)
        middle = view.indexAt(QPoint(area.width() // 2, area.height() // 2))
        assert not middle.isValid() or middle.row() in rows


def test_scrolling_asks_for_the_rows_in_sight_first(qtbot: QtBot, view: ThumbnailView) -> None:
    add_many(view, 500)
    bar = view.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 1_000)
    wanted: list[list[int]] = []
    view.wanted.connect(wanted.append)
    bar.setValue(bar.maximum() // 2)
    qtbot.waitUntil(lambda: bool(wanted) and wanted[-1][0] == view.visible_rows()[0])
    visible = view.visible_rows()
    assert wanted[-1][: len(visible)] == list(visible)
    assert len(wanted[-1]) < 200  # a few screens, not the folder
    assert len(set(wanted[-1])) == len(wanted[-1])


def test_another_thumbnail_size_keeps_the_place(qtbot: QtBot, view: ThumbnailView) -> None:
    add_many(view, 500)
    bar = view.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 1_000)
    bar.setValue(bar.maximum() // 2)
    rows = view.visible_rows()
    anchor = rows[len(rows) // 2]
    view.set_edge(240)
    qtbot.waitUntil(lambda: anchor in view.visible_rows())


def test_real_files_end_up_on_the_screen(
    qtbot: QtBot,
    cache: PixmapCache,
    tmp_path: Path,
    make_images: Callable[..., list[Path]],
    make_loader: MakeLoader,
) -> None:
    paths = [str(path) for path in make_images(tmp_path / "scans", 3)]
    loader = make_loader(ThumbnailStore(tmp_path / "thumbnails").get)
    loader.want([*paths, str(tmp_path / "gone.png")], 64)
    qtbot.waitUntil(lambda: len(cache) == 4)
    assert all(cache.get(path).pixmap is not None for path in paths)  # type: ignore[union-attr]


def test_a_gentle_loader_uses_one_thread(qtbot: QtBot, cache: PixmapCache, make_loader: MakeLoader) -> None:
    gate = Gate()
    loader = make_loader(gate, threads=3)
    loader.set_gentle(gentle=True)
    loader.want(["a", "b", "c"], 8)
    assert gate.began.wait(5)
    assert loader.waiting == 2
    loader.set_gentle(gentle=False)  # the others wake up and take what waits
    qtbot.waitUntil(lambda: loader.waiting == 0)
    gate.open.set()
    qtbot.waitUntil(lambda: all(cache.has(name, 8) for name in "abc"))
