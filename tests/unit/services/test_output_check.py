"""The output check: says before a batch starts that results cannot be written, and leaves no trace."""

from pathlib import Path

import pytest

from ocr_desktop.domain.errors import ExitCode, OutputNotWritableError
from ocr_desktop.services.output_check import check_writable, ensure_there, make_root
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


def test_the_output_folder_of_a_new_job_is_made(tmp_path: Path) -> None:
    for _ in range(2):
        make_root(str(tmp_path / "not" / "yet"))

    assert (tmp_path / "not" / "yet").is_dir()


def test_an_output_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "out").touch()

    with pytest.raises(OutputNotWritableError, match="cannot be made") as caught:
        make_root(str(tmp_path / "out" / "deeper"))

    assert caught.value.remedy


def test_a_job_goes_on_where_one_of_its_folders_is_there(tmp_path: Path) -> None:
    ensure_there({str(tmp_path / "gone"), str(tmp_path)})
    ensure_there(set())

    with pytest.raises(OutputNotWritableError, match=r"gone”, .* is not there any more") as caught:
        ensure_there({str(tmp_path / "gone")})

    assert "Plug its drive in" in caught.value.remedy
    assert list(tmp_path.iterdir()) == []
