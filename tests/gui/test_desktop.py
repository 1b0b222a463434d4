"""The desktop around the window: asked over a real bus where there is one, harmless where there is none."""

import ctypes
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from ocr_desktop.gui.desktop.background_calls import BackgroundCalls
from ocr_desktop.gui.desktop.macos import Caffeinate, DockBadge
from ocr_desktop.gui.desktop.services import Desktop, Mood, Nothing
from ocr_desktop.gui.desktop.tray import TrayNotifier
from ocr_desktop.gui.desktop.windows import TaskbarButton

if sys.platform == "linux":
    from jeepney import HeaderFields, MatchRule, MessageType, message_bus, new_method_return
    from jeepney.io.blocking import open_dbus_connection

    from ocr_desktop.gui.desktop.linux import BusNotifier, BusSleepGuard, LauncherEntry, SessionBus

_PATIENCE = 10.0


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


# -- D-Bus


def listens(path: Path) -> bool:
    """Whether somebody answers at a socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


on_linux = pytest.mark.skipif(sys.platform != "linux", reason="D-Bus is asked on Linux only")


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a private session bus."""
    program = shutil.which("dbus-daemon")
    if program is None:
        pytest.skip("there is no dbus-daemon on this machine")
    address = f"unix:path={tmp_path / 'bus'}"
    command = [program, "--session", "--nofork", "--nopidfile", f"--address={address}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: listens(tmp_path / "bus"))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    yield address
    process.terminate()
    process.wait()


class FakeServices:
    """What a desktop has on the bus: hears everything, and answers what is asked of it."""

    def __init__(self, address: str, names: tuple[str, ...]) -> None:
        self.heard: list[tuple[str, tuple[object, ...]]] = []
        self.gone: list[str] = []
        self._connection = open_dbus_connection(bus=address)
        for name in names:
            self._connection.send_and_get_reply(message_bus.RequestName(name))
        for rule in (
            MatchRule(type="signal", interface="com.canonical.Unity.LauncherEntry"),
            MatchRule(type="signal", interface="org.freedesktop.DBus", member="NameOwnerChanged"),
        ):
            self._connection.send_and_get_reply(message_bus.AddMatch(rule))
        self._calls = BackgroundCalls("fake-services")
        self._calls.call(self._serve)
        self._is_stopped = False

    def stop(self) -> None:
        self._is_stopped = True
        self._calls.stop()
        self._connection.close()

    def _serve(self) -> None:
        while not self._is_stopped:
            try:
                message = self._connection.receive(timeout=0.1)
            except TimeoutError:
                continue
            member = message.header.fields.get(HeaderFields.member, "")
            if member == "NameOwnerChanged":
                if not message.body[2]:
                    self.gone.append(message.body[0])
                continue
            self.heard.append((member, message.body))
            if message.header.message_type is MessageType.method_call:
                self._connection.send(new_method_return(message, "u", (7,)))

    def said(self, member: str) -> list[tuple[object, ...]]:
        return [body for name, body in self.heard if name == member]


@pytest.fixture
def services(bus: str) -> Iterator[FakeServices]:
    services = FakeServices(bus, ("org.freedesktop.Notifications", "org.gnome.SessionManager"))
    yield services
    services.stop()


@on_linux
def test_progress_and_notifications_arrive_on_the_bus(services: FakeServices) -> None:
    session = SessionBus()
    entry, notifier = LauncherEntry(session), BusNotifier(session)
    entry.show(1, 4, Mood.NORMAL)
    entry.show(2, 4, Mood.TROUBLE)
    notifier.notify("The run has finished", "2 < 3 & 4")
    entry.clear()
    entry.clear()
    session.stop()
    session.stop()
    wait_until(lambda: len(services.said("Update")) == 3)
    updates = services.said("Update")
    assert updates[0][0] == "application://ocr-desktop.desktop"
    assert updates[0][1] == {
        "progress": ("d", 0.25),
        "progress-visible": ("b", True),
        "urgent": ("b", False),
    }
    assert updates[1][1]["urgent"] == ("b", True)  # type: ignore[index]
    assert updates[2][1]["progress-visible"] == ("b", False)  # type: ignore[index]
    (notice,) = services.said("Notify")
    assert notice[0] == "OCR Desktop"
    assert notice[3:5] == ("The run has finished", "2 &lt; 3 &amp; 4")


@on_linux
def test_sleep_is_held_off_until_released(services: FakeServices) -> None:
    guard = BusSleepGuard()
    guard.hold("Images are being read.")
    guard.hold("Images are being read.")
    wait_until(lambda: services.said("Inhibit"))
    assert services.said("Inhibit") == [("ocr-desktop", 0, "Images are being read.", 4)]
    before = len(services.gone)
    guard.release()
    guard.release()
    wait_until(lambda: len(services.gone) > before)  # who asked has hung up, which ends it
    guard.stop()


@on_linux
def test_where_gnome_is_not_the_others_are_asked(bus: str) -> None:
    services = FakeServices(bus, ("org.freedesktop.PowerManagement",))
    guard = BusSleepGuard()
    guard.hold("Images are being read.")
    wait_until(lambda: services.said("Inhibit"))
    assert services.said("Inhibit") == [("ocr-desktop", "Images are being read.")]
    guard.release()
    guard.stop()
    services.stop()


@on_linux
@pytest.mark.parametrize("address", ["", "unix:path=/no/such/bus", "nonsense"])
def test_without_a_bus_nothing_happens_and_nothing_is_complained_of(
    address: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/no/such/bus")
    session, sleep = SessionBus(), BusSleepGuard()
    desktop = Desktop(LauncherEntry(session), BusNotifier(session), sleep, (session, sleep))
    with caplog.at_level("WARNING"):
        desktop.taskbar.show(1, 2, Mood.NORMAL)
        desktop.notifier.notify("title", "text")
        desktop.sleep.hold("reason")
        desktop.stop()
        desktop.stop()
    assert not caplog.records


@on_linux
def test_a_bus_that_hangs_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = socket.socket(socket.AF_UNIX)
    silent.bind(str(tmp_path / "bus"))
    silent.listen()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'bus'}")
    session = SessionBus()
    begin = time.monotonic()
    LauncherEntry(session).show(1, 2, Mood.NORMAL)
    assert time.monotonic() - begin < 1
    session.stop()
    assert time.monotonic() - begin < _PATIENCE
    silent.accept()[0].close()
    silent.close()


# -- Windows


class FakeTaskbarList:
    """An object with a table of methods, as COM has them."""

    def __init__(self) -> None:
        self.said: list[tuple[object, ...]] = []
        value = ctypes.CFUNCTYPE(
            ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_ulonglong, ctypes.c_ulonglong
        )
        state = ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
        self._set_value = value(lambda _self, window, done, total: self._say("value", window, done, total))
        self._set_state = state(lambda _self, window, flags: self._say("state", window, flags))
        self._table = (ctypes.c_void_p * 11)()
        self._table[9] = ctypes.cast(self._set_value, ctypes.c_void_p).value
        self._table[10] = ctypes.cast(self._set_state, ctypes.c_void_p).value
        self._instance = ctypes.c_void_p(ctypes.addressof(self._table))

    @property
    def address(self) -> int:
        return ctypes.addressof(self._instance)

    def _say(self, *words: object) -> int:
        self.said.append(words)
        return 0


def test_the_task_bar_button_is_told_state_and_value() -> None:
    fake = FakeTaskbarList()
    button = TaskbarButton(42, lambda: fake.address)
    button.show(3, 8, Mood.NORMAL)
    button.show(3, 8, Mood.PAUSED)
    button.show(3, 0, Mood.TROUBLE)
    button.clear()
    button.clear()
    assert fake.said == [
        ("state", 42, 2),
        ("value", 42, 3, 8),
        ("state", 42, 8),
        ("value", 42, 3, 8),
        ("state", 42, 4),
        ("value", 42, 3, 1),
        ("state", 42, 0),
    ]


def test_a_task_bar_that_is_not_there_is_asked_for_once() -> None:
    asked: list[None] = []
    button = TaskbarButton(42, lambda: asked.append(None))
    button.show(1, 2, Mood.NORMAL)
    button.clear()
    assert len(asked) == 1


# -- macOS, and what is the same everywhere


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell script")
def test_caffeinate_runs_as_long_as_sleep_is_held_off(tmp_path: Path) -> None:
    program, trace = tmp_path / "caffeinate", tmp_path / "trace"
    program.write_text(f'#!/bin/sh\necho "$@" > "{trace}"\nexec sleep 60\n')
    program.chmod(0o755)
    guard = Caffeinate(str(program))
    guard.hold("reason")
    guard.hold("reason")
    wait_until(lambda: trace.exists() and trace.read_text())
    assert trace.read_text().startswith("-i -w ")
    guard.release()
    guard.release()


def test_a_missing_caffeinate_is_no_trouble(tmp_path: Path) -> None:
    guard = Caffeinate(str(tmp_path / "none"))
    guard.hold("reason")
    guard.release()


def test_badge_and_tray_do_no_harm_where_there_are_none(qapp: QApplication) -> None:
    badge, tray = DockBadge(), TrayNotifier(QIcon(), qapp)
    badge.show(1, 4, Mood.NORMAL)
    badge.clear()
    tray.notify("title", "text")
    tray.stop()
    nothing = Nothing()
    desktop = Desktop(nothing, nothing, nothing)
    desktop.taskbar.show(1, 2, Mood.NORMAL)
    desktop.stop()


def test_calls_end_quietly_whatever_they_do() -> None:
    done: list[int] = []
    calls = BackgroundCalls("test-calls")
    calls.call(lambda: 1 // 0)  # type: ignore[arg-type]
    calls.call(lambda: done.append(1))
    calls.stop()
    calls.call(lambda: done.append(2))
    assert done == [1]
