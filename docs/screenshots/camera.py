"""Waits for the window, and takes pictures of it: light, dark, small on the disk."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QWidget

from ocr_desktop.gui.look.theme import apply_theme
from ocr_desktop.gui.settings.window_settings import Theme

_PATIENCE = 120.0
"""Seconds."""
_SETTLING = 0.3
"""Seconds that a window gets to lay itself out."""
_COLOURS = 256


class Camera:
    """Saves each state of the window twice, as ``NAME.png`` and ``NAME-dark.png``."""

    def __init__(self, folder: Path) -> None:
        """Save pictures into ``folder``."""
        self._folder = folder
        self._theme = Theme.SYSTEM
        self._use(Theme.LIGHT)

    def take(self, widget: QWidget, name: str) -> None:
        """Take a picture of a window in light and in dark."""
        for theme, ending in ((Theme.LIGHT, ""), (Theme.DARK, "-dark")):
            self._use(theme)
            turn(_SETTLING)
            self._save(widget, self._folder / f"{name}{ending}.png")
        self._use(Theme.LIGHT)

    def _use(self, theme: Theme) -> None:
        apply_theme(theme, before=self._theme)
        self._theme = theme

    @staticmethod
    def _save(widget: QWidget, path: Path) -> None:
        widget.grab().save(str(path))
        with Image.open(path) as image:
            picture = image.convert("RGB")
        few = picture.quantize(_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(path, optimize=True)
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


def wait(condition: Callable[[], bool], what: str) -> None:
    """Wait until the window has got somewhere.

    Args:
        condition: Whether it has.
        what: What is waited for, to be said if it never comes.
    """
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"The window did not get there in time: {what}.")
        turn(0.01)


def turn(seconds: float) -> None:
    """Let the event loop run for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()
