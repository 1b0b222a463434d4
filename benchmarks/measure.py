"""Runs a command and measures it with everything that it starts: wall time, CPU time, peak memory."""

import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import msgspec
import psutil

if sys.platform != "win32":
    import resource

_SAMPLING = 0.2
"""Seconds between two looks at the memory."""


class Measurement(msgspec.Struct, frozen=True, kw_only=True):
    """What one run of a command took."""

    seconds: float
    """Wall time."""
    cpu_seconds: float | None
    """User and system time of the whole process tree; None on Windows."""
    peak_megabytes: float
    """Highest sum over the process tree, see :func:`tree_megabytes`."""
    output: str
    """What the command wrote to stdout."""


class CommandFailedError(Exception):
    """A command that was to be measured ended with an exit code other than 0."""


def measure(
    command: Sequence[str], *, env: Mapping[str, str], log: Path, stdin: bytes | None = None
) -> Measurement:
    """Run ``command`` to its end and return what it took.

    Only for one command at a time: CPU time is that of all children that ended meanwhile.

    Args:
        command: The program and its arguments.
        env: Its whole environment.
        log: File that takes its stderr.
        stdin: What it reads from stdin.

    Raises:
        CommandFailedError: If it fails; the message has the end of its stderr.
    """
    cpu_before = _children_cpu()
    began = time.perf_counter()
    with (
        log.open("wb") as stderr,
        subprocess.Popen(
            command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr
        ) as process,
    ):
        with _MemoryWatch(process.pid) as watch:
            output, _ = process.communicate(stdin)
        seconds = time.perf_counter() - began
    if process.returncode != 0:
        tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise CommandFailedError(f"{command[0]} ended with exit code {process.returncode}:\n{tail}")
    cpu_after = _children_cpu()
    return Measurement(
        seconds=seconds,
        cpu_seconds=None if cpu_before is None or cpu_after is None else cpu_after - cpu_before,
        peak_megabytes=watch.peak,
        output=output.decode("utf-8", "replace"),
    )


def tree_megabytes(pid: int) -> float:
    """Return the memory of a process and its descendants in MB.

    Shared pages are counted once in all (PSS) where the platform tells (Linux); elsewhere each process counts
    what it has in memory (RSS), shared or not.
    """
    try:
        root = psutil.Process(pid)
        processes = [root, *root.children(recursive=True)]
    except psutil.Error:
        return 0.0
    return sum(_bytes_of(process) for process in processes) / 1e6


def _bytes_of(process: psutil.Process) -> int:
    try:
        memory = process.memory_full_info()
    except (psutil.Error, OSError):  # it ended meanwhile
        return 0
    return int(getattr(memory, "pss", 0) or memory.rss)


class _MemoryWatch:
    """Looks at the memory of a process tree again and again, on a thread of its own."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="memory-watch")
        self.peak = 0.0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(_SAMPLING):
            self.peak = max(self.peak, tree_megabytes(self._pid))


def _children_cpu() -> float | None:
    if sys.platform == "win32":
        return None
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
