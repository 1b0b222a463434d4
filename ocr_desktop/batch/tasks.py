"""What travels between the processor and its workers: frozen, small, picklable."""

import msgspec

from ocr_desktop.domain.errors import Blame
from ocr_desktop.domain.items import ImageItem, ItemOutcome
from ocr_desktop.domain.jobs import Trouble
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.services.engines.protocol import EngineConfig, EngineSpec
from ocr_desktop.services.known_results import KnownResult


class WorkerSetup(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker needs for its whole life."""

    job_id: str
    options: RunOptions
    engine: EngineSpec
    config: EngineConfig


class ItemTask(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt at one item."""

    item: ImageItem
    attempt: int
    """1 for the first."""
    token: str
    """Unique for the attempt; part of the names of its temporary files."""


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """How an attempt ended."""

    outcome: ItemOutcome
    can_pass: bool = False
    """Whether another attempt may do better, for a failed one."""
    blame: Blame = Blame.IMAGE
    """What a failed one is put down to."""
    trouble: Trouble | None = None
    """What to tell the user if the job has to pause because of it; None where only the image is to blame."""
    known: KnownResult | None = None
    """What to remember of an image that was read or skipped; without its files where it was read just now."""
    details: str = ""
    """For the log, where an exception came that nobody foresaw: its type and where it was raised."""


class Completion(msgspec.Struct, frozen=True):
    """An attempt that is over, as an executor reports it."""

    task: ItemTask
    attempt: Attempt
