"""Verifier: checks folders of images against their result files, and receipts against both.

Streams: one folder after the other, and at most the names in one folder in memory. Changes nothing.
"""

import os
from collections.abc import Iterator, Sequence
from functools import cached_property

import msgspec

from ocr_desktop.domain.items import FoundImage, ImageItem
from ocr_desktop.domain.naming import display_name, fold, is_result_name
from ocr_desktop.domain.verification import Finding, FindingKind
from ocr_desktop.services.atomic_files import TEMPORARY_PREFIX, TEMPORARY_SUFFIX
from ocr_desktop.services.checked_folders import CheckedFolder, checked_folders, is_within, roots_of
from ocr_desktop.services.item_planner import Mirror, plan_items_into
from ocr_desktop.services.receipt_check import check_receipt
from ocr_desktop.services.receipt_files import is_receipt
from ocr_desktop.services.result_check import ImageCheck, ResultFiles, ResultListing, inspect
from ocr_desktop.services.result_ownership import known_stems


def verify(
    paths: Sequence[str], *, recursive: bool = True, output_dir: str | None = None
) -> Iterator[Finding]:
    """Yield a finding for every image in ``paths``, and for what lies about and belongs to none.

    May be run on any thread; ends when the iterator is closed.

    Args:
        paths: Folders, images and receipts. In folders, orphaned results and leftovers are found as well.
        recursive: Whether to look into subfolders.
        output_dir: The folder that the results were written under, if not beside the images.
    """
    absolute = [os.path.abspath(path) for path in paths]
    receipts = [path for path in absolute if is_receipt(path)]
    chosen = [path for path in absolute if path not in receipts]
    for receipt in receipts:
        yield from check_receipt(receipt)
    if not chosen:
        return
    mirror = None
    if output_dir is not None:
        mirror = Mirror(roots_of(chosen, recursive=recursive), os.path.abspath(output_dir))
    for folder in checked_folders(chosen, recursive=recursive):
        yield from _check_folder(folder, mirror)
    if mirror is not None and recursive:
        yield from _results_of_lost_folders(mirror, [path for path in chosen if os.path.isdir(path)])


class _Names(msgspec.Struct, frozen=True):
    """What is in one folder."""

    folder: str
    names: tuple[str, ...]
    problem: str = ""


def _check_folder(folder: CheckedFolder, mirror: Mirror | None) -> Iterator[Finding]:
    if folder.problem:
        yield _unreadable(folder.path, folder.problem)
        return
    results_in = mirror.folder_for(folder.path) if mirror else folder.path
    here = _list_names(folder.path)
    there = here if results_in == folder.path else _list_names(results_in)
    for listed in dict.fromkeys((here, there)):
        if listed.problem:
            yield _unreadable(listed.folder, listed.problem)
    listing = ResultListing(results_in, there.names)
    check = ImageCheck(listing)
    strays = _Strays(here, listing, check, mirror)
    images = [FoundImage(os.path.join(folder.path, name), folder.path) for name in folder.images]
    for item in plan_items_into(images, mirror):
        strays.know(item)
        finding = check.check(item)
        if item.name not in folder.reported:
            yield finding
    if folder.is_whole:
        yield from strays.findings()
        for listed in dict.fromkeys((here, there)):
            yield from _leftovers(listed)


class _Strays:
    """Looks at the results in one folder that belong to none of the images that were found."""

    def __init__(
        self,
        here: _Names,
        listing: ResultListing,
        check: ImageCheck,
        mirror: Mirror | None,
    ) -> None:
        self._here = here
        self._listing = listing
        self._check = check
        self._mirror = mirror
        self._images: set[str] = set()
        self._stems: set[str] = set()

    def know(self, item: ImageItem) -> None:
        """Take note of an image that is checked."""
        self._images.add(item.name)
        self._stems.update(fold(stem) for stem in known_stems(item))

    def findings(self) -> Iterator[Finding]:
        for files in self._check.unclaimed():
            # An image further up may have turned out to own it.
            if self._check.is_claimed(files):
                continue
            seen = inspect(self._listing.folder, files)
            if seen is None:
                continue
            if seen.proof is None:
                yield self._of_nobody(files, seen.problem)
            else:
                yield from self._of_image(files, seen.proof.path)

    def _of_nobody(self, files: ResultFiles, problem: str) -> Finding:
        path = os.path.join(self._listing.folder, files.first_name)
        if fold(files.stem) in self._stems:
            return Finding(FindingKind.DAMAGED, path, problem)
        return Finding(FindingKind.ORPHANED, path, f"There is no image that it belongs to. {problem}")

    def _of_image(self, files: ResultFiles, image: str) -> Iterator[Finding]:
        """Say where the image is that a result names: here under some name, elsewhere, or nowhere."""
        path = os.path.join(self._listing.folder, files.first_name)
        passed_over = self._passed_over.pop(os.path.basename(image), None)
        if passed_over is not None:
            source = FoundImage(os.path.join(self._here.folder, passed_over), self._here.folder)
            yield self._check.check(plan_items_into([source], self._mirror)[0])
            if self._check.is_claimed(files):
                return
        is_elsewhere = os.path.exists(image) and os.path.dirname(image) != self._here.folder
        if is_elsewhere and self._mirror is not None:
            return  # several batches may share an output folder
        if is_elsewhere:
            where = (
                f"Its image “{display_name(image)}” is not in this folder but in "
                f"“{os.path.dirname(image)}”; name the output folder if there was one (--output-dir)."
            )
            yield Finding(FindingKind.ORPHANED, path, where)
        else:
            yield _lost(path, image)

    @cached_property
    def _passed_over(self) -> dict[str, str]:
        """Name as a result would write it -> name, of files that may be images without looking like any.

        Such as hidden ones; somebody named them to a batch.
        """
        others = (name for name in self._here.names if name not in self._images and not is_result_name(name))
        return {
            display_name(name): name
            for name in others
            if os.path.isfile(os.path.join(self._here.folder, name))
        }


def _results_of_lost_folders(mirror: Mirror, chosen: Sequence[str]) -> Iterator[Finding]:
    """Yield the results in the output folder whose images were in folders that are not there any more."""
    for folder, _subfolders, names in os.walk(mirror.output_dir):
        source = mirror.source_for(folder)
        if source is None or os.path.isdir(source):
            continue
        for files in ResultListing(folder, names):
            seen = inspect(folder, files)
            image = seen.proof.path if seen and seen.proof else ""
            # Several batches may share an output folder: only what these folders have lost is reported.
            if is_within(image, chosen) and not os.path.isdir(os.path.dirname(image)):
                yield _lost(os.path.join(folder, files.first_name), image)


def _lost(path: str, image: str) -> Finding:
    sentence = f"The image “{display_name(image)}” that it was made of is not there."
    return Finding(FindingKind.ORPHANED, path, sentence)


def _list_names(folder: str) -> _Names:
    try:
        return _Names(folder, tuple(os.listdir(folder)))
    except (FileNotFoundError, NotADirectoryError):  # an output folder into which nothing was written
        return _Names(folder, ())
    except OSError as error:
        return _Names(folder, (), error.strerror or str(error))


def _leftovers(listed: _Names) -> Iterator[Finding]:
    for name in sorted(listed.names):
        if name.startswith(TEMPORARY_PREFIX) and name.endswith(TEMPORARY_SUFFIX):
            yield Finding(
                FindingKind.LEFTOVER,
                os.path.join(listed.folder, name),
                "It is a temporary file that was left behind; delete it if no job is running.",
            )


def _unreadable(folder: str, problem: str) -> Finding:
    return Finding(FindingKind.UNREADABLE, folder, f"The folder cannot be read ({problem}).")
