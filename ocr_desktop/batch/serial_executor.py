"""The serial executor: one attempt at a time, in this process. For tests and for debugging."""

from types import TracebackType
from typing import Self

from ocr_desktop.batch.item_work import Workbench, process_item
from ocr_desktop.batch.tasks import Completion, ItemTask, WorkerSetup


class SerialExecutor:
    """Carries out an attempt when it is collected. It cannot survive a crash or end a hang."""

    def __init__(self, setup: WorkerSetup, workers: int = 1) -> None:  # noqa: ARG002 - there is only this one
        """Work as ``setup`` says."""
        self._bench = Workbench(setup)
        self._waiting: list[ItemTask] = []

    def __enter__(self) -> Self:
        """Nothing has to be started."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Free the engine."""
        self._bench.close()

    @property
    def idle(self) -> int:
        """One, unless an attempt waits to be collected."""
        return 1 - len(self._waiting)

    @property
    def running(self) -> int:
        """One, if an attempt waits to be collected."""
        return len(self._waiting)

    def submit(self, task: ItemTask) -> None:
        """Keep the attempt for :meth:`collect`."""
        self._waiting.append(task)

    def collect(self, timeout: float) -> list[Completion]:  # noqa: ARG002 - an attempt runs to its end
        """Carry out the attempt that waits."""
        tasks, self._waiting = self._waiting, []
        return [Completion(task, process_item(task, self._bench)) for task in tasks]

    def abandon(self) -> list[ItemTask]:
        """Drop the attempt that waits."""
        tasks, self._waiting = self._waiting, []
        return tasks

    def wake(self) -> None:
        """Nothing waits."""
