"""The command ``jobs``: what has been run, and going on with what was interrupted."""

import click
import msgspec

from ocr_desktop.cli.job_run import run_to_the_end
from ocr_desktop.cli.session import Session
from ocr_desktop.cli.streams import write_stdout
from ocr_desktop.domain.errors import ExitCode
from ocr_desktop.domain.jobs import JobSnapshot

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
            write_stdout(json_summary(application.jobs, job) + b"\n")
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


@jobs.command("delete")
@click.argument("job_id", metavar="ID")
@_json_option
@click.pass_obj
def delete(session: Session, job_id: str, *, as_json: bool) -> int:
    """Forget a job. Its results stay where they are."""
    with session.application() as application:
        application.jobs.delete(job_id)
    _report(job_id, "is forgotten", as_json=as_json, done=True)
    return int(ExitCode.OK)


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
