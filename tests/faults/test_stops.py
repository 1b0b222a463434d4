"""Stopped processes: a worker that stands still, a program that is put to sleep; and a clock that jumps."""

import os
import random
import signal
import time

import psutil

from ocr_desktop.domain.states import ItemState, JobState
from tests.faults.campaign import Run
from tests.faults.conftest import MakeScene
from tests.faults.invariants import check_books, check_everything
from tests.faults.tally import Tally
from tests.integration.conftest import posix_only

pytestmark = posix_only

_IMAGES = 10
_LIMIT = 2.0
"""Seconds that an image may take, where a worker is stopped for longer."""


def test_a_worker_that_stands_still_costs_its_image_only(
    make_scene: MakeScene, chance: random.Random, rounds: int, tally: Tally
) -> None:
    for _ in range(max(1, rounds // 3)):
        scene = make_scene(_IMAGES)
        run = scene.start_run("--timeout", str(_LIMIT))
        scene.wait_for_trace()
        stopped = _stop_a_worker(run, chance)
        assert run.wait() in {0, 1}, run.err
        assert not psutil.pid_exists(stopped), "the stopped worker was left behind"
        again = check_everything(scene, harms=1, may_fail=True)
        failed = [r for r in check_books(scene, scene.jobs()[0]) if r.state is ItemState.FAILED]
        assert len(failed) <= 1
        for record in failed:
            assert record.outcome is not None
            assert record.outcome.error_kind == "timeout"
            assert "time limit" in record.outcome.error
        tally.add("workers stopped", runs=1, images=_IMAGES, failed=len(failed), read_again=again)


def test_a_program_that_sleeps_goes_on_where_it_was(
    make_scene: MakeScene, chance: random.Random, rounds: int, tally: Tally
) -> None:
    for _ in range(max(1, rounds // 3)):
        scene = make_scene(_IMAGES)
        run = scene.start_run("--timeout", str(_LIMIT))
        scene.wait_for_trace()
        time.sleep(chance.uniform(0, 0.3))
        run.send(signal.SIGSTOP)
        # Longer than the time limit of what is in flight: that was read meanwhile, and is no failure.
        time.sleep(_LIMIT + 0.3)
        run.send(signal.SIGCONT)
        assert run.wait() == 0, run.err
        assert check_everything(scene, harms=0) == 0
        tally.add("program stopped and continued", runs=1, images=_IMAGES)


def test_the_clock_jumps_back(
    make_scene: MakeScene, chance: random.Random, rounds: int, tally: Tally
) -> None:
    for number in range(max(1, rounds // 3)):
        scene = make_scene(_IMAGES)
        jump = {"OCR_DESKTOP_TEST_JUMP": str(chance.uniform(0.2, 1.8))}
        run = scene.start_run(shim="clock_back", **jump)
        harms = number % 2
        if harms:  # killed after the jump, and resumed by a process whose clock is right again
            if not run.ends_within(1.9):
                run.kill_all()
            scene.note_settled()
            scene.finish()
        else:
            assert run.wait() == 0, run.err
        again = check_everything(scene, harms=harms)
        tally.add("clock back by a day", runs=1, kills=harms, images=_IMAGES, read_again=again)


def test_results_from_the_future_count_as_read(make_scene: MakeScene, tally: Tally) -> None:
    """A run after the clock was put back skips what was read while it was a day ahead."""
    scene = make_scene(4, engine="NOOP")
    assert scene.start_run().wait() == 0
    assert scene.start_run(shim="clock_back", OCR_DESKTOP_TEST_JUMP="0").wait() == 0
    states = {job.state for job in scene.jobs()}
    assert states == {JobState.COMPLETED}
    assert check_everything(scene, harms=0) == 0
    tally.add("clock back by a day", runs=2, images=4)


def _stop_a_worker(run: Run, chance: random.Random) -> int:
    worker = chance.choice(run.workers())
    os.kill(worker.pid, signal.SIGSTOP)
    return worker.pid
