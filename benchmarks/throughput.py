"""How fast is it? This program beside the other ways to read a folder of images, all in one run.

    python -m benchmarks.throughput FOLDER [--runs 3] [--loop-runs 1] [--ways ours,loop] [--json OUT]

The ways take turns, so that whatever else the machine does hits all of them alike. What they are, and how to
read the table, is in benchmarks/README.md.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from benchmarks.measure import CommandFailedError, Measurement, measure
from ocr_desktop.services.discovery import find_images

SCRIPTS = Path(__file__).resolve().parent / "ways"
WAYS = {
    "ours": "this program, ocr-desktop run, JSON and TXT results",
    "loop": "a plain loop over pytesseract, default threads",
    "processes": "pytesseract in N processes, OMP_THREAD_LIMIT=1",
    "parallel": "the tesseract command under GNU parallel, OMP_THREAD_LIMIT=1",
    "limit": "recognition alone, one process: CPU seconds / cores",
    "busy-limit": "recognition alone, all cores at work: CPU seconds / cores",
}
_QUIET = 0.5
"""Load of the last minute below which nothing else seems to run."""
LIMITS = ("limit", "busy-limit")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One way, as it is reported."""

    way: str
    runs: int
    seconds: float
    """Median of the runs; for the limits, CPU seconds of recognition / cores."""
    all_seconds: list[float]
    cpu_seconds: float | None
    peak_megabytes: float
    images_per_second: float
    ours_is_faster_by: float | None
    """Seconds of this way / seconds of ours."""


class Bench:
    """The ways, set up for one list of images."""

    def __init__(self, folder: Path, jobs: int, scratch: Path) -> None:
        """Find the images; results and logs go below ``scratch``."""
        self.folder = folder
        self.images = [image.path for image in find_images([folder], recursive=True)]
        self._jobs = jobs
        self._scratch = scratch
        self._env = {**os.environ, "OCR_DESKTOP_HOME": str(scratch / "home")}

    def run(self, way: str) -> Measurement:
        """Run one way once, into a folder of its own that is removed afterwards.

        Raises:
            CommandFailedError: If its command fails.
        """
        results = Path(tempfile.mkdtemp(dir=self._scratch))
        env = dict(self._env)
        if way == "parallel":
            env["OMP_THREAD_LIMIT"] = "1"
        elif way == "loop":
            env.pop("OMP_THREAD_LIMIT", None)
        stdin = None if way == "ours" else "\0".join(self.images).encode("utf-8", "surrogateescape")
        try:
            taken = measure(self._command(way, results), env=env, log=self._scratch / "stderr", stdin=stdin)
            if way in LIMITS:
                cores = os.cpu_count() or 1
                taken = msgspec.structs.replace(taken, seconds=float(taken.output) / cores)
            self._check(way, results)
        finally:
            shutil.rmtree(results)
        return taken

    def _command(self, way: str, results: Path) -> list[str]:
        jobs = str(self._jobs)
        commands = {
            "ours": (
                *(sys.executable, "-m", "ocr_desktop", "run", "--jobs", jobs, "--output-dir", str(results)),
                *("--json", "--", str(self.folder)),
            ),
            "loop": (sys.executable, str(SCRIPTS / "plain_loop.py")),
            "processes": (sys.executable, str(SCRIPTS / "processes.py"), jobs),
            "parallel": (
                *("parallel", "--will-cite", "--null", "--jobs", jobs),
                *("tesseract", "{}", f"{results}/{{#}}", "-l", "eng"),
            ),
            "limit": (sys.executable, str(SCRIPTS / "recognition.py"), "1"),
            "busy-limit": (sys.executable, str(SCRIPTS / "recognition.py"), jobs),
        }
        return list(commands[way])

    def _check(self, way: str, results: Path) -> None:
        """Refuse to report a time in which not everything was read."""
        if way in {"ours", "parallel"}:
            texts = sum(1 for _ in results.rglob("*.txt"))
            if texts != len(self.images):
                raise CommandFailedError(f"{way} made {texts} texts of {len(self.images)} images.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return the exit code."""
    options = _parse(arguments)
    with tempfile.TemporaryDirectory(prefix="ocr-desktop-benchmark-") as scratch:
        bench = Bench(options.folder, options.jobs, Path(scratch))
        if not bench.images:
            print(f"There are no images in {options.folder}.", file=sys.stderr)
            return 4
        _warn_if_busy()
        ways = [way for way in options.ways if _is_possible(way)]
        try:
            taken = _take_turns(bench, ways, options.runs, options.loop_runs)
        except CommandFailedError as error:
            print(error, file=sys.stderr)
            return 1
    rows = _rows(taken, len(bench.images))
    _print(rows, len(bench.images), options.jobs)
    if options.json:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(rows)))
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="images to read; none may be damaged")
    parser.add_argument("--runs", type=int, default=3, help="runs of each way (default: 3)")
    parser.add_argument(
        "--loop-runs", type=int, help="runs of the plain loop, which is slow (default: as --runs)"
    )
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="processes (default: one a core)"
    )
    parser.add_argument("--ways", type=_ways, default=list(WAYS), help=f"some of: {','.join(WAYS)}")
    parser.add_argument("--json", type=Path, help="file for the figures")
    options = parser.parse_args(arguments)
    options.loop_runs = options.runs if options.loop_runs is None else options.loop_runs
    return options


def _ways(text: str) -> list[str]:
    chosen = text.split(",")
    if unknown := set(chosen) - set(WAYS):
        raise argparse.ArgumentTypeError(f"there is no way {', '.join(sorted(unknown))}")
    return [way for way in WAYS if way in chosen]


def _warn_if_busy() -> None:
    if hasattr(os, "getloadavg") and (load := os.getloadavg()[0]) > _QUIET:
        print(f"The machine is busy (load {load:.1f}): do not trust these figures.", file=sys.stderr)


def _is_possible(way: str) -> bool:
    needs = {"loop": ("tesseract",), "processes": ("tesseract",), "parallel": ("parallel", "tesseract")}
    missing = [command for command in needs.get(way, ()) if shutil.which(command) is None]
    if missing:
        print(f"Left out: {WAYS[way]}, for lack of {' and '.join(missing)}.", file=sys.stderr)
    return not missing


def _take_turns(bench: Bench, ways: Sequence[str], runs: int, loop_runs: int) -> dict[str, list[Measurement]]:
    taken: dict[str, list[Measurement]] = {way: [] for way in ways}
    for run in range(max(runs, loop_runs)):
        for way in ways:
            if run < (loop_runs if way == "loop" else runs):
                measurement = bench.run(way)
                taken[way].append(measurement)
                print(f"run {run + 1}: {way}: {measurement.seconds:.1f} s", file=sys.stderr, flush=True)
    return taken


def _rows(taken: dict[str, list[Measurement]], images: int) -> list[Row]:
    medians = {way: statistics.median(run.seconds for run in runs) for way, runs in taken.items() if runs}
    ours = medians.get("ours")
    return [
        Row(
            way=way,
            runs=len(taken[way]),
            seconds=seconds,
            all_seconds=[run.seconds for run in taken[way]],
            cpu_seconds=_median_cpu(taken[way]),
            peak_megabytes=max(run.peak_megabytes for run in taken[way]),
            images_per_second=images / seconds,
            ours_is_faster_by=seconds / ours if ours else None,
        )
        for way, seconds in medians.items()
    ]


def _median_cpu(runs: Sequence[Measurement]) -> float | None:
    seconds = [run.cpu_seconds for run in runs if run.cpu_seconds is not None]
    return statistics.median(seconds) if seconds else None


def _print(rows: Sequence[Row], images: int, jobs: int) -> None:
    print(f"{images} images, {jobs} processes, {os.cpu_count()} cores\n")
    print(f"{'way':<12}{'runs':>5}{'seconds':>10}{'CPU s':>9}{'images/s':>10}{'peak MB':>9}{'ours is':>10}")
    for row in rows:
        cpu = "-" if row.cpu_seconds is None else f"{row.cpu_seconds:.1f}"
        ratio = "-" if row.ours_is_faster_by is None else f"{row.ours_is_faster_by:.2f} x"
        print(
            f"{row.way:<12}{row.runs:>5}{row.seconds:>10.2f}{cpu:>9}{row.images_per_second:>10.2f}"
            f"{row.peak_megabytes:>9.0f}{ratio:>10}"
        )
    print()
    for row in rows:
        print(f"{row.way}: {WAYS[row.way]}")


if __name__ == "__main__":
    sys.exit(main())
