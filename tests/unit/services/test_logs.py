"""Logs: what is in them may be read by anybody."""

import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocr_desktop.services.discretion import Discretion
from ocr_desktop.services.logs import DiscreetFormatter, start_logging, stop_logging
from tests.fakes.privileges import needs_permissions

_log = logging.getLogger("ocr_desktop.tests")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    yield start_logging(tmp_path / "logs")
    stop_logging()


@pytest.fixture
def discretion() -> Discretion:
    return Discretion(home="/home/anna", user="anna")


class Sample:
    def __repr__(self) -> str:
        return "a secret sample"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Job batch_1700000000000_0a1b2c3d is paused", "Job batch_1700000000000_0a1b2c3d is paused"),
        ("worker-lost", "worker-lost"),
        ("The window's settings could not be read", "The window's settings could not be read"),
        (
            "[Errno 13] Permission denied: '/home/anna/My scans/a b.png'",
            "[Errno 13] Permission denied: “...”",
        ),
        ("cannot open /home/anna/My scans/a b.png: bad", "cannot open <path>"),
        ("C:\\Users\\Anna\\My scans\\a b.png: bad", "<path>"),
        ("\\\\server\\share\\a b", "<path>"),
        ("file:///home/anna/My%20scans", "<path>"),
        ("~/My scans: bad", "<path>"),
        ("My scans/a b: bad", "“...”"),
        ("my secret scan.PNG: bad", "“...”"),
        ("the text “Dear Mr Smith” was read", "the text “...” was read"),
        ("the text 'Anna's letter' was read", "the text “...” was read"),
        ('unfinished "quotation of a letter', "unfinished “...”"),
        ("of user anna and annabel", "of user <user> and annabel"),
        ("one line\nof /home/anna/x\nthree", "one line\nof <path>\nthree"),
    ],
)
def test_what_is_nobodys_business_is_taken_out_of_a_text(
    discretion: Discretion, text: str, expected: str
) -> None:
    assert discretion.text(text) == expected
    assert discretion.text(expected) == expected  # a log may be looked over twice


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("/home/anna/x/ocr_desktop/batch/item_work.py", "ocr_desktop/batch/item_work.py"),
        ("/home/anna/.venv/lib/python3.11/site-packages/PIL/Image.py", "site-packages/PIL/Image.py"),
        ("C:\\Users\\Anna\\ocr_desktop\\cli\\main.py", "ocr_desktop/cli/main.py"),
        ("/home/anna/secret.py", "<path>"),
        ("<frozen runpy>", "<frozen runpy>"),
    ],
)
def test_a_traceback_keeps_the_part_of_the_package(discretion: Discretion, file: str, expected: str) -> None:
    once = discretion.text(f'  File "{file}", line 7, in read')
    assert once == f'  File "{expected}", line 7, in read'
    assert discretion.text(once) == once


def test_a_short_user_name_is_not_looked_for() -> None:
    assert Discretion(home="/home/ab", user="ab").text("ab initio") == "ab initio"


def test_arguments_are_looked_over_and_the_text_around_them_stays(log: Path) -> None:
    error = FileNotFoundError(2, "No such file", "/secret/a.png")
    _log.warning(
        "%d of “%s” in “%s” with %s, %s: %r", 3, "x-y", Path("/secret/b"), error, Sample(), "/secret/c"
    )
    line = log.read_text(encoding="utf-8")
    assert "3 of “x-y” in “<path>” with FileNotFoundError (ENOENT), <Sample>: '<path>'" in line
    assert "secret" not in line


@pytest.mark.logs_errors
def test_an_exception_is_logged_by_kind_and_place_only(log: Path) -> None:
    def stumble() -> None:
        try:
            Path("/secret/a.png").read_bytes()
        except OSError as error:
            raise ValueError("a secret text") from error

    try:
        stumble()
    except ValueError:
        _log.exception("It went wrong")
    text = log.read_text(encoding="utf-8")
    assert "ERROR" in text
    assert "It went wrong\nValueError\n" in text
    assert "Caused by: FileNotFoundError (ENOENT)\n" in text
    assert ", in stumble" in text
    assert "secret" not in text
    assert str(Path.home()) not in text.replace("<path>", "")


def test_a_record_stays_whole_for_other_handlers() -> None:
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, "in %s", ("/secret/a",), None)
    assert "secret" not in DiscreetFormatter().format(record)
    assert record.getMessage() == "in /secret/a"


@needs_permissions
def test_only_the_user_can_read_logs(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    handler = logging.getLogger("ocr_desktop").handlers[-1]
    monkeypatch.setattr(handler, "maxBytes", 200)
    for number in range(10):
        _log.info("Line %d", number)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in log.parent.iterdir()}
    assert len(modes) == 4
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(log.parent.stat().st_mode) == 0o700


def test_a_log_that_cannot_be_written_disturbs_nobody(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log.mkdir()
    _log.warning("Where does this go?")
    assert capsys.readouterr().err == ""


def test_starting_twice_writes_each_line_once(log: Path) -> None:
    assert start_logging(log.parent) == log
    _log.info("Only once")
    logging.getLogger("qt").warning("qt.core: cannot open /secret/a")
    lines = log.read_text(encoding="utf-8").splitlines()
    assert [line.rpartition(": ")[2] for line in lines] == ["Only once", "cannot open <path>"]
