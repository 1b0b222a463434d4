"""The command ``run``: a batch without a window."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
import msgspec

from ocr_desktop.cli.job_run import run_to_the_end
from ocr_desktop.cli.run_options import read_options, run_options
from ocr_desktop.cli.session import Session
from ocr_desktop.domain.errors import NothingFoundError
from ocr_desktop.domain.items import ROTATIONS
from ocr_desktop.domain.options import RunOptions

if TYPE_CHECKING:
    from ocr_desktop.domain.items import FoundImage


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True), metavar="PATH...")
@run_options
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
    session: Session, /, paths: tuple[str, ...], *, rotate: str, as_json: bool, **settings: object
) -> int:
    """Read all images in folders and files, without a window.

    Exit codes: 0 all read or skipped; 1 some images failed; 2 wrong usage; 3 engine or language missing;
    4 nothing found to read; 5 results cannot be written; 130 interrupted (see “ocr-desktop jobs resume”).
    """
    options = read_options(settings)
    images = _find(paths, options, int(rotate))
    with session.application() as application:
        job = application.jobs.create(images, options)
        for notice in job.notices:
            click.echo(f"ocr-desktop: {notice}", err=True)
        return int(run_to_the_end(application, job, as_json=as_json))


def _find(paths: Sequence[str], options: RunOptions, rotation: int) -> "list[FoundImage]":
    from ocr_desktop.services.discovery import find_images  # noqa: PLC0415 - --help need not wait for it

    def complain(folder: str, error: OSError) -> None:
        click.echo(f"ocr-desktop: The folder “{folder}” cannot be opened ({error.strerror}).", err=True)

    images = list(find_images(paths, recursive=options.recursive, on_problem=complain))
    if rotation:
        images = [msgspec.structs.replace(image, rotation=rotation) for image in images]
    if not images:
        where = ", ".join(f"“{path}”" for path in paths)
        raise NothingFoundError(
            f"There is no image in {where}.",
            remedy="Name a folder with images in it (JPEG, PNG, TIFF, BMP, GIF, WebP, JPEG 2000).",
        )
    return images
