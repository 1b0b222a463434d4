"""Receipt check: is everything that a receipt says of images and result files still so?"""

import hashlib
import os
from collections.abc import Iterator

from ocr_desktop.domain.errors import ImageFolderMissingError, ImageMissingError, ItemError
from ocr_desktop.domain.naming import display_name
from ocr_desktop.domain.receipts import ReceiptFile, ReceiptItem, exact_path
from ocr_desktop.domain.states import ItemState
from ocr_desktop.domain.verification import Finding, FindingKind
from ocr_desktop.services.receipt_files import DamagedReceiptError, ensure_whole, read_items
from ocr_desktop.services.source_file import describe_source, open_source

_WORST_FIRST = (FindingKind.DAMAGED, FindingKind.MISSING, FindingKind.STALE, FindingKind.UNREADABLE)

_Problem = tuple[FindingKind, str]


def check_receipt(path: str) -> Iterator[Finding]:
    """Yield a finding for every image in a receipt, or one for the receipt itself if it is not whole."""
    try:
        ensure_whole(path)
        for item in read_items(path):
            yield _check_item(item)
    except DamagedReceiptError as error:
        yield Finding(FindingKind.DAMAGED, path, str(error))
    except OSError as error:
        reason = error.strerror or str(error)
        yield Finding(FindingKind.UNREADABLE, path, f"The receipt cannot be read ({reason}).")


def _check_item(item: ReceiptItem) -> Finding:
    problems = [*_image_problems(item)]
    for file in item.results:
        problems += _result_problems(file)
    path = exact_path(item)
    if not problems:
        return Finding(FindingKind.SOUND, path, _praise(item))
    kinds = {kind for kind, _sentence in problems}
    worst = next(kind for kind in _WORST_FIRST if kind in kinds)
    return Finding(worst, path, " ".join(sentence for _kind, sentence in problems))


def _image_problems(item: ReceiptItem) -> list[_Problem]:
    path = exact_path(item)
    try:
        if item.sha256 is None:
            with open_source(path):
                return []
        is_changed = describe_source(path).sha256 != item.sha256
    except (ImageMissingError, ImageFolderMissingError):
        return [(FindingKind.MISSING, "The image is not there any more.")]
    except ItemError as error:
        return [(FindingKind.UNREADABLE, str(error))]
    return [(FindingKind.STALE, "The image has changed since the job.")] if is_changed else []


def _result_problems(file: ReceiptFile) -> list[_Problem]:
    path = exact_path(file)
    name = display_name(path)
    if not os.path.isfile(path):  # asked before it is opened: a pipe would be waited for
        return [(FindingKind.MISSING, f"Its result file “{name}” is not there any more.")]
    if file.sha256 is None:
        return []
    try:
        with open(path, "rb") as opened:
            is_changed = hashlib.file_digest(opened, "sha256").hexdigest() != file.sha256
    except OSError as error:
        sentence = f"Its result file “{name}” cannot be read ({error.strerror or error})."
        return [(FindingKind.UNREADABLE, sentence)]
    if is_changed:
        return [(FindingKind.DAMAGED, f"Its result file “{name}” was changed since the job.")]
    return []


def _praise(item: ReceiptItem) -> str:
    """Say what was found right, and what could not be compared."""
    if item.status in {ItemState.FAILED, ItemState.CANCELLED}:
        sentence = f"It is {item.status.value} in the receipt, and the image is there."
    else:
        sentence = "The image and its results are as the receipt says."
    unknown = [file for file in item.results if file.sha256 is None]
    if item.sha256 is None:
        sentence += " The receipt does not know the content of the image, so that it was not compared."
    if unknown:
        sentence += " The receipt does not know the content of all its results, so that it was not compared."
    return sentence
