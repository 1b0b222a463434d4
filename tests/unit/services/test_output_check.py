"""The output check: says before a batch starts that results cannot be written, and leaves no trace."""

from pathlib import Path

import pytest

from ocr_desktop.domain.errors import ExitCode, OutputNotWritableError
from ocr_desktop.services.output_check import check_writable
from tests.fakes.privileges import needs_permissions, open_folder, unprivileged


def test_nothing_is_left_behind_and_no_folder_is_made(tmp_path: Path) -> None:
    check_writable([str(tmp_path), str(tmp_path / "not" / "yet"), str(tmp_path)])

    assert list(tmp_path.iterdir()) == []


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "out").touch()

    for folder in (tmp_path / "out", tmp_path / "out" / "deeper"):
        with pytest.raises(OutputNotWritableError, match="out”"):
            check_writable([str(folder)])


@needs_permissions
@pytest.mark.parametrize("name", ["closed", "closed/not yet"])
def test_a_read_only_folder(name: str) -> None:
    with open_folder() as folder:
        (folder / "closed").mkdir(mode=0o555)
        with unprivileged(), pytest.raises(OutputNotWritableError, match="closed”") as caught:
            check_writable([str(folder / name)])

    assert caught.value.exit_code is ExitCode.OUTPUT_NOT_WRITABLE
    assert caught.value.remedy


def test_no_folders_no_trouble() -> None:
    check_writable([])
