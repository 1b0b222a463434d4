"""The job store: what its protocol promises, and what the database promises beyond that."""

import contextlib
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ocr_desktop.domain.errors import JobNotFoundError, StoreTooNewError, StoreUnusableError
from ocr_desktop.domain.items import ImageItem, ItemOutcome, JobStats
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import IllegalTransitionError, ItemState, JobState
from ocr_desktop.jobs.database import MIGRATIONS, JobDatabase
from ocr_desktop.jobs.sqlite_store import SqliteJobStore
from ocr_desktop.jobs.store import JobRecord, JobStore

OpenStore = Callable[[], SqliteJobStore]


@pytest.fixture
def open_store(tmp_path: Path) -> Iterator[OpenStore]:
    """Opens the same database again and again."""
    stores: list[SqliteJobStore] = []

    def open_one() -> SqliteJobStore:
        stores.append(SqliteJobStore(JobDatabase(tmp_path / "jobs.db")))
        return stores[-1]

    yield open_one
    for store in stores:
        store.close()


@pytest.fixture
def store(open_store: OpenStore) -> JobStore:
    return open_store()


def a_job(number: int = 0, **changes: object) -> JobRecord:
    values = {"id": f"batch_{number}", "state": JobState.QUEUED, "options": RunOptions(jobs=3)}
    return JobRecord(**values, created_at=datetime.now(UTC), **changes)  # type: ignore[arg-type]


def some_items(count: int) -> list[ImageItem]:
    return [ImageItem(number, f"/in/{number}.png", "/out", (f"{number}", "x")) for number in range(count)]


def finish(store: JobStore, job_id: str, item_id: int, state: ItemState = ItemState.COMPLETED) -> ItemOutcome:
    outcome = ItemOutcome(
        item_id=item_id,
        state=state,
        reason="why",
        error="what",
        error_kind="kind",
        stale=True,
        confidence=0.5,
        seconds=1.25,
        attempts=2,
        result_files=("/out/a.json", "/out/a.txt"),
    )
    store.set_item_state(job_id, item_id, ItemState.PROCESSING)
    store.settle(job_id, [outcome])
    return outcome


def test_a_job_comes_back_as_it_was_added(store: JobStore) -> None:
    job = a_job()
    store.add(job, some_items(3))
    assert store.get(job.id) == job
    assert [record.item for record in store.items(job.id)] == some_items(3)
    assert store.stats(job.id) == JobStats(total=3, pending=3)


def test_an_outcome_comes_back_as_it_was_settled(store: JobStore) -> None:
    store.add(a_job(), some_items(2))
    outcome = finish(store, "batch_0", 1, ItemState.FAILED)
    first, second = store.items("batch_0")
    assert (first.state, first.outcome) == (ItemState.PENDING, None)
    assert (second.state, second.outcome) == (ItemState.FAILED, outcome)
    assert store.stats("batch_0") == JobStats(total=2, pending=1, failed=1)


def test_the_usual_result_files_come_back(store: JobStore) -> None:
    store.add(a_job(), some_items(1))
    store.set_item_state("batch_0", 0, ItemState.PROCESSING)
    files = ("/out/0_ocr_results.json", "/out/0_ocr_results.txt")
    store.settle("batch_0", [ItemOutcome(item_id=0, state=ItemState.COMPLETED, result_files=files)])
    (record,) = store.items("batch_0")
    assert record.outcome is not None
    assert record.outcome.result_files == files


def test_how_the_user_had_images_turned_comes_back(store: JobStore) -> None:
    items = [ImageItem(number, f"/in/{number}.png", "/out", ("x",), 90 * number) for number in range(4)]
    store.add(a_job(), items)

    assert [record.item.rotation for record in store.items("batch_0")] == [0, 90, 180, 270]


def test_pages_and_states(store: JobStore) -> None:
    store.add(a_job(), some_items(10))
    for item_id in (2, 5, 7):
        finish(store, "batch_0", item_id)
    done = store.items("batch_0", states={ItemState.COMPLETED})
    assert [record.item.id for record in done] == [2, 5, 7]
    page = store.items("batch_0", states={ItemState.PENDING}, after=1, limit=3)
    assert [record.item.id for record in page] == [3, 4, 6]
    both = store.items("batch_0", states={ItemState.PENDING, ItemState.COMPLETED}, after=5, limit=3)
    assert [record.item.id for record in both] == [6, 7, 8]


def test_illegal_changes_change_nothing(store: JobStore) -> None:
    store.add(a_job(), some_items(2))
    with pytest.raises(IllegalTransitionError):
        store.set_item_state("batch_0", 0, ItemState.COMPLETED)
    with pytest.raises(IllegalTransitionError):
        store.set_job_state("batch_0", JobState.COMPLETED)
    store.set_item_state("batch_0", 0, ItemState.PROCESSING)
    good = ItemOutcome(item_id=0, state=ItemState.COMPLETED)
    bad = ItemOutcome(item_id=1, state=ItemState.COMPLETED)
    with pytest.raises(IllegalTransitionError):
        store.settle("batch_0", [good, bad])
    assert store.stats("batch_0") == JobStats(total=2, processing=1, pending=1)


def test_a_job_notes_when_it_began_and_ended(store: JobStore) -> None:
    store.add(a_job(), some_items(1))
    store.set_job_state("batch_0", JobState.PROCESSING)
    began = store.get("batch_0").started_at
    assert began is not None
    store.set_job_state("batch_0", JobState.INTERRUPTED)
    assert store.get("batch_0").finished_at is not None
    store.set_job_state("batch_0", JobState.PROCESSING)
    assert store.get("batch_0").finished_at is None
    store.set_job_state("batch_0", JobState.COMPLETED)
    ended = store.get("batch_0")
    assert ended.started_at == began
    assert ended.finished_at is not None


def test_list_and_delete(store: JobStore) -> None:
    for number in range(3):
        store.add(a_job(number), some_items(2))
    assert [job.id for job in store.jobs()] == ["batch_2", "batch_1", "batch_0"]
    store.delete("batch_1")
    assert [job.id for job in store.jobs()] == ["batch_2", "batch_0"]
    with pytest.raises(JobNotFoundError):
        store.items("batch_1")


def test_unknown_jobs(store: JobStore) -> None:
    for ask in (store.get, store.delete, store.stats, store.items):
        with pytest.raises(JobNotFoundError, match="nothing"):
            ask("nothing")


def test_several_threads_at_once(store: JobStore) -> None:
    store.add(a_job(), some_items(40))

    def work(first: int) -> None:
        for item_id in range(first, first + 10):
            finish(store, "batch_0", item_id)
            store.items("batch_0", limit=5)

    threads = [threading.Thread(target=work, args=(first,)) for first in (0, 10, 20, 30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.stats("batch_0") == JobStats(total=40, completed=40)


class TestDatabase:
    def test_jobs_outlive_the_program(self, open_store: OpenStore) -> None:
        first = open_store()
        job = a_job()
        first.add(job, some_items(3))
        outcome = finish(first, job.id, 1)
        first.close()
        second = open_store()
        assert second.get(job.id) == job
        assert second.items(job.id)[1].outcome == outcome
        assert second.stats(job.id) == JobStats(total=3, pending=2, completed=1)

    def test_two_programs_at_once(self, open_store: OpenStore) -> None:
        one, other = open_store(), open_store()
        one.add(a_job(1), some_items(1))
        other.add(a_job(2), some_items(1))
        finish(other, "batch_1", 0)
        assert one.stats("batch_1").completed == 1
        assert {job.id for job in one.jobs()} == {job.id for job in other.jobs()} == {"batch_1", "batch_2"}

    @pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes only on Linux")
    def test_names_that_are_no_text(self, open_store: OpenStore) -> None:
        item = ImageItem(0, "/in/caf\udce9.png", "/in\n", ("caf\udce9",))
        open_store().add(a_job(), [item])
        (record,) = open_store().items("batch_0")
        assert record.item == item

    def test_the_schema_is_at_its_newest_version(self, open_store: OpenStore, tmp_path: Path) -> None:
        open_store()
        with sqlite3.connect(tmp_path / "jobs.db") as connection:
            assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        connection.close()

    @pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
    def test_an_older_database_opens(self, open_store: OpenStore, tmp_path: Path, version: int) -> None:
        with contextlib.closing(sqlite3.connect(tmp_path / "jobs.db")) as connection:
            connection.executescript("".join(MIGRATIONS[:version]))
            connection.execute(f"PRAGMA user_version = {version}")
            connection.execute(
                "INSERT INTO jobs (id, state, options, created_at) VALUES"
                " ('batch_0', 'queued', '{}', '2024-01-31T12:00:00+00:00')"
            )
            connection.execute(
                "INSERT INTO items (job, id, path, output_dir, result_stems, state)"
                " VALUES (1, 0, '/in/0.png', '/out', '0', 'pending')"
            )
            connection.execute("INSERT INTO counts VALUES (1, 'pending', 1)")
            connection.commit()

        store = open_store()

        assert store.stats("batch_0") == JobStats(total=1, pending=1)
        assert [record.item for record in store.items("batch_0")] == [
            ImageItem(0, "/in/0.png", "/out", ("0",), rotation=0)
        ]

    def test_a_newer_database_is_refused_and_left_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "jobs.db"
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA user_version = 999")
        connection.close()
        with pytest.raises(StoreTooNewError, match="newer version"):
            JobDatabase(path)
        connection = sqlite3.connect(path)
        assert connection.execute("PRAGMA user_version").fetchone() == (999,)
        connection.close()

    def test_a_damaged_database_is_moved_aside(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        path = tmp_path / "jobs.db"
        path.write_bytes(b"this is no database at all" * 1000)
        database = JobDatabase(path)
        store = SqliteJobStore(database)
        store.add(a_job(), some_items(1))
        assert database.moved_to is not None
        assert database.moved_to.read_bytes().startswith(b"this is no database")
        assert "damaged" in caplog.text
        store.close()

    def test_damage_that_is_met_in_use_is_moved_aside_at_the_next_start(self, tmp_path: Path) -> None:
        path = tmp_path / "jobs.db"
        store = SqliteJobStore(JobDatabase(path))
        store.add(a_job(), some_items(2000))
        store.close()
        with path.open("r+b") as file:  # the first page stays as it is, so that opening finds nothing
            file.seek(4096)
            file.write(b"\xa5" * (path.stat().st_size - 4096))
        harmed = SqliteJobStore(JobDatabase(path))
        with pytest.raises(StoreUnusableError, match="damaged"):
            harmed.items("batch_0", limit=2000)
        harmed.close()
        database = JobDatabase(path)
        fresh = SqliteJobStore(database)
        assert database.moved_to is not None
        assert database.moved_to.exists()
        assert list(fresh.jobs()) == []
        fresh.close()
        again = JobDatabase(path)
        assert again.moved_to is None, "a sound one stays"
        again.close()

    def test_a_folder_that_cannot_be_used(self, tmp_path: Path) -> None:
        (tmp_path / "jobs.db").mkdir()
        with pytest.raises(StoreUnusableError, match=r"jobs\.db"):
            JobDatabase(tmp_path / "jobs.db")
