"""Looks in the background which of the results that are seen are corrected."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject

from ocr_desktop.domain.items import ItemRecord
from ocr_desktop.gui.background.latest_loader import LatestLoader
from ocr_desktop.gui.viewer.result_text import result_file


class _Mark(msgspec.Struct):
    """The part of a result file that tells."""

    correction: dict[str, object] | None = None


_DECODER = msgspec.json.Decoder(_Mark)


class CorrectionMarks(LatestLoader):
    """Looks at what it was asked about last. GUI thread only.

    Signals:
        loaded: For the ids of some items whether they are corrected.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        """Prepare; the thread starts with the first question."""
        super().__init__("correction-marks", _look, lambda _request, _error: {}, parent)

    def ask(self, records: Iterable[ItemRecord]) -> None:
        """Look at these items."""
        files = tuple((record.item.id, file) for record in records if (file := json_file(record)))
        if files:
            self.load(files)


def json_file(record: ItemRecord) -> str:
    """Return the JSON result of an item; empty if it has none."""
    return result_file(record.outcome, ".json")


def _look(request: tuple[tuple[int, str], ...]) -> Iterator[dict[int, bool]]:
    for item_id, file in request:
        try:
            yield {item_id: _DECODER.decode(Path(file).read_bytes()).correction is not None}
        except (OSError, msgspec.MsgspecError, ValueError):
            yield {item_id: False}
