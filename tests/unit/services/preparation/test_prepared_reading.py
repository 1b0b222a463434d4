"""Reading with preparation: the trial, the boxes, and what the engine is given."""

from collections.abc import Callable
from itertools import chain, repeat

import pytest
from PIL import Image

from ocr_desktop.domain.results import Block, Box, Line, Recognition, Word
from ocr_desktop.services.preparation.prepare import PrepareMode, PrepareOptions, prepare
from ocr_desktop.services.preparation.reading import LEAD, TRUSTED, read_prepared
from tests.fakes.pages import draw_text, tilted

OFF = PrepareOptions(mode=PrepareMode.OFF)
Recognize = Callable[[Image.Image, int | None, int], Recognition]


class ConfidentReader:
    """Reads one word off each image, as confident as it is told for the first, the second, and so on."""

    def __init__(self, *confidences: float, box: Box = (10, 20, 30, 40)) -> None:
        self.confidences = chain(confidences, repeat(confidences[-1]))
        self.images: list[Image.Image] = []
        self.resolutions: list[int | None] = []
        self.segmentations: list[int] = []
        self.box = box

    def __call__(self, image: Image.Image, dpi: int | None, segmentation: int) -> Recognition:
        self.images.append(image)
        self.resolutions.append(dpi)
        self.segmentations.append(segmentation)
        word = Word(text="Preparation", confidence=next(self.confidences), box=self.box, line=0, block=0)
        line, block = Line(box=self.box, block=0, paragraph=0), Block(box=self.box)
        return Recognition(text="Preparation\n", words=(word,), lines=(line,), blocks=(block,))


def test_off_gives_the_engine_the_very_image() -> None:
    page, reader = draw_text(), ConfidentReader(0.1)
    reading = read_prepared(page, 72, reader, OFF)
    assert reader.images == [page]
    assert reader.images[0] is page
    assert (reader.resolutions, reader.segmentations) == ([72], [3])
    assert reading.record.steps == ()
    assert reading.recognition.words[0].box == (10, 20, 30, 40)


def test_an_upright_page_is_read_once() -> None:
    reader = ConfidentReader(0.9)
    reading = read_prepared(draw_text(), None, reader)
    assert len(reader.images) == 1
    assert reading.turn == 0
    assert reader.images[0].mode == "L"


def test_a_page_on_its_head_is_turned_where_a_trial_says_so() -> None:
    page = draw_text().transpose(Image.Transpose.ROTATE_180)
    reader = ConfidentReader(0.3, 0.9, 0.9)
    reading = read_prepared(page, None, reader)
    assert reading.turn == 180
    assert len(reader.images) == 3
    assert all(trial.height < page.height / 3 for trial in reader.images[:2])
    assert any("confidence 0.90" in step.reason for step in reading.record.steps)


@pytest.mark.parametrize("there", [TRUSTED - 0.01, 0.5 + LEAD - 0.01])
def test_a_trial_that_is_not_clear_turns_nothing(there: float) -> None:
    page = draw_text().transpose(Image.Transpose.ROTATE_180)
    assert read_prepared(page, None, ConfidentReader(0.5, there, 0.3)).turn == 0


def test_capitals_that_are_read_badly_are_tried_the_other_way_up() -> None:
    page = draw_text(capitals=True).transpose(Image.Transpose.ROTATE_180)
    reader = ConfidentReader(0.3, 0.3, 0.9, 0.9)
    reading = read_prepared(page, None, reader)
    assert reading.turn == 180
    assert len(reader.images) == 4


@pytest.mark.parametrize(
    ("turn_back", "degrees"), [(Image.Transpose.ROTATE_90, 90), (Image.Transpose.ROTATE_270, 270)]
)
def test_a_page_on_its_side_is_turned_by_its_measures_alone(turn_back: Image.Transpose, degrees: int) -> None:
    page, reader = draw_text().transpose(turn_back), ConfidentReader(0.9)
    reading = read_prepared(page, None, reader)
    assert reading.turn == degrees
    assert (reading.width, reading.height) == (page.height, page.width)
    assert len(reader.images) == 1


def test_boxes_are_those_of_the_upright_image_at_its_full_size() -> None:
    page = draw_text(width=600, height=800, font=14)
    prepared = prepare(page, None, PrepareOptions())
    scale = prepared.image.width / page.width
    assert scale > 1.5
    box = (round(100 * scale), round(50 * scale), round(40 * scale), round(10 * scale))
    reading = read_prepared(page, None, ConfidentReader(0.9, box=box))
    found = reading.recognition
    for mapped in (found.words[0].box, found.lines[0].box, found.blocks[0].box):
        assert mapped == pytest.approx((100, 50, 40, 10), abs=2)


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_the_image_is_not_changed(mode: str) -> None:
    page = tilted(draw_text(font=16), 4).transpose(Image.Transpose.ROTATE_180).convert(mode)
    before = page.tobytes()
    read_prepared(page, None, ConfidentReader(0.3, 0.9))
    prepare(page, None, PrepareOptions())
    assert page.tobytes() == before
    assert page.mode == mode


@pytest.mark.parametrize("size", [(1, 1), (2, 900), (900, 2)])
def test_a_scrap_goes_through(size: tuple[int, int]) -> None:
    reading = read_prepared(Image.new("RGB", size, "white"), None, ConfidentReader(0.0, box=(0, 0, 1, 1)))
    assert (reading.width, reading.height) == size
