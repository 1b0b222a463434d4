"""Correcting a text: saved beside the OCR's own, asked about before it could be lost, taken back."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from pytestqt.qtbot import QtBot

from ocr_desktop.domain.options import Overwrite, RunOptions
from ocr_desktop.gui.run.run_controller import RunPhase
from ocr_desktop.gui.viewer.entries import ViewerEntry
from ocr_desktop.gui.viewer.viewer_window import Viewer
from tests.fakes.engines import NOOP
from tests.gui.conftest import OpenWindow
from tests.gui.person import click, press, type_text
from tests.gui.readings import make_reading, read_back

CONTROL = Qt.KeyboardModifier.ControlModifier
READ = "Total amount l2.5O\npaid tbe total\n"
ShowEntries = Callable[..., Viewer]
MakeImages = Callable[..., list[Path]]


@pytest.fixture
def show(qtbot: QtBot) -> Iterator[ShowEntries]:
    """Return a function that shows entries in a viewer, and ends it after the test."""
    viewers: list[Viewer] = []

    def show_(*entries: ViewerEntry) -> Viewer:
        viewer = Viewer()
        viewers.append(viewer)
        viewer.show()
        qtbot.waitExposed(viewer)
        viewer.show_entries(entries, 0)
        qtbot.waitUntil(lambda: viewer.page.has_picture)
        viewer.text.setFocus()
        return viewer

    yield show_
    for viewer in viewers:
        viewer.stop()
        viewer.deleteLater()


def save(qtbot: QtBot, viewer: Viewer) -> None:
    with qtbot.waitSignal(viewer.saved, timeout=10_000):
        press(viewer, Qt.Key.Key_S, CONTROL)


def test_a_correction_is_saved_beside_the_own_text_of_the_ocr(
    qtbot: QtBot, show: ShowEntries, tmp_path: Path
) -> None:
    entry = make_reading(tmp_path)
    viewer = show(entry)
    assert viewer.panel.state.text() == "As the OCR read it"
    assert not viewer.commands.save.isEnabled()
    type_text(viewer.text, "Sub")
    assert viewer.isWindowModified()
    assert viewer.panel.state.text() == "Changes not saved"
    save(qtbot, viewer)
    document = read_back(entry)
    assert document.text == READ
    assert document.best_text == "Sub" + READ
    assert not viewer.isWindowModified()
    assert viewer.panel.state.text().startswith("Corrected on ")
    assert not viewer.commands.save.isEnabled()
    qtbot.waitUntil(lambda: "Sub" in viewer.panel.txt.whole_text)
    assert '"correction"' in viewer.panel.json.whole_text
    again = show(entry)
    assert again.text.toPlainText() == "Sub" + READ
    assert again.text.words.span(0) == (0, 8)  # the box of “Total” belongs to “SubTotal” now


def test_a_word_that_is_pasted_over_another_one_is_saved(
    qtbot: QtBot, show: ShowEntries, tmp_path: Path
) -> None:
    entry = make_reading(tmp_path)
    viewer = show(entry)
    press(viewer, Qt.Key.Key_F8)
    doubtful = viewer.text.textCursor().selectedText()
    QGuiApplication.clipboard().setText("pasted")
    press(viewer.text, Qt.Key.Key_V, CONTROL)
    assert viewer.text.exact_text == viewer.text.toPlainText()
    save(qtbot, viewer)
    assert read_back(entry).best_text == READ.replace(doubtful, "pasted")


def test_undo_redo_and_back_to_the_text_of_the_ocr(qtbot: QtBot, show: ShowEntries, tmp_path: Path) -> None:
    entry = make_reading(tmp_path)
    viewer = show(entry)
    type_text(viewer.text, "x")
    viewer.commands.undo.trigger()
    assert viewer.text.toPlainText() == READ
    assert not viewer.isWindowModified()
    viewer.commands.redo.trigger()
    save(qtbot, viewer)
    assert read_back(entry).correction is not None
    viewer.commands.revert.trigger()
    assert viewer.text.toPlainText() == READ
    assert viewer.is_dirty
    viewer.commands.undo.trigger()  # even that can be undone
    assert viewer.text.toPlainText() == "x" + READ
    viewer.commands.revert.trigger()
    save(qtbot, viewer)
    assert read_back(entry).correction is None
    assert viewer.panel.state.text() == "As the OCR read it"


def test_words_that_were_lost_come_back_with_the_text(
    qtbot: QtBot, show: ShowEntries, tmp_path: Path
) -> None:
    viewer = show(make_reading(tmp_path))
    viewer.text.selectAll()
    press(viewer.text, Qt.Key.Key_Delete)
    assert viewer.text.words.span(5) is None
    viewer.commands.undo.trigger()
    qtbot.waitUntil(lambda: viewer.text.words.span(5) is not None)


def test_going_to_another_image_asks_about_changes(qtbot: QtBot, show: ShowEntries, tmp_path: Path) -> None:
    first, second = make_reading(tmp_path, "a.png"), make_reading(tmp_path, "b.png", (("other", 0.9),))
    viewer = show(first, second)
    type_text(viewer.text, "x")
    viewer.commands.next.trigger()
    assert viewer.question.isVisible()
    assert "“a.png”" in viewer.question.text
    click(viewer.question.stay_button)
    assert not viewer.question.isVisible()
    assert viewer.entry == first
    viewer.commands.next.trigger()
    click(viewer.question.save_button)
    qtbot.waitUntil(lambda: viewer.text.toPlainText() == "other\n")
    assert read_back(first).best_text == "x" + READ
    viewer.text.setFocus()
    type_text(viewer.text, "y")
    viewer.commands.previous.trigger()
    click(viewer.question.discard_button)
    qtbot.waitUntil(lambda: viewer.text.toPlainText() == "x" + READ)
    assert read_back(second).correction is None


def test_closing_asks_about_changes(qtbot: QtBot, show: ShowEntries, tmp_path: Path) -> None:
    entry = make_reading(tmp_path)
    viewer = show(entry)
    type_text(viewer.text, "x")
    press(viewer, Qt.Key.Key_Escape)
    assert viewer.isVisible()
    assert viewer.question.isVisible()
    viewer.close()
    assert viewer.isVisible()
    click(viewer.question.save_button)
    qtbot.waitUntil(lambda: not viewer.isVisible())
    assert read_back(entry).best_text == "x" + READ


def test_a_save_that_fails_says_what_to_do_and_loses_nothing(
    qtbot: QtBot, show: ShowEntries, tmp_path: Path
) -> None:
    entry = make_reading(tmp_path)
    viewer = show(entry)
    assert entry.outcome is not None
    Path(entry.outcome.result_files[0]).write_text("{", encoding="utf-8")
    type_text(viewer.text, "x")
    with qtbot.waitSignal(viewer.corrector.failed, timeout=20_000):
        press(viewer, Qt.Key.Key_S, CONTROL)
    assert viewer.banner.isVisible()
    assert "damaged" in viewer.banner.text
    assert viewer.text.toPlainText() == "x" + READ
    assert viewer.commands.save.isEnabled()


def test_a_text_without_a_json_result_cannot_be_corrected(show: ShowEntries, tmp_path: Path) -> None:
    viewer = show(ViewerEntry(make_reading(tmp_path).path, None))
    assert viewer.text.isReadOnly()


def test_no_break_spaces_survive(qtbot: QtBot, show: ShowEntries, tmp_path: Path) -> None:
    entry = make_reading(tmp_path, words=(("12\u00a0000", 0.9), ("EUR", 0.9)))
    viewer = show(entry)
    viewer.text.moveCursor(QTextCursor.MoveOperation.End)
    type_text(viewer.text, "!")
    save(qtbot, viewer)
    assert read_back(entry).best_text == "12\u00a0000 EUR\n!"


def run_to_the_end(qtbot: QtBot, window: object) -> None:
    with qtbot.waitSignal(window.run.finished, timeout=20_000):  # type: ignore[attr-defined]
        click(window.panel.start_button)  # type: ignore[attr-defined]


def test_a_run_asks_first_and_the_viewer_shows_what_became_of_it(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 1)
    window = open_window(NOOP, tmp_path / "in", options=RunOptions(overwrite=Overwrite.OVERWRITE))
    run_to_the_end(qtbot, window)
    window.others.show_image(0)
    viewer = window.others.viewer
    assert viewer is not None
    qtbot.waitUntil(lambda: viewer.text.toPlainText() == "100x20\n")
    viewer.text.setFocus()
    type_text(viewer.text, "my ")
    click(window.panel.start_button)
    assert window.run.phase is RunPhase.IDLE
    assert viewer.question.isVisible()
    with qtbot.waitSignal(window.run.finished, timeout=20_000):
        click(viewer.question.save_button)
    qtbot.waitUntil(lambda: viewer.corrector.is_corrected and not viewer.is_dirty)
    assert viewer.text.toPlainText() == "my 100x20\n"
    outcome = window.browser.model.outcome(0)
    assert outcome is not None
    assert read_back(ViewerEntry("", outcome)).best_text == "my 100x20\n"


def test_quitting_asks_about_changes_too(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 1)
    window = open_window(NOOP, tmp_path / "in")
    run_to_the_end(qtbot, window)
    window.others.show_image(0)
    viewer = window.others.viewer
    assert viewer is not None
    qtbot.waitUntil(lambda: viewer.text.toPlainText() == "100x20\n")
    viewer.text.setFocus()
    type_text(viewer.text, "my ")
    assert not window.close()
    assert viewer.question.isVisible()
    click(viewer.question.discard_button)
    qtbot.waitUntil(lambda: not window.isVisible())


def test_what_counts_as_doubtful_is_remembered(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 1)
    window = open_window(NOOP, tmp_path / "in")
    window.others.show_image(0)
    viewer = window.others.viewer
    assert viewer is not None
    assert viewer.legend.threshold.value() == 75
    viewer.legend.threshold.setFocus()
    viewer.legend.threshold.selectAll()
    type_text(viewer.legend.threshold, "60")
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    again = open_window(NOOP, tmp_path / "in")
    again.others.show_image(0)
    assert again.others.viewer is not None
    assert again.others.viewer.legend.threshold.value() == 60
    assert again.others.viewer.link.threshold == 0.6
