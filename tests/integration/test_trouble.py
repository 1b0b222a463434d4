"""What no image can help stops a run in the terminal with a reason, and a resume reads everything."""

import json
from pathlib import Path

import pytest

from tests.conftest import MakeImages
from tests.fakes.engines import BROKEN_VARIABLE
from tests.integration.conftest import run_fake


def test_a_broken_engine_stops_the_run_and_a_resume_reads_everything(
    tmp_path: Path, make_images: MakeImages, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken"
    broken.touch()
    monkeypatch.setenv(BROKEN_VARIABLE, str(broken))
    make_images(tmp_path / "scans", 30)

    stopped = run_fake("BREAKABLE", "run", tmp_path / "scans")
    assert stopped.returncode == 130
    assert "Stopped after 0 of 30. 10 images in a row could not be read." in stopped.stdout
    assert "The engine is broken." in stopped.stdout
    assert "To go on: ocr-desktop jobs resume batch_" in stopped.stdout

    broken.unlink()
    job_id = stopped.stdout.rsplit(maxsplit=1)[-1]
    resumed = run_fake("BREAKABLE", "jobs", "resume", job_id, "--json")
    assert resumed.returncode == 0
    assert json.loads(resumed.stdout)["stats"]["completed"] == 30


def test_a_few_bad_images_stop_nothing(tmp_path: Path, make_images: MakeImages) -> None:
    make_images(tmp_path, 20, marked={3, 4, 5, 6, 7, 8, 9, 10})
    finished = run_fake("GIVING_UP", "run", tmp_path, "--json")
    assert finished.returncode == 1
    stats = json.loads(finished.stdout)["stats"]
    assert (stats["completed"], stats["failed"]) == (12, 8)


def test_a_job_with_many_bad_images_comes_to_an_end(tmp_path: Path, make_images: MakeImages) -> None:
    make_images(tmp_path, 20, marked=set(range(12)))
    stopped = run_fake("GIVING_UP", "run", tmp_path)
    assert stopped.returncode == 130
    job_id = stopped.stdout.rsplit(maxsplit=1)[-1]
    resumed = run_fake("GIVING_UP", "jobs", "resume", job_id, "--json")
    assert resumed.returncode == 1
    stats = json.loads(resumed.stdout)["stats"]
    assert (stats["completed"], stats["failed"]) == (8, 12)
