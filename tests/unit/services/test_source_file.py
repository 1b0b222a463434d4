"""Source files: what is recorded of an image, and the sentence for one that cannot be read."""

import errno
import hashlib
import os
from pathlib import Path

import pytest

from ocr_desktop.domain.errors import (
    Blame,
    ImageAccessError,
    ImageFolderMissingError,
    ImageLockedError,
    ImageMissingError,
    ItemError,
)
from ocr_desktop.services.source_file import describe_source, explain_read_error
from tests.fakes.privileges import needs_permissions, open_folder, unprivileged

CONTENT = b"\x89PNG" + bytes(range(256)) * 2000


def windows_error(code: int) -> OSError:
    error = PermissionError(errno.EACCES, "denied")
    error.winerror = code  # type: ignore[attr-defined]
    return error


def test_an_image_is_described_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "a b.png"
    path.write_bytes(CONTENT)
    os.utime(path, (1_700_000_000.25, 1_700_000_000.25))

    source = describe_source(str(path))

    assert (source.name, source.size) == ("a b.png", len(CONTENT))
    assert source.modified == "2023-11-14T22:13:20.250+00:00"
    assert source.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert path.read_bytes() == CONTENT


@pytest.mark.skipif(os.name == "nt", reason="file names are text there")
def test_names_that_are_no_text_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"a\xff.png")
    path.touch()

    assert describe_source(str(path)).name == "a�.png"


def test_a_missing_image(tmp_path: Path) -> None:
    with pytest.raises(ImageMissingError, match=r"“a\.png” is not there any more"):
        describe_source(str(tmp_path / "a.png"))


@pytest.mark.parametrize("is_file", [True, False])
def test_an_image_whose_folder_is_gone(tmp_path: Path, is_file: bool) -> None:
    if is_file:
        (tmp_path / "scans").touch()

    with pytest.raises(ImageFolderMissingError, match=r"“a\.png”.* folder “.*scans” is not there") as caught:
        describe_source(str(tmp_path / "scans" / "a.png"))

    assert caught.value.remedy
    assert caught.value.blame is Blame.UNSURE


@pytest.mark.parametrize("error", [OSError(errno.ENODEV, "no such device"), windows_error(21)])
def test_a_drive_that_was_unplugged(error: OSError) -> None:
    explained = explain_read_error("/nowhere/scans/a.png", error)

    assert type(explained) is ImageFolderMissingError


def test_a_folder_is_no_image(tmp_path: Path) -> None:
    with pytest.raises(ImageAccessError, match="is a folder"):
        describe_source(str(tmp_path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
@pytest.mark.timeout(10)
def test_a_pipe_is_no_image_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.png")

    with pytest.raises(ImageAccessError, match=r"“a\.png” is not a file"):
        describe_source(str(tmp_path / "a.png"))


@needs_permissions
def test_an_image_that_may_not_be_read() -> None:
    with open_folder() as folder:
        path = folder / "a.png"
        path.write_bytes(CONTENT)
        path.chmod(0)
        with unprivileged(), pytest.raises(ImageAccessError, match=r"not allowed to read “a\.png”") as caught:
            describe_source(str(path))

    assert caught.value.remedy
    assert not caught.value.can_pass


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (windows_error(32), ImageLockedError),
        (windows_error(33), ImageLockedError),
        (windows_error(5), ImageAccessError),
        (OSError(errno.EIO, "input/output error"), ImageLockedError),
        (OSError(errno.ESTALE, "stale handle"), ImageLockedError),
        (OSError(errno.EBUSY, "busy"), ImageLockedError),
        (OSError(errno.ENAMETOOLONG, "too long"), ImageAccessError),
        (OSError("something odd"), ImageAccessError),
    ],
)
def test_only_what_can_pass_is_a_lock(error: OSError, expected: type[ItemError]) -> None:
    explained = explain_read_error("/scans/a.png", error)

    assert type(explained) is expected
    assert "“a.png”" in explained.message
    assert explained.can_pass == (expected is ImageLockedError)
