"""The command ``jobs``: what has been run, and going on with what was interrupted."""

from typing import TYPE_CHECKING

import click
import msgspec

from ocr_desktop.cli.job_run import run_to_the_end
from ocr_desktop.cli.session import Session
from ocr_desktop.cli.streams import write_pieces, write_stdout
from ocr_desktop.domain.errors import ExitCode
from ocr_desktop.domain.jobs import JobSnapshot
from ocr_desktop.domain.naming import one_line, printable
from ocr_desktop.services.receipt_files import copy_receipt, read_lines

if TYPE_CHECKING:
    from ocr_desktop.jobs.forgetting import Forgotten

_json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group(invoke_without_command=True)
@_json_option
@click.pass_context
def jobs(context: click.Context, *, as_json: bool) -> int:
    """List, show, resume, cancel and delete jobs."""
    if context.invoked_subcommand is None:
        return int(context.invoke(list_jobs, as_json=as_json))
    return int(ExitCode.OK)


@jobs.command("list")
@_json_option
@click.pass_obj
def list_jobs(session: Session, *, as_json: bool) -> int:
    """List all jobs, the newest first."""
    with session.application() as application:
        found = application.jobs.list()
    if as_json:
        _print_json({"jobs": [_fields(job) for job in found]})
    elif not found:
        click.echo("There are no jobs.")
    for job in () if as_json else found:
        click.echo(_line(job))
    return int(ExitCode.OK)


@jobs.command("show")
@click.argument("job_id", metavar="ID")
@_json_option
@click.pass_obj
def show(session: Session, job_id: str, *, as_json: bool) -> int:
    """Show what became of each image of a job."""
    from ocr_desktop.cli.summary import json_summary, text_summary  # noqa: PLC0415 - --help need not wait

    with session.application() as application:
        job = application.jobs.get(job_id)
        if as_json:
            write_pieces(json_summary(application.jobs, job))
        else:
            click.echo(_line(job))
            click.echo(text_summary(application.jobs, job))
    return int(ExitCode.OK)


@jobs.command("resume")
@click.argument("job_id", metavar="ID")
@_json_option
@click.pass_obj
def resume(session: Session, job_id: str, *, as_json: bool) -> int:
    """Go on with a job that was interrupted."""
    with session.application() as application:
        return int(run_to_the_end(application, application.jobs.get(job_id), as_json=as_json))


@jobs.command("cancel")
@click.argument("job_id", metavar="ID")
@_json_option
@click.pass_obj
def cancel(session: Session, job_id: str, *, as_json: bool) -> int:
    """Cancel a job, also one that another program is running."""
    with session.application() as application:
        is_cancelled = application.jobs.cancel(job_id)
    message = "is being cancelled" if is_cancelled else "has ended already"
    _report(job_id, message, as_json=as_json, done=is_cancelled)
    return int(ExitCode.OK)


@jobs.command("receipt")
@click.argument("job_id", metavar="ID")
@click.argument("file", required=False, type=click.Path(dir_okay=False), metavar="[FILE]")
@click.pass_obj
def receipt(session: Session, job_id: str, file: str | None) -> int:
    """Write the receipt of a job that has ended to FILE, or print it.

    It lists every image and every result with their SHA-256; “ocr-desktop verify FILE” checks them later.
    """
    with session.application() as application:
        source = str(application.receipts.path_of(job_id))
        if file is not None:
            copy_receipt(source, file)
            click.echo(f"The receipt of the job {job_id} is in “{one_line(printable(file))}”.")
            return int(ExitCode.OK)
        for line in read_lines(source):
            if not write_stdout(line):
                break  # whoever read our output has read enough
    return int(ExitCode.OK)


@jobs.command("delete")
@click.argument("job_id", metavar="ID")
@click.option("--results", is_flag=True, help="Remove the result files that the job wrote, too.")
@_json_option
@click.pass_obj
def delete(session: Session, job_id: str, *, results: bool, as_json: bool) -> int:
    """Forget a job: its history, its receipt, and the previews of its images.

    Its results stay where they are, unless --results is given; then only those that were changed since stay.
    The images always stay.
    """
    with session.application() as application:
        forgotten = application.jobs.delete(job_id, results=results)
    if as_json:
        _print_json(_forgotten_fields(job_id, forgotten))
    else:
        click.echo(f"The job {job_id} is forgotten.")
        if results:
            click.echo("\n".join(_forgotten_lines(forgotten)))
    return int(ExitCode.OUTPUT_NOT_WRITABLE if forgotten.is_refused else ExitCode.OK)


def _forgotten_fields(job_id: str, forgotten: "Forgotten") -> dict[str, object]:
    return {
        "jobId": job_id,
        "done": True,
        "items": forgotten.items,
        "resultsRemoved": forgotten.results_removed,
        "resultsKept": forgotten.results_kept,
        "kept": [
            {"path": printable(file.path), "why": file.why.value, "message": file.sentence}
            for file in forgotten.kept
        ],
    }


def _forgotten_lines(forgotten: "Forgotten") -> list[str]:
    removed = forgotten.results_removed
    lines = ["1 result file was removed." if removed == 1 else f"{removed} result files were removed."]
    lines += [f"  {file.sentence}" for file in forgotten.kept]
    if forgotten.results_kept > len(forgotten.kept):
        lines.append(f"  ... and {forgotten.results_kept - len(forgotten.kept)} more stay.")
    return lines


def _line(job: JobSnapshot) -> str:
    stats = job.stats
    created = job.created_at.astimezone().strftime("%Y-%m-%d %H:%M")
    failed = f", {stats.failed} failed" if stats.failed else ""
    return f"{job.id}  {created}  {job.state.value:21}  {stats.done} of {stats.total}{failed}"


def _fields(job: JobSnapshot) -> dict[str, object]:
    return {
        "jobId": job.id,
        "status": job.state.value,
        "createdAt": job.created_at.isoformat(),
        "startedAt": job.started_at.isoformat() if job.started_at else None,
        "finishedAt": job.finished_at.isoformat() if job.finished_at else None,
        "stats": job.stats,
    }


def _report(job_id: str, message: str, *, as_json: bool, done: bool) -> None:
    if as_json:
        _print_json({"jobId": job_id, "done": done})
    else:
        click.echo(f"The job {job_id} {message}.")


def _print_json(value: object) -> None:
    click.echo(msgspec.json.encode(value))
