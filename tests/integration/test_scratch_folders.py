"""Temporary folders of a run: they hold copies of images, and must not outlive their job."""

import os
import signal
import subprocess
import time
from pathlib import Path

import psutil

from ocr_desktop.bootstrap import build_application
from ocr_desktop.domain.states import JobState
from tests.conftest import MakeImages
from tests.fakes.engines import NOOP
from tests.integration.conftest import PROJECT, command_line_with_fake, posix_only
from tests.integration.worker_runs import Run


@posix_only
def test_a_folder_left_by_a_killed_run_goes_with_the_recovery(
    tmp_path: Path, make_images: MakeImages, private_scratch: Path
) -> None:
    make_images(tmp_path, 4)
    process = subprocess.Popen(
        command_line_with_fake("VERY_SLOW", "run", tmp_path, "--jobs", "2"),
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for_worker_folders(private_scratch)
    finally:
        _kill_all_at_once(process)
    (left,) = private_scratch.glob("ocr-desktop-*")
    (left / "page.ppm").write_bytes(b"a copy of somebody's licence")
    other = private_scratch / "ocr-desktop-batch_1_beef-abcdefgh"
    other.mkdir()
    app = build_application()
    try:
        (job,) = app.jobs.recover()
        assert job.state is JobState.INTERRUPTED
        assert left.name.startswith(f"ocr-desktop-{job.id}-")
        assert list(private_scratch.glob("ocr-desktop-*")) == [other]
    finally:
        other.rmdir()
        app.close()


def test_a_job_that_starts_removes_what_a_former_run_of_it_left(
    tmp_path: Path, make_images: MakeImages, private_scratch: Path
) -> None:
    run = Run(NOOP, make_images(tmp_path, 2))
    left = private_scratch / f"ocr-desktop-{run.job.id}-abcdefgh"
    left.mkdir()
    (left / "page.ppm").write_bytes(b"a copy of somebody's licence")
    assert run.run().state is JobState.COMPLETED
    assert not list(private_scratch.glob("ocr-desktop-*"))


def _wait_for_worker_folders(scratch: Path) -> None:
    deadline = time.monotonic() + 30
    while len(list(scratch.glob("ocr-desktop-*/*"))) < 2:
        assert time.monotonic() < deadline, "no worker starts"
        time.sleep(0.02)


def _kill_all_at_once(process: subprocess.Popen[bytes]) -> None:
    """Kill program and workers such that none of them can tidy up after the others."""
    family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    for member in family:
        member.suspend()
    for member in family:
        os.kill(member.pid, signal.SIGKILL)
    process.wait(10)
