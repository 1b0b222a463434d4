"""The worker on its thread: typed signals in order, and exactly one that ends it, whatever happens."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import msgspec
import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from ocr_desktop.bootstrap import Application
from ocr_desktop.domain.events import Event, ItemStarted
from ocr_desktop.domain.items import FoundImage, JobStats
from ocr_desktop.domain.jobs import JobSnapshot, Progress
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import ItemState, JobState
from ocr_desktop.gui.images.image_list_model import ImageUpdate
from ocr_desktop.gui.messages.failure import Failure
from ocr_desktop.gui.run.batch_worker import BatchWorker, ItemUpdate
from ocr_desktop.gui.run.run_controller import RunController, RunPhase
from ocr_desktop.jobs.manager import JobManager
from ocr_desktop.services.engines.protocol import EngineSpec, EngineStatus
from tests.fakes.engines import MISSING, NOOP, RAISING, SLOW

MakeImages = Callable[..., list[Path]]
MakeApplication = Callable[..., Application]


class Heard:
    """Everything that a worker said, in order."""

    def __init__(self, worker: BatchWorker) -> None:
        self.said: list[tuple[str, object]] = []
        for name in ("created", "state_changed", "items_changed", "progressed", "finished", "failed"):
            getattr(worker, name).connect(lambda value, name=name: self.said.append((name, value)))

    @property
    def ends(self) -> list[tuple[str, object]]:
        return [entry for entry in self.said if entry[0] in {"finished", "failed"}]

    @property
    def updates(self) -> list[ItemUpdate]:
        found: list[ItemUpdate] = []
        for name, value in self.said:
            if name == "items_changed":
                assert isinstance(value, list)
                found.extend(value)
        return found


def as_found(paths: list[Path]) -> list[FoundImage]:
    return [FoundImage(str(path), str(path.parent)) for path in paths]


def run_here(application: Application, images: list[FoundImage]) -> Heard:
    """Run a worker on the thread of the test: what it says is heard at once."""
    worker = BatchWorker.for_new_job(application.jobs, images, RunOptions(retries=0))
    heard = Heard(worker)
    worker.run()
    return heard


def test_says_everything_in_order_and_ends_once(
    qtbot: QtBot, make_application: MakeApplication, make_images: MakeImages, tmp_path: Path
) -> None:
    del qtbot
    heard = run_here(make_application(), as_found(make_images(tmp_path / "in", 5)))
    assert heard.said[0][0] == "created"
    assert heard.said[-1][0] == "finished"
    assert len(heard.ends) == 1
    snapshot = heard.said[-1][1]
    assert isinstance(snapshot, JobSnapshot)
    assert snapshot.state is JobState.COMPLETED
    finals = [update for update in heard.updates if update.state.is_final]
    assert [update.item_id for update in finals] == [0, 1, 2, 3, 4]
    assert all(update.outcome is not None and update.outcome.result_files for update in finals)


@pytest.mark.logs_errors
def test_an_engine_that_raises_costs_items_not_the_end(
    qtbot: QtBot, make_application: MakeApplication, make_images: MakeImages, tmp_path: Path
) -> None:
    del qtbot
    heard = run_here(make_application(RAISING), as_found(make_images(tmp_path / "in", 3, marked={1})))
    assert [name for name, _ in heard.ends] == ["finished"]
    states = {update.item_id: update.state for update in heard.updates}
    assert states == {0: ItemState.COMPLETED, 1: ItemState.FAILED, 2: ItemState.COMPLETED}


def test_a_job_that_is_refused_ends_with_the_remedy(
    qtbot: QtBot, make_application: MakeApplication, make_images: MakeImages, tmp_path: Path
) -> None:
    del qtbot
    heard = run_here(make_application(MISSING), as_found(make_images(tmp_path / "in", 1)))
    ((name, failure),) = heard.said
    assert name == "failed"
    assert isinstance(failure, Failure)
    assert (failure.message, failure.remedy) == ("The missing engine is not here.", "Get it.")
    assert "Traceback" in failure.details
    assert "Traceback" not in failure.text


def exploding_probe() -> EngineStatus:
    raise RuntimeError("a bug in a library")


@pytest.mark.logs_errors
def test_a_runtime_error_still_ends_it(
    qtbot: QtBot, make_application: MakeApplication, make_images: MakeImages, tmp_path: Path
) -> None:
    del qtbot
    engine = msgspec.structs.replace(NOOP, probe=exploding_probe)
    heard = run_here(make_application(engine), as_found(make_images(tmp_path / "in", 1)))
    assert [name for name, _ in heard.said] == ["failed"]


@pytest.mark.logs_errors
def test_what_happened_before_a_breakdown_is_told_before_the_end(qtbot: QtBot) -> None:
    del qtbot
    worker = BatchWorker.for_new_job(cast("JobManager", BreakingJobs()), [], RunOptions())
    heard = Heard(worker)
    worker.run()
    assert [name for name, _ in heard.said] == ["created", "items_changed", "items_changed", "failed"]
    assert [update.item_id for update in heard.updates] == [0, 1, 2]


class BreakingJobs:
    """A manager whose run breaks down right after three images have begun."""

    def create(self, images: Sequence[FoundImage], options: RunOptions) -> JobSnapshot:
        del images
        return JobSnapshot(
            id="job",
            state=JobState.QUEUED,
            options=options,
            created_at=datetime.now(UTC),
            progress=Progress(stats=JobStats(total=3, pending=3)),
        )

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        self._listener = listener
        return lambda: None

    def start(self, job_id: str) -> JobSnapshot:
        for number in range(3):
            self._listener(ItemStarted(job_id=job_id, sequence=number + 1, item_id=number, attempt=1))
        raise RuntimeError("the machine room is on fire")


@pytest.mark.logs_errors
def test_another_listener_that_fails_does_not_matter(
    qtbot: QtBot, make_application: MakeApplication, make_images: MakeImages, tmp_path: Path
) -> None:
    del qtbot
    application = make_application()

    def fail(_event: Event) -> None:
        raise RuntimeError("a listener with a bug")

    application.jobs.subscribe(fail)
    heard = run_here(application, as_found(make_images(tmp_path / "in", 2)))
    assert [name for name, _ in heard.ends] == ["finished"]


def test_cancelled_before_it_began_it_reads_nothing(
    qtbot: QtBot, make_application: MakeApplication, make_images: MakeImages, tmp_path: Path
) -> None:
    del qtbot
    worker = BatchWorker.for_new_job(
        make_application().jobs, as_found(make_images(tmp_path / "in", 3)), RunOptions()
    )
    heard = Heard(worker)
    worker.cancel()
    worker.run()
    assert [name for name, _ in heard.said] == ["created", "finished"]
    snapshot = heard.said[-1][1]
    assert isinstance(snapshot, JobSnapshot)
    assert snapshot.state is JobState.CANCELLED
    assert snapshot.stats.completed == 0
    assert not list(tmp_path.glob("in/*.json"))


def test_cancelled_between_created_and_started_it_ends_too(
    qtbot: QtBot, make_application: MakeApplication, make_images: MakeImages, tmp_path: Path
) -> None:
    del qtbot
    worker = BatchWorker.for_new_job(
        make_application().jobs, as_found(make_images(tmp_path / "in", 3)), RunOptions()
    )
    heard = Heard(worker)
    worker.created.connect(lambda _job_id: worker.cancel())
    worker.run()
    assert [name for name, _ in heard.ends] == ["finished"]
    snapshot = heard.ends[0][1]
    assert isinstance(snapshot, JobSnapshot)
    assert snapshot.state is JobState.CANCELLED


# -- The controller: the worker on a real thread


def watch_phases(controller: RunController) -> list[RunPhase]:
    phases: list[RunPhase] = []
    controller.phase_changed.connect(phases.append)
    return phases


def test_a_run_goes_through_its_phases_on_a_thread_of_its_own(
    qtbot: QtBot, make_application: MakeApplication, make_images: MakeImages, tmp_path: Path
) -> None:
    controller = RunController(make_application().jobs)
    phases = watch_phases(controller)
    updates: list[ImageUpdate] = []
    threads: set[QThread] = set()
    controller.images_changed.connect(updates.extend)
    controller.images_changed.connect(lambda _: threads.add(QThread.currentThread()))
    with qtbot.waitSignal(controller.finished, timeout=10_000):
        controller.start(as_found(make_images(tmp_path / "in", 3)), [70, None, 90], RunOptions())
    assert phases == [RunPhase.STARTING, RunPhase.RUNNING, RunPhase.IDLE]
    assert {update.id for update in updates} == {70, 90}  # in the ids of the model, not of the job
    assert {update.id for update in updates if update.state is ItemState.COMPLETED} == {70, 90}
    assert threads == {controller.thread()}
    assert controller.findChildren(QThread) == [] or not any(
        thread.isRunning() for thread in controller.findChildren(QThread)
    )


def test_pause_holds_back_and_resume_goes_on(
    qtbot: QtBot, make_application: MakeApplication, make_images: MakeImages, tmp_path: Path
) -> None:
    controller = RunController(make_application(SLOW).jobs)
    phases = watch_phases(controller)
    controller.start(as_found(make_images(tmp_path / "in", 6)), range(6), RunOptions())
    qtbot.waitUntil(lambda: controller.phase is RunPhase.RUNNING)
    controller.pause()
    assert controller.phase is RunPhase.PAUSING
    qtbot.waitUntil(lambda: controller.phase is RunPhase.PAUSED)
    done = len(list(tmp_path.glob("in/*.json")))
    assert done < 6
    with qtbot.waitSignal(controller.progressed):
        pass  # a tick later, still the same
    assert len(list(tmp_path.glob("in/*.json"))) == done
    with qtbot.waitSignal(controller.finished, timeout=10_000):
        controller.resume()
    assert len(list(tmp_path.glob("in/*.json"))) == 6
    assert phases[-4:] == [RunPhase.PAUSING, RunPhase.PAUSED, RunPhase.RUNNING, RunPhase.IDLE]


def test_cancel_works_before_there_is_a_job(
    qtbot: QtBot, make_application: MakeApplication, make_images: MakeImages, tmp_path: Path
) -> None:
    release, probing = threading.Event(), threading.Event()

    def slow_probe() -> EngineStatus:
        probing.set()
        release.wait(10)
        return NOOP.probe()

    engine: EngineSpec = msgspec.structs.replace(NOOP, probe=slow_probe)
    controller = RunController(make_application(engine).jobs)
    controller.start(as_found(make_images(tmp_path / "in", 3)), range(3), RunOptions())
    assert probing.wait(10)
    controller.cancel()
    assert controller.phase is RunPhase.CANCELLING
    with qtbot.waitSignal(controller.finished, timeout=10_000) as finished:
        release.set()
    assert finished.args[0].state is JobState.CANCELLED
    assert not list(tmp_path.glob("in/*.json"))


def test_a_second_start_is_refused_while_one_runs(
    qtbot: QtBot, make_application: MakeApplication, make_images: MakeImages, tmp_path: Path
) -> None:
    application = make_application(SLOW)
    controller = RunController(application.jobs)
    images = as_found(make_images(tmp_path / "in", 3))
    controller.start(images, range(3), RunOptions())
    controller.start(images, range(3), RunOptions())
    with qtbot.waitSignal(controller.finished, timeout=10_000):
        pass
    assert len(application.jobs.list()) == 1


def test_shutting_down_leaves_no_thread(
    qtbot: QtBot, make_application: MakeApplication, make_images: MakeImages, tmp_path: Path
) -> None:
    controller = RunController(make_application(SLOW).jobs)
    controller.start(as_found(make_images(tmp_path / "in", 20)), range(20), RunOptions())
    qtbot.waitUntil(lambda: controller.phase is RunPhase.RUNNING)
    controller.shut_down()
    assert not any(thread.isRunning() for thread in controller.findChildren(QThread))
    assert len(list(tmp_path.glob("in/*.json"))) < 20
