"""Pictures off the clipboard: kept as files of the user, so that they can be read like any other.

They are kept until the user deletes them: their results lie beside them.
"""

import itertools
import uuid
from datetime import datetime
from pathlib import Path

from ocr_desktop.domain.errors import OutputNotWritableError
from ocr_desktop.services.atomic_files import publish_new, remove_quietly, temporary_path, write_temporary
from ocr_desktop.services.folders import ensure_private


def keep_pasted(folder: Path, png: bytes, *, now: datetime) -> Path:
    """Write a picture into ``folder``, whole or not at all, and return its path.

    It is named by date, and never takes the place of another. May be called from any thread.

    Raises:
        OutputNotWritableError: If it cannot be written.
    """
    ensure_private(folder)
    temporary = temporary_path(str(folder), uuid.uuid4().hex, "png")
    try:
        write_temporary(temporary, png, private=True)
        return _publish(temporary, folder, now)
    except OSError as error:
        remove_quietly([temporary])
        raise OutputNotWritableError(
            f"The picture could not be saved in “{folder}” ({error.strerror or error}).",
            remedy="Make room there, or make the folder writable, and paste it again.",
        ) from error


def _publish(temporary: str, folder: Path, now: datetime) -> Path:
    for number in itertools.count(1):
        name = f"Pasted {now:%Y-%m-%d %H.%M.%S}" + (f" ({number})" if number > 1 else "")
        target = folder / f"{name}.png"
        try:
            publish_new(temporary, str(target))
        except FileExistsError:
            continue
        return target
    raise AssertionError  # numbers do not end
