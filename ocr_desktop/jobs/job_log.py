"""The job log: when a job began, paused, went on and ended, by id and in numbers, for a bug report."""

import logging

from ocr_desktop.domain.events import Event, JobStateChanged
from ocr_desktop.domain.items import JobStats
from ocr_desktop.domain.states import ItemState, JobState
from ocr_desktop.jobs.store import JobStore

_log = logging.getLogger(__name__)


class JobLog:
    """A listener to the events of jobs. Failures of items are logged by whoever judges them."""

    def __init__(self, store: JobStore) -> None:
        """Look into ``store`` for the numbers."""
        self._store = store

    def hear(self, event: Event) -> None:
        """Log a change of a job's state; pass over all else."""
        if not isinstance(event, JobStateChanged):
            return
        stats = self._store.stats(event.job_id)
        if event.state is JobState.PAUSED:
            kind = event.trouble.kind if event.trouble else "asked for"
            _log.info("Job %s is paused (%s): %s", event.job_id, kind, _in_numbers(stats))
        elif event.state.is_active:
            _log.info("Job %s is at work: %d items, %s", event.job_id, stats.total, _in_numbers(stats))
        else:
            seconds = self._store.get(event.job_id).worked
            state = event.state.value
            _log.info("Job %s ended as %s: %s, %.1f s", event.job_id, state, _in_numbers(stats), seconds)


def _in_numbers(stats: JobStats) -> str:
    counts = (f"{stats.of(state)} {state.value}" for state in ItemState if stats.of(state))
    return ", ".join(counts)
