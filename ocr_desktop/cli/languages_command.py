"""The command ``languages``: which languages can be read, and how to get more."""

from typing import TYPE_CHECKING

import click
import msgspec

from ocr_desktop.cli.session import Session
from ocr_desktop.domain.errors import ExitCode

if TYPE_CHECKING:
    from ocr_desktop.services.engines.languages import LanguageInfo


@click.command()
@click.option(
    "--all", "show_all", is_flag=True, help="Also show the languages for which there is data to get."
)
@click.option("--json", "as_json", is_flag=True, help="Print the list as one JSON object.")
@click.pass_obj
def languages(session: Session, *, show_all: bool, as_json: bool) -> int:
    """Show the languages that each engine can read, with their codes, and how to get more.

    The exit code is 3 if no engine can read any language.
    """
    from ocr_desktop.services.engines.languages import (  # noqa: PLC0415 - --help need not wait for it
        describe_languages,
        how_to_get_more,
    )

    with session.application() as application:
        statuses = application.engines.statuses()
    infos = describe_languages(statuses, missing=show_all)
    ways = how_to_get_more(statuses)
    if as_json:
        click.echo(msgspec.json.encode({"languages": infos, "more": ways}))
    else:
        click.echo("\n".join(_lines(infos, ways)))
    is_usable = any(info.engines for info in infos)
    return int(ExitCode.OK if is_usable else ExitCode.ENGINE_MISSING)


def _lines(infos: "list[LanguageInfo]", ways: dict[str, str]) -> list[str]:
    if not infos:
        lines = ["No engine can read any language."]
    else:
        codes = max(len(info.code) for info in infos)
        names = max(len(info.name) for info in infos)
        lines = [
            f"{info.code:{codes}}  {info.name:{names}}  {', '.join(info.engines) or 'not installed'}"
            for info in infos
        ]
    return [*lines, *(line for name, way in ways.items() for line in ("", f"{name} engine: {way}"))]
