"""The command ``verify``: are all results there, whole, and made of the images as they are now?"""

from collections import Counter
from collections.abc import Iterable, Iterator

import click
import msgspec

from ocr_desktop.cli.streams import write_stdout
from ocr_desktop.domain.errors import ExitCode, NothingFoundError
from ocr_desktop.domain.naming import one_line, printable
from ocr_desktop.domain.verification import Finding, FindingKind, VerifyCounts


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, readable=False), metavar="PATH..."
)
@click.option("--recursive/--no-recursive", default=True, show_default=True, help="Look into subfolders too.")
@click.option(
    "--output-dir",
    metavar="FOLDER",
    type=click.Path(exists=True, file_okay=False, readable=False),
    help="Where the results were written, if not beside the images.",
)
@click.option("--all", "show_all", is_flag=True, help="List what is sound, too.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify(
    *, paths: tuple[str, ...], recursive: bool, output_dir: str | None, show_all: bool, as_json: bool
) -> int:
    """Check images against their results, or everything that a receipt names.

    PATHs are folders, images, and receipts of jobs (see “ocr-desktop jobs receipt”). Nothing is changed.

    Exit codes: 0 all sound; 1 something is missing, damaged, changed or left over; 2 wrong usage; 4 nothing
    found to check.
    """
    from ocr_desktop.services import verifier  # noqa: PLC0415 - --help need not wait for it

    report = _Report(show_all=show_all)
    findings = verifier.verify(paths, recursive=recursive, output_dir=output_dir)
    parts = report.as_json(findings) if as_json else report.as_lines(findings)
    for part in parts:
        if not write_stdout(part.encode("utf-8", "replace")):
            break  # whoever read our output has read enough
    if not report.counts.total:
        where = ", ".join(f"“{one_line(printable(path))}”" for path in paths)
        raise NothingFoundError(
            f"There is nothing to check in {where}.",
            remedy="Name a folder with images in it, or the receipt of a job.",
        )
    return int(ExitCode.SOME_FAILED if report.counts.problems else ExitCode.OK)


class _Report:
    """Counts findings while it puts them into words, so that none has to be kept."""

    def __init__(self, *, show_all: bool) -> None:
        self._show_all = show_all
        self._counter: Counter[FindingKind] = Counter()

    @property
    def counts(self) -> VerifyCounts:
        return VerifyCounts.from_counts(self._counter)

    def as_lines(self, findings: Iterable[Finding]) -> Iterator[str]:
        for finding in self._shown(findings):
            yield f"{_plain(finding.path)}: {_plain(finding.detail)}\n"
        if self.counts.total:
            yield f"{_summary(self.counts)}\n"

    def as_json(self, findings: Iterable[Finding]) -> Iterator[str]:
        """Yield one object; the numbers come last, as they are known only then."""
        yield '{"findings":['
        separator = ""
        for finding in self._shown(findings):
            yield separator + msgspec.json.encode(_fields(finding)).decode()
            separator = ",\n"
        yield "]," + msgspec.json.encode(self.counts).decode().removeprefix("{") + "\n"

    def _shown(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        for finding in findings:
            self._counter[finding.kind] += 1
            if self._show_all or finding.kind is not FindingKind.SOUND:
                yield finding


def _summary(counts: VerifyCounts) -> str:
    words = {
        FindingKind.SOUND: "sound",
        FindingKind.MISSING: "missing",
        FindingKind.DAMAGED: "damaged",
        FindingKind.STALE: "changed since",
        FindingKind.ORPHANED: "without an image",
        FindingKind.LEFTOVER: "left over",
        FindingKind.UNREADABLE: "unreadable",
    }
    parts = [
        f"{counts.of(kind):,} {word}"
        for kind, word in words.items()
        if counts.of(kind) or kind is FindingKind.SOUND
    ]
    return f"{counts.total:,} checked: {', '.join(parts)}."


def _fields(finding: Finding) -> dict[str, str]:
    return {
        "kind": finding.kind.value,
        "path": printable(finding.path),
        "detail": printable(finding.detail),
    }


def _plain(text: str) -> str:
    return one_line(printable(text))
