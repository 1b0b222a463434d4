"""The quick pass: settles images that are known to be read by looks at their files' dates, without a worker.

What is known comes from earlier runs. Workers report what they have found or made; of a result that they have
just made, the files are read again when they have settled, as only then will their dates tell of any change.
"""

import hashlib
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

import msgspec

from ocr_desktop.batch.item_work import skipped_outcome
from ocr_desktop.batch.tasks import Completion
from ocr_desktop.domain.errors import ItemError
from ocr_desktop.domain.items import ImageItem, ItemOutcome
from ocr_desktop.services.file_state import read_with_state
from ocr_desktop.services.known_results import KnownFile, KnownResult, KnownResults
from ocr_desktop.services.skip_detector import SkipDetector
from ocr_desktop.services.source_file import observe_source

_SETTLING: Final = 2.5
"""Seconds after which a new file has settled."""
_SMALL: Final = 64 * 1024
"""Bytes of an image that is looked at on the spot."""
_LOOKING: Final = 0.04
"""Seconds that may be spent on such images in one go."""
_BATCH: Final = 200
"""Images that are remembered in one commit."""


class _Fresh(NamedTuple):
    """An image that has just been read."""

    due: float
    """When its result files have settled."""
    item: ImageItem
    known: KnownResult
    outcome: ItemOutcome


class QuickPass:
    """The quick pass of one run. For the thread that drives the job."""

    def __init__(
        self, detector: SkipDetector, known: KnownResults, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Have ``detector`` judge by what is ``known``."""
        self._detector = detector
        self._known = known
        self._clock = clock
        self._fresh: deque[_Fresh] = deque()
        self._learned: list[tuple[ImageItem, KnownResult]] = []

    def sift(self, items: Sequence[ImageItem]) -> list[ItemOutcome]:
        """Return the outcomes of those items that need not be read, as a worker would give them."""
        if not self._detector.may_skip:
            return []
        known = self._known.look_up(items)
        until = self._clock() + _LOOKING
        outcomes = [
            self._outcome(item, known[item.id]) if item.id in known else self._look(item, until)
            for item in items
        ]
        self._write_in_time()
        return [outcome for outcome in outcomes if outcome is not None]

    def learn(self, completions: Iterable[Completion]) -> None:
        """Take up what workers have found out."""
        for completion in completions:
            item, known = completion.task.item, completion.attempt.known
            if known is None:
                continue
            if known.files:
                self._learned.append((item, known))
            else:
                due = self._clock() + _SETTLING
                self._fresh.append(_Fresh(due, item, known, completion.attempt.outcome))
        self._take_settled()
        self._write_in_time()

    def end(self) -> None:
        """Write down what has been learned; results that have not settled are left to the next run."""
        self._take_settled()
        self._write()
        self._known.tidy()

    def _outcome(self, item: ImageItem, known: KnownResult) -> ItemOutcome | None:
        verdict = self._detector.recall(item, known)
        return None if verdict is None else skipped_outcome(item.id, verdict, known.sha256.hex(), 0.0, 1)

    def _look(self, item: ImageItem, until: float) -> ItemOutcome | None:
        """Look at a small image of which nothing is known: to hand it to a worker would take longer.

        The rest goes to the workers when the time is up: orders to the job wait for this.
        """
        began = self._clock()
        if began > until or not self._detector.has_result(item) or not _is_small(item.path):
            return None
        try:
            source, state = observe_source(item.path)
            verdict = self._detector.examine(item, source, state)
        except (ItemError, OSError, ValueError):
            return None  # a worker will say what is wrong
        if not verdict.skip:
            return None
        if verdict.known is not None:
            self._learned.append((item, verdict.known))
        return skipped_outcome(item.id, verdict, source.sha256, self._clock() - began, 1)

    def _take_settled(self) -> None:
        now = self._clock()
        while self._fresh and self._fresh[0].due <= now:
            fresh = self._fresh.popleft()
            files = _look_again(fresh.outcome)
            if files:
                self._learned.append((fresh.item, msgspec.structs.replace(fresh.known, files=files)))

    def _write_in_time(self) -> None:
        if len(self._learned) >= _BATCH:
            self._write()

    def _write(self) -> None:
        self._known.remember(self._learned)
        self._learned = []


def _is_small(path: str) -> bool:
    try:
        return os.stat(path).st_size <= _SMALL
    except OSError:
        return False


def _look_again(outcome: ItemOutcome) -> tuple[KnownFile, ...]:
    """Return the result files with their states; none if one is not what was written."""
    files: list[KnownFile] = []
    for path, expected in zip(outcome.result_files, outcome.result_hashes, strict=True):
        try:
            content, state = read_with_state(path)
        except OSError:
            return ()
        digest = hashlib.sha256(content).digest()
        if state is None or digest.hex() != expected:
            return ()
        files.append(KnownFile(os.path.splitext(path)[1].removeprefix("."), digest, state))
    return tuple(files)
