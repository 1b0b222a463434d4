"""Several processes at one job or one folder: resumed twice, run twice, cancelled from elsewhere."""

import random
from collections import Counter

from ocr_desktop.domain.states import ItemState, JobState
from ocr_desktop.services.result_reader import read_result
from tests.faults.campaign import Run, Scene, wait_until
from tests.faults.conftest import MakeScene
from tests.faults.invariants import check_books, check_database, check_everything, check_files
from tests.faults.tally import Tally
from tests.integration.conftest import posix_only

pytestmark = posix_only

_IMAGES = 14


def test_one_job_is_resumed_by_one_process_only(
    make_scene: MakeScene, chance: random.Random, rounds: int, tally: Tally
) -> None:
    for _ in range(max(1, rounds // 3)):
        scene = make_scene(_IMAGES)
        run = scene.start_run()
        scene.wait_for_trace()
        run.kill_all()
        scene.note_settled()
        job = scene.jobs()[0]
        both = [scene.start("jobs", "resume", job.id, "--json") for _ in range(2)]
        assert sorted(run.wait() for run in both) == [0, 2], [run.err for run in both]
        refused = next(run for run in both if run.wait() == 2)
        assert job.id in refused.err
        again = check_everything(scene, harms=1)
        tally.add("two resume one job", runs=1, images=_IMAGES, read_again=again)


def test_two_runs_over_one_folder_both_end_well(
    make_scene: MakeScene, chance: random.Random, rounds: int, tally: Tally
) -> None:
    for number in range(max(1, rounds // 3)):
        overwrite = ("skip", "overwrite", "suffix")[(number + chance.randrange(3)) % 3]
        scene = make_scene(_IMAGES, engine="NOOP")
        both = [scene.start_run("--overwrite", overwrite) for _ in range(2)]
        assert [run.wait() for run in both] == [0, 0], [run.err + run.out for run in both]
        for job in scene.jobs():
            check_books(scene, job)
        check_database(scene)
        check_files(scene)
        named = Counter(read_result(path).source.name for path in scene.scans.glob("*.json"))
        times = 2 if overwrite == "suffix" else 1
        assert named == {path.name: times for path in scene.images}
        tally.add("two runs over one folder", runs=2, images=_IMAGES)


def test_a_cancel_from_elsewhere_ends_the_run(
    make_scene: MakeScene, chance: random.Random, rounds: int, tally: Tally
) -> None:
    for _ in range(rounds):
        scene = make_scene(_IMAGES)
        run = scene.start_run()
        wait_until(lambda: bool(scene.jobs()), "the job")  # noqa: B023 - called at once
        run.ends_within(chance.uniform(0, 1.2))
        job = scene.jobs()[0]
        assert scene.start("jobs", "cancel", job.id).wait() == 0
        exit_code = run.wait()
        _check_cancelled(scene, run, exit_code)
        tally.add("cancelled from elsewhere", runs=1, images=_IMAGES, cancelled=_cancelled(scene))


def _check_cancelled(scene: Scene, run: Run, exit_code: int) -> None:
    job = scene.jobs()[0]
    check_books(scene, job)
    check_database(scene)
    check_files(scene)
    if job.state is JobState.CANCELLED:
        # 2: it was cancelled before the run had begun, which then found nothing to start.
        assert exit_code in {130, 2}, (exit_code, run.err)
    else:
        assert exit_code == 0, run.err
        assert _cancelled(scene) == 0


def _cancelled(scene: Scene) -> int:
    records = scene.records(scene.jobs()[0].id)
    return sum(record.state is ItemState.CANCELLED for record in records)
