"""Image survey: what the file system tells about images without opening them, one look at each."""

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

import msgspec

from ocr_desktop.services.cloud_placeholders import is_placeholder

LISTING_TELLS = os.name == "nt"
"""Whether listing a folder already tells the status of its files, so that asking for each is a waste."""


class ImageFacts(msgspec.Struct, frozen=True, gc=False):
    """What is known of one image file."""

    path: str
    size: int
    """Bytes."""
    is_placeholder: bool
    """Whether opening it would download it."""


class Survey(msgspec.Struct, frozen=True):
    """What was found; images that are gone or are no regular files are not in it."""

    images: tuple[ImageFacts, ...]
    """In the order of the paths."""
    is_complete: bool
    """False if there was no time for all of them."""


def survey_images(
    paths: Sequence[str], *, is_late: Callable[[], bool], by_listing: bool = LISTING_TELLS
) -> Survey:
    """Look at each image once.

    Args:
        paths: Absolute paths; those of one folder next to each other.
        is_late: Asked between two images whether to stop.
        by_listing: Whether to list their folders instead of asking for each file.
    """
    images: list[ImageFacts] = []
    for path, status in _statuses(paths, by_listing=by_listing):
        if is_late():
            return Survey(tuple(images), is_complete=False)
        if status is not None and stat.S_ISREG(status.st_mode):
            images.append(ImageFacts(path, status.st_size, is_placeholder(status)))
    return Survey(tuple(images), is_complete=True)


def _statuses(paths: Iterable[str], *, by_listing: bool) -> Iterator[tuple[str, os.stat_result | None]]:
    if not by_listing:
        for path in paths:
            yield path, _status(path)
        return
    for folder, group in groupby(paths, os.path.dirname):
        known = _list(folder)
        for path in group:
            entry = known.get(os.path.basename(path))
            yield path, _status(path) if entry is None else _entry_status(entry)


def _status(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)
    except OSError:
        return None


def _entry_status(entry: os.DirEntry[str]) -> os.stat_result | None:
    try:
        return entry.stat()
    except OSError:
        return None


def _list(folder: str) -> dict[str, os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return {entry.name: entry for entry in entries}
    except OSError:
        return {}
