"""Runs over images that have been read before: quick, without workers, and as honest as the slow ones."""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from ocr_desktop.batch import quick_pass
from ocr_desktop.batch.executor import Executor
from ocr_desktop.batch.tasks import WorkerSetup
from ocr_desktop.bootstrap import Application, build_application
from ocr_desktop.domain.events import Event, ItemFinished, ItemStarted, JobStateChanged
from ocr_desktop.domain.items import FoundImage, ItemOutcome, ItemRecord
from ocr_desktop.domain.jobs import JobSnapshot
from ocr_desktop.domain.options import Overwrite, Redo, RunOptions
from ocr_desktop.domain.states import ItemState, JobState
from ocr_desktop.services import file_state
from tests.conftest import MakeImages
from tests.fakes.engines import NOOP, TRACE_VARIABLE
from tests.fakes.results import change_unnoticed
from tests.integration.worker_runs import Run, worker_pids

_SETTLED = 0.05
"""Seconds after which files count as settled in most of these tests, instead of two."""


def settle() -> None:
    time.sleep(_SETTLED + 0.03)


class Desk:
    """A program in which jobs are run one after another, on one set of images."""

    def __init__(self, images: list[Path]) -> None:
        self.images = images
        self.app: Application = build_application(engines=[NOOP], serial=True)
        self.events: list[Event] = []
        self.app.jobs.subscribe(self.events.append)
        self.called_in = 0
        make = self.app.jobs._make_executor

        def call_in(setup: WorkerSetup, workers: int) -> Executor:
            self.called_in += 1
            return make(setup, workers)

        self.app.jobs._make_executor = call_in

    def create(self, **options: object) -> JobSnapshot:
        found = [FoundImage(str(path), str(path.parent)) for path in self.images]
        return self.app.jobs.create(found, RunOptions.from_values(options))

    def run(self, **options: object) -> JobSnapshot:
        """Run a job over all images, and tell by ``called_in`` whether it needed a worker."""
        return self.start(self.create(**options))

    def start(self, job: JobSnapshot) -> JobSnapshot:
        self.called_in = 0
        self.events.clear()
        return self.app.jobs.start(job.id)

    def records(self, job: JobSnapshot) -> list[ItemRecord]:
        return list(self.app.jobs.items(job.id))

    def outcomes(self, job: JobSnapshot) -> list[ItemOutcome]:
        """How the items of a job ended, but for the time it took."""
        outcomes = [record.outcome for record in self.records(job)]
        return [msgspec.structs.replace(outcome, seconds=0.0) for outcome in outcomes if outcome is not None]

    def ended(self) -> list[int]:
        return [event.outcome.item_id for event in list(self.events) if isinstance(event, ItemFinished)]

    def know_all(self, **options: object) -> JobSnapshot:
        """Read all images, and look at them once more when their results have settled."""
        settle()
        self.run(**options)
        settle()
        return self.run(**options)


@pytest.fixture(autouse=True)
def settled_soon(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have files settle soon, and all images count as large: small ones are looked at without a worker."""
    if "in_real_time" not in request.node.name:
        monkeypatch.setattr(file_state, "_FRESH", int(_SETTLED * 1e9))
        monkeypatch.setattr(quick_pass, "_SMALL", -1)


@pytest.fixture
def desk(tmp_path: Path, make_images: MakeImages) -> Iterator[Desk]:
    desk = Desk(make_images(tmp_path / "scans", 12))
    yield desk
    desk.app.close()


def test_a_run_over_what_is_known_says_the_same_without_a_worker(desk: Desk) -> None:
    slow = desk.know_all(chunk_size=5)
    assert desk.called_in == 1, "the results had not been looked at since they settled"
    quick = desk.run(chunk_size=5)
    assert desk.called_in == 0
    assert (quick.state, quick.stats.skipped) == (JobState.COMPLETED, 12)
    assert desk.outcomes(quick) == desk.outcomes(slow)
    for outcome in desk.outcomes(quick):
        assert outcome.reason == "Already read with these settings."
        assert outcome.source_hash
        assert all(outcome.result_hashes)
    assert desk.ended() == list(range(12))
    assert [event.item_id for event in desk.events if isinstance(event, ItemStarted)] == list(range(12))
    assert [event.sequence for event in desk.events] == list(range(1, len(desk.events) + 1))


def test_what_is_known_outlives_the_program(desk: Desk) -> None:
    desk.know_all()
    desk.app.close()
    later = Desk(desk.images)
    assert later.run().stats.skipped == 12
    assert later.called_in == 0
    later.app.close()


def test_results_in_an_output_folder_are_known_there_and_only_there(desk: Desk, tmp_path: Path) -> None:
    slow = desk.know_all(output_dir=str(tmp_path / "out"))
    quick = desk.run(output_dir=str(tmp_path / "out"))
    assert desk.called_in == 0
    assert desk.outcomes(quick) == desk.outcomes(slow)
    assert desk.run(output_dir=str(tmp_path / "out 2")).stats.completed == 12


@pytest.mark.parametrize("name", ["scan 0003.png", "scan 0003_ocr_results.json", "scan 0003_ocr_results.txt"])
def test_a_change_that_leaves_size_and_date_is_noticed(desk: Desk, name: str) -> None:
    desk.know_all()
    slow_verdict = ItemState.SKIPPED if name.endswith(".txt") else ItemState.COMPLETED
    file = desk.images[0].parent / name
    if file.suffix == ".json":
        change_unnoticed_in_hash(file)
    elif file.suffix == ".png":
        repaint_unnoticed(file)
    else:
        change_unnoticed(file)  # somebody corrected it
    job = desk.run()
    assert desk.called_in == 1
    states = [record.state for record in desk.records(job)]
    assert states.pop(3) is slow_verdict
    assert states == [ItemState.SKIPPED] * 11


def repaint_unnoticed(image: Path) -> None:
    """Make an image another one that can be read as well: the bytes after its end count, too."""
    with image.open("ab") as file:
        file.write(b"1234")
    change_unnoticed(image)


def change_unnoticed_in_hash(result: Path) -> None:
    """Have a result say that it was made of another image; size and date stay."""
    status = result.stat()
    text = result.read_text("utf-8")
    start = text.index('"sha256"') + len('"sha256"')
    digest = text[start:].split('"')[1]
    result.write_text(text.replace(digest, digest[::-1]), "utf-8")
    os.utime(result, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize("name", ["scan 0003_ocr_results.json", "scan 0003_ocr_results.txt"])
def test_a_result_that_is_gone_or_cut_is_made_again(desk: Desk, name: str) -> None:
    desk.know_all()
    result = desk.images[0].parent / name
    whole = result.read_bytes()
    result.unlink()
    assert desk.run().stats.completed == 1
    if result.suffix == ".txt":
        assert result.read_bytes().splitlines()[-1] == whole.splitlines()[-1]
    result.write_bytes(result.read_bytes()[:-3])
    assert desk.run().stats.completed == 1
    settle()
    desk.run()
    assert desk.run().stats.skipped == 12
    assert desk.called_in == 0


def test_a_result_put_in_place_of_another_is_noticed(desk: Desk) -> None:
    desk.know_all()
    first, second = (path.with_name(f"{path.stem}_ocr_results.json") for path in desk.images[:2])
    shutil.copy2(second, first)
    assert desk.run().stats.completed == 1


def test_an_image_that_is_gone_fails(desk: Desk) -> None:
    desk.know_all()
    job = desk.create()
    desk.images[3].unlink()
    finished = desk.start(job)
    assert (finished.stats.failed, finished.stats.skipped) == (1, 11)


def test_stale_results_stay_stale_and_can_be_read_again(desk: Desk) -> None:
    desk.know_all(languages=("eng",))
    stale = desk.run(languages=("deu",))
    assert desk.called_in == 0
    assert {(outcome.stale, outcome.reason) for outcome in desk.outcomes(stale)} == {
        (True, "Already read, but with other settings (stale).")
    }
    assert desk.run(languages=("deu",), redo=Redo.STALE.value).stats.completed == 12
    assert desk.run(languages=("deu",)).stats.skipped == 12


@pytest.mark.parametrize("overwrite", [Overwrite.OVERWRITE, Overwrite.SUFFIX])
def test_who_wants_new_results_gets_them(desk: Desk, overwrite: Overwrite) -> None:
    desk.know_all()
    assert desk.run(overwrite=overwrite.value).stats.completed == 12


def test_an_image_that_joins_the_folder_is_read_under_a_name_of_its_own(
    tmp_path: Path, make_images: MakeImages
) -> None:
    first, second = make_images(tmp_path / "scans", 2)
    desk = Desk([first.rename(first.with_name("a.jpg"))])
    desk.know_all()
    desk.images.append(second.rename(second.with_name("a.png")))
    settle()
    joined = desk.run()
    assert [record.state for record in desk.records(joined)] == [ItemState.SKIPPED, ItemState.COMPLETED]
    settle()
    slow = desk.run()
    quick = desk.run()
    assert desk.called_in == 0
    assert desk.outcomes(quick) == desk.outcomes(slow)
    names = [Path(outcome.result_files[0]).name for outcome in desk.outcomes(quick)]
    assert names == ["a_ocr_results.json", "a.png_ocr_results.json"]
    desk.app.close()


def test_who_deletes_a_job_deletes_what_is_known_of_its_images(desk: Desk) -> None:
    job = desk.know_all()
    desk.app.jobs.delete(job.id)
    assert desk.run().stats.skipped == 12
    assert desk.called_in == 1


def test_a_damaged_cache_costs_time_and_nothing_else(desk: Desk) -> None:
    desk.know_all()
    desk.app.close()
    cache = desk.app.folders.cache / "known-results.db"
    assert cache.stat().st_size > 0
    cache.write_bytes(b"this is no database" * 500)
    later = Desk(desk.images)
    assert later.run().stats.skipped == 12
    assert later.called_in == 1
    assert later.run().stats.skipped == 12
    assert later.called_in == 0, "it was begun anew"
    later.app.close()


def test_a_cache_that_cannot_be_opened_costs_time_and_nothing_else(desk: Desk) -> None:
    (desk.app.folders.cache / "known-results.db").mkdir(parents=True)
    desk.know_all()
    assert desk.run().stats.skipped == 12
    assert desk.called_in == 1


class Runner:
    """Runs a job that has nothing to read on a thread of its own, slowly enough to give orders."""

    def __init__(self, desk: Desk, **options: object) -> None:
        self.desk = desk
        self.job = desk.create(**options)
        self._has_begun = threading.Event()
        self._unsubscribe = desk.app.jobs.subscribe(self._linger)
        self._thread = threading.Thread(target=desk.start, args=(self.job,))

    def _linger(self, event: Event) -> None:
        if isinstance(event, ItemFinished):
            self._has_begun.set()
            time.sleep(0.02)

    def begin(self) -> None:
        self._thread.start()
        assert self._has_begun.wait(30), "no item ends"

    def finish(self) -> JobSnapshot:
        self._thread.join(60)
        assert not self._thread.is_alive(), "the run does not end"
        self._unsubscribe()
        return self.desk.app.jobs.get(self.job.id)


@pytest.fixture
def runner(desk: Desk) -> Runner:
    desk.know_all()
    return Runner(desk, chunk_size=3)


def test_no_further_item_ends_after_a_pause(desk: Desk, runner: Runner) -> None:
    runner.begin()
    assert desk.app.jobs.pause(runner.job.id)
    ended = len(desk.ended())
    time.sleep(0.4)
    assert len(desk.ended()) == ended < 12
    paused = desk.app.jobs.get(runner.job.id)
    assert (paused.state, paused.stats.skipped) == (JobState.PAUSED, ended)
    assert desk.app.jobs.resume(runner.job.id)
    finished = runner.finish()
    assert (finished.state, finished.stats.skipped, desk.called_in) == (JobState.COMPLETED, 12, 0)
    assert desk.ended() == list(range(12))
    states = [event.state for event in desk.events if isinstance(event, JobStateChanged)]
    assert states == [JobState.PROCESSING, JobState.PAUSED, JobState.PROCESSING, JobState.COMPLETED]


def test_no_further_item_is_passed_over_after_a_cancel(desk: Desk, runner: Runner) -> None:
    runner.begin()
    assert desk.app.jobs.cancel(runner.job.id)
    skipped = desk.app.jobs.get(runner.job.id).stats.skipped
    finished = runner.finish()
    assert finished.state is JobState.CANCELLED
    assert finished.stats.skipped == skipped < 12
    assert finished.stats.cancelled == 12 - skipped
    assert desk.called_in == 0


def test_an_order_waits_for_no_more_than_the_chunk_that_is_looked_at(desk: Desk) -> None:
    desk.know_all()
    slowly = Runner(desk, chunk_size=1)
    slowly.begin()
    assert desk.app.jobs.interrupt(slowly.job.id)
    assert len(desk.ended()) <= 4
    slowly.finish()


def test_a_paused_run_can_be_cancelled(desk: Desk, runner: Runner) -> None:
    runner.begin()
    assert desk.app.jobs.pause(runner.job.id)
    assert desk.app.jobs.cancel(runner.job.id)
    finished = runner.finish()
    assert (finished.state, desk.called_in) == (JobState.CANCELLED, 0)


def test_what_an_interrupt_leaves_is_passed_over_by_the_resume(desk: Desk, runner: Runner) -> None:
    runner.begin()
    assert desk.app.jobs.interrupt(runner.job.id)
    broken_off = runner.finish()
    assert broken_off.state is JobState.INTERRUPTED
    assert broken_off.stats.pending == 12 - broken_off.stats.skipped > 0
    resumed = desk.start(broken_off)
    assert (resumed.state, resumed.stats.skipped, desk.called_in) == (JobState.COMPLETED, 12, 0)


def test_orders_in_the_middle_of_a_chunk_do_not_split_it(desk: Desk) -> None:
    """A listener orders the pause while the first chunk is announced: it is committed, and stays so."""
    desk.know_all()
    job = desk.create(chunk_size=5)
    seen: list[int] = []

    def pause_then_cancel(event: Event) -> None:
        if isinstance(event, ItemFinished):
            seen.append(event.outcome.item_id)
            desk.app.jobs.pause(job.id)
        elif isinstance(event, JobStateChanged) and event.state is JobState.PAUSED:
            desk.app.jobs.cancel(job.id)

    desk.app.jobs.subscribe(pause_then_cancel)
    finished = desk.start(job)
    assert finished.state is JobState.CANCELLED
    assert (finished.stats.skipped, finished.stats.cancelled) == (5, 7)
    assert seen[:5] == [0, 1, 2, 3, 4]


def test_only_what_is_not_known_goes_to_workers(desk: Desk, make_images: MakeImages) -> None:
    desk.know_all()
    desk.images[:] = make_images(desk.images[0].parent / "new", 2) + desk.images
    job = desk.run(chunk_size=4)
    assert desk.called_in == 1
    assert (job.stats.completed, job.stats.skipped) == (2, 12)


def test_a_run_in_real_time_starts_no_process(
    tmp_path: Path, make_images: MakeImages, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Real workers, and files that settle as slowly as they do."""
    trace = tmp_path / "trace"
    monkeypatch.setenv(TRACE_VARIABLE, str(trace))
    images = make_images(tmp_path / "scans", 4)
    time.sleep(2.2)
    assert Run(NOOP, images).run().stats.completed == 4
    at_once = Run(NOOP, images)
    assert at_once.run().stats.skipped == 4
    assert at_once.app.known.look_up([record.item for record in at_once.app.jobs.items(at_once.job.id)]) == {}
    time.sleep(2.2)
    slow = Run(NOOP, images)
    assert slow.run().stats.skipped == 4
    quick = Run(NOOP, images)
    pids: set[int] = set()
    quick.app.jobs.subscribe(lambda _event: pids.update(worker_pids()))
    assert quick.run().stats.skipped == 4
    assert pids == set()
    assert len(trace.read_text("utf-8").splitlines()) == 4
    for number in range(4):
        assert msgspec.structs.replace(slow.outcome(number), seconds=0.0) == quick.outcome(number)
