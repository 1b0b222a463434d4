"""The disk refuses: at each call that saving a result makes, once or for good; and full disks."""

import errno
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ocr_desktop.domain.states import ItemState
from ocr_desktop.services.result_reader import read_result
from tests.faults.campaign import PROJECT, Scene
from tests.faults.conftest import MakeScene
from tests.faults.invariants import check_books, check_files, check_nothing_left
from tests.faults.tally import Tally
from tests.integration.conftest import posix_only

pytestmark = posix_only

_CALLS = 18
"""More calls than the saving of one result makes: the last troubled items go untouched."""
_MOST_STOPS = 40
_FEW = 3

_FULL = errno.ENOSPC
_ALL = [
    (code, overwrite, lasts)
    for code in (errno.EIO, errno.ENOSPC, errno.EACCES)
    for overwrite in ("skip", "overwrite")
    for lasts in (False, True)
]


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the shim finds names of open files in /proc")
def test_a_fault_at_each_call_costs_at_most_its_image(
    make_scene: MakeScene, chance: random.Random, rounds: int, tally: Tally
) -> None:
    is_thorough = rounds >= len(_ALL)
    for code, overwrite, lasts in _ALL if is_thorough else [chance.choice(_ALL)]:
        # Each of these stops the run: all of them take a while.
        calls = range(_CALLS) if is_thorough or code != _FULL else sorted(chance.sample(range(10), _FEW))
        # Every second item is troubled; those between show that the others do not suffer.
        due = {2 * place: call for place, call in enumerate(calls)}
        scene = make_scene(2 * len(calls), engine="NOOP")
        scene.workers = 1
        if overwrite == "overwrite":  # there are results to lose
            assert scene.start_run().wait() == 0
        met, stops = _run_with_faults(scene, code, overwrite, due, lasts=lasts)
        if len(calls) == _CALLS:
            _check_that_all_were_met(met)
        again = scene.start_run()
        assert again.wait() == 0, again.err
        check_all_but_counts(scene)
        tally.add(f"files, {errno.errorcode[code]}", runs=1 + stops, calls_that_failed=len(met))


def _run_with_faults(
    scene: Scene, code: int, overwrite: str, due: dict[int, int], *, lasts: bool
) -> tuple[dict[int, str], int]:
    """Run with a fault at each call in turn, to the end; return item -> call that failed, and the stops."""
    marks = scene.root / "marks"
    marks.mkdir()
    plan = {"folder": str(scene.scans), "errno": code, "marks": str(marks), "due": due, "lasts": lasts}
    faults = {"OCR_DESKTOP_TEST_FAULTS": json.dumps(plan)}
    run = scene.start_run("--overwrite", overwrite, shim="file_faults", **faults)
    stops = 0
    while stops < _MOST_STOPS:
        exit_code = run.wait()
        assert "Traceback" not in run.err, run.err
        _check_sound(scene)
        job = scene.unfinished_job()
        if job is None:
            break
        assert exit_code in {5, 130}, run.err
        run = scene.start("jobs", "resume", job.id, "--json", shim="file_faults", **faults)
        stops += 1
    else:
        raise AssertionError(f"it stops again and again: {run.out}")
    met = {int(mark.name): mark.read_text() for mark in marks.iterdir()}
    _check_who_failed(scene, set(met))
    check_nothing_left(scene)  # before another run could sweep it
    return met, stops


def _check_that_all_were_met(met: dict[int, str]) -> None:
    assert {"open", "write", "fsync"} <= set(met.values())
    assert {"link", "replace"} & set(met.values())
    assert max(met) < 2 * (_CALLS - 1), "no item went untouched: there are more calls than thought"


def _check_who_failed(scene: Scene, troubled: set[int]) -> None:
    job = scene.jobs()[0]
    for record in check_books(scene, job):
        is_troubled = scene.number_of(record) in troubled
        assert is_troubled or record.state in {ItemState.COMPLETED, ItemState.SKIPPED}, record.outcome
        if record.state is ItemState.FAILED:
            assert record.outcome is not None
            assert record.outcome.error_kind in {"result-write", "result-locked", "disk-full"}, record.outcome


def _check_sound(scene: Scene) -> None:
    """Whatever is there is whole, at any time."""
    for path in scene.scans.glob("*.json"):
        read_result(path)


def check_all_but_counts(scene: Scene) -> None:
    """What ``check_everything`` checks, without the trace: the scene was read more than once on purpose."""
    for job in scene.jobs():
        check_books(scene, job)
    check_files(scene)
    assert len(list(scene.scans.glob("*.json"))) == len(scene.images)


@pytest.mark.skipif(sys.platform != "linux" or not shutil.which("unshare"), reason="needs Linux namespaces")
def test_a_full_disk_stops_the_run_and_a_resume_completes_it(
    tmp_path: Path, chance: random.Random, rounds: int, tally: Tally
) -> None:
    if subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "none", tmp_path], check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    for number in range(max(1, rounds // 3)):
        place = ("results", "everything")[(number + chance.randrange(2)) % 2]
        folder = tmp_path / str(number)
        folder.mkdir()
        done = subprocess.run(
            ["unshare", "-rm", sys.executable, "-m", "tests.faults.small_disk", str(folder), place],
            capture_output=True,
            text=True,
            check=False,
            cwd=PROJECT,
            env=os.environ | {"PYTHONPATH": str(PROJECT)},
        )
        assert done.returncode == 0, done.stdout + done.stderr
        tally.add(f"full disk under {place}", runs=1)
