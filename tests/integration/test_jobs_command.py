"""Jobs that outlive their process: killed, resumed, cancelled from elsewhere, deleted."""

import json
import re
import subprocess
import time
from pathlib import Path

import psutil

from ocr_desktop.services.result_reader import read_result
from tests.conftest import MakeImages
from tests.integration.conftest import PROJECT, command_line_with_fake, posix_only, run_fake


def run(*arguments: str | Path, engine: str = "SLOW") -> "subprocess.CompletedProcess[str]":
    return run_fake(engine, *arguments)


def jobs(*arguments: str) -> dict[str, object]:
    done = run("jobs", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def only_job() -> tuple[str, str]:
    """Return id and status of the one job there is."""
    listed = jobs("list")["jobs"]
    assert isinstance(listed, list)
    (job,) = listed
    return job["jobId"], job["status"]


def start(folder: Path, engine: str = "SLOW") -> "subprocess.Popen[str]":
    """Start a run and wait until its first image is done."""
    process = subprocess.Popen(
        command_line_with_fake(engine, "run", folder, "--jobs", "2", "--json"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
    )
    assert process.stderr is not None
    assert process.stderr.readline().startswith("[1/")
    return process


def test_without_jobs(private_home: Path) -> None:
    assert jobs("list") == {"jobs": []}
    assert "no jobs" in run("jobs").stdout
    for action in ("show", "resume", "cancel", "delete"):
        unknown = run("jobs", action, "batch_0_00000000")
        assert (unknown.returncode, "There is no job" in unknown.stderr) == (2, True)


def test_a_finished_job_can_be_looked_at_and_deleted(tmp_path: Path, make_images: MakeImages) -> None:
    make_images(tmp_path, 3, marked={1})
    assert run("run", tmp_path, engine="GIVING_UP").returncode == 1
    job_id, status = only_job()
    assert status == "completed_with_errors"
    shown = jobs("show", job_id)
    assert isinstance(shown["items"], list)
    assert [item["status"] for item in shown["items"]] == ["completed", "failed", "completed"]
    assert re.search(rf"{job_id} .*3 of 3, 1 failed", run("jobs").stdout)
    assert "gave up" in run("jobs", "show", job_id).stdout
    assert jobs("cancel", job_id)["done"] is False
    assert run("jobs", "resume", job_id).returncode == 2
    jobs("delete", job_id)
    assert jobs("list") == {"jobs": []}
    assert len(list(tmp_path.glob("*.json"))) == 2


@posix_only
def test_a_killed_run_is_resumed_and_nothing_is_read_twice(tmp_path: Path, make_images: MakeImages) -> None:
    paths = make_images(tmp_path, 16)
    process = start(tmp_path)
    process.kill()
    process.communicate(timeout=20)
    job_id, status = only_job()
    assert status == "interrupted"
    saved = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*_ocr_results.json")}
    assert 0 < len(saved) < len(paths)

    resumed = run("jobs", "resume", job_id, "--json")
    assert resumed.returncode == 0, resumed.stderr
    summary = json.loads(resumed.stdout)
    assert (summary["jobId"], summary["status"]) == (job_id, "completed")
    assert summary["stats"]["completed"] + summary["stats"]["skipped"] == len(paths)
    assert {path: path.stat().st_mtime_ns for path in saved} == saved
    for path in paths:
        assert read_result(path.with_name(f"{path.stem}_ocr_results.json")).source.name == path.name
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@posix_only
def test_a_run_is_cancelled_from_another_process(tmp_path: Path, make_images: MakeImages) -> None:
    make_images(tmp_path, 60)
    process = start(tmp_path)
    job_id, status = only_job()
    assert status == "processing"
    begun = time.monotonic()
    assert jobs("cancel", job_id)["done"] is True
    out, _ = process.communicate(timeout=20)
    assert time.monotonic() - begun < 5
    assert process.returncode == 130
    stats = json.loads(out)["stats"]
    assert stats["cancelled"] > 0
    assert stats["completed"] + stats["cancelled"] == 60
    assert only_job() == (job_id, "cancelled")


@posix_only
def test_a_running_job_is_left_to_its_process(tmp_path: Path, make_images: MakeImages) -> None:
    make_images(tmp_path, 400)  # more than are read meanwhile, also on a busy machine
    process = start(tmp_path)
    job_id, status = only_job()
    assert status == "processing"
    for action in ("resume", "delete"):
        refused = run("jobs", action, job_id)
        assert (refused.returncode, "run" in refused.stderr) == (2, True)
    assert only_job() == (job_id, "processing")
    assert jobs("cancel", job_id)["done"] is True
    out, _ = process.communicate(timeout=30)
    stats = json.loads(out)["stats"]
    assert stats["completed"] + stats["cancelled"] == 400


@posix_only
def test_a_cancelled_interrupted_job_stays_cancelled(tmp_path: Path, make_images: MakeImages) -> None:
    make_images(tmp_path, 16)
    process = start(tmp_path)
    family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.communicate(timeout=20)
    psutil.wait_procs(family, timeout=5)
    job_id, _ = only_job()
    assert jobs("cancel", job_id)["done"] is True
    assert only_job() == (job_id, "cancelled")
    assert run("jobs", "resume", job_id).returncode == 2


def test_a_damaged_list_of_jobs_costs_only_the_list(
    tmp_path: Path, make_images: MakeImages, private_home: Path
) -> None:
    make_images(tmp_path, 2)
    (private_home / "jobs.db").write_bytes(b"no database " * 500)
    done = run("run", tmp_path, engine="NOOP")
    assert done.returncode == 0
    assert "was damaged" in done.stderr
    assert len(list(private_home.glob("jobs.damaged-*.db"))) == 1
