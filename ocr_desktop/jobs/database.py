"""The job database: its schema, and what to say and do when it cannot be used."""

import contextlib
import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ocr_desktop.domain.errors import StoreTooNewError, StoreUnusableError
from ocr_desktop.services.sqlite_file import SchemaTooNewError, SqliteFile, is_damage, move_aside

_log = logging.getLogger(__name__)

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
    """
    ALTER TABLE items ADD COLUMN rotation INTEGER NOT NULL DEFAULT 0;
    """,
    """
    ALTER TABLE jobs ADD COLUMN place INTEGER;
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
        with self._explaining():
            try:
                self._file = self._open()
            except sqlite3.DatabaseError as error:
                if not is_damage(error):
                    raise
                self._file = self._start_anew(error)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give this thread's connection, for queries.

        Raises:
            StoreUnusableError: If the database does not answer.
        """
        with self._explaining():
            yield self._file.connection()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give this thread's connection within a transaction: all that is done is committed, or nothing.

        Raises:
            StoreUnusableError: If the database cannot be written.
        """
        with self._explaining(), self._file.writing() as connection:
            yield connection

    def close(self) -> None:
        """Close the connections of all threads; none of them may be at work."""
        self._file.close()

    def _open(self) -> SqliteFile:
        if self._mark.exists():
            raise sqlite3.DatabaseError("malformed: found when it was in use")
        return SqliteFile(self.path, MIGRATIONS)

    def _start_anew(self, error: sqlite3.DatabaseError) -> SqliteFile:
        self.moved_to = self.path.with_name(f"{self.path.stem}.damaged-{time.time_ns() // 1_000_000}.db")
        _log.warning("The job database is damaged (%s); it is moved to %s", error, self.moved_to)
        try:
            move_aside(self.path, self.moved_to)
        except OSError as second:
            raise _unusable(self.path, second) from second
        self._mark.unlink(missing_ok=True)
        return SqliteFile(self.path, MIGRATIONS)

    @property
    def _mark(self) -> Path:
        """A file that says that damage was found when the database was in use already."""
        return self.path.with_name(f"{self.path.name}.damaged")

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            if "malformed" in str(error) or "not a database" in str(error):
                with contextlib.suppress(OSError):
                    self._mark.touch()
                raise _damaged(self.path) from error
            raise _unusable(self.path, error) from error
        except SchemaTooNewError as error:
            raise StoreTooNewError(
                f"The list of jobs in “{self.path}” was made by a newer version of this program.",
                remedy="Update this program, or set OCR_DESKTOP_HOME to another folder.",
            ) from error


def _damaged(path: Path) -> StoreUnusableError:
    return StoreUnusableError(
        f"The list of jobs in “{path}” is damaged.",
        remedy="Start the program again: it moves it aside and begins a new one. Results are not affected.",
    )


def _unusable(path: Path, error: Exception) -> StoreUnusableError:
    return StoreUnusableError(
        f"The list of jobs in “{path}” cannot be used ({error}).",
        remedy="Check free space and permissions there, or set OCR_DESKTOP_HOME to another folder.",
    )
