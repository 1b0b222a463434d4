"""Receipt check: what a receipt says, held against what is there now."""

import os
import sys
from pathlib import Path

import msgspec
import pytest

from ocr_desktop.domain.receipts import ReceiptItem
from ocr_desktop.domain.states import ItemState
from ocr_desktop.domain.verification import Finding, FindingKind
from ocr_desktop.services.receipt_files import write_receipt
from ocr_desktop.services.verifier import verify
from tests.conftest import MakeImages
from tests.fakes.receipts import a_header, an_item, item_of


def check(folder: Path, *items: ReceiptItem) -> list[Finding]:
    path = folder / "job.jsonl"
    write_receipt(str(path), a_header(len(items)), items)
    return list(verify([str(path)]))


@pytest.fixture
def image(tmp_path: Path, make_images: MakeImages) -> Path:
    (path,) = make_images(tmp_path, 1)
    return path


@pytest.fixture
def result(image: Path) -> Path:
    path = image.with_name("scan 0000_ocr_results.json")
    path.write_bytes(b"{}")
    return path


def test_what_is_as_it_was_is_sound(tmp_path: Path, image: Path, result: Path) -> None:
    (finding,) = check(tmp_path, item_of(0, image, result))

    assert finding == Finding(
        FindingKind.SOUND, str(image), "The image and its results are as the receipt says."
    )


def test_a_result_that_was_changed_is_damaged(tmp_path: Path, image: Path, result: Path) -> None:
    item = item_of(0, image, result)
    result.write_bytes(b"{ }")

    (finding,) = check(tmp_path, item)

    assert (finding.kind, finding.path) == (FindingKind.DAMAGED, str(image))
    assert finding.detail == f"Its result file “{result.name}” was changed since the job."


def test_a_result_that_is_gone_is_missing(tmp_path: Path, image: Path, result: Path) -> None:
    item = item_of(0, image, result)
    result.unlink()

    (finding,) = check(tmp_path, item)

    assert (finding.kind, finding.path) == (FindingKind.MISSING, str(image))


def test_an_image_that_was_changed_is_stale(tmp_path: Path, image: Path, result: Path) -> None:
    item = item_of(0, image, result)
    image.write_bytes(b"another")

    assert [finding.kind for finding in check(tmp_path, item)] == [FindingKind.STALE]


def test_an_image_that_is_gone_is_missing(tmp_path: Path, image: Path, result: Path) -> None:
    item = item_of(0, image, result)
    elsewhere = msgspec.structs.replace(item, id=1, path=str(tmp_path / "nowhere" / "a.png"))
    image.unlink()

    assert [finding.kind for finding in check(tmp_path, item, elsewhere)] == [FindingKind.MISSING] * 2


def test_everything_that_is_wrong_is_said(tmp_path: Path, image: Path, result: Path) -> None:
    item = item_of(0, image, result)
    image.unlink()
    result.write_bytes(b"")

    (finding,) = check(tmp_path, item)

    assert finding.kind is FindingKind.DAMAGED
    assert "image is not there" in finding.detail
    assert "was changed" in finding.detail


def test_what_the_receipt_does_not_know_is_said(tmp_path: Path, image: Path, result: Path) -> None:
    item = item_of(0, image, result)
    file = msgspec.structs.replace(item.results[0], sha256=None)
    unknown = msgspec.structs.replace(item, sha256=None, results=(file,))
    image.write_bytes(b"another")
    result.write_bytes(b"another")

    (finding,) = check(tmp_path, unknown)

    assert finding.kind is FindingKind.SOUND
    assert finding.detail.count("does not know the content") == 2
    result.unlink()
    assert [finding.kind for finding in check(tmp_path, unknown)] == [FindingKind.MISSING]


def test_an_image_that_had_failed_needs_no_result(tmp_path: Path, image: Path) -> None:
    item = an_item(0, path=str(image), state=ItemState.FAILED, sha256=None)

    (finding,) = check(tmp_path, item)

    assert finding.kind is FindingKind.SOUND
    assert "failed in the receipt" in finding.detail


def test_a_receipt_that_was_changed_vouches_for_nothing(tmp_path: Path, image: Path, result: Path) -> None:
    check(tmp_path, item_of(0, image, result))
    receipt = tmp_path / "job.jsonl"
    receipt.write_bytes(receipt.read_bytes().replace(b'"confidence":0.9', b'"confidence":1.0'))

    (finding,) = verify([str(receipt)])

    assert (finding.kind, finding.path) == (FindingKind.DAMAGED, str(receipt))
    assert "cannot be relied on" in finding.detail


def test_names_that_are_no_text_are_found(tmp_path: Path, image: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("file names are text here")
    odd = image.rename(image.with_name("latin\udce4\n.png"))

    (finding,) = check(tmp_path, item_of(0, odd, odd))

    assert (finding.kind, finding.path) == (FindingKind.SOUND, str(odd))


def test_a_pipe_is_not_waited_for(tmp_path: Path, image: Path, result: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("no named pipes in folders")
    item = item_of(0, image, result)
    for path in (image, result):
        path.unlink()
        os.mkfifo(path)

    assert [finding.kind for finding in check(tmp_path, item)] == [FindingKind.MISSING]


def test_receipts_and_folders_may_be_checked_together(tmp_path: Path, image: Path) -> None:
    write_receipt(str(tmp_path / "job.jsonl"), a_header(), [item_of(0, image)])

    kinds = [finding.kind for finding in verify([str(tmp_path), str(tmp_path / "job.jsonl")])]

    assert kinds == [FindingKind.SOUND, FindingKind.MISSING]
