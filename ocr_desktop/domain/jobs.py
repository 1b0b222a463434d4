"""Jobs: a list of images to read with one set of options."""

from datetime import datetime

import msgspec

from ocr_desktop.domain.errors import ExitCode
from ocr_desktop.domain.items import JobStats
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import JobState


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a running job is."""

    stats: JobStats
    elapsed: float = 0.0
    """Seconds of work so far, pauses left out."""
    rate: float | None = None
    """Images a second, over the last stretch of work; None until there is something to go by."""
    remaining: float | None = None
    """Seconds that the rest will take at this rate; None until there is something to go by."""


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """Why a job paused by itself: something is wrong that no image can help."""

    kind: str
    """The sort of trouble, for programs: the ``ItemError.kind`` of the failure that showed it."""
    message: str
    """What happened, to what, and what to do; whole sentences."""
    exit_code: ExitCode
    """Of a run on the command line that ends because of it."""
    row: int = 0
    """How many images in a row had failed; 0 where one was enough."""


class JobSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A job as it was at one moment. Safe to hand to any thread."""

    id: str
    state: JobState
    options: RunOptions
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    progress: Progress
    trouble: Trouble | None = None
    """Why the job paused by itself, or had done so when it was interrupted."""
    notices: tuple[str, ...] = ()
    """What was found when the job was made and the user should know; whole sentences."""

    @property
    def stats(self) -> JobStats:
        """Items by state."""
        return self.progress.stats
