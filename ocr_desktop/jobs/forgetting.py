"""Forgetting a job: its history, its traces in the program's own files, and, if asked for, its results.

Images are never touched. Result files go only if they are still what the job wrote: a file that somebody has
changed since, or that a later job has replaced, stays and is named. So does a result whose text somebody has
corrected.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Final

import msgspec

from ocr_desktop.domain.items import ItemOutcome, ItemRecord
from ocr_desktop.domain.naming import is_result_name, one_line, printable
from ocr_desktop.domain.states import ItemState
from ocr_desktop.jobs.store import JobStore
from ocr_desktop.services.carried_corrections import is_corrected

_PAGE: Final = 2000
"""Items that are in memory at a time."""
_MOST_NAMED: Final = 100
"""Files that are named; of a job of a million the rest is only counted."""


class Traces(msgspec.Struct, frozen=True, kw_only=True):
    """What else keeps something of a job, and how to make it forget; each is safe to call twice."""

    of_images: tuple[Callable[[Sequence[str]], object], ...] = ()
    """Each takes paths of images, a page at a time."""
    of_job: tuple[Callable[[str], object], ...] = ()
    """Each takes the id of the job."""


class WhyKept(StrEnum):
    """Why a result file was not removed."""

    CHANGED = "changed"
    """It is not what the job wrote, or there is no telling."""
    CORRECTED = "corrected"
    """It holds a text that somebody has corrected."""
    REFUSED = "refused"
    """The operating system did not let us."""


class KeptFile(msgspec.Struct, frozen=True):
    """A result file that stays."""

    path: str
    """Absolute path, as the operating system spells it."""
    why: WhyKept
    sentence: str
    """For the user."""


class Forgotten(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a job that was deleted."""

    items: int
    """Images that it had."""
    results_removed: int = 0
    results_kept: int = 0
    """Result files that were to go, and stay."""
    kept: tuple[KeptFile, ...] = ()
    """The first of these."""

    @property
    def is_refused(self) -> bool:
        """Whether files stay that were to go and could not be removed."""
        return any(file.why is WhyKept.REFUSED for file in self.kept)


def forget_job(store: JobStore, job_id: str, traces: Traces, *, results: bool) -> Forgotten:
    """Delete a job that nobody runs, with its traces; with ``results`` its result files too. Blocks.

    The history goes last, so that one that is broken off can be repeated.

    Raises:
        JobNotFoundError: If there is none of that id.
        StoreUnusableError: If the list of jobs cannot be written.
    """
    removed, items, kept_count = 0, 0, 0
    kept: list[KeptFile] = []
    for page in _pages(store, job_id):
        items += len(page)
        if results:
            gone, stays = _remove_results(page)
            removed += gone
            kept_count += len(stays)
            # Those that could not be removed are named first: there is something to do about them.
            kept = sorted([*kept, *stays], key=lambda file: file.why is not WhyKept.REFUSED)[:_MOST_NAMED]
        paths = [record.item.path for record in page]
        for forget_images in traces.of_images:
            forget_images(paths)
    for forget in traces.of_job:
        forget(job_id)
    store.delete(job_id)
    return Forgotten(items=items, results_removed=removed, results_kept=kept_count, kept=tuple(kept))


def _pages(store: JobStore, job_id: str) -> Iterator[Sequence[ItemRecord]]:
    store.get(job_id)
    after = -1
    while page := store.items(job_id, after=after, limit=_PAGE):
        yield page
        after = page[-1].item.id


def _remove_results(page: Iterable[ItemRecord]) -> tuple[int, list[KeptFile]]:
    removed = 0
    kept: list[KeptFile] = []
    for record in page:
        outcome = record.outcome
        if outcome is None or record.state is not ItemState.COMPLETED:
            continue  # what led to a skip is the work of another job
        if _is_corrected(outcome):
            kept += [_corrected(path) for path in outcome.result_files if os.path.lexists(path)]
            continue
        for path, digest in _files_of(outcome):
            try:
                if not _is_own(path, digest):
                    kept.append(_changed(path))
                    continue
                os.unlink(path)
                removed += 1
            except FileNotFoundError:
                continue  # somebody was faster
            except OSError as error:
                kept.append(_refused(path, error))
    return removed, kept


def _is_corrected(outcome: ItemOutcome) -> bool:
    """Whether somebody has corrected the text of a result."""
    json = next((path for path in outcome.result_files if path.endswith(".json")), None)
    try:
        return json is not None and is_corrected(json)
    except OSError:
        return False  # it cannot be removed either, and is named as such


def _files_of(outcome: ItemOutcome) -> Iterator[tuple[str, str]]:
    """The result files with their hashes, empty where unknown; the JSON last, as it proves the reading."""
    hashes = outcome.result_hashes or ("",) * len(outcome.result_files)
    pairs = list(zip(outcome.result_files, hashes, strict=True))
    yield from sorted(pairs, key=lambda pair: pair[0].endswith(".json"))


def _is_own(path: str, digest: str) -> bool:
    """Whether a file is still the result that the job wrote; not where its hash is unknown.

    Raises:
        OSError: If it cannot be read; ``FileNotFoundError`` if it is gone.
    """
    if os.path.islink(path) or not is_result_name(os.path.basename(path)):
        return False
    if not os.path.isfile(path):
        os.stat(path)  # says so if it is gone; a pipe or device is not ours
        return False
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == digest


def _changed(path: str) -> KeptFile:
    name = one_line(printable(path))
    return KeptFile(path, WhyKept.CHANGED, f"“{name}” stays: it was changed since the job wrote it.")


def _corrected(path: str) -> KeptFile:
    name = one_line(printable(path))
    return KeptFile(path, WhyKept.CORRECTED, f"“{name}” stays: its text was corrected by hand.")


def _refused(path: str, error: OSError) -> KeptFile:
    name, reason = one_line(printable(path)), error.strerror or error
    return KeptFile(path, WhyKept.REFUSED, f"“{name}” could not be removed ({reason}). Remove it by hand.")
