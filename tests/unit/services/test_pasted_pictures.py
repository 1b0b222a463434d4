"""Pictures off the clipboard: where they are kept, and under which names."""

import os
import stat
from datetime import datetime
from pathlib import Path

import pytest

from ocr_desktop.domain.errors import OutputNotWritableError
from ocr_desktop.services.pasted_pictures import keep_pasted

NOW = datetime(2026, 11, 23, 9, 5, 7)  # noqa: DTZ001 - the time on the user's clock


def test_names_are_dates_and_never_taken_twice(tmp_path: Path) -> None:
    folder = tmp_path / "pasted"

    paths = [keep_pasted(folder, content, now=NOW) for content in (b"one", b"two", b"three")]

    assert [path.name for path in paths] == [
        "Pasted 2026-11-23 09.05.07.png",
        "Pasted 2026-11-23 09.05.07 (2).png",
        "Pasted 2026-11-23 09.05.07 (3).png",
    ]
    assert [path.read_bytes() for path in paths] == [b"one", b"two", b"three"]
    assert sorted(folder.iterdir()) == sorted(paths)


@pytest.mark.skipif(os.name == "nt", reason="a profile on Windows is private anyway")
def test_nobody_else_sees_them(tmp_path: Path) -> None:
    path = keep_pasted(tmp_path / "pasted", b"one", now=NOW)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    (tmp_path / "pasted").write_text("a file in its place")

    with pytest.raises(OutputNotWritableError):
        keep_pasted(tmp_path / "pasted", b"one", now=NOW)
