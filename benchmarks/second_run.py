"""How long does it take to find out that nothing is left to do?

    python -m benchmarks.second_run [--items 10000] [--folder DIR] [--rounds 3]

From the project's folder. Reads many small images with an engine that does nothing, then measures the same
command again, as a whole process, over images that are all done:

- cold: nothing is remembered of earlier runs, so every image and every result is opened and hashed;
- warm: what is remembered is still true, so the dates of the files are all that is looked at.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.tiny_images import draw_tiny_images

PROJECT = Path(__file__).resolve().parents[1]
_SETTLING = 3.0
"""Seconds until the dates of new files tell of any change."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return the exit code."""
    options = _parse(arguments)
    with tempfile.TemporaryDirectory(prefix="ocr-desktop-second-run-", dir=options.folder) as scratch:
        folder = Path(scratch)
        images, home = folder / "images", folder / "home"
        draw_tiny_images(images, options.items)
        first = _run(images, home)
        time.sleep(_SETTLING)
        cold, warm = [], []
        for _ in range(options.rounds):
            shutil.rmtree(home / "cache", ignore_errors=True)
            cold.append(_run(images, home))
            warm.append(_run(images, home))
    print(f"{options.items} images, {os.cpu_count()} cores; seconds of the whole process, median and worst\n")
    for name, times in (("first", [first]), ("cold", cold), ("warm", warm)):
        print(f"{name:<8}{statistics.median(times):>8.2f}{max(times):>8.2f}")
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--items", type=int, default=10_000, help="how many images")
    parser.add_argument("--rounds", type=int, default=3, help="how often to measure the second run")
    parser.add_argument("--folder", type=Path, help="where to put them (default: the temporary folder)")
    return parser.parse_args(arguments)


def _run(images: Path, home: Path) -> float:
    command = [sys.executable, "-m", "tests.fakes.command_line", "NOOP", "run", str(images)]
    environment = os.environ | {"OCR_DESKTOP_HOME": str(home)}
    began = time.perf_counter()
    subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, check=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
