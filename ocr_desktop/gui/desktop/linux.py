"""The desktops of Linux and its like, asked over D-Bus.

What does not answer is not there. Everything happens on threads of its own, so that a bus or a service that
hangs is not felt. D-Bus is spoken by a small library, not by Qt: notifications need unsigned numbers, which
cannot be sent from Python through Qt.
"""

import html
import os
from collections.abc import Callable
from typing import Any

from jeepney import DBusAddress, Message, new_method_call, new_signal
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.wrappers import unwrap_msg

from ocr_desktop.gui.desktop.background_calls import BackgroundCalls
from ocr_desktop.gui.desktop.services import Mood

APPLICATION = "ocr-desktop"
"""The name of the desktop file, which desktops know a program by."""
_TITLE = "OCR Desktop"
_TIMEOUT = 5.0
"""Seconds that a service gets to answer."""
_SUSPEND = 4
"""GNOME's flag for "do not suspend"."""
_BY_ITSELF = -1
"""A notification goes away when the desktop thinks fit."""

_NOTIFICATIONS = DBusAddress(
    "/org/freedesktop/Notifications",
    bus_name="org.freedesktop.Notifications",
    interface="org.freedesktop.Notifications",
)
_LAUNCHER = DBusAddress("/com/canonical/unity/launcherentry/1", interface="com.canonical.Unity.LauncherEntry")
_SESSION_MANAGER = DBusAddress(
    "/org/gnome/SessionManager", bus_name="org.gnome.SessionManager", interface="org.gnome.SessionManager"
)
_POWER_MANAGEMENT = DBusAddress(
    "/org/freedesktop/PowerManagement/Inhibit",
    bus_name="org.freedesktop.PowerManagement",
    interface="org.freedesktop.PowerManagement.Inhibit",
)
_LOGIN = DBusAddress(
    "/org/freedesktop/login1",
    bus_name="org.freedesktop.login1",
    interface="org.freedesktop.login1.Manager",
)


class SessionBus:
    """One connection to the session bus, opened with the first message, on a thread of its own."""

    def __init__(self) -> None:
        """Begin unconnected."""
        self._calls = BackgroundCalls("desktop-bus")
        self._connection: DBusConnection | None = None

    def send(self, message: Message) -> None:
        """Send a message without waiting for an answer. Any thread."""

        def act() -> None:
            if self._connection is None:
                self._connection = open_dbus_connection(bus="SESSION")
            self._connection.send(message)

        self._calls.call(act)

    def stop(self) -> None:
        """Send what is left and hang up. Calling it twice does no harm."""
        self._calls.call(self._close)
        self._calls.stop()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class LauncherEntry:
    """Progress on the launcher: understood by Plasma, Unity, Dash to Dock and others."""

    def __init__(self, bus: SessionBus) -> None:
        """Say it on ``bus``."""
        self._bus = bus
        self._is_shown = False

    def show(self, done: int, total: int, mood: Mood) -> None:
        """Show how far the run is; trouble asks for attention."""
        self._is_shown = True
        self._update(
            {
                "progress": ("d", done / total if total else 0.0),
                "progress-visible": ("b", True),
                "urgent": ("b", mood is Mood.TROUBLE),
            }
        )

    def clear(self) -> None:
        """Show no progress."""
        if self._is_shown:
            self._is_shown = False
            self._update({"progress-visible": ("b", False), "urgent": ("b", False)})

    def _update(self, properties: dict[str, tuple[str, object]]) -> None:
        body = (f"application://{APPLICATION}.desktop", properties)
        self._bus.send(new_signal(_LAUNCHER, "Update", "sa{sv}", body))


class BusNotifier:
    """Notifications of the desktop."""

    def __init__(self, bus: SessionBus) -> None:
        """Ask for them on ``bus``."""
        self._bus = bus

    def notify(self, title: str, text: str) -> None:
        """Show a notification. Some desktops read the text as markup, so it is escaped."""
        hints = {"desktop-entry": ("s", APPLICATION)}
        body: tuple[object, ...] = (
            _TITLE,
            0,
            APPLICATION,
            title,
            html.escape(text, quote=False),
            [],
            hints,
            _BY_ITSELF,
        )
        self._bus.send(new_method_call(_NOTIFICATIONS, "Notify", "susssasa{sv}i", body))


class BusSleepGuard:
    """Asks whoever minds the power: GNOME, then Plasma and others, then the login service.

    All of them let go when the connection ends, however the program ends.
    """

    def __init__(self) -> None:
        """Begin with sleep allowed."""
        self._calls = BackgroundCalls("sleep-guard")
        self._is_held = False
        self._let_go: Callable[[], None] | None = None

    def hold(self, reason: str) -> None:
        """Hold sleep off from now on."""
        if not self._is_held:
            self._is_held = True
            self._calls.call(lambda: self._hold(reason))

    def release(self) -> None:
        """Allow it again."""
        if self._is_held:
            self._is_held = False
            self._calls.call(self._release)

    def stop(self) -> None:
        """End the thread. Calling it twice does no harm."""
        self._calls.stop()

    def _hold(self, reason: str) -> None:
        for ask in (_ask_session, _ask_login):
            try:
                self._let_go = ask(reason)
            except Exception:  # noqa: BLE001, S112 - the next one is asked
                continue
            return

    def _release(self) -> None:
        let_go, self._let_go = self._let_go, None
        if let_go is not None:
            let_go()


def _ask_session(reason: str) -> Callable[[], None]:
    """Ask the session; return what ends that."""
    connection = open_dbus_connection(bus="SESSION")
    gnome = new_method_call(_SESSION_MANAGER, "Inhibit", "susu", (APPLICATION, 0, reason, _SUSPEND))
    others = new_method_call(_POWER_MANAGEMENT, "Inhibit", "ss", (APPLICATION, reason))
    try:
        try:
            _call(connection, gnome)
        except Exception:  # noqa: BLE001 - whatever it is, GNOME is not there
            _call(connection, others)
    except BaseException:
        connection.close()
        raise
    close: Callable[[], None] = connection.close
    return close


def _ask_login(reason: str) -> Callable[[], None]:
    """Ask the login service of the machine; return what ends that."""
    connection = open_dbus_connection(bus="SYSTEM", enable_fds=True)
    try:
        message = new_method_call(_LOGIN, "Inhibit", "ssss", ("sleep:idle", _TITLE, reason, "block"))
        (lock,) = _call(connection, message)
        number = lock.to_raw_fd()
    finally:
        connection.close()
    return lambda: os.close(number)


def _call(connection: DBusConnection, message: Message) -> tuple[Any, ...]:
    answer: tuple[Any, ...] = unwrap_msg(connection.send_and_get_reply(message, timeout=_TIMEOUT))
    return answer
