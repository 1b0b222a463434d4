"""Result reading: a whole result or a sentence, whatever is in the file."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.services.result_reader import DamagedResultError, read_result
from tests.fakes.results import a_document

WHOLE = msgspec.json.encode(a_document())


def test_a_result_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "a_ocr_results.json"
    path.write_bytes(WHOLE)

    assert read_result(path) == a_document()


def test_fields_of_later_versions_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a_ocr_results.json"
    path.write_bytes(WHOLE.replace(b'{"schema"', b'{"mood":["good"],"schema"', 1))

    assert read_result(path) == a_document()


def test_a_missing_result_is_not_a_damaged_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_result(tmp_path / "a_ocr_results.json")


@given(length=st.integers(0, len(WHOLE) - 1))
def test_any_truncation_is_noticed(tmp_path_factory: pytest.TempPathFactory, length: int) -> None:
    path = tmp_path_factory.getbasetemp() / "cut_ocr_results.json"
    path.write_bytes(WHOLE[:length])

    with pytest.raises(DamagedResultError, match=r"cut_ocr_results\.json"):
        read_result(path)


@pytest.mark.parametrize(
    "content",
    [
        b"null",
        b"{}",
        b"\x89PNG\r\n",
        WHOLE.replace("Hällo".encode(), b"H\xe4llo"),
        WHOLE.replace(b'"0f0f', b'"XX0f'),
        WHOLE.replace(b'"confidence":0.9', b'"confidence":9', 1),
        b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        WHOLE + WHOLE,
    ],
    ids=["null", "empty", "binary", "latin-1", "hash", "range", "deep", "twice"],
)
def test_foreign_content_is_damaged(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a_ocr_results.json"
    path.write_bytes(content)

    with pytest.raises(DamagedResultError, match=r"a_ocr_results\.json"):
        read_result(path)


def test_a_folder_in_its_place_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(DamagedResultError):
        read_result(tmp_path)
