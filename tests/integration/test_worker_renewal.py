"""Workers that are worn out are replaced while the work goes on."""

from pathlib import Path

import pytest

from ocr_desktop.batch import worker_handle
from ocr_desktop.domain.events import Event, ItemFinished
from ocr_desktop.domain.states import JobState
from tests.conftest import MakeImages
from tests.fakes.engines import LEAKING, LEAKING_STUBBORN, NOOP, TRACE_VARIABLE
from tests.integration.worker_runs import Run, worker_pids


class Roll:
    """Calls the roll of worker processes whenever an item has ended."""

    def __init__(self, run: Run, every: int = 1) -> None:
        self.called: list[set[int]] = []
        self._every = every
        run.app.jobs.subscribe(self._hear)

    def _hear(self, event: Event) -> None:
        if isinstance(event, ItemFinished) and event.outcome.item_id % self._every == 0:
            self.called.append(set(worker_pids()))


def readers(trace: Path) -> list[str]:
    """Ids of the processes that have read, in the order of the images."""
    return [line.split()[2] for line in trace.read_text().splitlines()]


@pytest.fixture
def trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "trace"
    monkeypatch.setenv(TRACE_VARIABLE, str(path))
    return path


def test_a_worker_is_replaced_after_2000_images(tmp_path: Path, make_images: MakeImages, trace: Path) -> None:
    (image,) = make_images(tmp_path / "scans", 1)
    run = Run(NOOP, [image] * 2400, jobs=1, overwrite="overwrite", formats=("json",))
    roll = Roll(run, every=20)
    finished = run.run()
    assert (finished.state, finished.stats.completed) == (JobState.COMPLETED, 2400)
    order = readers(trace)
    assert len(order) == 2400
    assert len(set(order)) == 2
    assert order.index(order[-1]) >= 2000, "the second began to read too early"
    assert 2 in {len(pids) for pids in roll.called}, "the first was let go before the second was there"
    assert max(len(pids) for pids in roll.called) == 2


def test_a_worker_that_keeps_memory_is_replaced_before_it_fails(
    tmp_path: Path, make_images: MakeImages, trace: Path
) -> None:
    """It keeps 10 MB of each image: far more than one worker may use, if it were to read them all."""
    run = Run(LEAKING, make_images(tmp_path / "scans", 90), jobs=1, worker_memory=400, retries=0)
    finished = run.run()
    assert (finished.state, finished.stats.completed) == (JobState.COMPLETED, 90)
    order = readers(trace)
    assert 2 <= len(set(order)) <= 6
    assert order.index(order[-1]) == len(order) - order[::-1].index(order[-1]) - order.count(order[-1])


def test_a_retired_worker_that_does_not_end_is_killed(
    tmp_path: Path, make_images: MakeImages, trace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_handle, "_RETIRE_LIMIT", 0.3)
    run = Run(LEAKING_STUBBORN, make_images(tmp_path / "scans", 90), jobs=1, worker_memory=256)
    roll = Roll(run)
    finished = run.run()
    assert finished.stats.completed == 90
    first = int(readers(trace)[0])
    assert first in roll.called[0]
    assert first not in roll.called[-1]
    assert worker_pids() == []
