"""Receipt files: written whole, and every change to one is found."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from types import GeneratorType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocr_desktop.domain.errors import BugError, OutputNotWritableError, UsageError
from ocr_desktop.domain.receipts import ReceiptItem
from ocr_desktop.domain.states import ItemState, JobState
from ocr_desktop.services.receipt_files import (
    DamagedReceiptError,
    copy_receipt,
    ensure_whole,
    is_receipt,
    read_items,
    write_receipt,
)
from tests.fakes.privileges import needs_permissions
from tests.fakes.receipts import a_header, an_item, sealed_again

FINAL = [state for state in ItemState if state.is_final]


@pytest.fixture
def receipt(tmp_path: Path) -> Path:
    """A receipt of three images."""
    path = tmp_path / "job.jsonl"
    items = [an_item(0), an_item(1, path="/scans/line\nbreak \udcff.png"), an_item(2, state=ItemState.FAILED)]
    write_receipt(str(path), a_header(3), items)
    return path


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(states=st.lists(st.sampled_from(FINAL), max_size=8))
def test_what_is_written_is_whole_and_adds_up(states: list[ItemState], tmp_path: Path) -> None:
    path = tmp_path / "job.jsonl"
    items = [an_item(number, state=state) for number, state in enumerate(states)]

    write_receipt(str(path), a_header(len(items)), iter(items))

    assert ensure_whole(str(path)) == a_header(len(items))
    assert list(read_items(str(path))) == items
    stats = json.loads(path.read_bytes().splitlines()[-1])["stats"]
    assert stats["total"] == len(states) == sum(stats[state.value] for state in FINAL)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(data=st.data())
def test_no_byte_can_be_changed_unnoticed(data: st.DataObject, receipt: Path, tmp_path: Path) -> None:
    content = receipt.read_bytes()
    place = data.draw(st.integers(0, len(content) - 1))
    changed = data.draw(st.integers(0, 255).filter(lambda value: value != content[place]))
    tampered = tmp_path / "tampered.jsonl"
    tampered.write_bytes(content[:place] + bytes([changed]) + content[place + 1 :])

    if _means_the_same(tampered.read_bytes(), content):
        return  # white space in the last line, which seals the others and not itself
    with pytest.raises(DamagedReceiptError):
        ensure_whole(str(tampered))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(data=st.data())
def test_no_receipt_can_be_cut_off_unnoticed(data: st.DataObject, receipt: Path, tmp_path: Path) -> None:
    content = receipt.read_bytes()
    short = tmp_path / "short.jsonl"
    short.write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])

    with pytest.raises(DamagedReceiptError):
        ensure_whole(str(short))


def test_a_line_that_is_taken_out_is_missed_even_under_a_new_seal(receipt: Path) -> None:
    header, *items, footer = receipt.read_bytes().splitlines(keepends=True)
    receipt.write_bytes(sealed_again([header, *items[1:], footer]))

    with pytest.raises(DamagedReceiptError, match="do not add up"):
        ensure_whole(str(receipt))


def test_a_line_that_comes_twice_is_noticed(receipt: Path) -> None:
    header, first, _second, third, footer = receipt.read_bytes().splitlines(keepends=True)
    receipt.write_bytes(sealed_again([header, first, first, third, footer]))

    with pytest.raises(DamagedReceiptError, match="line 3 is not where it belongs"):
        ensure_whole(str(receipt))


def test_numbers_that_do_not_add_up_are_noticed(receipt: Path) -> None:
    *lines, footer = receipt.read_bytes().splitlines(keepends=True)
    receipt.write_bytes(b"".join([*lines, footer.replace(b'"total":3', b'"total":4')]))

    with pytest.raises(DamagedReceiptError, match="do not add up"):
        ensure_whole(str(receipt))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"schema:receipt:1", b"schema:receipt:9"),
        (b'"status":"completed","programVersion"', b'"status":"paused","programVersion"'),
        (b'"/scans/a.png"', rb'"/scans/\u0000.png"'),
        (b'"status":"failed"', b'"status":"pending"'),
    ],
)
def test_what_no_receipt_says_is_refused(receipt: Path, old: bytes, new: bytes) -> None:
    content = receipt.read_bytes()
    assert old in content
    receipt.write_bytes(sealed_again(content.replace(old, new).splitlines(keepends=True)))

    with pytest.raises(DamagedReceiptError):
        ensure_whole(str(receipt))


def test_a_receipt_that_cannot_be_finished_leaves_the_old_one(receipt: Path) -> None:
    before = receipt.read_bytes()

    with pytest.raises(BugError):
        write_receipt(str(receipt), a_header(), [an_item(0, state=ItemState.PENDING)])

    assert receipt.read_bytes() == before
    assert list(receipt.parent.iterdir()) == [receipt]


def test_an_image_that_is_lost_on_the_way_is_noticed(receipt: Path) -> None:
    with pytest.raises(BugError, match="1 images of 2"):
        write_receipt(str(receipt), a_header(2), [an_item(0)])
    lines = receipt.read_bytes().splitlines(keepends=True)
    seal = json.loads(lines[-1])
    seal["stats"] |= {"total": 2, "completed": seal["stats"]["completed"] - 1}
    receipt.write_bytes(sealed_again([lines[0], *lines[2:-1], json.dumps(seal).encode() + b"\n"]))
    with pytest.raises(DamagedReceiptError, match="2 images, but the job had 3"):
        ensure_whole(str(receipt))


def test_items_are_written_and_read_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "job.jsonl"
    taken: list[int] = []

    def items() -> Iterator[ReceiptItem]:
        for number in range(3):
            taken.append(number)
            yield an_item(number)

    write_receipt(str(path), a_header(3, JobState.CANCELLED), items())
    lines = read_items(str(path))

    assert taken == [0, 1, 2]
    assert isinstance(lines, GeneratorType)
    lines.close()


@needs_permissions
def test_a_receipt_is_private(receipt: Path) -> None:
    assert stat.S_IMODE(receipt.stat().st_mode) == 0o600


def test_receipts_are_known_by_name_or_by_content(receipt: Path, tmp_path: Path) -> None:
    renamed = tmp_path / "receipt of january"
    renamed.write_bytes(receipt.read_bytes())
    other = tmp_path / "scan.png"
    other.write_bytes(b"\x89PNG")

    assert is_receipt(str(receipt))
    assert is_receipt(str(renamed))
    assert not is_receipt(str(other))
    assert not is_receipt(str(tmp_path))
    assert not is_receipt(str(tmp_path / "nothing.jsonl"))


def test_a_copy_replaces_a_receipt_and_nothing_else(receipt: Path, tmp_path: Path) -> None:
    copy, image = tmp_path / "copy.txt", tmp_path / "scan.png"
    image.write_bytes(b"\x89PNG")

    for _ in range(2):
        copy_receipt(str(receipt), str(copy))
    with pytest.raises(UsageError, match=r"scan\.png.*is no receipt"):
        copy_receipt(str(receipt), str(image))
    with pytest.raises(OutputNotWritableError, match="could not be written"):
        copy_receipt(str(receipt), str(tmp_path / "nowhere" / "copy.jsonl"))

    assert copy.read_bytes() == receipt.read_bytes()
    assert image.read_bytes() == b"\x89PNG"
    assert {path.name for path in tmp_path.iterdir()} == {"copy.txt", "job.jsonl", "scan.png"}


def _means_the_same(tampered: bytes, content: bytes) -> bool:
    """Whether only the last line differs, and only in white space."""
    *lines, footer = content.splitlines(keepends=True)
    *others, changed = tampered.splitlines(keepends=True)
    try:
        return others == lines and bool(json.loads(changed) == json.loads(footer))
    except ValueError:
        return False
