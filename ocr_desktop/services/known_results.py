"""Known results: which images were found to have been read, so that the next run need not read their files.

A small database in the cache folder; it can be deleted at any time, and every run can do without it. It holds
states of files, hashes and no names. Whether what it says still counts is for the skip detector to judge.
"""

import contextlib
import hashlib
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from ocr_desktop.domain.errors import KnownError, StoreUnusableError
from ocr_desktop.domain.items import ImageItem
from ocr_desktop.services.file_state import FileState
from ocr_desktop.services.sqlite_file import SchemaTooNewError, SqliteFile, is_damage, remove

_log = logging.getLogger(__name__)

_Answer = TypeVar("_Answer")

_MIGRATIONS: Final = (
    """
    CREATE TABLE known (
        image BLOB NOT NULL,
        plan BLOB NOT NULL,
        used INTEGER NOT NULL,
        entry BLOB NOT NULL,
        PRIMARY KEY (image, plan)
    ) WITHOUT ROWID
    """,
)
_PATIENCE: Final = 1.0
"""Seconds to wait for another program's transaction; after that its news is not worth the wait."""
_MOST: Final = 500_000
"""Images to know at most."""
_KEPT: Final = 0.9
"""Share of them that is kept when there are more."""
_FORGETTING_ATTEMPTS: Final = 10
"""How often to try to forget while another program writes: it is a promise, and worth the wait."""
_DAY: Final = 86_400


class KnownFile(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A result file as it was when its content was looked at."""

    extension: str
    sha256: bytes
    state: FileState


class KnownResult(msgspec.Struct, frozen=True, array_like=True):
    """A sound result of an image, as the skip detector found it. Counts while no state has changed."""

    image: FileState
    sha256: bytes
    """Of the image."""
    stem: int
    """Which of the names that the skip detector looks at, in its order, the result has."""
    proved_by: str
    """Extension of the file that says which image the result was made of."""
    fingerprint: str
    """Of the settings that it was made with."""
    confidence: float
    files: tuple[KnownFile, ...]
    rotation: int = 0
    """Degrees clockwise by which the user had the image turned for it."""


class KnownResults:
    """Known results by image, output folder and planned names. May be used from any thread.

    Where the database does not answer, nothing is known, and the run goes on without it: only
    :meth:`forget` raises.
    """

    def __init__(self, path: Path, *, most: int = _MOST) -> None:
        """Keep them in the file at ``path``, which is opened when it is first asked.

        Args:
            path: Of the database; a damaged one, or one of a newer version, is begun anew.
            most: How many images to know; those not asked for the longest are forgotten first.
        """
        self._path = path
        self._most = most
        self._lock = threading.Lock()
        self._file: SqliteFile | None = None
        self._is_out = False
        self._has_news = False

    def look_up(self, items: Collection[ImageItem]) -> dict[int, KnownResult]:
        """Return item id -> what is known of its image; what is not known is left out."""
        found = self._attempt(lambda file: _look_up(file, items)) or {}
        long_ago = {item_id for item_id, (_, is_today) in found.items() if not is_today}
        long_unused = [(_today(), *_key(item)) for item in items if item.id in long_ago]
        if long_unused:  # by itself: where it cannot be noted, what was found still counts
            statement = "UPDATE known SET used = ? WHERE image = ? AND plan = ?"
            self._attempt(lambda file: _write(file, statement, long_unused))
        return {item_id: known for item_id, (known, _) in found.items()}

    def remember(self, learned: Iterable[tuple[ImageItem, KnownResult]]) -> None:
        """Know these from now on, and no longer what was known of the same images before."""
        rows = [(*_key(item), _today(), msgspec.msgpack.encode(known)) for item, known in learned]
        if rows:
            self._has_news = True
            self._attempt(lambda file: _write(file, "INSERT OR REPLACE INTO known VALUES (?, ?, ?, ?)", rows))

    def forget(self, paths: Iterable[str]) -> None:
        """Know nothing of these images any more, wherever their results are.

        Raises:
            StoreUnusableError: If another program holds the database for long; nothing is forgotten then.
        """
        keys = [(_hash(path),) for path in paths]
        for _ in range(_FORGETTING_ATTEMPTS):
            if self._is_out or self._attempt(lambda file: _delete(file, keys)):
                return
        raise StoreUnusableError(
            f"“{self._path}” is in use by another program: what it holds of these images is not forgotten.",
            remedy="Try again in a moment.",
        )

    def tidy(self) -> None:
        """Forget what was not asked for the longest, where too much is known."""
        if self._has_news:
            self._has_news = False
            self._attempt(lambda file: _prune(file, self._most))

    def close(self) -> None:
        """Close the database; no run may be at work with it. It is opened anew when it is asked again."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    def _attempt(self, work: Callable[[SqliteFile], _Answer]) -> _Answer | None:
        """Return what ``work`` returns, or None where the database does not answer."""
        if self._is_out:
            return None
        try:
            return work(self._open())
        except (sqlite3.Error, OSError, KnownError) as error:
            if not _is_busy(error):
                self._is_out = True
                _log.warning("Known results are not used any more: %s", type(error).__name__)
            if isinstance(error, sqlite3.DatabaseError) and is_damage(error):
                self._begin_anew()
        return None

    def _open(self) -> SqliteFile:
        with self._lock:
            if self._file is None:
                try:
                    self._file = SqliteFile(self._path, _MIGRATIONS, patience=_PATIENCE)
                except (SchemaTooNewError, sqlite3.DatabaseError) as error:
                    if isinstance(error, sqlite3.DatabaseError) and not is_damage(error):
                        raise
                    _log.warning("Known results are begun anew: %s", type(error).__name__)
                    remove(self._path)
                    self._file = SqliteFile(self._path, _MIGRATIONS, patience=_PATIENCE)
            return self._file

    def _begin_anew(self) -> None:
        """Remove a database that turned out to be damaged only when it was used."""
        with contextlib.suppress(OSError):  # Windows: other threads have it open; so it goes next time
            remove(self._path)


_decoder: Final = msgspec.msgpack.Decoder(KnownResult)


def _look_up(file: SqliteFile, items: Collection[ImageItem]) -> dict[int, tuple[KnownResult, bool]]:
    """Return item id -> what is known, and whether it has been asked for today."""
    found: dict[int, tuple[KnownResult, bool]] = {}
    today = _today()
    connection = file.connection()
    for item in items:
        statement = "SELECT used, entry FROM known WHERE image = ? AND plan = ?"
        row = connection.execute(statement, _key(item)).fetchone()
        if row is not None:
            with contextlib.suppress(msgspec.DecodeError):
                found[item.id] = (_decoder.decode(row[1]), row[0] == today)
    return found


def _write(file: SqliteFile, statement: str, rows: Collection[tuple[object, ...]]) -> None:
    with file.writing() as connection:
        connection.executemany(statement, rows)


def _delete(file: SqliteFile, keys: Collection[tuple[bytes]]) -> bool:
    _write(file, "DELETE FROM known WHERE image = ?", keys)
    return True


def _prune(file: SqliteFile, most: int) -> None:
    with file.writing() as connection:
        (count,) = connection.execute("SELECT count(*) FROM known").fetchone()
        if count > most:
            oldest = "SELECT image, plan FROM known ORDER BY used LIMIT ?"
            surplus = count - int(most * _KEPT)
            connection.execute(f"DELETE FROM known WHERE (image, plan) IN ({oldest})", (surplus,))  # noqa: S608 - our own words


def _key(item: ImageItem) -> tuple[bytes, bytes]:
    """Return image and plan: when other names are planned for its results, nothing is known."""
    return _hash(item.path), _hash("\0".join((item.output_dir, *item.result_stems)))[:8]


def _hash(text: str) -> bytes:
    """Return what stands for a path, so that no name is in the database."""
    return hashlib.blake2b(os.fsencode(text), digest_size=16).digest()


def _today() -> int:
    """Return the number of the day, from 1970 on."""
    return int(time.time()) // _DAY


def _is_busy(error: Exception) -> bool:
    return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)
