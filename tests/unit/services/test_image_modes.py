"""Pixels of every kind become grey or colour with 8 bits a channel."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from ocr_desktop.services.image_modes import to_grey_or_rgb
from tests.fakes import images

GREY_MODES = ["1", "L", "LA", "La", "I", "I;16", "I;16B", "I;16L", "F"]
COLOUR_MODES = ["P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr", "LAB", "HSV"]
VIA = {
    "La": "LA",
    "PA": "LA",
    "RGBa": "RGBA",
    "I;16": "I",
    "I;16B": "I",
    "I;16L": "I",
    "LAB": "RGB",
    "HSV": "RGB",
}
"""Modes that Pillow only reaches by way of another."""


def page_in(mode: str) -> Image.Image:
    page = images.draw_page()
    return page.convert(VIA[mode]).convert(mode) if mode in VIA else page.convert(mode)


@pytest.mark.parametrize("mode", GREY_MODES + COLOUR_MODES)
def test_black_text_on_white_stays_so_in_every_mode(mode: str) -> None:
    converted = to_grey_or_rgb(page_in(mode))

    change = ImageStat.Stat(ImageChops.difference(converted.convert("L"), images.draw_page())).mean[0]
    assert change < 3


@pytest.mark.parametrize("mode", GREY_MODES)
def test_grey_stays_grey(mode: str) -> None:
    assert to_grey_or_rgb(page_in(mode)).mode == "L"


@pytest.mark.parametrize("mode", [mode for mode in COLOUR_MODES if mode not in {"P", "PA"}])
def test_colour_stays_colour(mode: str) -> None:
    assert to_grey_or_rgb(page_in(mode)).mode == "RGB"


@pytest.mark.parametrize(
    ("palette", "mode"), [([0, 0, 0, 200, 200, 200], "L"), ([0, 0, 0, 200, 200, 201], "RGB")]
)
def test_a_palette_of_greys_is_grey(palette: list[int], mode: str) -> None:
    image = Image.new("P", (4, 4), 1)
    image.putpalette(palette)

    converted = to_grey_or_rgb(image)

    assert converted.mode == mode
    assert converted.convert("L").getpixel((0, 0)) == 200


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_the_result_is_a_copy(mode: str) -> None:
    source = images.draw_page(mode=mode)

    to_grey_or_rgb(source).paste(0, (0, 0, *source.size))

    assert ImageChops.difference(source.convert("L"), images.draw_page()).getbbox() is None


@pytest.mark.parametrize(("mode", "transparent"), [("L", 255), ("RGB", (255, 255, 255)), ("P", 0)])
def test_a_transparent_colour_becomes_background(mode: str, transparent: object) -> None:
    image = Image.new(mode, (20, 20), 0 if mode == "P" else "white")
    if mode == "P":
        image.putpalette([250, 250, 250, 0, 0, 0])
    image.paste(1 if mode == "P" else "black", (0, 0, 10, 20))
    image.info["transparency"] = transparent

    converted = to_grey_or_rgb(image).convert("L")

    assert (converted.getpixel((5, 5)), converted.getpixel((15, 5))) == (0, 255)


def test_a_page_with_a_little_dark_text_keeps_a_white_background() -> None:
    page = Image.new("RGBA", (100, 100), (255, 255, 255, 255))
    page.paste((255, 255, 255, 0), (50, 0, 100, 100))
    page.paste((0, 0, 0, 255), (0, 0, 15, 10))

    assert to_grey_or_rgb(page).getpixel((90, 50)) == (255, 255, 255)


def test_a_blank_deep_page_is_not_blown_up_to_noise() -> None:
    image = Image.new("I", (10, 10), 60_000)
    image.putpixel((3, 3), 59_900)

    levels = to_grey_or_rgb(image).tobytes()

    assert max(levels) - min(levels) <= 1


@pytest.mark.parametrize(("mode", "values"), [("I", (-400, 0, 400)), ("F", (-1.0, 0.0, 1.0))])
def test_negative_values_are_stretched(mode: str, values: tuple[float, ...]) -> None:
    image = Image.new(mode, (3, 1))
    for column, value in enumerate(values):
        image.putpixel((column, 0), value)

    assert list(to_grey_or_rgb(image).tobytes()) == pytest.approx([0, 127.5, 255], abs=1)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_values_that_are_not_numbers_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="not numbers"):
        to_grey_or_rgb(Image.new("F", (2, 2), value))


@given(values=st.lists(st.integers(0, 65_535), min_size=1, max_size=50))
def test_deep_pixels_keep_their_order_and_stay_in_range(values: list[int]) -> None:
    image = Image.new("I", (len(values), 1))
    for column, value in enumerate(values):
        image.putpixel((column, 0), value)

    levels = to_grey_or_rgb(image).tobytes()

    pairs = sorted(zip(values, levels, strict=True))
    assert [level for _, level in pairs] == sorted(levels)
    assert max(values) < 256 or max(levels) >= 63
