"""The memory policy: ceilings, wear, scarcity, and what a control group leaves of the machine."""

from collections.abc import Collection
from pathlib import Path

import pytest

from ocr_desktop.batch.machine_memory import MachineMemory, read_machine_memory, within_groups
from ocr_desktop.batch.memory import CeilingWatch, ScarcityWatch, WearWatch, data_limit, worker_ceiling

MB = 1_000_000
GB = 1000 * MB


class Clock:
    """A time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("asked", "workers", "total", "ceiling"),
    [
        (300, 8, 64 * GB, 300 * MB),
        (None, 2, 16 * GB, 4 * GB),
        (None, 16, 16 * GB, 1024 * MB),
        (None, 1, 1 * GB, 1024 * MB),
    ],
)
def test_the_ceiling_is_a_share_of_the_memory_unless_it_is_given(
    asked: int | None, workers: int, total: int, ceiling: int
) -> None:
    assert worker_ceiling(asked, workers=workers, total=total) == ceiling


def test_the_operating_system_refuses_somewhat_later_than_we_do() -> None:
    assert data_limit(4000 * MB) == 5000 * MB
    assert data_limit(256 * MB) == 768 * MB


class Uses:
    """What processes use, as it is set; counts how often somebody asks."""

    def __init__(self) -> None:
        self.used: dict[int, int] = {}
        self.asked = 0

    def __call__(self, pids: Collection[int]) -> dict[int, int]:
        self.asked += 1
        return {pid: self.used[pid] for pid in pids}


def test_a_worker_over_the_ceiling_is_found_at_the_second_look() -> None:
    clock, uses = Clock(), Uses()
    watch = CeilingWatch(500 * MB, uses, clock)
    uses.used = {1: 400 * MB, 2: 501 * MB}
    assert watch.find({1, 2}) == set()
    assert 0 < watch.rest < 0.1, "the second look comes soon"
    clock.now += watch.rest
    assert watch.find({1, 2}) == {2}
    assert watch.rest == pytest.approx(0.2)


def test_a_worker_that_was_over_for_a_moment_only_is_spared() -> None:
    clock, uses = Clock(), Uses()
    watch = CeilingWatch(500 * MB, uses, clock)
    for used in (900, 400, 900, 400):
        uses.used = {1: used * MB}
        assert watch.find({1}) == set()
        clock.now += watch.rest


def test_workers_are_looked_at_about_five_times_a_second() -> None:
    clock, uses = Clock(), Uses()
    uses.used = {1: MB}
    watch = CeilingWatch(500 * MB, uses, clock)
    for _ in range(1000):
        watch.find({1})
        clock.now += 0.001
    assert 4 <= uses.asked <= 6


def test_where_looking_is_slow_it_is_done_more_rarely() -> None:
    work = Clock()
    used = MB

    def measure_slowly(pids: Collection[int]) -> dict[int, int]:
        work.now += 0.05
        return dict.fromkeys(pids, used)

    clock = Clock()
    watch = CeilingWatch(500 * MB, measure_slowly, clock, work)
    watch.find({1})
    assert watch.rest == pytest.approx(2.5)
    clock.now += watch.rest
    used = 501 * MB
    watch.find({1})
    assert watch.rest < 0.1, "but the second look comes soon"


def test_nobody_is_looked_at_while_nothing_runs() -> None:
    uses = Uses()
    assert CeilingWatch(500 * MB, uses, Clock()).find(set()) == set()
    assert uses.asked == 0


def _wear(*used: int, ceiling: int = 4 * GB, items_limit: int = 2000) -> list[bool]:
    clock = Clock()
    amounts = iter(used)
    watch = WearWatch(ceiling, lambda: next(amounts) * MB, items_limit=items_limit, clock=clock)
    worn = []
    for _ in used:
        worn.append(watch.note_item())
        clock.now += 1.0
    return worn


def test_a_worker_is_worn_after_so_many_items() -> None:
    assert _wear(80, 80, 80, 80, items_limit=3) == [False, False, True, True]


def test_a_worker_is_worn_when_it_has_grown_since_its_first_item() -> None:
    assert _wear(80, 200, 336, 337) == [False, False, False, True]


def test_a_large_page_whose_memory_was_given_back_does_not_wear() -> None:
    assert _wear(80, 90, 85, 80) == [False] * 4


def test_a_worker_whose_first_page_was_large_may_keep_what_that_took() -> None:
    assert _wear(600, 600, 610) == [False] * 3


def test_a_worker_with_a_low_ceiling_is_worn_at_half_of_it() -> None:
    assert _wear(80, 180, 181, 190, ceiling=200 * MB) == [False, False, True, True]


def test_a_worker_does_not_measure_itself_after_each_tiny_image() -> None:
    asked = 0

    def measure() -> int:
        nonlocal asked
        asked += 1
        return 80 * MB

    clock = Clock()
    watch = WearWatch(GB, measure, clock=clock)
    for _ in range(1000):
        watch.note_item()
        clock.now += 0.001
    assert asked <= 51


def _scarce(total: int, available: int) -> bool:
    return ScarcityWatch(lambda: MachineMemory(total, available), Clock()).is_scarce


def test_memory_is_scarce_below_256_mb_or_a_twentieth() -> None:
    assert _scarce(2 * GB, 255 * MB)
    assert not _scarce(2 * GB, 257 * MB)
    assert _scarce(20 * GB, 999 * MB)
    assert not _scarce(20 * GB, 1001 * MB)


def test_the_machine_is_asked_at_most_five_times_a_second() -> None:
    asked = 0
    available = 100 * MB

    def source() -> MachineMemory:
        nonlocal asked
        asked += 1
        return MachineMemory(8 * GB, available)

    clock = Clock()
    watch = ScarcityWatch(source, clock)
    for _ in range(1000):
        assert watch.is_scarce
        clock.now += 0.001
    assert asked <= 6
    available = 4 * GB
    clock.now += 0.3
    assert not watch.is_scarce


def test_this_machine_has_memory() -> None:
    memory = read_machine_memory()
    assert 0 < memory.available <= memory.total


MACHINE = MachineMemory(16 * GB, 12 * GB)


def _groups(tmp_path: Path, line: str, files: dict[str, str]) -> MachineMemory:
    own = tmp_path / "own"
    own.write_text(f"12:cpu,cpuacct:/elsewhere\n{line}\n", encoding="utf-8")
    for name, text in files.items():
        path = tmp_path / "root" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n", encoding="utf-8")
    return within_groups(MACHINE, root=str(tmp_path / "root"), own_groups=str(own))


def test_a_group_of_version_2_limits_what_there_is(tmp_path: Path) -> None:
    files = {
        "memory.max": "max",
        "jobs.slice/memory.max": str(2 * GB),
        "jobs.slice/memory.current": str(1500 * MB),
        "jobs.slice/memory.stat": f"anon {GB}\ninactive_file {300 * MB}\nfile {400 * MB}",
        "jobs.slice/run.scope/memory.max": "max",
    }
    memory = _groups(tmp_path, "0::/jobs.slice/run.scope", files)
    assert memory == MachineMemory(2 * GB, 800 * MB)


def test_a_group_of_version_1_limits_what_there_is(tmp_path: Path) -> None:
    files = {
        "memory/docker/abc/memory.limit_in_bytes": str(3 * GB),
        "memory/docker/abc/memory.usage_in_bytes": str(GB),
        "memory/docker/abc/memory.stat": f"inactive_file 5\ntotal_inactive_file {100 * MB}",
        "memory/docker/memory.limit_in_bytes": "9223372036854771712",
    }
    memory = _groups(tmp_path, "4:memory:/docker/abc", files)
    assert memory == MachineMemory(3 * GB, 2100 * MB)


def test_inside_a_container_the_group_lies_at_the_top(tmp_path: Path) -> None:
    files = {"memory.max": str(2 * GB), "memory.current": str(3 * GB)}
    assert _groups(tmp_path, "0::/docker/abc", files) == MachineMemory(2 * GB, 0)


@pytest.mark.parametrize("text", ["max", "9223372036854771712", "", "nonsense"])
def test_a_group_without_a_limit_leaves_all(tmp_path: Path, text: str) -> None:
    assert _groups(tmp_path, "0::/", {"memory.max": text, "memory.current": "5"}) == MACHINE


def test_without_groups_there_is_what_the_machine_has(tmp_path: Path) -> None:
    assert within_groups(MACHINE, root=str(tmp_path), own_groups=str(tmp_path / "none")) == MACHINE
