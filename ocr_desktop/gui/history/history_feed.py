"""Fetches jobs for the history in the background, and again those of which there is news."""

from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from ocr_desktop.gui.background.background_stream import BackgroundStream
from ocr_desktop.gui.history.history_entries import HistoryEntry, all_entries, one_entry
from ocr_desktop.jobs.manager import JobManager

_CATCH_UP = 200
"""Milliseconds for which news of jobs is gathered."""


class HistoryFeed(QObject):
    """Streams entries. Lives in the GUI thread; the job store is asked on others.

    Signals:
        fetched: A list of :class:`HistoryEntry`.
        ended: None, or the exception that ended one fetch.
    """

    fetched = Signal(object)
    ended = Signal(object)

    def __init__(self, jobs: JobManager, parent: QObject | None = None) -> None:
        """Fetch nothing yet."""
        super().__init__(parent)
        self._jobs = jobs
        self._streams: list[BackgroundStream] = []
        self._news: set[str] = set()
        self._is_stopped = False
        self._catch_up = QTimer(self, interval=_CATCH_UP, singleShot=True)
        self._catch_up.timeout.connect(self._fetch_news)

    @property
    def is_active(self) -> bool:
        """Whether jobs are being fetched."""
        return any(stream.is_alive for stream in self._streams)

    def fetch_all(self) -> None:
        """Fetch all jobs, newest first."""
        self._fetch("history", lambda: all_entries(self._jobs))

    def note_news(self, job_ids: Iterable[str]) -> None:
        """Fetch these jobs anew, once no more news has come for a moment."""
        self._news.update(job_ids)
        if self._news and not self._is_stopped:
            self._catch_up.start()

    def stop(self) -> None:
        """End every thread; nothing is fetched any more. Calling it twice does no harm."""
        self._is_stopped = True
        self._catch_up.stop()
        for stream in self._streams:
            stream.stop()
        self._streams.clear()

    @Slot()
    def _fetch_news(self) -> None:
        job_ids, self._news = self._news, set()
        self._fetch("history-news", lambda: (e for job_id in job_ids for e in one_entry(self._jobs, job_id)))

    def _fetch(self, name: str, produce: Callable[[], Iterator[HistoryEntry]]) -> None:
        for stream in [stream for stream in self._streams if not stream.is_alive]:
            self._streams.remove(stream)
            stream.deleteLater()
        stream = BackgroundStream(name, produce, self)
        stream.batch.connect(self.fetched)
        stream.ended.connect(self.ended)
        self._streams.append(stream)
        stream.start()
