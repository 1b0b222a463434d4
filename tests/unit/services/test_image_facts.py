"""What is said of an image file without decoding it."""

import os
from pathlib import Path

import pytest
from PIL import Image

from ocr_desktop.services.image_facts import look_at


def test_size_age_and_shape_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("L", (30, 20), 255).save(path)
    os.utime(path, (1000, 2000))
    facts = look_at(str(path))
    assert facts is not None
    assert (facts.width, facts.height, facts.modified) == (30, 20, 2000)
    assert facts.bytes == path.stat().st_size


def test_a_photo_that_lies_on_its_side_is_told_upright(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("L", (30, 20), 255).save(path, exif=exif)
    facts = look_at(str(path))
    assert facts is not None
    assert (facts.width, facts.height) == (20, 30)


def test_what_is_no_image_has_a_size_but_no_shape(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    facts = look_at(str(path))
    assert facts is not None
    assert (facts.width, facts.height) == (0, 0)
    assert facts.bytes > 0


def test_what_is_not_there_is_not_told(tmp_path: Path) -> None:
    assert look_at(str(tmp_path / "a.png")) is None
    assert look_at(str(tmp_path)) is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.png")
    assert look_at(str(tmp_path / "a.png")) is None
