"""Does a job of 100,000 images stay quick and small, and does it go on at once after a crash?

    python -m benchmarks.big_job [--items 100000] [--folder DIR]

From the project's folder. The command line runs over tiny images with an engine that does nothing, with the
real list of jobs and real result files, on a memory disk where there is one. At half of the images the
program is killed, and the job is resumed. Measured: items a second, the parent's memory (RSS) early on, in
the middle and at its highest, and the time from the command to resume until the first image is read.
"""

import argparse
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from benchmarks.places import memory_folder
from benchmarks.tiny_images import draw_tiny_images

_PROJECT = Path(__file__).resolve().parents[1]
_LOOK = 0.5
"""Seconds between two looks at a run."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return the exit code."""
    options = _parse(arguments)
    with tempfile.TemporaryDirectory(prefix="ocr-desktop-big-job-", dir=options.folder) as scratch:
        run = _BigJob(Path(scratch), options.items)
        print(f"{options.items} images, {os.cpu_count()} cores, files in {options.folder}")
        run.read_half()
        return run.resume()


class _BigJob:
    """One job in a folder of its own."""

    def __init__(self, folder: Path, items: int) -> None:
        self._folder = folder
        self._items = items
        self._images = folder / "images"
        self._home = folder / "home"
        self._trace = folder / "trace"
        draw_tiny_images(self._images, items)

    def read_half(self) -> None:
        """Run until half of the images are done, and kill the program."""
        began = time.monotonic()
        process = self._start("run", str(self._images), "--json")
        first, memory = (0.0, 0), [0.0]
        while (done := self._done()) < self._items // 2:
            if process.poll() is not None:
                sys.exit(f"The run ended too early: {(self._folder / 'errors').read_text()}")
            if done and not first[1]:
                first = (time.monotonic(), done)
                print(f"first results after {first[0] - began:.1f} s")
            memory.append(_megabytes(process))
            time.sleep(_LOOK)
        rate = (done - first[1]) / (time.monotonic() - first[0])
        process.send_signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
        process.wait()
        middle = memory[len(memory) // 2]
        print(f"first half: {rate:.0f} items/s; memory {middle:.0f} MB midway, {max(memory):.0f} MB at most")
        time.sleep(1.0)  # the workers notice and end

    def resume(self) -> int:
        """Resume the job to its end; return the exit code."""
        began, read = time.monotonic(), self._trace.stat().st_size
        process = self._start("jobs", "resume", self._job_id(), "--json")
        while self._trace.stat().st_size == read and process.poll() is None:
            time.sleep(0.01)
        print(f"resume: first image read after {time.monotonic() - began:.2f} s")
        highest = 0.0
        while process.poll() is None:
            highest = max(highest, _megabytes(process))
            time.sleep(_LOOK)
        rate = (self._items - self._items // 2) / (time.monotonic() - began)
        print(f"second half: {rate:.0f} items/s with start and summary; memory {highest:.0f} MB at most")
        stats = json.loads((self._folder / "output").read_bytes())["stats"]
        print(f"in the end: {stats}")
        return 0 if stats["completed"] + stats["skipped"] == self._items else 1

    def _start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        own = {"OCR_DESKTOP_HOME": str(self._home), "OCR_DESKTOP_TEST_TRACE": str(self._trace)}
        command = [sys.executable, "-m", "tests.fakes.command_line", "NOOP", *arguments]
        with (self._folder / "output").open("wb") as output, (self._folder / "errors").open("wb") as errors:
            return subprocess.Popen(command, cwd=_PROJECT, env=os.environ | own, stdout=output, stderr=errors)

    def _done(self) -> int:
        answer = self._ask("SELECT sum(items) FROM counts WHERE state = 'completed'")
        return answer if isinstance(answer, int) else 0

    def _job_id(self) -> str:
        return str(self._ask("SELECT id FROM jobs"))

    def _ask(self, query: str) -> object:
        """Ask the list of jobs, from outside; None while it is not there."""
        try:
            connection = sqlite3.connect(f"{(self._home / 'jobs.db').as_uri()}?mode=ro", uri=True)
        except sqlite3.OperationalError:
            return None
        try:
            row = connection.execute(query).fetchone()
        except sqlite3.OperationalError:  # no tables yet
            return None
        finally:
            connection.close()
        return row[0] if row else None


def _megabytes(process: "subprocess.Popen[bytes]") -> float:
    try:
        return float(psutil.Process(process.pid).memory_info().rss) / 1e6
    except psutil.Error:  # it has just ended
        return 0.0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--items", type=int, default=100_000, help="images (default: 100000)")
    parser.add_argument("--folder", type=Path, default=memory_folder(), help="where to put the files")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
