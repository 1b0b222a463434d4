"""Result reading: the result file of an image, checked against its schema."""

import os

import msgspec

from ocr_desktop.domain.errors import ItemError
from ocr_desktop.domain.naming import display_name
from ocr_desktop.domain.results import ResultDocument
from ocr_desktop.services.file_state import read_with_state

_DECODER = msgspec.json.Decoder(ResultDocument)


class DamagedResultError(ItemError):
    """A result file that is cut off, or is no result file at all."""

    kind = "result-damaged"


def read_result(path: str | os.PathLike[str]) -> ResultDocument:
    """Return the content of a result file.

    Raises:
        FileNotFoundError: If there is none.
        DamagedResultError: If it cannot be read, does not parse or does not fit the schema.
    """
    name = display_name(os.fspath(path))
    try:
        content, _ = read_with_state(os.fspath(path))
    except FileNotFoundError:
        raise
    except OSError as error:
        raise DamagedResultError(f"The result file “{name}” cannot be read ({error.strerror}).") from error
    return decode_result(content, name)


def decode_result(content: bytes, name: str) -> ResultDocument:
    """Return what the content of a result file says.

    Args:
        content: All of it.
        name: Of the file, as it may be shown.

    Raises:
        DamagedResultError: If it does not parse or does not fit the schema.
    """
    try:
        return _DECODER.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DamagedResultError(
            f"The result file “{name}” is damaged ({error}).", remedy="Read its image again."
        ) from error
