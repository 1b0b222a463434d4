"""Folders that go away during a run: that of the results, that of the images; and come back."""

import random
import shutil
from pathlib import Path

from ocr_desktop.domain.states import ItemState
from tests.faults.campaign import wait_until
from tests.faults.conftest import MakeScene
from tests.faults.invariants import check_books, check_everything, check_files
from tests.faults.tally import Tally
from tests.integration.conftest import posix_only

pytestmark = posix_only

_IMAGES = 12


def test_the_folder_of_the_results_is_renamed_and_comes_back(
    make_scene: MakeScene, chance: random.Random, rounds: int, tally: Tally
) -> None:
    for _ in range(max(1, rounds // 3)):
        scene = make_scene(_IMAGES)
        results = scene.keep_results_apart()
        run = scene.start_run()
        _wait_for_results(results, chance)
        away = results.with_name("away")
        results.rename(away)
        assert run.wait() in {0, 1, 5}, run.err
        assert "Traceback" not in run.err
        made_again = results.is_dir()
        if made_again:  # what was read meanwhile lies in a new folder of that name
            for path in results.iterdir():
                path.rename(away / path.name)
            results.rmdir()
        away.rename(results)
        scene.finish()
        assert scene.start_run().wait() == 0
        check_everything(scene, harms=1 if scene.job_state() else 0)
        tally.add("result folder renamed", runs=1, images=_IMAGES)


def test_the_folder_of_the_results_is_removed(
    make_scene: MakeScene, chance: random.Random, rounds: int, tally: Tally
) -> None:
    for _ in range(max(1, rounds // 3)):
        scene = make_scene(_IMAGES)
        results = scene.keep_results_apart()
        run = scene.start_run()
        _wait_for_results(results, chance)
        shutil.rmtree(results, ignore_errors=True)
        assert run.wait() in {0, 1, 5}, run.err
        assert "Traceback" not in run.err
        results.mkdir(exist_ok=True)
        scene.finish()
        for job in scene.jobs():
            check_books(scene, job)
        # What had been read was removed by somebody: a further run reads that, and only that, again.
        assert scene.start_run().wait() == 0
        assert len(list(results.glob("*.json"))) == _IMAGES
        tally.add("result folder removed", runs=1, images=_IMAGES)


def test_the_folder_of_the_images_goes_away(
    make_scene: MakeScene, chance: random.Random, rounds: int, tally: Tally
) -> None:
    for _ in range(max(1, rounds // 3)):
        scene = make_scene(_IMAGES)
        run = scene.start_run()
        _wait_for_results(scene.scans, chance)
        away = scene.scans.with_name("away")
        scene.scans.rename(away)
        exit_code = run.wait()
        assert exit_code != 0, "nobody said that images are missing"
        assert "Traceback" not in run.err
        if scene.scans.exists():
            left = [str(path) for path in scene.scans.rglob("*")]
            assert not left, f"made in a folder that is gone: {left}"
            scene.scans.rmdir()
        away.rename(scene.scans)
        scene.finish()
        (job,) = scene.jobs()  # the same one was resumed
        failed = sum(record.state is ItemState.FAILED for record in check_books(scene, job))
        assert failed == 0, "it is not the images' fault"
        check_files(scene)
        assert len(list(scene.scans.glob("*.json"))) == _IMAGES
        tally.add("image folder away", runs=1, images=_IMAGES, failed=failed)


def _wait_for_results(folder: Path, chance: random.Random) -> None:
    count = chance.randint(1, 4)
    wait_until(lambda: len(list(folder.glob("*.json"))) >= count, "the first results")
