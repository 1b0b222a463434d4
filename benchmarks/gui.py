"""Does the window stay quick and alive with 100,000 images? The real one, doing what a person does.

    python -m benchmarks.gui [--images 100000] [--screen] [--from DIR ...] [--folder DIR] [--json OUT]

From the project's folder. Without ``--screen`` the window is opened where nobody can see it, which needs no
display. A timer of 2 ms in the event loop notes how late it is: for so long the window was deaf. Each figure
is printed beside its limit; the exit code is 1 if one is missed.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

import msgspec
from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from benchmarks.gui_session import Session
from benchmarks.heartbeat import turn
from benchmarks.image_folder import fill_folder
from benchmarks.report import Report
from ocr_desktop.bootstrap import build_application
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.gui.app import make_qt_application
from ocr_desktop.gui.main_window import MainWindow
from ocr_desktop.gui.settings.window_settings import WindowSettings, WindowSettingsFile
from ocr_desktop.gui.warm_up import WarmUp
from tests.fakes.engines import NOOP, renamed

ENGINES = (renamed(NOOP, "embedded"),)
_STARTS = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return 1 if a limit is missed."""
    options = _parse(arguments)
    if not options.screen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    qInstallMessageHandler(_pass_on_qt_message)
    report = Report()
    with tempfile.TemporaryDirectory(prefix="ocr-desktop-gui-", dir=options.folder) as scratch:
        folder = Path(scratch)
        place = "on the screen" if options.screen else "offscreen"
        print(f"{options.images} images, {os.cpu_count()} cores, {place}, files in {options.folder}\n")
        fill_folder(folder / "images", options.images, options.sources)
        report.head()
        _measure_starts(report, folder)
        _measure_window(report, folder, options.images, options.batch)
    report.close()
    if options.json:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(report.figures)))
    return int(report.is_missed)


def _measure_starts(report: Report, folder: Path) -> None:
    """Measure what people wait for before there is a window; medians, with the first start left out."""
    env = os.environ | {"HOME": str(folder / "start"), "XDG_DATA_HOME": "", "XDG_CONFIG_HOME": ""}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
    env["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    versions = [_seconds_of_version(env) for _ in range(_STARTS + 1)][1:]
    report.add("ocr-desktop --version", 1000 * median(versions), "ms", 250)
    usable = [_seconds_to_usable(env) for _ in range(_STARTS + 1)][1:]
    report.add("window usable after start", 1000 * median(usable), "ms", 1000)


def _seconds_of_version(env: Mapping[str, str]) -> float:
    began = time.perf_counter()
    command = [sys.executable, "-m", "ocr_desktop", "--version"]
    subprocess.run(command, env=env, check=True, capture_output=True)
    return time.perf_counter() - began


def _seconds_to_usable(env: Mapping[str, str]) -> float:
    began = time.time()
    command = [sys.executable, "-m", "benchmarks.usable"]
    ended = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
    return float(ended.stdout) - began


def _measure_window(report: Report, folder: Path, images: int, batch: int) -> None:
    application = build_application(engines=ENGINES, home=folder / "home")
    run_options = RunOptions(output_dir=str(folder / "results"), retries=0)
    WindowSettingsFile(application.folders).save(WindowSettings(options=run_options))
    make_qt_application()
    window = MainWindow(application)
    try:
        window.resize(1400, 1000)
        window.show()
        warm_up = WarmUp(window)
        while not warm_up.is_done:
            turn(0.1)
        Session(window, folder / "images", images, report).run(batch)
    finally:
        window.stop()
        application.close()


def _pass_on_qt_message(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Print what Qt has to say, except for what windows cannot do without a screen."""
    if "This plugin does not support" not in message:
        print(message, file=sys.stderr)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--images", type=int, default=100_000, help="images (default: 100000)")
    parser.add_argument("--batch", type=int, default=2_000, help="images to run over (default: 2000)")
    parser.add_argument("--screen", action="store_true", help="open the window on the screen")
    parser.add_argument(
        "--from", dest="sources", type=Path, nargs="+", default=[], help="images or folders to link to"
    )
    parser.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir()), help="where to put images and results"
    )
    parser.add_argument("--json", type=Path, help="file for the figures")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
