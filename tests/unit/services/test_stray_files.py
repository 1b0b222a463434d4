"""Stray files: what killed programs left is removed, what somebody is at work on is not."""

import os
import time
from pathlib import Path

import pytest

from ocr_desktop.services.atomic_files import temporary_path
from ocr_desktop.services.stray_files import Owner, sweep_strays

JOB = "batch_1700000000000_0123abcd"


def left(folder: Path, token: str, *, age: float = 0) -> Path:
    path = Path(temporary_path(str(folder), token, "json"))
    path.write_bytes(b"half")
    moment = time.time() - age
    os.utime(path, (moment, moment))
    return path


@pytest.mark.parametrize(
    ("owner", "age", "is_removed"),
    [
        (Owner.RUNNING, 0, False),
        (Owner.RUNNING, 9999, False),
        (Owner.IDLE, 0, True),
        (Owner.UNKNOWN, 0, False),
        (Owner.UNKNOWN, 9999, True),
    ],
)
def test_the_job_decides(tmp_path: Path, owner: Owner, age: float, is_removed: bool) -> None:
    path = left(tmp_path, f"{JOB}-12-1", age=age)
    asked: list[str] = []

    def owner_of(job_id: str) -> Owner:
        asked.append(job_id)
        return owner

    assert sweep_strays([str(tmp_path)], owner_of) == is_removed
    assert path.exists() is not is_removed
    assert asked == [JOB]


@pytest.mark.parametrize(("age", "is_removed"), [(0, False), (9999, True)])
def test_probes_go_by_their_age(tmp_path: Path, age: float, is_removed: bool) -> None:
    path = left(tmp_path, "0123456789ab", age=age)

    sweep_strays([str(tmp_path)], lambda _: pytest.fail("no job made it"))

    assert path.exists() is not is_removed


def test_nothing_else_is_touched(tmp_path: Path) -> None:
    names = [".ocr-desktop-notes", "a.tmp", "ocr-desktop-x.tmp", "a_ocr_results.json", "a.png"]
    for name in names:
        (tmp_path / name).write_bytes(b"theirs")
        os.utime(tmp_path / name, (0, 0))
    (tmp_path / "sub").mkdir()
    below = left(tmp_path / "sub", "x", age=9999)

    assert sweep_strays([str(tmp_path), str(tmp_path / "no such folder")], lambda _: Owner.IDLE) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*names, "sub"])
    assert below.exists()
