"""The worker process: reads one image after another until its pipe closes.

It leads a process group of its own, so that everything it starts can be killed with it, and it ends by itself
when its parent is gone.
"""

import contextlib
import ctypes
import multiprocessing as mp
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait

import psutil

if sys.platform != "win32":
    import resource

from ocr_desktop.batch.item_work import Workbench, process_item
from ocr_desktop.batch.memory import WearWatch, data_limit
from ocr_desktop.batch.process_tree import kill_tree
from ocr_desktop.batch.tasks import Attempt, ItemTask, WorkerSetup

READY = b"ready"
"""A worker's first message."""
WORN = b"worn"
"""Says that a fresh worker should take over; follows an attempt, and again each further one."""


def run_worker(
    connection: "Connection[Attempt | bytes, ItemTask]", setup: WorkerSetup, scratch: str, ceiling: int
) -> None:
    """Serve attempts until the parent closes the pipe. The entry point of a spawned process.

    Args:
        connection: Tasks come in, attempts go out.
        setup: What the job asks for.
        scratch: A folder of this worker's own for temporary files; the parent removes it.
        ceiling: Bytes of memory that it may use; the parent sees to that, the operating system to the worst.
    """
    _isolate(scratch)
    _limit_memory(ceiling)
    bench = Workbench(setup)
    wear = WearWatch(ceiling, _memory_in_use)
    with contextlib.suppress(EOFError, OSError):  # the parent closed the pipe, or is gone
        connection.send(READY)
        while True:
            connection.send(process_item(connection.recv(), bench))
            _give_memory_back()
            if wear.note_item():
                connection.send(WORN)
    bench.close()
    _remove(scratch)


@contextlib.contextmanager
def sigint_held_back() -> Iterator[None]:
    """Have processes that are started meanwhile not notice Ctrl-C until they have decided to ignore it.

    A terminal sends it to the whole group, also to workers that are still loading. Windows has no such mask.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # Started with the first worker if need be, and then lets the signal through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _isolate(scratch: str) -> None:
    # One thread a worker: measured on two cores, 40 receipts took 124 s without and 31 s with the limit. It
    # counts because libraries with OpenMP are loaded only when an engine is opened.
    os.environ["OMP_THREAD_LIMIT"] = "1"
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # see sigint_held_back()
    if hasattr(os, "setsid"):
        with contextlib.suppress(PermissionError):
            os.setsid()
    _step_back()
    os.makedirs(scratch, exist_ok=True)
    tempfile.tempdir = scratch
    os.environ["TMPDIR"] = scratch
    _silence_libraries()
    threading.Thread(target=_die_with_parent, args=(scratch,), name="parent-watch", daemon=True).start()


def _limit_memory(ceiling: int) -> None:
    """Have a huge allocation fail at once, in this process and in what it starts, where the system can."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError, ValueError):
            limit, highest = data_limit(ceiling), resource.getrlimit(resource.RLIMIT_DATA)[1]
            if highest == resource.RLIM_INFINITY or limit < highest:
                resource.setrlimit(resource.RLIMIT_DATA, (limit, highest))


def _step_back() -> None:
    """Let the window, and whatever else the user does meanwhile, go first where processors are scarce."""
    with contextlib.suppress(psutil.Error, OSError):
        if sys.platform == "win32":
            psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            os.nice(5)


def _silence_libraries() -> None:
    """Send what native libraries print about single images nowhere; reasons travel as item errors."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # a windowed program on Windows has none
            stream.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    if nowhere not in {1, 2}:
        os.close(nowhere)


def _give_memory_back() -> None:
    """Return freed memory to the system, where the C library (glibc) would rather keep it for itself.

    Pages differ much in size; without this, what the largest one took stays taken.
    """
    if _malloc_trim is not None:
        _malloc_trim(0)


def _memory_in_use() -> int:
    return int(psutil.Process().memory_info().rss)


def _find_malloc_trim() -> Callable[[int], int] | None:
    if sys.platform != "linux":
        return None
    trim: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return trim


_malloc_trim = _find_malloc_trim()


def _die_with_parent(scratch: str) -> None:
    parent = mp.parent_process()
    if parent is None:
        return
    wait([parent.sentinel])
    _remove(scratch)
    kill_tree(os.getpid())
    os._exit(1)


def _remove(scratch: str) -> None:
    """Remove this worker's scratch folder; the last worker to go takes the run's folder with it."""
    shutil.rmtree(scratch, ignore_errors=True)
    with contextlib.suppress(OSError):
        os.rmdir(os.path.dirname(scratch))
