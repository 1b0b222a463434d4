"""Receipt files: writing them, whole or not at all, and reading them line by line."""

import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

import msgspec

from ocr_desktop.domain.errors import BugError, KnownError, OutputNotWritableError, UsageError
from ocr_desktop.domain.naming import display_name, one_line, printable
from ocr_desktop.domain.receipts import (
    RECEIPT_SCHEMA_ID,
    ReceiptFile,
    ReceiptFooter,
    ReceiptHeader,
    ReceiptItem,
    ReceiptTally,
    exact_path,
)
from ocr_desktop.services.atomic_files import publish, remove_quietly, temporary_path, write_temporary
from ocr_desktop.services.folders import private_opener

_BEGIN: Final = b'{"schema":"urn:ocr-desktop:schema:receipt:'
_EXTENSION: Final = ".jsonl"
_LONGEST_LINE: Final = 16_000_000
"""Bytes; no line of ours is nearly as long."""

_Line = TypeVar("_Line", ReceiptHeader, ReceiptItem, ReceiptFooter)


class DamagedReceiptError(KnownError):
    """A receipt that is cut off, was changed, or is none at all."""


def write_receipt(path: str, header: ReceiptHeader, items: Iterable[ReceiptItem]) -> None:
    """Write a receipt, for this user only; what is at ``path`` is replaced once the new one is whole.

    Raises:
        BugError: If an item is not in a final state.
        OSError: Whatever the disk answers; then the file is as it was.
    """
    temporary = temporary_of(path)
    remove_quietly([temporary])  # of a program that was killed at it
    try:
        with open(temporary, "xb", opener=private_opener) as file:
            file.writelines(_lines(header, items))
            file.flush()
            os.fsync(file.fileno())
        publish(temporary, path)
    finally:
        remove_quietly([temporary])


def temporary_of(path: str) -> str:
    """Return the temporary file that a program leaves that is killed while it writes a receipt."""
    folder, name = os.path.split(path)
    return temporary_path(folder, os.path.splitext(name)[0], "jsonl")


def copy_receipt(source: str, target: str) -> None:
    """Copy a receipt to where the user wants it; replaces nothing but another receipt.

    Raises:
        UsageError: If there is some other file.
        OutputNotWritableError: If it cannot be written.
    """
    shown = one_line(printable(target))
    if os.path.lexists(target) and not is_receipt(target):
        raise UsageError(
            f"“{shown}” is there already and is no receipt.", remedy="Choose another name for the receipt."
        )
    folder = os.path.dirname(os.path.abspath(target))
    temporary = temporary_path(folder, secrets.token_hex(8), "jsonl")
    try:
        write_temporary(temporary, b"")
        with open(temporary, "ab") as file:
            file.writelines(read_lines(source))
            file.flush()
            os.fsync(file.fileno())
        publish(temporary, target)
    except OSError as error:
        raise OutputNotWritableError(
            f"The receipt could not be written to “{shown}” ({error.strerror or error}).",
            remedy="Choose another folder, or change its permissions.",
        ) from error
    finally:
        remove_quietly([temporary])


def is_receipt(path: str) -> bool:
    """Whether a file is a receipt, by its name or by how it begins; never waits for a pipe."""
    if not os.path.isfile(path):
        return False
    if path.lower().endswith(_EXTENSION):
        return True
    with contextlib.suppress(OSError), open(path, "rb") as file:
        return file.read(len(_BEGIN)) == _BEGIN
    return False


def ensure_whole(path: str) -> ReceiptHeader:
    """Check that a receipt is as it was written, and return its header. Reads it through once.

    Raises:
        DamagedReceiptError: If it is not.
        OSError: If it cannot be read.
    """
    name = display_name(path)
    digest = hashlib.sha256()
    tally = ReceiptTally()
    lines = read_lines(path)
    first = next(lines, b"")
    header = _decode(first, ReceiptHeader, name, 1)
    _ensure_known(header, name)
    digest.update(first)
    number, last_id, waiting = 1, -1, b""
    for line in lines:
        if waiting:
            item = _decode_item(waiting, name, number)
            _ensure_in_order(item, last_id, name, number)
            tally.add(item)
            digest.update(waiting)
            last_id = item.id
        waiting, number = line, number + 1
    _ensure_sealed(_decode(waiting, ReceiptFooter, name, number), tally, digest.hexdigest(), name)
    if tally.stats.total != header.images:
        raise _damaged(name, f"it has {tally.stats.total} images, but the job had {header.images}")
    return header


def read_items(path: str) -> Iterator[ReceiptItem]:
    """Yield the lines for images of a receipt that is whole.

    Raises:
        DamagedReceiptError: If it has been changed since it was found whole.
        OSError: If it cannot be read.
    """
    lines = read_lines(path)
    next(lines, b"")
    number, waiting = 1, b""
    for line in lines:
        if waiting:
            yield _decode_item(waiting, display_name(path), number)
        waiting, number = line, number + 1


def read_lines(path: str) -> Iterator[bytes]:
    """Yield the lines of a receipt as they are, with their ends.

    Raises:
        OSError: If it cannot be read.
    """
    with open(path, "rb") as file:
        while line := file.readline(_LONGEST_LINE):
            yield line


def _lines(header: ReceiptHeader, items: Iterable[ReceiptItem]) -> Iterator[bytes]:
    digest = hashlib.sha256()
    tally = ReceiptTally()
    first = msgspec.json.encode(header) + b"\n"
    digest.update(first)
    yield first
    for item in items:
        tally.add(item)
        line = msgspec.json.encode(item) + b"\n"
        digest.update(line)
        yield line
    if tally.stats.total != header.images:
        raise BugError(f"{tally.stats.total} images of {header.images} have come to a receipt.")
    footer = ReceiptFooter(stats=tally.stats, sha256=digest.hexdigest())
    yield msgspec.json.encode(footer) + b"\n"


def _decode(line: bytes, kind: type[_Line], name: str, number: int) -> _Line:
    if not line.endswith(b"\n"):
        raise _damaged(name, f"line {number} is cut off")
    try:
        return msgspec.json.decode(line, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _damaged(name, f"line {number}: {one_line(str(error))}") from error


def _decode_item(line: bytes, name: str, number: int) -> ReceiptItem:
    item = _decode(line, ReceiptItem, name, number)
    places: tuple[ReceiptItem | ReceiptFile, ...] = (item, *item.results)
    if not all(_names_file(place) for place in places):
        raise _damaged(name, f"line {number} names no file")
    return item


def _names_file(line: ReceiptItem | ReceiptFile) -> bool:
    try:
        return "\0" not in exact_path(line)
    except UnicodeDecodeError:
        return False


def _ensure_known(header: ReceiptHeader, name: str) -> None:
    if header.schema != RECEIPT_SCHEMA_ID:
        raise _damaged(name, f"it is of a kind that this version does not know: {one_line(header.schema)}")
    if not header.status.is_final:
        raise _damaged(name, f"a job that is {header.status.value} has no receipt yet")


def _ensure_in_order(item: ReceiptItem, last_id: int, name: str, number: int) -> None:
    if item.id <= last_id:
        raise _damaged(name, f"line {number} is not where it belongs")
    if not item.status.is_final:
        raise _damaged(name, f"line {number}: an image that is {item.status.value} has not ended")


def _ensure_sealed(footer: ReceiptFooter, tally: ReceiptTally, digest: str, name: str) -> None:
    if not footer.stats.adds_up or footer.stats != tally.stats:
        raise _damaged(name, "its numbers do not add up to its lines")
    if footer.sha256 != digest:
        raise _damaged(name, "a line was changed since it was written")


def _damaged(name: str, why: str) -> DamagedReceiptError:
    return DamagedReceiptError(
        f"The receipt “{name}” is damaged or was changed ({why}).",
        remedy="What it says cannot be relied on.",
    )
