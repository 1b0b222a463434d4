"""Finding stored results: those of images, of result files, and in folders, in natural order.

Streams: at most the names in one folder are in memory. Where an image was read more than once and all results
were kept, the latest one counts.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, groupby

from ocr_desktop.domain.errors import ItemError
from ocr_desktop.domain.items import FoundImage, ImageItem
from ocr_desktop.domain.naming import display_name, is_result_name, one_line, printable
from ocr_desktop.domain.results import ResultDocument
from ocr_desktop.services.exporters.export import ExportSource
from ocr_desktop.services.exporters.export_names import is_export_name
from ocr_desktop.services.item_planner import plan_items
from ocr_desktop.services.natural_order import natural_key
from ocr_desktop.services.result_check import ResultFiles, ResultListing
from ocr_desktop.services.result_ownership import known_stems
from ocr_desktop.services.result_reader import read_result

ProblemListener = Callable[[str, str], None]
"""Told about a path for which there is no result: the path, and a whole sentence."""


def find_results(
    paths: Sequence[str], *, recursive: bool, on_problem: ProblemListener
) -> Iterator[ExportSource]:
    """Yield the results of ``paths``: images, result files and folders. No result comes twice.

    Args:
        paths: The files of a folder come before its subfolders, as in a batch.
        recursive: Whether to look into subfolders.
        on_problem: Told about what has no result, or cannot be looked into.
    """
    seen: set[str] = set()
    for folder, group in groupby(map(os.path.abspath, paths), key=_folder_of):
        members = list(group)
        if folder is None:
            found: Iterator[ExportSource] = chain.from_iterable(
                _in_tree(path, recursive, on_problem) for path in members
            )
        else:
            found = iter(_of_files(folder, members, on_problem))
        for source in found:
            key = os.path.normcase(source.json_path)
            if key not in seen:
                if len(paths) > 1:
                    seen.add(key)
                yield source


def _folder_of(path: str) -> str | None:
    """Return the folder of a file, so that the files of one folder come together; None for a folder."""
    return None if os.path.isdir(path) else os.path.dirname(path)


def _in_tree(top: str, recursive: bool, on_problem: ProblemListener) -> Iterator[ExportSource]:
    waiting = [top]
    visited: set[tuple[int, int]] = set()
    while waiting:
        folder = waiting.pop()
        try:
            status = os.stat(folder)
            identity = (status.st_dev, status.st_ino)
            if status.st_ino and identity in visited:  # links can lead round in circles
                continue
            visited.add(identity)
            names, subfolders = _list(folder)
        except OSError as error:
            shown = one_line(printable(folder))
            on_problem(folder, f"The folder “{shown}” cannot be opened ({error.strerror}).")
            continue
        yield from _latest_in(ResultListing(folder, names))
        if recursive:
            waiting.extend(os.path.join(folder, name) for name in reversed(_in_order(subfolders)))


def _list(folder: str) -> tuple[list[str], list[str]]:
    names: list[str] = []
    subfolders: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if is_result_name(entry.name) and entry.name.endswith(".json"):
                names.append(entry.name)
            elif not entry.name.startswith(".") and _is_folder(entry):
                subfolders.append(entry.name)
    return names, subfolders


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads back to itself, or to where we may not look
        return False


def _in_order(names: list[str]) -> list[str]:
    return sorted(sorted(names), key=natural_key)


def _latest_in(listing: ResultListing) -> Iterator[ExportSource]:
    """Yield the latest result of each stem, in natural order."""
    results = sorted(listing, key=lambda files: (files.stem, files.mark))
    results.sort(key=lambda files: natural_key(files.stem))
    for _, group in groupby(results, key=lambda files: files.stem):
        paths = [_json_path(listing, files) for files in group]
        yield ExportSource(paths[0] if len(paths) == 1 else max(paths, key=_date_of))


def _of_files(folder: str, paths: list[str], on_problem: ProblemListener) -> Iterator[ExportSource]:
    """Yield the results of files in one folder that are named themselves."""
    images = [path for path in paths if not _is_result(path)]
    try:
        listing = ResultListing(folder, os.listdir(folder))
    except OSError:
        listing = ResultListing(folder, ())
    items = {item.path: item for item in plan_items([FoundImage(path, folder) for path in images], None)}
    for path in paths:
        source = _of_image(items[path], listing) if path in items else _of_result_file(path)
        if source is not None:
            yield source
        elif not is_export_name(os.path.basename(path)):  # which a shell's pattern such as scans/* names, too
            on_problem(path, f"There is no result of “{display_name(path)}”. Read it first.")


def _is_result(path: str) -> bool:
    name = os.path.basename(path)
    return is_result_name(name) or (name.endswith(".json") and not is_export_name(name))


def _of_result_file(path: str) -> ExportSource | None:
    json_path = path.removesuffix(".txt") + ".json" if path.endswith(".txt") else path
    return ExportSource(json_path) if os.path.lexists(json_path) else None


def _of_image(item: ImageItem, listing: ResultListing) -> ExportSource | None:
    candidates = [files for stem in known_stems(item) for files in listing.of(stem)]
    paths = [_json_path(listing, files) for files in candidates if "json" in files.extensions]
    own = [path for path in paths if _belongs(path, item)]
    return ExportSource(max(own, key=_date_of), item.path) if own else None


def _belongs(json_path: str, item: ImageItem) -> bool:
    """Whether a result is of this image; a damaged one counts as its own, so that it is reported."""
    document = _read(json_path)
    return document is None or document.source.name == printable(item.name)


def _date_of(json_path: str) -> tuple[bool, str]:
    """Return when a result was made; damaged ones come before all others."""
    document = _read(json_path)
    return (False, "") if document is None else (True, document.saved_at)


def _read(json_path: str) -> ResultDocument | None:
    try:
        return read_result(json_path)
    except (ItemError, FileNotFoundError):
        return None


def _json_path(listing: ResultListing, files: ResultFiles) -> str:
    return os.path.join(listing.folder, files.name("json"))
