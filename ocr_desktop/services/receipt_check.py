"""Receipt check: is everything that a receipt says of images and result files still so?"""

import hashlib
import os
from collections.abc import Iterator
from functools import cached_property

from ocr_desktop.domain.errors import ImageFolderMissingError, ImageMissingError, ItemError
from ocr_desktop.domain.naming import display_name
from ocr_desktop.domain.options import OutputFormat
from ocr_desktop.domain.receipts import ReceiptFile, ReceiptItem, exact_path
from ocr_desktop.domain.results import ResultDocument
from ocr_desktop.domain.states import ItemState
from ocr_desktop.domain.verification import Finding, FindingKind
from ocr_desktop.services.receipt_files import DamagedReceiptError, ensure_whole, read_items
from ocr_desktop.services.result_encoding import encode_result, result_hash
from ocr_desktop.services.result_reader import DamagedResultError, read_result
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
    changes = _Changes(item)
    for file in item.results:
        problems += _result_problems(file, changes)
    path = exact_path(item)
    if not problems:
        return Finding(FindingKind.SOUND, path, _praise(item, is_corrected=changes.are_corrections))
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


class _Changes:
    """Looks whether result files that have changed are what they were but for a correction."""

    def __init__(self, item: ReceiptItem) -> None:
        self._json = next((path for path in map(exact_path, item.results) if path.endswith(".json")), "")
        self.are_corrections = False
        """Whether such a change was found."""

    @cached_property
    def _document(self) -> ResultDocument | None:
        """The result as it is now, if it is corrected."""
        try:
            document = read_result(self._json) if self._json else None
        except (FileNotFoundError, DamagedResultError):
            return None
        return document if document is not None and document.correction is not None else None

    def explain(self, file: ReceiptFile, content: bytes) -> bool:
        """Whether ``content`` is that of the result file, and a correction, and nothing else."""
        output = OutputFormat.JSON if exact_path(file) == self._json else OutputFormat.TXT
        document = self._document
        if document is None or encode_result(document, output) != content:
            return False
        if result_hash(document, output, content) != file.sha256:
            return False
        self.are_corrections = True
        return True


def _result_problems(file: ReceiptFile, changes: _Changes) -> list[_Problem]:
    path = exact_path(file)
    name = display_name(path)
    if not os.path.isfile(path):  # asked before it is opened: a pipe would be waited for
        return [(FindingKind.MISSING, f"Its result file “{name}” is not there any more.")]
    if file.sha256 is None:
        return []
    try:
        with open(path, "rb") as opened:
            content = opened.read()
    except OSError as error:
        sentence = f"Its result file “{name}” cannot be read ({error.strerror or error})."
        return [(FindingKind.UNREADABLE, sentence)]
    is_changed = hashlib.sha256(content).hexdigest() != file.sha256
    if is_changed and not changes.explain(file, content):
        return [(FindingKind.DAMAGED, f"Its result file “{name}” was changed since the job.")]
    return []


def _praise(item: ReceiptItem, *, is_corrected: bool) -> str:
    """Say what was found right, and what could not be compared."""
    if item.status in {ItemState.FAILED, ItemState.CANCELLED}:
        sentence = f"It is {item.status.value} in the receipt, and the image is there."
    else:
        sentence = "The image and its results are as the receipt says."
    if is_corrected:
        sentence = "The image is as the receipt says, and so is its result, but that its text was corrected."
    unknown = [file for file in item.results if file.sha256 is None]
    if item.sha256 is None:
        sentence += " The receipt does not know the content of the image, so that it was not compared."
    if unknown:
        sentence += " The receipt does not know the content of all its results, so that it was not compared."
    return sentence
