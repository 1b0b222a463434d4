"""Export: writes stored results in another format, without reading an image again.

At most a few results are in memory at a time, however many there are. Files are written whole or not at all:
each comes up under a temporary name and takes its place when it is complete.
"""

import os
import uuid
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Final

import msgspec

from ocr_desktop.domain.errors import ItemError, KnownError, OutputNotWritableError, UsageError
from ocr_desktop.domain.naming import display_name, one_line, printable, split_extension
from ocr_desktop.domain.results import SCHEMA_ID, ResultDocument
from ocr_desktop.services.atomic_files import open_temporary, publish, remove_quietly, temporary_path
from ocr_desktop.services.disk_errors import is_disk_full, is_quota_used_up
from ocr_desktop.services.exporters.catalog import EXPORT_FORMATS, open_writer
from ocr_desktop.services.exporters.export_names import ExportNames, ensure_allowed, name_taken
from ocr_desktop.services.exporters.formats import (
    ExportFormat,
    ExportOptions,
    ExportWriter,
    Rows,
    StoredResult,
)
from ocr_desktop.services.result_reader import DamagedResultError, read_result
from ocr_desktop.services.retry_policy import call_through_locks

_AT_ONCE: Final = 4
"""How many files are written at the same time."""


class ExportSource(msgspec.Struct, frozen=True, gc=False):
    """One stored result."""

    json_path: str
    """Absolute path of the result file."""
    image_path: str = ""
    """Absolute path of its image; empty for the one that the result names."""


class ExportTarget(msgspec.Struct, frozen=True):
    """Where an export goes. With neither folder nor file: one file beside each result."""

    folder: str | None = None
    """Absolute path of a folder for one file for each result; made if it is not there."""
    file: str | None = None
    """Absolute path of the one file for all results."""
    base: str | None = None
    """The folder whose tree is mirrored in ``folder``; None to put all files into ``folder`` itself."""


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one result."""

    source: ExportSource
    file: str = ""
    """Absolute path of the file that it is in; empty if it failed. One file for all is there at the end."""
    error: str = ""
    """What went wrong and what to do, if it failed."""
    error_kind: str = ""
    """The sort of failure, for programs: ``ItemError.kind``."""


class ExportSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an export."""

    exported: int
    failed: int
    stopped: bool = False
    """Whether it was stopped before the end. One file for all is not written then."""
    file: str = ""
    """Absolute path of the one file for all; empty if there is none."""


def export_results(
    sources: Iterable[ExportSource],
    key: str,
    target: ExportTarget,
    on_done: Callable[[Exported], None],
    stop: Callable[[], bool],
    *,
    rows: Rows = Rows.PAGE,
) -> ExportSummary:
    """Export results. Blocks; may be called from any thread, which is the one that is called back.

    A result that cannot be exported is reported and left out.

    Args:
        sources: The results, in the order in which they come in one file for all.
        key: Of the format, from ``EXPORT_FORMATS``.
        target: Where to.
        on_done: Called after each result.
        stop: Asked before each result whether to end.
        rows: What a row stands for, in tables.

    Raises:
        UsageError: If the format cannot hold several results, or the file must not be written to.
        OutputNotWritableError: If a file cannot be written, as on a full disk.
    """
    entry = EXPORT_FORMATS[key]
    if target.file is not None and not entry.combined:
        raise UsageError(
            f"One {entry.title} file cannot hold several results.", remedy="Write one file for each result."
        )
    make = _CombinedExport if target.file is not None else _SingleExports
    export = make(entry, target, rows)
    counts = {True: 0, False: 0}
    with closing(export.run(sources, stop)) as outcomes:
        for exported in outcomes:
            counts[not exported.error] += 1
            on_done(exported)
    return ExportSummary(
        exported=counts[True], failed=counts[False], stopped=export.stopped, file=export.written
    )


Outcomes = Generator[Exported, None, None]


class _SingleExports:
    """Writes one file for each result, some at the same time: most of it is waiting for the disk."""

    written = ""

    def __init__(self, entry: ExportFormat, target: ExportTarget, rows: Rows) -> None:
        self.stopped = False
        self._entry = entry
        self._rows = rows
        self._names = ExportNames(entry, target.folder, target.base)

    def run(self, sources: Iterable[ExportSource], stop: Callable[[], bool]) -> Outcomes:
        waiting: deque[Future[Exported]] = deque()
        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="export") as pool:
            try:
                for source in sources:
                    if stop():
                        self.stopped = True
                        break
                    waiting.append(self._begin(pool, source))
                    if len(waiting) > _AT_ONCE:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                pool.shutdown(cancel_futures=True)

    def _begin(self, pool: ThreadPoolExecutor, source: ExportSource) -> Future[Exported]:
        """Name the file here, so that names depend on the order of the results alone, and write it there."""
        try:
            path = self._names.path_for(source.json_path)
        except ItemError as error:
            return pool.submit(_failed, source, error)
        return pool.submit(_attempt, source, lambda result: self._write(result, path))

    def _write(self, result: StoredResult, path: str) -> str:
        if path == result.image_path:
            raise name_taken(path)
        options = ExportOptions(title=display_name(result.image_path), rows=self._rows)
        with _writer_of(path, self._entry, options) as (writer, _):
            writer.add(result)
        return path


class _CombinedExport:
    """Writes one file for all results."""

    def __init__(self, entry: ExportFormat, target: ExportTarget, rows: Rows) -> None:
        self.stopped = False
        self.written = ""
        self._entry = entry
        self._path = target.file or ""
        title = split_extension(display_name(self._path))[0]
        self._options = ExportOptions(combined=True, title=title, rows=rows)
        ensure_allowed(self._path)

    def run(self, sources: Iterable[ExportSource], stop: Callable[[], bool]) -> Outcomes:
        count = 0
        with _writer_of(self._path, self._entry, self._options) as (writer, discard):
            for source in sources:
                if stop():
                    self.stopped = True
                    break
                exported = _attempt(source, lambda result: self._add(writer, result))
                count += not exported.error
                yield exported
            if self.stopped or not count:
                discard()
        if count and not self.stopped:
            self.written = self._path

    def _add(self, writer: ExportWriter, result: StoredResult) -> str:
        if self._path in {result.image_path, result.json_path}:
            raise UsageError(
                f"“{one_line(printable(self._path))}” is one of the images or results that are exported.",
                remedy="Choose another name.",
            )
        writer.add(result)
        return self._path


def _attempt(source: ExportSource, write: Callable[[StoredResult], str]) -> Exported:
    try:
        return Exported(source=source, file=write(_load(source)))
    except ItemError as error:
        return _failed(source, error)


def _failed(source: ExportSource, error: ItemError) -> Exported:
    return Exported(source=source, error=str(error), error_kind=error.kind)


def _load(source: ExportSource) -> StoredResult:
    name = display_name(source.json_path)
    try:
        document = read_result(source.json_path)
    except FileNotFoundError as error:
        raise DamagedResultError(
            f"The result file “{name}” is not there any more.", remedy="Read its image again."
        ) from error
    if document.schema != SCHEMA_ID:
        raise DamagedResultError(
            f"The result file “{name}” is of a kind that this version does not know.",
            remedy="Export it with the version that made it, or read its image again.",
        )
    return StoredResult(
        document, source.image_path or _image_of(source.json_path, document), source.json_path
    )


def _image_of(json_path: str, document: ResultDocument) -> str:
    """Return where the image is: where the result says, or beside it, if both have been moved."""
    beside = os.path.join(os.path.dirname(json_path), document.source.name)
    if not os.path.lexists(document.image_path) and os.path.lexists(beside):
        return beside
    return document.image_path


@contextmanager
def _writer_of(
    path: str, entry: ExportFormat, options: ExportOptions
) -> Iterator[tuple[ExportWriter, Callable[[], None]]]:
    """Give a writer of the file at ``path``, which takes its place afterwards, and what prevents that.

    Raises:
        OutputNotWritableError: If the file cannot be written.
    """
    folder = os.path.dirname(path)
    temporary = temporary_path(folder, uuid.uuid4().hex, entry.extension)
    discarded = False

    def discard() -> None:
        nonlocal discarded
        discarded = True

    try:
        os.makedirs(folder, exist_ok=True)
        with open_temporary(temporary) as file, closing(open_writer(entry.key, file, options)) as writer:
            yield writer, discard
            if not discarded:
                writer.finish()
        if not discarded:
            call_through_locks(lambda: publish(temporary, path))
    except KnownError:
        raise
    except OSError as error:
        raise _explain(path, error) from error
    finally:
        remove_quietly([temporary])


def _explain(path: str, error: OSError) -> OutputNotWritableError:
    shown = one_line(printable(path))
    if is_disk_full(error) or is_quota_used_up(error):
        reason, remedy = "the disk is full", "Free some space, or choose another folder."
    else:
        reason = error.strerror or str(error)
        remedy = "Choose a folder that can be written to, or close the file in other programs."
    return OutputNotWritableError(f"“{shown}” cannot be written: {reason}.", remedy=remedy)
