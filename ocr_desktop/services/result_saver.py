"""Result saver: writes the result files of one image, whole or not at all.

All files of a result are first written to temporary files and flushed; only then does one after the other
take its place, the JSON last, because it is what proves that the image has been read.
"""

import errno
import os
from collections.abc import Sequence

import msgspec

from ocr_desktop.domain.errors import NameTakenError, ResultLockedError, ResultWriteError
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
from ocr_desktop.services.retry_policy import call_through_locks, is_lock
from ocr_desktop.services.text_result import render_text

_DISK_FULL = (
    frozenset({errno.ENOSPC, errno.EDQUOT}) if hasattr(errno, "EDQUOT") else frozenset({errno.ENOSPC})
)
_WINERROR_DISK_FULL = 112


class ResultTarget(msgspec.Struct, frozen=True, kw_only=True):
    """Where the result files of one image go."""

    folder: str
    stem: str
    number: int = 1
    """From 2 on, part of the name; such a result is never put over a file that is already there."""
    exclusive: bool = False
    """Whether to fail, and not to replace, where a file of that name has come up meanwhile."""
    token: str
    """Unique for the attempt; part of the names of its temporary files."""


def save_result(
    document: ResultDocument, target: ResultTarget, formats: Sequence[OutputFormat]
) -> tuple[str, ...]:
    """Write the result files and return their absolute paths, in the order of ``formats``.

    Raises:
        ResultLockedError: If another program kept a file locked through all attempts.
        ResultWriteError: If the disk is full, the folder read-only or gone, and so on. Files that were there
            before are as they were, except that a TXT may already be the new one; of an exclusive result
            nothing is left.
    """
    contents = {output: _render(document, output) for output in sorted(formats, key=_json_last)}
    temporaries = temporaries_of(target.folder, target.token)
    published: list[str] = []
    try:
        _make_folder(target.folder)
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
    return tuple(_path(target, output) for output in formats)


def temporaries_of(folder: str, token: str) -> dict[OutputFormat, str]:
    """Return the temporary files that an attempt may leave behind if its process is killed."""
    return {output: temporary_path(folder, token, output.value) for output in OutputFormat}


def _render(document: ResultDocument, output: OutputFormat) -> bytes:
    if output is OutputFormat.JSON:
        return msgspec.json.format(msgspec.json.encode(document), indent=1)
    return render_text(document).encode("utf-8", "replace")


def _json_last(output: OutputFormat) -> bool:
    return output is OutputFormat.JSON


def _path(target: ResultTarget, output: OutputFormat) -> str:
    return os.path.join(target.folder, result_name(target.stem, output.value, target.number))


def _make_folder(folder: str) -> None:
    if not os.path.isdir(folder):
        os.makedirs(folder, exist_ok=True)


def _publish(temporary: str, path: str, *, exclusive: bool) -> None:
    move = publish_new if exclusive else publish
    call_through_locks(lambda: move(temporary, path))


def _explain(target: ResultTarget, error: OSError) -> ResultWriteError:
    folder = one_line(printable(target.folder))
    name = display_name(result_name(target.stem, "json", target.number))
    if error.errno in _DISK_FULL or getattr(error, "winerror", None) == _WINERROR_DISK_FULL:
        return ResultWriteError(
            f"The disk is full: the result of “{name}” could not be written to “{folder}”.",
            remedy="Free some space and read the image again.",
        )
    if isinstance(error, FileExistsError) and os.path.isdir(target.folder):
        return NameTakenError(
            f"Another program made “{name}” in “{folder}” at the same moment.", remedy="Read the image again."
        )
    if is_lock(error) and os.access(target.folder, os.W_OK):
        return ResultLockedError(
            f"“{name}” in “{folder}” is locked by another program.",
            remedy="Close it there and read the image again.",
        )
    if is_lock(error) or error.errno == errno.EROFS:
        return ResultWriteError(
            f"The folder “{folder}” cannot be written to.",
            remedy="Choose another output folder, or change its permissions.",
        )
    return ResultWriteError(
        f"The result “{name}” could not be written to “{folder}” ({error.strerror or error}).",
        remedy="Check the folder and read the image again.",
    )
