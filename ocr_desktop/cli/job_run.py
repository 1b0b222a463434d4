"""Running a job from the command line: on a thread of its own, with progress, until it ends or Ctrl-C."""

import threading
from typing import TYPE_CHECKING

from ocr_desktop.cli.stop_signals import catch_stop_signals, end_at_once
from ocr_desktop.cli.streams import write_pieces, write_stdout
from ocr_desktop.domain.errors import ExitCode, OutputNotWritableError
from ocr_desktop.domain.events import Event, JobStateChanged
from ocr_desktop.domain.jobs import JobSnapshot
from ocr_desktop.domain.states import JobState

if TYPE_CHECKING:
    from ocr_desktop.bootstrap import Application


def run_to_the_end(application: "Application", job: JobSnapshot, *, as_json: bool) -> ExitCode:
    """Run a job that is queued or interrupted, show progress, print the summary, return the exit code."""
    finished = _run(application, job)
    try:
        _print_summary(application, finished, as_json=as_json)
    except OSError as error:
        raise OutputNotWritableError(
            f"The summary could not be written ({error.strerror}); all results are saved.",
            remedy=f"See “ocr-desktop jobs show {finished.id}”.",
        ) from error
    return _exit_code(finished)


def _run(application: "Application", job: JobSnapshot) -> JobSnapshot:
    """Run the job on a thread of its own; this one draws nothing and waits for Ctrl-C."""
    from ocr_desktop.cli.progress_display import make_display  # noqa: PLC0415 - --help need not wait for it

    thread = _JobThread(application, job.id)
    with make_display(application, job) as display:
        in_trouble = threading.Event()

        def hear(event: Event) -> None:
            display.hear(event)
            if isinstance(event, JobStateChanged) and event.trouble is not None:
                in_trouble.set()

        unsubscribe = application.jobs.subscribe(hear)
        try:
            with catch_stop_signals(lambda: end_at_once(ExitCode.INTERRUPTED)) as stop_requested:
                thread.start()
                while thread.is_alive():
                    thread.join(0.1)
                    # A pause would wait for ever where nobody can press Resume; the job is resumed by name.
                    if stop_requested.is_set() or in_trouble.is_set():
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
    if job.state is JobState.INTERRUPTED and job.trouble is not None:
        return job.trouble.exit_code
    if job.state in {JobState.INTERRUPTED, JobState.CANCELLED}:
        return ExitCode.INTERRUPTED
    return ExitCode.SOME_FAILED if job.stats.failed else ExitCode.OK


def _print_summary(application: "Application", job: JobSnapshot, *, as_json: bool) -> None:
    from ocr_desktop.cli.summary import json_summary, text_summary  # noqa: PLC0415

    if as_json:
        write_pieces(json_summary(application.jobs, job))
    else:
        write_stdout(text_summary(application.jobs, job).encode() + b"\n")
