"""Real worker processes: what a crash, a hang or an exception costs, and that nothing outlives a run."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from ocr_desktop.domain.errors import WorkersBrokenError
from ocr_desktop.domain.events import Event, ItemFinished, ItemRequeued, ItemStarted
from ocr_desktop.domain.states import ItemState, JobState
from ocr_desktop.services.atomic_files import TEMPORARY_PREFIX
from ocr_desktop.services.engines.protocol import EngineSpec
from tests.conftest import MakeImages
from tests.fakes.engines import (
    ABORTING,
    CRASHING,
    DYING_AT_START,
    FAULTING,
    HANGING,
    HANGING_WITH_CHILD,
    NOOP,
    RAISING,
    SLOW,
    TRACE_VARIABLE,
    VERY_SLOW,
)
from tests.integration.conftest import posix_only
from tests.integration.worker_runs import Run, worker_pids


def test_every_image_is_read_and_announced_once(tmp_path: Path, make_images: MakeImages) -> None:
    run = Run(NOOP, make_images(tmp_path, 120), chunk_size=7)
    finished = run.run()
    assert finished.state is JobState.COMPLETED
    ended = [event.outcome.item_id for event in run.events if isinstance(event, ItemFinished)]
    assert sorted(ended) == list(range(120))
    assert run.started() == list(range(120))
    assert [event.sequence for event in run.events] == list(range(1, len(run.events) + 1))


def test_workers_do_not_idle_at_the_end_of_a_chunk(tmp_path: Path, make_images: MakeImages) -> None:
    """With chunks of one image two workers are busy at once only if the next chunk is begun in time."""
    run = Run(SLOW, make_images(tmp_path, 8), chunk_size=1)
    run.run()
    at_work, most = 0, 0
    for event in run.events:
        at_work += isinstance(event, ItemStarted) - isinstance(event, ItemFinished)
        most = max(most, at_work)
    assert most == 2


@pytest.mark.logs_errors
def test_a_worker_that_raises_costs_one_item(tmp_path: Path, make_images: MakeImages) -> None:
    run = Run(RAISING, make_images(tmp_path, 6, marked={2}))
    finished = run.run()
    assert finished.state is JobState.COMPLETED_WITH_ERRORS
    assert (finished.stats.completed, finished.stats.failed) == (5, 1)
    assert "stumbled" in run.outcome(2).error


@posix_only
def test_a_worker_that_is_killed_costs_one_item_after_its_retries(
    tmp_path: Path, make_images: MakeImages
) -> None:
    run = Run(CRASHING, make_images(tmp_path, 6, marked={2}), retries=2)
    finished = run.run()
    assert finished.state is JobState.COMPLETED_WITH_ERRORS
    assert (finished.stats.completed, finished.stats.failed) == (5, 1)
    outcome = run.outcome(2)
    assert (outcome.error_kind, outcome.attempts) == ("worker-lost", 3)
    assert "“scan 0002.png” was killed, by the system or by another program (SIGKILL)." in outcome.error
    assert "short of memory" in outcome.error
    requeued = [event.attempt for event in run.events if isinstance(event, ItemRequeued)]
    assert requeued == [1, 2]


@posix_only
def test_a_worker_killed_from_outside_gets_its_item_read_by_another(
    tmp_path: Path, make_images: MakeImages
) -> None:
    run = Run(SLOW, make_images(tmp_path, 12))
    run.start()
    run.wait_for_start(3)
    os.kill(worker_pids()[0], signal.SIGKILL)
    finished = run.finish()
    assert (finished.state, finished.stats.completed) == (JobState.COMPLETED, 12)


@posix_only
@pytest.mark.parametrize(
    ("engine", "words"),
    [
        (ABORTING, "gave up without saying why (SIGABRT)"),
        (FAULTING, "crashed (SIGSEGV)"),
    ],
)
def test_a_worker_that_crashes_costs_one_item(
    tmp_path: Path, make_images: MakeImages, engine: EngineSpec, words: str
) -> None:
    run = Run(engine, make_images(tmp_path, 4, marked={1}), retries=0)
    finished = run.run()
    assert (finished.stats.completed, finished.stats.failed) == (3, 1)
    outcome = run.outcome(1)
    assert outcome.error_kind == "worker-lost"
    assert f"The process that read “scan 0001.png” {words}." in outcome.error
    assert "the image may be damaged" in outcome.error


def test_a_worker_that_hangs_costs_one_item(tmp_path: Path, make_images: MakeImages) -> None:
    run = Run(HANGING, make_images(tmp_path, 6, marked={2}), timeout=1.0)
    finished = run.run()
    assert (finished.stats.completed, finished.stats.failed) == (5, 1)
    outcome = run.outcome(2)
    assert (outcome.error_kind, outcome.attempts) == ("timeout", 1)
    assert "time limit of 1 s." in outcome.error


@posix_only
def test_a_stopped_worker_is_found_by_the_time_limit(tmp_path: Path, make_images: MakeImages) -> None:
    run = Run(VERY_SLOW, make_images(tmp_path, 1), timeout=1.0)
    run.start()
    run.wait_for_start(1)
    for pid in worker_pids():
        os.kill(pid, signal.SIGSTOP)
    assert run.finish().stats.failed == 1


def test_the_time_limit_also_ends_what_the_worker_started(tmp_path: Path, make_images: MakeImages) -> None:
    run = Run(HANGING_WITH_CHILD, make_images(tmp_path, 3, marked={0}), timeout=1.0)
    assert run.run().stats.failed == 1
    assert worker_pids() == []


def test_pause_starts_nothing_after_it_returns(
    tmp_path: Path, make_images: MakeImages, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = tmp_path / "trace"
    monkeypatch.setenv(TRACE_VARIABLE, str(trace))
    run = Run(SLOW, make_images(tmp_path / "scans", 30), chunk_size=50)
    run.start()
    run.wait_for_start(5)
    assert run.app.jobs.pause(run.job.id)
    started = run.started()
    assert run.app.jobs.get(run.job.id).state is JobState.PAUSED
    time.sleep(0.8)  # long enough for five more images
    assert run.started() == started
    assert len(trace.read_text().splitlines()) == len(started)
    stats = run.app.jobs.get(run.job.id).stats
    assert (stats.processing, stats.completed) == (0, len(started))
    assert run.app.jobs.resume(run.job.id)
    finished = run.finish()
    assert (finished.state, finished.stats.completed) == (JobState.COMPLETED, 30)


def test_cancel_lets_short_items_finish_and_drops_the_rest(tmp_path: Path, make_images: MakeImages) -> None:
    run = Run(SLOW, make_images(tmp_path, 30))
    run.start()
    run.wait_for_start(4)
    assert run.app.jobs.cancel(run.job.id)
    started = run.started()
    finished = run.finish()
    assert run.started() == started
    assert finished.state is JobState.CANCELLED
    assert finished.stats.completed == len(started)
    assert finished.stats.cancelled == 30 - len(started)


@pytest.mark.parametrize("engine", [VERY_SLOW, HANGING_WITH_CHILD])
def test_cancel_kills_what_does_not_finish_within_two_seconds(
    tmp_path: Path, make_images: MakeImages, engine: EngineSpec
) -> None:
    run = Run(engine, make_images(tmp_path, 10, marked=set(range(10))))
    run.start()
    run.wait_for_start(2)
    time.sleep(0.3)  # let the engine start what it starts
    assert worker_pids()
    begun = time.monotonic()
    assert run.app.jobs.cancel(run.job.id)
    finished = run.finish()
    assert time.monotonic() - begun < 2.0
    assert worker_pids() == []
    assert (finished.state, finished.stats.cancelled) == (JobState.CANCELLED, 10)
    assert not list(tmp_path.glob(f"{TEMPORARY_PREFIX}*"))


def test_cancel_wins_over_a_retry(tmp_path: Path, make_images: MakeImages) -> None:
    """A job whose last item is to be tried again is not complete, and after a cancel never will be."""
    run = Run(CRASHING, make_images(tmp_path, 1, marked={0}), retries=10)
    requeued = threading.Event()

    def cancel(event: Event) -> None:
        if isinstance(event, ItemRequeued) and not requeued.is_set():
            requeued.set()
            run.app.jobs.cancel(run.job.id)

    run.app.jobs.subscribe(cancel)
    finished = run.run()
    assert (finished.state, finished.stats.cancelled) == (JobState.CANCELLED, 1)


def test_workers_that_cannot_start_end_the_run_with_a_reason(tmp_path: Path, make_images: MakeImages) -> None:
    run = Run(DYING_AT_START, make_images(tmp_path, 3))
    with pytest.raises(WorkersBrokenError, match="end before they can begin"):
        run.app.jobs.start(run.job.id)
    job = run.app.jobs.get(run.job.id)
    assert (job.state, job.stats.pending) == (JobState.INTERRUPTED, 3)
    assert run.app.jobs.items(run.job.id, states={ItemState.PROCESSING}) == []


def test_cancel_of_a_large_job_ends_the_workers_first(tmp_path: Path, make_images: MakeImages) -> None:
    (image,) = make_images(tmp_path, 1, marked={0})
    run = Run(VERY_SLOW, [image] * 20_000, chunk_size=1)
    run.start()
    run.wait_for_start(2)
    begun = time.monotonic()
    assert run.app.jobs.cancel(run.job.id)
    while worker_pids():
        assert time.monotonic() - begun < 4.0, "2 s are promised; this machine may be busy"
        time.sleep(0.02)
    finished = run.finish()
    assert (finished.state, finished.stats.cancelled) == (JobState.CANCELLED, 20_000)
