"""SQLite files: one connection for each thread, write-ahead mode, a schema with registered migrations.

Readers never wait for the writer, and several programs may use a file at once. The schema's version is
SQLite's ``user_version``; each migration leads from one version to the next.
"""

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import tenacity

from ocr_desktop.services.folders import ensure_private, ensure_private_file

_BUSY_LIMIT: Final = 10.0
"""Seconds to wait for another program's transaction."""
_LARGEST_TO_REWRITE: Final = 64_000_000
"""Bytes of a file that is rewritten to erase what was deleted; a slow disk takes seconds, and others wait."""
_COMPANIONS: Final = ("-wal", "-shm")
"""What SQLite puts beside a file in write-ahead mode."""


class SchemaTooNewError(Exception):
    """A newer version of this program made the file."""


class SqliteFile:
    """Connections to one file, one for each thread. May be used from any thread."""

    def __init__(self, path: Path, migrations: Sequence[str], *, patience: float = _BUSY_LIMIT) -> None:
        """Open the file at ``path``, making or updating it where needed.

        Args:
            path: Of the file; its folder is made where it is missing.
            migrations: ``migrations[n]`` leads from version n to n + 1.
            patience: Seconds to wait for another program's transaction.

        Raises:
            SchemaTooNewError: If it has a version for which there is no migration.
            sqlite3.DatabaseError: If it cannot be opened; see :func:`is_damage`.
            OutputNotWritableError: If its folder cannot be made.
        """
        self.path = path
        self._migrations = migrations
        self._patience = patience
        self._local = threading.local()
        self._lock = threading.Lock()
        self._connections: list[sqlite3.Connection] = []
        ensure_private(path.parent)
        ensure_private_file(path)
        try:
            self._migrate()
        except BaseException:
            self.close()
            raise

    def connection(self) -> sqlite3.Connection:
        """Return this thread's connection, for queries."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            # Other threads only ever close it.
            connection = sqlite3.connect(
                self.path, timeout=self._patience, isolation_level=None, check_same_thread=False
            )
            with self._lock:
                self._connections.append(connection)
            _retrying(connection.execute, "PRAGMA journal_mode = WAL")
            # A crash of the program loses nothing; after a power cut the last moments may be missing, and
            # the result files on disk tell what they were.
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            self._local.connection = connection
        return connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give this thread's connection within a transaction: all that is done is committed, or nothing."""
        connection = self.connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:  # a full disk may have ended it already
                connection.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Close the connections of all threads; none of them may be at work."""
        with self._lock:
            for connection in self._connections:
                connection.close()
            self._connections.clear()
            self._local = threading.local()

    def _migrate(self) -> None:
        connection = self.connection()
        connection.execute("BEGIN IMMEDIATE")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > len(self._migrations):
            connection.execute("ROLLBACK")
            raise SchemaTooNewError(f"{self.path} has version {version}")
        for number in range(version, len(self._migrations)):
            for statement in self._migrations[number].split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number + 1}")
        connection.execute("COMMIT")


def is_damage(error: sqlite3.DatabaseError) -> bool:
    """Tell a broken file from a full disk, a missing permission or another program's lock."""
    if not isinstance(error, sqlite3.OperationalError):
        return True
    return "malformed" in str(error) or "no such table" in str(error)


def erase_deleted(connection: sqlite3.Connection) -> None:
    """Rewrite the file such that nothing of what was deleted before can be found in it any more.

    SQLite may leave copies of a row in the unused parts of pages, and in the write-ahead log. Best used after
    a transaction with ``PRAGMA secure_delete = ON``, which alone erases nearly all. Where another program is
    at work, or the file is very large, the rest is left for another time.
    """
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (page_size,) = connection.execute("PRAGMA page_size").fetchone()
    with contextlib.suppress(sqlite3.OperationalError):
        if pages * page_size <= _LARGEST_TO_REWRITE:
            connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def move_aside(path: Path, target: Path) -> None:
    """Give a file that nobody has open another name, with what SQLite keeps beside it.

    Raises:
        OSError: If it cannot be moved.
    """
    os.replace(path, target)
    for companion in _COMPANIONS:
        with contextlib.suppress(FileNotFoundError):
            os.replace(f"{path}{companion}", f"{target}{companion}")


def remove(path: Path) -> None:
    """Remove a file that nobody has open, with what SQLite keeps beside it.

    Raises:
        OSError: If it cannot be removed.
    """
    for companion in ("", *_COMPANIONS):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(f"{path}{companion}")


# WORKAROUND: SQLite does not wait for a lock, whatever the limit, while two programs that start at the same
# moment both switch a new database to write-ahead mode.
_retrying = tenacity.Retrying(
    stop=tenacity.stop_after_delay(_BUSY_LIMIT),
    wait=tenacity.wait_random(0.01, 0.05),
    retry=tenacity.retry_if_exception(lambda error: "locked" in str(error)),
    reraise=True,
)
