"""Paste: what is on the clipboard is opened; a picture is kept as a file."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QClipboard, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ocr_desktop.gui.main_window import MainWindow
from ocr_desktop.services.image_loader import load_upright
from tests.fakes import images
from tests.gui.conftest import OpenWindow
from tests.gui.person import press

MakeImages = Callable[..., list[Path]]


@pytest.fixture
def clipboard(qapp: QApplication) -> Iterator[QClipboard]:
    clipboard = qapp.clipboard()
    clipboard.clear()
    yield clipboard
    clipboard.clear()


def press_paste(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitActive(window):
        window.activateWindow()
    press(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def paste(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.browser.scanner.finished, timeout=10_000):
        press_paste(qtbot, window)


def picture() -> QImage:
    page = images.draw_page()
    return QImage(page.tobytes(), *page.size, page.width, QImage.Format.Format_Grayscale8).copy()


def test_copied_files_and_folders_are_opened_where_they_are(
    qtbot: QtBot, open_window: OpenWindow, clipboard: QClipboard, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "a", 2)
    (single,) = make_images(tmp_path / "b", 1)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a")), QUrl.fromLocalFile(str(single))])
    clipboard.setMimeData(data)
    window = open_window()

    paste(qtbot, window)

    assert window.browser.model.total == 3
    assert not window.application.folders.pasted.exists()


def test_a_copied_picture_is_kept_and_opened(
    qtbot: QtBot, open_window: OpenWindow, clipboard: QClipboard
) -> None:
    window = open_window()
    folder = window.application.folders.pasted
    for count in (1, 2):
        clipboard.setImage(picture())
        paste(qtbot, window)
        assert window.browser.model.total == count

    kept = sorted(folder.iterdir())
    assert len(kept) == 2
    for path in kept:
        assert path.name.startswith("Pasted 20")
        loaded = load_upright(str(path), max_pixels=10**8)
        assert loaded.image.convert("L").tobytes() == images.draw_page().tobytes()
    assert any(path.name in window.status.text() for path in kept)
    assert str(folder) in window.status.text()


def test_clearing_the_list_keeps_what_was_pasted(
    qtbot: QtBot, open_window: OpenWindow, clipboard: QClipboard
) -> None:
    window = open_window()
    clipboard.setImage(picture())
    paste(qtbot, window)

    press(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)

    assert window.browser.model.total == 0
    (path,) = window.application.folders.pasted.iterdir()
    with Image.open(path) as image:
        assert image.format == "PNG"


def test_nothing_to_paste_is_said(qtbot: QtBot, open_window: OpenWindow, clipboard: QClipboard) -> None:
    clipboard.setText("Only words")
    window = open_window()

    press_paste(qtbot, window)

    assert window.status.text() == "There is no picture and no file on the clipboard."
    assert window.browser.model.total == 0


def test_a_picture_that_cannot_be_kept_is_explained(
    qtbot: QtBot, open_window: OpenWindow, clipboard: QClipboard
) -> None:
    window = open_window()
    window.application.folders.pasted.write_text("a file in its place")
    clipboard.setImage(picture())

    press_paste(qtbot, window)

    qtbot.waitUntil(window.messages.failure.isVisible, timeout=10_000)
    assert window.browser.model.total == 0


def test_words_are_pasted_where_words_are_typed(
    qtbot: QtBot, open_window: OpenWindow, clipboard: QClipboard, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 1)
    window = open_window()
    window.open_paths([str(tmp_path / "in")])
    qtbot.waitUntil(lambda: window.browser.model.total == 1, timeout=10_000)
    clipboard.setText("scan")
    field = window.browser.filters.field
    field.setFocus()

    press(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    assert field.text() == "scan"


def test_a_window_that_closes_at_once_leaves_a_whole_picture(
    qtbot: QtBot, open_window: OpenWindow, clipboard: QClipboard
) -> None:
    window = open_window()
    clipboard.setImage(picture())
    press_paste(qtbot, window)

    window.close()

    (path,) = window.application.folders.pasted.iterdir()
    assert not QImage(str(path)).isNull()
