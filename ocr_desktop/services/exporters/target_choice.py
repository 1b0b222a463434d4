"""Target choice: where an export goes that names a place, or none."""

import os
from collections.abc import Sequence

from ocr_desktop.domain.errors import UsageError
from ocr_desktop.domain.naming import one_line, printable, split_extension
from ocr_desktop.services.exporters.export import ExportTarget
from ocr_desktop.services.exporters.export_names import EXPORT_MARK
from ocr_desktop.services.exporters.formats import ExportFormat


def choose_target(
    entry: ExportFormat, sources: Sequence[str], output: str | None, *, combine: bool
) -> ExportTarget:
    """Return where the results of ``sources`` go.

    Args:
        entry: The format.
        sources: Folders and files with the results; their tree is mirrored in an output folder.
        output: A folder, or a file, which means one file for all; None for beside the results.
        combine: Whether all results go into one file.

    Raises:
        UsageError: If ``output`` is a file, but not one of this format, and results are not combined.
    """
    base = _common_folder([os.path.abspath(path) for path in sources])
    path = None if output is None else os.path.abspath(output)
    is_folder = output is not None and (os.path.isdir(output) or output.endswith(("/", os.sep)))
    name = f"{os.path.basename(base) or 'results'}{EXPORT_MARK}.{entry.extension}"
    if path is None:
        return ExportTarget(file=os.path.join(base, name)) if combine else ExportTarget()
    if combine and is_folder:
        return ExportTarget(file=os.path.join(path, name))
    if combine or (not is_folder and _extension(path) == f".{entry.extension}"):
        return ExportTarget(file=path)
    if not is_folder and os.path.lexists(path):
        raise UsageError(
            f"“{one_line(printable(path))}” is a file.",
            remedy="Name a folder, or add --combine for one file.",
        )
    return ExportTarget(folder=path, base=base)


def _common_folder(paths: Sequence[str]) -> str:
    folders = [path if os.path.isdir(path) else os.path.dirname(path) for path in paths]
    try:
        return os.path.commonpath(folders)
    except ValueError:  # several drives
        return folders[0]


def _extension(path: str) -> str:
    return split_extension(os.path.basename(path))[1].lower()
