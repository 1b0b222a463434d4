import pytest

from ocr_desktop.domain.errors import BugError
from ocr_desktop.services.resources import resource


def test_a_file_is_found_by_its_path_below_resources() -> None:
    assert resource("samples/receipt.jpg").read_bytes().startswith(b"\xff\xd8")


def test_a_folder_can_be_listed() -> None:
    assert "letter.png" in {sample.name for sample in resource("samples").iterdir()}


def test_a_missing_file_is_our_mistake() -> None:
    with pytest.raises(BugError, match=r"resources/samples/missing\.png"):
        resource("samples/missing.png")
