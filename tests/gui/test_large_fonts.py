"""A font of 150 %, and words as long as German ones: nothing is cut off, and every window still fits."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QSize, QTranslator
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.gui import accessibility
from tests.gui.conftest import OpenWindow
from tests.gui.every_window import EVERY_WINDOW, Tour

MakeImages = Callable[..., list[Path]]

SMALL_SCREEN = QSize(1280, 720)
_GROWTH = 1.3
"""German needs about 30 % more letters than English."""


class _LongWords(QTranslator):
    """Makes each text longer, as a translation would; keeps places, keys and numbers."""

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        del context, disambiguation
        text = text.replace("%n", str(n))
        more = round(len(text.replace("&", "")) * (_GROWTH - 1))
        return f"{text}{'ungen'[: max(1, more)] if more < 6 else ' ' + 'verarbeitung'[: more - 1]}"

    def isEmpty(self) -> bool:  # noqa: N802 - Qt's name
        return False


@pytest.fixture
def large_font(qapp: QApplication) -> Iterator[None]:
    before = qapp.font()
    large = qapp.font()
    large.setPointSizeF(1.5 * large.pointSizeF())
    qapp.setFont(large)
    yield
    qapp.setFont(before)


@pytest.fixture
def long_words(qapp: QApplication) -> Iterator[None]:
    translator = _LongWords(qapp)
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


@pytest.fixture
def tour(qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path) -> Tour:
    make_images(tmp_path / "in", 4)
    make_images(tmp_path / "in" / "more", 2)
    return Tour(qtbot, open_window, tmp_path / "in")


def settled(tour: Tour, window: QWidget) -> QWidget:
    """Return the window after its layouts have followed, which they do in the event loop."""
    tour.qtbot.wait(50)
    return window


def narrowest(tour: Tour, window: QWidget) -> QWidget:
    """Make a window as small as it may be, but not smaller than is of use."""
    window.resize(window.minimumSizeHint().expandedTo(QSize(640, 480)))
    return settled(tour, window)


@pytest.mark.usefixtures("large_font")
@pytest.mark.parametrize("name", EVERY_WINDOW)
def test_nothing_is_cut_off_in_a_large_font(tour: Tour, name: str) -> None:
    window = settled(tour, tour.active(EVERY_WINDOW[name](tour)))
    assert not accessibility.cut_off(window)
    smallest = window.minimumSizeHint().expandedTo(window.minimumSize())
    assert smallest.width() <= SMALL_SCREEN.width()
    assert smallest.height() <= SMALL_SCREEN.height()
    assert not accessibility.cut_off(narrowest(tour, window))


@pytest.mark.usefixtures("large_font", "long_words")
@pytest.mark.parametrize("name", EVERY_WINDOW)
def test_nothing_is_cut_off_with_long_words(tour: Tour, name: str) -> None:
    window = settled(tour, tour.active(EVERY_WINDOW[name](tour)))
    smallest = window.minimumSizeHint().expandedTo(window.minimumSize())
    assert smallest.width() <= SMALL_SCREEN.width()
    assert smallest.height() <= SMALL_SCREEN.height()
    window.resize(SMALL_SCREEN)
    assert not accessibility.cut_off(settled(tour, window))


@pytest.mark.usefixtures("long_words")
def test_the_words_are_long(open_window: OpenWindow) -> None:
    panel = open_window().panel
    assert len(panel.start_button.text()) > 1.25 * len("&Start OCR (0)")
    assert len(panel.options_button.text()) > 1.25 * len(
        "eng · images with a result are skipped · beside the images"
    )
