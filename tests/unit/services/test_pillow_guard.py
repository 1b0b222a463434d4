"""Pillow's own limit is ours while an image is open, and nothing of it stays."""

import warnings
from pathlib import Path

import pytest
from PIL import Image

from ocr_desktop.services.pillow_guard import pillow_guard


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A file of 10,000 pixels."""
    Image.new("L", (100, 100)).save(tmp_path / "picture.png")
    return tmp_path / "picture.png"


def open_and_close(path: Path) -> None:
    with Image.open(path):
        pass


def test_larger_images_are_refused(picture: Path) -> None:
    with pillow_guard(9_990), pytest.raises(Image.DecompressionBombError):
        open_and_close(picture)


def test_images_within_the_limit_are_opened_without_a_warning(picture: Path) -> None:
    with pillow_guard(10_000):
        open_and_close(picture)


def test_the_highest_limit_holds_and_goes_with_its_image(picture: Path) -> None:
    with pillow_guard(100):
        with pillow_guard(10_000):
            open_and_close(picture)
        with pytest.raises(Image.DecompressionBombError):
            open_and_close(picture)


def test_warnings_of_others_still_come() -> None:
    with pillow_guard(100), pytest.warns(UserWarning, match="not from Pillow"):
        warnings.warn("not from Pillow", stacklevel=1)


def test_everything_is_put_back_even_after_an_error() -> None:
    before = (Image.MAX_IMAGE_PIXELS, list(warnings.filters))

    with pytest.raises(ZeroDivisionError), pillow_guard(100):
        raise ZeroDivisionError

    assert (Image.MAX_IMAGE_PIXELS, list(warnings.filters)) == before
