"""Without a usable screen the program says so and ends; it never aborts."""

import importlib
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ocr_desktop.gui.display import NoDisplayError, require_display

pytestmark = pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="there is always a screen")

_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XAUTHORITY")


def bare_program(**variables: str) -> subprocess.CompletedProcess[str]:
    """Start the program as from a terminal without arguments."""
    environment = {name: value for name, value in os.environ.items() if name not in _VARIABLES}
    return subprocess.run(
        [sys.executable, "-m", "ocr_desktop"],
        env={**environment, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"DISPLAY": ":4711"},
        {"DISPLAY": "no such display"},
        {"WAYLAND_DISPLAY": "wayland-4711"},
        {"DISPLAY": ":4711", "QT_QPA_PLATFORM": "xcb"},
        {"QT_QPA_PLATFORM": "wayland;xcb"},
    ],
    ids=str,
)
def test_no_screen_is_a_sentence_and_a_hint(variables: dict[str, str]) -> None:
    result = bare_program(**variables)
    assert result.returncode == 2
    assert "No window can be opened" in result.stderr
    assert "ocr-desktop run" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_platform_without_a_screen_may_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    require_display()


def test_a_wayland_server_that_answers_will_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in _VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)  # the path of a socket must be short
    monkeypatch.setenv("XDG_RUNTIME_DIR", ".")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind("wayland-0")
        with pytest.raises(NoDisplayError):
            require_display()  # nobody listens
        server.listen()
        require_display()


def test_qt_that_cannot_be_loaded_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setitem(sys.modules, "PySide6.QtWidgets", None)  # what an import that fails leaves behind
    with pytest.raises(NoDisplayError, match="Qt cannot be loaded") as caught:
        require_display()
    assert "ocr-desktop run" in caught.value.remedy
    monkeypatch.undo()
    importlib.import_module("PySide6.QtWidgets")
