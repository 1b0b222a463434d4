"""The desktop of macOS: a number on the dock icon, and sleep through ``caffeinate``."""

import os
import subprocess

from PySide6.QtGui import QGuiApplication

from ocr_desktop.gui.desktop.services import Mood


class DockBadge:
    """Shows how many images are left."""

    def show(self, done: int, total: int, mood: Mood) -> None:  # noqa: ARG002 - a badge has no colours
        """Show how many images are left."""
        _set_badge(total - done)

    def clear(self) -> None:
        """Show none."""
        _set_badge(0)


class Caffeinate:
    """Runs the system's own program for this, which ends with ours at the latest."""

    def __init__(self, program: str = "/usr/bin/caffeinate") -> None:
        """Use ``program``."""
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None

    def hold(self, reason: str) -> None:  # noqa: ARG002 - it does not ask for one
        """Hold sleep off from now on."""
        if self._process is None:
            command = [self._program, "-i", "-w", str(os.getpid())]
            nothing = subprocess.DEVNULL
            try:
                self._process = subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing)
            except OSError:
                return

    def release(self) -> None:
        """Allow it again."""
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            process.wait()


def _set_badge(number: int) -> None:
    application = QGuiApplication.instance()
    if isinstance(application, QGuiApplication):
        application.setBadgeNumber(number)
