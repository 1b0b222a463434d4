"""Full disks, unplugged drives and the like: the job pauses, nothing is half-written, a resume goes on."""

import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from ocr_desktop.bootstrap import Application, build_application
from ocr_desktop.domain.errors import ExitCode, OutputNotWritableError
from ocr_desktop.domain.events import Event, ItemFinished, JobProgressed, JobStateChanged
from ocr_desktop.domain.items import FoundImage
from ocr_desktop.domain.jobs import JobSnapshot
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import ItemState, JobState
from ocr_desktop.services.atomic_files import TEMPORARY_PREFIX
from ocr_desktop.services.result_reader import read_result
from tests.conftest import MakeImages
from tests.fakes.disks import fill, small_disk
from tests.fakes.engines import NOOP
from tests.integration.conftest import PROJECT, run_fake

_PATIENCE = 60.0
_INSIDE = "OCR_DESKTOP_TEST_INSIDE"


def found(paths: list[Path]) -> list[FoundImage]:
    return [FoundImage(str(path), str(path.parent)) for path in paths]


def assert_sound(app: Application, job_id: str, folder: Path) -> None:
    """Check that every result is whole and known to the job, and that nothing else lies about."""
    known: set[str] = set()
    for record in app.jobs.items(job_id, limit=10_000):
        if record.outcome is None:
            continue
        files, hashes = record.outcome.result_files, record.outcome.result_hashes
        image = Path(record.item.path)
        if image.exists():
            assert record.outcome.source_hash == hashlib.sha256(image.read_bytes()).hexdigest()
        assert list(hashes) == [hashlib.sha256(Path(file).read_bytes()).hexdigest() for file in files]
        known.update(files)
    for path in folder.rglob("*"):
        assert not path.name.startswith(TEMPORARY_PREFIX), f"left behind: {path}"
        if path.suffix == ".json":
            read_result(path)  # raises for half a result
    assert {str(path) for path in folder.rglob("*.json")} == {name for name in known if name.endswith("json")}


class Run:
    """A job that runs on a thread of its own and may pause by itself."""

    def __init__(self, app: Application, job: JobSnapshot) -> None:
        self.app = app
        self.job_id = job.id
        self._halted = threading.Semaphore(0)
        self._thread = threading.Thread(target=app.jobs.start, args=(job.id,))
        app.jobs.subscribe(self._hear)

    def _hear(self, event: Event) -> None:
        if isinstance(event, JobProgressed):
            snapshot = self.app.jobs.get(self.job_id)
            if snapshot.state is JobState.PAUSED and snapshot.stats.processing == 0:
                self._halted.release()

    def until_it_halts(self) -> JobSnapshot:
        """Start it, and return what it is like when it has paused and nothing is in work any more."""
        self._thread.start()
        assert self._halted.acquire(timeout=_PATIENCE), "the job did not pause"
        return self.app.jobs.get(self.job_id)

    def to_the_end(self) -> JobSnapshot:
        """Resume it, and return what it came to."""
        assert self.app.jobs.resume(self.job_id)
        self._thread.join(_PATIENCE)
        assert not self._thread.is_alive()
        return self.app.jobs.get(self.job_id)

    def stop(self) -> None:
        """End it, whatever it is at."""
        if self._thread.is_alive():
            self.app.jobs.interrupt(self.job_id)
            self._thread.join(_PATIENCE)


@pytest.fixture
def begin() -> Iterator[Callable[..., Run]]:
    """Return a function that makes a run of a new job: ``begin(images, RunOptions())``."""
    runs: list[Run] = []

    def make(images: list[Path], options: RunOptions, *, serial: bool = True) -> Run:
        app = build_application(engines=(NOOP,), serial=serial)
        runs.append(Run(app, app.jobs.create(found(images), options)))
        return runs[-1]

    yield make
    for run in runs:
        run.stop()
        run.app.close()


@contextmanager
def writing_fails(error: OSError) -> Iterator[None]:
    """Have nothing reach the disk meanwhile."""

    def refuse(_number: int) -> None:
        raise error

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        yield


def windows_error(code: int) -> OSError:
    error = OSError(errno.EINVAL, "as Windows says it")
    error.winerror = code  # type: ignore[attr-defined]
    return error


# --- disks that are full ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "no space"), "The disk is full"),
        (OSError(errno.EDQUOT, "quota"), "Your share of the disk is used up"),
        (windows_error(112), "The disk is full"),
        (windows_error(1295), "Your share of the disk is used up"),
    ],
    ids=["ENOSPC", "EDQUOT", "112", "1295"],
)
def test_a_full_disk_pauses_at_once_and_a_resume_reads_everything(
    tmp_path: Path, make_images: MakeImages, begin: Callable[..., Run], error: OSError, words: str
) -> None:
    run = begin(make_images(tmp_path, 5), RunOptions())

    with writing_fails(error):
        halted = run.until_it_halts()
        assert sorted(path.suffix for path in tmp_path.iterdir()) == [".png"] * 5

    assert halted.trouble is not None
    assert halted.trouble.kind == "disk-full"
    assert halted.trouble.exit_code is ExitCode.OUTPUT_NOT_WRITABLE
    assert halted.trouble.message.startswith(f"{words}: the result “")
    assert halted.trouble.message.endswith("Free some space, then resume the job.")
    assert (halted.stats.pending, halted.stats.failed) == (5, 0)
    finished = run.to_the_end()
    assert (finished.state, finished.stats.completed, finished.trouble) == (JobState.COMPLETED, 5, None)
    assert_sound(run.app, run.job_id, tmp_path)


def test_a_disk_that_fills_up_under_many_workers(
    tmp_path: Path, make_images: MakeImages, begin: Callable[..., Run]
) -> None:
    images = make_images(tmp_path / "scans", 40)
    with small_disk(tmp_path / "disk", 4096) as disk:
        run = begin(images, RunOptions(output_dir=str(disk / "out"), jobs=2), serial=False)
        filler = fill(disk, leave=100)

        halted = run.until_it_halts()

        assert halted.trouble is not None
        assert halted.trouble.kind == "disk-full"
        assert halted.stats.failed == 0
        assert 0 < halted.stats.completed < 40
        assert_sound(run.app, run.job_id, disk)
        filler.unlink()
        finished = run.to_the_end()
        assert (finished.state, finished.stats.completed) == (JobState.COMPLETED, 40)
        assert_sound(run.app, run.job_id, disk)


def test_a_full_disk_in_the_terminal(tmp_path: Path, make_images: MakeImages) -> None:
    make_images(tmp_path / "scans", 250)
    with small_disk(tmp_path / "disk", 4096) as disk:
        filler = fill(disk, leave=1100)
        stopped = run_fake("NOOP", "run", tmp_path / "scans", "-o", disk / "out", "--jobs", "2")

        assert stopped.returncode == ExitCode.OUTPUT_NOT_WRITABLE
        assert "of results are expected, and only 1 MB are free on the disk" in stopped.stderr
        assert "of 250. The disk is full: the result “" in stopped.stdout
        assert "To go on: ocr-desktop jobs resume batch_" in stopped.stdout
        job_id = stopped.stdout.rsplit(maxsplit=1)[-1]
        still = run_fake("NOOP", "jobs", "resume", job_id)
        assert still.returncode == ExitCode.OUTPUT_NOT_WRITABLE
        filler.unlink()

        resumed = run_fake("NOOP", "jobs", "resume", job_id, "--json")
        assert resumed.returncode == ExitCode.OK
        stats = json.loads(resumed.stdout)["stats"]
        assert (stats["completed"], stats["failed"]) == (250, 0)
        app = build_application(engines=(NOOP,))
        assert_sound(app, job_id, disk)
        app.close()


def test_a_full_disk_that_also_holds_the_list_of_jobs(tmp_path: Path, make_images: MakeImages) -> None:
    make_images(tmp_path / "scans", 250)
    with small_disk(tmp_path / "disk", 8192) as disk, pytest.MonkeyPatch.context() as patch:
        patch.setenv("OCR_DESKTOP_HOME", str(disk / "home"))
        run_fake("NOOP", "jobs")  # makes the database
        filler = fill(disk, leave=1600)
        stopped = run_fake("NOOP", "run", tmp_path / "scans", "-o", disk / "out", "--jobs", "2")
        assert stopped.returncode == ExitCode.OUTPUT_NOT_WRITABLE
        assert "Traceback" not in stopped.stderr
        filler.unlink()

        (job,) = json.loads(run_fake("NOOP", "jobs", "list", "--json").stdout)["jobs"]
        assert job["status"] == "interrupted"
        resumed = run_fake("NOOP", "jobs", "resume", job["jobId"], "--json")
        assert resumed.returncode == ExitCode.OK
        stats = json.loads(resumed.stdout)["stats"]
        assert (stats["completed"] + stats["skipped"], stats["failed"]) == (250, 0)
        app = build_application(engines=(NOOP,))
        assert_sound(app, job["jobId"], disk / "out")
        app.close()


def test_a_disk_that_is_full_from_the_start_is_announced(tmp_path: Path, make_images: MakeImages) -> None:
    images = make_images(tmp_path / "scans", 2)
    with small_disk(tmp_path / "disk", 512) as disk:
        app = build_application(engines=(NOOP,), serial=True)
        job = app.jobs.create(found(images), RunOptions(output_dir=str(disk / "out")))

        assert any(" is full: the job pauses at the first image" in notice for notice in job.notices)
        app.close()


# --- folders that are gone --------------------------------------------------------------------------------


def test_an_output_folder_that_vanishes_is_not_made_again(
    tmp_path: Path, make_images: MakeImages, begin: Callable[..., Run]
) -> None:
    out, away = tmp_path / "drive" / "out", tmp_path / "away"
    images = make_images(tmp_path / "scans" / "a", 3) + make_images(tmp_path / "scans" / "b", 3)
    run = begin(images, RunOptions(output_dir=str(out)))

    def unplug(event: Event) -> None:
        if isinstance(event, ItemFinished) and event.outcome.item_id == 1:
            (tmp_path / "drive").rename(away)

    run.app.jobs.subscribe(unplug)
    halted = run.until_it_halts()
    assert halted.trouble is not None
    assert halted.trouble.kind == "output-missing"
    assert f"“{out}” is not there any more. Plug its drive in" in halted.trouble.message
    assert (halted.stats.completed, halted.stats.pending, halted.stats.failed) == (2, 4, 0)
    assert not out.exists()
    assert not out.parent.exists()

    away.rename(tmp_path / "drive")
    assert run.to_the_end().stats.completed == 6
    assert_sound(run.app, run.job_id, out)


def test_a_drive_that_is_unmounted_leaves_nothing_on_the_disk_below(
    tmp_path: Path, make_images: MakeImages, begin: Callable[..., Run]
) -> None:
    mount_point = tmp_path / "drive"
    images = make_images(tmp_path / "scans", 40)
    with small_disk(mount_point, 4096) as disk:
        run = begin(images, RunOptions(output_dir=str(disk / "out"), jobs=2), serial=False)
        with ExitStack() as unplugged:

            def unplug(event: Event) -> None:
                """Have an empty folder there, as the mount point of a drive that has gone."""
                if isinstance(event, ItemFinished) and event.outcome.item_id == 0:
                    unplugged.enter_context(small_disk(mount_point, 64))

            run.app.jobs.subscribe(unplug)
            halted = run.until_it_halts()
            assert list(mount_point.iterdir()) == []
        assert halted.trouble is not None
        assert halted.trouble.kind == "output-missing"
        assert 0 < halted.stats.completed < 40
        assert halted.stats.failed == 0
        assert run.to_the_end().stats.completed == 40
        assert_sound(run.app, run.job_id, disk)


def test_an_interrupted_job_waits_for_its_output_folder(tmp_path: Path, make_images: MakeImages) -> None:
    out = tmp_path / "out"
    app = build_application(engines=(NOOP,), serial=True)
    job = app.jobs.create(found(make_images(tmp_path / "scans", 4)), RunOptions(output_dir=str(out)))

    def interrupt(event: Event) -> None:
        if isinstance(event, ItemFinished) and event.outcome.item_id == 1:
            app.jobs.interrupt(job.id)

    app.jobs.subscribe(interrupt)
    app.jobs.start(job.id)
    shutil.rmtree(out)
    with pytest.raises(OutputNotWritableError, match=r"out”.* is not there any more.*Plug its drive in"):
        app.jobs.start(job.id)
    assert not out.exists()
    assert app.jobs.get(job.id).state is JobState.INTERRUPTED

    resumed = run_fake("NOOP", "jobs", "resume", job.id)
    assert resumed.returncode == ExitCode.OUTPUT_NOT_WRITABLE
    assert "Plug its drive in or make the folder again" in resumed.stderr
    out.mkdir()
    assert app.jobs.start(job.id).stats.completed == 4
    app.close()


def test_an_interrupted_job_waits_for_the_folder_of_its_images(
    tmp_path: Path, make_images: MakeImages
) -> None:
    app = build_application(engines=(NOOP,), serial=True)
    job = app.jobs.create(found(make_images(tmp_path / "scans", 4)), RunOptions())

    def interrupt(event: Event) -> None:
        if isinstance(event, ItemFinished) and event.outcome.item_id == 1:
            app.jobs.interrupt(job.id)

    unsubscribe = app.jobs.subscribe(interrupt)
    app.jobs.start(job.id)
    unsubscribe()
    (tmp_path / "scans").rename(tmp_path / "away")
    with pytest.raises(OutputNotWritableError, match="scans”"):
        app.jobs.start(job.id)

    (tmp_path / "away").rename(tmp_path / "scans")
    assert app.jobs.start(job.id).stats.completed == 4
    app.close()


def test_images_whose_folder_vanishes_wait_for_it(
    tmp_path: Path, make_images: MakeImages, begin: Callable[..., Run]
) -> None:
    scans, out = tmp_path / "scans", tmp_path / "out"
    run = begin(make_images(scans, 30), RunOptions(output_dir=str(out)))

    def unplug(event: Event) -> None:
        if isinstance(event, ItemFinished) and event.outcome.item_id == 4:
            scans.rename(tmp_path / "away")

    run.app.jobs.subscribe(unplug)
    halted = run.until_it_halts()
    assert halted.trouble is not None
    assert halted.trouble.kind == "image-folder-missing"
    assert f"its folder “{scans}” is not there any more" in halted.trouble.message
    assert (halted.stats.completed, halted.stats.failed) == (5, 0)

    (tmp_path / "away").rename(scans)
    assert run.to_the_end().stats.completed == 30


def test_an_image_that_is_gone_alone_fails_alone(tmp_path: Path, make_images: MakeImages) -> None:
    images = make_images(tmp_path, 20)
    app = build_application(engines=(NOOP,), serial=True)
    job = app.jobs.create(found(images), RunOptions())
    for path in images[3:18]:
        path.unlink()

    finished = app.jobs.start(job.id)

    assert (finished.stats.completed, finished.stats.failed) == (5, 15)
    failed = app.jobs.items(job.id, states={ItemState.FAILED})
    assert {record.outcome.error_kind for record in failed if record.outcome} == {"image-missing"}
    app.close()


# --- disks that refuse ------------------------------------------------------------------------------------


def test_a_disk_that_turns_read_only_pauses_after_some_images(
    tmp_path: Path, make_images: MakeImages, begin: Callable[..., Run]
) -> None:
    run = begin(make_images(tmp_path, 20), RunOptions())

    with writing_fails(OSError(errno.EROFS, "read-only")):
        halted = run.until_it_halts()

    assert halted.trouble is not None
    assert halted.trouble.kind == "result-write"
    assert halted.trouble.exit_code is ExitCode.OUTPUT_NOT_WRITABLE
    assert "its disk is read-only" in halted.trouble.message
    assert halted.stats.failed == 0
    assert run.to_the_end().stats.completed == 20
    assert_sound(run.app, run.job_id, tmp_path)


# --- what is left of killed programs ----------------------------------------------------------------------


def test_a_new_job_sweeps_up_after_dead_ones(tmp_path: Path, make_images: MakeImages) -> None:
    images = found(make_images(tmp_path, 2))
    app = build_application(engines=(NOOP,), serial=True)
    dead = app.jobs.create(images, RunOptions())
    alive = app.jobs.create(images, RunOptions())
    left = {
        job_id: tmp_path / f"{TEMPORARY_PREFIX}{job_id}-1-1.json.tmp"
        for job_id in (dead.id, alive.id, "batch_1700000000000_0123abcd")
    }
    seen: list[bool] = []

    def look(event: Event) -> None:
        """While that job runs: whoever runs it holds its lock."""
        if isinstance(event, JobStateChanged) and event.state is JobState.PROCESSING:
            for path in left.values():
                path.write_bytes(b"half")
            app.jobs.create(images, RunOptions())
            seen.extend(path.exists() for path in left.values())

    app.jobs.subscribe(look)
    app.jobs.start(alive.id)

    assert seen == [False, True, True]
    app.close()


# --- what is told beforehand ------------------------------------------------------------------------------


def test_notices_are_told_before_the_run_and_in_the_summary(tmp_path: Path, make_images: MakeImages) -> None:
    make_images(tmp_path, 3, marked={1, 2})

    done = run_fake("NOOP", "run", tmp_path, "--json")

    assert done.returncode == ExitCode.OK
    first, second = done.stderr.splitlines()[:2]
    assert first.startswith("ocr-desktop: 1 image is a copy of another: “")
    assert second.startswith("[1/3]")
    summary = json.loads(done.stdout)
    assert [f"ocr-desktop: {notice}" for notice in summary["notices"]] == [first]


# --- what failed before -----------------------------------------------------------------------------------


def test_only_what_failed_is_read_again(tmp_path: Path, make_images: MakeImages) -> None:
    make_images(tmp_path / "in" / "a", 4, marked={1})
    make_images(tmp_path / "in" / "b", 4, marked={0, 3})
    folders = (tmp_path / "in" / "a", tmp_path / "in" / "b")
    arguments = ("run", *folders, "-o", tmp_path / "out", "--json")
    assert run_fake("GIVING_UP", *arguments).returncode == ExitCode.SOME_FAILED

    again = run_fake("NOOP", *arguments, "--redo", "failed")

    assert again.returncode == ExitCode.OK, again.stderr
    summary = json.loads(again.stdout)
    assert (summary["stats"]["total"], summary["stats"]["completed"]) == (3, 3)
    failed = [item["path"] for item in summary["items"]]
    assert [Path(path).parent.name for path in failed] == ["a", "b", "b"]
    assert len(list((tmp_path / "out" / "a").glob("*.json"))) == 4
    assert len(list((tmp_path / "out" / "b").glob("*.json"))) == 4

    done = run_fake("NOOP", "run", folders[1], "-o", tmp_path / "out" / "b", "--json", "--redo", "failed")
    assert done.returncode == ExitCode.OK
    stats = json.loads(done.stdout)["stats"]
    assert (stats["total"], stats["skipped"]) == (2, 2), "what was read since is skipped"


def test_where_nothing_failed_there_is_nothing_to_read_again(tmp_path: Path, make_images: MakeImages) -> None:
    make_images(tmp_path, 2)
    run_fake("NOOP", "run", tmp_path)

    again = run_fake("NOOP", "run", tmp_path, "--redo", "failed")

    assert again.returncode == ExitCode.NOTHING_FOUND
    assert "None of these images failed in an earlier job." in again.stderr


# --- these tests themselves -------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="uses the namespaces of Linux")
@pytest.mark.skipif(os.name == "nt" or os.getuid() == 0, reason="may mount disks anyway")
@pytest.mark.skipif(_INSIDE in os.environ, reason="is what runs here")
def test_with_real_disks_where_a_namespace_allows_it() -> None:
    inside = ["unshare", "-rm"]
    if subprocess.run([*inside, "true"], capture_output=True, check=False).returncode:
        pytest.skip("namespaces are not allowed here")
    command = [*inside, sys.executable, "-m", "pytest", "-q", "-k", "fill or full or unmounted", __file__]
    done = subprocess.run(
        command, cwd=PROJECT, env=os.environ | {_INSIDE: "1"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
