"""What is measured on a page: height of text, skew, which way up."""

import pytest
from PIL import Image, ImageChops

from ocr_desktop.services.preparation.measures import measure_page
from tests.fakes.pages import dotted, draw_text, tilted

CLOSE = 0.3
"""Degrees."""


@pytest.mark.parametrize("degrees", [-10.0, -6.4, -2.3, -0.7, 0.0, 0.4, 1.7, 5.0, 8.8, 10.0])
def test_skew_is_found(degrees: float) -> None:
    lines = measure_page(tilted(draw_text(), degrees)).lines
    assert lines is not None
    assert lines.angle == pytest.approx(degrees, abs=CLOSE)
    assert lines.sharpness > 2.2


@pytest.mark.parametrize("degrees", [-9.0, 4.0])
def test_skew_is_found_on_a_page_that_lies_on_its_side(degrees: float) -> None:
    page = tilted(draw_text(), degrees).transpose(Image.Transpose.ROTATE_90)
    lines = measure_page(page).lines
    assert lines is not None
    assert lines.angle == pytest.approx(degrees, abs=CLOSE)


def test_a_page_on_its_side_is_told_from_an_upright_one() -> None:
    page = draw_text()
    assert measure_page(page).sideways < 0.2
    assert measure_page(page.transpose(Image.Transpose.ROTATE_180)).sideways < 0.2
    assert measure_page(page.transpose(Image.Transpose.ROTATE_90)).sideways > 0.8
    assert measure_page(page.transpose(Image.Transpose.ROTATE_270)).sideways > 0.8


@pytest.mark.parametrize("degrees", [0.0, 7.0])
def test_text_on_its_head_is_told_from_upright_text(degrees: float) -> None:
    page = tilted(draw_text(), degrees)
    upright, on_head = (
        measure_page(page).lines,
        measure_page(page.transpose(Image.Transpose.ROTATE_180)).lines,
    )
    assert upright is not None
    assert on_head is not None
    assert upright.uprightness > 1.1
    assert on_head.uprightness < 0.9


def test_nothing_is_said_of_capitals() -> None:
    """They have no ascenders and descenders, so a trial has to decide."""
    lines = measure_page(draw_text(capitals=True)).lines
    assert lines is not None
    assert 0.8 < lines.uprightness < 1.25


@pytest.mark.parametrize("font", [14, 24, 36, 60])
def test_height_of_text_grows_with_the_font(font: int) -> None:
    height = measure_page(draw_text(font=font, lines=10)).text_height
    assert height is not None
    # Between the height of an x and that of a capital.
    assert 0.5 * font - 1 <= height <= 0.75 * font + 1


def test_height_of_text_is_told_in_pixels_of_the_full_page() -> None:
    page = draw_text()
    large = page.resize((page.width * 3, page.height * 3))
    small, big = measure_page(page).text_height, measure_page(large).text_height
    assert small is not None
    assert big == pytest.approx(3 * small, rel=0.1)


def test_height_of_text_survives_broken_print() -> None:
    page = draw_text(font=48, lines=12)
    whole, broken = measure_page(page), measure_page(dotted(page))
    assert whole.text_height is not None
    # The fragments themselves are 6 pixels tall.
    assert broken.text_height == pytest.approx(whole.text_height, rel=0.3)
    assert broken.fragments > whole.fragments


def test_small_noise_plays_no_role_for_the_height() -> None:
    page = draw_text()
    clean = measure_page(page).text_height
    for x in range(5, page.width, 40):
        for y in range(3, page.height, 40):
            page.paste(0, (x, y, x + 5, y + 5))
    assert measure_page(page).text_height == pytest.approx(clean, rel=0.15)


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (500, 1), (30, 30), (640, 480)])
@pytest.mark.parametrize("colour", [0, 255, 130])
def test_a_blank_page_is_measured_too(size: tuple[int, int], colour: int) -> None:
    page = measure_page(Image.new("L", size, colour))
    assert (page.width, page.height) == size
    assert page.text_height is None
    assert page.lines is None
    assert page.sideways == 0.0


def test_measuring_changes_nothing() -> None:
    page = tilted(draw_text(lines=5), 3).convert("RGB")
    before = page.tobytes()
    measure_page(page)
    assert page.tobytes() == before


def test_a_picture_is_told_from_a_printed_page() -> None:
    page = draw_text()
    picture = Image.linear_gradient("L").resize(page.size)
    assert measure_page(page).midtones < 0.2
    assert measure_page(ImageChops.multiply(page, picture)).midtones > 0.5
