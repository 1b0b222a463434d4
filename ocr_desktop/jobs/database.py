"""The job database: opening it, its schema, and moving a damaged one out of the way.

SQLite in write-ahead mode: readers never wait for the writer, and several programs may use it at once. The
schema's version is SQLite's ``user_version``; each migration leads from one version to the next.
"""

import contextlib
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import tenacity

from ocr_desktop.domain.errors import StoreTooNewError, StoreUnusableError
from ocr_desktop.services.folders import ensure_private

_log = logging.getLogger(__name__)

_BUSY_LIMIT: Final = 10.0
"""Seconds to wait for another program's transaction."""

MIGRATIONS: Final = (
    """
    CREATE TABLE jobs (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        state TEXT NOT NULL,
        options BLOB NOT NULL,
        created_at TEXT NOT NULL,
        started_at TEXT,
        finished_at TEXT,
        worked REAL NOT NULL DEFAULT 0,
        cancel_requested INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE items (
        job INTEGER NOT NULL REFERENCES jobs (number) ON DELETE CASCADE,
        id INTEGER NOT NULL,
        path BLOB NOT NULL,
        output_dir BLOB NOT NULL,
        result_stems BLOB NOT NULL,
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        reason TEXT NOT NULL DEFAULT '',
        error TEXT NOT NULL DEFAULT '',
        error_kind TEXT NOT NULL DEFAULT '',
        stale INTEGER NOT NULL DEFAULT 0,
        confidence REAL,
        seconds REAL NOT NULL DEFAULT 0,
        result_files BLOB NOT NULL DEFAULT x'',
        PRIMARY KEY (job, id)
    ) WITHOUT ROWID;
    CREATE INDEX items_by_state ON items (job, state, id);
    CREATE TABLE counts (
        job INTEGER NOT NULL REFERENCES jobs (number) ON DELETE CASCADE,
        state TEXT NOT NULL,
        items INTEGER NOT NULL CHECK (items >= 0),
        PRIMARY KEY (job, state)
    ) WITHOUT ROWID;
    """,
    """
    ALTER TABLE jobs ADD COLUMN trouble BLOB;
    ALTER TABLE jobs ADD COLUMN notices BLOB;
    ALTER TABLE items ADD COLUMN source_hash BLOB NOT NULL DEFAULT x'';
    ALTER TABLE items ADD COLUMN result_hashes BLOB NOT NULL DEFAULT x'';
    """,
)
"""``MIGRATIONS[n]`` leads from version n to n + 1. Never change one that has been released; add another."""


class JobDatabase:
    """Connections to the job database, one for each thread. May be used from any thread."""

    def __init__(self, path: Path) -> None:
        """Open the database at ``path``, making or updating it where needed.

        A damaged one is moved aside and a new one begun; :attr:`moved_to` then says where the old one is.

        Raises:
            StoreTooNewError: If a newer version of this program made it.
            StoreUnusableError: If it can be neither opened nor replaced.
        """
        self.path = path
        self.moved_to: Path | None = None
        self._local = threading.local()
        self._lock = threading.Lock()
        self._connections: list[sqlite3.Connection] = []
        ensure_private(path.parent)
        try:
            self._migrate()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and not _is_damage(error):
                raise _unusable(path, error) from error
            self._start_anew(error)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give this thread's connection, for queries.

        Raises:
            StoreUnusableError: If the database does not answer.
        """
        try:
            yield self._connection()
        except sqlite3.DatabaseError as error:
            raise _unusable(self.path, error) from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give this thread's connection within a transaction: all that is done is committed, or nothing.

        Raises:
            StoreUnusableError: If the database cannot be written.
        """
        with self.reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def close(self) -> None:
        """Close the connections of all threads; none of them may be at work."""
        with self._lock:
            for connection in self._connections:
                connection.close()
            self._connections.clear()
            self._local = threading.local()

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            # Other threads only ever close it.
            connection = sqlite3.connect(
                self.path, timeout=_BUSY_LIMIT, isolation_level=None, check_same_thread=False
            )
            _retrying(connection.execute, "PRAGMA journal_mode = WAL")
            # A crash of the program loses nothing; after a power cut the last moments may be missing, and
            # the result files on disk tell what they were.
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            self._local.connection = connection
            with self._lock:
                self._connections.append(connection)
        return connection

    def _migrate(self) -> None:
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            connection.execute("ROLLBACK")
            self.close()
            raise StoreTooNewError(
                f"The list of jobs in “{self.path}” was made by a newer version of this program.",
                remedy="Update this program, or set OCR_DESKTOP_HOME to another folder.",
            )
        for number in range(version, len(MIGRATIONS)):
            for statement in MIGRATIONS[number].split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number + 1}")
        connection.execute("COMMIT")

    def _start_anew(self, error: sqlite3.DatabaseError) -> None:
        self.close()
        self.moved_to = self.path.with_name(f"{self.path.stem}.damaged-{time.time_ns() // 1_000_000}.db")
        _log.warning("The job database is damaged (%s); it is moved to %s", error, self.moved_to)
        try:
            os.replace(self.path, self.moved_to)
            for suffix in ("-wal", "-shm"):
                with contextlib.suppress(FileNotFoundError):
                    os.replace(f"{self.path}{suffix}", f"{self.moved_to}{suffix}")
            self._migrate()
        except (OSError, sqlite3.DatabaseError) as second:
            raise _unusable(self.path, second) from second


# WORKAROUND: SQLite does not wait for a lock, whatever the limit, while two programs that start at the same
# moment both switch a new database to write-ahead mode.
_retrying = tenacity.Retrying(
    stop=tenacity.stop_after_delay(_BUSY_LIMIT),
    wait=tenacity.wait_random(0.01, 0.05),
    retry=tenacity.retry_if_exception(lambda error: "locked" in str(error)),
    reraise=True,
)


def _is_damage(error: sqlite3.OperationalError) -> bool:
    """Tell a broken file from a full disk, a missing permission or another program's lock."""
    return "malformed" in str(error) or "no such table" in str(error)


def _unusable(path: Path, error: Exception) -> StoreUnusableError:
    return StoreUnusableError(
        f"The list of jobs in “{path}” cannot be used ({error}).",
        remedy="Check free space and permissions there, or set OCR_DESKTOP_HOME to another folder.",
    )
