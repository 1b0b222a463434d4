"""Corrections: what a person has made of a text, kept in the result file beside the engine's own text.

The JSON takes its new form first, and then the TXT beside it, which holds the text that counts. If the
program dies in between, the correction is safe in the JSON; a verification says what is wrong with the TXT,
and the next save mends it.
"""

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

import msgspec

from ocr_desktop.domain.errors import ItemError, ResultLockedError
from ocr_desktop.domain.naming import display_name, printable
from ocr_desktop.domain.options import OutputFormat
from ocr_desktop.domain.results import SCHEMA_ID, Correction, ResultDocument, text_hash
from ocr_desktop.services.atomic_files import publish, remove_quietly, temporary_path, write_temporary
from ocr_desktop.services.file_state import read_with_state, state_of
from ocr_desktop.services.result_encoding import encode_result, result_hash
from ocr_desktop.services.result_reader import decode_result
from ocr_desktop.services.retry_policy import call_through_locks
from ocr_desktop.services.text_result import read_text_proof
from ocr_desktop.services.write_errors import WriteAim, explain_write_error

_TRIES: Final = 5
"""How often to begin anew where another program writes the same result at this very moment."""
_AGAIN: Final = "save the correction again"

_Change = Callable[[ResultDocument], ResultDocument]


class NotCorrectableError(ItemError):
    """A result that cannot hold a correction."""

    kind = "not-correctable"


class Corrected(msgspec.Struct, frozen=True, kw_only=True):
    """A result as it is after a correction was saved or removed."""

    document: ResultDocument
    files: tuple[str, ...]
    """Absolute paths of its files, the JSON first."""
    hashes: tuple[str, ...]
    """Of each of these files, in hexadecimal, as lists of jobs and receipts keep them (``result_hash``)."""


class _Place(msgspec.Struct, frozen=True):
    """Where the files of one result are."""

    json: str
    txt: str
    """Empty where no TXT is to be written."""

    @property
    def paths(self) -> dict[OutputFormat, str]:
        """The files, in the order in which they are written."""
        both = {OutputFormat.JSON: self.json, OutputFormat.TXT: self.txt}
        return {output: path for output, path in both.items() if path}


def save_correction(result_files: Sequence[str], text: str) -> Corrected:
    """Keep ``text`` as the corrected text of a result. Blocks; may be called from any thread.

    A text that is the engine's own takes back the correction. Where nothing is to be changed no file is
    written.

    Args:
        result_files: Absolute paths of the files of one result, in any order.
        text: The whole text.

    Raises:
        NotCorrectableError: If there is no JSON result that could hold it.
        DamagedResultError: If the JSON result is damaged.
        ResultLockedError: If another program kept a file locked through all attempts.
        ResultWriteError: If it cannot be written for another reason: a full disk, a read-only folder.
    """
    shown = printable(text)
    return _change(result_files, lambda document: _with_text(document, shown))


def remove_correction(result_files: Sequence[str]) -> Corrected:
    """Take back the correction of a result, if there is one. Blocks; may be called from any thread.

    The files are as the engine's reading left them then. Raises what :func:`save_correction` raises.
    """
    return _change(result_files, lambda document: msgspec.structs.replace(document, correction=None))


def _with_text(document: ResultDocument, text: str) -> ResultDocument:
    if text == document.text:
        return msgspec.structs.replace(document, correction=None)
    if document.correction is not None and document.correction.text == text:
        return document
    correction = Correction(
        text=text,
        saved_at=datetime.now(UTC).isoformat(timespec="seconds"),
        based_on=text_hash(document.text),
    )
    return msgspec.structs.replace(document, correction=correction)


def _change(result_files: Sequence[str], change: _Change) -> Corrected:
    place = _locate(result_files)
    token = f"correction-{secrets.token_hex(8)}"
    for _ in range(_TRIES):
        state = state_of(place.json)
        document = _read(place)
        changed = change(document)
        contents = {output: encode_result(changed, output) for output in _wanted(place, document)}
        with _temporaries(place, contents, token) as temporaries:
            if state_of(place.json) == state:
                _publish(place, temporaries)
                return Corrected(
                    document=changed,
                    files=tuple(place.paths[output] for output in contents),
                    hashes=tuple(
                        result_hash(changed, output, content) for output, content in contents.items()
                    ),
                )
    raise ResultLockedError(
        f"“{display_name(place.json)}” is being written by another program all the time.",
        remedy="Save the correction again once the other program is done.",
    )


def _locate(result_files: Sequence[str]) -> _Place:
    json = next((path for path in result_files if path.endswith(".json")), None)
    if json is None:
        names = ", ".join(f"“{display_name(path)}”" for path in result_files)
        raise NotCorrectableError(
            f"The correction cannot be saved: {names or 'this image'} has no JSON result to keep it in.",
            remedy="Read the image again with JSON among the result files (--format json,txt).",
        )
    txt = f"{json.removesuffix('.json')}.txt"
    return _Place(json, txt if txt in result_files or os.path.lexists(txt) else "")


def _read(place: _Place) -> ResultDocument:
    name = display_name(place.json)
    try:
        content, _ = call_through_locks(lambda: read_with_state(place.json))
    except FileNotFoundError as error:
        raise NotCorrectableError(
            f"The correction cannot be saved: the result file “{name}” is not there any more.",
            remedy="Read the image again, then correct its text.",
        ) from error
    except OSError as error:
        raise explain_write_error(_aim(place.json), error) from error
    document = decode_result(content, name)
    if document.schema != SCHEMA_ID:
        raise NotCorrectableError(
            f"The result file “{name}” was made by a newer version of this program.",
            remedy="Update this program, then correct the text.",
        )
    return document


def _wanted(place: _Place, document: ResultDocument) -> tuple[OutputFormat, ...]:
    """Return what to write; a TXT that some other image owns is left alone."""
    if not place.txt:
        return (OutputFormat.JSON,)
    try:
        proof = read_text_proof(place.txt)
    except FileNotFoundError:
        proof = None
    is_foreign = proof is not None and proof.sha256 != document.source.sha256
    return (OutputFormat.JSON,) if is_foreign else (OutputFormat.JSON, OutputFormat.TXT)


@contextmanager
def _temporaries(
    place: _Place, contents: dict[OutputFormat, bytes], token: str
) -> Iterator[dict[OutputFormat, str]]:
    """Write temporary files for those contents that are not there yet; remove afterwards what is left."""
    folder = os.path.dirname(place.json)
    paths = {output: temporary_path(folder, token, output.value) for output in contents}
    written: dict[OutputFormat, str] = {}
    try:
        for output, content in contents.items():
            if not _holds(place.paths[output], content):
                _explaining(place.json, lambda: write_temporary(paths[output], content))  # noqa: B023 - called at once
                written[output] = paths[output]
        yield written
    finally:
        remove_quietly(paths.values())


def _publish(place: _Place, temporaries: dict[OutputFormat, str]) -> None:
    is_saved = False
    for output, temporary in temporaries.items():
        path = place.paths[output]
        try:
            _explaining(path, lambda: publish(temporary, path))  # noqa: B023 - called at once
        except ItemError as error:
            if not is_saved:
                raise
            message = f"The correction is saved, but the text file does not hold it yet. {error.message}"
            raise type(error)(message, remedy=error.remedy) from error
        is_saved = True


def _holds(path: str, content: bytes) -> bool:
    try:
        return read_with_state(path)[0] == content
    except OSError:
        return False


def _explaining(path: str, action: Callable[[], None]) -> None:
    """Do something to a file, through locks.

    Raises:
        ResultWriteError: What went wrong, in words.
    """
    try:
        call_through_locks(action)
    except OSError as error:
        raise explain_write_error(_aim(path), error) from error


def _aim(path: str) -> WriteAim:
    folder, name = os.path.split(path)
    return WriteAim(folder=folder, name=name, root=folder, go_on=_AGAIN, try_again=_AGAIN)
