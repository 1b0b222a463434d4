"""Pillow's own guards, set to our limit while an image of ours is being opened.

Pillow keeps its limit against decompression bombs in a global, and warns of oddities in files on standard
error. Both are changed only while one of our images is open, from whichever threads, and put back afterwards.
"""

import contextlib
import threading
import warnings
from collections.abc import Iterator

from PIL import Image

_lock = threading.Lock()
_limits: list[int] = []
"""The limits of the images that are being opened right now."""
_undo = contextlib.ExitStack()


@contextlib.contextmanager
def pillow_guard(max_pixels: int) -> Iterator[None]:
    """Let Pillow open images of up to ``max_pixels``, without warnings. May be used from any thread.

    Pillow itself then raises ``Image.DecompressionBombError`` for larger ones, also for those that hide
    inside another file, such as the PNG in an icon. While several threads are at it, the highest limit holds.
    """
    with _lock:
        if not _limits:
            _save()
        _limits.append(max_pixels)
        _apply()
    try:
        yield
    finally:
        with _lock:
            _limits.remove(max_pixels)
            if _limits:
                _apply()
            else:
                _undo.close()


def _save() -> None:
    _undo.callback(setattr, Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)
    _undo.enter_context(warnings.catch_warnings())
    warnings.filterwarnings("ignore", module=r"PIL\b")


def _apply() -> None:
    # Pillow only warns up to twice its limit, and refuses from there on.
    Image.MAX_IMAGE_PIXELS = max(_limits) // 2 + 1
