"""Exports in the background."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from ocr_desktop.domain.items import ItemRecord
from ocr_desktop.gui.background.background_stream import BackgroundStream
from ocr_desktop.gui.messages.failure import Failure
from ocr_desktop.gui.results.correction_marks import json_file
from ocr_desktop.services.exporters.export import (
    Exported,
    ExportSource,
    ExportSummary,
    ExportTarget,
    export_results,
)

_INTERVAL = 0.1
"""Seconds between two words about the progress."""
_PROBLEMS = 20
"""Reasons that are kept; more of them nobody reads."""


class ExportOrder(msgspec.Struct, frozen=True):
    """What to export, and where to."""

    items: Sequence[int]
    """Ids; those without a JSON result are left out."""
    record_of: Callable[[int], ItemRecord]
    """Called on the thread of the export."""
    key: str
    """Of the format."""
    target: ExportTarget


class ExportEnd(msgspec.Struct, frozen=True):
    """How an export ended."""

    summary: ExportSummary
    first_file: str
    """The first file that was written; empty if there is none."""
    problems: tuple[str, ...]
    """The first few reasons why results were left out."""


class ExportRunner(QObject):
    """One export at a time. GUI thread only.

    Signals:
        progressed: How many results have been dealt with.
        ended: An :class:`ExportEnd`.
        failed: A :class:`Failure`.
    """

    progressed = Signal(int)
    ended = Signal(object)
    failed = Signal(object)
    _counted = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        """Start idle."""
        super().__init__(parent)
        self._stream: BackgroundStream | None = None
        self._cancelled = threading.Event()
        self._counted.connect(self._count)

    @property
    def is_busy(self) -> bool:
        """Whether an export is going on."""
        return self._stream is not None

    def start(self, order: ExportOrder) -> None:
        """Begin. Does nothing while another export is going on."""
        if self._stream is None:
            self._cancelled = cancelled = threading.Event()
            work = _Export(order, cancelled.is_set, self._counted.emit)
            self._stream = BackgroundStream("export", lambda: [work.run()], self)
            self._stream.batch.connect(self._note_end)
            self._stream.ended.connect(self._conclude)
            self._stream.start()

    def cancel(self) -> None:
        """End before the next result; ``ended`` comes nevertheless."""
        self._cancelled.set()

    def stop(self) -> None:
        """End, and return once the thread is gone. Calling it twice does no harm."""
        self._cancelled.set()
        if self._stream is not None:
            self._stream.stop()
            self._stream = None

    @Slot(int)
    def _count(self, done: int) -> None:
        if self._stream is not None:
            self.progressed.emit(done)

    @Slot(object)
    def _note_end(self, ends: Sequence[ExportEnd]) -> None:
        self._end = ends[0]

    @Slot(object)
    def _conclude(self, error: Exception | None) -> None:
        self._stream = None
        if error is None:
            self.ended.emit(self._end)
        else:
            self.failed.emit(Failure.of(error))


class _Export:
    """One export; lives on its thread."""

    def __init__(
        self, order: ExportOrder, is_cancelled: Callable[[], bool], tell: Callable[[int], None]
    ) -> None:
        self._order = order
        self._is_cancelled = is_cancelled
        self._tell = tell
        self._done = 0
        self._told = 0.0
        self._first = ""
        self._problems: list[str] = []

    def run(self) -> ExportEnd:
        order = self._order
        summary = export_results(self._sources(), order.key, order.target, self._note, self._is_cancelled)
        return ExportEnd(summary, summary.file or self._first, tuple(self._problems))

    def _sources(self) -> Iterator[ExportSource]:
        for record in map(self._order.record_of, self._order.items):
            file = json_file(record)
            if file:
                yield ExportSource(file, record.item.path)
            self._done += 1

    def _note(self, exported: Exported) -> None:
        self._first = self._first or exported.file
        if exported.error and len(self._problems) < _PROBLEMS:
            self._problems.append(exported.error)
        now = time.monotonic()
        if now - self._told >= _INTERVAL:
            self._told = now
            self._tell(self._done)
