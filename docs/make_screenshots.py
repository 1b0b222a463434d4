"""Makes the pictures of the documentation from the real window; run it whenever the window has changed.

    python -m docs.make_screenshots [FOLDER]

From the project's folder. Needs no screen. Reads the sample scans and some more pages that are drawn here,
with the real engine, and takes a picture at each point that the user guide talks about.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QEventLoop, QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QWidget

from ocr_desktop.bootstrap import Application, build_application
from ocr_desktop.domain.errors import DiskFullError
from ocr_desktop.domain.jobs import Trouble
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.gui.app import make_qt_application
from ocr_desktop.gui.main_window import MainWindow
from ocr_desktop.gui.run_controller import RunPhase
from ocr_desktop.services.discovery import find_images
from resources.make_samples import DPI, SAMPLES, grained, written

IMAGES = Path(__file__).resolve().parent / "images"
_PATIENCE = 120.0
"""Seconds."""
_SIZE = (1120, 720)
_SHOPS = ("HARBOUR BOOKS", "OLD MILL CAFE", "GREEN GROCER", "CITY PHARMACY", "STATION KIOSK", "TOOLS & CO")
_GOODS = ("Notebook", "Tea", "Apples 1 kg", "Plasters", "Newspaper", "Screws", "Honey", "Lamp", "Soap")


def main(arguments: Sequence[str]) -> int:
    """Make all pictures."""
    target = Path(arguments[0]) if arguments else IMAGES
    target.mkdir(exist_ok=True)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    qInstallMessageHandler(_pass_on_qt_message)
    with tempfile.TemporaryDirectory(prefix="ocr-desktop-screenshots-") as scratch:
        scans = Path(scratch) / "scans"
        _draw_scans(scans)
        application = build_application(home=Path(scratch) / "home")
        try:
            _read_some(application, scans)
            _take_pictures(application, scans, target)
        finally:
            application.close()
    return 0


def _take_pictures(application: Application, scans: Path, target: Path) -> None:
    qt = make_qt_application()
    window = MainWindow(application)
    window.resize(*_SIZE)
    window.show()
    window.open_paths([str(scans)])
    model = window.browser.model
    _wait(lambda: model.total > 0 and not window.browser.scanner.is_active)
    _wait(lambda: all(model.has_thumbnail(model.id_at(row)) for row in window.browser.view.visible_rows()))
    model.set_ticked(list(model.shown_ids())[2:4], ticked=False)
    light = qt.palette()
    dark = QPalette(QColor("#3a3d41"), QColor("#2b2e32"))  # the others follow from button and window
    dark.setColor(QPalette.ColorRole.Base, QColor("#1e2023"))
    qt.setPalette(dark)  # without a screen there is no system whose choice could be followed
    _save(window, target / "window-dark.png")
    qt.setPalette(light)
    _save(window, target / "window-light.png")
    window.start()
    _wait(lambda: window.panel.bar.stats.done >= model.ticked * 2 // 5 and bool(window.panel.pace.text()))
    _save(window, target / "running.png")
    window.run.pause()
    _wait(lambda: window.run.phase is RunPhase.PAUSED)
    _picture_of_trouble(window, target)
    window.run.resume()
    _wait(lambda: not window.run.is_busy)
    _picture_of_check(window, scans, target)
    window.show_results()
    results = window.others.results
    assert results is not None  # noqa: S101 - there has just been a run
    results.resize(*_SIZE)
    _wait(lambda: results.model.total == model.ticked)
    row = next(r for r in range(results.model.total) if results.model.record(r).item.name == "receipt 6.png")
    results.table.selectRow(row)
    _wait(lambda: "HARBOUR" in results.text.toPlainText())
    _save(results, target / "results.png")
    image_id = model.id_of_path(str(scans / "letter.png"))
    assert image_id is not None  # noqa: S101 - it has been copied there
    window.others.show_image(image_id)
    viewer = window.others.viewer
    assert viewer is not None  # noqa: S101 - it has just been opened
    viewer.resize(*_SIZE)
    _wait(lambda: viewer.page.word_count > 0)
    _save(viewer, target / "viewer.png")
    window.close()


def _picture_of_check(window: MainWindow, scans: Path, target: Path) -> None:
    """Spoil some results, and take a picture of the check that finds it."""
    (scans / "receipt 8_ocr_results.txt").write_text("cut off", encoding="utf-8")
    for extension in ("json", "txt"):
        (scans / f"receipt 12_ocr_results.{extension}").unlink()
    _receipt(61).save(scans / "receipt 15.png", dpi=(DPI, DPI))
    window.check_results()
    check = window.others.check
    assert check is not None  # noqa: S101 - a folder is open
    check.resize(_SIZE[0], _SIZE[1] * 2 // 3)
    _wait(check.again_button.isVisible)
    _save(check, target / "check.png")
    check.close()


def _picture_of_trouble(window: MainWindow, target: Path) -> None:
    """Take a picture of a run that has paused by itself, told as the run itself would tell it."""
    window.messages.show_trouble(
        Trouble(
            kind=DiskFullError.kind,
            message="The disk is full: the result “receipt 40_ocr_results.json” could not be written to "
            "“/home/ann/scans”. Free some space, then resume the job.",
            exit_code=DiskFullError.stop_code,
        ),
        window.panel.bar.stats,
    )
    window.panel.set_phase(window.run.phase, has_trouble=True)
    _save(window, target / "paused.png")


def _read_some(application: Application, scans: Path) -> None:
    """Read a few images beforehand, so that the run has something to skip."""
    images = list(find_images([scans], recursive=False))[4:8]
    application.jobs.start(application.jobs.create(images, RunOptions()).id)


def _draw_scans(folder: Path) -> None:
    shutil.copytree(SAMPLES, folder)
    for number in range(1, 61):
        _receipt(number).save(folder / f"receipt {number}.png", dpi=(DPI, DPI))
    whole = (folder / "receipt 5.png").read_bytes()
    (folder / "receipt 5.png").write_bytes(whole[: len(whole) // 3])  # one that cannot be read


def _receipt(number: int) -> Image.Image:
    goods = [_GOODS[(number * 2 + place * 5) % len(_GOODS)] for place in range(3 + number % 4)]
    prices = [(137 * number + 211 * place) % 1900 + 100 for place in range(len(goods))]
    lines = [
        (34, _SHOPS[number % len(_SHOPS)]),
        (22, f"Receipt {20600 + number}   {number % 28 + 1:02}/06/2025"),
    ]
    lines += [(24, "")]
    lines += [(26, f"{name}   {price / 100:.2f}") for name, price in zip(goods, prices, strict=True)]
    lines += [(16, ""), (32, f"TOTAL   {sum(prices) / 100:.2f}"), (24, "Thank you!")]
    return grained(written(tuple(lines), (560, 700), (60, 60)))


def _save(widget: QWidget, path: Path) -> None:
    """Take a picture of a window."""
    _turn(0.3)
    widget.grab().save(str(path))
    with Image.open(path) as image:
        image.convert("RGB").save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


def _wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            sys.exit("The window did not get there in time.")
        _turn(0.01)


def _turn(seconds: float) -> None:
    """Let the event loop run for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def _pass_on_qt_message(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Print what Qt has to say, except for what windows cannot do without a screen."""
    if "This plugin does not support" not in message:
        print(message, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
