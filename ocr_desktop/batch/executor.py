"""Executors: what carries out attempts. Serial, processes and (later) a cluster behave the same."""

from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self

from ocr_desktop.batch.tasks import Completion, ItemTask, WorkerSetup


class Executor(Protocol):
    """Carries out attempts, at most one for each of its workers. For one thread, except :meth:`wake`.

    Used as a context manager: leaving it ends every worker, at once and with all that they started.
    """

    def __enter__(self) -> Self:
        """Start the workers."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End every worker."""
        ...

    @property
    def idle(self) -> int:
        """How many attempts can be submitted now and begin at once."""
        ...

    @property
    def running(self) -> int:
        """How many attempts have been submitted and not been collected."""
        ...

    def submit(self, task: ItemTask) -> None:
        """Begin an attempt on an idle worker."""
        ...

    def collect(self, timeout: float) -> list[Completion]:
        """Return the attempts that are over, waiting up to ``timeout`` seconds for the first.

        Returns early, perhaps with nothing, when :meth:`wake` is called or a worker has become idle. A
        worker that died or took too long is replaced; its attempt comes back as a failed one.

        Raises:
            WorkersBrokenError: If workers cannot be started at all.
        """
        ...

    def abandon(self) -> list[ItemTask]:
        """Kill all attempts that are going on, remove what they left behind, and return them."""
        ...

    def wake(self) -> None:
        """Make :meth:`collect` return soon. May be called from any thread."""
        ...


ExecutorFactory = Callable[[WorkerSetup, int], Executor]
"""``(setup, workers)`` -> the executor for one run of a job."""
