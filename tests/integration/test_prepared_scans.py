"""Preparation with the real engine: turned and tilted pages give the text of the upright ones."""

from pathlib import Path

import pytest
from PIL import Image
from rapidfuzz.distance import Levenshtein

from benchmarks.accuracy.readers import Tesseract
from ocr_desktop.services.image_loader import load_upright
from ocr_desktop.services.preparation.reading import PreparedReading, read_prepared
from tests.fakes.pages import TEXT, draw_text, tilted

ALIKE = 0.97
TURNS = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270}
"""Degrees clockwise that make a page upright -> what lays it so."""
FORMS = ["funsd_0000971160.png", "funsd_0011859695.png", "funsd_0071032790.png", "funsd_82252956_2958.png"]


@pytest.fixture(scope="module")
def tesseract() -> Tesseract:
    return Tesseract("eng")


def read(image: Image.Image, tesseract: Tesseract) -> PreparedReading:
    return read_prepared(image, None, tesseract.recognize)


def likeness(first: PreparedReading, second: PreparedReading) -> float:
    texts = (" ".join(reading.recognition.text.split()) for reading in (first, second))
    return Levenshtein.normalized_similarity(*texts)


@pytest.mark.parametrize("degrees", TURNS)
@pytest.mark.parametrize("capitals", [False, True])
def test_a_turned_page_gives_the_upright_text(degrees: int, capitals: bool, tesseract: Tesseract) -> None:
    page = draw_text(width=1000, height=800, font=30, lines=10, capitals=capitals)
    upright, turned = read(page, tesseract), read(page.transpose(TURNS[degrees]), tesseract)
    assert upright.turn == 0
    assert turned.turn == degrees
    assert likeness(upright, turned) >= ALIKE
    assert upright.recognition.words[0].text.upper() == TEXT.split()[0].upper()


@pytest.mark.parametrize("degrees", [-10, -5, 3, 7, 10])
def test_a_tilted_page_gives_the_upright_text(degrees: int, tesseract: Tesseract) -> None:
    page = draw_text(width=1000, height=800, font=30, lines=10)
    upright, skewed = read(page, tesseract), read(tilted(page, degrees), tesseract)
    assert skewed.turn == 0
    assert likeness(upright, skewed) >= ALIKE


def test_words_are_where_they_are_seen(tesseract: Tesseract) -> None:
    """The box of each word on a small, tilted page holds the ink of that word."""
    page = tilted(draw_text(width=600, height=400, font=14, lines=6), 6)
    reading = read(page, tesseract)
    assert (reading.width, reading.height) == page.size
    assert len(reading.recognition.words) > 20
    for word in reading.recognition.words:
        x, y, width, height = word.box
        dark = page.crop((x, y, x + width, y + height)).histogram()[:100]
        assert sum(dark) > 0


@pytest.mark.scans
@pytest.mark.parametrize("degrees", TURNS)
@pytest.mark.parametrize("name", FORMS)
def test_a_turned_scan_gives_the_upright_text(
    name: str, degrees: int, tesseract: Tesseract, shared_data: Path
) -> None:
    page = load_upright(str(shared_data / "pages" / name), max_pixels=100_000_000).image
    upright, turned = read(page, tesseract), read(page.transpose(TURNS[degrees]), tesseract)
    assert turned.turn == degrees
    assert likeness(upright, turned) >= ALIKE
