"""Runs that were cut off: offered by a banner at the next start, resumed or discarded, never lost."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from ocr_desktop.bootstrap import Application
from ocr_desktop.domain.items import FoundImage, ItemOutcome
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import ItemState, JobState
from ocr_desktop.gui.main_window import MainWindow
from ocr_desktop.gui.run.quit_question import QuitQuestion
from ocr_desktop.gui.run.run_controller import RunPhase
from tests.fakes.engines import NOOP, SLOW
from tests.gui.conftest import OpenWindow
from tests.gui.person import click, press_button

MakeImages = Callable[..., list[Path]]
MakeApplication = Callable[..., Application]


def cut_off(application: Application, images: list[Path], root: Path, options: RunOptions) -> str:
    """Leave a job behind as a program does that dies: item 0 done, item 1 in work."""
    found = [FoundImage(str(path), str(root)) for path in images]
    job = application.jobs.create(found, options)
    store = application.store
    store.set_job_state(job.id, JobState.PROCESSING)
    store.set_item_state(job.id, 0, ItemState.PROCESSING)
    outcome = ItemOutcome(item_id=0, state=ItemState.COMPLETED, confidence=0.5, attempts=1)
    store.settle(job.id, [outcome])
    store.set_item_state(job.id, 1, ItemState.PROCESSING)
    application.close()
    return job.id


def offered(qtbot: QtBot, window: MainWindow) -> MainWindow:
    qtbot.waitUntil(window.messages.offer.isVisible)
    return window


def test_nothing_is_offered_where_nothing_was_interrupted(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    qtbot.waitUntil(lambda: not window.messages.offer.is_looking)
    assert not window.messages.offer.isVisible()
    assert not window.messages.start.isVisible()


def test_an_interrupted_run_is_offered_and_resumed(
    qtbot: QtBot,
    open_window: OpenWindow,
    make_application: MakeApplication,
    make_images: MakeImages,
    tmp_path: Path,
) -> None:
    images = make_images(tmp_path / "in", 4)
    job_id = cut_off(make_application(), images, tmp_path / "in", RunOptions())
    window = offered(qtbot, open_window())
    assert window.messages.offer.text == "The last run was interrupted after 1 of 4 images."
    with qtbot.waitSignal(window.run.finished, timeout=20_000):
        click(window.messages.offer.resume_button)
    assert not window.messages.offer.isVisible()
    assert window.run.job_id == job_id
    model = window.browser.model
    assert [model.image(image_id).path for image_id in model.shown_ids()] == [str(path) for path in images]
    assert model.count_of(ItemState.COMPLETED) == 4
    assert model.tile(0).confidence == pytest.approx(0.5)  # it was not read again
    assert window.panel.bar.stats.completed == 4
    window.menus.results.trigger()
    results = window.others.results
    assert results is not None
    qtbot.waitUntil(lambda: results.model.total == 4)


def test_a_resumed_run_keeps_the_images_that_are_open_and_their_folders(
    qtbot: QtBot,
    open_window: OpenWindow,
    make_application: MakeApplication,
    make_images: MakeImages,
    tmp_path: Path,
) -> None:
    images = make_images(tmp_path / "in" / "deep", 3)
    others = make_images(tmp_path / "other", 2)
    options = RunOptions(output_dir=str(tmp_path / "out"))
    cut_off(make_application(), images, tmp_path / "in", options)
    window = offered(qtbot, open_window(NOOP, tmp_path / "other", images[2]))
    with qtbot.waitSignal(window.run.finished, timeout=20_000):
        click(window.messages.offer.resume_button)
    model = window.browser.model
    assert model.total == 5
    assert model.state(model.id_of_path(str(others[0])) or 0) is None
    assert model.state(model.id_of_path(str(images[2])) or 0) is ItemState.COMPLETED
    assert model.image(model.id_of_path(str(images[0])) or 0).root == str(tmp_path / "in")
    assert (tmp_path / "out" / "deep" / "scan 0002_ocr_results.json").exists()


def test_a_discarded_run_is_cancelled_and_not_offered_again(
    qtbot: QtBot,
    open_window: OpenWindow,
    make_application: MakeApplication,
    make_images: MakeImages,
    tmp_path: Path,
) -> None:
    job_id = cut_off(make_application(), make_images(tmp_path / "in", 3), tmp_path / "in", RunOptions())
    window = offered(qtbot, open_window())
    click(window.messages.offer.discard_button)
    jobs = window.application.jobs
    qtbot.waitUntil(lambda: jobs.get(job_id).state is JobState.CANCELLED)
    assert not window.messages.offer.isVisible()
    assert jobs.get(job_id).stats.completed == 1
    assert window.browser.model.total == 0


def test_stopped_at_quitting_and_resumed_next_time(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 12)
    window = open_window(SLOW, tmp_path / "in")
    click(window.panel.start_button)
    qtbot.waitUntil(lambda: window.browser.model.count_of(ItemState.COMPLETED) > 0)
    assert not window.close()
    question = window.findChild(QuitQuestion)
    assert question is not None
    press_button(question, "Stop")
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=10_000)
    read = window.panel.bar.stats.completed
    assert 0 < read < 12
    window.application.close()
    again = offered(qtbot, open_window(NOOP))
    assert again.messages.offer.text == f"The last run was interrupted after {read} of 12 images."


def test_a_run_that_is_going_on_is_not_disturbed(
    qtbot: QtBot,
    open_window: OpenWindow,
    make_application: MakeApplication,
    make_images: MakeImages,
    tmp_path: Path,
) -> None:
    cut_off(make_application(), make_images(tmp_path / "old", 2), tmp_path / "old", RunOptions())
    make_images(tmp_path / "in", 6)
    window = offered(qtbot, open_window(SLOW, tmp_path / "in"))
    click(window.panel.start_button)
    qtbot.waitUntil(lambda: window.run.phase is RunPhase.RUNNING)
    assert not window.messages.offer.resume_button.isEnabled()
    with qtbot.waitSignal(window.run.finished, timeout=10_000):
        click(window.panel.cancel_button)
    assert window.messages.offer.resume_button.isEnabled()


def test_a_run_that_is_not_the_newest_is_named_by_its_date(
    qtbot: QtBot,
    open_window: OpenWindow,
    make_application: MakeApplication,
    make_images: MakeImages,
    tmp_path: Path,
) -> None:
    images = make_images(tmp_path / "in", 2)
    cut_off(make_application(), images, tmp_path / "in", RunOptions())
    application = make_application()
    newer = application.jobs.create([FoundImage(str(images[0]), str(tmp_path / "in"))], RunOptions())
    application.jobs.cancel(newer.id)
    application.close()
    window = offered(qtbot, open_window())
    assert window.messages.offer.text.startswith("The run of ")
    assert window.messages.offer.text.endswith(" was interrupted after 1 of 2 images.")


def test_what_happened_at_the_start_is_said(qtbot: QtBot, make_application: MakeApplication) -> None:
    application = msgspec.structs.replace(make_application(), notices=("The list was begun anew.",))
    window = MainWindow(application)
    qtbot.addWidget(window)
    window.show()
    assert window.messages.start.text == "The list was begun anew."
    assert window.messages.start.isVisible()
    click(window.messages.start.close_button)
    assert not window.messages.start.isVisible()
    window.close()
    application.close()
