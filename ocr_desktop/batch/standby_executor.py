"""The standby executor: workers that are called in when the first item needs one.

A run in which every image turns out to be read already starts no process at all.
"""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from ocr_desktop.batch.executor import Executor
from ocr_desktop.batch.tasks import Completion, ItemTask


class StandbyExecutor:
    """An executor that has no workers until :meth:`call_in`. For one thread, except :meth:`wake`."""

    def __init__(self, make: Callable[[], Executor]) -> None:
        """Plan to have the executor that ``make`` returns do the work."""
        self._make = make
        self._inner: Executor | None = None
        self._is_woken = threading.Event()

    def __enter__(self) -> Self:
        """Nothing starts yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End every worker."""
        if self._inner is not None:
            self._inner.__exit__(kind, error, traceback)

    @property
    def is_called_in(self) -> bool:
        """Whether there are workers."""
        return self._inner is not None

    def call_in(self) -> None:
        """Start the workers, if that has not been done.

        Raises:
            WorkersBrokenError: If the operating system refuses.
        """
        if self._inner is None:
            self._inner = self._make().__enter__()

    @property
    def idle(self) -> int:
        """How many attempts can be submitted now and begin at once."""
        return self._inner.idle if self._inner else 0

    @property
    def running(self) -> int:
        """How many attempts have been submitted and not been collected."""
        return self._inner.running if self._inner else 0

    def submit(self, task: ItemTask) -> None:
        """Begin an attempt on an idle worker; they have been called in."""
        assert self._inner is not None, "nobody has called the workers in"  # noqa: S101 - our own code
        self._inner.submit(task)

    def collect(self, timeout: float) -> list[Completion]:
        """Return the attempts that are over; without workers, just wait to be woken."""
        if self._inner is not None:
            return self._inner.collect(timeout)
        self._is_woken.wait(timeout)
        self._is_woken.clear()
        return []

    def abandon(self) -> list[ItemTask]:
        """Kill all attempts that are going on, remove what they left behind, and return them."""
        return self._inner.abandon() if self._inner else []

    def wake(self) -> None:
        """Make :meth:`collect` return soon. May be called from any thread."""
        self._is_woken.set()
        if self._inner is not None:
            self._inner.wake()
