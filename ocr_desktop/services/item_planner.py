"""Item planning: which items a job has, and where the results of each may go."""

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence

from ocr_desktop.domain.items import FoundImage, ImageItem
from ocr_desktop.domain.naming import fold, plan_stems
from ocr_desktop.services.discovery import images_beside


def plan_items(images: Sequence[FoundImage], output_dir: str | None) -> list[ImageItem]:
    """Return one item for each image, in the same order; ids count from 0.

    Args:
        images: What to read.
        output_dir: Absolute path of the folder under which the tree of the images is mirrored, or None for
            results beside the images.
    """
    mirror = Mirror({image.root for image in images}, output_dir) if output_dir else None
    return plan_items_into(images, mirror)


def plan_items_into(images: Sequence[FoundImage], mirror: "Mirror | None") -> list[ImageItem]:
    """Return what :func:`plan_items` does, for images that may be a part of what was chosen."""
    stems = _plan_all_stems(images)
    folders: dict[str, str] = {}
    items: list[ImageItem] = []
    for number, image in enumerate(images):
        source_folder, name = os.path.split(image.path)
        folder = folders.get(source_folder)
        if folder is None:
            folder = mirror.folder_for(source_folder) if mirror else source_folder
            folders[source_folder] = folder
        items.append(ImageItem(number, image.path, folder, stems[source_folder][name], image.rotation))
    return items


def _plan_all_stems(images: Sequence[FoundImage]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return folder -> file name -> candidate stems, with images in mind that lie there but are not read."""
    names: defaultdict[str, list[str]] = defaultdict(list)
    for image in images:
        folder, name = os.path.split(image.path)
        names[folder].append(name)
    return {
        folder: plan_stems([*chosen, *_siblings(folder, chosen)], folder) for folder, chosen in names.items()
    }


def _siblings(folder: str, chosen: list[str]) -> list[str]:
    """Return the names of the images in ``folder`` that are not among the chosen ones.

    A file system that ignores case lists an image as ``Scan.JPG`` that somebody named ``scan.jpg``: that is
    the same image, not a sibling.
    """
    exact = set(chosen)
    folded = {fold(name): name for name in chosen}
    return [
        name
        for name in images_beside(folder)
        if name not in exact and not _same_file(folder, name, folded.get(fold(name)))
    ]


def _same_file(folder: str, name: str, other: str | None) -> bool:
    if other is None:
        return False
    try:
        return os.path.samefile(os.path.join(folder, name), os.path.join(folder, other))
    except OSError:
        return False


class Mirror:
    """Maps the folders of the images into the output folder, each to one of its own."""

    def __init__(self, roots: Iterable[str], output_dir: str) -> None:
        """Mirror the tree of all images that were chosen through the folders ``roots``."""
        self.output_dir = output_dir
        self._base = _common_folder(sorted(set(roots)))

    def folder_for(self, source_folder: str) -> str:
        """Return the absolute path of the folder that results of images in ``source_folder`` go to."""
        if self._base is not None:
            relative = os.path.relpath(source_folder, self._base)
        else:  # several drives: C:\\scans -> C\\scans
            drive, rest = os.path.splitdrive(source_folder)
            relative = os.path.join(drive.strip(":\\/").replace("\\", "_"), rest.strip("\\/"))
        return os.path.normpath(os.path.join(self.output_dir, relative))

    def source_for(self, output_folder: str) -> str | None:
        """Return the folder whose images have their results in that one; None if that is not sure."""
        if self._base is None:
            return None
        return os.path.normpath(os.path.join(self._base, os.path.relpath(output_folder, self.output_dir)))


def _common_folder(roots: Sequence[str]) -> str | None:
    try:
        return os.path.commonpath(roots) if roots else None
    except ValueError:  # Windows: the roots lie on different drives
        return None
