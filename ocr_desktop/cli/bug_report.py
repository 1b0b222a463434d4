"""The bundle of ``doctor --bundle``: one ZIP with what a bug report needs, and nothing personal."""

import io
import os
import secrets
import zipfile
from pathlib import Path

import msgspec

from ocr_desktop.domain.errors import OutputNotWritableError, UsageError
from ocr_desktop.domain.naming import one_line, printable
from ocr_desktop.jobs.database_check import DatabaseReport
from ocr_desktop.services.atomic_files import (
    publish_new,
    remove_quietly,
    temporary_path,
    write_temporary,
)
from ocr_desktop.services.diagnostics import Redaction, describe_machine, package_versions
from ocr_desktop.services.folders import AppFolders


def ensure_free(path: Path) -> None:
    """Refuse the name of something that is there already.

    Raises:
        UsageError: If there is.
    """
    if os.path.lexists(path):
        raise _taken(path)


def write_bundle(
    path: Path, report: dict[str, object], database: DatabaseReport, folders: AppFolders, hidden: list[str]
) -> list[str]:
    """Write the ZIP, whole or not at all, and return the names of the files in it.

    Args:
        path: Of the ZIP, which must not be there yet.
        report: What ``doctor`` says.
        database: What was found in the list of jobs.
        folders: Of the program's own files.
        hidden: Folders named in the report whose names may tell something about the user.

    Raises:
        UsageError: If the file has come up meanwhile.
        OutputNotWritableError: If it cannot be written.
    """
    redaction = Redaction(folders)
    for folder in hidden:
        redaction.hide(folder)
    contents = {
        "doctor.json": _json(redaction, report),
        "machine.json": _json(redaction, describe_machine(folders)),
        "packages.json": _json(redaction, package_versions()),
        "jobs.json": _json(redaction, database),
    }
    contents |= {f"logs/{name}": content.encode() for name, content in redaction.logs(folders.logs)}
    _write(path, _zip(contents))
    return list(contents)


def _json(redaction: Redaction, value: object) -> bytes:
    shareable = redaction.apply(msgspec.to_builtins(value))
    return msgspec.json.format(msgspec.json.encode(shareable), indent=2) + b"\n"


def _zip(contents: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _write(path: Path, content: bytes) -> None:
    temporary = temporary_path(str(path.absolute().parent), secrets.token_hex(8), "zip")
    try:
        write_temporary(temporary, content)
        publish_new(temporary, str(path))
    except FileExistsError as error:
        raise _taken(path) from error
    except OSError as error:
        raise OutputNotWritableError(
            f"The bundle could not be written to “{_shown(path)}” ({error.strerror or error}).",
            remedy="Choose a folder that exists, has space, and takes files of yours.",
        ) from error
    finally:
        remove_quietly([temporary])


def _taken(path: Path) -> UsageError:
    return UsageError(
        f"“{_shown(path)}” is there already, and is not overwritten.", remedy="Choose another name."
    )


def _shown(path: Path) -> str:
    return one_line(printable(str(path)))
