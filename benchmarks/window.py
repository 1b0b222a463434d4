"""Does the window stay alive? Many images, an engine that does nothing, and a heartbeat in the event loop.

    python -m benchmarks.window [--images 10000] [--limit 50] [--folder DIR] [--json OUT]

From the project's folder. The real window is opened without a screen, and does what a person does: open the
folder, scroll to its end, change ticks and the filter, run a batch while scrolling, look at the results. A
timer of 2 ms notes the longest time between two of its beats: for so long the window was deaf.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from PIL import Image, ImageDraw
from PySide6.QtCore import (
    QElapsedTimer,
    QEventLoop,
    QMessageLogContext,
    QObject,
    Qt,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)

from ocr_desktop.bootstrap import build_application
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.gui.app import make_qt_application
from ocr_desktop.gui.main_window import MainWindow
from ocr_desktop.gui.window_settings import WindowSettings, WindowSettingsFile
from tests.fakes.engines import NOOP, renamed

ENGINES = (renamed(NOOP, "embedded"),)
_DIFFERENT = 50
"""Images that are drawn; the others are hard links to them."""
_BEAT = 2
"""Milliseconds."""
_PATIENCE = 600.0
"""Seconds after which a step is given up."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a person does, as it is reported."""

    name: str
    seconds: float
    longest_gap_ms: float
    """Longest time for which the event loop did not turn."""


class Heartbeat(QObject):
    """Notes the longest time between two turns of the event loop."""

    def __init__(self) -> None:
        """Start beating."""
        super().__init__()
        self._clock = QElapsedTimer()
        self._clock.start()
        self._longest = 0
        self._timer = QTimer(self, interval=_BEAT)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def take(self) -> float:
        """Return the longest gap in milliseconds since the last call."""
        self._beat()
        longest, self._longest = self._longest, 0
        return longest / 1e6

    def stop(self) -> None:
        """Stop beating."""
        self._timer.stop()

    def _beat(self) -> None:
        self._longest = max(self._longest, self._clock.nsecsElapsed())
        self._clock.start()


class Session:
    """A person in front of the window."""

    def __init__(self, window: MainWindow, folder: Path, images: int) -> None:
        """Sit down."""
        self._window = window
        self._folder = folder
        self._images = images
        self._heartbeat = Heartbeat()
        self.steps: list[Step] = []

    def run(self) -> None:
        """Do everything once, and close the window."""
        model, scanner = self._window.browser.model, self._window.browser.scanner
        self._heartbeat.take()
        began = time.perf_counter()
        self._window.open_paths([str(self._folder)])
        self._wait(self._sees_thumbnails)
        self._note("open: first screen of thumbnails", began)
        self._wait(lambda: not scanner.is_active and model.total == self._images)
        self._note("open: all images listed", began)
        self._step("scroll to the end", self._scroll)
        self._step("change ticks and filter", self._choose)
        self._step("run, scrolling meanwhile", self._batch)
        self._step("results", self._results)
        self._window.close()
        self._heartbeat.stop()

    def _step(self, name: str, act: Callable[[], None]) -> None:
        began = time.perf_counter()
        act()
        self._note(name, began)

    def _note(self, name: str, began: float) -> None:
        step = Step(name=name, seconds=time.perf_counter() - began, longest_gap_ms=self._heartbeat.take())
        self.steps.append(step)
        print(f"{step.name:<36}{step.seconds:>9.2f} s{step.longest_gap_ms:>9.1f} ms", flush=True)

    def _sees_thumbnails(self) -> bool:
        view, model = self._window.browser.view, self._window.browser.model
        rows = view.visible_rows()
        return bool(rows) and all(model.has_thumbnail(model.id_at(row)) for row in rows)

    def _scroll(self) -> None:
        bar = self._window.browser.view.verticalScrollBar()
        bar.setValue(0)
        for step in range(1, 101):
            bar.setValue(bar.maximum() * step // 100)
            _turn(0.02)
        self._wait(self._sees_thumbnails)

    def _choose(self) -> None:
        browser = self._window.browser
        for action in (browser.tick_none, browser.tick_all, browser.invert, browser.invert):
            action.trigger()
            _turn(0.05)
        for text in ("7", "77", "", "9", ""):
            browser.filter.setText(text)
            _turn(0.4)

    def _batch(self) -> None:
        bar = self._window.browser.view.verticalScrollBar()
        self._window.start()
        while self._window.run.is_busy:
            bar.setValue((bar.value() + 40) % max(1, bar.maximum()))
            _turn(0.02)

    def _results(self) -> None:
        self._window.show_results()
        dialog = self._window.others.results
        if dialog is None:
            sys.exit("There are no results to show.")
        self._wait(lambda: dialog.model.total == self._images)
        for button in dialog.filters.values():
            button.click()
            _turn(0.2)
        _turn(0.5)

    @staticmethod
    def _wait(condition: Callable[[], bool]) -> None:
        deadline = time.perf_counter() + _PATIENCE
        while not condition():
            if time.perf_counter() > deadline:
                sys.exit("The window did not get there in time.")
            _turn(0.005)


def _turn(seconds: float) -> None:
    """Let the event loop run for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return 1 if the window was deaf for longer than the limit."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    qInstallMessageHandler(_pass_on_qt_message)
    options = _parse(arguments)
    with tempfile.TemporaryDirectory(prefix="ocr-desktop-window-", dir=options.folder) as scratch:
        folder = Path(scratch)
        _draw(folder / "images", options.images)
        application = build_application(engines=ENGINES, home=folder / "home")
        run_options = RunOptions(output_dir=str(folder / "results"), retries=0)
        WindowSettingsFile(application.folders).save(WindowSettings(options=run_options))
        make_qt_application()
        print(f"{options.images} images, {os.cpu_count()} cores, files in {options.folder}\n")
        print(f"{'step':<36}{'time':>11}{'longest gap':>12}")
        window = MainWindow(application)
        window.show()
        _turn(0.5)
        session = Session(window, folder / "images", options.images)
        session.run()
    longest = max(step.longest_gap_ms for step in session.steps)
    print(f"\nLongest gap: {longest:.1f} ms (limit {options.limit:g} ms).{_load()}")
    if options.json:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(session.steps)))
    return int(longest > options.limit)


def _load() -> str:
    """Say how busy the machine was: what others do is felt as gaps, too."""
    if not hasattr(os, "getloadavg"):
        return ""
    return f" Load average over the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores."


def _pass_on_qt_message(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Print what Qt has to say, except for what windows cannot do without a screen."""
    if "This plugin does not support" not in message:
        print(message, file=sys.stderr)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--images", type=int, default=10_000, help="images (default: 10000)")
    parser.add_argument("--limit", type=float, default=50.0, help="milliseconds allowed (default: 50)")
    parser.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir()), help="where to put images and results"
    )
    parser.add_argument("--json", type=Path, help="file for the figures")
    return parser.parse_args(arguments)


def _draw(folder: Path, count: int) -> None:
    """Make ``count`` pages of text, A4 at 100 dpi; most of them are links to the first few."""
    folder.mkdir()
    for number in range(min(count, _DIFFERENT)):
        page = Image.new("L", (827, 1169), 250)
        pen = ImageDraw.Draw(page)
        for line in range(60):
            pen.text(
                (60, 40 + 18 * line), f"Page {number}, line {line}: " + "lorem ipsum dolor " * 4, fill=20
            )
        page.save(folder / f"scan {number}.jpg", quality=80)
    for number in range(_DIFFERENT, count):
        (folder / f"scan {number}.jpg").hardlink_to(folder / f"scan {number % _DIFFERENT}.jpg")


if __name__ == "__main__":
    sys.exit(main())
