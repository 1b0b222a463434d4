"""The live progress bar, for terminals."""

import sys
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from ocr_desktop.cli.progress_display import NameOf, describe_outcome, describe_progress, progress_of
from ocr_desktop.domain.events import Event, ItemFinished, ItemRequeued, ItemStarted
from ocr_desktop.domain.states import ItemState


class LiveDisplay:
    """A bar with counts, rate, time left and the image being read; failures scroll by above it."""

    def __init__(self, total: int, name_of: NameOf) -> None:
        """Expect ``total`` images."""
        self._name_of = name_of
        self._progress = Progress(
            TextColumn("Reading"),
            BarColumn(bar_width=None),
            MofNCompleteColumn(),
            TextColumn("{task.fields[status]}", markup=False),
            TextColumn("{task.fields[current]}", markup=False, style="dim"),
            console=Console(file=sys.stderr),
            expand=True,
        )
        self._task = self._progress.add_task("", total=total, status="", current="")

    def __enter__(self) -> Self:
        """Show the bar."""
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Take the bar away; the summary follows."""
        self._progress.update(self._task, current="")
        self._progress.stop()

    def hear(self, event: Event) -> None:
        """Move the bar; print failures."""
        if isinstance(event, ItemFinished):
            self._progress.advance(self._task)
            if event.outcome.state is ItemState.FAILED:
                self._print(describe_outcome(event.outcome, self._name_of(event.outcome.item_id)), "red")
        elif isinstance(event, ItemStarted):
            self._progress.update(self._task, current=self._name_of(event.item_id))
        elif isinstance(event, ItemRequeued):
            self._print(f"trying again: {self._name_of(event.item_id)}: {event.error}", "yellow")
        elif (progress := progress_of(event)) is not None:
            self._progress.update(self._task, status=describe_progress(progress))

    def _print(self, line: str, style: str) -> None:
        self._progress.console.print(Text(line, style=style))
