"""Looks in the background for the images whose finished results contain a text."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from ocr_desktop.gui.background.background_stream import BackgroundStream
from ocr_desktop.services.text_search import TextIndex

Results = Callable[[], Mapping[int, Sequence[str]]]
"""Returns, newly made, the ids of the images that have results, and the result files of each."""
_SHORTEST_PAUSE = 200
_LONGEST_PAUSE = 2000
"""Milliseconds between two announcements; the more there are, the longer, because each filters the list."""
_NEWS_DELAY = 1000
"""Milliseconds in which the news of a run are gathered before they are searched too."""


class ResultSearch(QObject):
    """One search at a time; results that come in later are searched as well. GUI thread only.

    Signals:
        changed: There are more ids, or the search has ended or begun.
    """

    changed = Signal()

    def __init__(self, results: Results, parent: QObject | None = None) -> None:
        """Search nothing yet.

        Args:
            results: Asked at the beginning of each search.
            parent: Qt's parent.
        """
        super().__init__(parent)
        self._results = results
        self._index = TextIndex()
        self._needle = ""
        self._found: set[int] = set()
        self._searched: dict[int, Sequence[str]] = {}
        self._stream: BackgroundStream | None = None
        self._halt = threading.Event()
        self._abandoned: list[BackgroundStream] = []
        self._announce = QTimer(self, interval=_SHORTEST_PAUSE, singleShot=True)
        self._announce.timeout.connect(self.changed)
        self._news = QTimer(self, interval=_NEWS_DELAY, singleShot=True)
        self._news.timeout.connect(self._search_rest)

    @property
    def needle(self) -> str:
        """What is searched for; empty for nothing."""
        return self._needle

    @property
    def ids(self) -> frozenset[int] | None:
        """The images found so far; None while nothing is searched for."""
        return frozenset(self._found) if self._needle else None

    @property
    def is_active(self) -> bool:
        """Whether the search is going on."""
        return self._stream is not None

    @property
    def has_results(self) -> bool:
        """Whether there was any result to search in."""
        return bool(self._searched)

    def search(self, needle: str) -> None:
        """Look for ``needle``, and no longer for what was looked for before; nothing if it is empty."""
        needle = needle.strip()
        if needle == self._needle:
            return
        self._drop_stream()
        self._needle = needle
        self._found.clear()
        self._searched.clear()
        self._announce.setInterval(_SHORTEST_PAUSE)
        self._search_rest()
        self.changed.emit()

    @Slot()
    def follow_results(self) -> None:
        """Search, after a moment, what has come in since."""
        if self._needle and not self._news.isActive():
            self._news.start()

    def stop(self) -> None:
        """End every thread and timer."""
        self._news.stop()
        self._announce.stop()
        self._drop_stream()
        for stream in self._abandoned:
            stream.stop()
        self._abandoned.clear()

    @Slot()
    def _search_rest(self) -> None:
        if not self._needle:
            return
        if self._stream is not None:
            self._news.start()  # once this one has ended
            return
        new = self._results()
        if self._searched:
            searched = self._searched
            new = {number: files for number, files in new.items() if searched.get(number) != files}
            self._found.difference_update(new)
        if not new:
            return
        self._searched.update(new)
        needle, index = self._needle, self._index
        halt = self._halt = threading.Event()

        def produce() -> Iterable[object]:
            return index.matching(new.items(), needle, halt.is_set)

        self._stream = BackgroundStream("text-search", produce, self)
        self._stream.batch.connect(self._take)
        self._stream.ended.connect(self._conclude)
        self._stream.start()

    @Slot(object)
    def _take(self, ids: list[int]) -> None:
        self._found.update(ids)
        if not self._announce.isActive():
            self._announce.start()
            self._announce.setInterval(min(_LONGEST_PAUSE, 2 * self._announce.interval()))

    @Slot(object)
    def _conclude(self, _failure: Exception | None) -> None:
        self._drop_stream()
        self._announce.stop()
        self.changed.emit()

    def _drop_stream(self) -> None:
        self._halt.set()
        if self._stream is not None:
            self._stream.cancel()
            self._abandoned.append(self._stream)
            self._stream = None
        for stream in [stream for stream in self._abandoned if not stream.is_alive]:
            self._abandoned.remove(stream)
            stream.deleteLater()
