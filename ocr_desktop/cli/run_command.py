"""The command ``run``: a batch without a window."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click
import msgspec

from ocr_desktop.cli.job_run import run_to_the_end
from ocr_desktop.cli.path_list import read_paths
from ocr_desktop.cli.run_options import read_options, run_options
from ocr_desktop.cli.session import Session
from ocr_desktop.domain.errors import ExitCode, NothingFoundError, UsageError
from ocr_desktop.domain.items import ROTATIONS
from ocr_desktop.domain.options import RunOptions

if TYPE_CHECKING:
    from ocr_desktop.domain.items import FoundImage


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True), metavar="[PATH...]")
@run_options
@click.option(
    "--from",
    "lists",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Read also the files and folders that FILE lists, one a line or separated by NULs; “-” is standard "
    "input. Relative paths start from the working folder. What is not there is reported and left out.",
)
@click.option(
    "--rotate",
    type=click.Choice([str(degrees) for degrees in ROTATIONS]),
    default="0",
    show_default=True,
    help="Degrees clockwise by which all these images are turned before they are read, beyond what their "
    "files say of themselves. The files stay as they are.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the final summary as one JSON object.")
@click.pass_obj
def run(
    session: Session,
    /,
    paths: tuple[str, ...],
    *,
    lists: tuple[str, ...],
    rotate: str,
    as_json: bool,
    **settings: object,
) -> int:
    """Read all images in folders and files, without a window.

    Exit codes: 0 all read or skipped; 1 some images failed, or are not where a list says; 2 wrong usage;
    3 engine or language missing; 4 nothing found to read; 5 results cannot be written; 130 interrupted (see
    “ocr-desktop jobs resume”).
    """
    options = read_options(settings)
    if not paths and not lists:
        raise UsageError("No folder or file is named.", remedy="Name some, or a list of them with “--from”.")
    chosen = _Chosen(paths, lists)
    images = _find(chosen, options, int(rotate))
    with session.application() as application:
        job = application.jobs.create(images, options)
        for notice in job.notices:
            click.echo(f"ocr-desktop: {notice}", err=True)
        code = run_to_the_end(application, job, as_json=as_json)
    return int(ExitCode.SOME_FAILED if code is ExitCode.OK and chosen.left_out else code)


class _Chosen:
    """What the command line names, itself or in lists; goes through it once, without holding the lists."""

    def __init__(self, paths: Sequence[str], lists: Sequence[str]) -> None:
        self._paths = paths
        self._lists = lists
        self.left_out = 0
        """How many entries of the lists were not there."""

    def __iter__(self) -> Iterator[str]:
        yield from self._paths
        for source in self._lists:
            yield from read_paths(source, self._leave_out)

    def __str__(self) -> str:
        lists = [f"the list “{source}”" for source in self._lists]
        return ", ".join([*(f"“{path}”" for path in self._paths), *lists])

    def _leave_out(self, sentence: str) -> None:
        self.left_out += 1
        click.echo(f"ocr-desktop: {sentence}", err=True)


def _find(chosen: _Chosen, options: RunOptions, rotation: int) -> "list[FoundImage]":
    from ocr_desktop.services.discovery import find_images  # noqa: PLC0415 - --help need not wait for it

    def complain(folder: str, error: OSError) -> None:
        click.echo(f"ocr-desktop: The folder “{folder}” cannot be opened ({error.strerror}).", err=True)

    images = list(find_images(chosen, recursive=options.recursive, on_problem=complain))
    if rotation:
        images = [msgspec.structs.replace(image, rotation=rotation) for image in images]
    if not images:
        raise NothingFoundError(
            f"There is no image in {chosen}.",
            remedy="Name a folder with images in it (JPEG, PNG, TIFF, BMP, GIF, WebP, JPEG 2000, HEIC, "
            "AVIF).",
        )
    return images
