"""File states: equal as long as a file is unchanged, and given only where any change would show."""

import os
import time
from pathlib import Path

import pytest

from ocr_desktop.services import file_state
from ocr_desktop.services.file_state import FileState, read_with_state, settled_state, state_of
from tests.integration.conftest import posix_only

_SECOND = 1_000_000_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.png"
    path.write_bytes(b"pixels")
    return path


def restore_dates(path: Path, before: os.stat_result) -> None:
    """Give a file the date of its last change back, as programs do that hide that they were there."""
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def wait_for_the_clock_of_files() -> None:
    time.sleep(0.05)


def a_stat(**changes: int) -> os.stat_result:
    """What ``os.stat`` says of a file that was made and changed at second 100."""
    values = {"size": 6, "mtime": 100 * _SECOND, "ctime": 100 * _SECOND, "ino": 7, **changes}
    seconds = [0o100600, values["ino"], 1, 1, 0, 0, values["size"], 100, 100, 100]
    nanoseconds = {"st_mtime_ns": values["mtime"], "st_ctime_ns": values["ctime"]}
    return os.stat_result(seconds, nanoseconds)


def test_a_file_left_alone_keeps_its_state(path: Path) -> None:
    before = state_of(str(path))
    path.read_bytes()
    assert before is not None
    assert state_of(str(path)) == before


def test_a_missing_file_has_no_state(tmp_path: Path) -> None:
    assert state_of(str(tmp_path / "not there")) is None
    assert state_of(str(tmp_path / "not there" / "a.png")) is None


@posix_only
def test_a_change_shows_where_size_and_date_are_as_before(path: Path) -> None:
    before, status = state_of(str(path)), path.stat()
    wait_for_the_clock_of_files()
    path.write_bytes(b"PIXELS")
    restore_dates(path, status)
    after = state_of(str(path))
    assert before is not None
    assert after is not None
    assert (after.size, after.modified, after.number) == (before.size, before.modified, before.number)
    assert after != before


def test_another_file_in_its_place_shows(path: Path, tmp_path: Path) -> None:
    before, status = state_of(str(path)), path.stat()
    other = tmp_path / "other.png"
    other.write_bytes(b"PIXELS")
    restore_dates(other, status)
    other.replace(path)
    after = state_of(str(path))
    assert before is not None
    assert after is not None
    assert after.number != before.number


def test_a_number_too_large_for_the_database_is_cut() -> None:
    assert FileState.of(a_stat(ino=2**64 - 1)).number == 2**63 - 1


def test_a_file_that_was_quiet_for_long_has_settled() -> None:
    assert settled_state(a_stat(), a_stat(), 103 * _SECOND) == FileState.of(a_stat())


@pytest.mark.parametrize("began", [101, 100, 99])
def test_a_file_changed_less_than_two_seconds_ago_has_not(began: int) -> None:
    assert settled_state(a_stat(), a_stat(), began * _SECOND) is None


@pytest.mark.parametrize("date", ["mtime", "ctime"])
def test_either_date_may_be_the_fresh_one(date: str) -> None:
    fresh = a_stat(**{date: 102 * _SECOND})
    assert settled_state(fresh, fresh, 103 * _SECOND) is None


def test_a_date_in_the_future_never_settles() -> None:
    ahead = a_stat(mtime=10_000 * _SECOND)
    assert settled_state(ahead, ahead, 103 * _SECOND) is None


@pytest.mark.parametrize("what", ["size", "mtime", "ctime", "ino"])
def test_a_file_that_changes_while_it_is_read_has_not_settled(what: str) -> None:
    assert settled_state(a_stat(), a_stat(**{what: 50}), 103 * _SECOND) is None


def test_content_just_written_comes_without_a_state(path: Path) -> None:
    assert read_with_state(str(path)) == (b"pixels", None)


@posix_only
def test_an_old_date_alone_does_not_make_a_file_settled(path: Path) -> None:
    os.utime(path, ns=(0, 0))
    assert read_with_state(str(path)) == (b"pixels", None)


def test_content_of_a_settled_file_comes_with_its_state(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_state, "_FRESH", 10_000_000)
    wait_for_the_clock_of_files()
    assert read_with_state(str(path)) == (b"pixels", state_of(str(path)))


@posix_only
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "a.json"
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="not a regular file"):
        read_with_state(str(pipe))


def test_a_missing_file_is_told_from_one_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_with_state(str(tmp_path / "not there"))
    with pytest.raises(OSError, match=r"."):
        read_with_state(str(tmp_path))
