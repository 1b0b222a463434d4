"""Result saver: writes the result files of one image, whole or not at all.

All files of a result are first written to temporary files and flushed; only then does one after the other
take its place, the JSON last, because it is what proves that the image has been read.

Folders are made only below the output folder that the job began with. Where that one is gone, its drive was
unplugged: to make it anew would fill the disk on which the drive used to be mounted.

A correction of the result that is replaced goes into the new one, if that is of the same image.
"""

import errno
import os
import stat
from collections.abc import Sequence
from typing import Final

import msgspec

from ocr_desktop.domain.errors import ResultWriteError
from ocr_desktop.domain.naming import result_name
from ocr_desktop.domain.options import OutputFormat
from ocr_desktop.domain.results import ResultDocument
from ocr_desktop.services.atomic_files import (
    publish,
    publish_new,
    remove_quietly,
    temporary_path,
    write_temporary,
)
from ocr_desktop.services.carried_corrections import carry_over
from ocr_desktop.services.result_encoding import encode_result, result_hash
from ocr_desktop.services.retry_policy import call_through_locks
from ocr_desktop.services.write_errors import WriteAim, explain_write_error

_LOOKS: Final = 5
"""How often to take up a correction that somebody saves at this very moment."""


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
    earlier_stem: str = ""
    """What the names of an earlier result of the image begin with, if that is not ``stem``."""
    token: str
    """Unique for the attempt; part of the names of its temporary files."""


def save_result(
    document: ResultDocument, target: ResultTarget, formats: Sequence[OutputFormat]
) -> dict[str, str]:
    """Write the result files.

    Files that were there before are as they were if it fails, except that a TXT may already be the new one;
    of an exclusive result nothing is left.

    Returns:
        Absolute path of each file -> SHA-256 of what was written, in hexadecimal and without a correction
        that was carried over (see ``result_hash``); in the order of ``formats``.

    Raises:
        DiskFullError: If the disk is full, or the user's share of it used up.
        OutputMissingError: If the output folder is not there any more.
        ResultLockedError: If another program kept a file locked through all attempts.
        ResultWriteError: If it fails for another reason: a read-only folder, a damaged disk, and so on.
    """
    temporaries = temporaries_of(target.folder, target.token)
    published: list[str] = []
    try:
        _make_folder(target)
        document, contents = _write_temporaries(document, target, formats)
        for output in contents:
            _publish(temporaries[output], _path(target, output), exclusive=target.exclusive)
            published.append(_path(target, output))
    except OSError as error:
        if target.exclusive:  # these were not there before, so no earlier result is lost with them
            remove_quietly(published)
        raise _explain(target, error) from error
    finally:
        remove_quietly(temporaries.values())
    return {_path(target, output): result_hash(document, output, contents[output]) for output in formats}


def temporaries_of(folder: str, token: str) -> dict[OutputFormat, str]:
    """Return the temporary files that an attempt may leave behind if its process is killed."""
    return {output: temporary_path(folder, token, output.value) for output in OutputFormat}


def _write_temporaries(
    document: ResultDocument, target: ResultTarget, formats: Sequence[OutputFormat]
) -> tuple[ResultDocument, dict[OutputFormat, bytes]]:
    """Write the temporary files; return the result with what was carried over, and the contents."""
    temporaries = temporaries_of(target.folder, target.token)
    earlier = _earlier_results(target)
    for _ in range(_LOOKS):
        carried = carry_over(document, earlier)
        contents = {
            output: encode_result(carried.document, output) for output in sorted(formats, key=_json_last)
        }
        remove_quietly(temporaries.values())  # of this very attempt, where they could not be removed before
        for output, content in contents.items():
            path = temporaries[output]
            call_through_locks(lambda path=path, content=content: write_temporary(path, content))  # type: ignore[misc]
        if carried.is_current:
            break
    return carried.document, contents


def _earlier_results(target: ResultTarget) -> list[str]:
    """Return the JSON files of the results whose correction goes into the new one."""
    if target.number != 1:
        return []
    stems = dict.fromkeys(filter(None, ("" if target.exclusive else target.stem, target.earlier_stem)))
    return [os.path.join(target.folder, result_name(stem, OutputFormat.JSON.value)) for stem in stems]


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


def _publish(temporary: str, path: str, *, exclusive: bool) -> None:
    move = publish_new if exclusive else publish
    call_through_locks(lambda: move(temporary, path))


def _explain(target: ResultTarget, error: OSError) -> ResultWriteError:
    name = result_name(target.stem, OutputFormat.JSON.value, target.number)
    return explain_write_error(WriteAim(folder=target.folder, name=name, root=target.root), error)
