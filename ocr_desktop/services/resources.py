"""Files that come with the program: icons, styles, schemas, sample scans.

They are kept in ``resources/`` beside the package in a source tree, and travel inside the package in a wheel.
Callers name them relative to that folder and never learn which of the two it was.
"""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from ocr_desktop.domain.errors import BugError

_PACKAGE = "ocr_desktop"


def resource(relative: str) -> Traversable:
    """Return a file or folder of ``resources/``.

    Where a real path is needed, wrap the answer in ``importlib.resources.as_file``. May be called from any
    thread.

    Args:
        relative: Path below ``resources/`` with forward slashes, e.g. ``"schemas/result.schema.json"``.

    Raises:
        BugError: If no such file or folder comes with the program.
    """
    found = resources_root().joinpath(*relative.split("/"))
    if not (found.is_file() or found.is_dir()):
        raise BugError(f"The program's own file resources/{relative} is missing.")
    return found


def resources_root() -> Traversable:
    """Return the folder ``resources``, wherever this installation keeps it.

    Raises:
        BugError: If the installation lacks it.
    """
    package = files(_PACKAGE)
    inside = package / "resources"
    if inside.is_dir():
        return inside
    # An editable install points at the source tree, which has the folder beside the package.
    if isinstance(package, Path) and (beside := package.parent / "resources").is_dir():
        return beside
    raise BugError(
        "The folder of the program's own files, resources, is missing: the installation is damaged."
    )
