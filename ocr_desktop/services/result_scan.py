"""Result scan: which images have a result of an earlier day, told quickly and without reading an image.

It goes by what a result says of its image: the name, the size and the date. That is enough to show a list of
images as far as they are; whether an image is to be read is for the skip detector to judge, by its content.
"""

import contextlib
import os
from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

import msgspec

from ocr_desktop.domain.items import FoundImage, ItemOutcome
from ocr_desktop.domain.naming import is_result_name, one_line, plan_stems, printable, result_name
from ocr_desktop.domain.options import OutputFormat
from ocr_desktop.domain.states import ItemState
from ocr_desktop.services.item_planner import Mirror
from ocr_desktop.services.result_ownership import is_elsewhere
from ocr_desktop.services.source_file import is_as_recorded
from ocr_desktop.services.text_result import read_text_proof

_LISTINGS: Final = 32
"""Folders whose listing is kept."""


class _Source(msgspec.Struct, frozen=True, rename="camel"):
    size: int
    modified: str


class _Head(msgspec.Struct, frozen=True, rename="camel"):
    """What matters here of a JSON result; the rest of the file is passed over."""

    image_path: str
    source: _Source
    confidence: float


_DECODER: Final = msgspec.json.Decoder(_Head)


class ResultScan:
    """Looks for the results of images. Keeps the names in the folders it has seen last; for one thread."""

    def __init__(self, roots: Iterable[str], output_dir: str | None) -> None:
        """Look beside the images, or in the folder under which their tree is mirrored.

        Args:
            roots: The folders that all images were chosen through.
            output_dir: Where the results go, if not beside the images.
        """
        self._output_dir = output_dir
        self._roots = frozenset(roots)
        self._mirrors: dict[str, list[Mirror]] = {}
        self._listings: OrderedDict[str, frozenset[str]] = OrderedDict()

    def look(self, image: FoundImage) -> ItemOutcome | None:
        """Return how an image was read the last time, or None if no sound result of it is found."""
        source_folder, name = os.path.split(image.path)
        for folder in self._folders(image, source_folder):
            names = self._names(folder)
            if not names:
                continue
            for stem in plan_stems([name], source_folder)[name]:
                outcome = _outcome(image, folder, stem, names)
                if outcome is not None:
                    return outcome
        return None

    def _folders(self, image: FoundImage, source_folder: str) -> list[str]:
        """Return where the results of an image may be: it was read alone, or with all the others."""
        if self._output_dir is None:
            return [source_folder]
        mirrors = self._mirrors.get(image.root)
        if mirrors is None:
            mirrors = [Mirror(roots, self._output_dir) for roots in (self._roots, {image.root}) if roots]
            self._mirrors[image.root] = mirrors
        return list(dict.fromkeys(mirror.folder_for(source_folder) for mirror in mirrors))

    def _names(self, folder: str) -> frozenset[str]:
        """Return the names of the result files in a folder."""
        names = self._listings.get(folder)
        if names is None:
            names = frozenset(_listed(folder))
            self._listings[folder] = names
            if len(self._listings) > _LISTINGS:
                self._listings.popitem(last=False)
        else:
            self._listings.move_to_end(folder)
        return names


def _listed(folder: str) -> list[str]:
    try:
        return [name for name in os.listdir(folder) if is_result_name(name)]
    except OSError:
        return []


def _outcome(image: FoundImage, folder: str, stem: str, names: frozenset[str]) -> ItemOutcome | None:
    """Return what the result files of that name say, if they are of the image as it is now."""
    found = {
        output: os.path.join(folder, name)
        for output in (OutputFormat.JSON, OutputFormat.TXT)
        if (name := result_name(stem, output.value)) in names
    }
    confidence: float | None = None
    with contextlib.suppress(OSError, ValueError, RecursionError):  # gone, or no sound result
        if OutputFormat.JSON in found:
            confidence = _told_by_json(image, folder, found[OutputFormat.JSON])
        elif OutputFormat.TXT in found:
            confidence = _told_by_text(image, folder, found[OutputFormat.TXT])
    if confidence is None:
        return None
    return ItemOutcome(
        item_id=-1, state=ItemState.COMPLETED, confidence=confidence, result_files=tuple(found.values())
    )


def _told_by_json(image: FoundImage, folder: str, path: str) -> float | None:
    """Return the confidence, or None if the result is of another image, or of other content.

    Raises:
        OSError: If image or result cannot be read.
        ValueError: If the result is damaged.
    """
    with open(path, "rb") as file:
        status, head = os.fstat(file.fileno()), _DECODER.decode(file.read())
    about = os.stat(image.path)
    if not _is_of(image, folder, one_line(head.image_path)) or about.st_size != head.source.size:
        return None
    # A copied image often gets a new date; one that is no younger than its result has not been edited since.
    is_same = is_as_recorded(about, head.source.size, head.source.modified)
    return head.confidence if is_same or about.st_mtime <= status.st_mtime else None


def _told_by_text(image: FoundImage, folder: str, path: str) -> float | None:
    proof = read_text_proof(path)
    if proof is None or not _is_of(image, folder, proof.path):
        return None
    return proof.confidence if os.stat(image.path).st_mtime <= os.stat(path).st_mtime else None


def _is_of(image: FoundImage, folder: str, named: str) -> bool:
    """Whether a result that names an image is of this one."""
    name = one_line(printable(os.path.basename(image.path)))
    return os.path.basename(named) == name and not is_elsewhere(named, image.path, folder)
