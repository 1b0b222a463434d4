"""The command line: its commands, and the one place where errors become messages and exit codes."""

import importlib
import logging
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from ocr_desktop import __version__
from ocr_desktop.cli.session import OpenWindow, Session
from ocr_desktop.cli.streams import abandon_stdout, repair_streams
from ocr_desktop.domain.errors import ExitCode, KnownError, UsageError

if TYPE_CHECKING:
    from ocr_desktop.bootstrap import Application


_log = logging.getLogger(__name__)

_MODULES = {
    name: f"ocr_desktop.cli.{name}_command"
    for name in ("doctor", "export", "jobs", "languages", "run", "verify")
}
"""Command -> the module that has it under its name; imported when the command is used."""
_LOGS = "ocr_desktop.services.logs"


def run_command_line(
    arguments: Sequence[str],
    *,
    open_window: OpenWindow,
    build: "Callable[[], Application] | None" = None,
) -> int:
    """Run one command and return its exit code.

    Args:
        arguments: The command line without the program's name.
        open_window: What a command line without a command does with its paths.
        build: Builds the application; by default ``bootstrap.build_application``.
    """
    repair_streams()
    session = Session(build or _build, open_window)
    try:
        code = cli.main(list(arguments), prog_name="ocr-desktop", obj=session, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return int(ExitCode.USAGE)
    except (click.Abort, KeyboardInterrupt):
        return int(ExitCode.INTERRUPTED)
    except KnownError as error:
        _complain(error)
        return int(error.exit_code)
    except BrokenPipeError:  # whoever read our output has read enough
        abandon_stdout()
        return int(ExitCode.OK)
    except Exception as error:  # noqa: BLE001 - the last resort; it is logged
        _log.exception("The command line ended with an exception")
        click.echo(f"ocr-desktop: An unexpected error ended the program: {_in_words(error)}.", err=True)
        click.echo("  Please report it, with the log file that “ocr-desktop doctor” names.", err=True)
        return int(ExitCode.BUG)
    finally:
        if _LOGS in sys.modules:  # else nobody has started it
            sys.modules[_LOGS].stop_logging()
    return int(code or 0)


class _WindowByDefault(click.Group):
    """A group whose first argument may also be a path: then the window opens on it.

    Its commands are imported when they are needed, so that --version and the window do not wait for them all.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *_MODULES})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in _MODULES and cmd_name not in self.commands:
            self.add_command(getattr(importlib.import_module(_MODULES[cmd_name]), cmd_name))
        return super().get_command(ctx, cmd_name)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        first = args[0] if args else "--"
        is_path = not first.startswith("-") and first not in {*self.commands, *_MODULES}
        return super().parse_args(ctx, ["open", *args] if is_path or first == "--" else args)


@click.group(cls=_WindowByDefault, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """Read folders of scans: text and JSON beside each image. Nothing leaves this machine.

    Without a command the window opens, on the folders or files that are named: ocr-desktop [PATH ...]
    """


@click.command("open", hidden=True)
@click.argument("paths", nargs=-1, type=click.Path(exists=True))
@click.pass_obj
def _open(session: Session, paths: tuple[str, ...]) -> int:
    """Open the window on these folders or files."""
    return session.open_window(paths)


cli.add_command(_open)


def _build() -> "Application":
    # Imported only now, so that --help and --version answer at once.
    from ocr_desktop.bootstrap import build_application  # noqa: PLC0415

    return build_application()


def _in_words(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _complain(error: KnownError) -> None:
    click.echo(f"ocr-desktop: {error.message}", err=True)
    if error.remedy:
        click.echo(f"  {error.remedy}", err=True)
    if isinstance(error, UsageError):
        click.echo("  Try “ocr-desktop --help”.", err=True)
