"""The composition root: the one place that builds the object graph. No Qt."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from ocr_desktop.batch.executor import ExecutorFactory
from ocr_desktop.batch.process_executor import ProcessExecutor
from ocr_desktop.batch.serial_executor import SerialExecutor
from ocr_desktop.jobs.manager import JobManager
from ocr_desktop.jobs.memory_store import MemoryJobStore
from ocr_desktop.services.engines.catalog import DEFAULT_ENGINES, EngineCatalog
from ocr_desktop.services.engines.protocol import EngineSpec
from ocr_desktop.services.folders import AppFolders


class Application(msgspec.Struct, frozen=True):
    """What a front end works with. Its parts may be used from any thread."""

    jobs: JobManager
    engines: EngineCatalog
    folders: AppFolders


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
    make_executor: ExecutorFactory = SerialExecutor if serial else ProcessExecutor
    return Application(
        jobs=JobManager(MemoryJobStore(), catalog, make_executor),
        engines=catalog,
        folders=AppFolders.locate(home),
    )
