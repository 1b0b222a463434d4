"""Jobs in SQLite: they outlive the program, and a job of a million items is never read as a whole."""

import os
import sqlite3
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from ocr_desktop.domain.errors import JobNotFoundError
from ocr_desktop.domain.items import ImageItem, ItemOutcome, ItemRecord, JobStats
from ocr_desktop.domain.jobs import Trouble
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import ItemState, JobState, advance_item, advance_job
from ocr_desktop.jobs.database import JobDatabase
from ocr_desktop.jobs.store import JobRecord
from ocr_desktop.services.sqlite_file import erase_deleted

_ITEM_COLUMNS: Final = (
    "id, path, output_dir, result_stems, rotation, state,"
    " attempts, reason, error, error_kind, stale, confidence, seconds, result_files, result_hashes,"
    " source_hash"
)
_HASH: Final = 32
"""Bytes of a SHA-256."""
_JOB_COLUMNS: Final = (
    "id, state, options, created_at, started_at, finished_at, worked, trouble, notices, place"
)


class SqliteJobStore:
    """Implements ``JobStore``; see there for what each method promises."""

    def __init__(self, database: JobDatabase) -> None:
        """Keep the jobs in ``database``."""
        self._database = database

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def add(self, job: JobRecord, items: Sequence[ImageItem]) -> None:
        """Add a job whose items are all pending."""
        with self._database.writing() as connection:
            number = connection.execute(
                "INSERT INTO jobs (id, state, options, created_at, notices) VALUES (?, ?, ?, ?, ?)",
                (
                    job.id,
                    job.state,
                    msgspec.json.encode(job.options),
                    _write_time(job.created_at),
                    msgspec.json.encode(job.notices),
                ),
            ).lastrowid
            connection.executemany(
                "INSERT INTO items (job, id, path, output_dir, result_stems, rotation, state)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    (
                        number,
                        item.id,
                        os.fsencode(item.path),
                        os.fsencode(item.output_dir),
                        _join(item.result_stems),
                        item.rotation,
                        ItemState.PENDING,
                    )
                    for item in items
                ),
            )
            connection.executemany(
                "INSERT INTO counts (job, state, items) VALUES (?, ?, ?)",
                ((number, state, len(items) * (state is ItemState.PENDING)) for state in ItemState),
            )

    def get(self, job_id: str) -> JobRecord:
        """Return a job."""
        with self._database.reading() as connection:
            row = connection.execute(f"SELECT {_JOB_COLUMNS} FROM jobs WHERE id = ?", (job_id,)).fetchone()  # noqa: S608 - our own column names
        if row is None:
            raise _not_found(job_id)
        return _read_job(row)

    def jobs(self) -> list[JobRecord]:
        """Return all jobs, newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(f"SELECT {_JOB_COLUMNS} FROM jobs ORDER BY number DESC").fetchall()  # noqa: S608 - our own column names
        return [_read_job(row) for row in rows]

    def delete(self, job_id: str) -> None:
        """Forget a job and its items, such that no name lingers in the files of the database."""
        with self._database.reading() as connection:
            connection.execute("PRAGMA secure_delete = ON")
        with self._database.writing() as connection:
            number = _number(connection, job_id)
            connection.execute("DELETE FROM items WHERE job = ?", (number,))
            connection.execute("DELETE FROM jobs WHERE number = ?", (number,))
        with self._database.reading() as connection:
            erase_deleted(connection)

    def set_job_state(
        self, job_id: str, state: JobState, *, worked: float | None = None, trouble: Trouble | None = None
    ) -> None:
        """Advance a job; also notes when it began and ended."""
        with self._database.writing() as connection:
            number = _number(connection, job_id)
            (current,) = connection.execute("SELECT state FROM jobs WHERE number = ?", (number,)).fetchone()
            advance_job(JobState(current), state)
            now = _write_time(datetime.now(UTC))
            connection.execute(
                "UPDATE jobs SET state = ?, started_at = coalesce(started_at, ?), finished_at = ?,"
                " worked = coalesce(?, worked) WHERE number = ?",
                (
                    state,
                    now if state is JobState.PROCESSING else None,
                    None if state.is_active else now,
                    worked,
                    number,
                ),
            )
            if state is not JobState.INTERRUPTED:
                packed = None if trouble is None else msgspec.json.encode(trouble)
                connection.execute("UPDATE jobs SET trouble = ? WHERE number = ?", (packed, number))
            if state is JobState.PROCESSING and current != JobState.PAUSED:
                connection.execute("UPDATE jobs SET cancel_requested = 0 WHERE number = ?", (number,))

    def put_in_order(self, job_ids: Sequence[str]) -> None:
        """Keep the order in which jobs are to be run."""
        with self._database.writing() as connection:
            connection.executemany("UPDATE jobs SET place = ? WHERE id = ?", enumerate(job_ids))

    def request_cancel(self, job_id: str) -> None:
        """Leave word for the process that runs the job."""
        with self._database.writing() as connection:
            number = _number(connection, job_id)
            connection.execute("UPDATE jobs SET cancel_requested = 1 WHERE number = ?", (number,))

    def cancel_requested(self, job_id: str) -> bool:
        """Whether such word was left since the run began."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT cancel_requested FROM jobs WHERE id = ?", (job_id,)).fetchone()
        if row is None:
            raise _not_found(job_id)
        return bool(row[0])

    def set_item_state(self, job_id: str, item_id: int, state: ItemState) -> None:
        """Advance an item to a state that is not final."""
        with self._database.writing() as connection:
            number = _number(connection, job_id)
            _advance(connection, number, item_id, state)

    def settle(self, job_id: str, outcomes: Collection[ItemOutcome], *, begin: bool = False) -> None:
        """Advance items to their final states, all or none; with ``begin``, from pending."""
        with self._database.writing() as connection:
            number = _number(connection, job_id)
            changes: Counter[ItemState] = Counter()
            for outcome in outcomes:
                current = _state_of(connection, number, outcome.item_id)
                changes[current] -= 1
                begun = advance_item(current, ItemState.PROCESSING) if begin else current
                changes[advance_item(begun, outcome.state)] += 1
            _count(connection, number, changes)
            connection.executemany(
                "UPDATE items SET state = ?, attempts = ?, reason = ?, error = ?, error_kind = ?, stale = ?,"
                " confidence = ?, seconds = ?, result_files = ?, result_hashes = ?, source_hash = ?"
                " WHERE job = ? AND id = ?",
                (_write_outcome(outcome, number) for outcome in outcomes),
            )

    def items(
        self, job_id: str, *, states: Collection[ItemState] | None = None, after: int = -1, limit: int = 500
    ) -> list[ItemRecord]:
        """Return up to ``limit`` items with an id greater than ``after``, in order of id."""
        wanted = tuple(ItemState if states is None else states)
        marks = ", ".join("?" * len(wanted))
        condition = "" if states is None else f" AND state IN ({marks})"
        query = f"SELECT {_ITEM_COLUMNS} FROM items WHERE job = ? AND id > ?{condition} ORDER BY id LIMIT ?"  # noqa: S608 - only our own names and question marks
        with self._database.reading() as connection:
            number = _number(connection, job_id)
            parameters = (number, after, *(wanted if states is not None else ()), limit)
            rows = connection.execute(query, parameters).fetchall()
        return [_read_item(row) for row in rows]

    def failed_paths(self) -> set[str]:
        """Return the paths of the images that failed in any job."""
        with self._database.reading() as connection:
            # SQLite would rather read all items of each job; the index leads to the few.
            rows = connection.execute(
                "SELECT items.path FROM jobs CROSS JOIN items INDEXED BY items_by_state"
                " ON items.job = jobs.number WHERE items.state = ?",
                (ItemState.FAILED,),
            )
            return {os.fsdecode(path) for (path,) in rows}

    def stats(self, job_id: str) -> JobStats:
        """Return how many items are in which state."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT state, items FROM counts WHERE job = ?", (_number(connection, job_id),)
            ).fetchall()
        return JobStats.from_counts(Counter({ItemState(state): items for state, items in rows}))


def _advance(connection: sqlite3.Connection, job: int, item_id: int, state: ItemState) -> None:
    current = _state_of(connection, job, item_id)
    connection.execute(
        "UPDATE items SET state = ? WHERE job = ? AND id = ?", (advance_item(current, state), job, item_id)
    )
    _count(connection, job, {current: -1, state: 1})


def _state_of(connection: sqlite3.Connection, job: int, item_id: int) -> ItemState:
    row = connection.execute("SELECT state FROM items WHERE job = ? AND id = ?", (job, item_id)).fetchone()
    return ItemState(row[0])


def _count(connection: sqlite3.Connection, job: int, changes: Mapping[ItemState, int]) -> None:
    connection.executemany(
        "UPDATE counts SET items = items + ? WHERE job = ? AND state = ?",
        ((change, job, state) for state, change in changes.items()),
    )


def _number(connection: sqlite3.Connection, job_id: str) -> int:
    row = connection.execute("SELECT number FROM jobs WHERE id = ?", (job_id,)).fetchone()
    if row is None:
        raise _not_found(job_id)
    number: int = row[0]
    return number


def _not_found(job_id: str) -> JobNotFoundError:
    return JobNotFoundError(f"There is no job “{job_id}”.", remedy="See “ocr-desktop jobs list”.")


def _read_job(row: tuple[Any, ...]) -> JobRecord:
    job_id, state, options, created_at, started_at, finished_at, worked, trouble, notices, place = row
    return JobRecord(
        id=job_id,
        state=JobState(state),
        options=msgspec.json.decode(options, type=RunOptions),
        created_at=datetime.fromisoformat(created_at),
        started_at=datetime.fromisoformat(started_at) if started_at else None,
        finished_at=datetime.fromisoformat(finished_at) if finished_at else None,
        worked=worked,
        trouble=msgspec.json.decode(trouble, type=Trouble) if trouble else None,
        notices=msgspec.json.decode(notices, type=tuple[str, ...]) if notices else (),
        place=place,
    )


_ITEM_STATES: Final = {state.value: state for state in ItemState}
"""Quicker than asking the enumeration, and this is asked for each item."""


def _read_item(row: tuple[Any, ...]) -> ItemRecord:
    item_id, path, output_dir, stems, rotation, state, *rest = row
    item = ImageItem(item_id, os.fsdecode(path), os.fsdecode(output_dir), _split(stems), rotation)
    state = _ITEM_STATES[state]
    return ItemRecord(item, state, _read_outcome(item_id, state, rest) if state.is_final else None)


def _read_outcome(item_id: int, state: ItemState, row: Sequence[Any]) -> ItemOutcome:
    attempts, reason, error, error_kind, stale, confidence, seconds, files, hashes, source_hash = row
    return ItemOutcome(
        item_id=item_id,
        state=state,
        reason=reason,
        error=error,
        error_kind=error_kind,
        stale=bool(stale),
        confidence=confidence,
        seconds=seconds,
        attempts=attempts,
        result_files=_split(files),
        result_hashes=_split_hashes(hashes),
        source_hash=source_hash.hex(),
    )


def _write_outcome(outcome: ItemOutcome, job: int) -> tuple[object, ...]:
    return (
        outcome.state,
        outcome.attempts,
        outcome.reason,
        outcome.error,
        outcome.error_kind,
        outcome.stale,
        outcome.confidence,
        outcome.seconds,
        _join(outcome.result_files),
        bytes.fromhex("".join(outcome.result_hashes)),
        bytes.fromhex(outcome.source_hash),
        job,
        outcome.item_id,
    )


def _join(names: Sequence[str]) -> bytes:
    """Pack file names, which may be no text, into bytes; no file system allows a zero in a name."""
    return os.fsencode("\0".join(names))


def _split(packed: bytes) -> tuple[str, ...]:
    return tuple(os.fsdecode(packed).split("\0")) if packed else ()


def _split_hashes(packed: bytes) -> tuple[str, ...]:
    return tuple(packed[start : start + _HASH].hex() for start in range(0, len(packed), _HASH))


def _write_time(moment: datetime) -> str:
    return moment.isoformat()
