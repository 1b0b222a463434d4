"""What must hold after any fault, once the job has ended."""

import hashlib
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

from ocr_desktop.domain.items import ItemRecord, JobStats
from ocr_desktop.domain.states import ItemState, JobState
from ocr_desktop.jobs.store import JobRecord
from ocr_desktop.services.atomic_files import TEMPORARY_PREFIX
from ocr_desktop.services.result_reader import read_result
from ocr_desktop.services.text_result import read_text_proof
from tests.faults.campaign import REAL, Scene

_READ = {ItemState.COMPLETED, ItemState.SKIPPED}


def check_everything(scene: Scene, *, harms: int, may_fail: bool = False) -> int:
    """Check all that holds of a scene whose jobs have ended; return how many images were read again.

    Args:
        scene: Where the harm was done.
        harms: How often a run was harmed: each may cost the images that were in flight.
        may_fail: Whether items may have failed.
    """
    check_database(scene)
    for job in scene.jobs():
        records = check_books(scene, job)
        states = {record.state for record in records}
        assert may_fail or states <= _READ, f"not all was read: {Counter(r.state for r in records)}"
    check_files(scene)
    if not may_fail:
        check_all_read(scene)
    return 0 if scene.engine == REAL else check_nothing_twice(scene, harms)


def check_database(scene: Scene) -> None:
    """The database is whole, and its redundant counters say what a count says."""
    with closing(sqlite3.connect(scene.home / "jobs.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert not list(scene.home.glob("*.damaged-*")), "a sound database was taken for damaged"


def check_books(scene: Scene, job: JobRecord) -> list[ItemRecord]:
    """The job has ended, each item is in one final state, and the counters add up."""
    records = scene.records(job.id)
    assert [record.item.id for record in records] == list(range(len(records)))
    assert sorted(record.item.path for record in records) == sorted(map(str, scene.images))
    for record in records:
        assert record.state.is_final, f"{record.item.path} is {record.state}"
        assert record.outcome is not None
        assert record.outcome.state is record.state
        assert bool(record.outcome.error) is (record.state is ItemState.FAILED), record.outcome
    check_counters(scene, job, records)
    assert job.state.is_final, job.state
    if job.state is not JobState.CANCELLED:
        has_failed = any(record.state is ItemState.FAILED for record in records)
        assert job.state is (JobState.COMPLETED_WITH_ERRORS if has_failed else JobState.COMPLETED)
    return records


def check_counters(scene: Scene, job: JobRecord, records: list[ItemRecord]) -> None:
    with scene.application() as application:
        stats = application.store.stats(job.id)
    assert stats == JobStats.from_counts(Counter(record.state for record in records))
    assert stats.total == len(records)


def check_files(scene: Scene) -> None:
    """Each result is whole and of an image as it is; nothing else is left, and no image was touched."""
    for job in scene.jobs():
        for record in scene.records(job.id):
            if record.state in _READ:
                _check_result(record)
    for path in scene.results.rglob("*.json"):
        read_result(path)  # whatever is there parses
    check_nothing_left(scene)
    check_sources(scene)


def check_nothing_left(scene: Scene) -> None:
    """There are no temporary files or folders."""
    left = [path for folder in (scene.results, scene.root) for path in folder.rglob(f"{TEMPORARY_PREFIX}*")]
    assert not left, f"temporary files left: {left}"
    left = list(scene.scratch.glob("ocr-desktop-*"))
    assert not left, f"temporary folders left: {left}"


def check_sources(scene: Scene) -> None:
    for path, digest in scene.hashes.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == digest, f"{path} was changed"


def check_all_read(scene: Scene) -> None:
    """Each image has one result of its own, and there are no others."""
    names = Counter(path.name for path in scene.images)
    kinds = {suffix: list(scene.results.rglob(f"*{suffix}")) for suffix in (".json", ".txt")}
    assert any(kinds.values()), "there are no results"
    for files in filter(None, kinds.values()):
        assert Counter(map(_claimed_name, files)) == names


def check_nothing_twice(scene: Scene, harms: int) -> int:
    """What was over is not read again; only what was in flight when harm was done may be."""
    trace = scene.trace()
    for checkpoint in scene.checkpoints:
        again = {recognition.number for recognition in trace[checkpoint.traced :]} & checkpoint.settled
        assert not again, f"read again although they were over: {sorted(again)}"
    repeated = sum(count - 1 for count in Counter(recognition.number for recognition in trace).values())
    allowed = harms * scene.workers
    assert repeated <= allowed, f"{repeated} images read again, {allowed} can have been in flight"
    return repeated


def _check_result(record: ItemRecord) -> None:
    assert record.outcome is not None
    files = [Path(file) for file in record.outcome.result_files]
    assert files, f"no result of {record.item.path}"
    for file in files:
        assert file.is_file(), f"{file} is missing"
        sha256 = _claimed_hash(file)
        actual = hashlib.sha256(Path(record.item.path).read_bytes()).hexdigest()
        assert sha256 == actual, f"{file} is not of {record.item.path}"


def _claimed_hash(file: Path) -> str:
    if file.suffix == ".json":
        return read_result(file).source.sha256
    proof = read_text_proof(str(file))
    assert proof is not None, f"{file} is no result"
    return proof.sha256


def _claimed_name(file: Path) -> str:
    if file.suffix == ".json":
        return read_result(file).source.name
    proof = read_text_proof(str(file))
    assert proof is not None, f"{file} is no result"
    return Path(proof.path).name
