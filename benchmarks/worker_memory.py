"""Do workers grow? Real recognition of many images, and the memory of the worker processes between them.

    python -m benchmarks.worker_memory FOLDER [--images 300] [--jobs N]

The images of the folder are hard-linked (or copied) again and again until there are enough of them.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import psutil

from ocr_desktop.bootstrap import Application, build_application
from ocr_desktop.domain.events import Event, ItemFinished
from ocr_desktop.domain.items import FoundImage
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.services.discovery import find_images

_STRETCH = 50
"""Samples that the beginning and the end are each the median of; single images differ too much."""


class Watch:
    """Notes the memory of all workers whenever an image is done."""

    def __init__(self) -> None:
        """Begin with no samples."""
        self.megabytes: list[float] = []

    def hear(self, event: Event) -> None:
        """Take a sample."""
        if isinstance(event, ItemFinished):
            self.megabytes.append(sum(map(_own_megabytes, _workers())))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurement and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="images to read; none may be damaged")
    parser.add_argument("--images", type=int, default=300, help="how many to read (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=None, help="workers (default: one a core)")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="ocr-memory-") as name:
        folder = Path(name)
        images = _multiply(chosen.folder, folder / "images", chosen.images)
        application = build_application(home=folder / "home")
        try:
            samples = _measure(application, images, RunOptions(jobs=chosen.jobs))
        finally:
            application.close()
    warm, late = samples[_STRETCH : 2 * _STRETCH], samples[-_STRETCH:]
    early, end = statistics.median(warm), statistics.median(late)
    print(f"{len(samples)} images; all workers' own memory (USS), medians of {_STRETCH} samples:")
    stretch = f"images {_STRETCH} to {2 * _STRETCH}"
    print(f"{stretch}: {early:.1f} MB, the last {_STRETCH}: {end:.1f} MB, {end / early - 1:+.1%}")
    return 0


def _multiply(source: Path, target: Path, count: int) -> list[FoundImage]:
    originals = [Path(image.path) for image in find_images([source], recursive=True)]
    target.mkdir()
    images = []
    for number in range(count):
        original = originals[number % len(originals)]
        path = target / f"{number:05d}{original.suffix}"
        try:
            os.link(original, path)
        except OSError:
            shutil.copy(original, path)
        images.append(FoundImage(str(path), str(target)))
    return images


def _measure(application: Application, images: Sequence[FoundImage], options: RunOptions) -> list[float]:
    watch = Watch()
    application.jobs.subscribe(watch.hear)
    application.jobs.start(application.jobs.create(images, options).id)
    return watch.megabytes


def _workers() -> list[psutil.Process]:
    children = psutil.Process().children()
    return [child for child in children if "resource_tracker" not in " ".join(child.cmdline())]


def _own_megabytes(process: psutil.Process) -> float:
    try:
        return float(process.memory_full_info().uss) / 1e6
    except psutil.Error:
        return 0.0


if __name__ == "__main__":
    sys.exit(main())
