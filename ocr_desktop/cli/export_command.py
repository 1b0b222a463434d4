"""The command ``export``: stored results in another format, without reading an image again."""

import sys
import time
from typing import TYPE_CHECKING, Final

import click
import msgspec

from ocr_desktop.cli.stop_signals import catch_stop_signals, end_at_once
from ocr_desktop.cli.streams import write_stdout
from ocr_desktop.domain.errors import ExitCode, NothingFoundError
from ocr_desktop.domain.naming import one_line, printable

if TYPE_CHECKING:
    from ocr_desktop.services.exporters.export import Exported, ExportSummary

_FORMATS: Final = ("txt", "md", "pdf", "docx", "xlsx", "csv", "tsv", "json", "jsonl", "hocr", "alto")
"""Written out, so that --help need not wait for the writers; a test compares them with the catalogue."""
_MOST_FAILURES: Final = 20
"""How many failures the lines for people spell out."""
_REDRAW: Final = 0.2
"""Seconds between two counts on a terminal."""


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, readable=False), metavar="RESULTS..."
)
@click.option("--to", "key", required=True, type=click.Choice(_FORMATS), help="The format to write.")
@click.option(
    "--output",
    "-o",
    metavar="FILE|DIR",
    type=click.Path(),
    help="A folder for the files, or with --combine the file. By default beside the results.",
)
@click.option("--combine", is_flag=True, help="Write all results into one file, in natural order.")
@click.option(
    "--rows",
    type=click.Choice(["page", "word"]),
    default="page",
    show_default=True,
    help="What a row of a table (xlsx, csv, tsv) stands for.",
)
@click.option("--recursive/--no-recursive", default=True, show_default=True, help="Look into subfolders too.")
@click.option("--json", "as_json", is_flag=True, help="Print what became of each result as one JSON object.")
def export(
    *,
    paths: tuple[str, ...],
    key: str,
    output: str | None,
    combine: bool,
    rows: str,
    recursive: bool,
    as_json: bool,
) -> int:
    """Write stored results in another format. No image is read again.

    RESULTS are folders, images that have been read, and result files. Corrections take the place of the
    text that was read. An earlier export of the same name is replaced; images, results and other PDF files
    never are.

    Exit codes: 0 all exported; 1 some results could not be exported; 2 wrong usage; 4 no result found;
    5 the output cannot be written; 130 interrupted.
    """
    from ocr_desktop.services.exporters.catalog import EXPORT_FORMATS  # noqa: PLC0415
    from ocr_desktop.services.exporters.export import export_results  # noqa: PLC0415
    from ocr_desktop.services.exporters.formats import Rows  # noqa: PLC0415
    from ocr_desktop.services.exporters.result_finder import find_results  # noqa: PLC0415
    from ocr_desktop.services.exporters.target_choice import choose_target  # noqa: PLC0415

    target = choose_target(EXPORT_FORMATS[key], paths, output, combine=combine)
    report = _Report(as_json=as_json)
    with catch_stop_signals(lambda: end_at_once(ExitCode.INTERRUPTED)) as stop_requested:
        sources = find_results(paths, recursive=recursive, on_problem=report.hear_problem)
        stop = stop_requested.is_set
        summary = export_results(sources, key, target, report.hear, stop, rows=Rows(rows))
    report.finish(summary)
    if summary.stopped:
        return int(ExitCode.INTERRUPTED)
    if not summary.exported and not summary.failed:
        where = ", ".join(f"“{_plain(path)}”" for path in paths)
        raise NothingFoundError(
            f"There is no stored result in {where}.",
            remedy="Read the images first, or name the folder that their results are in.",
        )
    return int(ExitCode.SOME_FAILED if report.failed else ExitCode.OK)


class _Report:
    """Says what became of each result, as it happens; keeps nothing but numbers and the first failures."""

    def __init__(self, *, as_json: bool) -> None:
        self.failed = 0
        self._as_json = as_json
        self._began = time.monotonic()
        self._drawn = 0.0
        self._count = 0
        self._failures: list[str] = []
        self._separator = '{"items":[\n'
        self._shows_count = sys.stderr.isatty() and not as_json

    def hear(self, exported: "Exported") -> None:
        self._count += 1
        self._note(exported.error)
        if self._as_json:
            self._put(exported.source.json_path, exported.file, exported.error, exported.error_kind)
        self._draw()

    def hear_problem(self, path: str, sentence: str) -> None:
        self._note(sentence)
        if self._as_json:
            self._put(path, "", sentence, "no-result")

    def finish(self, summary: "ExportSummary") -> None:
        self._draw(last=True)
        if self._as_json:
            self._end_json(summary)
            return
        for failure in self._failures:
            click.echo(f"  failed: {failure}", err=True)
        if self.failed > len(self._failures):
            click.echo(
                f"  ... and {self.failed - len(self._failures)} more; --json lists them all.", err=True
            )
        if summary.exported or summary.failed:
            write_stdout(f"{_in_words(summary, self.failed)}\n".encode("utf-8", "replace"))

    def _note(self, error: str) -> None:
        if error:
            self.failed += 1
            if len(self._failures) < _MOST_FAILURES:
                self._failures.append(_plain(error))

    def _put(self, path: str, file: str, error: str, kind: str) -> None:
        item = {
            "path": printable(path),
            "status": "failed" if error else "exported",
            "file": printable(file),
            "error": printable(error),
            "errorKind": kind,
        }
        write_stdout(self._separator.encode() + msgspec.json.encode(item))
        self._separator = ",\n"

    def _end_json(self, summary: "ExportSummary") -> None:
        start = self._separator if self._separator.startswith("{") else ""
        numbers = {
            "exported": summary.exported,
            "failed": self.failed,
            "stopped": summary.stopped,
            "file": printable(summary.file),
            "seconds": round(time.monotonic() - self._began, 3),
        }
        end = msgspec.json.encode(numbers).removeprefix(b"{")
        write_stdout(start.encode() + b"]," + end + b"\n")

    def _draw(self, *, last: bool = False) -> None:
        now = time.monotonic()
        if self._shows_count and (last or now - self._drawn >= _REDRAW):
            self._drawn = now
            click.echo(f"\r{self._count:,} results" + ("\r\033[K" if last else ""), nl=False, err=True)


def _in_words(summary: "ExportSummary", failed: int) -> str:
    results = "1 result" if summary.exported == 1 else f"{summary.exported:,} results"
    parts = [f"{results} exported"]
    if summary.file:
        parts[0] += f" to “{_plain(summary.file)}”"
    if failed:
        parts.append(f"{failed:,} failed")
    if summary.stopped:
        parts.append("stopped before the end")
    return f"{', '.join(parts)}."


def _plain(text: str) -> str:
    return one_line(printable(text))
