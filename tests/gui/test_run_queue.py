"""Several runs: queued while one goes on, moved, removed, run by themselves, and kept over a restart."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from ocr_desktop.bootstrap import Application
from ocr_desktop.domain.items import FoundImage
from ocr_desktop.domain.jobs import JobSnapshot
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import ItemState, JobState
from ocr_desktop.gui.main_window import MainWindow
from ocr_desktop.gui.run.queue_model import QueueModel
from ocr_desktop.gui.run.quit_question import QuitQuestion
from ocr_desktop.gui.run.run_controller import RunPhase
from ocr_desktop.gui.run.run_queue import common_folder
from tests.fakes.engines import NOOP, SLOW
from tests.gui import accessibility
from tests.gui.conftest import OpenWindow
from tests.gui.person import click, press, press_button

MakeImages = Callable[..., list[Path]]
MakeApplication = Callable[..., Application]


def open_more(qtbot: QtBot, window: MainWindow, *folders: Path) -> None:
    with qtbot.waitSignal(window.browser.scanner.finished, timeout=10_000):
        window.open_paths([str(folder) for folder in folders])


def ends(window: MainWindow) -> list[JobSnapshot]:
    """What each run of the window comes to, as it ends."""
    ended: list[JobSnapshot] = []
    window.run.finished.connect(ended.append)
    return ended


def _waits(window: MainWindow, count: int) -> bool:
    return len(window.runs.queue.waiting) == count


def queue_up(qtbot: QtBot, window: MainWindow, *folders: Path) -> None:
    """Open one folder after another, and add each to the queue by the button."""
    for folder in folders:
        before = len(window.runs.queue.waiting)
        open_more(qtbot, window, folder)
        qtbot.waitUntil(window.panel.add_button.isVisible)
        click(window.panel.add_button)
        qtbot.waitUntil(partial(_waits, window, before + 1))


@pytest.fixture
def running(qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path) -> MainWindow:
    """A window with a run of twelve images that takes a while."""
    make_images(tmp_path / "first", 12)
    window = open_window(SLOW, tmp_path / "first")
    click(window.panel.start_button)
    qtbot.waitUntil(lambda: window.run.phase is RunPhase.RUNNING)
    return window


def test_nothing_can_be_added_that_is_being_read_already(running: MainWindow) -> None:
    assert not running.panel.start_button.isVisible()
    assert not running.panel.add_button.isVisible()
    assert not running.menus.start.isEnabled()
    assert not running.panel.queue_row.isVisible()


def test_another_folder_is_added_and_runs_by_itself(
    qtbot: QtBot, running: MainWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "second", 3)
    ended = ends(running)
    open_more(qtbot, running, tmp_path / "second")
    button = running.panel.add_button
    qtbot.waitUntil(button.isVisible)
    assert button.text() == "Add to &queue (3)"
    assert running.menus.start.text() == "Add to &queue"
    press(running, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: len(running.runs.queue.waiting) == 1)
    row = running.panel.queue_row
    assert row.isVisible()
    assert row.sentence.text() == "Next: 3 images in “second”"
    assert not button.isVisible()
    model = running.browser.model
    second = [model.id_of_path(str(path)) for path in sorted((tmp_path / "second").iterdir())]
    assert all(model.state(image_id or 0) is ItemState.PENDING for image_id in second)
    qtbot.waitUntil(lambda: len(ended) == 2, timeout=30_000)
    assert [job.stats.completed for job in ended] == [12, 3]
    assert not row.isVisible()
    assert model.count_of(ItemState.COMPLETED) == 15
    assert running.panel.start_button.isVisible()
    assert "15" in running.panel.start_button.text()


def test_images_that_wait_stay_marked_when_a_run_ends(
    qtbot: QtBot, running: MainWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "second", 30)
    make_images(tmp_path / "third", 2)
    queue_up(qtbot, running, tmp_path / "second", tmp_path / "third")
    with qtbot.waitSignal(running.run.finished, timeout=20_000):
        click(running.panel.cancel_button)
    qtbot.waitUntil(lambda: running.run.phase is RunPhase.RUNNING)
    model = running.browser.model
    third = [model.id_of_path(str(path)) or 0 for path in sorted((tmp_path / "third").iterdir())]
    assert [model.state(image_id) for image_id in third] == [ItemState.PENDING] * 2
    assert running.panel.queue_row.sentence.text() == "Next: 2 images in “third”"
    running.runs.queue.cancel_all()


def test_the_queue_opens_and_its_runs_are_moved_and_removed(
    qtbot: QtBot, running: MainWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    for name, count in (("a", 2), ("b", 3), ("c", 4)):
        make_images(tmp_path / name, count)
    queue_up(qtbot, running, tmp_path / "a", tmp_path / "b", tmp_path / "c")
    running.run.pause()
    row, queue = running.panel.queue_row, running.runs.queue
    assert row.sentence.text() == "3 runs wait; next: 2 images in “a”"
    assert not row.list.isVisible()
    click(row.open_button)
    assert row.list.isVisible()
    assert row.model.index(2).data() == "3.  4 images in “c”"

    def folders() -> list[str]:
        return [Path(run.folder).name for run in queue.waiting]

    row.list.setCurrentIndex(row.model.index(2))
    assert not row.down_button.isEnabled()
    click(row.up_button)
    assert folders() == ["a", "c", "b"]
    assert row.list.currentIndex().row() == 1
    row.list.setFocus()
    press(row.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert folders() == ["c", "a", "b"]
    assert not row.up_button.isEnabled()
    press(row.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    press(row.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert folders() == ["a", "b", "c"]
    gone = queue.waiting[2].job.id
    press(row.list, Qt.Key.Key_Delete)
    assert folders() == ["a", "b"]
    jobs = running.application.jobs
    qtbot.waitUntil(lambda: jobs.get(gone).state is JobState.CANCELLED)
    assert running.browser.model.count_of(ItemState.CANCELLED) == 4
    click(row.remove_button)
    click(row.remove_button)
    assert not row.isVisible()
    assert running.run.phase in {RunPhase.PAUSING, RunPhase.PAUSED}


def test_quitting_asks_and_what_waits_is_offered_next_time(
    qtbot: QtBot,
    running: MainWindow,
    open_window: OpenWindow,
    make_images: MakeImages,
    tmp_path: Path,
) -> None:
    make_images(tmp_path / "second", 3)
    make_images(tmp_path / "third", 2)
    queue_up(qtbot, running, tmp_path / "second", tmp_path / "third")
    assert not running.close()
    question = running.findChild(QuitQuestion)
    assert question is not None
    assert question.text().endswith("2 more runs wait in the queue.")
    press_button(question, "Stop")
    qtbot.waitUntil(lambda: not running.isVisible(), timeout=10_000)
    running.application.close()

    window = open_window(NOOP)
    offer = window.messages.offer
    qtbot.waitUntil(offer.isVisible)
    assert offer.text.startswith("The last run was interrupted after ")
    assert offer.text.endswith("2 more runs were left.")
    assert offer.resume_button.text() == "Res&ume all (3)"
    ended = ends(window)
    click(offer.resume_button)
    qtbot.waitUntil(lambda: len(ended) == 3, timeout=30_000)
    assert [job.stats.completed for job in ended] == [12, 3, 2]
    assert window.browser.model.count_of(ItemState.COMPLETED) == 17
    assert window.application.jobs.resumable() == []


def test_the_order_that_somebody_gave_is_kept_over_a_restart(
    qtbot: QtBot,
    running: MainWindow,
    open_window: OpenWindow,
    make_images: MakeImages,
    tmp_path: Path,
) -> None:
    make_images(tmp_path / "second", 3)
    make_images(tmp_path / "third", 2)
    queue_up(qtbot, running, tmp_path / "second", tmp_path / "third")
    row = running.panel.queue_row
    click(row.open_button)
    row.list.setCurrentIndex(row.model.index(1))
    click(row.up_button)
    running.quit_now()
    qtbot.waitUntil(lambda: not running.isVisible(), timeout=10_000)
    running.application.close()

    left = open_window(NOOP).application.jobs.resumable()
    assert [job.stats.total for job in left] == [12, 2, 3]


def test_quitting_can_cancel_them_all(
    qtbot: QtBot,
    running: MainWindow,
    make_images: MakeImages,
    tmp_path: Path,
) -> None:
    make_images(tmp_path / "second", 3)
    queue_up(qtbot, running, tmp_path / "second")
    assert not running.close()
    question = running.findChild(QuitQuestion)
    assert question is not None
    press_button(question, "Cancel all")
    qtbot.waitUntil(lambda: not running.isVisible(), timeout=10_000)
    states = [job.state for job in running.application.jobs.list()]
    assert states == [JobState.CANCELLED, JobState.CANCELLED]


def test_a_run_that_waits_is_not_offered_to_a_second_window(
    qtbot: QtBot, running: MainWindow, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "second", 3)
    queue_up(qtbot, running, tmp_path / "second")
    other = open_window(NOOP)
    qtbot.waitUntil(lambda: not other.messages.offer.is_looking)
    assert not other.messages.offer.isVisible()


def test_discarding_what_was_left_cancels_it_all(
    qtbot: QtBot,
    make_application: MakeApplication,
    open_window: OpenWindow,
    make_images: MakeImages,
    tmp_path: Path,
) -> None:
    application = make_application()
    images = [FoundImage(str(path), str(tmp_path)) for path in make_images(tmp_path / "in", 2)]
    left = [application.jobs.create([image], RunOptions()).id for image in images]
    application.close()
    window = open_window()
    offer = window.messages.offer
    qtbot.waitUntil(offer.isVisible)
    assert "over 1 image has not been begun. 1 more run was left." in offer.text
    click(offer.discard_button)
    jobs = window.application.jobs
    qtbot.waitUntil(lambda: all(jobs.get(job_id).state is JobState.CANCELLED for job_id in left))
    assert not offer.isVisible()


def test_a_run_that_cannot_be_added_says_why(
    qtbot: QtBot, running: MainWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "second", 2)
    open_more(qtbot, running, tmp_path / "second")
    (tmp_path / "file").touch()
    options = RunOptions(output_dir=str(tmp_path / "file" / "below"))
    running.runs.queue.add([FoundImage("/no/such.png", "/no")], [None], options)
    qtbot.waitUntil(running.messages.failure.isVisible)
    assert "cannot be" in running.messages.failure.text
    assert not running.runs.queue.is_adding
    assert not running.panel.queue_row.isVisible()


def test_after_a_run_that_could_not_be_done_the_next_waits_for_somebody(
    qtbot: QtBot, running: MainWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    images = [FoundImage(str(path), str(path.parent)) for path in make_images(tmp_path / "second", 2)]
    make_images(tmp_path / "third", 3)
    out = tmp_path / "out"
    running.runs.queue.add(images, [None, None], RunOptions(output_dir=str(out)))
    qtbot.waitUntil(lambda: len(running.runs.queue.waiting) == 1)
    queue_up(qtbot, running, tmp_path / "third")
    out.rmdir()
    with qtbot.waitSignal(running.run.failed, timeout=20_000):
        click(running.panel.cancel_button)
    assert "not there any more" in running.messages.failure.text
    row = running.panel.queue_row
    assert row.sentence.text().startswith("Next: 3 images in “third”.")
    assert row.sentence.text().endswith("It waits because the last run could not be done.")
    assert running.run.phase is RunPhase.IDLE
    with qtbot.waitSignal(running.run.finished, timeout=20_000):
        click(row.go_on_button)
        assert running.messages.failure.isVisible()
    assert not row.isVisible()


def test_the_list_of_runs_is_a_sound_model() -> None:
    model = QueueModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert model.rowCount() == 0
    model.show_runs([])
    assert model.row_of("none") is None


def test_the_folder_of_a_run_is_the_one_above_all_its_images() -> None:
    assert common_folder({"/a/b", "/a/c"}) == "/a"
    assert common_folder({"/a/b"}) == "/a/b"
    assert common_folder(set()) == ""


def test_everybody_can_use_the_queue(
    qtbot: QtBot, running: MainWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "a", 20)
    make_images(tmp_path / "b", 3)
    make_images(tmp_path / "c", 3)
    queue_up(qtbot, running, tmp_path / "a", tmp_path / "b")
    click(running.panel.queue_row.open_button)
    open_more(qtbot, running, tmp_path / "c")
    qtbot.waitUntil(running.panel.add_button.isVisible)
    problems = [
        accessibility.nameless(running),
        accessibility.ambiguous_keys(running),
        accessibility.out_of_reach(running),
        accessibility.unexplained_icons(running),
    ]
    assert problems == [[], [], [], []]
    running.runs.queue.cancel_all()
