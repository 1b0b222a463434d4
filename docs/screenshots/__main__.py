"""Takes all pictures of the documentation; run it whenever the window has changed.

    python -m docs.screenshots [FOLDER] [--font PERCENT]

From the project's folder. Needs no screen. Reads the sample scans and some more pages that are drawn here,
with the real engine, and takes a picture at each point that the user guide talks about, in light and in dark.
With ``--font 150`` the letters are half as large again; give a FOLDER then, as such pictures are for looking
only.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QLocale, QMessageLogContext, QtMsgType, qInstallMessageHandler

from docs.screenshots.camera import Camera
from docs.screenshots.scans import draw_scans
from docs.screenshots.tour import take_pictures
from ocr_desktop.bootstrap import build_application
from ocr_desktop.gui.app import make_qt_application

IMAGES = Path(__file__).resolve().parents[1] / "images"


def main(arguments: Sequence[str]) -> int:
    """Make all pictures."""
    parser = argparse.ArgumentParser(prog="python -m docs.screenshots")
    parser.add_argument("folder", nargs="?", type=Path, default=IMAGES)
    parser.add_argument("--font", type=int, default=100, metavar="PERCENT")
    chosen = parser.parse_args(arguments)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    qInstallMessageHandler(_pass_on_qt_message)
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    with tempfile.TemporaryDirectory(prefix="archive-") as scratch:
        scans = Path(scratch) / "scans"
        draw_scans(scans)
        application = build_application(home=Path(scratch) / "home")
        qt = make_qt_application()
        font = qt.font()
        font.setPointSizeF(font.pointSizeF() * chosen.font / 100)
        qt.setFont(font)
        try:
            camera = Camera(chosen.folder)
            take_pictures(application, scans, camera)
            camera.develop()
        finally:
            application.close()
    return 0


def _pass_on_qt_message(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Print what Qt has to say, except for what windows cannot do without a screen."""
    if "This plugin does not support" not in message:
        print(message, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
