"""One worker process as its parent sees it."""

import contextlib
import multiprocessing as mp
import multiprocessing.connection
import os
import secrets
import time
from multiprocessing.connection import Connection
from typing import Final

from ocr_desktop.batch.process_tree import kill_tree
from ocr_desktop.batch.tasks import Attempt, Completion, ItemTask, WorkerSetup
from ocr_desktop.batch.worker_process import run_worker, sigint_held_back

_STARTUP_LIMIT: Final = 60.0
"""Seconds that a worker may take until it is ready."""
_RETIRE_LIMIT: Final = 5.0
"""Seconds that a worker may take to end in order."""
_JOIN_LIMIT: Final = 5.0
"""Seconds to wait for a killed process to be gone; it takes milliseconds unless the machine is in trouble."""


class WorkerHandle:
    """A worker process, what it is at, and until when. For one thread."""

    def __init__(self, setup: WorkerSetup, scratch: str, ceiling: int) -> None:
        """Start the process, without waiting until it is ready.

        Args:
            setup: What the job asks for.
            scratch: The folder of the run; the worker makes one of its own in it.
            ceiling: Bytes of memory that it may use.

        Raises:
            OSError: If the operating system refuses.
        """
        context = mp.get_context("spawn")
        self.connection: Connection[ItemTask, Attempt | bytes]
        self.connection, theirs = context.Pipe()
        own_scratch = os.path.join(scratch, secrets.token_hex(4))
        self._process = context.Process(
            target=run_worker,
            args=(theirs, setup, own_scratch, ceiling),
            name="ocr-desktop-worker",
            daemon=True,
        )
        try:
            with sigint_held_back():
                self._process.start()
        except BaseException:
            self.connection.close()
            raise
        finally:
            theirs.close()
        self.pid = self._process.pid or 0
        self.task: ItemTask | None = None
        self.was_ready = False
        self.is_worn = False
        """Whether a fresh worker should take its place."""
        self._begun = time.monotonic()
        self.deadline = self._begun + _STARTUP_LIMIT

    @property
    def is_idle(self) -> bool:
        """Whether it is ready and has nothing to do."""
        return self.was_ready and self.task is None

    @property
    def seconds(self) -> float:
        """Seconds since the attempt began."""
        return time.monotonic() - self._begun

    @property
    def has_ended(self) -> bool:
        """Whether the process is gone."""
        # Not is_alive(): it would free the id, and what the worker started may have to be killed by it.
        return bool(mp.connection.wait([self._process.sentinel], 0))

    def become_ready(self) -> None:
        """Note that it has said so."""
        self.was_ready = True
        self.deadline = float("inf")

    def begin(self, task: ItemTask, limit: float) -> None:
        """Hand it an attempt that may take ``limit`` seconds."""
        self.task = task
        self._begun = time.monotonic()
        self.deadline = self._begun + limit
        # If it died while it was idle, the next collect() finds out and reports the attempt.
        with contextlib.suppress(OSError):
            self.connection.send(task)

    def finish(self, attempt: Attempt) -> Completion:
        """Note that its attempt is over."""
        task = self.task
        assert task is not None, "an attempt nobody asked for"  # noqa: S101 - our own protocol
        self.task = None
        self.deadline = float("inf")
        return Completion(task, attempt)

    def retire(self) -> None:
        """Have it close its engine and end, by itself and in order."""
        self.connection.close()
        self.deadline = time.monotonic() + _RETIRE_LIMIT

    def kill(self) -> None:
        """Kill the process and all that it started, also where the process itself has died already."""
        if self.pid:
            kill_tree(self.pid)

    def bury(self) -> int | None:
        """Wait until the process is gone, free what it held, and return its exit code."""
        self._process.join(_JOIN_LIMIT)
        exit_code = self._process.exitcode
        self.connection.close()
        if exit_code is not None:
            self._process.close()
        return exit_code
