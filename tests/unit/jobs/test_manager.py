import re
import threading
from pathlib import Path

import pytest

from ocr_desktop.bootstrap import Application, build_application
from ocr_desktop.domain.errors import (
    EngineMissingError,
    JobBusyError,
    JobNotFoundError,
    LanguageMissingError,
    NothingFoundError,
    OutputNotWritableError,
)
from ocr_desktop.domain.events import (
    Event,
    ItemFinished,
    ItemRequeued,
    ItemStarted,
    JobProgressed,
    JobStateChanged,
)
from ocr_desktop.domain.items import FoundImage
from ocr_desktop.domain.jobs import JobSnapshot
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import ItemState, JobState
from ocr_desktop.services.engines.protocol import EngineSpec
from tests.conftest import MakeImages
from tests.fakes.engines import BREAKABLE, BROKEN_VARIABLE, GIVING_UP, MEMORY_EATER, MISSING, NOOP, RAISING


def application(*engines: EngineSpec) -> Application:
    return build_application(engines=engines or (NOOP,), serial=True)


def found(paths: list[Path]) -> list[FoundImage]:
    return [FoundImage(str(path), str(path.parent)) for path in paths]


def record(app: Application) -> list[Event]:
    events: list[Event] = []
    app.jobs.subscribe(events.append)
    return events


def test_a_job_reads_every_image(tmp_path: Path, make_images: MakeImages) -> None:
    app = application()
    job = app.jobs.create(found(make_images(tmp_path, 3)), RunOptions())
    assert re.fullmatch(r"batch_\d{13}_[0-9a-f]{8}", job.id)
    assert (job.state, job.stats.pending) == (JobState.QUEUED, 3)
    finished = app.jobs.start(job.id)
    assert finished.state is JobState.COMPLETED
    assert finished.stats.completed == 3
    assert finished.finished_at is not None
    for item in app.jobs.items(job.id):
        assert item.outcome is not None
        assert [Path(file).exists() for file in item.outcome.result_files] == [True, True]


def test_a_second_job_skips_what_the_first_has_read(tmp_path: Path, make_images: MakeImages) -> None:
    app = application()
    images = found(make_images(tmp_path, 3))
    app.jobs.start(app.jobs.create(images, RunOptions()).id)
    second = app.jobs.start(app.jobs.create(images, RunOptions()).id)
    assert second.stats.skipped == 3
    assert second.state is JobState.COMPLETED
    for item in app.jobs.items(second.id):
        assert item.outcome is not None
        assert item.outcome.reason == "Already read with these settings."


def test_events_come_in_order_and_tell_everything(tmp_path: Path, make_images: MakeImages) -> None:
    app = application(GIVING_UP)
    events = record(app)
    job = app.jobs.create(found(make_images(tmp_path, 3, marked={1})), RunOptions())
    app.jobs.start(job.id)
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    assert all(event.job_id == job.id for event in events)
    states = [event.state for event in events if isinstance(event, JobStateChanged)]
    assert states == [JobState.PROCESSING, JobState.COMPLETED_WITH_ERRORS]
    assert events[-1] == JobStateChanged(
        job_id=job.id, sequence=len(events), state=JobState.COMPLETED_WITH_ERRORS
    )
    assert [event.item_id for event in events if isinstance(event, ItemStarted)] == [0, 1, 2]
    outcomes = [event.outcome for event in events if isinstance(event, ItemFinished)]
    assert [outcome.state.value for outcome in outcomes] == ["completed", "failed", "completed"]
    last_progress = [event.progress for event in events if isinstance(event, JobProgressed)][-1]
    assert last_progress.stats.done == last_progress.stats.total == 3


def test_an_outcome_is_in_the_store_before_it_is_announced(tmp_path: Path, make_images: MakeImages) -> None:
    app = application()
    seen: list[ItemState] = []

    def look(event: Event) -> None:
        if isinstance(event, ItemFinished):
            (item,) = app.jobs.items(event.job_id, after=event.outcome.item_id - 1, limit=1)
            seen.append(item.state)

    app.jobs.subscribe(look)
    app.jobs.start(app.jobs.create(found(make_images(tmp_path, 2)), RunOptions()).id)
    assert seen == [ItemState.COMPLETED] * 2


@pytest.mark.parametrize(
    ("engine", "kind", "words"),
    [
        (GIVING_UP, "recognition", "gave up"),
        (MEMORY_EATER, "out-of-memory", "not enough memory"),
        pytest.param(RAISING, "unexpected", "stumbled", marks=pytest.mark.logs_errors),
    ],
)
def test_a_failing_image_fails_alone_and_is_not_tried_again(
    tmp_path: Path, make_images: MakeImages, engine: EngineSpec, kind: str, words: str
) -> None:
    app = application(engine)
    events = record(app)
    job = app.jobs.create(found(make_images(tmp_path, 3, marked={1})), RunOptions(retries=2))
    finished = app.jobs.start(job.id)
    assert finished.state is JobState.COMPLETED_WITH_ERRORS
    assert (finished.stats.completed, finished.stats.failed) == (2, 1)
    (failed,) = app.jobs.items(job.id, states={ItemState.FAILED})
    assert failed.outcome is not None
    assert failed.outcome.error_kind == kind
    assert words in failed.outcome.error
    assert failed.outcome.attempts == 1
    assert not any(isinstance(event, ItemRequeued) for event in events)


@pytest.mark.logs_errors
def test_a_listener_that_fails_does_not_cost_the_batch(
    tmp_path: Path, make_images: MakeImages, caplog: pytest.LogCaptureFixture
) -> None:
    app = application()

    def fail(_event: Event) -> None:
        raise RuntimeError("listener")

    app.jobs.subscribe(fail)
    finished = app.jobs.start(app.jobs.create(found(make_images(tmp_path, 1)), RunOptions()).id)
    assert finished.state is JobState.COMPLETED
    assert "A listener failed" in caplog.text


def test_an_unsubscribed_listener_hears_nothing(tmp_path: Path, make_images: MakeImages) -> None:
    app = application()
    events: list[Event] = []
    app.jobs.subscribe(events.append)()
    app.jobs.start(app.jobs.create(found(make_images(tmp_path, 1)), RunOptions()).id)
    assert events == []


def test_nothing_to_read_is_refused() -> None:
    with pytest.raises(NothingFoundError):
        application().jobs.create([], RunOptions())


def test_a_missing_engine_is_refused_before_anything_starts(tmp_path: Path, make_images: MakeImages) -> None:
    with pytest.raises(EngineMissingError, match=r"not here.*Get it"):
        application(MISSING).jobs.create(found(make_images(tmp_path, 1)), RunOptions())


def test_a_missing_language_is_refused_before_anything_starts(
    tmp_path: Path, make_images: MakeImages
) -> None:
    with pytest.raises(LanguageMissingError, match="fra"):
        application().jobs.create(found(make_images(tmp_path, 1)), RunOptions(languages=("eng", "fra")))


def test_an_output_folder_that_cannot_be_is_refused(tmp_path: Path, make_images: MakeImages) -> None:
    images = found(make_images(tmp_path, 1))
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputNotWritableError, match="file"):
        application().jobs.create(images, RunOptions(output_dir=str(tmp_path / "file" / "out")))


def test_unknown_jobs_are_refused() -> None:
    jobs = application().jobs
    for action in (jobs.get, jobs.start, jobs.delete, jobs.cancel):
        with pytest.raises(JobNotFoundError):
            action("batch_0_00000000")


def test_a_finished_job_takes_no_orders_and_never_processes_again(
    tmp_path: Path, make_images: MakeImages
) -> None:
    app = application()
    job = app.jobs.create(found(make_images(tmp_path, 1)), RunOptions())
    app.jobs.start(job.id)
    assert not app.jobs.pause(job.id)
    assert not app.jobs.resume(job.id)
    assert not app.jobs.cancel(job.id)
    with pytest.raises(JobBusyError):
        app.jobs.start(job.id)
    assert app.jobs.get(job.id).state is JobState.COMPLETED


def test_a_queued_job_is_cancelled_on_the_spot(tmp_path: Path, make_images: MakeImages) -> None:
    app = application()
    job = app.jobs.create(found(make_images(tmp_path, 3)), RunOptions())
    assert app.jobs.cancel(job.id)
    cancelled = app.jobs.get(job.id)
    assert (cancelled.state, cancelled.stats.cancelled) == (JobState.CANCELLED, 3)


class TestJobsThatWait:
    """A job belongs to the program that made it until that starts it or ends; then others may run it."""

    def test_a_job_waits_for_the_program_that_made_it(self, tmp_path: Path, make_images: MakeImages) -> None:
        mine, other = (build_application(engines=[NOOP], serial=True, home=tmp_path / "home") for _ in "12")
        job = mine.jobs.create(found(make_images(tmp_path / "scans", 2)), RunOptions())
        assert other.jobs.resumable() == []
        assert mine.jobs.resumable() == []
        with pytest.raises(JobBusyError):
            other.jobs.start(job.id)
        with pytest.raises(JobBusyError):
            other.jobs.delete(job.id)
        mine.close()
        assert [each.id for each in other.jobs.resumable()] == [job.id]
        assert other.jobs.start(job.id).state is JobState.COMPLETED
        assert other.jobs.resumable() == []
        other.close()

    def test_a_job_that_another_program_cancels_while_it_waits_is_not_run(
        self, tmp_path: Path, make_images: MakeImages
    ) -> None:
        mine, other = (build_application(engines=[NOOP], serial=True, home=tmp_path / "home") for _ in "12")
        job = mine.jobs.create(found(make_images(tmp_path / "scans", 2)), RunOptions())
        assert other.jobs.cancel(job.id)
        finished = mine.jobs.start(job.id)
        assert finished.state is JobState.CANCELLED
        assert finished.stats.cancelled == 2
        mine.close()
        other.close()


def test_list_and_delete(tmp_path: Path, make_images: MakeImages) -> None:
    app = application()
    images = found(make_images(tmp_path, 1))
    first = app.jobs.create(images, RunOptions())
    second = app.jobs.create(images, RunOptions())
    assert [job.id for job in app.jobs.list()] == [second.id, first.id]
    app.jobs.delete(first.id)
    assert [job.id for job in app.jobs.list()] == [second.id]


def test_a_running_job_cannot_be_deleted_or_started_again(tmp_path: Path, make_images: MakeImages) -> None:
    app = application()
    job = app.jobs.create(found(make_images(tmp_path, 1)), RunOptions())
    refused: list[type[Exception]] = []

    def try_both(event: Event) -> None:
        if isinstance(event, ItemStarted):
            for action in (app.jobs.delete, app.jobs.start):
                try:
                    action(job.id)
                except JobBusyError as error:
                    refused.append(type(error))

    app.jobs.subscribe(try_both)
    app.jobs.start(job.id)
    assert refused == [JobBusyError, JobBusyError]


def test_items_come_in_pages(tmp_path: Path, make_images: MakeImages) -> None:
    app = application()
    job = app.jobs.create(found(make_images(tmp_path, 5)), RunOptions())
    first = app.jobs.items(job.id, limit=2)
    rest = app.jobs.items(job.id, after=first[-1].item.id, limit=10)
    assert [record.item.id for record in (*first, *rest)] == [0, 1, 2, 3, 4]


class TestTrouble:
    """What no image can help pauses the job, and is not taken out on the images."""

    def test_a_broken_engine_pauses_the_job_and_a_resume_reads_everything(
        self, tmp_path: Path, make_images: MakeImages, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken = tmp_path / "broken"
        broken.touch()
        monkeypatch.setenv(BROKEN_VARIABLE, str(broken))
        app = application(BREAKABLE)
        job = app.jobs.create(found(make_images(tmp_path / "scans", 30)), RunOptions())
        snapshots: list[JobSnapshot] = []

        def repair_and_resume(event: Event) -> None:
            if isinstance(event, JobProgressed) and app.jobs.get(job.id).state is JobState.PAUSED:
                snapshots.append(app.jobs.get(job.id))
                broken.unlink()
                app.jobs.resume(job.id)

        app.jobs.subscribe(repair_and_resume)
        finished = app.jobs.start(job.id)
        (paused,) = snapshots
        assert paused.trouble is not None
        assert paused.trouble.message.startswith("10 images in a row could not be read. The last time:")
        assert paused.stats.failed == 0
        assert paused.stats.pending == 30
        assert (finished.state, finished.stats.completed) == (JobState.COMPLETED, 30)
        assert finished.trouble is None

    def test_failures_that_nothing_follows_are_settled(self, tmp_path: Path, make_images: MakeImages) -> None:
        app = application(GIVING_UP)
        job = app.jobs.create(found(make_images(tmp_path, 4, marked={1, 2, 3})), RunOptions())
        finished = app.jobs.start(job.id)
        assert (finished.stats.completed, finished.stats.failed) == (1, 3)

    def test_the_trouble_is_remembered_with_an_interrupted_job(
        self, tmp_path: Path, make_images: MakeImages
    ) -> None:
        app = application(GIVING_UP)
        events = record(app)
        images = make_images(tmp_path, 20, marked=set(range(20)))
        job = app.jobs.create(found(images), RunOptions())

        def interrupt(event: Event) -> None:
            if isinstance(event, JobStateChanged) and event.trouble:
                app.jobs.interrupt(job.id)

        app.jobs.subscribe(interrupt)
        stopped = app.jobs.start(job.id)
        assert (stopped.state, stopped.stats.failed, stopped.stats.pending) == (JobState.INTERRUPTED, 0, 20)
        assert stopped.trouble is not None
        assert stopped.trouble.kind == "recognition"
        (told,) = [event for event in events if isinstance(event, JobStateChanged) and event.trouble]
        assert (told.state, told.trouble) == (JobState.PAUSED, stopped.trouble)


class TestOrdersInTheMiddle:
    """Orders given at the worst moments, by a listener: it runs while an item is just starting or ending."""

    def test_pause_holds_back_the_very_next_item(self, tmp_path: Path, make_images: MakeImages) -> None:
        app = application()
        events = record(app)
        job = app.jobs.create(found(make_images(tmp_path, 10)), RunOptions())
        paused = threading.Event()

        def pause_at_third(event: Event) -> None:
            if isinstance(event, ItemStarted) and event.item_id == 2:
                assert app.jobs.pause(job.id)
                paused.set()

        app.jobs.subscribe(pause_at_third)
        thread = threading.Thread(target=app.jobs.start, args=(job.id,))
        thread.start()
        assert paused.wait(10)
        assert app.jobs.get(job.id).state is JobState.PAUSED
        started_then = [event.item_id for event in events if isinstance(event, ItemStarted)]
        thread.join(0.5)
        assert (
            [event.item_id for event in events if isinstance(event, ItemStarted)] == started_then == [0, 1, 2]
        )
        assert app.jobs.resume(job.id)
        thread.join(10)
        assert app.jobs.get(job.id).state is JobState.COMPLETED
        states = [event.state.value for event in events if isinstance(event, JobStateChanged)]
        assert states == ["processing", "paused", "processing", "completed"]

    def test_cancel_during_the_last_item_is_a_cancel(self, tmp_path: Path, make_images: MakeImages) -> None:
        app = application()
        job = app.jobs.create(found(make_images(tmp_path, 3)), RunOptions())

        def cancel_at_last(event: Event) -> None:
            if isinstance(event, ItemStarted) and event.item_id == 2:
                assert app.jobs.cancel(job.id)

        app.jobs.subscribe(cancel_at_last)
        finished = app.jobs.start(job.id)
        assert finished.state is JobState.CANCELLED
        assert finished.stats.remaining == 0

    def test_cancel_drops_everything_that_was_not_started(
        self, tmp_path: Path, make_images: MakeImages
    ) -> None:
        app = application()
        events = record(app)
        job = app.jobs.create(found(make_images(tmp_path, 120)), RunOptions(chunk_size=10))

        def cancel_at_fifth(event: Event) -> None:
            if isinstance(event, ItemFinished) and event.outcome.item_id == 4:
                assert app.jobs.cancel(job.id)

        app.jobs.subscribe(cancel_at_fifth)
        finished = app.jobs.start(job.id)
        assert finished.state is JobState.CANCELLED
        assert (finished.stats.completed, finished.stats.cancelled) == (5, 115)
        assert len([event for event in events if isinstance(event, ItemFinished)]) == 120

    def test_cancel_while_paused(self, tmp_path: Path, make_images: MakeImages) -> None:
        app = application()
        job = app.jobs.create(found(make_images(tmp_path, 5)), RunOptions())
        paused = threading.Event()

        def pause(event: Event) -> None:
            if isinstance(event, ItemStarted):
                app.jobs.pause(job.id)
                paused.set()

        app.jobs.subscribe(pause)
        thread = threading.Thread(target=app.jobs.start, args=(job.id,))
        thread.start()
        assert paused.wait(10)
        assert app.jobs.cancel(job.id)
        thread.join(10)
        assert app.jobs.get(job.id).state is JobState.CANCELLED

    def test_a_pause_during_the_last_item_ends_in_completed(
        self, tmp_path: Path, make_images: MakeImages
    ) -> None:
        app = application()
        job = app.jobs.create(found(make_images(tmp_path, 1)), RunOptions())

        def pause(event: Event) -> None:
            if isinstance(event, ItemStarted):
                app.jobs.pause(job.id)

        app.jobs.subscribe(pause)
        assert app.jobs.start(job.id).state is JobState.COMPLETED

    def test_an_interrupted_job_goes_on_where_it_was(self, tmp_path: Path, make_images: MakeImages) -> None:
        app = application()
        events = record(app)
        job = app.jobs.create(found(make_images(tmp_path, 6)), RunOptions())

        def interrupt(event: Event) -> None:
            if isinstance(event, ItemFinished) and event.outcome.item_id == 2:
                assert app.jobs.interrupt(job.id)

        unsubscribe = app.jobs.subscribe(interrupt)
        stopped = app.jobs.start(job.id)
        assert (stopped.state, stopped.stats.pending) == (JobState.INTERRUPTED, 3)
        unsubscribe()
        finished = app.jobs.start(job.id)
        assert (finished.state, finished.stats.completed) == (JobState.COMPLETED, 6)
        started = [event.item_id for event in events if isinstance(event, ItemStarted)]
        assert started == [0, 1, 2, 3, 4, 5]
