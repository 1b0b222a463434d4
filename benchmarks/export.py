"""How fast are stored results exported, and how much memory does it take?

    python -m benchmarks.export [--items 10000] [--words 200] [--folder DIR] [--formats txt,csv,...]

From the project's folder. Writes results of that many pages, then exports them in each format, once into one
file and once into one file for each result, each time in a process of its own. Prints results a second and
the most memory that the process had; the memory for a tenth of the results stands beside it.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
from PIL import Image

from ocr_desktop.domain.results import Block, EngineStamp, Line, Page, ResultDocument, Settings, Word
from ocr_desktop.services.exporters.catalog import EXPORT_FORMATS
from ocr_desktop.services.exporters.export import ExportTarget, export_results
from ocr_desktop.services.exporters.result_finder import find_results
from ocr_desktop.services.source_file import describe_source

_SHARE = 10
"""Part of the results that is exported to see whether memory grows."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return the exit code."""
    options = _parse(arguments)
    if options.measure:
        _measure(Path(options.measure), options.formats, combined=options.combined)
        return 0
    with tempfile.TemporaryDirectory(prefix="ocr-desktop-export-", dir=options.folder) as scratch:
        many, few = Path(scratch, "many"), Path(scratch, "few")
        _write_results(many, options.items, options.words)
        _write_results(few, options.items // _SHARE, options.words)
        print(f"{options.items} results of {options.words} words, {os.cpu_count()} cores\n")
        print(f"{'format':<8}{'files':>8}{'a second':>10}{'MB':>8}{f'MB at 1/{_SHARE}':>12}")
        for key in options.formats.split(","):
            for combined in (True, False) if EXPORT_FORMATS[key].combined else (False,):
                rate, memory = _in_a_process(many, key, combined=combined)
                _, small = _in_a_process(few, key, combined=combined)
                files = "one" if combined else "each"
                print(f"{key:<8}{files:>8}{rate:>10.0f}{memory:>8.0f}{small:>12.0f}", flush=True)
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--items", type=int, default=10_000, help="how many results")
    parser.add_argument("--words", type=int, default=200, help="how many words each has")
    parser.add_argument("--folder", type=Path, help="where to put them (default: the temporary folder)")
    parser.add_argument("--formats", default=",".join(EXPORT_FORMATS), help="which formats, with commas")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--combined", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def _write_results(folder: Path, count: int, words: int) -> None:
    folder.mkdir()
    image = folder / "scan.jpg"
    Image.effect_noise((1240, 1754), 40).save(image, quality=60, dpi=(150, 150))
    document = _document(image, words)
    for number in range(count):
        scan = folder / f"scan {number}.jpg"
        scan.hardlink_to(image)
        own = msgspec.structs.replace(document, image_path=str(scan))
        content = msgspec.json.format(msgspec.json.encode(own), indent=1)
        (folder / f"scan {number}_ocr_results.json").write_bytes(content)


def _document(image: Path, count: int) -> ResultDocument:
    words = tuple(
        Word(f"word{number}", 0.9, (100 + number % 8 * 130, 100 + number // 8 * 40, 110, 28), number // 8, 0)
        for number in range(count)
    )
    lines = tuple(Line((100, 100 + row * 40, 1040, 28), 0, row // 5) for row in range(count // 8 + 1))
    text = "\n".join(" ".join(word.text for word in words[row : row + 8]) for row in range(0, count, 8))
    page = Page(
        number=1,
        width=1240,
        height=1754,
        text=text,
        confidence=0.9,
        words=words,
        lines=lines,
        blocks=(Block((100, 100, 1040, 1500)),),
    )
    return ResultDocument(
        image_path=str(image),
        saved_at="2024-01-31T12:00:01+00:00",
        model_used="none",
        confidence=0.9,
        text=text,
        processing_time_ms=1,
        source=describe_source(str(image)),
        engine=EngineStamp(name="none", version="1", languages=("eng",)),
        settings=Settings.of({}),
        pages=(page,),
    )


def _in_a_process(folder: Path, key: str, *, combined: bool) -> tuple[float, float]:
    """Return results a second and megabytes."""
    command = [sys.executable, "-m", "benchmarks.export", "--measure", str(folder), "--formats", key]
    if combined:
        command.append("--combined")
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rate, memory = answer.split()
    return float(rate), float(memory)


def _measure(folder: Path, key: str, *, combined: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="ocr-desktop-export-", dir=folder.parent) as out:
        target = ExportTarget(file=str(Path(out, "all"))) if combined else ExportTarget(folder=out)
        began = time.perf_counter()
        sources = find_results(
            [str(folder)], recursive=True, on_problem=lambda _path, sentence: print(sentence)
        )
        summary = export_results(sources, key, target, lambda _exported: None, lambda: False)
        seconds = time.perf_counter() - began
    if summary.failed:
        sys.exit(f"{summary.failed} results failed")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(summary.exported / seconds, peak)


if __name__ == "__main__":
    sys.exit(main())
