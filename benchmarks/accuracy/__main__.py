"""How well are pages read? This program beside stock Tesseract and others, in one run.

    python -m benchmarks.accuracy FOLDER... [--sample N] [--readers ours,embedded] [--html OUT] [--json OUT]

Each folder holds images and ``truth.jsonl``. How scores are computed is in scores.py, what the readers are in
readers.py. Each set is split into two halves by the seed: what is tuned on one has to hold on the other.
"""

import argparse
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

import ocr_desktop
from benchmarks.accuracy.measuring import Row, measure_all, open_reader
from benchmarks.accuracy.readers import READERS, installed_readers
from benchmarks.accuracy.report import as_html
from benchmarks.accuracy.scans import Scan, load_set
from benchmarks.accuracy.table import LOSS, as_text, losses, summarise

_SEED = 1


def main(arguments: Sequence[str]) -> int:
    """Run the benchmark and print the table."""
    # Tesseract's library asks for it when it is loaded: one thread, as in the workers.
    os.environ["OMP_THREAD_LIMIT"] = "1"
    options = _parser().parse_args(arguments)
    readers = options.readers.split(",") if options.readers else installed_readers()
    unknown = set(readers) - set(READERS)
    if unknown:
        print(
            f"There is no reader {', '.join(sorted(unknown))}; there are {', '.join(READERS)}.",
            file=sys.stderr,
        )
        return 2
    scans = [
        scan
        for folder in options.folders
        for scan in load_set(folder, seed=options.seed, sample=options.sample)
    ]
    heading = _heading(options, readers, scans)
    print("\n".join(heading), flush=True)
    rows = _measure(scans, readers, options)
    summaries, lost = summarise(rows), losses(rows)
    print(as_text(summaries))
    print(f"\n{len(lost)} images lost more than {LOSS} in word F1 against stock:")
    for loss in lost:
        print(f"  {loss.set_name}/{loss.image} {loss.stock_f1:.3f} -> {loss.ours_f1:.3f}: {loss.note}")
    if options.json:
        options.json.write_bytes(
            msgspec.json.format(msgspec.json.encode({"summaries": summaries, "rows": rows}))
        )
    if options.html:
        truths = {(scan.set_name, scan.name): scan.truth.text for scan in scans}
        page = as_html(heading, summaries, lost, rows, truths, worst=options.worst)
        options.html.write_text(page, encoding="utf-8")
    return 0


def _measure(scans: Sequence[Scan], readers: Sequence[str], options: argparse.Namespace) -> list[Row]:
    rows: list[Row] = []
    measured = measure_all(
        scans, readers, languages=options.languages, repeats=options.repeats, jobs=options.jobs
    )
    for number, found in enumerate(measured, 1):
        rows.extend(found)
        if sys.stderr.isatty():
            print(f"\r{number} of {len(scans)} images", end="", file=sys.stderr, flush=True)
    return rows


def _heading(options: argparse.Namespace, readers: Sequence[str], scans: Sequence[Scan]) -> list[str]:
    sample = f", a sample of {options.sample} a set" if options.sample else ""
    return [
        f"OCR Desktop {ocr_desktop.__version__}, Python {platform.python_version()}, {platform.platform()}",
        f"{len(scans)} images{sample}; seed {options.seed}; languages {options.languages}",
        f"median of {options.repeats}; {options.jobs} at a time",
        *(f"{name}: {open_reader(name, options.languages).version}" for name in readers),
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.accuracy", description=(__doc__ or "").splitlines()[0]
    )
    add = parser.add_argument
    add("folders", nargs="+", type=Path, metavar="FOLDER", help="a folder with truth.jsonl")
    add("--readers", default="", help=f"some of {','.join(READERS)}; all that are installed if not given")
    add("--languages", default="eng", help="Tesseract codes, such as eng+deu")
    add("--sample", type=int, metavar="N", help="only N images of each set, for quick work")
    add("--seed", type=int, default=_SEED, help="decides the halves and the sample")
    add("--repeats", type=int, default=1, help="how often each reading is timed; the median counts")
    add("--jobs", type=int, default=1, help="how many images at a time; more than 1 spoils the times")
    add("--worst", type=int, default=20, help="how many images the HTML report shows")
    add("--html", type=Path, metavar="OUT", help="write a report here")
    add("--json", type=Path, metavar="OUT", help="write all figures and texts here")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
