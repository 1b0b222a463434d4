"""The command ``doctor``: what is there, what is missing, and how to get it."""

import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from ocr_desktop import __version__
from ocr_desktop.cli.session import Session
from ocr_desktop.domain.errors import BugError, ExitCode, KnownError
from ocr_desktop.services.folders import AppFolders
from ocr_desktop.services.logs import start_logging

if TYPE_CHECKING:
    from ocr_desktop.services.engines.protocol import EngineStatus


class _Report(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What ``doctor`` found."""

    version: str
    python: str
    platform: str
    engines: "list[_Engine]"
    folders: dict[str, str]
    resources: bool
    """Whether the program's own icons, schemas and samples are there."""
    usable: bool
    """Whether at least one engine can read."""
    problems: "list[_Problem]"
    """What keeps the program from working, apart from missing engines."""
    bundle: str | None = None
    """Where the bundle for a bug report was written, if one was asked for."""


class _Problem(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    problem: str
    remedy: str


class _Engine(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    name: str
    available: bool
    version: str
    languages: tuple[str, ...]
    location: str
    problem: str
    remedy: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.option(
    "--bundle",
    type=click.Path(path_type=Path),
    metavar="FILE.zip",
    help="Also write a ZIP for a bug report: this report, logs, versions, and the last jobs in numbers. "
    "Nothing personal is in it: no text, no names of files.",
)
@click.pass_obj
def doctor(session: Session, *, as_json: bool, bundle: Path | None) -> int:
    """Show engines, versions, languages and folders: what is missing and how to get it.

    The exit code is the one that a run would end with now; after --bundle it is 0 if the ZIP was written.
    """
    folders = AppFolders.locate()
    if bundle is not None:
        from ocr_desktop.cli.bug_report import ensure_free, write_bundle  # noqa: PLC0415 - rarely needed
        from ocr_desktop.jobs.database_check import examine_database  # noqa: PLC0415

        ensure_free(bundle)
        database = examine_database(folders.home / "jobs.db")  # as it is before the program touches it
    statuses, errors = _examine(session, folders)
    report = _report(statuses, errors, folders)
    if bundle is not None:
        hidden = [status.location for status in statuses]
        names = write_bundle(bundle, msgspec.to_builtins(report), database, folders, hidden)
        report = msgspec.structs.replace(report, bundle=str(bundle.absolute()))
    if as_json:
        click.echo(msgspec.json.encode(report))
    else:
        click.echo("\n".join(_lines(report)))
    if bundle is not None:
        if not as_json:
            click.echo("\n".join(_bundle_lines(bundle, names)))
        return int(ExitCode.OK)
    return int(_exit_code(report, errors))


def _examine(session: Session, folders: AppFolders) -> "tuple[list[EngineStatus], list[KnownError]]":
    """Probe the engines and try to begin as every other command does; return also what is in the way."""
    from ocr_desktop.services.diagnostics import data_folder_problem  # noqa: PLC0415 - --help need not wait
    from ocr_desktop.services.engines.catalog import EngineCatalog  # noqa: PLC0415

    errors: list[KnownError] = []
    engines = EngineCatalog()
    try:
        application = session.build()
    except KnownError as error:
        errors.append(error)
    else:
        engines = application.engines
        for notice in application.notices:
            click.echo(f"ocr-desktop: {notice}", err=True)
        application.close()
    try:
        start_logging(folders.logs)
    except KnownError as error:
        errors.append(error)
    unwritable = data_folder_problem(folders)
    if unwritable is not None and not errors:
        errors.append(unwritable)
    return engines.statuses(), errors


def _report(statuses: "list[EngineStatus]", errors: list[KnownError], folders: AppFolders) -> _Report:
    engines = [_engine(status) for status in statuses]
    sentences = dict.fromkeys((error.message, error.remedy) for error in errors)
    return _Report(
        version=__version__,
        python=sys.version.split()[0],
        platform=platform.platform(),
        engines=engines,
        folders={
            "home": str(folders.home),
            "thumbnails": str(folders.thumbnails),
            "logs": str(folders.logs),
        },
        resources=_has_resources(),
        usable=any(engine.available and engine.languages for engine in engines),
        problems=[_Problem(problem=problem, remedy=remedy) for problem, remedy in sentences],
    )


def _exit_code(report: _Report, errors: list[KnownError]) -> ExitCode:
    if errors:
        return errors[0].exit_code
    return ExitCode.OK if report.usable else ExitCode.ENGINE_MISSING


def _has_resources() -> bool:
    from ocr_desktop.services.resources import resource  # noqa: PLC0415 - --help need not wait for it

    try:
        return resource("schemas/result-1.schema.json").is_file()
    except BugError:
        return False


def _engine(status: "EngineStatus") -> _Engine:
    return msgspec.convert(msgspec.to_builtins(status), _Engine)


def _lines(report: _Report) -> list[str]:
    lines = [f"OCR Desktop {report.version}, Python {report.python}, {report.platform}", ""]
    for engine in report.engines:
        lines += _engine_lines(engine)
    lines += [f"{name:11}{folder}" for name, folder in report.folders.items()]
    if not report.resources:
        lines.append("The program's own resources are missing. Install the program again.")
    for problem in report.problems:
        lines += ["", problem.problem, f"  {problem.remedy}"]
    return [*lines, "", _verdict(report)]


def _verdict(report: _Report) -> str:
    if not report.usable:
        return "No engine can read. See the remedies above."
    return "Not ready to read. See the remedies above." if report.problems else "Ready to read."


def _bundle_lines(bundle: Path, names: list[str]) -> list[str]:
    return [
        "",
        f"For a bug report, “{bundle}” was written. In it are: {', '.join(names)}.",
        "Nothing personal is in it: no recognized text, no names of files, folders or users.",
    ]


def _engine_lines(engine: _Engine) -> list[str]:
    if not engine.available:
        return [f"{engine.name} engine: not available", f"  {engine.problem}", f"  {engine.remedy}", ""]
    lines = [
        f"{engine.name} engine: Tesseract {engine.version}",
        f"  languages: {', '.join(engine.languages) or 'none'}",
        f"  from: {engine.location}",
    ]
    if engine.remedy:
        lines.append(f"  {engine.remedy}")
    return [*lines, ""]
