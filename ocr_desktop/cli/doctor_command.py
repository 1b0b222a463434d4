"""The command ``doctor``: what is there, what is missing, and how to get it."""

import platform
import sys
from typing import TYPE_CHECKING

import click
import msgspec

from ocr_desktop import __version__
from ocr_desktop.cli.session import Session
from ocr_desktop.domain.errors import BugError, ExitCode

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
@click.pass_obj
def doctor(session: Session, *, as_json: bool) -> int:
    """Show engines, versions, languages and folders: what is missing and how to get it."""
    with session.application() as application:
        engines = [_engine(status) for status in application.engines.statuses()]
    report = _Report(
        version=__version__,
        python=sys.version.split()[0],
        platform=platform.platform(),
        engines=engines,
        folders={
            "home": str(application.folders.home),
            "thumbnails": str(application.folders.thumbnails),
            "logs": str(application.folders.logs),
        },
        resources=_has_resources(),
        usable=any(engine.available and engine.languages for engine in engines),
    )
    if as_json:
        click.echo(msgspec.json.encode(report))
    else:
        click.echo("\n".join(_lines(report)))
    return int(ExitCode.OK if report.usable else ExitCode.ENGINE_MISSING)


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
    lines += ["", "Ready to read." if report.usable else "No engine can read. See the remedies above."]
    return lines


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
