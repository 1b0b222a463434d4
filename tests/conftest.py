"""What all tests share: a screenless Qt, private folders, and guards against what a test leaves behind."""

import logging
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import psutil
import pytest
from PIL import Image

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["OMP_THREAD_LIMIT"] = "1"
# No example is timed: a machine that is busy with something else must not fail a test.
hypothesis.settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("untimed")

_PATIENCE = 5.0
"""Seconds that threads and processes get to end after a test."""


@pytest.fixture(autouse=True)
def private_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the program's own files of every test, and of the processes it starts, in a folder of its own."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("OCR_DESKTOP_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def private_scratch(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have temporary files of every test, and of the processes it starts, in a folder of its own."""
    scratch = tmp_path_factory.mktemp("scratch")
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    monkeypatch.setenv("TMPDIR", str(scratch))
    return scratch


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real scans with ground truth; a test that needs them is skipped where they are not."""
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("OCR_DESKTOP_TEST_DATA", default))
    if not (folder / "receipts").is_dir():
        pytest.skip(f"the scans with ground truth are not in {folder} (set OCR_DESKTOP_TEST_DATA)")
    return folder


MakeImages = Callable[..., list[Path]]


@pytest.fixture
def make_images() -> MakeImages:
    """Return a function that writes small images: ``make_images(folder, 5, marked={2})``.

    Each image is as wide as its number plus 100, so that fake engines give each a text of its own. Marked
    ones are 13 pixels wide, which troublesome fake engines stumble over.
    """

    def make(folder: Path, count: int, *, marked: frozenset[int] | set[int] = frozenset()) -> list[Path]:
        folder.mkdir(parents=True, exist_ok=True)
        paths = [folder / f"scan {number:04d}.png" for number in range(count)]
        for number, path in enumerate(paths):
            width = 13 if number in marked else 100 + number
            Image.new("L", (width, 20), 255).save(path)
        return paths

    return make


@pytest.fixture(autouse=True)
def leaves_nothing_behind(private_scratch: Path) -> Iterator[None]:
    """Fail a test that leaves a thread, a process or a temporary folder of ours behind."""
    threads = set(threading.enumerate())
    yield
    assert _wait_until(lambda: not _new_threads(threads)), f"threads left: {_new_threads(threads)}"
    assert _wait_until(lambda: not _children()), f"processes left: {[c.cmdline() for c in _children()]}"
    left = [entry.name for entry in private_scratch.iterdir() if entry.name.startswith("ocr-desktop-")]
    assert not left, f"temporary folders left: {left}"


@pytest.fixture(autouse=True)
def logs_no_errors(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test during which an error is logged, unless it is marked with ``logs_errors``."""
    handler = _Collector(logging.ERROR)
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    if request.node.get_closest_marker("logs_errors") is None:
        assert not handler.lines, f"errors logged: {handler.lines}"


class _Collector(logging.Handler):
    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


def _new_threads(before: set[threading.Thread]) -> list[threading.Thread]:
    # Not dummies: Python keeps one for each foreign thread, such as a QThread, that has ever logged a line.
    return [
        thread
        for thread in threading.enumerate()
        if thread not in before and thread.is_alive() and not isinstance(thread, threading._DummyThread)
    ]


def _children() -> list[psutil.Process]:
    """Processes of ours, except the resource tracker that multiprocessing keeps for its lifetime."""
    found = []
    for child in psutil.Process().children(recursive=True):
        try:
            command = " ".join(child.cmdline())
            if child.status() != psutil.STATUS_ZOMBIE and "resource_tracker" not in command:
                found.append(child)
        except psutil.Error:
            continue
    return found


def _wait_until(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return condition()
