"""Killing: the parent alone, everything at once, single workers, and while a job is made."""

import contextlib
import random
import time
from collections.abc import Callable

import psutil
import pytest

from ocr_desktop.domain.states import ItemState, JobState
from tests.faults.campaign import REAL, Run, Scene, wait_until, wait_until_gone
from tests.faults.conftest import MakeScene
from tests.faults.invariants import check_counters, check_database, check_everything
from tests.faults.tally import Tally
from tests.integration.conftest import posix_only

pytestmark = posix_only
_READING = 0.5
"""Seconds after the first image of a run, at most, where it is to be killed while it reads."""

Kill = Callable[[Run, random.Random], None]

_OPTIONS: tuple[tuple[str, ...], ...] = (
    (),
    ("--overwrite", "overwrite"),
    ("--format", "json"),
    ("--format", "txt"),
    ("--chunk-size", "2"),
)

_IMAGES = 12
_KILLS_A_JOB = 4
_EARLIEST = 0.05
_LATEST = 2.2
"""Seconds after its start at which a run is killed: from the loading of the program to the last image."""


def kill_parent(run: Run, chance: random.Random) -> None:
    """Kill the parent; sometimes the job goes on before its workers have noticed."""
    workers = run.kill()
    if chance.random() < 0.5:
        wait_until_gone(workers)


def kill_all(run: Run, _chance: random.Random) -> None:
    """Kill the parent and its workers at once."""
    run.kill_all()


@pytest.mark.parametrize("kill", [kill_parent, kill_all])
def test_a_killed_run_goes_on(
    kill: Kill, make_scene: MakeScene, chance: random.Random, rounds: int, tally: Tally
) -> None:
    kills = 0
    while kills < rounds:
        scene = make_scene(_IMAGES)
        options = chance.choice(_OPTIONS)
        hits = _kill_again_and_again(scene, chance, kill, options, min(_KILLS_A_JOB, rounds - kills))
        scene.finish()
        again = check_everything(scene, harms=hits)
        kills += hits
        tally.add(kill.__name__.replace("_", " "), kills=hits, jobs=1, images=_IMAGES, read_again=again)


def test_a_killed_run_of_the_real_engine_goes_on(
    make_scene: MakeScene, chance: random.Random, rounds: int, tally: Tally
) -> None:
    for _ in range(max(1, rounds // 5)):
        scene = make_scene(6, engine=REAL)
        hits = _kill_again_and_again(scene, chance, chance.choice([kill_parent, kill_all]), (), 2)
        scene.finish()
        check_everything(scene, harms=hits)
        tally.add("killed, real engine", kills=hits, jobs=1, images=6)


def test_workers_that_are_killed_cost_nothing_but_their_attempt(
    make_scene: MakeScene, chance: random.Random, rounds: int, tally: Tally
) -> None:
    kills = 0
    while kills < rounds:
        scene = make_scene(_IMAGES)
        run = scene.start_run("--retries", "10")
        hits = _kill_workers(scene, run, chance, min(_KILLS_A_JOB, rounds - kills))
        assert run.wait() == 0, run.out + run.err
        # Each kill hits one worker, with one image.
        scene.workers = 1
        again = check_everything(scene, harms=hits)
        kills += hits
        tally.add("workers killed", kills=hits, jobs=1, images=_IMAGES, read_again=again)


def test_a_job_that_was_being_made_is_there_or_not(
    make_scene: MakeScene, chance: random.Random, rounds: int, tally: Tally
) -> None:
    """Killed while the list of jobs and a large job in it are made: all of the job is there, or none."""
    count = 4000
    scene = make_scene(0, engine="VERY_SLOW")
    scene.add_links(count)
    seen = 0
    longest = _seconds_to_make_a_job(scene) * 1.2
    for _ in range(rounds):
        run = scene.start_run()
        wait_until(run.has_opened_database, "the list of jobs is opened")
        run.ends_within(chance.uniform(longest / 4, longest))
        kill_all(run, chance)
        jobs = scene.jobs()
        tally.add("killed while a job is made", kills=1, jobs_made=len(jobs) - seen)
        seen = len(jobs)
        for job in jobs:
            records = scene.records(job.id)
            assert len(records) == count
            check_counters(scene, job, records)
            assert {record.state for record in records} <= {ItemState.PENDING, ItemState.PROCESSING}
            assert job.state in {JobState.QUEUED, JobState.PROCESSING, JobState.INTERRUPTED}
        if jobs:
            check_database(scene)
    if seen:
        _check_that_cancel_works(scene)


def _kill_again_and_again(
    scene: Scene, chance: random.Random, kill: Kill, options: tuple[str, ...], times: int
) -> int:
    """Kill the run, and what goes on with it, at random moments; return how often it was not over by then."""
    for hits in range(times):
        run = scene.go_on(*options)
        if _is_over_at_a_random_moment(scene, run, chance):
            assert run.wait() == 0, run.err
            return hits
        kill(run, chance)
        scene.note_settled()
    return times


def _seconds_to_make_a_job(scene: Scene) -> float:
    """Measure, from the opening of the list of jobs, how long this machine takes; the job stays."""
    run = scene.start_run()
    wait_until(run.has_opened_database, "the list of jobs is opened")
    begun = time.monotonic()
    wait_until(lambda: bool(scene.jobs()), "a job")
    seconds = time.monotonic() - begun
    run.kill_all()
    return seconds


def _is_over_at_a_random_moment(scene: Scene, run: Run, chance: random.Random) -> bool:
    """Wait for a moment: half of them at any time since the start, half while images are read."""
    if chance.random() < 0.5:
        return run.ends_within(chance.uniform(_EARLIEST, _LATEST))
    before = len(scene.trace())
    wait_until(lambda: run.is_over or len(scene.trace()) > before, "another image")
    return run.ends_within(chance.uniform(0, _READING))


def _kill_workers(scene: Scene, run: Run, chance: random.Random, times: int) -> int:
    hits = 0
    while hits < times and not run.ends_within(chance.uniform(0.1, 0.6)):
        # Those that have begun to read: three that die in a row before they are ready end a run, rightly.
        busy = {recognition.pid for recognition in scene.trace()}
        workers = [worker for worker in run.workers() if worker.pid in busy]
        if workers:
            with contextlib.suppress(psutil.NoSuchProcess):
                chance.choice(workers).kill()
                hits += 1
    return hits


def _check_that_cancel_works(scene: Scene) -> None:
    for job in scene.jobs():
        assert scene.start("jobs", "cancel", job.id).wait() == 0
    assert {job.state for job in scene.jobs()} == {JobState.CANCELLED}
    for job in scene.jobs():
        check_counters(scene, job, scene.records(job.id))
