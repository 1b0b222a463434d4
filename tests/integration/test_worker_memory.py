"""Memory of real worker processes: an image that needs too much fails alone, and says so."""

import functools
import os
import signal
import struct
import threading
import zlib
from pathlib import Path

import pytest
from PIL import Image

from ocr_desktop.batch.machine_memory import MachineMemory
from ocr_desktop.batch.process_executor import ProcessExecutor
from ocr_desktop.domain.events import ItemFinished, ItemRequeued, ItemStarted
from ocr_desktop.domain.states import JobState
from ocr_desktop.services.engines.protocol import EngineSpec
from tests.conftest import MakeImages
from tests.fakes.engines import EXHAUSTING, HOARDING, HOARDING_IN_CHILD, NOOP, SLOW
from tests.integration.conftest import posix_only
from tests.integration.worker_runs import Run, worker_pids


@pytest.mark.parametrize("engine", [HOARDING, HOARDING_IN_CHILD])
def test_a_worker_over_its_ceiling_is_killed_with_its_children(
    tmp_path: Path, make_images: MakeImages, engine: EngineSpec
) -> None:
    run = Run(engine, make_images(tmp_path, 6, marked={2}), worker_memory=256)
    finished = run.run()
    assert finished.state is JobState.COMPLETED_WITH_ERRORS
    assert (finished.stats.completed, finished.stats.failed) == (5, 1)
    outcome = run.outcome(2)
    assert (outcome.error_kind, outcome.attempts) == ("out-of-memory", 1)
    assert "“scan 0002.png” needed more than the 256 MB of memory that one worker may use." in outcome.error
    assert "--worker-memory" in outcome.error
    assert not [event for event in run.events if isinstance(event, ItemRequeued)]
    assert worker_pids() == []


@posix_only
def test_a_huge_allocation_is_refused_at_once(tmp_path: Path, make_images: MakeImages) -> None:
    run = Run(EXHAUSTING, make_images(tmp_path, 6, marked={2}), worker_memory=256)
    finished = run.run()
    assert (finished.stats.completed, finished.stats.failed) == (5, 1)
    outcome = run.outcome(2)
    assert (outcome.error_kind, outcome.attempts) == ("out-of-memory", 1)
    assert "not enough memory to read “scan 0002.png”" in outcome.error
    assert "--worker-memory" in outcome.error


def test_a_decompression_bomb_fails_alone(tmp_path: Path, make_images: MakeImages) -> None:
    images = make_images(tmp_path, 4)
    images[1].write_bytes(_png_that_claims(100_000, 100_000))
    run = Run(NOOP, images, worker_memory=256)
    finished = run.run()
    assert (finished.stats.completed, finished.stats.failed) == (3, 1)
    outcome = run.outcome(1)
    assert (outcome.error_kind, outcome.attempts) == ("image-too-large", 1)
    assert "“scan 0001.png” has 10,000 megapixels" in outcome.error


@posix_only
def test_an_image_that_unpacks_to_more_than_a_worker_may_use_fails_alone(
    tmp_path: Path, make_images: MakeImages
) -> None:
    images = make_images(tmp_path, 4)
    coloured = Image.new("P", (14_000, 14_000))
    coloured.putpalette([200, 30, 30])
    coloured.save(images[1], compress_level=1)  # as colours it takes 784 MB: Pillow has 4 bytes a pixel
    run = Run(NOOP, images, worker_memory=256)
    finished = run.run()
    assert (finished.stats.completed, finished.stats.failed) == (3, 1)
    outcome = run.outcome(1)
    assert (outcome.error_kind, outcome.attempts) in {("out-of-memory", 1), ("image-too-large", 1)}
    assert "memory" in outcome.error


@posix_only
def test_the_systems_own_killer_costs_one_attempt(tmp_path: Path, make_images: MakeImages) -> None:
    """What the kernel does where memory runs out: SIGKILL, out of nowhere."""
    run = Run(SLOW, make_images(tmp_path, 6), retries=0)
    killed: list[int] = []

    def kill(event: object) -> None:
        if isinstance(event, ItemStarted) and event.item_id == 4 and not killed:
            killed.extend(worker_pids()[:1])
            os.kill(killed[0], signal.SIGKILL)

    run.app.jobs.subscribe(kill)
    finished = run.run()
    assert (finished.stats.completed, finished.stats.failed) == (5, 1)


class ChangingMemory:
    """A machine whose memory is scarce until it is told otherwise."""

    def __init__(self) -> None:
        self.available = 100_000_000
        self.looks = 0

    def __call__(self) -> MachineMemory:
        self.looks += 1
        return MachineMemory(8_000_000_000, self.available)


def test_scarce_memory_holds_back_all_but_one_image(tmp_path: Path, make_images: MakeImages) -> None:
    run = Run(SLOW, make_images(tmp_path, 20), jobs=3)
    memory = ChangingMemory()
    run.app.jobs._make_executor = functools.partial(ProcessExecutor, machine_memory=memory)
    ended = threading.Semaphore(0)
    at_work, most_scarce, most = 0, 0, 0

    def count(event: object) -> None:
        nonlocal at_work, most_scarce, most
        at_work += isinstance(event, ItemStarted) - isinstance(event, ItemFinished)
        if memory.available < 1_000_000_000:
            most_scarce = max(most_scarce, at_work)
        most = max(most, at_work)
        if isinstance(event, ItemFinished) and event.outcome.item_id == 5:
            memory.available = 4_000_000_000
            ended.release()

    run.app.jobs.subscribe(count)
    finished = run.run()
    assert (finished.state, finished.stats.completed) == (JobState.COMPLETED, 20)
    assert ended.acquire(timeout=0)
    assert most_scarce == 1
    assert most > 1
    assert memory.looks < 200, "it looks all the time"


def _png_that_claims(width: int, height: int) -> bytes:
    """A file of a few bytes that would unpack to that many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
