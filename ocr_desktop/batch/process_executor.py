"""The process executor: isolated worker processes, each with at most one attempt at a time.

A worker that dies, takes too long or takes too much memory costs the attempt that it had and nothing else: it
is killed with all that it started, what it left in the output folder is removed, and a new worker takes its
place. One that is worn out works on until its successor is ready.
"""

import contextlib
import multiprocessing as mp
import multiprocessing.connection
import shutil
import threading
import time
from types import TracebackType
from typing import Final, Self

from ocr_desktop.batch.machine_memory import MemorySource, read_machine_memory
from ocr_desktop.batch.memory import CeilingWatch, ScarcityWatch, worker_ceiling
from ocr_desktop.batch.process_tree import own_memory, tree_memory
from ocr_desktop.batch.scratch import make_scratch
from ocr_desktop.batch.tasks import Completion, ItemTask, WorkerSetup
from ocr_desktop.batch.worker_failures import (
    greedy_worker,
    late_worker,
    lost_worker,
    workers_cannot_start,
    workers_end_early,
)
from ocr_desktop.batch.worker_handle import WorkerHandle
from ocr_desktop.batch.worker_process import WORN
from ocr_desktop.services.atomic_files import remove_quietly
from ocr_desktop.services.result_saver import temporaries_of

_FAILED_STARTS_LIMIT: Final = 3
"""So many workers in a row that never became ready mean that none will."""
_FULL_SHARE: Final = 0.75
"""A worn worker that has filled so much of what it may use gets no further image; the image would fail."""


class ProcessExecutor:
    """Worker processes, started with *spawn*: they share nothing with this process, nor with each other."""

    def __init__(
        self, setup: WorkerSetup, workers: int, machine_memory: MemorySource = read_machine_memory
    ) -> None:
        """Plan for ``workers`` processes; they start when the context is entered."""
        self._setup = setup
        self._size = workers
        self._workers: list[WorkerHandle] = []
        self._retired: list[WorkerHandle] = []
        self._failed_starts = 0
        self._ceiling = worker_ceiling(
            setup.options.worker_memory, workers=workers, total=machine_memory().total
        )
        self._ceiling_watch = CeilingWatch(self._ceiling, tree_memory)
        self._scarcity_watch = ScarcityWatch(machine_memory)
        self._scratch = ""
        self._wake_in, self._wake_out = mp.Pipe(duplex=False)
        self._is_woken = threading.Event()

    def __enter__(self) -> Self:
        """Start all workers without waiting until they are ready.

        Raises:
            WorkersBrokenError: If the operating system refuses; nothing is left then.
        """
        try:
            self._scratch = make_scratch(self._setup.job_id)
            for _ in range(self._size):
                self._start_worker()
        except OSError as error:
            self._end()
            raise workers_cannot_start(error) from error
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Kill all workers and remove what they left."""
        self._end()

    def _end(self) -> None:
        workers = [*self._workers, *self._retired]
        for worker in workers:
            worker.kill()
        for worker in workers:
            worker.bury()
        self._workers, self._retired = [], []
        self._wake_in.close()
        self._wake_out.close()
        if self._scratch:
            shutil.rmtree(self._scratch, ignore_errors=True)

    @property
    def idle(self) -> int:
        """Attempts that may begin now; fewer than there are idle workers where memory is scarce."""
        running = self.running
        free = min(sum(map(self._is_free, self._workers)), self._size - running)
        if free > 0 and self._scarcity_watch.is_scarce:
            return 0 if running else 1  # one image always goes on
        return free

    @property
    def running(self) -> int:
        """Workers that have an attempt."""
        return sum(worker.task is not None for worker in self._workers)

    def submit(self, task: ItemTask) -> None:
        """Hand the attempt to an idle worker, a fresh one if there is one."""
        worker = min(filter(self._is_free, self._workers), key=lambda worker: worker.is_worn)
        worker.begin(task, self._setup.options.timeout)

    def collect(self, timeout: float) -> list[Completion]:
        """Return finished attempts; replace workers that died, took too long or took too much memory."""
        by_connection = {worker.connection: worker for worker in self._workers}
        completions: list[Completion] = []
        for connection in mp.connection.wait([*by_connection, self._wake_in], self._patience(timeout)):
            if connection is self._wake_in:
                self._wake_in.recv_bytes()
                self._is_woken.clear()
            else:
                completions += self._hear(by_connection[connection])  # type: ignore[index]
        completions += self._enforce_deadlines() + self._enforce_ceiling()
        self._renew()
        self._part_with_retired()
        return completions

    def abandon(self) -> list[ItemTask]:
        """Kill the workers that have an attempt; they are not replaced, as the run is about to end."""
        busy = [worker for worker in self._workers if worker.task is not None]
        tasks = [worker.task for worker in busy if worker.task is not None]
        for worker in busy:
            worker.kill()
        for worker in busy:
            worker.bury()
            self._workers.remove(worker)
        for task in tasks:
            _sweep(task)
        return tasks

    def wake(self) -> None:
        """Make :meth:`collect` return."""
        if self._is_woken.is_set():
            return
        self._is_woken.set()
        with contextlib.suppress(OSError):  # the run has ended meanwhile
            self._wake_out.send_bytes(b"!")

    def _start_worker(self) -> None:
        self._workers.append(WorkerHandle(self._setup, self._scratch, self._ceiling))

    def _is_free(self, worker: WorkerHandle) -> bool:
        if not worker.is_idle:
            return False
        return not worker.is_worn or own_memory(worker.pid) < self._ceiling * _FULL_SHARE

    def _patience(self, timeout: float) -> float:
        """Return how long to wait for workers before something else is to be looked after."""
        until_deadline = min(worker.deadline for worker in self._workers) - time.monotonic()
        until_look = self._ceiling_watch.rest if self.running else timeout
        return max(0.0, min(timeout, until_deadline, until_look))

    def _hear(self, worker: WorkerHandle) -> list[Completion]:
        try:
            message = worker.connection.recv()
        except (EOFError, OSError):
            return self._lose(worker)
        if message == WORN:
            worker.is_worn = True
        elif isinstance(message, bytes):  # READY
            self._failed_starts = 0
            worker.become_ready()
        else:
            return [worker.finish(message)]
        return []

    def _lose(self, worker: WorkerHandle) -> list[Completion]:
        """Replace a worker that died."""
        exit_code = self._replace(worker)
        return [lost_worker(worker.task, exit_code, worker.seconds)] if worker.task else []

    def _enforce_deadlines(self) -> list[Completion]:
        now = time.monotonic()
        completions: list[Completion] = []
        for worker in [worker for worker in self._workers if worker.deadline <= now]:
            self._replace(worker)
            if worker.task is not None:
                limit = self._setup.options.timeout
                completions.append(late_worker(worker.task, limit, worker.seconds))
        return completions

    def _enforce_ceiling(self) -> list[Completion]:
        completions: list[Completion] = []
        busy = {worker.pid: worker for worker in self._workers if worker.task is not None}
        for pid in self._ceiling_watch.find(busy):
            worker = busy[pid]
            self._replace(worker)
            if worker.task is not None:
                completions.append(
                    greedy_worker(worker.task, self._ceiling, worker.seconds, was_worn=worker.is_worn)
                )
        return completions

    def _replace(self, worker: WorkerHandle) -> int | None:
        """End a worker, put a new one in its place, and return the exit code of the old one.

        Raises:
            WorkersBrokenError: If several workers in a row ended before they were ready.
        """
        worker.kill()
        exit_code = worker.bury()
        if worker.task is not None:
            _sweep(worker.task)
        self._workers.remove(worker)
        if not worker.was_ready:
            self._failed_starts += 1
        if self._failed_starts >= _FAILED_STARTS_LIMIT:
            raise workers_end_early(exit_code)
        if len(self._workers) < self._size:  # else its successor is there already
            try:
                self._start_worker()
            except OSError as error:
                raise workers_cannot_start(error) from error
        return exit_code

    def _renew(self) -> None:
        """Go on with the replacement of worn workers: one at a time, so that memory is not taken twice."""
        worn = [worker for worker in self._workers if worker.is_worn]
        if not worn:
            return
        if len(self._workers) <= self._size:
            try:
                self._start_worker()
            except OSError:  # the old one can go on, and will say again that it is worn
                worn[0].is_worn = False
        elif all(worker.was_ready for worker in self._workers):
            for worker in [worker for worker in worn if worker.is_idle][:1]:
                self._workers.remove(worker)
                worker.retire()
                self._retired.append(worker)

    def _part_with_retired(self) -> None:
        """Bury retired workers that have ended, and end those that do not."""
        now = time.monotonic()
        for worker in [worker for worker in self._retired if worker.has_ended or worker.deadline <= now]:
            worker.kill()
            worker.bury()
            self._retired.remove(worker)


def _sweep(task: ItemTask) -> None:
    """Remove the temporary files of an attempt whose process was killed."""
    remove_quietly(temporaries_of(task.item.output_dir, task.token).values())
