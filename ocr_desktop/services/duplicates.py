"""Duplicates: images of the same content. They are read all the same; the user may not want that.

Sizes are compared first, then the first 64 KB, and only where these agree the whole files.
"""

import hashlib
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import msgspec

from ocr_desktop.domain.naming import display_name, one_line, printable
from ocr_desktop.services.image_survey import ImageFacts

_HEAD: Final = 65_536
"""Bytes that are compared before a whole file is read."""
_BLOCK: Final = 1 << 20
_MOST_READS: Final = 20_000
"""Files that are opened at most: on a slow drive each costs more than its bytes."""
_MOST_NAMED: Final = 3


class Copies(msgspec.Struct, frozen=True):
    """What the search found."""

    originals: dict[str, str]
    """Path of each copy -> path of the first image of that content; in the order of the images."""
    is_complete: bool
    """False if the search was broken off; then there may be more."""


def find_copies(images: Sequence[ImageFacts], *, is_late: Callable[[], bool]) -> Copies:
    """Return which images have the content of an earlier one.

    Placeholders of a cloud are left out, since reading them would download them. Files that cannot be read
    are passed over.

    Args:
        images: In the order of the job.
        is_late: Asked before every read whether to stop.
    """
    reader = _Reader(is_late)
    found: dict[str, str] = {}
    for group in _same_size(images):
        for alike in _split(group, reader.head):
            is_whole = alike[0].size <= _HEAD
            for first, *others in [alike] if is_whole else _split(alike, reader.whole):
                found.update({copy.path: first.path for copy in others})
        if reader.has_stopped:
            break
    in_order = {image.path: found[image.path] for image in images if image.path in found}
    return Copies(in_order, is_complete=not reader.has_stopped)


def copies_notice(copies: Copies) -> str:
    """Return what to tell the user about copies; empty if there are none."""
    count = len(copies.originals)
    if not count:
        return ""
    pairs = list(copies.originals.items())[:_MOST_NAMED]
    named = ", ".join(_pair(copy, original) for copy, original in pairs)
    if count == 1:
        return f"1 image is a copy of another: {named}. Each gets a result of its own."
    more = ", ..." if count > _MOST_NAMED else ""
    return f"{count:,} images are copies of others: {named}{more}. Each gets a result of its own."


def _same_size(images: Iterable[ImageFacts]) -> list[list[ImageFacts]]:
    """Return the groups of equal size, small groups first: in these, copies are likeliest."""
    by_size: defaultdict[int, list[ImageFacts]] = defaultdict(list)
    for image in images:
        if image.size and not image.is_placeholder:
            by_size[image.size].append(image)
    return sorted((group for group in by_size.values() if len(group) > 1), key=len)


def _split(group: Iterable[ImageFacts], digest: Callable[[str], bytes | None]) -> list[list[ImageFacts]]:
    """Split a group by digest; return the parts that have more than one member."""
    parts: defaultdict[bytes, list[ImageFacts]] = defaultdict(list)
    for image in group:
        key = digest(image.path)
        if key is not None:
            parts[key].append(image)
    return [part for part in parts.values() if len(part) > 1]


class _Reader:
    """Hashes files until it is late."""

    def __init__(self, is_late: Callable[[], bool]) -> None:
        self._is_late = is_late
        self._reads = 0
        self.has_stopped = False

    def head(self, path: str) -> bytes | None:
        """Return the hash of the beginning, or None if it cannot be read or it is late."""
        return self._hash(path, _HEAD)

    def whole(self, path: str) -> bytes | None:
        """Return the hash of the file, or None if it cannot be read or it is late."""
        return self._hash(path, None)

    def _hash(self, path: str, limit: int | None) -> bytes | None:
        self._reads += 1
        if self._reads > _MOST_READS:
            self.has_stopped = True
        digest = hashlib.sha256()
        try:
            with open(path, "rb", buffering=0) as file:
                while not self._must_stop():
                    block = file.read(limit or _BLOCK)
                    digest.update(block)
                    if not block or limit:
                        return digest.digest()
        except OSError:
            return None
        return None

    def _must_stop(self) -> bool:
        self.has_stopped = self.has_stopped or self._is_late()
        return self.has_stopped


def _pair(copy: str, original: str) -> str:
    if os.path.dirname(copy) == os.path.dirname(original):
        return f"“{display_name(copy)}” = “{display_name(original)}”"
    return f"“{_with_folder(copy)}” = “{_with_folder(original)}”"


def _with_folder(path: str) -> str:
    """Return the name with that of its folder, for images of several folders."""
    folder, name = os.path.split(path)
    return one_line(printable(os.path.join(os.path.basename(folder), name)))
