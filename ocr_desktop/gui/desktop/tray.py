"""Notifications through an icon in the tray, where a desktop has no other way for programs like this."""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QSystemTrayIcon

_SEEN = 12_000
"""Milliseconds after which the icon goes again."""


class TrayNotifier(QObject):
    """Shows the icon only while there is something to say."""

    def __init__(self, icon: QIcon, parent: QObject | None = None) -> None:
        """Use ``icon``."""
        super().__init__(parent)
        self._icon = icon
        self._tray: QSystemTrayIcon | None = None
        self._timer = QTimer(self, interval=_SEEN, singleShot=True)
        self._timer.timeout.connect(self.stop)

    def notify(self, title: str, text: str) -> None:
        """Show a notification, if there is a tray."""
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(self._icon, self)
        self._tray.show()
        self._tray.showMessage(title, text, self._icon)
        self._timer.start()

    def stop(self) -> None:
        """Take the icon away. Calling it twice does no harm."""
        self._timer.stop()
        if self._tray is not None:
            self._tray.hide()
            self._tray.deleteLater()
            self._tray = None
