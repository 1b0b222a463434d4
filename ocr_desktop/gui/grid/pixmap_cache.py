"""The thumbnails in memory: pixmaps by path, bounded by bytes; the least recently used ones go first."""

from collections import OrderedDict

import msgspec
from PySide6.QtGui import QImage, QPixmap

from ocr_desktop.services.thumbnails import Bitmap, Unshowable

_MAX_BYTES = 64 * 1024 * 1024
"""Several screens: one of 4K, full of thumbnails, takes 33 MB."""
_ENTRY_BYTES = 512
"""What an entry costs beside its pixels, so that reasons are bounded too."""


class CachedThumbnail(msgspec.Struct, frozen=True):
    """What is known about the look of one image."""

    edge: int
    """The longest edge, in device pixels, that it was made for."""
    pixmap: QPixmap | None
    """None for an image that cannot be shown."""
    width: int
    """Of the pixmap, in device pixels; 0 where there is none."""
    height: int
    problem: str
    """Why it cannot be shown; empty if it can."""


class PixmapCache:
    """Bounded by bytes, not by number. GUI thread only.

    Args:
        max_bytes: Memory that the pixels may take.
    """

    def __init__(self, max_bytes: int = _MAX_BYTES) -> None:
        """Start empty."""
        self._max_bytes = max_bytes
        self._bytes = 0
        self._entries: OrderedDict[str, CachedThumbnail] = OrderedDict()

    def __len__(self) -> int:
        """How many thumbnails are in memory."""
        return len(self._entries)

    @property
    def max_bytes(self) -> int:
        """What they may take."""
        return self._max_bytes

    @property
    def bytes(self) -> int:
        """What they take."""
        return self._bytes

    def get(self, path: str) -> CachedThumbnail | None:
        """Return what is known of ``path``, and mark it as used."""
        entry = self._entries.get(path)
        if entry is not None:
            self._entries.move_to_end(path)
        return entry

    def has(self, path: str, edge: int) -> bool:
        """Whether ``path`` is here, made for ``edge`` (a broken image is broken at any size)."""
        entry = self._entries.get(path)
        return entry is not None and (entry.edge == edge or entry.pixmap is None)

    def put(self, path: str, edge: int, answer: Bitmap | Unshowable) -> None:
        """Turn an answer of the thumbnail store into a pixmap and keep it."""
        self.discard(path)
        if isinstance(answer, Unshowable):
            entry = CachedThumbnail(edge, None, 0, 0, answer.reason)
        else:
            entry = CachedThumbnail(edge, pixmap_of(answer), answer.width, answer.height, "")
        self._entries[path] = entry
        self._bytes += _size_of(entry)
        while self._bytes > self._max_bytes and len(self._entries) > 1:
            _, oldest = self._entries.popitem(last=False)
            self._bytes -= _size_of(oldest)

    def discard(self, path: str) -> None:
        """Forget ``path``, for example because the file has changed."""
        entry = self._entries.pop(path, None)
        if entry is not None:
            self._bytes -= _size_of(entry)

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
        self._bytes = 0


def pixmap_of(bitmap: Bitmap) -> QPixmap:
    """Return the pixmap of a bitmap. GUI thread only, as for every pixmap."""
    # The image only borrows the bytes; fromImage makes a copy before they can go away.
    image = QImage(bitmap.pixels, bitmap.width, bitmap.height, 4 * bitmap.width, QImage.Format.Format_RGB32)
    return QPixmap.fromImage(image.copy())


def _size_of(entry: CachedThumbnail) -> int:
    return _ENTRY_BYTES + 4 * entry.width * entry.height
