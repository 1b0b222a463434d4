"""Atomic files: a whole new file or none, never a half one, never over a file that is to stay."""

import errno
import os
import stat
import struct
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ocr_desktop.services.atomic_files import (
    publish,
    publish_new,
    remove_quietly,
    temporary_path,
    write_temporary,
)
from tests.fakes.privileges import needs_permissions

_NOBODY_IN_PARTICULAR = 0xFFFFFFFF


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    path = tmp_path / "temporary"
    path.write_bytes(b"new")
    return path


def refuse(code: int) -> Callable[..., None]:
    def refusal(*_args: object) -> None:
        raise OSError(code, os.strerror(code))

    return refusal


def test_a_temporary_file_is_written_whole(tmp_path: Path) -> None:
    path = temporary_path(str(tmp_path), "t1", "json")

    write_temporary(path, b"content")

    assert Path(path).read_bytes() == b"content"
    assert Path(path).name == ".ocr-desktop-t1.json.tmp"


def test_the_content_is_flushed_to_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda number: sizes.append(os.fstat(number).st_size))

    write_temporary(str(tmp_path / "x"), b"content")

    assert sizes == [7]


def test_a_failed_write_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", refuse(errno.ENOSPC))

    with pytest.raises(OSError, match="No space left"):
        write_temporary(str(tmp_path / "x"), b"content")

    assert list(tmp_path.iterdir()) == []


def test_a_temporary_file_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"theirs")

    with pytest.raises(FileExistsError):
        write_temporary(str(tmp_path / "x"), b"ours")

    assert (tmp_path / "x").read_bytes() == b"theirs"


@pytest.mark.parametrize("old", [None, b"old"])
def test_publishing_replaces(tmp_path: Path, temporary: Path, old: bytes | None) -> None:
    target = tmp_path / "target"
    if old is not None:
        target.write_bytes(old)

    publish(str(temporary), str(target))

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"target": b"new"}


@pytest.mark.parametrize("has_hard_links", [True, False])
def test_publishing_as_new(
    tmp_path: Path, temporary: Path, has_hard_links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not has_hard_links:
        monkeypatch.setattr(os, "link", refuse(errno.EPERM))

    publish_new(str(temporary), str(tmp_path / "target"))

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"target": b"new"}


@pytest.mark.parametrize("has_hard_links", [True, False])
@pytest.mark.parametrize("dangling", [True, False])
def test_publishing_as_new_never_replaces(
    tmp_path: Path, temporary: Path, has_hard_links: bool, dangling: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "target"
    if dangling:
        target.symlink_to(tmp_path / "nothing")
    else:
        target.write_bytes(b"old")
    if not has_hard_links:
        monkeypatch.setattr(os, "link", refuse(errno.EPERM))

    with pytest.raises(FileExistsError):
        publish_new(str(temporary), str(target))

    assert temporary.read_bytes() == b"new"
    assert target.is_symlink() if dangling else target.read_bytes() == b"old"


def test_a_published_file_counts_though_its_temporary_name_cannot_be_removed(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "target"
    with monkeypatch.context() as patch:
        patch.setattr(os, "unlink", refuse(errno.EACCES))
        publish_new(str(temporary), str(target))

    assert target.read_bytes() == b"new"


def test_removing_passes_over_what_cannot_be_removed(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()

    remove_quietly([str(tmp_path / name) for name in ("missing", "folder", "file")])

    assert list(tmp_path.iterdir()) == [tmp_path / "folder"]


@needs_permissions
@pytest.mark.parametrize(
    ("folder", "umask", "expected"),
    [
        (0o700, 0o000, 0o600),
        (0o750, 0o022, 0o640),
        (0o755, 0o022, 0o644),
        (0o775, 0o002, 0o664),
        (0o777, 0o000, 0o666),
        (0o777, 0o027, 0o640),
        (0o755, 0o077, 0o600),
    ],
)
def test_others_may_do_with_a_file_what_the_folder_and_the_umask_grant(
    tmp_path: Path, folder: int, umask: int, expected: int
) -> None:
    target = tmp_path / "out" / "target"
    target.parent.mkdir()
    target.parent.chmod(folder)
    before = os.umask(umask)
    try:
        write_temporary(str(target), b"content")
        write_temporary(str(target.with_name("private")), b"content", private=True)
    finally:
        os.umask(before)
    assert stat.S_IMODE(target.stat().st_mode) == expected
    assert stat.S_IMODE(target.with_name("private").stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform != "linux", reason="sets an access control list as Linux keeps them")
def test_a_default_access_list_of_the_folder_decides(tmp_path: Path) -> None:
    """One that lets user 4242 read what is made in a folder that is closed otherwise."""
    entries = ((0x01, 7, _NOBODY_IN_PARTICULAR), (0x02, 4, 4242), (0x04, 0, _NOBODY_IN_PARTICULAR))
    rest = ((0x10, 4, _NOBODY_IN_PARTICULAR), (0x20, 0, _NOBODY_IN_PARTICULAR))
    packed = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in (*entries, *rest))
    tmp_path.chmod(0o700)
    try:
        os.setxattr(tmp_path, "system.posix_acl_default", packed)
    except OSError:
        pytest.skip("this file system keeps no access control lists")
    write_temporary(str(tmp_path / "x"), b"content")
    # With a list, the bits of the group are its mask: what it may grant at most.
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o640
