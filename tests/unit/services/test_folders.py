import os
import stat
from pathlib import Path

import pytest

from ocr_desktop.domain.errors import OutputNotWritableError
from ocr_desktop.services.folders import (
    HOME_VARIABLE,
    AppFolders,
    ensure_private,
    ensure_private_file,
    keep_others_out,
)
from tests.fakes.privileges import needs_permissions


def test_the_variable_moves_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "portable"))
    folders = AppFolders.locate()
    assert folders.home == tmp_path / "portable"
    for folder in (folders.cache, folders.thumbnails, folders.logs):
        assert folders.home in folder.parents


def test_an_argument_counts_more_than_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "a"))
    assert AppFolders.locate(tmp_path / "b").home == tmp_path / "b"


@pytest.mark.parametrize("value", ["", "  "])
def test_an_empty_variable_counts_as_none(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    usual = AppFolders.locate()
    monkeypatch.setenv(HOME_VARIABLE, value)
    assert AppFolders.locate() == usual
    assert usual.home.name == "ocr-desktop"
    assert usual.home.is_absolute()


def test_a_relative_home_does_not_move_with_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(HOME_VARIABLE, "portable")
    assert AppFolders.locate().home == tmp_path / "portable"


def test_locating_makes_nothing(tmp_path: Path) -> None:
    folders = AppFolders.locate(tmp_path / "home")
    assert folders.thumbnails != folders.logs
    assert not folders.home.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has other means to keep a folder private.")
def test_every_new_folder_is_private_and_others_stay_as_they_are(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    folders = AppFolders.locate(tmp_path / "home")
    assert ensure_private(folders.thumbnails) == folders.thumbnails
    for folder in (folders.home, folders.cache, folders.thumbnails):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    ensure_private(folders.thumbnails)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file is in the way", encoding="utf-8")
    with pytest.raises(OutputNotWritableError, match="home") as caught:
        ensure_private(tmp_path / "home" / "cache")
    assert HOME_VARIABLE in caught.value.remedy


@needs_permissions
def test_what_is_open_in_a_home_of_somebodys_choice_is_closed(tmp_path: Path) -> None:
    folders = AppFolders.locate(tmp_path / "home")
    for folder in (folders.home, folders.thumbnails, folders.logs, folders.home / "locks"):
        folder.mkdir(parents=True)
        folder.chmod(0o777)
    own = [folders.home / "jobs.db", folders.home / "jobs.db-wal", folders.logs / "ocr-desktop.log.1"]
    foreign = folders.home / "letter.odt"
    for file in (*own, foreign):
        file.touch()
        file.chmod(0o666)

    keep_others_out(folders)

    assert {stat.S_IMODE(file.stat().st_mode) for file in own} == {0o600}
    assert stat.S_IMODE(folders.logs.stat().st_mode) == 0o700
    assert stat.S_IMODE((folders.home / "locks").stat().st_mode) == 0o700
    assert stat.S_IMODE(foreign.stat().st_mode) == 0o666
    assert stat.S_IMODE(folders.home.stat().st_mode) == 0o777


@needs_permissions
def test_a_file_is_private_before_a_library_writes_to_it(tmp_path: Path) -> None:
    new, old = tmp_path / "new", tmp_path / "old"
    old.write_text("content", encoding="utf-8")
    old.chmod(0o644)
    for path in (new, old, tmp_path / "missing" / "x"):
        ensure_private_file(path)
    assert stat.S_IMODE(new.stat().st_mode) == stat.S_IMODE(old.stat().st_mode) == 0o600
    assert (new.read_bytes(), old.read_bytes()) == (b"", b"content")
