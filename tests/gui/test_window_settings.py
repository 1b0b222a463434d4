"""What the window remembers: saved whole, loaded with defaults for what is missing or damaged."""

import logging
from pathlib import Path

import pytest

from ocr_desktop.domain.options import Overwrite, RunOptions
from ocr_desktop.gui.window_settings import MAX_RECENT, WindowSettings, WindowSettingsFile
from ocr_desktop.services.folders import AppFolders


@pytest.fixture
def file(tmp_path: Path) -> WindowSettingsFile:
    return WindowSettingsFile(AppFolders.locate(tmp_path / "home"))


def test_saves_and_loads(file: WindowSettingsFile) -> None:
    settings = WindowSettings(
        options=RunOptions(overwrite=Overwrite.SUFFIX, jobs=3), recent_folders=("/a",), thumbnail_edge=200
    )
    file.save(settings)
    assert file.load() == settings
    assert [path.name for path in file.path.parent.iterdir()] == [file.path.name]


def test_begins_with_the_defaults(file: WindowSettingsFile) -> None:
    assert file.load() == WindowSettings()


@pytest.mark.parametrize("content", [b"", b"{", b'{"options": {"jobs": 0}}', b'{"options": {"no such": 1}}'])
def test_a_damaged_file_gives_the_defaults(
    file: WindowSettingsFile, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    file.path.parent.mkdir()
    file.path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert file.load() == WindowSettings()
    assert "defaults" in caplog.text


def test_a_folder_that_cannot_be_written_is_no_disaster(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file in the way")
    WindowSettingsFile(AppFolders.locate(tmp_path / "home")).save(WindowSettings())


def test_recent_folders_are_few_and_each_once() -> None:
    settings = WindowSettings()
    for number in range(20):
        settings = settings.with_recent(f"/{number}")
    settings = settings.with_recent("/15")
    assert settings.recent_folders[:2] == ("/15", "/19")
    assert len(settings.recent_folders) == MAX_RECENT
    assert len(set(settings.recent_folders)) == MAX_RECENT
