"""Ends a process together with everything that it started."""

import contextlib
import os
import signal

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


def _family(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []
