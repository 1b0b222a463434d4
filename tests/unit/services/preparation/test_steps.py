"""The steps on pixels."""

import numpy as np
from PIL import Image, ImageChops, ImageStat

from ocr_desktop.services.preparation.pixels import grey_pixels, image_of
from ocr_desktop.services.preparation.steps import levelled, reshaped, turned
from tests.fakes.pages import draw_text

SHADOW = Image.linear_gradient("L").point(lambda value: 110 + value // 2)


def test_a_shadow_is_divided_out() -> None:
    page = draw_text(width=600, height=600, font=20, lines=8)
    shaded = ImageChops.multiply(page, SHADOW.resize(page.size))
    clean = image_of(levelled(grey_pixels(shaded), 13))
    assert ImageStat.Stat(shaded).median[0] < 200
    paper = clean.crop((0, 400, 600, 600))
    assert np.asarray(paper).min() > 235
    # The letters are as black as they were.
    assert np.percentile(np.asarray(clean), 1) < 40


def test_a_clean_page_stays_as_it_is() -> None:
    page = grey_pixels(draw_text(width=600, height=600, font=20, lines=8))
    assert np.array_equal(levelled(page, 13), page)


def test_no_step_changes_what_it_is_given() -> None:
    page = grey_pixels(draw_text(width=300, height=200, font=16, lines=3))
    before = page.copy()
    page.flags.writeable = False
    for result in (
        levelled(page, 10),
        turned(page, 90),
        reshaped(page, 1.7, 3.0)[0],
        reshaped(page, 0.4, -3.0)[0],
    ):
        assert result is not page
    assert np.array_equal(page, before)


def test_the_smallest_image_survives() -> None:
    for shape in ((1, 1), (1, 40), (40, 1)):
        page = np.full(shape, 200, np.uint8)
        assert levelled(page, 20).shape == shape
        assert reshaped(page, 0.25, 5.0)[0].size >= 1
