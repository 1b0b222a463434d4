"""The receipts of finished jobs, in a folder of their own beside the list of jobs."""

import logging
import os
from collections.abc import Iterator
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import Final

from msgspec import UNSET, to_builtins

from ocr_desktop import __version__
from ocr_desktop.domain.errors import JobBusyError, OutputNotWritableError
from ocr_desktop.domain.items import ItemOutcome, ItemRecord
from ocr_desktop.domain.receipts import ReceiptFile, ReceiptHeader, ReceiptItem, split_path
from ocr_desktop.domain.results import Settings
from ocr_desktop.jobs.store import JobRecord, JobStore
from ocr_desktop.services.atomic_files import remove_quietly
from ocr_desktop.services.folders import ensure_private
from ocr_desktop.services.receipt_files import temporary_of, write_receipt

_PAGE: Final = 500
_log = logging.getLogger(__name__)


class Receipts:
    """Writes a receipt for each job that has ended. May be used from any thread.

    A receipt is streamed from the store page by page, so that its length does not matter.
    """

    def __init__(self, folder: Path, store: JobStore) -> None:
        """Keep receipts in ``folder``, which is made when the first one is written."""
        self._folder = folder
        self._store = store

    def keep(self, job_id: str, settings: Settings | None = None) -> None:
        """Write the receipt of a job, if it has ended. Never raises: what goes wrong is logged.

        The job has ended well or badly whether or not its receipt can be kept, and :meth:`path_of` makes up
        for it later.

        Args:
            job_id: The job.
            settings: What shaped the text, if it is known.
        """
        try:
            job = self._store.get(job_id)
            if job.state.is_final:
                self._write(job, settings)
        except Exception:  # noqa: BLE001 - a receipt must not cost the job; it is logged
            _log.warning("The receipt of job %s could not be written", job_id, exc_info=True)

    def path_of(self, job_id: str) -> Path:
        """Return where the receipt of a job is, and write it if it is not there.

        Raises:
            JobNotFoundError: If there is no such job.
            JobBusyError: If the job has not ended yet.
            OutputNotWritableError: If the receipt cannot be written.
        """
        job = self._store.get(job_id)
        if not job.state.is_final:
            raise JobBusyError(
                f"The job “{job_id}” is {job.state.value} and has no receipt yet.",
                remedy="There is one as soon as it has ended.",
            )
        path = self._path(job_id)
        if not path.exists():
            try:
                self._write(job, None)
            except OSError as error:
                raise OutputNotWritableError(
                    f"The receipt “{path}” could not be written ({error.strerror or error}).",
                    remedy="Free some space, or make the folder writable.",
                ) from error
        return path

    def forget(self, job_id: str) -> None:
        """Remove the receipt of a job, if there is one."""
        path = str(self._path(job_id))
        remove_quietly([path, temporary_of(path)])

    def _write(self, job: JobRecord, settings: Settings | None) -> None:
        ensure_private(self._folder)
        header = _header(job, self._store.stats(job.id).total, settings)
        write_receipt(str(self._path(job.id)), header, self._items(job.id))

    def _items(self, job_id: str) -> Iterator[ReceiptItem]:
        after = -1
        while page := self._store.items(job_id, after=after, limit=_PAGE):
            for record in page:
                yield _item(record)
            after = page[-1].item.id

    def _path(self, job_id: str) -> Path:
        return self._folder / f"{os.path.basename(job_id)}.jsonl"


def _header(job: JobRecord, images: int, settings: Settings | None) -> ReceiptHeader:
    return ReceiptHeader(
        job_id=job.id,
        status=job.state,
        program_version=__version__,
        created_at=job.created_at.isoformat(),
        started_at=_moment(job.started_at),
        finished_at=_moment(job.finished_at),
        images=images,
        options=_options(job),
        settings=settings,
    )


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _options(job: JobRecord) -> dict[str, object]:
    options: dict[str, object] = to_builtins(job.options)
    if job.options.output_dir is not None:
        options["output_dir"] = split_path(job.options.output_dir)[0]
    return options


def _item(record: ItemRecord) -> ReceiptItem:
    outcome = record.outcome or ItemOutcome(item_id=record.item.id, state=record.state)
    path, raw_path = split_path(record.item.path)
    return ReceiptItem(
        id=record.item.id,
        path=path,
        raw_path=raw_path,
        status=record.state,
        reason=outcome.reason or None,
        error=outcome.error or None,
        error_kind=outcome.error_kind or None,
        sha256=outcome.source_hash or None,
        results=tuple(
            _file(file, digest) for file, digest in zip_longest(outcome.result_files, outcome.result_hashes)
        ),
        confidence=outcome.confidence,
        rotation=record.item.rotation or UNSET,
    )


def _file(file: str, digest: str | None) -> ReceiptFile:
    path, raw_path = split_path(file)
    return ReceiptFile(path=path, raw_path=raw_path, sha256=digest or None)
