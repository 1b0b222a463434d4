"""Ctrl-C and its kin, caught so that a run can end in order."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

_NAMES: Final = ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP")
"""Those that the platform knows are caught."""
_PATIENCE: Final = 0.5
"""Seconds within which a second signal is the same press of a key, sent twice."""


@contextmanager
def catch_stop_signals(give_up: Callable[[], None]) -> Iterator[threading.Event]:
    """Give an event that is set by the first stop signal. For the main thread.

    A second one means that the user will not wait: the program ends at once. Signals that the caller of the
    program has chosen to ignore (``nohup``, background jobs of scripts) stay ignored. The old handlers are
    back in force afterwards.

    Args:
        give_up: Called by the second signal; must not return.
    """
    requested = threading.Event()
    first = 0.0

    def handle(_number: int, _frame: object) -> None:
        nonlocal first
        if requested.is_set() and time.monotonic() - first > _PATIENCE:
            give_up()
        elif not requested.is_set():
            first = time.monotonic()
            requested.set()

    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    caught = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, handle) for number in caught}
    try:
        yield requested
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def end_at_once(exit_code: int) -> None:
    """End this process and all that it started, without another line of Python."""
    import psutil  # noqa: PLC0415 - only ever needed here, and it takes a while to load

    for child in psutil.Process().children(recursive=True):
        try:
            child.kill()
        except psutil.Error:
            continue
    os._exit(exit_code)
