"""Calls that may take a while, one after another on a thread of their own; nobody waits for them."""

import logging
import queue
import threading
from collections.abc import Callable

_log = logging.getLogger(__name__)

_LAST_PATIENCE = 2.0
"""Seconds that calls get at the end; a service that hangs must not keep the program from ending."""


class BackgroundCalls:
    """The thread begins with the first call. May be used from any thread."""

    def __init__(self, name: str) -> None:
        """Begin with no thread; ``name`` is for logs and debuggers."""
        self._name = name
        self._calls: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_stopped = False

    def call(self, act: Callable[[], None]) -> None:
        """Have ``act`` called when those before it are done. What it raises is logged, quietly."""
        with self._lock:
            if self._is_stopped:
                return
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
        self._calls.put(act)

    def stop(self) -> None:
        """Do what has been asked for, and end the thread. Calling it twice does no harm."""
        with self._lock:
            self._is_stopped = True
            thread, self._thread = self._thread, None
        if thread is not None:
            self._calls.put(None)
            thread.join(_LAST_PATIENCE)

    def _run(self) -> None:
        while (act := self._calls.get()) is not None:
            try:
                act()
            except Exception as error:  # noqa: BLE001 - a desktop without the service is no trouble of ours
                _log.info("%s: %s", self._name, type(error).__name__)
