"""Which services the desktop has that the window is on."""

import sys

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from ocr_desktop.gui.desktop.services import Desktop, Nothing

_NO_DESKTOP = frozenset({"offscreen", "minimal"})


def find_desktop(window: QWidget) -> Desktop:
    """Return what can be asked of the desktop around ``window``; nothing is asked yet."""
    if QGuiApplication.platformName() not in _NO_DESKTOP:
        if sys.platform == "win32":
            return _windows(window)
        if sys.platform == "darwin":
            return _macos(window)
        if sys.platform == "linux":
            return _linux()
    return Desktop(Nothing(), Nothing(), Nothing())


def _linux() -> Desktop:
    from ocr_desktop.gui.desktop.linux import (  # noqa: PLC0415 - its library is there on Linux only
        BusNotifier,
        BusSleepGuard,
        LauncherEntry,
        SessionBus,
    )

    bus, sleep = SessionBus(), BusSleepGuard()
    return Desktop(LauncherEntry(bus), BusNotifier(bus), sleep, (bus, sleep))


def _windows(window: QWidget) -> Desktop:
    from ocr_desktop.gui.desktop.tray import TrayNotifier  # noqa: PLC0415 - only where it is needed
    from ocr_desktop.gui.desktop.windows import KernelSleepGuard, TaskbarButton  # noqa: PLC0415

    tray = TrayNotifier(window.windowIcon(), window)
    return Desktop(TaskbarButton(int(window.winId())), tray, KernelSleepGuard(), (tray,))


def _macos(window: QWidget) -> Desktop:
    from ocr_desktop.gui.desktop.macos import Caffeinate, DockBadge  # noqa: PLC0415 - only where it is needed
    from ocr_desktop.gui.desktop.tray import TrayNotifier  # noqa: PLC0415

    tray = TrayNotifier(window.windowIcon(), window)
    return Desktop(DockBadge(), tray, Caffeinate(), (tray,))
