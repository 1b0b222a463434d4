"""The process executor: isolated worker processes, each with at most one attempt at a time.

A worker that dies or exceeds the time limit costs the attempt that it had and nothing else: it is killed with
all that it started, what it left in the output folder is removed, and a new worker takes its place.
"""

import contextlib
import multiprocessing as mp
import multiprocessing.connection
import os
import secrets
import shutil
import signal
import tempfile
import threading
import time
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Final, Self

from ocr_desktop.batch.item_work import failed_attempt
from ocr_desktop.batch.process_tree import kill_tree
from ocr_desktop.batch.tasks import Attempt, Completion, ItemTask, WorkerSetup
from ocr_desktop.batch.worker_process import run_worker, sigint_held_back
from ocr_desktop.domain.errors import ItemError, ItemTimeoutError, WorkerLostError, WorkersBrokenError
from ocr_desktop.domain.naming import display_name
from ocr_desktop.services.atomic_files import remove_quietly
from ocr_desktop.services.result_saver import temporaries_of

_STARTUP_LIMIT: Final = 60.0
"""Seconds that a worker may take until it is ready."""
_FAILED_STARTS_LIMIT: Final = 3
"""So many workers in a row that never became ready mean that none will."""
_JOIN_LIMIT: Final = 5.0
"""Seconds to wait for a killed process to be gone; it takes milliseconds unless the machine is in trouble."""


class ProcessExecutor:
    """Worker processes, started with *spawn*: they share nothing with this process, nor with each other."""

    def __init__(self, setup: WorkerSetup, workers: int) -> None:
        """Plan for ``workers`` processes; they start when the context is entered."""
        self._setup = setup
        self._size = workers
        self._workers: list[_Worker] = []
        self._failed_starts = 0
        self._scratch = ""
        self._wake_in, self._wake_out = mp.Pipe(duplex=False)
        self._is_woken = threading.Event()

    def __enter__(self) -> Self:
        """Start all workers without waiting until they are ready.

        Raises:
            WorkersBrokenError: If the operating system refuses; nothing is left then.
        """
        try:
            self._scratch = tempfile.mkdtemp(prefix="ocr-desktop-")
            for _ in range(self._size):
                self._workers.append(_Worker(self._setup, self._scratch))
        except OSError as error:
            self._end()
            raise _cannot_start(error) from error
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
        for worker in self._workers:
            worker.kill()
        for worker in self._workers:
            worker.bury()
        self._workers = []
        self._wake_in.close()
        self._wake_out.close()
        if self._scratch:
            shutil.rmtree(self._scratch, ignore_errors=True)

    @property
    def idle(self) -> int:
        """Workers that are ready and have nothing to do."""
        return sum(worker.is_idle for worker in self._workers)

    @property
    def running(self) -> int:
        """Workers that have an attempt."""
        return sum(worker.task is not None for worker in self._workers)

    def submit(self, task: ItemTask) -> None:
        """Hand the attempt to an idle worker."""
        worker = next(worker for worker in self._workers if worker.is_idle)
        worker.begin(task, self._setup.options.timeout)

    def collect(self, timeout: float) -> list[Completion]:
        """Return finished attempts; replace workers that died or took too long."""
        by_connection = {worker.connection: worker for worker in self._workers}
        next_deadline = min(worker.deadline for worker in self._workers)
        patience = max(0.0, min(timeout, next_deadline - time.monotonic()))
        completions: list[Completion] = []
        for connection in mp.connection.wait([*by_connection, self._wake_in], patience):
            if connection is self._wake_in:
                self._wake_in.recv_bytes()
                self._is_woken.clear()
            else:
                completions += self._hear(by_connection[connection])  # type: ignore[index]
        return completions + self._enforce_deadlines()

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

    def _hear(self, worker: "_Worker") -> list[Completion]:
        try:
            message = worker.connection.recv()
        except (EOFError, OSError):
            return self._lose(worker)
        if isinstance(message, bytes):  # READY
            self._failed_starts = 0
            worker.become_ready()
            return []
        return [worker.finish(message)]

    def _lose(self, worker: "_Worker") -> list[Completion]:
        """Replace a worker that died."""
        task = worker.task
        exit_code = self._replace(worker)
        if task is None:
            return []
        error = WorkerLostError(
            f"The process that read “{display_name(task.item.path)}” ended unexpectedly ({_say(exit_code)}).",
            remedy="If it happens again, the image may be too large for the memory, or damaged.",
        )
        return [_completion(task, error, worker.seconds)]

    def _enforce_deadlines(self) -> list[Completion]:
        now = time.monotonic()
        late = [worker for worker in self._workers if worker.deadline <= now]
        completions: list[Completion] = []
        for worker in late:
            task = worker.task
            self._replace(worker)
            if task is not None:
                limit = self._setup.options.timeout
                error = ItemTimeoutError(
                    f"“{display_name(task.item.path)}” took longer than the time limit of {limit:g} s.",
                    remedy="Raise the time limit, or scale the image down.",
                )
                completions.append(_completion(task, error, worker.seconds))
        return completions

    def _replace(self, worker: "_Worker") -> int | None:
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
            raise WorkersBrokenError(
                f"Worker processes end before they can begin ({_say(exit_code)}).",
                remedy="Install the program again, or run “ocr-desktop doctor” to see what is missing.",
            )
        try:
            self._workers.append(_Worker(self._setup, self._scratch))
        except OSError as error:
            raise _cannot_start(error) from error
        return exit_code


class _Worker:
    """One worker process as its parent sees it."""

    def __init__(self, setup: WorkerSetup, scratch: str) -> None:
        context = mp.get_context("spawn")
        self.connection: Connection[ItemTask, Attempt | bytes]
        self.connection, theirs = context.Pipe()
        own_scratch = os.path.join(scratch, secrets.token_hex(4))
        self._process = context.Process(
            target=run_worker, args=(theirs, setup, own_scratch), name="ocr-desktop-worker", daemon=True
        )
        try:
            with sigint_held_back():
                self._process.start()
        except BaseException:
            self.connection.close()
            raise
        finally:
            theirs.close()
        self.task: ItemTask | None = None
        self.was_ready = False
        self._begun = time.monotonic()
        self.deadline = self._begun + _STARTUP_LIMIT

    @property
    def is_idle(self) -> bool:
        return self.was_ready and self.task is None

    @property
    def seconds(self) -> float:
        """Seconds since the attempt began."""
        return time.monotonic() - self._begun

    def become_ready(self) -> None:
        self.was_ready = True
        self.deadline = float("inf")

    def begin(self, task: ItemTask, limit: float) -> None:
        self.task = task
        self._begun = time.monotonic()
        self.deadline = self._begun + limit
        # If it died while it was idle, the next collect() finds out and reports the attempt.
        with contextlib.suppress(OSError):
            self.connection.send(task)

    def finish(self, attempt: Attempt) -> Completion:
        task = self.task
        assert task is not None, "an attempt nobody asked for"  # noqa: S101 - our own protocol
        self.task = None
        self.deadline = float("inf")
        return Completion(task, attempt)

    def kill(self) -> None:
        """Kill the process and all that it started, also where the process itself has died already."""
        if self._process.pid is not None:
            kill_tree(self._process.pid)

    def bury(self) -> int | None:
        """Wait until the process is gone, free what it held, and return its exit code."""
        self._process.join(_JOIN_LIMIT)
        exit_code = self._process.exitcode
        self.connection.close()
        if exit_code is not None:
            self._process.close()
        return exit_code


def _completion(task: ItemTask, error: ItemError, seconds: float) -> Completion:
    return Completion(task, failed_attempt(task, error, seconds))


def _cannot_start(error: OSError) -> WorkersBrokenError:
    return WorkersBrokenError(
        f"A worker process could not be started ({error.strerror or error}).",
        remedy="Use fewer workers (--jobs), or close other programs.",
    )


def _sweep(task: ItemTask) -> None:
    """Remove the temporary files of an attempt whose process was killed."""
    remove_quietly(temporaries_of(task.item.output_dir, task.token).values())


def _say(exit_code: int | None) -> str:
    if exit_code is None:
        return "it does not answer"
    if exit_code < 0:
        try:
            return f"signal {signal.Signals(-exit_code).name}"
        except ValueError:
            return f"signal {-exit_code}"
    return f"exit code {exit_code}"
