"""Loads things in the background, and only what was asked for last."""

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

_log = logging.getLogger(__name__)


class LatestLoader(QObject):
    """One background thread that loads what was asked for last. Its methods belong to the GUI thread.

    Signals:
        loaded: What was loaded, part by part; never of a request that has been replaced by another.
    """

    loaded = Signal(object)
    _made = Signal(object, object)

    def __init__(
        self,
        name: str,
        load: Callable[[Any], Iterable[object]],
        apologize: Callable[[Any, Exception], object],
        parent: QObject | None = None,
    ) -> None:
        """Prepare; the thread starts with the first request.

        Args:
            name: Of the thread, for logs and debuggers.
            load: Called on the thread with a request; yields what is handed over.
            apologize: What to hand over when ``load`` raises what nobody has foreseen.
            parent: Qt's parent.
        """
        super().__init__(parent)
        self._name = name
        self._load = load
        self._apologize = apologize
        self._condition = threading.Condition()
        self._next: object = None
        self._current: object = None
        self._is_stopping = False
        self._made.connect(self._deliver)
        self._thread: threading.Thread | None = None

    def load(self, request: object) -> None:
        """Load this instead of whatever was asked for before; None only drops that."""
        with self._condition:
            self._current = self._next = request
            self._condition.notify()
        if self._thread is None and request is not None:
            self._is_stopping = False
            self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread. What it is loading is finished and dropped. A further request starts another."""
        with self._condition:
            self._current = self._next = None
            self._is_stopping = True
            self._condition.notify()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _work(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._next is not None or self._is_stopping)
                if self._is_stopping or self._next is None:
                    return
                request, self._next = self._next, None
            try:
                for part in self._load(request):
                    self._made.emit(request, part)
                    if request is not self._current:
                        break
            except Exception as error:  # noqa: BLE001 - one thing must not cost the thread
                _log.exception("%s failed", self._name)
                self._made.emit(request, self._apologize(request, error))
            del request

    @Slot(object, object)
    def _deliver(self, request: object, part: object) -> None:
        if request is self._current:
            self.loaded.emit(part)
