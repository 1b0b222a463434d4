"""What the commands of one call share."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
import msgspec

if TYPE_CHECKING:
    from ocr_desktop.bootstrap import Application

OpenWindow = Callable[[Sequence[str]], int]
"""Opens the window on paths and returns an exit code. Passed in: the command line knows no Qt."""


class Session(msgspec.Struct, frozen=True):
    """How to get at the application and at the window; both are only made by commands that need them."""

    build: "Callable[[], Application]"
    open_window: OpenWindow

    @contextmanager
    def application(self) -> "Iterator[Application]":
        """Give the application, with interrupted jobs found, and close it afterwards."""
        from ocr_desktop.services.logs import start_logging  # noqa: PLC0415 - --version needs none of it

        application = self.build()
        try:
            start_logging(application.folders.logs)
            for notice in application.notices:
                click.echo(f"ocr-desktop: {notice}", err=True)
            application.jobs.recover()
            yield application
        finally:
            application.close()
