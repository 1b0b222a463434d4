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
    family = _family(pid)
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
    for process in family:
        with contextlib.suppress(psutil.Error):
            process.kill()


def _family(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []
