"""Loads things in the background, and only what was asked for last."""

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

_log = logging.getLogger(__name__)

_released: list[threading.Thread] = []
"""Threads that nobody waits for, until the program ends."""


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
        self._turn: object = None
        self._made.connect(self._deliver)
        self._thread: threading.Thread | None = None

    def load(self, request: object) -> None:
        """Load this instead of whatever was asked for before; None only drops that."""
        with self._condition:
            self._current = self._next = request
            self._condition.notify_all()
        if self._thread is None and request is not None:
            self._turn = turn = object()
            self._thread = threading.Thread(target=self._work, args=(turn,), name=self._name, daemon=True)
            self._thread.start()

    def release(self) -> None:
        """Let the thread end by itself once it has finished what it is loading, which is dropped.

        Does not wait, and this object may be deleted at once. A further request starts another thread.
        """
        with self._condition:
            self._current = self._next = self._turn = None
            self._condition.notify_all()
        if self._thread is not None:
            _released[:] = [thread for thread in _released if thread.is_alive()]
            _released.append(self._thread)
            self._thread = None

    def stop(self) -> None:
        """End the thread, and wait for it. Calling it twice does no harm; a request starts another."""
        thread = self._thread
        self.release()
        if thread is not None:
            thread.join()

    def _work(self, turn: object) -> None:
        while (request := self._wait(turn)) is not None:
            try:
                for part in self._load(request):
                    if not self._hand_over(turn, request, part):
                        break
            except Exception as error:  # noqa: BLE001 - one thing must not cost the thread
                _log.exception("%s failed", self._name)
                self._hand_over(turn, request, self._apologize(request, error))
            del request

    def _wait(self, turn: object) -> object:
        """Return the next request; None once the thread is to end."""
        with self._condition:
            self._condition.wait_for(lambda: self._next is not None or self._turn is not turn)
            if self._turn is not turn:
                return None
            request, self._next = self._next, None
            return request

    def _hand_over(self, turn: object, request: object, part: object) -> bool:
        """Hand over a part, and return whether more of it is wanted."""
        with self._condition:  # whoever has released this object may delete it, so look and emit in one go
            if self._turn is not turn:
                return False
            self._made.emit(request, part)
            return request is self._current

    @Slot(object, object)
    def _deliver(self, request: object, part: object) -> None:
        if request is self._current:
            self.loaded.emit(part)


def wait_for_released() -> None:
    """Wait for the threads of loaders that have been released. Only when the program ends."""
    while _released:
        _released.pop().join()
