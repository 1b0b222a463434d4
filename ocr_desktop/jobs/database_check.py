"""Database check: what state the list of jobs is in, and what the last jobs came to, for a bug report.

Works on a file that this version cannot use, too. Changes nothing, and tells no names of files.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec

from ocr_desktop.domain.options import describe_settings
from ocr_desktop.jobs.database import MIGRATIONS
from ocr_desktop.services.discretion import describe_error

_LAST_JOBS: Final = 20
_LONGEST_COMPLAINT: Final = 300
_PATIENCE: Final = 5.0
"""Seconds to wait for another program's transaction."""


class DatabaseReport(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What was found."""

    exists: bool
    size: int | None = None
    """Bytes, without the write-ahead log."""
    schema_version: int | None = None
    known_schema_version: int = len(MIGRATIONS)
    """The version that this program writes."""
    quick_check: str = ""
    """What SQLite says of its integrity: ``ok``, its complaints, or why it could not be asked."""
    moved_aside: int = 0
    """How many damaged ones lie beside it."""
    jobs: "list[JobReport]" = []


class JobReport(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One of the last jobs, in numbers."""

    id: str
    state: str
    created_at: str
    started_at: str | None
    finished_at: str | None
    seconds: float
    """Of work in all runs."""
    options: dict[str, object]
    """As they were chosen; of the output folder only whether there is one."""
    counts: dict[str, int]
    """State of items -> how many."""
    error_kinds: dict[str, int]
    """Kind of failure -> how many items."""
    trouble: str | None = None
    """The kind of trouble that the job paused for."""


def examine_database(path: Path) -> DatabaseReport:
    """Open the file for reading and look at it. Takes a while for a large one; never raises."""
    try:
        size = path.stat().st_size
    except OSError as error:
        return DatabaseReport(
            exists=not isinstance(error, FileNotFoundError), quick_check=describe_error(error)
        )
    moved = len(list(path.parent.glob(f"{path.stem}.damaged-*.db")))
    report = DatabaseReport(exists=True, size=size, moved_aside=moved)
    try:
        with _open(path) as connection:
            connection.row_factory = sqlite3.Row
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            complaints = "; ".join(row[0] for row in connection.execute("PRAGMA quick_check(10)"))
            report = msgspec.structs.replace(
                report, schema_version=version, quick_check=complaints[:_LONGEST_COMPLAINT]
            )
            return msgspec.structs.replace(report, jobs=_last_jobs(connection))
    except (sqlite3.Error, OSError) as error:
        said = "; ".join(filter(None, (report.quick_check, describe_error(error))))
        return msgspec.structs.replace(report, quick_check=said)


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    """Open for reading, also where nothing can be written beside the file."""
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=_PATIENCE)
    try:
        connection.execute("PRAGMA schema_version")
    except sqlite3.OperationalError:
        connection.close()
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    with contextlib.closing(connection):
        yield connection


def _last_jobs(connection: sqlite3.Connection) -> list[JobReport]:
    rows = connection.execute("SELECT * FROM jobs ORDER BY number DESC LIMIT ?", (_LAST_JOBS,)).fetchall()
    return [_job(connection, row) for row in rows]


def _job(connection: sqlite3.Connection, row: sqlite3.Row) -> JobReport:
    number, columns = (row["number"],), set(row.keys())  # a row itself answers for its values
    counts = connection.execute("SELECT state, items FROM counts WHERE job = ? AND items > 0", number)
    kinds = connection.execute(
        "SELECT error_kind, count(*) FROM items WHERE job = ? AND state = 'failed' GROUP BY error_kind",
        number,
    )
    return JobReport(
        id=row["id"],
        state=row["state"],
        created_at=row["created_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        seconds=round(row["worked"], 3),
        options=_options(row["options"]),
        counts=dict(counts.fetchall()),
        error_kinds=dict(kinds.fetchall()),
        trouble=_decode(row["trouble"]).get("kind") if "trouble" in columns else None,
    )


def _options(packed: bytes) -> dict[str, object]:
    options = _decode(packed)
    known = {name: options[name] for name in describe_settings() if name in options}
    if known.get("output_dir"):
        known["output_dir"] = "<path>"
    return known


def _decode(packed: bytes | None) -> dict[str, Any]:
    try:
        return msgspec.json.decode(packed or b"{}", type=dict[str, Any])
    except msgspec.DecodeError:
        return {}
