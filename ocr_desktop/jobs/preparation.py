"""Preparation: what is done before a job is there. Its images are chosen, planned and looked at.

Whatever cannot work is refused here, before anything starts.
"""

import logging
import os
from collections.abc import Sequence
from typing import Final

import msgspec

from ocr_desktop.domain.errors import JobNotFoundError, NothingFoundError
from ocr_desktop.domain.items import FoundImage, ImageItem
from ocr_desktop.domain.options import Redo, RunOptions
from ocr_desktop.domain.states import ItemState, JobState
from ocr_desktop.jobs.job_locks import JobLocks
from ocr_desktop.jobs.store import JobRecord, JobStore
from ocr_desktop.services.item_planner import plan_items
from ocr_desktop.services.output_check import check_writable, ensure_there, make_root
from ocr_desktop.services.preflight import look_ahead
from ocr_desktop.services.stray_files import Owner, sweep_strays

_log = logging.getLogger(__name__)

_FEW: Final = 500
"""Images whose folders are looked for before an interrupted job goes on."""


class Preparation(msgspec.Struct, frozen=True):
    """A job that can be begun."""

    items: Sequence[ImageItem]
    """Their ids count from 0."""
    notices: tuple[str, ...]
    """What the user should know; whole sentences."""


def prepare_job(
    images: Sequence[FoundImage], options: RunOptions, store: JobStore, locks: JobLocks
) -> Preparation:
    """Plan a job of images, in their order, and make its output folder ready. Blocks for the checks.

    Args:
        images: What to read.
        options: How; a folder for the results must be an absolute path.
        store: Knows what failed in earlier jobs.
        locks: Tell which jobs are running.

    Raises:
        NothingFoundError: If only what failed is to be read again, and none of the images did.
        OutputNotWritableError: If results cannot be written.
    """
    items = _choose(plan_items(images, options.output_dir), options, store)
    folders = dict.fromkeys(item.output_dir for item in items)
    check_writable(folders)
    removed = sweep_strays(folders, lambda job_id: _owner(job_id, store, locks))
    if removed:
        _log.info("Removed %d temporary files that an earlier run had left", removed)
    notices = look_ahead(items, options)
    if options.output_dir:
        make_root(options.output_dir)
    return Preparation(items, notices)


def ensure_ready(job: JobRecord, store: JobStore) -> None:
    """Refuse to go on with a job whose output folder is not there any more.

    With many images beside which results go, one look would not tell; the run pauses by itself then.

    Raises:
        OutputNotWritableError: If it is gone.
    """
    if job.options.output_dir:
        ensure_there({job.options.output_dir})
    elif job.state is JobState.INTERRUPTED:
        waiting = store.items(job.id, states={ItemState.PENDING}, limit=_FEW)
        if len(waiting) < _FEW:
            ensure_there({record.item.output_dir for record in waiting})


def _choose(items: list[ImageItem], options: RunOptions, store: JobStore) -> list[ImageItem]:
    """Leave out what the options leave out. After the planning: the rest must not change its places."""
    if options.redo is not Redo.FAILED:
        return items
    failed = {os.path.normcase(path) for path in store.failed_paths()}
    chosen = [item for item in items if os.path.normcase(item.path) in failed]
    if not chosen:
        raise NothingFoundError(
            "None of these images failed in an earlier job.",
            remedy="Choose “none” for “Read again” (--redo none) to read what has no result yet.",
        )
    return [msgspec.structs.replace(item, id=number) for number, item in enumerate(chosen)]


def _owner(job_id: str, store: JobStore, locks: JobLocks) -> Owner:
    try:
        store.get(job_id)
    except JobNotFoundError:
        return Owner.UNKNOWN
    lock = locks.try_lock(job_id)
    if lock is None:
        return Owner.RUNNING
    lock.release()
    return Owner.IDLE
