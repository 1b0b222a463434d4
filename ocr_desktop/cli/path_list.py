"""Lists of paths, as other programs write them: one a line, or with a NUL after each. Read piece by piece."""

import codecs
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from ocr_desktop.domain.errors import UsageError
from ocr_desktop.domain.naming import one_line, printable

STDIN: Final = "-"
_PIECE = 64 * 1024
_LONGEST = 64 * 1024
"""Bytes; no system has longer paths."""
_UTF_16: Final = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
"""How lists begin that are written by ``>`` in Windows PowerShell."""

Complain = Callable[[str], None]
"""Told a whole sentence about an entry that is left out."""


def read_paths(source: str, complain: Complain) -> Iterator[str]:
    """Yield the files and folders in a list that are there; the others are complained of, one by one.

    Lines end as on any system; if there is a NUL in the beginning of the list, entries are separated by NULs,
    as by ``find -print0``. Empty entries are passed over. Relative paths start from the working folder.

    Args:
        source: The file, or ``-`` for standard input.
        complain: Told what is left out.

    Raises:
        UsageError: If it cannot be read, or is no list.
    """
    name = "the list on standard input" if source == STDIN else f"“{one_line(printable(source))}”"
    try:
        with _opened(source) as stream:
            for entry in _entries(stream, name):
                problem = _problem(entry)
                if problem:
                    complain(f"“{one_line(printable(entry))}” is left out: it {problem}.")
                else:
                    yield entry
    except OSError as error:
        raise UsageError(f"{_capital(name)} cannot be read ({error.strerror or error}).") from error


@contextmanager
def _opened(source: str) -> "Iterator[IO[bytes]]":
    if source == STDIN:
        yield sys.stdin.buffer
        return
    with Path(source).open("rb") as file:
        yield file


def _entries(stream: IO[bytes], name: str) -> Iterator[str]:
    pieces = iter(lambda: stream.read(_PIECE), b"")
    first = next(pieces, b"")
    _refuse_what_is_no_list(first, name)
    encoding = _UTF_16.get(first[:2])
    if encoding is not None:
        pieces = _recoded(first[2:], pieces, encoding)
        first = next(pieces, b"")
    separator = b"\0" if b"\0" in first else b"\n"
    for entry in _split(first.removeprefix(codecs.BOM_UTF8), pieces, separator, name):
        path = os.fsdecode(entry if separator == b"\0" else entry.rstrip(b"\r"))
        if os.name == "nt":  # as “Copy as path” gives them; no name there has quotes
            path = path.strip('"')
        if path:
            yield path


def _split(first: bytes, pieces: Iterator[bytes], separator: bytes, name: str) -> Iterator[bytes]:
    rest = first
    while True:
        *whole, rest = rest.split(separator)
        yield from whole
        if len(rest) > _LONGEST:
            raise UsageError(f"{_capital(name)} is not a list of paths: one would be too long.")
        piece = next(pieces, b"")
        if not piece:
            break
        rest += piece
    yield rest


def _recoded(first: bytes, pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    yield os.fsencode(decoder.decode(first))
    for piece in pieces:
        text = decoder.decode(piece)
        if text:
            yield os.fsencode(text)


def _refuse_what_is_no_list(head: bytes, name: str) -> None:
    from ocr_desktop.services.image_formats import foreign_kind, looks_like_image  # noqa: PLC0415

    if looks_like_image(head) or foreign_kind(head):
        raise UsageError(
            f"{_capital(name)} is not a list of paths.",
            remedy="To read it, name it without “--from”.",
        )


def _problem(path: str) -> str:
    """Return why there is nothing at ``path``; empty if there is something."""
    try:
        Path(path).stat()
    except (FileNotFoundError, NotADirectoryError):
        return "is not there"
    except OSError as error:
        return f"cannot be looked at ({error.strerror or error})"
    except ValueError:
        return "is not a path"
    return ""


def _capital(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]
