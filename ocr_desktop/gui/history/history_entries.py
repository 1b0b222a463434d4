"""The jobs of the history, read from the store one by one: for threads in the background."""

import os
from collections.abc import Iterator

import msgspec

from ocr_desktop.domain.errors import JobNotFoundError
from ocr_desktop.domain.jobs import JobSnapshot
from ocr_desktop.gui.run.run_queue import common_folder
from ocr_desktop.jobs.manager import JobManager


class HistoryEntry(msgspec.Struct, frozen=True):
    """One job of the history."""

    job: JobSnapshot
    folder: str
    """The folder above its images, by the first and the last of them; empty if it has none."""


def all_entries(jobs: JobManager) -> Iterator[HistoryEntry]:
    """Yield all jobs, newest first; each is looked at when it is asked for. Any thread."""
    for job in jobs.newest_first():
        entry = _describe(jobs, job)
        if entry is not None:
            yield entry


def one_entry(jobs: JobManager, job_id: str) -> Iterator[HistoryEntry]:
    """Yield a job, if it is there. Any thread."""
    try:
        entry = _describe(jobs, jobs.get(job_id))
    except JobNotFoundError:
        return
    if entry is not None:
        yield entry


def _describe(jobs: JobManager, job: JobSnapshot) -> HistoryEntry | None:
    try:
        ends = [*jobs.items(job.id, limit=1), *jobs.items(job.id, after=job.stats.total - 2, limit=1)]
    except JobNotFoundError:  # deleted meanwhile
        return None
    return HistoryEntry(job, common_folder({os.path.split(record.item.path)[0] for record in ends}))
