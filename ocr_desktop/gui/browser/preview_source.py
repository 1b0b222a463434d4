"""Large previews of one image at a time, loaded in the background."""

from collections.abc import Callable, Iterable

import msgspec
from PySide6.QtCore import QObject, Signal

from ocr_desktop.gui.background.latest_loader import LatestLoader
from ocr_desktop.services.image_facts import ImageFacts, look_at
from ocr_desktop.services.thumbnails import Bitmap, Unshowable

PREVIEW_EDGE = 1024
"""Longest edge of a large preview, in pixels; the thumbnail store keeps this size on the disk."""

Render = Callable[[str, int], Bitmap | Unshowable]


class LargePreview(msgspec.Struct, frozen=True):
    """One image, large, and what is known of its file."""

    path: str
    answer: Bitmap | Unshowable
    facts: ImageFacts | None
    """None if the file cannot be looked at."""


class PreviewSource(QObject):
    """Loads the large preview of the image that was asked for last. GUI thread only.

    Signals:
        loaded: A :class:`LargePreview`, never of an image that is not wanted any more.
    """

    loaded = Signal(object)

    def __init__(self, name: str, render: Render, parent: QObject | None = None) -> None:
        """Prepare the thread, which starts with the first wish.

        Args:
            name: Of the thread.
            render: Makes a preview of a path for an edge in pixels; called in the background.
            parent: Qt's parent.
        """
        super().__init__(parent)

        def load(path: object) -> Iterable[LargePreview]:
            assert isinstance(path, str)  # noqa: S101 - it is what was wanted
            yield LargePreview(path, render(path, PREVIEW_EDGE), look_at(path))

        self._loader = LatestLoader(name, load, _refuse, self)
        self._loader.loaded.connect(self.loaded)

    def want(self, path: str | None) -> None:
        """Load this image, and no longer whatever was wanted before."""
        self._loader.load(path)

    def stop(self) -> None:
        """End the thread. Calling it twice does no harm."""
        self._loader.stop()


def _refuse(path: object, _error: Exception) -> LargePreview:
    return LargePreview(str(path), Unshowable("No preview could be made of this image."), None)
