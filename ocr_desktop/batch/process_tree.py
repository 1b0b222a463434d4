"""A process together with everything that it started: what memory it uses, and how to end it."""

import contextlib
import os
import signal
from collections.abc import Collection

import psutil


def kill_tree(pid: int) -> None:
    """Kill a process, its children and theirs; processes that are gone already do no harm.

    On POSIX the group of that id is killed too: a worker leads one, and it also holds grandchildren whose
    parent has died. No other group can have the id as long as anything is left of the worker's.
    """
    # Children first: a process may end itself in this way.
    for process in reversed(_family(pid)):
        with contextlib.suppress(psutil.Error):
            if process.pid != pid:
                process.kill()
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(psutil.Error):
        psutil.Process(pid).kill()


def tree_memory(pids: Collection[int]) -> dict[int, int]:
    """Return the bytes in memory (RSS) of each of some children of this process, with all that they started.

    The table of processes is looked through once for all of them.
    """
    tops = {pid: pid for pid in pids}
    totals = dict.fromkeys(pids, 0)
    for process in _family(os.getpid())[1:]:  # parents come before their children
        with contextlib.suppress(psutil.Error):
            top = tops.get(process.pid) or tops.get(process.ppid())
            if top is not None:
                tops[process.pid] = top
                totals[top] += process.memory_info().rss
    return totals


def own_memory(pid: int) -> int:
    """Return the bytes in memory (RSS) of one process; 0 if it is gone."""
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def _family(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []
