"""The results dialog as somebody uses it: live during a run, quick with many rows, marked, exported."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDesktopServices, QPalette
from PySide6.QtWidgets import QApplication, QRadioButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from ocr_desktop.domain.items import ImageItem, ItemOutcome, ItemRecord
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.look.theme import theme_palette, use_system_colours
from ocr_desktop.gui.main_window import MainWindow
from ocr_desktop.gui.results.export_dialog import ExportDialog
from ocr_desktop.gui.results.results_dialog import ResultsDialog
from ocr_desktop.gui.results.results_model import ResultsModel
from ocr_desktop.gui.results.results_order import Arrangement, Column, arrange
from ocr_desktop.gui.results.state_filter import StateFilter
from ocr_desktop.gui.run.batch_worker import ItemUpdate
from ocr_desktop.gui.run.run_controller import RunPhase
from ocr_desktop.gui.settings.window_settings import Theme
from tests.fakes.engines import NOOP, SLOW
from tests.gui.conftest import OpenWindow
from tests.gui.person import click, double_click, press, type_text

MakeImages = Callable[..., list[Path]]
CONTROL = Qt.KeyboardModifier.ControlModifier


def finished(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, folder: Path, count: int
) -> tuple[MainWindow, ResultsDialog]:
    """Read images, and list what became of them."""
    make_images(folder, count)
    window = open_window(NOOP, folder)
    with qtbot.waitSignal(window.run.finished, timeout=20_000):
        click(window.panel.start_button)
    window.menus.results.trigger()
    results = window.others.results
    assert results is not None
    qtbot.waitUntil(lambda: results.model.rowCount() == count and results.current is not None)
    return window, results


def test_follows_a_run_that_goes_on(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 6)
    window = open_window(SLOW, tmp_path / "in")
    click(window.panel.start_button)
    qtbot.waitUntil(lambda: window.run.phase is RunPhase.RUNNING)
    window.others.show_results(window.run.job_id or "")
    results = window.others.results
    assert results is not None
    qtbot.waitUntil(lambda: results.model.total == 6)
    assert results.model.count_of(ItemState.COMPLETED) < 6
    assert not results.forget_button.isEnabled()
    qtbot.waitUntil(lambda: results.model.count_of(ItemState.COMPLETED) == 6, timeout=20_000)
    assert "(6)" in results.filters[ItemState.COMPLETED].text()
    assert results.model.index(5, Column.CONFIDENCE).data() == "90 %"
    qtbot.waitUntil(lambda: not window.run.is_busy, timeout=20_000)


def test_stays_open_when_another_run_starts(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    window, results = finished(qtbot, open_window, make_images, tmp_path / "in", 2)
    with qtbot.waitSignal(window.run.finished, timeout=20_000):
        click(window.panel.start_button)
    assert window.others.results is results
    assert results.isVisible()
    assert results.model.count_of(ItemState.COMPLETED) == 2  # of its own job; the second run skipped them


def test_a_correction_is_marked(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    window, results = finished(qtbot, open_window, make_images, tmp_path / "in", 2)
    qtbot.waitUntil(lambda: results.model.is_corrected(1) is False)
    cell = results.table.visualRect(results.model.index(1, 1))
    double_click(results.table.viewport(), cell.center())
    viewer = window.others.viewer
    assert viewer is not None
    qtbot.waitUntil(lambda: viewer.text.toPlainText() == "101x20\n")
    viewer.text.setFocus()
    type_text(viewer.text, "z")
    with qtbot.waitSignal(viewer.saved, timeout=10_000):
        press(viewer, Qt.Key.Key_S, CONTROL)
    index = results.model.index(1, Column.NAME)
    assert results.model.is_corrected(1) is True
    assert index.data(Qt.ItemDataRole.DecorationRole) is not None
    assert "corrected" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    qtbot.waitUntil(lambda: results.text.toPlainText() == "z101x20\n")
    results.close()
    window.menus.results.trigger()
    again = window.others.results
    assert again is not None
    qtbot.waitUntil(lambda: again.model.total == 2)
    qtbot.waitUntil(lambda: again.model.is_corrected(1) is True)  # looked up in the files
    qtbot.waitUntil(lambda: again.model.is_corrected(0) is False)


def test_the_row_stays_the_current_one_however_the_table_is_sorted(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    _, results = finished(qtbot, open_window, make_images, tmp_path / "in", 4)
    results.table.selectRow(1)
    press(results.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert list(results.table.selected_ids()) == [1, 2]
    qtbot.waitUntil(lambda: bool(results.text.toPlainText()))
    header = results.table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(Column.NAME) + 20, header.height() // 2)
    click(header.viewport(), place)
    click(header.viewport(), place)
    assert results.model.shown_ids() == [3, 2, 1, 0]
    assert sorted(results.table.selected_ids()) == [1, 2]
    assert results.current is not None
    assert results.current.item.id == 2
    assert results.text.toPlainText()  # nothing was loaded anew
    type_text(results.search, results.model.record_of(0).item.name)
    assert results.current.item.id == 0  # what was current has been filtered out
    click(results.filters[ItemState.FAILED])
    assert results.current is None


def test_the_chosen_filter_stands_out_in_light_and_dark(qapp: QApplication) -> None:
    try:
        for theme in (Theme.LIGHT, Theme.DARK):
            qapp.setPalette(theme_palette(theme))
            row = StateFilter()
            click(row.buttons[ItemState.FAILED])
            assert row.state is ItemState.FAILED
            fills = {state: b.palette().color(QPalette.ColorRole.Button) for state, b in row.buttons.items()}
            assert fills[ItemState.FAILED] != fills[None]
            assert fills[ItemState.FAILED].lightness() < 128  # below white text
            row.deleteLater()
    finally:
        use_system_colours()


def test_return_and_a_double_click_open_the_viewer_once(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    _, results = finished(qtbot, open_window, make_images, tmp_path / "in", 2)
    opened: list[int] = []
    results.view_requested.connect(lambda _entries, position: opened.append(position))
    press(results.table, Qt.Key.Key_Return)
    assert opened == [0]
    cell = results.table.visualRect(results.model.index(1, 1))
    double_click(results.table.viewport(), cell.center())
    assert opened == [0, 1]


def choose(button: QRadioButton) -> None:
    """Click the circle; the words end long before the widget does."""
    click(button, QPoint(8, button.height() // 2))


def open_export(results: ResultsDialog) -> ExportDialog:
    click(results.export_button)
    dialog = results.findChild(ExportDialog)
    assert isinstance(dialog, ExportDialog)
    return dialog


def test_exports_all_into_one_file_and_opens_its_folder(
    qtbot: QtBot,
    open_window: OpenWindow,
    make_images: MakeImages,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, results = finished(qtbot, open_window, make_images, tmp_path / "in", 3)
    dialog = open_export(results)
    choose(dialog.into_file)
    assert not dialog.start_button.isEnabled()
    type_text(dialog.place, str(tmp_path / "out" / "all.txt"))
    with qtbot.waitSignal(dialog.runner.ended, timeout=10_000):
        click(dialog.start_button)
    text = (tmp_path / "out" / "all.txt").read_text("utf-8")
    assert [f"{width}x20" in text for width in (100, 101, 102)] == [True] * 3
    assert dialog.outcome.text() == "3 texts written to “all.txt”."
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    click(dialog.open_button)
    assert opened == [str(tmp_path / "out")]
    dialog.close()


def test_exports_what_is_selected_beside_the_results(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    _, results = finished(qtbot, open_window, make_images, tmp_path / "in", 3)
    results.table.selectRow(0)
    press(results.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    dialog = open_export(results)
    assert dialog.only_selected.isChecked()
    assert "(2)" in dialog.only_selected.text()
    dialog.format.setCurrentIndex(dialog.format.findData("md"))
    with qtbot.waitSignal(dialog.runner.ended, timeout=10_000):
        click(dialog.start_button)
    assert dialog.outcome.text() == "2 files written."
    assert len(list((tmp_path / "in").glob("*.md"))) == 2
    dialog.close()


def test_an_export_that_cannot_be_written_says_what_to_do(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    _, results = finished(qtbot, open_window, make_images, tmp_path / "in", 1)
    (tmp_path / "file").touch()
    dialog = open_export(results)
    choose(dialog.into_folder)
    type_text(dialog.place, str(tmp_path / "file" / "below"))
    with qtbot.waitSignal(dialog.runner.failed, timeout=10_000):
        click(dialog.start_button)
    assert dialog.banner.isVisible()
    assert "Choose" in dialog.banner.text
    assert dialog.start_button.isVisible()
    dialog.close()


def test_closing_ends_an_export_without_making_the_window_wait(qtbot: QtBot) -> None:
    began, release = threading.Event(), threading.Event()

    def record_of(number: int) -> ItemRecord:
        began.set()
        release.wait(10)
        return item(number, ItemState.COMPLETED)

    dialog = ExportDialog(record_of=record_of, shown=[0, 1], selected=[])
    qtbot.addWidget(dialog)
    dialog.show()
    click(dialog.start_button)
    assert began.wait(10)
    press(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert dialog.outcome.text() == "Stopping …"
    release.set()
    qtbot.waitUntil(lambda: not dialog.isVisible())


def test_a_format_that_holds_one_text_offers_no_file_for_all(qtbot: QtBot) -> None:
    dialog = ExportDialog(record_of=lambda number: item(number, ItemState.COMPLETED), shown=[0], selected=[])
    qtbot.addWidget(dialog)
    dialog.show()
    choose(dialog.into_file)
    dialog.format.setCurrentIndex(dialog.format.findData("alto"))
    assert not dialog.into_file.isEnabled()
    assert dialog.into_folder.isChecked()


def item(number: int, state: ItemState, **values: object) -> ItemRecord:
    image = ImageItem(id=number, path=f"/scans/{number:06d}.png", output_dir="/scans", result_stems=("x",))
    outcome = ItemOutcome(item_id=number, state=state, attempts=1, **values)  # type: ignore[arg-type]
    return ItemRecord(image, state, outcome)


@pytest.fixture
def model(qtbot: QtBot, qtmodeltester: ModelTester) -> ResultsModel:
    del qtbot
    model = ResultsModel()
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    return model


def test_what_changes_before_it_is_listed_is_not_lost(model: ResultsModel) -> None:
    outcome = ItemOutcome(item_id=1, state=ItemState.FAILED, error="It is cut off.")
    model.apply([ItemUpdate(1, ItemState.FAILED, outcome)])
    model.add([item(0, ItemState.PENDING), item(1, ItemState.PENDING)])
    assert model.record_of(1).state is ItemState.FAILED
    assert model.count_of(ItemState.FAILED) == 1


def test_a_filter_lets_in_what_has_just_failed(model: ResultsModel) -> None:
    model.add([item(number, ItemState.PENDING) for number in range(3)])
    model.set_filter(ItemState.FAILED, "")
    assert model.rowCount() == 0
    model.apply([ItemUpdate(2, ItemState.FAILED, ItemOutcome(item_id=2, state=ItemState.FAILED))])
    assert model.shown_ids() == [2]
    assert model.count_of(ItemState.PENDING) == 2


def test_many_rows_are_sorted_and_filtered_in_the_background(qtbot: QtBot) -> None:
    model = ResultsModel()
    count = 20_000
    for start in range(0, count, 1000):
        part = range(start, start + 1000)
        model.add(
            item(number, ItemState.COMPLETED, confidence=(number * 7919 % count) / count) for number in part
        )
    begun = time.perf_counter()
    with qtbot.waitSignal(model.modelReset, timeout=20_000):
        model.sort(Column.CONFIDENCE)
        assert time.perf_counter() - begun < 1.0  # not done yet, and nobody has waited
        assert model.record(0).item.id == 0
    outcomes = [model.record_of(item_id).outcome for item_id in model.shown_ids()]
    confidences = [outcome.confidence for outcome in outcomes if outcome]
    assert confidences == sorted(confidences)  # type: ignore[type-var]
    with qtbot.waitSignal(model.modelReset, timeout=20_000):
        model.set_filter(None, "00012")
    assert {record.item.name for record in map(model.record_of, model.shown_ids())} == {
        "000012.png",
        *(f"00012{digit}.png" for digit in range(10)),
    }
    model.add([item(count, ItemState.COMPLETED, confidence=0.5)])
    assert model.total == count + 1
    model.release()


def test_an_order_keeps_equals_as_the_job_worked() -> None:
    records = [item(number, ItemState.COMPLETED, confidence=number % 2 / 2) for number in range(9_000)]
    ids = arrange(records, Arrangement(column=Column.CONFIDENCE))
    assert ids == [*range(0, 9_000, 2), *range(1, 9_000, 2)]


@pytest.mark.logs_errors
def test_options_of_the_run_do_not_matter_to_the_list(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 2)
    window = open_window(NOOP, tmp_path / "in", options=RunOptions(retries=0))
    with qtbot.waitSignal(window.run.finished, timeout=20_000):
        click(window.panel.start_button)
    window.menus.results.trigger()
    first = window.others.results
    window.menus.results.trigger()
    assert window.others.results is first  # brought to the front, not opened twice
