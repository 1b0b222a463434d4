"""Reads all scans with all readers and scores what they read."""

import multiprocessing
import os
import sys
import time
from collections.abc import Iterator, Sequence
from functools import cache

import msgspec
from PIL import Image

from benchmarks.accuracy.readers import MOST_PIXELS, READERS, Reader, Reading, read_safely
from benchmarks.accuracy.scans import Scan
from benchmarks.accuracy.scores import score
from ocr_desktop.services.pillow_guard import pillow_guard

if sys.platform != "win32":
    import resource


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One image as one reader read it."""

    reader: str
    set_name: str
    half: int
    image: str
    path: str
    megapixels: float
    word_f1: float
    error_rate: float
    cpu_seconds: float
    seconds: float
    confidence: float
    text: str
    note: str


class _Task(msgspec.Struct, frozen=True):
    scan: Scan
    readers: tuple[str, ...]
    languages: str
    repeats: int


def measure_all(
    scans: Sequence[Scan], readers: Sequence[str], *, languages: str, repeats: int, jobs: int
) -> Iterator[list[Row]]:
    """Yield the rows of one image after another, in the order of the scans, one row for each reader.

    Readers take turns on each image, so that other load hits all alike.

    Args:
        scans: What to read.
        readers: Names out of :data:`benchmarks.accuracy.readers.READERS`.
        languages: Tesseract codes, ``eng+deu``.
        repeats: How often each is timed; the median counts.
        jobs: How many processes read at the same time; times are only true with 1.
    """
    tasks = [_Task(scan, tuple(readers), languages, repeats) for scan in scans]
    if jobs == 1:
        yield from map(_measure, tasks)
        return
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        yield from pool.imap(_measure, tasks)


@cache
def open_reader(name: str, languages: str) -> Reader:
    """Open a reader; it stays open for the rest of the process."""
    return READERS[name](languages)


def _measure(task: _Task) -> list[Row]:
    os.environ["OMP_THREAD_LIMIT"] = "1"
    return [_measure_one(task, name) for name in task.readers]


def _measure_one(task: _Task, name: str) -> Row:
    scan, reader = task.scan, open_reader(name, task.languages)
    runs = [_timed(reader, scan.path) for _ in range(task.repeats)]
    reading = runs[0][0]
    middle = len(runs) // 2
    result = score(reading.text, scan.truth.text)
    return Row(
        reader=name,
        set_name=scan.set_name,
        half=scan.half,
        image=scan.name,
        path=scan.path,
        megapixels=_megapixels(scan.path),
        word_f1=round(result.word_f1, 4),
        error_rate=round(result.error_rate, 4),
        cpu_seconds=round(sorted(run[1] for run in runs)[middle], 4),
        seconds=round(sorted(run[2] for run in runs)[middle], 4),
        confidence=reading.confidence,
        text=reading.text,
        note=reading.note,
    )


def _timed(reader: Reader, path: str) -> tuple[Reading, float, float]:
    cpu, began = _cpu_seconds(), time.perf_counter()
    reading = read_safely(reader, path)
    return reading, _cpu_seconds() - cpu, time.perf_counter() - began


def _cpu_seconds() -> float:
    """Return the CPU time of this process and of the children that have ended."""
    if sys.platform == "win32":
        return time.process_time()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _megapixels(path: str) -> float:
    try:
        with pillow_guard(MOST_PIXELS), Image.open(path) as image:
            return round(image.width * image.height / 1e6, 3)
    except OSError:  # no image
        return 0.0
