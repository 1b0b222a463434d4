"""Jobs on real worker processes, run from a thread of their own."""

import contextlib
import threading
import time
from pathlib import Path

import psutil

from ocr_desktop.bootstrap import Application, build_application
from ocr_desktop.domain.events import Event, ItemStarted
from ocr_desktop.domain.items import FoundImage, ItemOutcome
from ocr_desktop.domain.jobs import JobSnapshot
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.services.engines.protocol import EngineSpec


class Run:
    """A job on worker processes, started on a thread of its own."""

    def __init__(self, engine: EngineSpec, images: list[Path], **options: object) -> None:
        self.app: Application = build_application(engines=[engine])
        self.events: list[Event] = []
        self.app.jobs.subscribe(self.events.append)
        chosen = RunOptions.from_values({"jobs": 2, **options})
        found = [FoundImage(str(path), str(path.parent)) for path in images]
        self.job = self.app.jobs.create(found, chosen)
        self._thread = threading.Thread(target=self.app.jobs.start, args=(self.job.id,))

    def start(self) -> None:
        self._thread.start()

    def finish(self) -> JobSnapshot:
        self._thread.join(60)
        assert not self._thread.is_alive(), "the run does not end"
        return self.app.jobs.get(self.job.id)

    def run(self) -> JobSnapshot:
        self.start()
        return self.finish()

    def started(self) -> list[int]:
        return [event.item_id for event in list(self.events) if isinstance(event, ItemStarted)]

    def wait_for_start(self, count: int) -> None:
        deadline = time.monotonic() + 30
        while len(self.started()) < count:
            assert time.monotonic() < deadline, "no item starts"
            time.sleep(0.01)

    def outcome(self, item_id: int) -> ItemOutcome:
        (record,) = self.app.jobs.items(self.job.id, after=item_id - 1, limit=1)
        assert record.outcome is not None
        return record.outcome


def worker_pids() -> list[int]:
    """Descendants of this process that are at work, without the resource tracker of multiprocessing."""
    pids = []
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):  # it is ending right now
            if "resource_tracker" not in " ".join(child.cmdline()):
                pids.append(child.pid)
    return pids
