"""Ctrl-C and its kin, caught so that a run can end in order."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_NAMES = ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP")
"""Those that the platform knows are caught."""


@contextmanager
def catch_stop_signals() -> Iterator[threading.Event]:
    """Give an event that is set by the first stop signal. For the main thread.

    The old handlers are back in force afterwards.
    """
    requested = threading.Event()
    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    before = {number: signal.signal(number, lambda *_: requested.set()) for number in numbers}
    try:
        yield requested
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
