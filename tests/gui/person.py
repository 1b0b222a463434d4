"""What a person does with mouse and keys, typed (the shortcuts of ``qtbot`` are not)."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

_LEFT = Qt.MouseButton.LeftButton
_NONE = Qt.KeyboardModifier.NoModifier


def click(widget: QWidget, at: QPoint | None = None) -> None:
    """Click with the left button, by default in the middle."""
    QTest.mouseClick(widget, _LEFT, _NONE, at or widget.rect().center())


def double_click(widget: QWidget, at: QPoint) -> None:
    """Click, and click again at once."""
    click(widget, at)
    QTest.mouseDClick(widget, _LEFT, _NONE, at)


def press(widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = _NONE) -> None:
    """Press a key."""
    QTest.keyClick(widget, key, modifiers)


def type_text(widget: QWidget, text: str) -> None:
    """Type letter by letter."""
    QTest.keyClicks(widget, text)


def press_button(box: QWidget, word: str) -> None:
    """Click the button of a dialog that has ``word`` on it."""
    (button,) = (button for button in box.findChildren(QPushButton) if word in button.text())
    click(button)
