"""Recovery: what becomes of a job whose process died, and what is left alone."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ocr_desktop.domain.items import ImageItem
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import ItemState, JobState
from ocr_desktop.jobs.database import JobDatabase
from ocr_desktop.jobs.job_locks import JobLocks
from ocr_desktop.jobs.recovery import recover_jobs
from ocr_desktop.jobs.sqlite_store import SqliteJobStore
from ocr_desktop.jobs.store import JobRecord
from ocr_desktop.services.engines.catalog import EngineCatalog
from tests.fakes.engines import NOOP

ENGINES = EngineCatalog([NOOP])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteJobStore]:
    opened = SqliteJobStore(JobDatabase(tmp_path / "jobs.db"))
    yield opened
    opened.close()


@pytest.fixture
def locks(tmp_path: Path) -> JobLocks:
    return JobLocks(tmp_path / "locks")


@pytest.fixture
def lost_job(store: SqliteJobStore, tmp_path: Path) -> str:
    """A job of four images whose process died while it had one in work."""
    record = JobRecord(id="lost", state=JobState.QUEUED, options=RunOptions(), created_at=datetime.now(UTC))
    paths = [tmp_path / f"{number}.png" for number in range(4)]
    store.add(record, [ImageItem(n, str(path), str(tmp_path), (path.stem,)) for n, path in enumerate(paths)])
    store.set_job_state("lost", JobState.PROCESSING)
    store.set_item_state("lost", 0, ItemState.PROCESSING)
    return "lost"


def states(store: SqliteJobStore, job_id: str) -> list[ItemState]:
    return [record.state for record in store.items(job_id)]


def test_a_lost_job_is_interrupted_and_its_item_waits_again(
    store: SqliteJobStore, locks: JobLocks, lost_job: str
) -> None:
    assert recover_jobs(store, locks, ENGINES) == [lost_job]
    assert store.get(lost_job).state is JobState.INTERRUPTED
    assert states(store, lost_job) == [ItemState.PENDING] * 4
    assert recover_jobs(store, locks, ENGINES) == [], "once is enough"


def test_a_cancel_that_the_process_did_not_live_to_see_is_carried_out(
    store: SqliteJobStore, locks: JobLocks, lost_job: str
) -> None:
    store.request_cancel(lost_job)
    assert recover_jobs(store, locks, ENGINES) == [lost_job]
    assert store.get(lost_job).state is JobState.CANCELLED
    assert states(store, lost_job) == [ItemState.CANCELLED] * 4


def test_a_job_that_somebody_runs_is_left_alone(
    store: SqliteJobStore, locks: JobLocks, lost_job: str
) -> None:
    lock = locks.try_lock(lost_job)
    assert lock is not None
    assert recover_jobs(store, locks, ENGINES) == []
    lock.release()
    assert store.get(lost_job).state is JobState.PROCESSING


def test_a_job_that_never_began_is_left_as_it_is(store: SqliteJobStore, locks: JobLocks) -> None:
    record = JobRecord(id="new", state=JobState.QUEUED, options=RunOptions(), created_at=datetime.now(UTC))
    store.add(record, [ImageItem(0, "/a.png", "/", ("a",))])
    assert recover_jobs(store, locks, ENGINES) == []
    assert store.get("new").state is JobState.QUEUED
