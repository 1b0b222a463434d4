"""Goes through the window as a person does, and has a picture taken at each stop."""

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from docs.screenshots.camera import Camera, turn, wait
from docs.screenshots.scans import FADED, SPOILED, receipt
from ocr_desktop.bootstrap import Application
from ocr_desktop.domain.errors import DiskFullError
from ocr_desktop.domain.jobs import Trouble
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.gui.main_window import MainWindow
from ocr_desktop.gui.results.export_dialog import ExportDialog
from ocr_desktop.gui.run.run_controller import RunPhase
from ocr_desktop.gui.settings.settings_dialog import SettingsDialog
from ocr_desktop.services.discovery import find_images
from resources.make_samples import DPI

_SIZE = (1120, 720)
_FIRST_RESULTS = 14
_MISREAD = {"4471-8,": "4471-B,"}
"""What the engine makes of words of the faded letter, and what a person types instead."""


def take_pictures(application: Application, scans: Path, camera: Camera) -> None:
    """Take all of them.

    Args:
        application: The core of the program, with nothing in it yet.
        scans: What ``draw_scans`` has drawn.
        camera: Takes them.
    """
    window = MainWindow(application)
    window.resize(*_SIZE)
    window.show()
    camera.take(window, "empty")
    _read_some(application, scans)
    window.open_paths([str(scans)])
    _take_loaded(window, scans, camera)
    _take_run(window, scans, camera)
    _take_results(window, camera)
    _take_viewer(window, scans, camera)
    _take_check(window, scans, camera)
    _take_settings(window, camera)
    window.close()


def _take_loaded(window: MainWindow, scans: Path, camera: Camera) -> None:
    browser = window.browser
    model = browser.model
    wait(lambda: model.total > 0 and not browser.scanner.is_active, "the scan of the folder")
    browser.views.show_preview.setChecked(True)
    _choose(window, scans / "receipt.jpg")
    wait(lambda: not browser.folders.isHidden(), "the folders")
    turn(0.5)  # the panes have taken their place
    _wait_for_thumbnails(window)
    camera.take(window, "loaded")
    browser.views.show_preview.setChecked(False)


def _take_run(window: MainWindow, scans: Path, camera: Camera) -> None:
    """Read the receipts of a year, with the rest in the queue."""
    browser, panel, queue = window.browser, window.panel, window.runs.queue
    model = browser.model
    recent = _ids_below(window, scans / "receipts 2025")
    older = _ids_below(window, scans / "receipts 2024")
    rest = [image_id for image_id in model.shown_ids() if image_id not in {*recent, *older}]
    model.set_ticked([*older, *rest], ticked=False)
    browser.folders.setCurrentIndex(browser.folders.folders.index_of(str(scans / "receipts 2025")))
    turn(0.2)
    window.start()
    wait(lambda: window.run.phase is RunPhase.RUNNING, "the start of the run")
    for number, batch in enumerate((older, rest), 1):
        model.set_ticked(batch, ticked=True)
        wait(lambda: window.runs.can_add, "the count of what can be added")
        window.start()
        wait(partial(_has_waiting, window, number), "a run in the queue")
    _wait_for_thumbnails(window)
    panel.queue_row.open_button.setChecked(True)
    wait(lambda: panel.bar.stats.done >= _FIRST_RESULTS and bool(panel.pace.text()), "some results")
    camera.take(window, "running")
    panel.queue_row.open_button.setChecked(False)
    window.run.pause()
    wait(lambda: window.run.phase is RunPhase.PAUSED, "the pause")
    camera.take(window, "paused")
    _take_trouble(window, camera)
    for job_id in list(queue.job_ids()):
        queue.remove(job_id)
    window.run.resume()
    wait(lambda: not window.run.is_busy, "the end of the run")
    camera.take(window, "finished")
    browser.folders.choose_all()
    for batch in (older, rest):
        model.set_ticked(model.shown_ids(), ticked=False)
        model.set_ticked(batch, ticked=True)
        turn(0.2)
        window.start()
        wait(lambda: window.run.is_busy, "one more run")
        wait(lambda: not window.run.is_busy, "its end")


def _take_trouble(window: MainWindow, camera: Camera) -> None:
    """Take a picture of a run that has paused by itself, told as the run itself would tell it."""
    window.messages.show_trouble(
        Trouble(
            kind=DiskFullError.kind,
            message="The disk is full: the result “receipt 40_ocr_results.json” could not be written to "
            "“/home/ann/scans/receipts 2025”. Free some space, then resume the job.",
            exit_code=DiskFullError.stop_code,
        ),
        window.panel.bar.stats,
    )
    window.panel.set_phase(window.run.phase, has_trouble=True)
    camera.take(window, "error")


def _take_results(window: MainWindow, camera: Camera) -> None:
    """Take the history, the results of the longest run, and their export."""
    window.runs.show_history()
    history = window.others.history
    assert history is not None  # noqa: S101 - it has just been opened
    wait(lambda: history.model.rowCount() > 1 and not history.is_loading, "the history")
    history.resize(_SIZE[0], _SIZE[1] * 2 // 3)
    row = max(
        range(history.model.rowCount()),
        key=lambda number: history.model.entry(number).job.progress.stats.total,
    )
    history.controls.table.selectRow(row)
    camera.take(history, "history")
    window.others.show_results(history.model.entry(row).job.id)
    history.close()
    results = window.others.results
    assert results is not None  # noqa: S101 - the same
    results.resize(*_SIZE)
    wait(lambda: results.model.total > _FIRST_RESULTS, "the results")
    row = next(r for r in range(results.model.total) if results.model.record(r).item.name == "receipt 6.png")
    results.table.selectRow(row)
    wait(lambda: "TOTAL" in results.text.toPlainText(), "a text")
    camera.take(results, "results")
    results.export_button.click()
    _take_dialog(results.findChild(ExportDialog), camera, "export")


def _take_viewer(window: MainWindow, scans: Path, camera: Camera) -> None:
    """Correct a word of the faded letter that was read wrongly, save, and stop at the next one."""
    image_id = window.browser.model.id_of_path(str(scans / FADED))
    assert image_id is not None  # noqa: S101 - it has been drawn there
    window.others.show_image(image_id)
    viewer = window.others.viewer
    assert viewer is not None  # noqa: S101 - it has just been opened
    viewer.resize(*_SIZE)
    wait(lambda: viewer.page.word_count > 0, "the page")
    turn(1.0)
    for _ in range(10):
        viewer.commands.next_doubtful.trigger()
        cursor = viewer.text.textCursor()
        if cursor.selectedText() in _MISREAD:
            cursor.insertText(_MISREAD[cursor.selectedText()])
            break
    viewer.commands.save.trigger()
    wait(lambda: viewer.corrector.is_corrected, "the correction")
    turn(0.5)
    viewer.commands.next_doubtful.trigger()
    turn(1.0)
    camera.take(viewer, "viewer")
    viewer.close()


def _take_check(window: MainWindow, scans: Path, camera: Camera) -> None:
    """Spoil some results, and take a picture of the check that finds it."""
    place = scans / "receipts 2025"
    (place / "receipt 8_ocr_results.txt").write_text("cut off", encoding="utf-8")
    for extension in ("json", "txt"):
        (place / f"receipt 12_ocr_results.{extension}").unlink()
    receipt(61, 2025).save(place / "receipt 15.png", dpi=(DPI, DPI))
    window.check_results()
    check = window.others.check
    assert check is not None  # noqa: S101 - a folder is open
    check.resize(_SIZE[0], _SIZE[1] * 2 // 3)
    wait(check.again_button.isVisible, "the check")
    camera.take(check, "check")
    check.close()


def _take_settings(window: MainWindow, camera: Camera) -> None:
    window.edit_options()
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None  # noqa: S101 - it has just been opened
    turn(2.0)  # the engines have been asked for their languages
    camera.take(dialog, "settings")
    dialog.page_list.setCurrentRow(1)
    _take_dialog(dialog, camera, "settings-results")


def _take_dialog(dialog: QWidget | None, camera: Camera, name: str) -> None:
    assert dialog is not None  # noqa: S101 - it has just been opened
    camera.take(dialog, name)
    dialog.close()


def _has_waiting(window: MainWindow, count: int) -> bool:
    return len(window.runs.queue.waiting) >= count


def _ids_below(window: MainWindow, folder: Path) -> list[int]:
    """Return the images of a folder."""
    model = window.browser.model
    return [image_id for image_id in model.shown_ids() if Path(model.image(image_id).path).parent == folder]


def _choose(window: MainWindow, path: Path) -> None:
    """Make an image the current one."""
    model = window.browser.model
    image_id = model.id_of_path(str(path))
    row = model.row_of(image_id) if image_id is not None else None
    assert row is not None  # noqa: S101 - it has been drawn there
    window.browser.view.setCurrentIndex(model.index(row))


def _wait_for_thumbnails(window: MainWindow) -> None:
    browser = window.browser
    model = browser.model
    wait(
        lambda: all(model.has_thumbnail(model.id_at(row)) for row in browser.view.visible_rows()),
        "the thumbnails",
    )


def _read_some(application: Application, scans: Path) -> None:
    """Read a few images beforehand, so that a run has something to skip."""
    images = [
        image
        for image in find_images([scans / "receipts 2025"], recursive=False)
        if Path(image.path).name != SPOILED
    ]
    application.jobs.start(application.jobs.create(images[4:8], RunOptions()).id)
