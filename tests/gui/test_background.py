"""Streams, the scanner and the page loader: what their threads hand over, and that they end."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ocr_desktop.domain.items import ItemOutcome
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.background.background_stream import BackgroundStream
from ocr_desktop.gui.background.latest_loader import LatestLoader, wait_for_released
from ocr_desktop.gui.images.folder_scanner import FolderScanner
from ocr_desktop.gui.images.image_entry import ImageEntry
from ocr_desktop.gui.results.page_loader import LoadedPage, PageLoader, PageRequest

MakeImages = Callable[..., list[Path]]


def collect(stream: BackgroundStream) -> list[object]:
    heard: list[object] = []
    stream.batch.connect(heard.extend)
    stream.ended.connect(lambda failure: heard.append(("end", failure)))
    return heard


def test_everything_arrives_in_order_and_then_the_end(qtbot: QtBot) -> None:
    stream = BackgroundStream("test", lambda: range(2_500))
    heard = collect(stream)
    with qtbot.waitSignal(stream.ended):
        stream.start()
    assert heard == [*range(2_500), ("end", None)]


def test_the_first_entry_does_not_wait_for_the_rest(qtbot: QtBot) -> None:
    release = threading.Event()

    def produce() -> Iterator[int]:
        yield 1
        release.wait(10)
        yield 2

    stream = BackgroundStream("test", produce)
    with qtbot.waitSignal(stream.batch) as first:
        stream.start()
    assert first.args == [[1]]
    with qtbot.waitSignal(stream.ended):
        release.set()


def test_an_exception_is_handed_over_after_what_came_before(qtbot: QtBot) -> None:
    error = OSError("the drive is gone")

    def produce() -> Iterator[int]:
        yield 1
        yield 2
        raise error

    stream = BackgroundStream("test", produce)
    heard = collect(stream)
    with qtbot.waitSignal(stream.ended):
        stream.start()
    assert heard[0] == 1
    assert heard[-1] == ("end", error)


def test_nothing_is_heard_after_a_cancel(qtbot: QtBot) -> None:
    began, release = threading.Event(), threading.Event()

    def produce() -> Iterator[int]:
        began.set()
        yield 1
        release.wait(10)
        yield 2

    stream = BackgroundStream("test", produce)
    heard = collect(stream)
    stream.start()
    assert began.wait(10)
    stream.cancel()
    release.set()
    stream.stop()
    with qtbot.assertNotEmitted(stream.ended, wait=50):
        pass
    assert heard == []


def test_scans_folders_in_natural_order(qtbot: QtBot, make_images: MakeImages, tmp_path: Path) -> None:
    make_images(tmp_path / "a", 12)
    make_images(tmp_path / "b", 2)
    scanner = FolderScanner()
    found: list[ImageEntry] = []
    scanner.found.connect(found.extend)
    with qtbot.waitSignal(scanner.finished) as finished:
        scanner.scan([str(tmp_path / "a")], recursive=True)
        scanner.scan([str(tmp_path / "b")], recursive=True)  # waits for the first one
    assert finished.args == [14]
    assert [entry.name for entry in found][:3] == [
        "scan 0000.png",
        "scan 0001.png",
        "scan 0002.png",
    ]
    assert not scanner.is_active
    scanner.stop()


def test_cancelling_a_scan_says_so_at_once(qtbot: QtBot, make_images: MakeImages, tmp_path: Path) -> None:
    make_images(tmp_path, 3)
    scanner = FolderScanner()
    scanner.scan([str(tmp_path)], recursive=True)
    with qtbot.waitSignal(scanner.finished):
        scanner.cancel()
    assert not scanner.is_active
    scanner.stop()


@pytest.fixture
def loader(qtbot: QtBot) -> Iterator[PageLoader]:
    del qtbot
    loader = PageLoader()
    yield loader
    loader.stop()


def test_only_the_last_page_asked_for_is_shown(
    qtbot: QtBot, loader: PageLoader, make_images: MakeImages, tmp_path: Path
) -> None:
    paths = make_images(tmp_path, 20)
    shown: list[LoadedPage] = []
    loader.loaded.connect(shown.append)
    with qtbot.waitSignal(loader.loaded):
        for path in paths:
            loader.load(PageRequest(str(path), None, 500))
    assert [page.request.path for page in shown] == [str(paths[-1])]
    assert shown[0].bitmap is not None
    assert (shown[0].width, shown[0].height) == (119, 20)


def test_a_page_that_comes_too_late_is_dropped(qtbot: QtBot, loader: PageLoader, tmp_path: Path) -> None:
    late = PageRequest(str(tmp_path / "late.png"), None, 500)
    with qtbot.assertNotEmitted(loader.loaded):
        loader._made.emit(
            late, LoadedPage(late)
        )  # as the thread does, after something else has been asked for


def test_a_bad_image_and_a_missing_result_each_say_why(
    qtbot: QtBot, loader: PageLoader, tmp_path: Path
) -> None:
    (tmp_path / "a.png").write_bytes(b"no image")
    outcome = ItemOutcome(
        item_id=0, state=ItemState.COMPLETED, result_files=(str(tmp_path / "a_ocr_results.json"),)
    )
    with qtbot.waitSignal(loader.loaded) as loaded:
        loader.load(PageRequest(str(tmp_path / "a.png"), outcome, 500))
    page: LoadedPage = loaded.args[0]
    assert "a.png" in page.image_problem
    assert "not there" in page.text_problem


def test_without_json_the_text_file_is_shown(qtbot: QtBot, loader: PageLoader, tmp_path: Path) -> None:
    text = tmp_path / "a_ocr_results.txt"
    text.write_text("Hello", encoding="utf-8")
    outcome = ItemOutcome(item_id=0, state=ItemState.COMPLETED, result_files=(str(text),))
    with qtbot.waitSignal(loader.loaded) as loaded:
        loader.load(PageRequest(str(tmp_path / "a.png"), outcome, 500))
    assert loaded.args[0].text == "Hello"


def test_a_loader_that_is_released_waits_for_nothing_and_hands_over_nothing(qtbot: QtBot) -> None:
    began, release = threading.Event(), threading.Event()

    def load(request: object) -> Iterator[object]:
        began.set()
        release.wait(10)
        yield request

    loader = LatestLoader("test", load, lambda _request, _error: None)
    loader.load("slow")
    assert began.wait(10)
    loader.release()  # would hang here if it waited
    loader.load("quick")
    with qtbot.waitSignal(loader.loaded) as loaded:
        release.set()
    assert loaded.args == ["quick"]
    loader.load("slow again")
    loader.release()
    loader.deleteLater()  # the thread must not speak through it any more
    wait_for_released()
    assert not [thread for thread in threading.enumerate() if thread.name == "test"]
