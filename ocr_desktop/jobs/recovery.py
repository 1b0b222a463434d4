"""Recovery: puts the books of jobs in order whose process died.

Such a job is active in the store, but nobody holds its lock. It becomes ``interrupted``. What was in work
when the process died is looked at on disk: where a sound result of these settings lies, the item is
completed, else it waits again. Temporary files of those items are removed.
"""

import logging

from ocr_desktop.batch.item_work import settings_of
from ocr_desktop.batch.processor import attempt_token, cancelled_outcome
from ocr_desktop.batch.scratch import remove_scratch
from ocr_desktop.domain.errors import KnownError
from ocr_desktop.domain.items import ImageItem, ItemOutcome
from ocr_desktop.domain.options import Overwrite
from ocr_desktop.domain.states import ItemState, JobState
from ocr_desktop.jobs.job_locks import JobLocks
from ocr_desktop.jobs.store import JobRecord, JobStore
from ocr_desktop.services.atomic_files import remove_quietly
from ocr_desktop.services.engines.catalog import EngineCatalog
from ocr_desktop.services.result_saver import temporaries_of
from ocr_desktop.services.skip_detector import SkipDetector
from ocr_desktop.services.source_file import describe_source

_log = logging.getLogger(__name__)


def recover_jobs(store: JobStore, locks: JobLocks, engines: EngineCatalog) -> list[str]:
    """Interrupt every job whose process died; return their ids. May be called while other programs work."""
    recovered: list[str] = []
    for job in store.jobs():
        if not job.state.is_active:
            continue
        lock = locks.try_lock(job.id)
        if lock is None:
            continue  # somebody is at it
        try:
            # Its process may have ended it in order between the look and the lock.
            if store.get(job.id).state.is_active:
                _recover(store.get(job.id), store, engines)
                recovered.append(job.id)
        finally:
            lock.release()
    return recovered


def _recover(job: JobRecord, store: JobStore, engines: EngineCatalog) -> None:
    remove_scratch(job.id)
    detector = _detector(job, engines)
    while records := store.items(job.id, states={ItemState.PROCESSING}):
        for record in records:
            _sweep(job, record.item)
            outcome = _outcome_on_disk(record.item, detector) if detector else None
            if outcome is None:
                store.set_item_state(job.id, record.item.id, ItemState.PENDING)
            else:
                store.settle(job.id, [outcome])
    store.set_job_state(job.id, JobState.INTERRUPTED)
    if store.cancel_requested(job.id):
        _cancel_waiting(job.id, store)
    _log.warning("Job %s was interrupted: its process has died", job.id)


def _cancel_waiting(job_id: str, store: JobStore) -> None:
    """Cancel an interrupted job as its process would have done, had it lived to see the order."""
    while waiting := store.items(job_id, states={ItemState.PENDING}):
        store.settle(job_id, [cancelled_outcome(record.item) for record in waiting])
    store.set_job_state(job_id, JobState.CANCELLED)


def _detector(job: JobRecord, engines: EngineCatalog) -> SkipDetector | None:
    """What recognizes this job's own results; None where they cannot be told from older ones."""
    if job.options.overwrite is not Overwrite.SKIP:
        return None
    try:
        engine = engines.resolve(job.options)
    except KnownError:
        return None
    return SkipDetector(job.options, settings_of(engine.spec.name, engine.config))


def _outcome_on_disk(item: ImageItem, detector: SkipDetector) -> ItemOutcome | None:
    try:
        source = describe_source(item.path)
        verdict = detector.examine(item, source)
    except KnownError:
        return None
    if not verdict.skip or verdict.stale:
        return None
    return ItemOutcome(
        item_id=item.id,
        state=ItemState.COMPLETED,
        reason="Its result was written just before the program ended.",
        confidence=verdict.confidence,
        attempts=1,
        result_files=verdict.files,
        result_hashes=verdict.hashes,
        source_hash=source.sha256,
    )


def _sweep(job: JobRecord, item: ImageItem) -> None:
    for attempt in range(1, job.options.retries + 2):
        remove_quietly(temporaries_of(item.output_dir, attempt_token(job.id, item.id, attempt)).values())
