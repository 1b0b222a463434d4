"""Job control: pause, resume, cancel and interrupt a running job from any thread.

Every item is started inside :meth:`JobControl.gate`, and every order takes the same lock. So once ``pause()``
or ``cancel()`` has returned, no further item starts: there is no moment between looking and starting.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Final

from ocr_desktop.domain.jobs import Trouble
from ocr_desktop.domain.states import JobState

_COURTESY: Final = 1.0
"""Seconds to let orders go first, at most: one that is broken off must not hold up the job."""

StateListener = Callable[[JobState, Trouble | None], None]
"""Told that the job is paused, and why where it paused by itself, or processing again."""


class Order(StrEnum):
    """What the user wants of a running job."""

    GO = "go"
    PAUSE = "pause"
    CANCEL = "cancel"
    """Drop what has not been started."""
    INTERRUPT = "interrupt"
    """Stop for now: what has not been read waits for a resume."""


class JobControl:
    """The orders to one running job. All methods may be called from any thread."""

    def __init__(self, on_state: StateListener = lambda _state, _trouble: None) -> None:
        """Start with ``GO``.

        Args:
            on_state: Told, under the lock, that the job is now paused or processing again.
        """
        self._lock = threading.Condition()  # over a lock that the same thread may take again
        self._waiting: deque[Order] = deque()
        self._order = Order.GO
        self._ended = False
        self._on_state = on_state
        self._wake: Callable[[], None] = lambda: None

    @property
    def order(self) -> Order:
        """The order in force."""
        return self._order

    @property
    def stops(self) -> bool:
        """Whether the job is to stop, for good or for now."""
        return self._order in {Order.CANCEL, Order.INTERRUPT}

    def attach(self, wake: Callable[[], None]) -> None:
        """Set what is called after each order, so that the processor looks at it at once."""
        with self._lock:
            self._wake = wake

    def pause(self) -> bool:
        """Hold back the next item. Returns whether the job is paused now by this call."""
        return self._give(Order.PAUSE, only_from={Order.GO}, state=JobState.PAUSED)

    def halt(self, trouble: Trouble) -> bool:
        """Pause because of ``trouble``. Returns whether the job is paused now by this call."""
        return self._give(Order.PAUSE, only_from={Order.GO}, state=JobState.PAUSED, trouble=trouble)

    def resume(self) -> bool:
        """Go on after a pause. Returns whether the job goes on by this call."""
        return self._give(Order.GO, only_from={Order.PAUSE}, state=JobState.PROCESSING)

    def cancel(self) -> bool:
        """Drop everything that has not been started. Returns whether the job is being cancelled."""
        return self._give(Order.CANCEL, only_from={Order.GO, Order.PAUSE, Order.INTERRUPT})

    def interrupt(self) -> bool:
        """Stop so that the job can be resumed later. Returns whether it is being stopped."""
        return self._give(Order.INTERRUPT, only_from={Order.GO, Order.PAUSE})

    @contextmanager
    def gate(self) -> Iterator[bool]:
        """Hold the lock; gives whether an item may be started now.

        Orders that wait for the lock go first: who takes it again and again would else keep them out.
        """
        with self._lock:
            self._lock.wait_for(lambda: not self._waiting, _COURTESY)
            yield self._order is Order.GO and not self._ended

    @contextmanager
    def ending(self) -> Iterator[Order]:
        """Hold the lock while the job ends; afterwards every order is refused. Gives the last order."""
        with self._lock:
            self._ended = True
            yield self._order

    def _give(
        self,
        order: Order,
        *,
        only_from: set[Order],
        state: JobState | None = None,
        trouble: Trouble | None = None,
    ) -> bool:
        self._waiting.append(order)
        with self._lock:
            self._waiting.pop()
            self._lock.notify_all()
            if self._ended or self._order not in only_from:
                return False
            self._order = order
            if state is not None:
                self._on_state(state, trouble)
            self._wake()
            return True
