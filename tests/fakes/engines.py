"""Fake engines. Each is a real engine: probed, opened in a worker process, asked to recognize images.

They are module-level, so that they reach spawned workers. What they do to a certain image is told by the
image's width in pixels, since an engine never learns a file's name.
"""

import contextlib
import importlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
from PIL import Image

from ocr_desktop.domain.errors import RecognitionError
from ocr_desktop.domain.results import Block, EngineStamp, Line, Recognition, Word
from ocr_desktop.services.engines.protocol import EngineConfig, EngineSpec, EngineStatus

MARKED_WIDTH = 13
"""Images of this width are the ones that a troublesome engine stumbles over."""
BROKEN_VARIABLE = "OCR_DESKTOP_TEST_BROKEN"
"""Environment variable: a file; as long as it is there, the breakable engine reads nothing."""
TRACE_VARIABLE = "OCR_DESKTOP_TEST_TRACE"
"""Environment variable: a file to which each recognition appends a line (monotonic time, width)."""


class FakeEngine:
    """Reads the size of the image instead of its text, after doing what it is made for."""

    def __init__(self, name: str, config: EngineConfig, misbehave: Callable[[Image.Image], None]) -> None:
        self._name = name
        self._config = config
        self._misbehave = misbehave

    @property
    def stamp(self) -> EngineStamp:
        return EngineStamp(name=self._name, version="1.0", languages=self._config.languages)

    def recognize(self, image: Image.Image, dpi: int | None) -> Recognition:
        del dpi
        _trace(image)
        self._misbehave(image)
        text = f"{image.width}x{image.height}"
        box = (0, 0, image.width, image.height)
        return Recognition(
            text=text + "\n",
            words=(Word(text, 0.9, box, 0, 0),),
            lines=(Line(box, 0, 0),),
            blocks=(Block(box),),
        )

    def close(self) -> None:
        pass


def _trace(image: Image.Image) -> None:
    path = os.environ.get(TRACE_VARIABLE)
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(f"{time.monotonic()} {image.width} {os.getpid()}\n")


def _nothing(_image: Image.Image) -> None:
    pass


def _slow(_image: Image.Image) -> None:
    time.sleep(0.15)


def _very_slow(_image: Image.Image) -> None:
    time.sleep(30)


def _raise(image: Image.Image) -> None:
    if image.width == MARKED_WIDTH:
        raise RuntimeError("the engine stumbled")


def _give_up(image: Image.Image) -> None:
    if image.width == MARKED_WIDTH:
        raise RecognitionError("The engine gave up on this image.")


def _crash(image: Image.Image) -> None:
    if image.width == MARKED_WIDTH:
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def _hang(image: Image.Image) -> None:
    if image.width == MARKED_WIDTH:
        while True:
            with contextlib.suppress(Exception):
                time.sleep(60)


def _hang_with_child(image: Image.Image) -> None:
    """Hang like the system engine can: waiting for a process of its own."""
    if image.width == MARKED_WIDTH:
        subprocess.run([sys.executable, "-c", "import time; time.sleep(300)"], check=False)


def _eat_memory(image: Image.Image) -> None:
    if image.width == MARKED_WIDTH:
        raise MemoryError


def _exhaust_memory(image: Image.Image) -> None:
    """Ask for far more than any worker may use; nothing of it is touched, should it be granted."""
    if image.width == MARKED_WIDTH:
        len(bytes(1 << 32))


def _hoard_memory(image: Image.Image) -> None:
    """Take 150 MB at once, and then 50 MB a second, until there are 2 GB."""
    hoard: list[bytes] = []
    while image.width == MARKED_WIDTH and len(hoard) < 1000:
        hoard.append(b"x" * 2_000_000)
        time.sleep(0.04 if len(hoard) > 75 else 0.0)


_HOARDING = """
import time
hoard = []
while len(hoard) < 1000:
    hoard.append(b"x" * 2_000_000)
    time.sleep(0.04 if len(hoard) > 75 else 0.0)
"""


def _have_a_child_hoard(image: Image.Image) -> None:
    if image.width == MARKED_WIDTH:
        subprocess.run([sys.executable, "-c", _HOARDING], check=True)


_leaked: list[bytes] = []


def _leak(_image: Image.Image) -> None:
    _leaked.append(b"x" * 10_000_000)
    time.sleep(0.03)


def _die_of(name: str) -> Callable[[Image.Image], None]:
    def die(image: Image.Image) -> None:
        if image.width == MARKED_WIDTH:
            with contextlib.suppress(ImportError):  # no core file
                resource = importlib.import_module("resource")
                resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            os.kill(os.getpid(), getattr(signal, name))

    return die


def _break(_image: Image.Image) -> None:
    if Path(os.environ.get(BROKEN_VARIABLE, "")).is_file():
        raise RecognitionError("The engine is broken.")


def _use_network(_image: Image.Image) -> None:
    """Do what no engine may: open sockets, in Python and in a program of another make."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        with contextlib.suppress(OSError):
            socket.getaddrinfo("localhost", 80)
        # Isolated, so that it loads nothing of what watches Python here: like native code.
        code = "import socket, time; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(); time.sleep(2)"
        subprocess.run([sys.executable, "-I", "-S", "-c", code], check=False)


def _open_networking(config: EngineConfig) -> FakeEngine:
    return FakeEngine("networking", config, _use_network)


def _secret(_image: Image.Image) -> None:
    """Fail with a message that tells what was read, as libraries do."""
    raise ValueError("cannot parse 'Dear Ottilie, herewith Zeugnis'")


def _open_talkative(config: EngineConfig) -> FakeEngine:
    return FakeEngine("talkative", config, _secret)


def _open_breakable(config: EngineConfig) -> FakeEngine:
    return FakeEngine("breakable", config, _break)


def _open_noop(config: EngineConfig) -> FakeEngine:
    return FakeEngine("noop", config, _nothing)


def _open_slow(config: EngineConfig) -> FakeEngine:
    return FakeEngine("slow", config, _slow)


def _open_very_slow(config: EngineConfig) -> FakeEngine:
    return FakeEngine("very-slow", config, _very_slow)


def _open_raising(config: EngineConfig) -> FakeEngine:
    return FakeEngine("raising", config, _raise)


def _open_giving_up(config: EngineConfig) -> FakeEngine:
    return FakeEngine("giving-up", config, _give_up)


def _open_crashing(config: EngineConfig) -> FakeEngine:
    return FakeEngine("crashing", config, _crash)


def _open_hanging(config: EngineConfig) -> FakeEngine:
    return FakeEngine("hanging", config, _hang)


def _open_hanging_with_child(config: EngineConfig) -> FakeEngine:
    return FakeEngine("hanging-with-child", config, _hang_with_child)


def _open_memory_eater(config: EngineConfig) -> FakeEngine:
    return FakeEngine("memory-eater", config, _eat_memory)


def _open_exhausting(config: EngineConfig) -> FakeEngine:
    return FakeEngine("exhausting", config, _exhaust_memory)


def _open_hoarding(config: EngineConfig) -> FakeEngine:
    return FakeEngine("hoarding", config, _hoard_memory)


def _open_hoarding_in_child(config: EngineConfig) -> FakeEngine:
    return FakeEngine("hoarding-in-child", config, _have_a_child_hoard)


def _open_leaking(config: EngineConfig) -> FakeEngine:
    return FakeEngine("leaking", config, _leak)


def _open_leaking_stubborn(config: EngineConfig) -> FakeEngine:
    return _StubbornEngine("leaking-stubborn", config, _leak)


def _open_aborting(config: EngineConfig) -> FakeEngine:
    return FakeEngine("aborting", config, _die_of("SIGABRT"))


def _open_faulting(config: EngineConfig) -> FakeEngine:
    return FakeEngine("faulting", config, _die_of("SIGSEGV"))


class _StubbornEngine(FakeEngine):
    """Does not end when it is told to."""

    def close(self) -> None:
        time.sleep(300)


def _probe() -> EngineStatus:
    return EngineStatus(name="fake", available=True, version="1.0", languages=("eng", "deu"))


def _probe_missing() -> EngineStatus:
    return EngineStatus(
        name="missing", available=False, problem="The missing engine is not here.", remedy="Get it."
    )


NOOP = EngineSpec(name="noop", probe=_probe, open=_open_noop)
BREAKABLE = EngineSpec(name="breakable", probe=_probe, open=_open_breakable)
SLOW = EngineSpec(name="slow", probe=_probe, open=_open_slow)
VERY_SLOW = EngineSpec(name="very-slow", probe=_probe, open=_open_very_slow)
RAISING = EngineSpec(name="raising", probe=_probe, open=_open_raising)
GIVING_UP = EngineSpec(name="giving-up", probe=_probe, open=_open_giving_up)
CRASHING = EngineSpec(name="crashing", probe=_probe, open=_open_crashing)
HANGING = EngineSpec(name="hanging", probe=_probe, open=_open_hanging)
HANGING_WITH_CHILD = EngineSpec(name="hanging-with-child", probe=_probe, open=_open_hanging_with_child)
MEMORY_EATER = EngineSpec(name="memory-eater", probe=_probe, open=_open_memory_eater)
EXHAUSTING = EngineSpec(name="exhausting", probe=_probe, open=_open_exhausting)
HOARDING = EngineSpec(name="hoarding", probe=_probe, open=_open_hoarding)
HOARDING_IN_CHILD = EngineSpec(name="hoarding-in-child", probe=_probe, open=_open_hoarding_in_child)
LEAKING = EngineSpec(name="leaking", probe=_probe, open=_open_leaking)
LEAKING_STUBBORN = EngineSpec(name="leaking-stubborn", probe=_probe, open=_open_leaking_stubborn)
ABORTING = EngineSpec(name="aborting", probe=_probe, open=_open_aborting)
FAULTING = EngineSpec(name="faulting", probe=_probe, open=_open_faulting)
NETWORKING = EngineSpec(name="networking", probe=_probe, open=_open_networking)
TALKATIVE = EngineSpec(name="talkative", probe=_probe, open=_open_talkative)
MISSING = EngineSpec(name="missing", probe=_probe_missing, open=_open_noop)


def renamed(spec: EngineSpec, name: str) -> EngineSpec:
    """Return a fake under the name of another engine, so that it can be chosen on the command line."""
    return msgspec.structs.replace(spec, name=name)


class _DiesWhenUnpickled:
    """Ends the process that unpickles it, as a broken installation ends every worker."""

    def __call__(self, config: EngineConfig) -> FakeEngine:
        raise AssertionError(f"no worker should come this far: {config}")

    def __reduce__(self) -> tuple[Callable[[int], object], tuple[int]]:
        return os._exit, (7,)


DYING_AT_START = EngineSpec(name="dying-at-start", probe=_probe, open=_DiesWhenUnpickled())
