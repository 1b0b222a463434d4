"""Result saver: writes the result files of one image, whole or not at all.

All files of a result are first written to temporary files and flushed; only then does one after the other
take its place, the JSON last, because it is what proves that the image has been read.

Folders are made only below the output folder that the job began with. Where that one is gone, its drive was
unplugged: to make it anew would fill the disk on which the drive used to be mounted.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Sequence

import msgspec

from ocr_desktop.domain.errors import (
    DiskFullError,
    NameTakenError,
    OutputMissingError,
    ResultLockedError,
    ResultWriteError,
)
from ocr_desktop.domain.naming import display_name, one_line, printable, result_name
from ocr_desktop.domain.options import OutputFormat
from ocr_desktop.domain.results import ResultDocument
from ocr_desktop.services.atomic_files import (
    publish,
    publish_new,
    remove_quietly,
    temporary_path,
    write_temporary,
)
from ocr_desktop.services.disk_errors import is_disk_full, is_drive_gone, is_quota_used_up
from ocr_desktop.services.retry_policy import call_through_locks, is_lock
from ocr_desktop.services.text_result import encode_text


class ResultTarget(msgspec.Struct, frozen=True, kw_only=True):
    """Where the result files of one image go."""

    folder: str
    root: str | None = None
    """The folder that must be there already, ``folder`` or one above it; None if all may be made."""
    stem: str
    number: int = 1
    """From 2 on, part of the name; such a result is never put over a file that is already there."""
    exclusive: bool = False
    """Whether to fail, and not to replace, where a file of that name has come up meanwhile."""
    token: str
    """Unique for the attempt; part of the names of its temporary files."""


def save_result(
    document: ResultDocument, target: ResultTarget, formats: Sequence[OutputFormat]
) -> dict[str, str]:
    """Write the result files.

    Files that were there before are as they were if it fails, except that a TXT may already be the new one;
    of an exclusive result nothing is left.

    Returns:
        Absolute path of each file -> SHA-256 of what was written, in hexadecimal; in the order of
        ``formats``.

    Raises:
        DiskFullError: If the disk is full, or the user's share of it used up.
        OutputMissingError: If the output folder is not there any more.
        ResultLockedError: If another program kept a file locked through all attempts.
        ResultWriteError: If it fails for another reason: a read-only folder, a damaged disk, and so on.
    """
    contents = {output: _render(document, output) for output in sorted(formats, key=_json_last)}
    temporaries = temporaries_of(target.folder, target.token)
    published: list[str] = []
    try:
        _make_folder(target)
        remove_quietly(temporaries.values())  # of this very attempt, where they could not be removed before
        for output, content in contents.items():
            path = temporaries[output]
            call_through_locks(lambda path=path, content=content: write_temporary(path, content))  # type: ignore[misc]
        for output in contents:
            _publish(temporaries[output], _path(target, output), exclusive=target.exclusive)
            published.append(_path(target, output))
    except OSError as error:
        if target.exclusive:  # these were not there before, so no earlier result is lost with them
            remove_quietly(published)
        raise _explain(target, error) from error
    finally:
        remove_quietly(temporaries.values())
    return {_path(target, output): hashlib.sha256(contents[output]).hexdigest() for output in formats}


def temporaries_of(folder: str, token: str) -> dict[OutputFormat, str]:
    """Return the temporary files that an attempt may leave behind if its process is killed."""
    return {output: temporary_path(folder, token, output.value) for output in OutputFormat}


def _render(document: ResultDocument, output: OutputFormat) -> bytes:
    if output is OutputFormat.JSON:
        return msgspec.json.format(msgspec.json.encode(document), indent=1)
    return encode_text(document)


def _json_last(output: OutputFormat) -> bool:
    return output is OutputFormat.JSON


def _path(target: ResultTarget, output: OutputFormat) -> str:
    return os.path.join(target.folder, result_name(target.stem, output.value, target.number))


def _make_folder(target: ResultTarget) -> None:
    if os.path.isdir(target.folder):
        return
    if target.root is None:
        os.makedirs(target.folder, exist_ok=True)
    else:
        _make_below(target.root, target.folder)


def _make_below(root: str, folder: str) -> None:
    """Make what is missing of ``folder``, one by one: ``os.makedirs`` would make the root, too."""
    if not stat.S_ISDIR(os.stat(root).st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), root)
    path = root
    for part in os.path.relpath(folder, root).split(os.sep):
        path = os.path.join(path, part)
        if not os.path.isdir(path):
            try:
                os.mkdir(path)
            except FileExistsError:
                if not os.path.isdir(path):  # else another worker was faster
                    raise


def _is_gone(folder: str) -> bool:
    try:
        os.stat(folder)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError as error:
        return is_drive_gone(error)
    return False


def _publish(temporary: str, path: str, *, exclusive: bool) -> None:
    move = publish_new if exclusive else publish
    call_through_locks(lambda: move(temporary, path))


def _explain(target: ResultTarget, error: OSError) -> ResultWriteError:
    return _explain_world(target, error) or _explain_refusal(target, error)


def _explain_world(target: ResultTarget, error: OSError) -> ResultWriteError | None:
    """Say what keeps every result from being written, if that is what it is."""
    folder, name = _shown(target)
    remedy = "Free some space, then resume the job."
    if is_disk_full(error):
        message = f"The disk is full: the result “{name}” could not be written to “{folder}”."
        return DiskFullError(message, remedy=remedy)
    if is_quota_used_up(error):
        message = (
            f"Your share of the disk is used up: the result “{name}” could not be written to “{folder}”."
        )
        return DiskFullError(message, remedy=remedy)
    root = target.root or target.folder
    if is_drive_gone(error) or (target.root is not None and _is_gone(root)):
        return OutputMissingError(
            f"The output folder “{one_line(printable(root))}” is not there any more.",
            remedy="Plug its drive in or make the folder again, then resume the job.",
        )
    return None


def _explain_refusal(target: ResultTarget, error: OSError) -> ResultWriteError:
    """Say why this one result could not be written."""
    folder, name = _shown(target)
    if isinstance(error, FileExistsError) and os.path.isdir(target.folder):
        return NameTakenError(
            f"Another program made “{name}” in “{folder}” at the same moment.", remedy="Read the image again."
        )
    if is_lock(error) and os.access(target.folder, os.W_OK):
        return ResultLockedError(
            f"“{name}” in “{folder}” is locked by another program.",
            remedy="Close it there and read the image again.",
        )
    if error.errno == errno.EROFS:
        return ResultWriteError(
            f"The folder “{folder}” cannot be written to: its disk is read-only.",
            remedy="Make the disk writable, or choose another output folder.",
        )
    if is_lock(error):
        return ResultWriteError(
            f"The folder “{folder}” cannot be written to: you lack the permission.",
            remedy="Change its permissions, or choose another output folder.",
        )
    return ResultWriteError(
        f"The result “{name}” could not be written to “{folder}” ({error.strerror or error}).",
        remedy="Check the folder and read the image again.",
    )


def _shown(target: ResultTarget) -> tuple[str, str]:
    """Return folder and name of the result as they may be shown."""
    name = display_name(result_name(target.stem, "json", target.number))
    return one_line(printable(target.folder)), name
