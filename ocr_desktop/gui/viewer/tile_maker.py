"""Cuts the tiles of a page in the background: first those that are seen now."""

import threading
from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from ocr_desktop.gui.viewer.page_pyramid import PagePyramid, TileKey


class MadeTile(msgspec.Struct, frozen=True):
    """One tile of one page."""

    pyramid: PagePyramid
    key: TileKey
    picture: QImage


class TileMaker(QObject):
    """One thread that makes what was asked for last. Its methods belong to the GUI thread.

    Signals:
        made: A :class:`MadeTile`; may be of a page that is not shown any more.
    """

    made = Signal(object)
    _ready = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        """Prepare; the thread starts with the first request."""
        super().__init__(parent)
        self._condition = threading.Condition()
        self._pyramid: PagePyramid | None = None
        self._keys: list[TileKey] = []
        self._is_stopping = False
        self._thread: threading.Thread | None = None
        self._ready.connect(self._deliver)

    def want(self, pyramid: PagePyramid, keys: Sequence[TileKey]) -> None:
        """Make these tiles, in this order, instead of whatever was wanted before."""
        with self._condition:
            self._pyramid, self._keys = pyramid, list(keys)
            self._condition.notify()
        if self._thread is None and keys:
            self._is_stopping = False
            self._thread = threading.Thread(target=self._work, name="tile-maker", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread. Calling it twice does no harm; a further request starts another."""
        with self._condition:
            self._is_stopping = True
            self._pyramid, self._keys = None, []
            self._condition.notify()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _work(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._keys or self._is_stopping)
                if self._is_stopping or self._pyramid is None:
                    return
                pyramid, key = self._pyramid, self._keys.pop(0)
            self._ready.emit(MadeTile(pyramid, key, pyramid.tile(key)))
            del pyramid  # a page takes much memory; let go of it while there is nothing to do

    @Slot(object)
    def _deliver(self, tile: MadeTile) -> None:
        if self._thread is not None:
            self.made.emit(tile)
