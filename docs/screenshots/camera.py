"""Waits for the window, and takes pictures of it: light, dark, small on the disk."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
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
_RARE_COLOURS = 128


class Camera:
    """Saves each state of the window twice, as ``NAME.png`` and ``NAME-dark.png``."""

    def __init__(self, folder: Path) -> None:
        """Save pictures into ``folder``."""
        self._folder = folder
        self._theme = Theme.SYSTEM
        self._taken: list[Path] = []
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

    def _save(self, widget: QWidget, path: Path) -> None:
        widget.grab().save(str(path))
        self._taken.append(path)

    def develop(self) -> None:
        """Make the files of all pictures small; later than they are taken, because it takes a while."""
        for path in self._taken:
            with Image.open(path) as image:
                picture = image.convert("RGB")
            _with_few_colours(picture).save(path, optimize=True)
            print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


def _with_few_colours(picture: Image.Image) -> Image.Image:
    """Return the picture with a palette: a third of the bytes, and no difference that could be seen.

    Most of the palette are the most frequent colours as they are, so that white stays white; the rest
    sees to it that a small red icon stays red.
    """
    counted: list[tuple[int, tuple[int, int, int]]]
    counted = picture.getcolors(picture.width * picture.height)  # type: ignore[assignment]  # it is RGB
    frequent = [colour for _, colour in sorted(counted, reverse=True)[: _COLOURS - _RARE_COLOURS]]
    rare = picture.quantize(_RARE_COLOURS, Image.Quantize.MAXCOVERAGE).getpalette() or []
    palette = np.array([*(part for colour in frequent for part in colour), *rare[: 3 * _RARE_COLOURS]])
    palette = palette.reshape(-1, 3)
    # Pillow would take a colour that is merely near, and make white a light grey.
    packed = np.asarray(picture).astype(np.int32) @ np.array([1 << 16, 1 << 8, 1])
    numbers, places = np.unique(packed, return_inverse=True)
    colours = np.stack([numbers >> 16, numbers >> 8 & 255, numbers & 255], axis=1)
    distances = sum((colours[:, part, None] - palette[None, :, part]) ** 2 for part in range(3))
    nearest = np.asarray(distances).argmin(axis=1).astype(np.uint8)
    few = Image.frombytes("P", picture.size, nearest[places].tobytes())
    few.putpalette(palette.ravel().tolist())
    return few


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
