"""Carrying corrections over: a new reading of an image takes up what a person has made of an earlier one.

Of an image whose content has changed the correction would be wrong: there the earlier result is set aside.
"""

import os
from collections.abc import Sequence

import msgspec

from ocr_desktop.domain.naming import result_name
from ocr_desktop.domain.options import OutputFormat
from ocr_desktop.domain.results import Correction, ResultDocument
from ocr_desktop.services.atomic_files import publish_new
from ocr_desktop.services.file_state import FileState, read_with_state, state_of
from ocr_desktop.services.retry_policy import call_through_locks, is_lock
from ocr_desktop.services.write_errors import WriteAim, explain_write_error

_MARK = b'"correction"'


class _CorrectedSource(msgspec.Struct, frozen=True):
    sha256: str


class _CorrectedPart(msgspec.Struct, frozen=True):
    """What is to be known of an earlier result; the rest of the file is passed over."""

    source: _CorrectedSource
    correction: Correction | None = None


_DECODER = msgspec.json.Decoder(_CorrectedPart)


class Carried(msgspec.Struct, frozen=True):
    """A new result with what was found in earlier ones."""

    document: ResultDocument
    looked_at: tuple[tuple[str, FileState | None], ...] = ()
    """The earlier JSON results, and what they were like."""

    @property
    def is_current(self) -> bool:
        """Whether nobody has changed an earlier result since."""
        return all(state_of(path) == state for path, state in self.looked_at)


def carry_over(document: ResultDocument, earlier: Sequence[str]) -> Carried:
    """Return a new result with the correction of the first earlier result of the same image that has one.

    Args:
        document: The new result.
        earlier: Paths of JSON results, which need not be there.

    Raises:
        OSError: If one of them is locked: what it says must not be lost.
    """
    looked_at: list[tuple[str, FileState | None]] = []
    for path in earlier:
        looked_at.append((path, state_of(path)))
        part = _corrected_part(path)
        if part is not None and part.source.sha256 == document.source.sha256:
            document = msgspec.structs.replace(document, correction=part.correction)
            break
    return Carried(document, tuple(looked_at))


def is_corrected(path: str) -> bool:
    """Whether a JSON result holds a corrected text. Quick: the rest of the file is passed over.

    Raises:
        OSError: If it is locked.
    """
    return _corrected_part(path) is not None


def set_aside(folder: str, stem: str, sha256: str) -> str:
    """Rename a corrected result that is of other content than ``sha256``, so that it is not replaced.

    Returns:
        The name of its JSON file now; empty if there is no such result.

    Raises:
        ResultWriteError: If it cannot be renamed.
    """
    path = _path(folder, stem, OutputFormat.JSON)
    try:
        part = _corrected_part(path)
        if part is None or part.source.sha256 == sha256:
            return ""
        return _rename(folder, stem)
    except OSError as error:
        aim = WriteAim(folder=folder, name=os.path.basename(path))
        raise explain_write_error(aim, error) from error


def _rename(folder: str, stem: str) -> str:
    """Give the files of a result the next number that is free; return the new name of the JSON."""
    number = 2
    while any(os.path.lexists(_path(folder, stem, output, number)) for output in OutputFormat):
        number += 1
    for output in (OutputFormat.JSON, OutputFormat.TXT):
        old, new = _path(folder, stem, output), _path(folder, stem, output, number)
        if os.path.lexists(old):
            call_through_locks(lambda old=old, new=new: publish_new(old, new))  # type: ignore[misc]
    return result_name(stem, OutputFormat.JSON.value, number)


def _corrected_part(path: str) -> _CorrectedPart | None:
    """Return what a JSON result says, if it is whole and has a correction."""
    try:
        content, _ = call_through_locks(lambda: read_with_state(path))
    except OSError as error:
        if is_lock(error):
            raise
        return None
    if _MARK not in content:
        return None
    try:
        part = _DECODER.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return part if part.correction is not None else None


def _path(folder: str, stem: str, output: OutputFormat, number: int = 1) -> str:
    return os.path.join(folder, result_name(stem, output.value, number))
