"""The composition root: the one place that builds the object graph. No Qt."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from ocr_desktop.batch.executor import ExecutorFactory
from ocr_desktop.batch.process_executor import ProcessExecutor
from ocr_desktop.batch.scratch import remove_scratch
from ocr_desktop.batch.serial_executor import SerialExecutor
from ocr_desktop.jobs.database import JobDatabase
from ocr_desktop.jobs.forgetting import Traces
from ocr_desktop.jobs.job_locks import JobLocks
from ocr_desktop.jobs.job_log import JobLog
from ocr_desktop.jobs.manager import JobManager
from ocr_desktop.jobs.receipts import Receipts
from ocr_desktop.jobs.sqlite_store import SqliteJobStore
from ocr_desktop.services.engines.catalog import DEFAULT_ENGINES, EngineCatalog
from ocr_desktop.services.engines.protocol import EngineSpec
from ocr_desktop.services.folders import AppFolders, keep_others_out
from ocr_desktop.services.known_results import KnownResults
from ocr_desktop.services.thumbnails import ThumbnailStore


class Application(msgspec.Struct, frozen=True):
    """What a front end works with. Its parts may be used from any thread."""

    jobs: JobManager
    store: SqliteJobStore
    receipts: Receipts
    known: KnownResults
    engines: EngineCatalog
    folders: AppFolders
    notices: tuple[str, ...] = ()
    """What the user should know about the start; whole sentences."""

    def close(self) -> None:
        """Close the list of jobs and the known results. No job may be running any more."""
        self.jobs.close()
        self.store.close()
        self.known.close()


def build_application(
    *,
    engines: Sequence[EngineSpec] = DEFAULT_ENGINES,
    serial: bool = False,
    home: Path | None = None,
) -> Application:
    """Build everything that a front end needs.

    Args:
        engines: The OCR engines to choose from, in the order in which ``auto`` prefers them.
        serial: Whether to read images one by one in this process instead of in worker processes.
        home: Folder for the program's own files; by default the user's data folder.
    """
    catalog = EngineCatalog(engines)
    folders = AppFolders.locate(home)
    keep_others_out(folders)
    database = JobDatabase(folders.home / "jobs.db")
    store = SqliteJobStore(database)
    locks = JobLocks(folders.home / "locks")
    make_executor: ExecutorFactory = SerialExecutor if serial else ProcessExecutor
    receipts = Receipts(folders.receipts, store)
    known = KnownResults(folders.cache / "known-results.db")
    traces = _traces(folders, receipts, known)
    jobs = JobManager(store, locks, catalog, make_executor, traces=traces, receipts=receipts, known=known)
    jobs.subscribe(JobLog(store).hear)
    return Application(
        jobs=jobs,
        store=store,
        receipts=receipts,
        known=known,
        engines=catalog,
        folders=folders,
        notices=_notices(database),
    )


def _traces(folders: AppFolders, receipts: Receipts, known: KnownResults) -> Traces:
    """What keeps something of a job beside the list of jobs, and is told when the job is deleted."""
    thumbnails = ThumbnailStore(folders.thumbnails)
    return Traces(of_images=(thumbnails.forget, known.forget), of_job=(receipts.forget, remove_scratch))


def _notices(database: JobDatabase) -> tuple[str, ...]:
    if database.moved_to is None:
        return ()
    where = f"The list of jobs was damaged and has been begun anew; the old one is in “{database.moved_to}”."
    return (f"{where} Results beside your images are not affected.",)
