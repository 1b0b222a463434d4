"""Progress on stderr: a live bar on a terminal, plain lines otherwise."""

import sys
from collections import OrderedDict
from types import TracebackType
from typing import TYPE_CHECKING, Final, Protocol, Self

from ocr_desktop.domain.events import Event, ItemFinished, ItemRequeued, JobProgressed
from ocr_desktop.domain.items import ItemOutcome
from ocr_desktop.domain.jobs import JobSnapshot, Progress
from ocr_desktop.domain.naming import display_name
from ocr_desktop.domain.states import ItemState

if TYPE_CHECKING:
    from ocr_desktop.bootstrap import Application

_PAGE: Final = 200
"""Names that are looked up at once."""
_MOST_PAGES: Final = 4
"""Such pages that are kept: items end nearly in order."""
_VERBS: Final = {
    ItemState.COMPLETED: "read",
    ItemState.SKIPPED: "skipped",
    ItemState.FAILED: "FAILED",
    ItemState.CANCELLED: "cancelled",
}


class Display(Protocol):
    """Shows what happens to one job. Entered and left on the main thread, told on the job's."""

    def __enter__(self) -> Self:
        """Begin to show."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Leave the terminal as it was."""
        ...

    def hear(self, event: Event) -> None:
        """Take note of an event."""
        ...


def make_display(application: "Application", job: JobSnapshot) -> Display:
    """Return the display that suits stderr."""
    names = _Names(application, job.id)
    if sys.stderr.isatty():
        from ocr_desktop.cli.live_display import LiveDisplay  # noqa: PLC0415 - rich takes a while to load

        return LiveDisplay(job.stats.total, names)
    return PlainDisplay(job.stats.total, names)


class _Names:
    """Looks up the names of items, a page at a time; ids count from 0."""

    def __init__(self, application: "Application", job_id: str) -> None:
        self._application = application
        self._job_id = job_id
        self._pages: OrderedDict[int, list[str]] = OrderedDict()

    def __call__(self, item_id: int) -> str:
        number, place = divmod(item_id, _PAGE)
        if number not in self._pages:
            records = self._application.jobs.items(self._job_id, after=number * _PAGE - 1, limit=_PAGE)
            self._pages[number] = [display_name(record.item.path) for record in records]
            if len(self._pages) > _MOST_PAGES:
                self._pages.popitem(last=False)
        return self._pages[number][place]


class NameOf(Protocol):
    """Returns the name of an item, fit for one line of a terminal."""

    def __call__(self, item_id: int) -> str:
        """Return the name."""
        ...


class PlainDisplay:
    """One line for each image that is done."""

    def __init__(self, total: int, name_of: NameOf) -> None:
        """Expect ``total`` images."""
        self._total = total
        self._name_of = name_of
        self._done = 0

    def __enter__(self) -> Self:
        """Nothing has to be set up."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Nothing has to be undone."""

    def hear(self, event: Event) -> None:
        """Print a line for an image that is done, or that is tried again."""
        if isinstance(event, ItemFinished):
            self._done += 1
            line = describe_outcome(event.outcome, self._name_of(event.outcome.item_id))
            self._print(f"[{self._done}/{self._total}] {line}")
        elif isinstance(event, ItemRequeued):
            self._print(f"trying again: {self._name_of(event.item_id)}: {event.error}")

    def _print(self, line: str) -> None:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


def describe_outcome(outcome: ItemOutcome, name: str) -> str:
    """Return one line that says how an image ended."""
    verb = _VERBS[outcome.state]
    if outcome.state is ItemState.COMPLETED:
        figures = f"{verb} {name} ({outcome.confidence or 0.0:.0%}, {outcome.seconds:.1f} s)"
        return f"{figures}: {outcome.reason}" if outcome.reason else figures
    return f"{verb} {name}: {outcome.error or outcome.reason}"


def describe_progress(progress: Progress) -> str:
    """Return rate and time left, as far as they are known."""
    parts: list[str] = []
    if progress.stats.failed:
        parts.append(f"{progress.stats.failed} failed")
    if progress.rate:
        parts.append(f"{progress.rate * 60:.0f} images/min")
    if progress.remaining is not None:
        minutes, seconds = divmod(round(progress.remaining), 60)
        parts.append(f"{minutes}:{seconds:02d} left")
    return ", ".join(parts)


def progress_of(event: Event) -> Progress | None:
    """Return the progress that an event carries."""
    return event.progress if isinstance(event, JobProgressed) else None
