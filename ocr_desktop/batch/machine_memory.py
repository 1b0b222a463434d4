"""How much memory this machine has and how much of it is free, as far as this process may use it.

In a container the kernel allows less than the machine has; going over it ends processes without a word. So
the limit of the control group (cgroup, version 1 or 2) counts where there is one.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import Final

import msgspec
import psutil

_CGROUP_ROOT: Final = "/sys/fs/cgroup"
_OWN_CGROUPS: Final = "/proc/self/cgroup"


class MachineMemory(msgspec.Struct, frozen=True):
    """Memory in bytes."""

    total: int
    available: int
    """What can be had without others being pushed out: free memory, and caches that can be given up."""


MemorySource = Callable[[], MachineMemory]


def read_machine_memory() -> MachineMemory:
    """Return what there is now. Takes about a tenth of a millisecond."""
    machine = psutil.virtual_memory()
    memory = MachineMemory(machine.total, machine.available)
    return within_groups(memory) if sys.platform == "linux" else memory


def within_groups(
    machine: MachineMemory, *, root: str = _CGROUP_ROOT, own_groups: str = _OWN_CGROUPS
) -> MachineMemory:
    """Return what control groups leave of the machine's memory.

    Args:
        machine: What the whole machine has.
        root: The folder in which control groups are mounted.
        own_groups: The file that lists the groups of this process.
    """
    total, available = machine.total, machine.available
    for folder in _folders(root, own_groups):
        limit = _number(folder, "memory.max", "memory.limit_in_bytes")
        if limit is None or limit >= machine.total:  # version 1 says "none" as a very large number
            continue
        total = min(total, limit)
        used = _number(folder, "memory.current", "memory.usage_in_bytes")
        if used is not None:
            available = min(available, max(0, limit - used + _reclaimable(folder)))
    return MachineMemory(total, available)


def _folders(root: str, own_groups: str) -> Iterator[str]:
    """Yield the folder of this process's memory group and those around it, as far as they can be seen."""
    try:
        with open(own_groups, encoding="utf-8", errors="replace") as file:
            lines = file.read().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = [*line.split(":", 2), "", ""][:3]
        if controllers and "memory" not in controllers.split(","):
            continue
        base = os.path.join(root, "memory") if controllers else root
        parts = [part for part in path.split("/") if part not in {"", ".."}]
        # Inside a container the path may be that of the host, of which only the end is mounted, at the top.
        for length in range(len(parts), -1, -1):
            yield os.path.join(base, *parts[:length])


def _number(folder: str, *names: str) -> int | None:
    """Return the number in the first of the files that is there; None where none is, or it says ``max``."""
    for name in names:
        with contextlib.suppress(OSError, ValueError), open(os.path.join(folder, name), "rb") as file:
            return int(file.read())
    return None


def _reclaimable(folder: str) -> int:
    """Return the bytes of file cache that the group holds and would give up first."""
    with (
        contextlib.suppress(OSError, ValueError),
        open(os.path.join(folder, "memory.stat"), encoding="ascii") as file,
    ):
        figures = dict(line.split(" ", 1) for line in file)
        return int(figures.get("total_inactive_file", figures.get("inactive_file", "0")))
    return 0
