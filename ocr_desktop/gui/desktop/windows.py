"""The desktop of Windows: progress on the task bar button through COM, sleep through the kernel."""

import ctypes
import logging
import sys
from collections.abc import Callable
from typing import Any

from ocr_desktop.gui.desktop.services import Mood

_log = logging.getLogger(__name__)

_CLASS = "{56FDF344-FD6D-11d0-958A-006097C9A090}"
_INTERFACE = "{EA1AFB91-9E28-4B86-90E9-9E9F8A5EEFAF}"
"""``ITaskbarList3``."""
_IN_PROCESS = 1
_INITIALIZE, _SET_VALUE, _SET_STATE = 3, 9, 10
"""Places of its methods in the table."""
_NO_PROGRESS = 0
_STATES = {Mood.NORMAL: 0x2, Mood.PAUSED: 0x8, Mood.TROUBLE: 0x4}
_UNTIL_CHANGED, _SYSTEM_REQUIRED = 0x80000000, 0x00000001

_function = getattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE)


class TaskbarButton:
    """The button of one window."""

    def __init__(self, window_id: int, make: Callable[[], int | None] | None = None) -> None:
        """Prepare for a window.

        Args:
            window_id: Its native handle.
            make: Returns the address of an ``ITaskbarList3``, or None where there is none.
        """
        self._window_id = window_id
        self._make = make or _make_taskbar_list
        self._list: int | None = None
        self._is_made = False
        self._is_shown = False

    def show(self, done: int, total: int, mood: Mood) -> None:
        """Show how far the run is: green, yellow while paused, red in trouble."""
        self._is_shown = True
        self._call(_SET_STATE, (ctypes.c_int, _STATES[mood]))
        self._call(_SET_VALUE, (ctypes.c_ulonglong, done), (ctypes.c_ulonglong, max(1, total)))

    def clear(self) -> None:
        """Show no progress."""
        if self._is_shown:
            self._is_shown = False
            self._call(_SET_STATE, (ctypes.c_int, _NO_PROGRESS))

    def _call(self, place: int, *arguments: tuple[Any, int]) -> None:
        """Call a method of the list on our window."""
        if not self._is_made:
            self._is_made = True
            self._list = self._make()
        if self._list is not None:
            call_method(self._list, place, (ctypes.c_void_p, self._window_id), *arguments)


class KernelSleepGuard:
    """Tells the kernel that the system is needed; the word holds as long as the thread that gave it."""

    def hold(self, reason: str) -> None:  # noqa: ARG002 - the kernel does not ask for one
        """Hold sleep off from now on."""
        _set_execution_state(_UNTIL_CHANGED | _SYSTEM_REQUIRED)

    def release(self) -> None:
        """Allow it again."""
        _set_execution_state(_UNTIL_CHANGED)


def call_method(instance: int, place: int, *arguments: tuple[Any, int]) -> int:
    """Call a method of a COM object by its place in the table; return its result, below 0 for a failure."""
    table = ctypes.cast(instance, ctypes.POINTER(ctypes.POINTER(ctypes.c_void_p))).contents
    kinds = [kind for kind, _ in arguments]
    method = _function(ctypes.c_long, ctypes.c_void_p, *kinds)(table[place])
    result: int = method(instance, *(value for _, value in arguments))
    return result


def _make_taskbar_list() -> int | None:
    """Return the address of a new ``ITaskbarList3``."""
    found = ctypes.c_void_p()
    if sys.platform == "win32":
        ole = ctypes.windll.ole32
        names = [ctypes.create_string_buffer(16) for _ in range(2)]
        for text, name in zip((_CLASS, _INTERFACE), names, strict=True):
            ole.CLSIDFromString(ctypes.c_wchar_p(text), name)
        failed = ole.CoCreateInstance(names[0], None, _IN_PROCESS, names[1], ctypes.byref(found))
        if failed or not found.value or call_method(found.value, _INITIALIZE) < 0:
            _log.info("There is no task bar to show progress on")
            return None
    return found.value


def _set_execution_state(flags: int) -> None:
    if sys.platform == "win32":
        ctypes.windll.kernel32.SetThreadExecutionState(ctypes.c_uint(flags))
