"""What the window remembers: saved whole, loaded with defaults for what is missing or damaged."""

import logging
from pathlib import Path

import pytest

from ocr_desktop.domain.options import Overwrite, RunOptions
from ocr_desktop.gui.settings.window_settings import (
    MAX_RECENT,
    Preset,
    Theme,
    WindowSettings,
    WindowSettingsFile,
)
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
    assert "default" in caplog.text


def test_a_file_of_an_older_version_is_read(file: WindowSettingsFile) -> None:
    file.path.parent.mkdir()
    file.path.write_text('{"options": {"jobs": 3}, "thumbnail_edge": 200, "recent_folders": ["/a"]}')
    expected = WindowSettings(options=RunOptions(jobs=3), thumbnail_edge=200, recent_folders=("/a",))
    assert file.load() == expected


def test_what_is_damaged_or_newer_costs_nothing_else(
    file: WindowSettingsFile, caplog: pytest.LogCaptureFixture
) -> None:
    file.path.parent.mkdir()
    file.path.write_text(
        """{
        "options": {"no such": 1}, "theme": "sepia", "thumbnail_edge": 200, "unknown": [],
        "presets": [{"name": "a", "options": {"jobs": 2}}, {"name": "b", "options": {"jobs": 0}}, 7],
        "preset": "a"
        }"""
    )
    with caplog.at_level(logging.WARNING):
        loaded = file.load()
    preset = Preset(name="a", options=RunOptions(jobs=2))
    assert loaded == WindowSettings(thumbnail_edge=200, presets=(preset,), preset="a")
    assert "options" in caplog.text
    assert "theme" in caplog.text
    assert "preset" in caplog.text


def test_what_a_person_chooses_leaves_the_rest_alone() -> None:
    now = WindowSettings(geometry="now", recent_folders=("/new",))
    chosen = WindowSettings(geometry="then", theme=Theme.DARK, notify=False, preset="a")
    assert now.with_chosen(chosen) == WindowSettings(
        geometry="now", recent_folders=("/new",), theme=Theme.DARK, notify=False, preset="a"
    )


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
