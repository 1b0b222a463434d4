"""Checked folders: the folders that a verification goes through, and the images in each.

The same folders and images that a batch finds (``services/discovery.py``), but also the folders without any
image, in which results may be left whose images are gone.
"""

import os
from collections.abc import Iterator, Sequence
from itertools import groupby

import msgspec

from ocr_desktop.domain.naming import is_result_name
from ocr_desktop.services.discovery import find_images, walk_folders


class CheckedFolder(msgspec.Struct, frozen=True):
    """One folder to check."""

    path: str
    """Absolute."""
    images: tuple[str, ...] = ()
    """Names of the images to check in it, in natural order."""
    reported: frozenset[str] = frozenset()
    """Those of the images that were checked before, being named themselves."""
    is_whole: bool = True
    """Whether the whole folder is to be checked, or only these images."""
    problem: str = ""
    """Why it cannot be listed; empty if it can."""


def checked_folders(paths: Sequence[str], *, recursive: bool) -> Iterator[CheckedFolder]:
    """Yield the folders in ``paths``, which are absolute; images that are named themselves come in theirs.

    No folder and no image comes twice.
    """
    named = frozenset(path for path in paths if not os.path.isdir(path))
    done: set[str] = set()
    for folder, group in groupby(dict.fromkeys(paths), key=lambda path: _folder_of(path, named)):
        if folder is not None:
            names = (os.path.basename(path) for path in group)
            images = tuple(name for name in names if not is_result_name(name))
            yield CheckedFolder(folder, images, is_whole=False)
            continue
        for top in group:
            for found in _walk(top, recursive=recursive):
                if found.path not in done:
                    yield _without(found, named)
                if len(paths) > 1:
                    done.add(found.path)


def roots_of(paths: Sequence[str], *, recursive: bool) -> list[str]:
    """Return the folders in and of ``paths`` through which a batch would have found images.

    A folder in which there is nothing that an earlier one has not brought already is none of them.
    """
    roots: list[str] = []
    for number, path in enumerate(paths):
        if not os.path.isdir(path):
            roots.append(os.path.dirname(path))
            continue
        earlier = paths[:number]
        found = find_images([path], recursive=recursive)
        if any(not is_within(image.path, earlier) for image in found):
            roots.append(path)
    return roots or [path for path in paths if os.path.isdir(path)]


def is_within(image: str, paths: Sequence[str]) -> bool:
    """Whether an image is one of ``paths``, or somewhere below them."""
    return any(image == path or image.startswith(os.path.join(path, "")) for path in paths)


def _folder_of(path: str, named: frozenset[str]) -> str | None:
    """Return the folder of an image that is named itself, so that those of one folder come together."""
    return os.path.dirname(path) if path in named else None


def _without(found: CheckedFolder, named: frozenset[str]) -> CheckedFolder:
    """Note which images have been checked before. They are planned with the others all the same."""
    reported = frozenset(name for name in found.images if os.path.join(found.path, name) in named)
    return msgspec.structs.replace(found, reported=reported)


def _walk(top: str, *, recursive: bool) -> Iterator[CheckedFolder]:
    for folder in walk_folders(top, recursive=recursive):
        problem = (folder.problem.strerror or str(folder.problem)) if folder.problem else ""
        yield CheckedFolder(folder.path, tuple(folder.images), problem=problem)
