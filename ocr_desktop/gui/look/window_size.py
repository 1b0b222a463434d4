"""Sizes of windows: what is wanted, but never more than the screen has room for."""

from PySide6.QtWidgets import QWidget

_SHARE = 0.92
"""Of the screen's free space; the rest is for the frame and for seeing that there are other windows."""


def resize_within_screen(window: QWidget, width: int, height: int) -> None:
    """Give a window this size, in device-independent pixels, or as much of it as fits on its screen."""
    room = window.screen().availableGeometry().size()
    window.resize(min(width, round(room.width() * _SHARE)), min(height, round(room.height() * _SHARE)))
