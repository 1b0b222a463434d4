"""Discovery: which images are in the folders and files that somebody chose.

Streams: the first images are there before the last folder is read. Natural order (2 before 10), the files of
a folder before its subfolders. Nothing is opened except files without an extension, whose first bytes tell.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from ocr_desktop.domain.items import FoundImage
from ocr_desktop.domain.naming import is_result_name, split_extension
from ocr_desktop.services.image_formats import looks_like_image, peek
from ocr_desktop.services.natural_order import natural_key

IMAGE_EXTENSIONS = frozenset(
    {
        ".apng",
        ".avif",
        ".bmp",
        ".dib",
        ".gif",
        ".heic",
        ".heif",
        ".hif",
        ".icb",
        ".ico",
        ".j2c",
        ".j2k",
        ".jfif",
        ".jp2",
        ".jpc",
        ".jpe",
        ".jpeg",
        ".jpf",
        ".jpg",
        ".jpx",
        ".pbm",
        ".pcx",
        ".pgm",
        ".png",
        ".pnm",
        ".ppm",
        ".psd",
        ".ras",
        ".sgi",
        ".tga",
        ".tif",
        ".tiff",
        ".vda",
        ".vst",
        ".webp",
    }
)

ProblemListener = Callable[[str, OSError], None]
"""Told about a folder that cannot be listed: its path and why."""


def find_images(
    paths: Iterable[str | os.PathLike[str]],
    *,
    recursive: bool,
    on_problem: ProblemListener | None = None,
) -> Iterator[FoundImage]:
    """Yield the images in ``paths``: folders are searched, files are taken as they are.

    No image comes twice. Hidden files and folders are left out unless they are named themselves. A folder
    that cannot be listed is reported to ``on_problem`` and passed over.
    """
    seen = _Seen(enabled=not (isinstance(paths, Sequence) and len(paths) == 1))
    for path in paths:
        absolute = os.path.abspath(path)
        if os.path.isdir(absolute):
            root = absolute
            found = _images_below(absolute, recursive=recursive, on_problem=on_problem or _ignore)
        else:
            root = os.path.dirname(absolute)
            # A shell's pattern such as scans/* also names our own results; they are no images.
            found = iter(() if is_result_name(os.path.basename(absolute)) else (absolute,))
        for image in found:
            if seen.is_new(image):
                yield FoundImage(path=image, root=root)


class FoundFolder(NamedTuple):
    """A folder that was looked into."""

    path: str
    images: Sequence[str] = ()
    """Names, in natural order."""
    problem: OSError | None = None
    """Why it cannot be listed."""


def walk_folders(top: str, *, recursive: bool) -> Iterator[FoundFolder]:
    """Yield a folder and, if ``recursive``, all below it, each once; also those without images.

    In natural order, a folder before its subfolders. Hidden folders are left out.
    """
    waiting = [top]
    visited: set[tuple[int, int]] = set()
    while waiting:
        folder = waiting.pop()
        try:
            if not _first_visit(folder, visited):
                continue
            images, subfolders = _list_folder(folder)
        except OSError as error:
            yield FoundFolder(folder, problem=error)
            continue
        yield FoundFolder(folder, _in_order(images))
        if recursive:
            waiting.extend(os.path.join(folder, name) for name in reversed(_in_order(subfolders)))


def images_beside(folder: str) -> list[str]:
    """Return the names of the images in ``folder``, in no order; empty if it cannot be listed."""
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in entries if _is_image(entry)]
    except OSError:
        return []


class _Seen:
    """Remembers paths, but only where the same image could come up twice."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        self._paths: set[str] = set()

    def is_new(self, path: str) -> bool:
        if not self._enabled:
            return True
        key = os.path.normcase(path)
        if key in self._paths:
            return False
        self._paths.add(key)
        return True


def _images_below(top: str, *, recursive: bool, on_problem: ProblemListener) -> Iterator[str]:
    for folder in walk_folders(top, recursive=recursive):
        if folder.problem is not None:
            on_problem(folder.path, folder.problem)
        for name in folder.images:
            yield os.path.join(folder.path, name)


def _in_order(names: list[str]) -> list[str]:
    """Sort naturally; names of equal rank (``1``, ``01``) always come in the same order too."""
    return sorted(sorted(names), key=natural_key)


def _first_visit(folder: str, visited: set[tuple[int, int]]) -> bool:
    """Whether the folder is met for the first time; links can lead round in circles."""
    status = os.stat(folder)
    identity = (status.st_dev, status.st_ino)
    if identity in visited and status.st_ino:
        return False
    visited.add(identity)
    return True


def _list_folder(folder: str) -> tuple[list[str], list[str]]:
    images: list[str] = []
    subfolders: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if _is_folder(entry):
                subfolders.append(entry.name)
            elif _is_image(entry):
                images.append(entry.name)
    return images, subfolders


def _is_image(entry: os.DirEntry[str]) -> bool:
    extension = split_extension(entry.name)[1].lower()
    if extension:
        return extension in IMAGE_EXTENSIONS and not _is_folder(entry)
    return _looks_like_image(entry)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads back to itself, or to where we may not look
        return False


def _looks_like_image(entry: os.DirEntry[str]) -> bool:
    try:
        if not entry.is_file():
            return False
        with open(entry.path, "rb") as file:
            head = peek(file)
    except OSError:
        return False
    return looks_like_image(head)


def _ignore(_path: str, _error: OSError) -> None:
    pass
