"""Scratch folders are named after their job, and found by it."""

import os
import stat
from pathlib import Path

from ocr_desktop.batch.scratch import make_scratch, remove_scratch
from tests.integration.conftest import posix_only


def test_a_job_finds_all_its_folders_and_no_other(private_scratch: Path) -> None:
    mine = [Path(make_scratch("batch_1_ab")) for _ in range(2)]
    (mine[0] / "deeper").mkdir()
    (mine[0] / "deeper" / "page.ppm").write_bytes(b"x")
    others = [Path(make_scratch("batch_1_abc")), Path(make_scratch("batch_1_ab-c")), private_scratch / "mine"]
    others[2].mkdir()
    remove_scratch("batch_1_ab")
    assert not any(folder.exists() for folder in mine)
    assert all(folder.is_dir() for folder in others)
    for folder in others:
        folder.rmdir()


def test_nothing_left_is_nothing_to_remove(private_scratch: Path) -> None:
    remove_scratch("batch_1_ab")
    assert os.listdir(private_scratch) == []  # noqa: PTH208 - nothing at all


@posix_only
def test_nobody_else_may_look_into_it() -> None:
    folder = Path(make_scratch("batch_1_ab"))
    assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IRWXU
    folder.rmdir()


@posix_only
def test_a_link_is_not_followed(private_scratch: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_bytes(b"x")
    link = private_scratch / "ocr-desktop-batch_1_ab-abcdefgh"
    link.symlink_to(tmp_path)
    remove_scratch("batch_1_ab")
    assert precious.exists()
    link.unlink()
