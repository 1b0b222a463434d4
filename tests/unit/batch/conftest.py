"""A desk for tests of the quick pass, and what tells how it goes about its work."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocr_desktop.batch import quick_pass
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.services import file_state
from ocr_desktop.services.known_results import KnownResults
from tests.fakes.quick_pass_desk import BOTH, SETTLED, Desk

_opened: list[str] | None = None
"""Files that Python opens, while somebody wants to know."""


def _note_opened(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and _opened is not None:
        _opened.append(str(arguments[0]))


sys.addaudithook(_note_opened)  # for good: there is no way to remove one


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """Paths of the files that are opened from now on."""
    global _opened  # noqa: PLW0603
    _opened = []
    yield _opened
    _opened = None


@pytest.fixture
def settled_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_state, "_FRESH", int(SETTLED * 1e9))


@pytest.fixture
def large_images(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have images count as large, so that none is looked at on the spot."""
    monkeypatch.setattr(quick_pass, "_SMALL", -1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    known = KnownResults(tmp_path / "known.db")
    folder = tmp_path / "scans"
    folder.mkdir()
    yield Desk(folder, known, RunOptions(formats=BOTH))
    known.close()
