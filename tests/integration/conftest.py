"""Running the command line as a user does: in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

PROJECT = Path(__file__).resolve().parents[2]

Command = Callable[..., subprocess.CompletedProcess[str]]

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="uses POSIX signals and permissions")


@pytest.fixture
def ocr_desktop() -> Command:
    """Return a function that runs ``ocr-desktop`` with arguments and returns what came of it."""

    def run(
        *arguments: str | Path, cwd: Path | None = None, **environment: str
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command_line(*arguments),
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            cwd=cwd,
            env=os.environ | environment,
            timeout=120,
            check=False,
        )

    return run


def command_line(*arguments: str | Path) -> list[str]:
    """Return the command that runs this program with the arguments."""
    return [sys.executable, "-m", "ocr_desktop", *map(str, arguments)]


def command_line_with_fake(engine: str, *arguments: str | Path) -> list[str]:
    """Return the same with a fake engine, by its name in ``tests/fakes/engines.py``, and no other."""
    return [sys.executable, "-m", "tests.fakes.command_line", engine, *map(str, arguments)]


def write_scan(path: Path, text: str = "Hello World") -> Path:
    image = Image.new("L", (500, 120), 255)
    ImageDraw.Draw(image).text((30, 30), text, fill=0, font=ImageFont.load_default(48))
    image.save(path)
    return path


def run_fake(engine: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command_line_with_fake(engine, *arguments),
        capture_output=True,
        text=True,
        cwd=PROJECT,
        timeout=120,
        check=False,
    )
