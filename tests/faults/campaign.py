"""A scene for faults: images, a home of its own, real runs over them in processes, and what goes wrong.

Runs are the real command line, over a fake engine that leaves a trace of each recognition or over the real
one. They are started, harmed and resumed from here; ``invariants.py`` then looks at what is left.
"""

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import psutil
from PIL import Image

from ocr_desktop.bootstrap import Application, build_application
from ocr_desktop.domain.items import ItemRecord
from ocr_desktop.domain.states import JobState
from ocr_desktop.jobs.store import JobRecord
from tests.fakes import engines
from tests.fakes.engines import TRACE_VARIABLE
from tests.fakes.images import write_page

PROJECT = Path(__file__).resolve().parents[2]
SHIMS = Path(__file__).resolve().parent / "shims"
REAL = "REAL"
"""Stands for the engine of the product."""
FIRST_WIDTH = 100
"""Width of image 0; each further one is a pixel wider, so that a trace tells them apart."""
_PATIENCE = 60.0
_MOST_RESUMES = 60


class Recognition(NamedTuple):
    """One line of the trace."""

    moment: float
    number: int
    """Of the image."""
    pid: int


class Checkpoint(NamedTuple):
    """What was over when a run was harmed."""

    traced: int
    """Recognitions so far."""
    settled: frozenset[int]
    """Numbers of the images that were in a final state."""


class Run:
    """One process of the command line."""

    def __init__(self, process: "subprocess.Popen[bytes]", output: Path) -> None:
        self.process = process
        self._output = output

    @property
    def is_over(self) -> bool:
        return self.process.poll() is not None

    def wait(self) -> int:
        """Return the exit code."""
        return self.process.wait(_PATIENCE)

    def ends_within(self, seconds: float) -> bool:
        """Wait so long; return whether it has ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        return self.is_over

    def workers(self) -> list[psutil.Process]:
        """The worker processes there are now."""
        found = []
        with contextlib.suppress(psutil.Error):
            for child in psutil.Process(self.process.pid).children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    if "multiprocessing.spawn" in " ".join(child.cmdline()):
                        found.append(child)
        return found

    def has_opened_database(self) -> bool:
        """Whether it is at the list of jobs."""
        with contextlib.suppress(psutil.Error):
            return any("jobs.db" in file.path for file in psutil.Process(self.process.pid).open_files())
        return self.is_over

    def kill(self) -> list[psutil.Process]:
        """Kill the parent alone; return the workers that it leaves."""
        workers = self.workers()
        self.process.kill()
        self.process.wait()
        return workers

    def kill_all(self) -> None:
        """Kill the parent and all that it started, so that nobody can clean up."""
        family: list[psutil.Process] = []
        with contextlib.suppress(psutil.Error):
            parent = psutil.Process(self.process.pid)
            parent.suspend()  # so that it starts none meanwhile
            family = parent.children(recursive=True)
        for process in family:
            with contextlib.suppress(psutil.Error):
                process.kill()
        self.process.kill()
        self.process.wait()
        psutil.wait_procs(family, timeout=_PATIENCE)

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    @property
    def out(self) -> str:
        return self._output.with_suffix(".out").read_text("utf-8", "replace")

    @property
    def err(self) -> str:
        return self._output.with_suffix(".err").read_text("utf-8", "replace")

    @property
    def summary(self) -> dict[str, object]:
        """The JSON that a run prints in the end."""
        answer: dict[str, object] = json.loads(self.out)
        return answer


class Scene:
    """Images, a home for the program, and runs. A context manager: leaving it kills what still runs."""

    def __init__(self, root: Path, *, engine: str = "SLOW") -> None:
        self.root = root
        self.home = root / "home"
        self.scratch = root / "scratch"
        self.scratch.mkdir(parents=True)
        self.outputs = root
        """Where what the runs print goes."""
        self.engine = engine
        self.workers = 2
        self.scans = root / "scans"
        self.results = self.scans
        self.trace_file = root / "trace.txt"
        self.images: list[Path] = []
        self.hashes: dict[Path, str] = {}
        self.checkpoints: list[Checkpoint] = []
        self._runs: list[Run] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for run in self._runs:
            if not run.is_over:
                run.kill_all()

    def add_images(self, count: int) -> None:
        """Write so many small images, numbered from 0."""
        self.scans.mkdir(parents=True, exist_ok=True)
        for number in range(count):
            path = self.scans / f"scan {number:04d}.png"
            if self.engine == REAL:
                write_page(path, [f"Page number {number}"])
            else:
                Image.new("L", (FIRST_WIDTH + number, 20), 255).save(path)
            self._know(path)

    def add_links(self, count: int) -> None:
        """Make so many files of one image, quickly."""
        self.scans.mkdir(parents=True, exist_ok=True)
        first = self.scans / "scan 0000.png"
        Image.new("L", (FIRST_WIDTH, 20), 255).save(first)
        self._know(first)
        for number in range(1, count):
            path = self.scans / f"scan {number:04d}.png"
            os.link(first, path)
            self.images.append(path)

    def _know(self, path: Path) -> None:
        self.images.append(path)
        self.hashes[path] = hashlib.sha256(path.read_bytes()).hexdigest()

    def start(self, *arguments: str | Path, shim: str | None = None, **environment: str) -> Run:
        """Start the command line with these arguments, perhaps with a shim underneath."""
        if self.engine == REAL:
            command = [sys.executable, "-m", "ocr_desktop"]
        else:
            command = [sys.executable, "-m", "tests.fakes.command_line", self.engine]
        own = {
            "OCR_DESKTOP_HOME": str(self.home),
            "TMPDIR": str(self.scratch),
            TRACE_VARIABLE: str(self.trace_file),
        }
        if shim is not None:
            own["PYTHONPATH"] = os.pathsep.join([str(SHIMS / shim), str(PROJECT)])
        output = self.outputs / f"run-{len(self._runs)}"
        with output.with_suffix(".out").open("wb") as out, output.with_suffix(".err").open("wb") as err:
            process = subprocess.Popen(
                [*command, *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                cwd=PROJECT,
                env=os.environ | own | environment,
            )
        run = Run(process, output)
        self._runs.append(run)
        return run

    def start_run(self, *options: str, shim: str | None = None, **environment: str) -> Run:
        """Start a run over all images."""
        apart = () if self.results == self.scans else ("--output-dir", str(self.results))
        arguments = ("run", self.scans, "--jobs", str(self.workers), "--json", *apart, *options)
        return self.start(*arguments, shim=shim, **environment)

    def keep_results_apart(self) -> Path:
        """Have the results go to a folder of their own; return it."""
        self.results = self.root / "results"
        self.results.mkdir()
        return self.results

    def go_on(self, *options: str) -> Run:
        """Resume the job there is; begin it where the last process did not come that far."""
        job = self.unfinished_job()
        if job is None:
            return self.start_run(*options)
        return self.start("jobs", "resume", job.id, "--json")

    def finish(self) -> int:
        """Resume until no job is left to resume; return how often that was necessary."""
        for times in range(_MOST_RESUMES):
            if self.jobs() and self.unfinished_job() is None:
                return times
            run = self.go_on()
            run.wait()
            assert "Traceback" not in run.err, run.err
        raise AssertionError(f"the job does not end: {self._runs[-1].out} {self._runs[-1].err}")

    @contextmanager
    def application(self) -> Iterator[Application]:
        """The program's own objects on the same home; nothing is recovered by this."""
        specs = [] if self.engine == REAL else [getattr(engines, self.engine)]
        application = build_application(engines=specs, home=self.home)
        try:
            yield application
        finally:
            application.close()

    def jobs(self) -> list[JobRecord]:
        if not (self.home / "jobs.db").exists():
            return []
        with self.application() as application:
            return application.store.jobs()

    def unfinished_job(self) -> JobRecord | None:
        return next((job for job in self.jobs() if not job.state.is_final), None)

    def job_state(self) -> JobState | None:
        jobs = self.jobs()
        return jobs[0].state if jobs else None

    def records(self, job_id: str) -> list[ItemRecord]:
        """All items of a job."""
        with self.application() as application:
            return application.store.items(job_id, limit=1_000_000)

    def number_of(self, record: ItemRecord) -> int:
        return int(Path(record.item.path).stem.split()[-1])

    def note_settled(self) -> None:
        """Remember what is over now: it must not be read again."""
        settled = {
            self.number_of(record)
            for job in self.jobs()
            for record in self.records(job.id)
            if record.state.is_final
        }
        self.checkpoints.append(Checkpoint(len(self.trace()), frozenset(settled)))

    def wait_for_trace(self, count: int = 1) -> None:
        """Wait until the reading of so many images has begun."""
        wait_until(lambda: len(self.trace()) >= count, "the first images")

    def trace(self) -> list[Recognition]:
        """All recognitions so far, in order."""
        if not self.trace_file.exists():
            return []
        lines = self.trace_file.read_text("utf-8").splitlines()
        return [
            Recognition(float(moment), int(width) - FIRST_WIDTH, int(pid))
            for moment, width, pid in (line.split() for line in lines)
        ]


def wait_until(condition: Callable[[], bool], what: str, patience: float = _PATIENCE) -> None:
    """Wait for something that is sure to come.

    Raises:
        AssertionError: If it does not.
    """
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, f"in vain: {what}"
        time.sleep(0.01)


def wait_until_gone(processes: list[psutil.Process]) -> None:
    """Wait for processes that are to end by themselves."""
    _, alive = psutil.wait_procs(processes, timeout=10)
    assert not alive, f"still there: {alive}"
