"""Shows a file in the file manager of the platform."""

import sys
from pathlib import Path

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices


def show_in_folder(path: str) -> bool:
    """Open the folder of ``path``, with the file selected where the platform can.

    Returns whether that worked.
    """
    file = Path(path)
    if sys.platform == "win32" and file.exists():
        started, _ = QProcess.startDetached("explorer.exe", ["/select,", str(file)])
        return bool(started)
    if sys.platform == "darwin" and file.exists():
        started, _ = QProcess.startDetached("open", ["-R", path])
        return bool(started)
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(file.parent)))
