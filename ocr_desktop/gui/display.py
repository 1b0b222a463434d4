"""Can a window be opened here at all? Asked before Qt is, because Qt's own answer is to abort the process.

Nothing of Qt is imported at the top: its shared libraries may be what is missing.
"""

import ctypes
import importlib
import importlib.util
import os
import socket
import sys
from pathlib import Path
from typing import ClassVar

from ocr_desktop.domain.errors import ExitCode, KnownError

_X11 = "xcb"
_WAYLAND = "wayland"
_PLUGINS = {_X11: "libqxcb.so", _WAYLAND: "libqwayland.so"}
_WAIT = 2.0
"""Seconds that a display server gets to answer."""


class NoDisplayError(KnownError):
    """No window can be opened here."""

    exit_code: ClassVar[ExitCode] = ExitCode.USAGE


def require_display() -> None:
    """Return if a window can be opened.

    Raises:
        NoDisplayError: If there is no display, it does not answer, or Qt cannot be loaded.
    """
    if sys.platform not in {"win32", "darwin"}:
        _require_display_server()
    try:
        importlib.import_module("PySide6.QtWidgets")
    except ImportError as error:
        raise _no_qt(error) from error


def _require_display_server() -> None:
    wanted = _wanted_platforms()
    if wanted is None:
        return  # somebody has asked for a platform by name that needs no server
    problems: list[str] = []
    for platform in wanted:
        answers = _x11_answers() if platform == _X11 else _wayland_answers()
        if not answers:
            continue
        try:
            _load_plugin(platform)
        except OSError as error:
            problems.append(str(error))
        else:
            return
    if problems:
        raise _no_qt(problems[0])
    raise NoDisplayError(
        "No window can be opened: there is no screen here, or it does not answer.", remedy=_HINT
    )


_HINT = "Use “ocr-desktop run FOLDER” to read images without a window."


def _no_qt(reason: object) -> NoDisplayError:
    return NoDisplayError(
        f"No window can be opened: the window system Qt cannot be loaded ({reason}).",
        remedy=f"Install what is missing. {_HINT}",
    )


def _wanted_platforms() -> tuple[str, ...] | None:
    """Return the platforms that Qt will try; None if it will try one that needs no display server."""
    named = [entry.partition(":")[0] for entry in os.environ.get("QT_QPA_PLATFORM", "").split(";") if entry]
    known = tuple(platform for name in named for platform in _PLUGINS if name.startswith(platform))
    if named:
        return known if len(known) == len(named) else None
    return _WAYLAND, _X11


def _x11_answers() -> bool:
    """Whether the X server of DISPLAY lets us in. By way of its own library, which knows the passwords."""
    if not os.environ.get("DISPLAY"):
        return False
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # the plugin needs it as well, and will say so
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    try:
        return not xcb.xcb_connection_has_error(connection)
    finally:
        xcb.xcb_disconnect(connection)


def _wayland_answers() -> bool:
    name = os.environ.get("WAYLAND_DISPLAY", "")
    if not name:
        return False
    path = Path(os.environ.get("XDG_RUNTIME_DIR", "")) / name
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(_WAIT)
        try:
            connection.connect(str(path))
        except OSError:
            return False
    return True


def _load_plugin(platform: str) -> None:
    """Load Qt's plugin for a platform, with the shared libraries that it needs.

    Raises:
        OSError: If one of them is missing.
    """
    found = importlib.util.find_spec("PySide6")
    if found is None or found.origin is None:
        return  # the import will say so
    plugin = Path(found.origin).parent / "Qt" / "plugins" / "platforms" / _PLUGINS[platform]
    if plugin.exists():  # packages of a distribution keep theirs elsewhere
        ctypes.CDLL(str(plugin))
