"""Search in the texts of results: what each result file says is read once, and kept in bounded memory.

A text is found whatever its case, and across line breaks. Whether a kept text still counts is told by the
state of its file, so that a result that was read again or corrected is found by what it says now.
"""

import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import msgspec

from ocr_desktop.domain.results import Correction
from ocr_desktop.services.file_state import FileState, read_with_state, state_of
from ocr_desktop.services.text_result import text_of

_MOST_BYTES: Final = 64_000_000
_OVERHEAD: Final = 300
"""Bytes that an entry takes beside its text and its path."""


class _Texts(msgspec.Struct, frozen=True):
    """The texts of a JSON result; the rest of the file is passed over."""

    text: str
    correction: Correction | None = None

    @property
    def best(self) -> str:
        return self.text if self.correction is None else self.correction.text


_DECODER: Final = msgspec.json.Decoder(_Texts)


class _Kept(NamedTuple):
    state: FileState
    text: str
    size: int
    """Bytes in memory."""
    search: int
    """Number of the search that asked for it last."""


class TextIndex:
    """Texts of results, in bounded memory. May be used from any thread."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        """Keep no more than about so many bytes."""
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        """By path; what was asked for the longest ago comes first."""
        self._bytes = 0
        self._searches = 0

    @property
    def size(self) -> int:
        """Bytes that are kept."""
        return self._bytes

    def matching(
        self, entries: Iterable[tuple[int, Sequence[str]]], needle: str, stop: Callable[[], bool]
    ) -> Iterator[int]:
        """Yield the ids of those entries whose text contains ``needle``, in order, as they are found.

        Blocks while files are read. What counts is the corrected text where there is one. Results that are
        not there, or damaged, contain nothing. An empty needle is in every text, so nothing is read for it.

        Args:
            entries: Ids with the absolute paths of their result files; taken one after the other.
            needle: What to look for; case and the kind of white space do not matter.
            stop: Asked before each entry; the search ends when it says yes.
        """
        wanted = _fold(needle)
        with self._lock:
            self._searches += 1
            search = self._searches
        for entry_id, files in entries:
            if stop():
                return
            if not wanted or wanted in self._text(files, search):
                yield entry_id

    def _text(self, files: Sequence[str], search: int) -> str:
        """Return the text of a result as it is searched, of the first file that tells; empty if none does."""
        for path in sorted(files):  # the JSON comes before the TXT
            state = state_of(path)
            if state is None:
                continue
            text = self._recall(path, state, search)
            if text is None:
                text = self._read(path, search)
            if text is not None:
                return text
        return ""

    def _recall(self, path: str, state: FileState, search: int) -> str | None:
        with self._lock:
            kept = self._kept.get(path)
            if kept is None or kept.state != state:
                return None
            if kept.search != search:
                self._kept[path] = kept._replace(search=search)
                self._kept.move_to_end(path)
            return kept.text

    def _read(self, path: str, search: int) -> str | None:
        """Return the text of a result file; None if it does not tell."""
        try:
            content, state = read_with_state(path)
            text = _fold(_decode(path, content))
        except (OSError, ValueError, RecursionError):  # msgspec's and Unicode's errors are of the second kind
            return None
        if state is not None:  # else it was written just now, and the next change might go unseen
            self._keep(path, state, text, search)
        return text

    def _keep(self, path: str, state: FileState, text: str, search: int) -> None:
        kept = _Kept(state, text, sys.getsizeof(text) + sys.getsizeof(path) + _OVERHEAD, search)
        with self._lock:
            self._drop(path)
            while self._bytes + kept.size > self._most_bytes:
                oldest = next(iter(self._kept), None)
                # A search of more than there is room for would push out what it is about to ask for.
                if oldest is None or self._kept[oldest].search >= search - 1:
                    return
                self._drop(oldest)
            self._kept[path] = kept
            self._bytes += kept.size

    def _drop(self, path: str) -> None:
        kept = self._kept.pop(path, None)
        if kept is not None:
            self._bytes -= kept.size


def _decode(path: str, content: bytes) -> str:
    """Return the text that counts of a result file.

    Raises:
        ValueError: If it is no result.
    """
    if path.endswith(".json"):
        return _DECODER.decode(content).best
    text = text_of(content)
    if text is None:
        raise ValueError("no result of this program")
    return text


def _fold(text: str) -> str:
    """Return a text as it is compared: without case, and with single blanks for all white space."""
    return " ".join(text.casefold().split())
