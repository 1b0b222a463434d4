"""Every window, for everybody: names for screen readers, unmistakable keys, Tab everywhere, tooltips."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.gui import accessibility
from tests.gui.conftest import OpenWindow
from tests.gui.every_window import EVERY_WINDOW, Tour

MakeImages = Callable[..., list[Path]]


@pytest.fixture
def tour(qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path) -> Tour:
    make_images(tmp_path / "in", 4)
    make_images(tmp_path / "in" / "more", 2)
    return Tour(qtbot, open_window, tmp_path / "in")


@pytest.mark.parametrize("name", EVERY_WINDOW)
def test_everybody_can_use_the_window(tour: Tour, name: str) -> None:
    window = tour.active(EVERY_WINDOW[name](tour))
    assert accessibility.controls_of(window)
    problems = {
        "without a name": accessibility.nameless(window),
        "keys with two meanings": accessibility.ambiguous_keys(window),
        "out of the reach of Tab": accessibility.out_of_reach(window),
        "icons without a tooltip": accessibility.unexplained_icons(window),
    }
    assert not any(problems.values()), {kind: found for kind, found in problems.items() if found}


def test_the_checks_find_what_is_wrong(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    layout = QHBoxLayout(window)
    good, twin, away, icon = QPushButton("&Good"), QPushButton("&Glad"), QPushButton("Away"), QToolButton()
    away.setFocusPolicy(good.focusPolicy().NoFocus)
    trap, bare, buddy = QPlainTextEdit(), QLineEdit(), QLineEdit()
    trap.setAccessibleName("Trap")
    trap.setTabChangesFocus(True)
    label = QLabel("With a label")
    label.setBuddy(buddy)
    for widget in (good, twin, away, icon, bare, label, buddy, trap):
        layout.addWidget(widget)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    assert [text.split()[0] for text in accessibility.nameless(window)] == ["QToolButton", "QLineEdit"]
    assert accessibility.ambiguous_keys(window) == ["Alt+G in the window"]
    assert accessibility.out_of_reach(window) == ["QPushButton “Away” in QWidget"]
    assert accessibility.unexplained_icons(window) == ["QToolButton “” in QWidget"]
    trap.setTabChangesFocus(False)
    trap.setFocus()
    assert len(accessibility.out_of_reach(window)) > 3  # Tab writes a tab, and gets nowhere
    good.setFixedWidth(20)
    label.setFixedWidth(10)
    assert len(accessibility.cut_off(window)) == 2
