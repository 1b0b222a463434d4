"""What does the program itself cost? Many tiny images, an engine that does nothing, real worker processes.

    python -m benchmarks.dispatch [--items 10000] [--jobs N] [--folder DIR] [--json OUT]

From the project's folder. Three jobs run over the same images, each through the job manager with a listener:

- read: every image is opened, "read", and gets its result files;
- skip: the same again; every result is opened and found to be up to date;
- events: the images are gone, so each item fails at once: what is left is dispatch, store and events.

Memory is looked at when so many items have ended as are in a normal day (300), and at the end.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
import psutil

from benchmarks.places import memory_folder
from benchmarks.tiny_images import draw_tiny_images
from ocr_desktop.bootstrap import Application, build_application
from ocr_desktop.domain.events import Event, ItemFinished
from ocr_desktop.domain.items import FoundImage
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import JobState
from ocr_desktop.services.discovery import find_images
from tests.fakes.engines import NOOP, renamed

ENGINES = (renamed(NOOP, "embedded"),)
NORMAL_DAY = 300
EXPECTED = {"read": "completed", "skip": "skipped", "events": "failed"}


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """Megabytes: what the processes would free if they ended (USS), and what they have in memory (RSS)."""

    parent_uss: float
    parent_rss: float
    workers_uss: float
    """Mean of the workers."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One job, as it is reported."""

    phase: str
    items: int
    seconds_to_create: float
    seconds: float
    """From the start of the workers to their end."""
    items_per_second: float
    """Between the first and the last item that ended: without the start of the workers."""
    early: Memory
    late: Memory


class Watch:
    """A listener that takes the time and the memory while a job runs."""

    def __init__(self, early: int, late: int) -> None:
        """Look at the memory when ``early`` and when ``late`` items have ended."""
        self._when = {early, late}
        self._ended = 0
        self._first = 0.0
        self._last = 0.0
        self._spent_looking = 0.0
        self.memory: list[Memory] = []

    def __call__(self, event: Event) -> None:
        """Take note of an event."""
        if not isinstance(event, ItemFinished):
            return
        self._last = time.perf_counter()
        self._first = self._first or self._last
        self._ended += 1
        if self._ended in self._when:
            self.memory.append(_look())
            self._spent_looking += time.perf_counter() - self._last

    @property
    def rate(self) -> float:
        """Items a second, the time for looking at the memory left out."""
        return (self._ended - 1) / max(1e-9, self._last - self._first - self._spent_looking)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return the exit code."""
    options = _parse(arguments)
    with tempfile.TemporaryDirectory(prefix="ocr-desktop-dispatch-", dir=options.folder) as scratch:
        folder = Path(scratch)
        draw_tiny_images(folder / "images", options.items)
        application = build_application(engines=ENGINES, home=folder / "home")
        images = list(find_images([folder / "images"], recursive=True))
        rows = [_run(application, phase, images, folder, options.jobs) for phase in ("read", "skip")]
        for image in images:
            Path(image.path).unlink()
        rows.append(_run(application, "events", images, folder, options.jobs))
    _print(rows, options.jobs, options.folder)
    if options.json:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(rows)))
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    default = memory_folder()
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--items", type=int, default=10_000, help="images (default: 10000)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="workers (default: one a core)")
    parser.add_argument(
        "--folder", type=Path, default=default, help=f"where to put images and results (default: {default})"
    )
    parser.add_argument("--json", type=Path, help="file for the figures")
    options = parser.parse_args(arguments)
    if options.items < 2 * NORMAL_DAY:
        parser.error(f"--items must be {2 * NORMAL_DAY} or more, or there is no growth to see")
    return options


def _run(application: Application, phase: str, images: Sequence[FoundImage], folder: Path, jobs: int) -> Row:
    options = RunOptions(jobs=jobs, output_dir=str(folder / "results"), retries=0)
    began = time.perf_counter()
    job = application.jobs.create(images, options)
    created = time.perf_counter()
    watch = Watch(NORMAL_DAY, len(images) - jobs)
    unsubscribe = application.jobs.subscribe(watch)
    final = application.jobs.start(job.id)
    ended = time.perf_counter()
    unsubscribe()
    application.jobs.delete(job.id)
    counted = msgspec.structs.asdict(final.stats)
    if final.state is JobState.CANCELLED or counted[EXPECTED[phase]] != len(images):
        sys.exit(f"{phase}: the job did not go as it should: {final.state.value}, {counted}")
    early, late = watch.memory
    return Row(
        phase=phase,
        items=len(images),
        seconds_to_create=created - began,
        seconds=ended - created,
        items_per_second=watch.rate,
        early=early,
        late=late,
    )


def _look() -> Memory:
    """Return the memory of this process and of its workers."""
    own = psutil.Process().memory_full_info()
    # The resource tracker of multiprocessing is a child too, but reads no images.
    workers = [
        child.memory_full_info().uss
        for child in psutil.Process().children()
        if "spawn_main" in " ".join(child.cmdline())
    ]
    return Memory(
        parent_uss=own.uss / 1e6,
        parent_rss=own.rss / 1e6,
        workers_uss=sum(workers) / max(1, len(workers)) / 1e6,
    )


def _print(rows: Sequence[Row], jobs: int, folder: Path) -> None:
    print(f"{rows[0].items} items, {jobs} workers, {os.cpu_count()} cores, files in {folder}\n")
    print(f"{'job':<8}{'create s':>9}{'run s':>8}{'items/s':>9}   {'parent, own MB':<24}", end="")
    print(f"{'parent, all MB':<24}workers, own MB")
    for row in rows:
        spans = (
            (row.early.parent_uss, row.late.parent_uss),
            (row.early.parent_rss, row.late.parent_rss),
            (row.early.workers_uss, row.late.workers_uss),
        )
        memory = "".join(
            f"{f'{early:.1f} -> {late:.1f} ({late / early - 1 if early else 0.0:+.1%})':<24}"
            for early, late in spans
        )
        speed = f"{row.seconds_to_create:>9.2f}{row.seconds:>8.2f}{row.items_per_second:>9.0f}"
        print(f"{row.phase:<8}{speed}   {memory}")
    print(f"\nMemory at item {NORMAL_DAY} -> at the end; own: USS, all: RSS.")


if __name__ == "__main__":
    sys.exit(main())
