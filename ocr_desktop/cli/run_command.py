"""The command ``run``: a batch without a window."""

import sys
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ocr_desktop.cli.run_options import read_options, run_options
from ocr_desktop.cli.session import Session
from ocr_desktop.cli.stop_signals import catch_stop_signals
from ocr_desktop.domain.errors import ExitCode, NothingFoundError
from ocr_desktop.domain.jobs import JobSnapshot
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import JobState

if TYPE_CHECKING:
    from ocr_desktop.bootstrap import Application
    from ocr_desktop.domain.items import FoundImage


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True), metavar="PATH...")
@run_options
@click.option("--json", "as_json", is_flag=True, help="Print the final summary as one JSON object.")
@click.pass_obj
def run(session: Session, /, paths: tuple[str, ...], *, as_json: bool, **settings: object) -> int:
    """Read all images in folders and files, without a window.

    Exit codes: 0 all read or skipped; 1 some images failed; 2 wrong usage; 3 engine or language missing;
    4 nothing found to read; 5 results cannot be written; 130 interrupted (run it again to go on).
    """
    options = read_options(settings)
    application = session.build()
    images = _find(paths, options)
    job = application.jobs.create(images, options)
    finished = _run_job(application, job)
    _print_summary(application, finished, as_json=as_json)
    return int(_exit_code(finished))


def _find(paths: Sequence[str], options: RunOptions) -> "list[FoundImage]":
    from ocr_desktop.services.discovery import find_images  # noqa: PLC0415 - --help need not wait for it

    def complain(folder: str, error: OSError) -> None:
        click.echo(f"ocr-desktop: The folder “{folder}” cannot be opened ({error.strerror}).", err=True)

    images = list(find_images(paths, recursive=options.recursive, on_problem=complain))
    if not images:
        where = ", ".join(f"“{path}”" for path in paths)
        raise NothingFoundError(
            f"There is no image in {where}.",
            remedy="Name a folder with images in it (JPEG, PNG, TIFF, BMP, GIF, WebP, JPEG 2000).",
        )
    return images


def _run_job(application: "Application", job: JobSnapshot) -> JobSnapshot:
    """Run the job on a thread of its own; this one draws nothing and waits for Ctrl-C."""
    from ocr_desktop.cli.progress_display import make_display  # noqa: PLC0415

    thread = _JobThread(application, job.id)
    with make_display(application, job) as display:
        unsubscribe = application.jobs.subscribe(display.hear)
        try:
            with catch_stop_signals() as stop_requested:
                thread.start()
                while thread.is_alive():
                    thread.join(0.1)
                    if stop_requested.is_set():
                        application.jobs.interrupt(job.id)
        finally:
            unsubscribe()
    return thread.result()


class _JobThread(threading.Thread):
    """Runs one job and keeps what came of it."""

    def __init__(self, application: "Application", job_id: str) -> None:
        super().__init__(name=f"run {job_id}")
        self._application = application
        self._job_id = job_id
        self._finished: JobSnapshot | None = None
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            self._finished = self._application.jobs.start(self._job_id)
        except BaseException as error:  # noqa: BLE001 - raised again by result(), on the main thread
            self._error = error

    def result(self) -> JobSnapshot:
        """Return the finished job, or raise what ended it."""
        if self._finished is None:
            raise self._error or RuntimeError("the job's thread ended without a result")
        return self._finished


def _exit_code(job: JobSnapshot) -> ExitCode:
    if job.state in {JobState.INTERRUPTED, JobState.CANCELLED}:
        return ExitCode.INTERRUPTED
    return ExitCode.SOME_FAILED if job.stats.failed else ExitCode.OK


def _print_summary(application: "Application", job: JobSnapshot, *, as_json: bool) -> None:
    from ocr_desktop.cli.summary import json_summary, text_summary  # noqa: PLC0415

    if as_json:
        sys.stdout.buffer.write(json_summary(application.jobs, job) + b"\n")
        sys.stdout.buffer.flush()
    else:
        click.echo(text_summary(application.jobs, job))
